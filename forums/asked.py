"""Queries that are written once for all readers to whom the same rules apply, and asked with what is one reader's own.

docs/decisions/queries-built-once.md says why, and what keeps it honest.
"""

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.built import Built
from core.prepared import Found, Query
from forums.models import Viewer
from members.models import Member
from members.stand_in import JOINED_AT, READER, rules_of, stand_in

# What a query can leave open. Nobody has these keys, nothing happened then, and nothing else in a query looks like it.
_BLANKS: Mapping[str, Any] = {
    "reader": READER,
    "joined_at": JOINED_AT,
    "now": dt.datetime(1913, 5, 7, 11, 13, 17, tzinfo=dt.UTC),
    "since": dt.datetime(1915, 7, 11, 13, 17, 19, tzinfo=dt.UTC),
    "at": dt.datetime(1917, 11, 13, 17, 19, 23, tzinfo=dt.UTC),
    "key": -(2**40) - 7001,
    "board": -(2**40) - 6007,
    "thread": -(2**40) - 5003,
    "besides": -(2**40) - 4001,
    "shortest": 1_733_000_037,
    "longest": 1_733_000_059,
    "submission": UUID("8f1d4c52-0b77-4e0a-9a35-6d7c1e2b9f04"),
    "ids": [-(2**40) - 3001],
    "posts": [-(2**40) - 2003],
    "threads": [-(2**40) - 1009],
    "reactions": [-(2**40) - 127],
}
# Rules differ by the notes that readers hide: most hide none.
_KEPT = 500

Build = Callable[..., QuerySet[Any, Any]]


def ask(build: Build, reader: Member, left_open: Mapping[str, Any], **constants: Hashable) -> list[tuple[Any, ...]]:
    """The rows of `build(reader, **left_open, **constants)`, a query with `values_list` that names the reader's key.

    One query. Of the reader `build` can use the key, when they joined, and what members.stand_in.RULES names; of
    `left_open` any of _BLANKS. Anything else fails, and so does reading the clock or asking the database meanwhile.
    """
    return find(build, reader, left_open, **constants).rows()


def find(build: Build, reader: Member, left_open: Mapping[str, Any], **constants: Hashable) -> Found:
    """The same, for whoever may know already what these rows lead to."""
    built = _built(build, tuple(rules_of(reader).items()), tuple(left_open), tuple(constants.items()))
    return built.find(_values(reader, left_open))


def query(build: Build, reader: Member, left_open: Mapping[str, Any], **constants: Hashable) -> Query:
    """The same to be asked with others, by core.prepared."""
    built = _built(build, tuple(rules_of(reader).items()), tuple(left_open), tuple(constants.items()))
    return built.query(_values(reader, left_open))


def _values(reader: Member, left_open: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"reader": reader.pk, "joined_at": reader.joined_at, **left_open}


def found(build: Build, viewer: Viewer, left_open: Mapping[str, Any], **constants: Hashable) -> list[tuple[Any, ...]]:
    """The same for whoever reads. Rules ask nothing of visitors and little of moderators, for whom it is built anew."""
    if isinstance(viewer, Member) and not viewer.is_moderator:
        return ask(build, viewer, left_open, **constants)
    return list(build(viewer, **left_open, **constants))


@lru_cache(maxsize=_KEPT)
def _built(
    build: Build,
    rules: tuple[tuple[str, Hashable], ...],
    names: tuple[str, ...],
    constants: tuple[tuple[str, Hashable], ...],
) -> Built:
    somebody = stand_in(dict(rules))
    left_open = {name: _BLANKS[name] for name in names}
    blanks = {name: _BLANKS[name] for name in ("reader", "joined_at")} | left_open

    def written() -> QuerySet[Any, Any]:
        query = build(somebody, **left_open, **dict(constants))
        _check_clock(query, blanks.values())
        return query

    return Built(written, blanks, always="reader")


def _check_clock(query: QuerySet[Any, Any], blanks: Collection[Any]) -> None:
    """Raises ValueError where a time would stand still that is not left open."""
    _sql, params = query.query.sql_with_params()
    if any(isinstance(value, dt.datetime) and value not in blanks for value in params):
        raise ValueError("This query reads the clock while it is built; what time it is has to be left open.")
