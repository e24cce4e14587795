"""When a line is open: rows of weekdays with an opening and a closing time, in the time zone of the line.

Written by people as “Mon-Thu 13:00-17:00; Fri 8:30-12:30”, or as “always”. No row says that only words are known.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ALWAYS = "always"
WEEK = 7
_ROW = re.compile(r"(?P<days>[A-Za-z ,-]+?)\s+(?P<opens>\d{1,2}:\d{2})\s*[-–]\s*(?P<closes>\d{1,2}:\d{2})")


@dataclass(frozen=True)
class Row:
    """`days`: 0 is Monday. What closes no later than it opens closes on the day after."""

    days: tuple[int, ...]
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True)
class Opening:
    always: bool = False
    rows: tuple[Row, ...] = ()

    def __bool__(self) -> bool:
        return self.always or bool(self.rows)

    def __str__(self) -> str:
        if self.always:
            return ALWAYS
        return "; ".join(f"{_days(row.days)} {row.opens:%H:%M}-{row.closes:%H:%M}" for row in self.rows)

    def until(self, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
        """When it closes, where it is open at `now`, and closes at all."""
        ends = [end for start, end in self._spans(now, zone) if start <= now < end]
        return max(ends, default=None)

    def next(self, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
        """When it opens, where it is closed at `now`."""
        return min((start for start, _end in self._spans(now, zone) if start > now), default=None)

    def _spans(self, now: dt.datetime, zone: ZoneInfo) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Beginning and end, in UTC, of those from yesterday until this day in a week."""
        today = now.astimezone(zone).date()
        for day in (today + dt.timedelta(days=ahead) for ahead in range(-1, WEEK + 1)):
            for row in self.rows:
                if day.weekday() in row.days:
                    last = day if row.closes > row.opens else day + dt.timedelta(days=1)
                    yield _instant(day, row.opens, zone), _instant(last, row.closes, zone)

    def as_json(self) -> dict[str, Any]:
        if self.always:
            return {"always": True}
        rows = [
            {"days": list(row.days), "opens": f"{row.opens:%H:%M}", "closes": f"{row.closes:%H:%M}"}
            for row in self.rows
        ]
        return {"rows": rows} if rows else {}


UNKNOWN = Opening()


def from_json(kept: Mapping[str, Any]) -> Opening:
    rows = [Row(tuple(row["days"]), _time(row["opens"]), _time(row["closes"])) for row in kept.get("rows", ())]
    return Opening(always=bool(kept.get("always")), rows=tuple(rows))


@lru_cache(maxsize=256)
def parse(text: str) -> Opening:
    """What somebody wrote.

    Raises:
        ValueError: it cannot be understood; says which part, and how it is written.
    """
    text = text.strip()
    if text.lower() == ALWAYS:
        return Opening(always=True)
    parts = [part.strip() for part in re.split(r"[;\n]", text)]
    return Opening(rows=tuple(_row(part) for part in parts if part))


def zone(name: str) -> ZoneInfo:
    """The time zone `name`, or UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):
        return ZoneInfo("UTC")


def in_words(opening: Opening, zone_name: str, now: dt.datetime | None = None) -> str:
    """Whether it is open now, until when, or when it opens; "" where that is not known. Times are the line's own."""
    if opening.always:
        return _("Open now.")
    now, place = now or dt.datetime.now(dt.UTC), zone(zone_name)
    if until := opening.until(now, place):
        return _("Open now, until %(time)s, %(city)s time.") % _said(until, zone_name, place)
    opens = opening.next(now, place)
    if opens is None:
        return ""
    said = _said(opens, zone_name, place)
    match (opens.astimezone(place).date() - now.astimezone(place).date()).days:
        case 0:
            return _("Closed now. Opens today at %(time)s, %(city)s time.") % said
        case 1:
            return _("Closed now. Opens tomorrow at %(time)s, %(city)s time.") % said
        case _days:
            return _("Closed now. Opens on %(day)s at %(time)s, %(city)s time.") % said


def _said(moment: dt.datetime, zone_name: str, place: ZoneInfo) -> dict[str, str]:
    local = moment.astimezone(place)
    return {
        "time": time_format(local.time(), "H:i"),
        "day": date_format(local.date(), "l"),
        "city": zone_name.rpartition("/")[2].replace("_", " "),
    }


def _row(text: str) -> Row:
    found = _ROW.fullmatch(text)
    if not found:
        raise ValueError(_("“%(text)s” is not written like “Mon-Fri 9:00-17:00”, or “always”.") % {"text": text})
    return Row(_weekdays(found["days"]), _time(found["opens"]), _time(found["closes"]))


def _weekdays(text: str) -> tuple[int, ...]:
    days: set[int] = set()
    for part in text.split(","):
        first, _dash, last = (name.strip() for name in part.partition("-"))
        begin, end = _weekday(first), _weekday(last or first)
        days |= {day % WEEK for day in range(begin, end + 1 if end >= begin else end + WEEK + 1)}
    return tuple(sorted(days))


def _weekday(name: str) -> int:
    try:
        return DAYS.index(name[:3].title())
    except ValueError:
        raise ValueError(
            _("“%(name)s” is no day. The days are Mon, Tue, Wed, Thu, Fri, Sat, Sun.") % {"name": name}
        ) from None


def _time(text: str) -> dt.time:
    hour, minute = (int(part) for part in text.split(":"))
    try:
        return dt.time(0 if (hour, minute) == (24, 0) else hour, minute)
    except ValueError:
        raise ValueError(_("“%(text)s” is no time of the day.") % {"text": text}) from None


def _instant(day: dt.date, time: dt.time, place: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, time, place).astimezone(dt.UTC)


def _days(days: Sequence[int]) -> str:
    """0, 1, 2, 4 → “Mon-Wed, Fri”."""
    runs = [[day for _i, day in run] for _k, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0])]
    return ", ".join(DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs)
