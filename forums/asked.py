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
from forums.models import Viewer
from members.models import Member

# What a query can leave open. Nobody has these keys, nothing happened then, and nothing else in a query looks like it.
_BLANKS: Mapping[str, Any] = {
    "reader": -(2**40) - 8191,
    "joined_at": dt.datetime(1911, 3, 5, 7, 11, 13, tzinfo=dt.UTC),
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
}
# On which rules depend, and which therefore belong to what is built.
_RULES = ("is_moderator", "is_staff", "hidden_notes", "boundaries_mark")
# Rules differ by the notes that readers hide: most hide none.
_KEPT = 500

Build = Callable[..., QuerySet[Any, Any]]


def ask(build: Build, reader: Member, left_open: Mapping[str, Any], **constants: Hashable) -> list[tuple[Any, ...]]:
    """The rows of `build(reader, **left_open, **constants)`, a query with `values_list` that names the reader's key.

    One query. Of the reader `build` can use the key, when they joined, and what _RULES names; of `left_open` any of
    _BLANKS. Anything else fails, and so does reading the clock or asking the database while it builds.
    """
    rules = tuple(_rule(reader, name) for name in _RULES)
    built = _built(build, rules, tuple(left_open), tuple(constants.items()))
    return built.rows({"reader": reader.pk, "joined_at": reader.joined_at, **left_open})


def found(build: Build, viewer: Viewer, left_open: Mapping[str, Any], **constants: Hashable) -> list[tuple[Any, ...]]:
    """The same for whoever reads. Rules ask nothing of visitors and little of moderators, for whom it is built anew."""
    if isinstance(viewer, Member) and not viewer.is_moderator:
        return ask(build, viewer, left_open, **constants)
    return list(build(viewer, **left_open, **constants))


def _rule(reader: Member, name: str) -> Hashable:
    """Of the lines that somebody drew, only that there are any: the rows themselves are asked for by key."""
    value = getattr(reader, name)
    if name == "boundaries_mark":
        return int(bool(value))
    return tuple(sorted(value)) if isinstance(value, list) else value


@lru_cache(maxsize=_KEPT)
def _built(
    build: Build, rules: tuple[Hashable, ...], names: tuple[str, ...], constants: tuple[tuple[str, Hashable], ...]
) -> Built:
    stand_in = _anybody(rules)
    left_open = {name: _BLANKS[name] for name in names}
    blanks = {name: _BLANKS[name] for name in ("reader", "joined_at")} | left_open

    def written() -> QuerySet[Any, Any]:
        query = build(stand_in, **left_open, **dict(constants))
        _check_clock(query, blanks.values())
        return query

    return Built(written, blanks, always="reader")


def _check_clock(query: QuerySet[Any, Any], blanks: Collection[Any]) -> None:
    """Raises ValueError where a time would stand still that is not left open."""
    _sql, params = query.query.sql_with_params()
    if any(isinstance(value, dt.datetime) and value not in blanks for value in params):
        raise ValueError("This query reads the clock while it is built; what time it is has to be left open.")


def _anybody(rules: tuple[Hashable, ...]) -> Member:
    """Somebody without anything but what is named here: whoever asks for more looks for them in vain."""
    values: dict[str, Any] = {"id": _BLANKS["reader"], "joined_at": _BLANKS["joined_at"]}
    values |= {name: list(rule) if isinstance(rule, tuple) else rule for name, rule in zip(_RULES, rules, strict=True)}
    names = [field.attname for field in Member._meta.concrete_fields if field.attname in values]  # noqa: SLF001 - public by Django's word
    return Member.from_db("default", names, [values[name] for name in names])
