"""Queries that are built once and asked often, with other values.

To write a large query takes the ORM longer than PostgreSQL to answer it, and to plan it takes PostgreSQL longer than
to find the rows. Where the same one is asked for many people after each other, on hot pages or for digests, it is built
for blanks, which stand for the values that differ, and each connection prepares it once (OPTIONS["prepare_threshold"]
of None in the settings leaves that out, for a pooler that cannot keep statements).
"""

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

import psycopg
from django.db import connections
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import QuerySet
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.numeric import Int8

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
        connection = connections[self._using]
        connection.ensure_connection()
        plain: Any = _cursor_of(connection.connection)
        # A query that is logged is to be read, and asked again, with its values in it.
        cursor = connection.cursor() if connection.queries_logged else connection.make_cursor(plain)
        cursor.execute(self._sql, [_of_one_type(values[name]) for name in self._names])
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


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
        key = tuple(rules.items())
        built = self._built.get(key)
        if built is None:
            if len(self._built) >= self._kept:
                self._built.clear()
            built = Built(lambda: self._build(**rules), self._blanks, always=self._always)
            self._built[key] = built
        return built.rows(values)


class _Prepared(psycopg.Cursor[Any]):
    """Values travel beside the query, so that it is the same one each time."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "_Prepared":
        super().execute(query, params, prepare=True)
        return self


def _cursor_of(connection: psycopg.Connection[Any]) -> _Prepared:
    """One for each connection, which knows by now how to read what its queries give. Nothing is ever left in it."""
    kept: _Prepared | None = connection.__dict__.get("prepared_cursor")
    if kept is None:
        kept = connection.__dict__["prepared_cursor"] = _Prepared(connection)
        # psycopg's own, in place of Django's, which is written in Python. Both give times in UTC.
        kept.adapters.register_loader("timestamptz", TimestamptzLoader)
    return kept


def _of_one_type(value: Any) -> Any:
    """Small numbers would make another statement than large ones."""
    if isinstance(value, list):
        return [_of_one_type(one) for one in value]
    return Int8(value) if isinstance(value, int) and not isinstance(value, bool) else value


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
