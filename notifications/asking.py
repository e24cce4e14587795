"""The queries of digests, built once a minute for all readers to whom the same rules apply."""

import datetime as dt
from collections.abc import Callable, Hashable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.built import Built
from members.models import Member

# Nobody has this number, and nothing happened then.
_BLANKS: dict[str, Any] = {
    "reader": -(2**40) - 8191,
    "joined_at": dt.datetime(1911, 3, 5, 7, 11, 13, tzinfo=dt.UTC),
    "since": dt.datetime(1913, 5, 7, 11, 13, 17, tzinfo=dt.UTC),
}
# On which rules depend, and which therefore belong to what is built.
_RULES = ("is_moderator", "is_staff", "hidden_notes", "boundaries_mark")

Build = Callable[..., QuerySet[Any, Any]]

_built: dict[Hashable, Built] = {}


def ask(build: Build, reader: Member, since: dt.datetime, **constants: Hashable) -> list[tuple[Any, ...]]:
    """The rows of `build(reader, since, **constants)`, a query with `values_list`. One query.

    Of the reader `build` can use the key, when they joined, and what _RULES names; anything else fails, and so does
    asking the database while it builds. What it reads of the clock may be a minute old.
    """
    minute = timezone.now().replace(second=0, microsecond=0)
    rules = tuple(_fixed(_rule(reader, name)) for name in _RULES)
    key = (build, minute, rules, tuple(sorted(constants.items())))
    if key not in _built:
        # Those of minutes that are over.
        for old in [old for old in _built if isinstance(old, tuple) and old[1] != minute]:
            _built.pop(old, None)
        stand_in = _anybody_like(reader)
        _built[key] = Built(lambda: build(stand_in, _BLANKS["since"], **constants), _BLANKS, always="reader")
    return _built[key].rows({"reader": reader.pk, "joined_at": reader.joined_at, "since": since})


def _rule(reader: Member, name: str) -> Any:
    """Of the lines that somebody drew, only that there are any: the rows themselves are asked for by key."""
    value = getattr(reader, name)
    return int(bool(value)) if name == "boundaries_mark" else value


def _fixed(value: Any) -> Hashable:
    return tuple(sorted(value)) if isinstance(value, list) else value


def _anybody_like(reader: Member) -> Member:
    """Somebody without anything but what is named here: whoever asks for more looks for them in vain."""
    values = {"id": _BLANKS["reader"], "joined_at": _BLANKS["joined_at"]}
    values |= {name: _rule(reader, name) for name in _RULES}
    names = [field.attname for field in Member._meta.concrete_fields if field.attname in values]  # noqa: SLF001 - public by Django's word
    return Member.from_db("default", names, [values[name] for name in names])
