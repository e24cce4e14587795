"""When the next digest is made, and how rare digests become for members who are away."""

import datetime as dt
import enum

from members.models import Member
from notifications.access.wishes import next_digest_at, zone_of
from notifications.models import Wishes


class Pace(enum.Enum):
    AS_CHOSEN = enum.auto()
    WEEKLY = enum.auto()
    MONTHLY = enum.auto()
    GOODBYE = enum.auto()


# Since the last visit. After a month once a week at most, after two more once in four weeks, after three more one that
# says that no more will come.
AWAY_WEEKLY, AWAY_MONTHLY, AWAY_GOODBYE = dt.timedelta(days=30), dt.timedelta(days=90), dt.timedelta(days=180)
# Half a day less than whole weeks: the next digest hour is then on the same day of the week, also when clocks change,
# and when this digest was made some hours late.
_PAUSES = {Pace.WEEKLY: dt.timedelta(days=6.5), Pace.MONTHLY: dt.timedelta(days=27.5)}


def pace_of(member: Member, now: dt.datetime) -> Pace:
    """How often `member` is written to, whatever they chose."""
    away = now.date() - member.last_here
    if away >= AWAY_GOODBYE:
        return Pace.GOODBYE
    if away >= AWAY_MONTHLY:
        return Pace.MONTHLY
    return Pace.WEEKLY if away >= AWAY_WEEKLY else Pace.AS_CHOSEN


def digest_after(member: Member, wishes: Wishes, now: dt.datetime) -> dt.datetime | None:
    """When the digest comes that follows one of `now`. None where none is wanted, and none after a goodbye."""
    if wishes.goodbye_at is not None:
        return None
    pause = _PAUSES.get(pace_of(member, now), dt.timedelta())
    return next_digest_at(member, wishes, now + pause)


def is_planned(member: Member, wishes: Wishes, at: dt.datetime) -> bool:
    """Whether `at` is still an hour that `member` would have chosen: not where they moved to another time zone since,
    or changed their wishes, or the zone changed its clocks."""
    return next_digest_at(member, wishes, at - dt.timedelta(seconds=1)) == at


def local_day(member: Member, at: dt.datetime) -> dt.date:
    return at.astimezone(zone_of(member)).date()
