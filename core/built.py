"""Queries that are built once and asked often, with other values.

To write a large query takes the ORM longer than PostgreSQL to answer it. Where the same one is asked for many people
after each other, as for digests, it is built for blanks, which stand for the values that differ.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

from django.db import connections
from django.db.models import QuerySet

# Blanks that are times lie so far from all others that whatever is so close to one was made from it.
_CLOSE = dt.timedelta(days=366)


class Built:
    """The query that `build` makes, with the places where it names one of `blanks`, by what they stand for.

    Blanks are values of the right type that stand nowhere else, and times of which are years from any other. Whatever
    else the query was built from, and what the code that built it decided, stays as it was then. So that it decides
    nothing by what the database knows of a blank, it can ask nothing.

    Raises:
        ValueError: a blank went where no value can be put in later, or the query does not name a blank of `always`.
        RuntimeError: something was asked of the database.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]], blanks: Mapping[str, Any], *, always: str) -> None:
        with _asking_nothing():
            query = build()
            self._using = query.db
            self._sql, params = query.query.get_compiler(self._using).as_sql()
        self._params = [*params]
        self._places = {
            place: name for place, value in enumerate(self._params) for name, blank in blanks.items() if value == blank
        }
        rest = [self._sql, *(value for place, value in enumerate(self._params) if place not in self._places)]
        derived = any(_is_made_from(value, blank) for value in rest for blank in blanks.values())
        if always not in self._places.values() or derived:
            raise ValueError("This query cannot be asked with other values than those that it was built with.")

    def rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """One query. Values as PostgreSQL gives them, in the order of the query's `values_list`."""
        params = [*self._params]
        for place, name in self._places.items():
            params[place] = values[name]
        with connections[self._using].cursor() as cursor:
            cursor.execute(self._sql, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _is_made_from(value: Any, blank: Any) -> bool:
    """Words or a list with `blank` in them, the day of a time, an hour before it."""
    if isinstance(blank, dt.datetime) and isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return abs(day - blank.date()) < _CLOSE
    return str(blank) in str(value) or repr(blank) in repr(value)


@contextmanager
def _asking_nothing() -> Iterator[None]:
    with ExitStack() as refusing:
        for connection in connections.all():
            refusing.enter_context(connection.execute_wrapper(_refuse))
        yield


def _refuse(*_query: Any) -> NoReturn:
    """What the database would say of a blank would count for everybody."""
    raise RuntimeError("A query that is built for many may ask the database nothing while it is built.")
