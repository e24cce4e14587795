"""The largest queries of the desk, built once in each process and asked for every moderator."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.built import Built
from members.models import Member
from moderation.access.shifts import Clock, clock_at

# Nobody has these keys, and nothing happened then.
_MODERATOR, _CASE = -(2**40) - 131, UUID("0b1a6c1e-0000-4000-8000-3f0d4b1c9a77")
_CLOCK = Clock(*(dt.datetime(year, 3, 5, 7, 11, 13, tzinfo=dt.UTC) for year in (1801, 1804, 1807, 1810)))
_AFTER = (32_749, dt.datetime(1813, 3, 5, 7, 11, 13, tzinfo=dt.UTC), -(2**41) - 977)
_NEWEST = -(2**42) - 61


class Asked:
    """A query of one row with one value, JSON. `build` gets stand-ins for whoever asks, what they look at, and when."""

    def __init__(self, build: "Callable[[StandIns], QuerySet[Any, Any]]", *, always: str) -> None:
        blanks = {
            "moderator": _MODERATOR,
            "case": _CASE,
            "newest": _NEWEST,
            **_times(_CLOCK),
            **_after(_AFTER),
        }
        self._built = Built(lambda: build(StandIns()), blanks, always=always)

    def found(
        self,
        moderator: Member,
        now: dt.datetime,
        *,
        case: UUID | None = None,
        after: "tuple[Any, ...] | None" = None,
        newest: int = 0,
    ) -> dict[str, Any] | None:
        """One query. None where there is no row."""
        asked = {"moderator": moderator.pk, "case": case, "newest": newest}
        rows = self._built.rows({**asked, **_times(clock_at(now)), **_after(after or _AFTER)})
        # As PostgreSQL says it: Django reads JSON itself, where it has built the query.
        return json.loads(rows[0][0]) if rows else None


class StandIns:
    """For what differs from one time to the next. Of the moderator there is nothing but the key."""

    moderator = Member.from_db("default", ["id"], [_MODERATOR])
    case = _CASE
    clock = _CLOCK
    after = _AFTER
    newest = _NEWEST


def _times(clock: Clock) -> Mapping[str, dt.datetime]:
    return {
        "now": clock.now,
        "signs_since": clock.signs_since,
        "begun_since": clock.begun_since,
        "midnight": clock.midnight,
    }


def _after(values: tuple[Any, ...]) -> Mapping[str, Any]:
    priority, clock, key = values
    return {"after_priority": priority, "after_clock": clock, "after_key": key}
