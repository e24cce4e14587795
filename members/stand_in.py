"""Whom a query that is built once for many readers (core.built) is built for."""

import datetime as dt
from collections.abc import Hashable, Mapping
from typing import Any

from core.loaded import loaded
from members.models import Member

# Nobody has this number, and nobody came then.
READER = -(2**40) - 8191
JOINED_AT = dt.datetime(1911, 3, 5, 7, 11, 13, tzinfo=dt.UTC)
# What rules about who reads what depend on, beside who the reader is; it belongs to what is built.
RULES = ("is_moderator", "is_staff", "hidden_notes", "boundaries_mark")


def rules_of(reader: Member) -> Mapping[str, Hashable]:
    """By the names of RULES. Of the lines that somebody drew only that there are any: they are asked for by key."""
    return {
        "is_moderator": reader.is_moderator,
        "is_staff": reader.is_staff,
        "hidden_notes": tuple(sorted(reader.hidden_notes)),
        "boundaries_mark": int(bool(reader.boundaries_mark)),
    }


def stand_in(rules: Mapping[str, Hashable]) -> Member:
    """Somebody without anything but a number, a day and these rules: whoever asks for more looks for them in vain."""
    values: dict[str, Any] = {"id": READER, "joined_at": JOINED_AT}
    values |= {name: list(rule) if isinstance(rule, tuple) else rule for name, rule in rules.items()}
    return loaded(Member, list(values), values.values())
