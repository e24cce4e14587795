"""The clock on the wall: from a day and an hour somewhere to an instant, also when clocks are changed."""

import datetime as dt
import zoneinfo
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

_REGIONS = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip
# The machine's own setting, and what stands for none at all.
_NO_PLACES = {"localtime", "posixrules", "Factory"}


def instant(day: dt.date, at: dt.time, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The instant (UTC) when the clock in `zone` shows `at` on `day`.

    A time that is shown twice, because clocks go back, counts the first time. One that is never shown, because
    clocks go forward, counts as the first instant after the gap.
    """
    wall = dt.datetime.combine(day, at.replace(fold=0), zone)
    # With the offset from before a change, and with the one from after it (PEP 495).
    before, after = wall.astimezone(dt.UTC), wall.replace(fold=1).astimezone(dt.UTC)
    return before if before <= after else _change_between(after, before, zone)


def _change_between(start: dt.datetime, end: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    start = start.replace(microsecond=0)
    old = start.astimezone(zone).utcoffset()
    seconds = range(int((end - start).total_seconds()) + 1)

    def is_changed(second: int) -> bool:
        return (start + dt.timedelta(seconds=second)).astimezone(zone).utcoffset() != old

    return start + dt.timedelta(seconds=bisect_left(seconds, x=True, key=is_changed))


def exists(day: dt.date, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether the calendar of `zone` has this day: Samoa had no 30 December 2011."""
    return instant(day, dt.time.min, zone).astimezone(zone).date() == day


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time that a weekly clock strikes: on local day `day`, at the instant `at` (UTC)."""

    day: dt.date
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class WeeklyClock:
    """Strikes on some days of each week (numbered as `date.weekday` does) at one local time.

    Never on a day that does not exist in its zone.
    """

    weekdays: frozenset[int]
    at: dt.time
    zone: zoneinfo.ZoneInfo

    def latest(self, now: dt.datetime) -> Occasion | None:
        """The last time at or before `now`; None only when there is none in the two weeks before."""
        today = now.astimezone(self.zone).date()
        for days in range(15):
            occasion = self._on(today - dt.timedelta(days=days))
            if occasion and occasion.at <= now:
                return occasion
        return None

    def upcoming(self, now: dt.datetime, *, first_day: dt.date = dt.date.min) -> Iterator[Occasion]:
        """Each time after `now`, on no day before `first_day`, without end while there is a weekday."""
        # Where clocks jump over midnight, what belongs to yesterday may still lie ahead.
        day = max(now.astimezone(self.zone).date() - dt.timedelta(days=1), first_day)
        while self.weekdays:
            occasion = self._on(day)
            if occasion and occasion.at > now:
                yield occasion
            day += dt.timedelta(days=1)

    def _on(self, day: dt.date) -> Occasion | None:
        if day.weekday() not in self.weekdays or not exists(day, self.zone):
            return None
        return Occasion(day, instant(day, self.at, self.zone))


def zone_label(name: str) -> str:
    """How people call the clock of a zone: by its city, as in “New York”."""
    return name.rpartition("/")[2].replace("_", " ") if name.startswith(_REGIONS) else name


@cache
def zones() -> Sequence[tuple[str, Sequence[str]]]:
    """The names of all zones by region, those without one last. Reads the machine's list once."""
    names = sorted(zoneinfo.available_timezones() - _NO_PLACES)
    regions = [(region[:-1], [name for name in names if name.startswith(region)]) for region in _REGIONS]
    return [*regions, ("", [name for name in names if not name.startswith(_REGIONS)])]
