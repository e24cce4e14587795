"""The queries of digests, built once a minute for all readers to whom the same rules apply."""

import datetime as dt
from collections.abc import Callable, Hashable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.built import Built
from members.models import Member
from members.stand_in import JOINED_AT, READER, rules_of, stand_in

# Nothing happened then.
_BLANKS: dict[str, Any] = {
    "reader": READER,
    "joined_at": JOINED_AT,
    "since": dt.datetime(1913, 5, 7, 11, 13, 17, tzinfo=dt.UTC),
}

Build = Callable[..., QuerySet[Any, Any]]

_built: dict[Hashable, Built] = {}


def ask(build: Build, reader: Member, since: dt.datetime, **constants: Hashable) -> list[tuple[Any, ...]]:
    """The rows of `build(reader, since, **constants)`, a query with `values_list`. One query.

    Of the reader `build` can use the key, when they joined, and what members.stand_in.RULES names; anything else fails,
    and so does asking the database while it builds. What it reads of the clock may be a minute old.
    """
    minute = timezone.now().replace(second=0, microsecond=0)
    rules = rules_of(reader)
    key = (build, minute, tuple(rules.values()), tuple(sorted(constants.items())))
    if key not in _built:
        # Those of minutes that are over.
        for old in [old for old in _built if isinstance(old, tuple) and old[1] != minute]:
            _built.pop(old, None)
        somebody = stand_in(rules)
        _built[key] = Built(lambda: build(somebody, _BLANKS["since"], **constants), _BLANKS, always="reader")
    return _built[key].rows({"reader": reader.pk, "joined_at": reader.joined_at, "since": since})
