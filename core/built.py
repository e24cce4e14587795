"""Queries that are built once and asked often, with other values.

To write a large query takes the ORM longer than PostgreSQL to answer it, and to plan it takes PostgreSQL longer than
to find the rows. Where the same one is asked for many people after each other, on hot pages or for digests, it is built
for blanks, which stand for the values that differ, and each connection prepares it once (core.prepared).
"""

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

from django.db import connections
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import QuerySet

from core import ahead
from core.prepared import Found

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
            sql, params = query.query.get_compiler(self._using).as_sql()
        places = [next((name for name, blank in blanks.items() if value == blank), "") for value in params]
        rest = [sql, *(value for name, value in zip(places, params, strict=True) if not name)]
        derived = any(_is_made_from(value, blank) for value in rest for blank in blanks.values())
        if always not in places or derived:
            raise ValueError("This query cannot be asked with other values than those that it was built with.")
        self._names = [name for name in places if name]
        self._sql = self._with_constants(sql, list(zip(places, params, strict=True)))

    def _with_constants(self, sql: str, params: list[tuple[str, Any]]) -> str:
        """What never differs stands in the words of the query, where partial indexes are found by it."""
        connection, following = connections[self._using], iter(params)
        connection.ensure_connection()

        def written(mark: re.Match[str]) -> str:
            if mark[0] == "%%":
                return "%%"
            name, value = next(following)
            return "%s" if name else str(mogrify("%s", [value], connection)).replace("%", "%%")

        return re.sub("%%|%s", written, sql)

    def rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """One query. Values as PostgreSQL gives them, in the order of the query's `values_list`; JSON is text."""
        return self.find(values).rows()

    def find(self, values: Mapping[str, Any]) -> Found:
        """The same, for whoever may know already what these rows lead to."""
        sql, asked = self.query(values)
        return ahead.ask(sql, asked, using=self._using)

    def query(self, values: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """The same to be asked with others, by core.prepared."""
        return self._sql, tuple(values[name] for name in self._names)


class BuiltByRules:
    """The same for each set of rules that shape a query: `build(**rules)` is built when its rules are first met.

    Rules are what the query's form depends on, such as whether its reader moderates. `kept` of them are kept.
    """

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], blanks: Mapping[str, Any], *, always: str, kept: int = 64
    ) -> None:
        self._build, self._blanks, self._always, self._kept = build, blanks, always, kept
        self._built: dict[Hashable, Built] = {}

    def rows(self, values: Mapping[str, Any], **rules: Hashable) -> list[tuple[Any, ...]]:
        return self.find(values, **rules).rows()

    def find(self, values: Mapping[str, Any], **rules: Hashable) -> Found:
        key = tuple(rules.items())
        built = self._built.get(key)
        if built is None:
            if len(self._built) >= self._kept:
                self._built.clear()
            built = Built(lambda: self._build(**rules), self._blanks, always=self._always)
            self._built[key] = built
        return built.find(values)


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
