"""The largest queries of moderation, built once in each process and asked for everybody."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.built import Built
from members.models import Member
from moderation.access.shifts import Clock, clock_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, when, and about what; of `member` only the key counts. What a query does not name stays as it is.

    `since`: a time that the query counts from. `subject`: the id of what is reported. `case`: a public id. `after`:
    where the page before ended. `newest`: the newest case that somebody has seen.
    """

    member: Member
    clock: Clock
    since: dt.datetime
    subject: int
    case: UUID
    after: tuple[Any, ...]
    newest: int

    @property
    def values(self) -> Mapping[str, Any]:
        priority, clock, key = self.after
        return {
            "member": self.member.pk,
            "now": self.clock.now,
            "signs_since": self.clock.signs_since,
            "begun_since": self.clock.begun_since,
            "midnight": self.clock.midnight,
            "since": self.since,
            "subject": self.subject,
            "case": self.case,
            "after_priority": priority,
            "after_clock": clock,
            "after_key": key,
            "newest": self.newest,
        }


def _long_ago(year: int) -> dt.datetime:
    return dt.datetime(year, 3, 5, 7, 11, 13, tzinfo=dt.UTC)


# Nobody has these keys, and nothing happened then.
STAND_IN = Asking(
    member=Member.from_db("default", ["id"], [-(2**40) - 131]),
    clock=Clock(_long_ago(1801), _long_ago(1804), _long_ago(1807), _long_ago(1810)),
    since=_long_ago(1816),
    subject=-(2**43) - 389,
    case=UUID("0b1a6c1e-0000-4000-8000-3f0d4b1c9a77"),
    after=(32_749, _long_ago(1813), -(2**41) - 977),
    newest=-(2**42) - 61,
)


def asking(
    member: Member,
    now: dt.datetime,
    *,
    since: dt.datetime | None = None,
    subject: int = 0,
    case: UUID | None = None,
    after: tuple[Any, ...] | None = None,
    newest: int = 0,
) -> Asking:
    return Asking(
        member=member,
        clock=clock_at(now),
        since=since or now,
        subject=subject,
        case=case or STAND_IN.case,
        after=after or STAND_IN.after,
        newest=newest,
    )


class Asked:
    """A query of one row with one value, JSON, as `build` makes it for STAND_IN. It names `always` what this says."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]], *, always: str) -> None:
        self._built = Built(build, STAND_IN.values, always=always)

    def found(self, asking: Asking) -> dict[str, Any] | None:
        """One query. None where there is no row."""
        rows = self._built.rows(asking.values)
        # As PostgreSQL says it: Django reads JSON itself, where it has built the query.
        return json.loads(rows[0][0]) if rows else None
