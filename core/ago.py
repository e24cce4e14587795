"""How long ago something was, in words, which say nothing new until another minute, hour or day is full.

Minutes count within the first hour, hours within the first week, days from then on, each from the moment itself. So the
words are the same for everybody who asks before the next one is full, and many moments share them.
"""

import datetime as dt
import functools
from dataclasses import dataclass, field

from django.contrib.humanize.templatetags.humanize import NaturalTimeFormatter, naturaltime
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import get_language

_NOTHING, _MINUTE, _HOUR, _DAY = dt.timedelta(), dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
_WEEK = 7 * _DAY
# Before any month is over, so that the calendar says nothing.
_SHORTEST_MONTH = 28 * _DAY
_SOME_DAY = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """When it is asked, and in which language; once for many moments."""

    now: dt.datetime = field(default_factory=timezone.now)
    language: str | None = field(default_factory=get_language)

    def ago(self, moment: dt.datetime) -> str:
        """“3 hours ago”."""
        return _ago(*_full(moment, self.now), self.language)

    def waited(self, moment: dt.datetime) -> str:
        """“3 hours”."""
        return _waited(*_full(moment, self.now), self.language)


def time_ago(moment: dt.datetime) -> str:
    """“3 hours ago”."""
    return Asked().ago(moment)


def words_last(moment: dt.datetime, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """From when and until when the same is said of `moment` as now."""
    full = _whole_steps(now - moment)
    return min(moment + full, now), moment + full + _step(full)


def _full(moment: dt.datetime, now: dt.datetime) -> tuple[dt.datetime, dt.timedelta]:
    """The time since `moment` in whole steps, and the day from which the calendar counts them in months."""
    full = _whole_steps(now - moment)
    if full < _SHORTEST_MONTH:
        return _SOME_DAY, full
    return moment.replace(hour=0, minute=0, second=0, microsecond=0), full


def _whole_steps(passed: dt.timedelta) -> dt.timedelta:
    if passed <= _NOTHING:
        return _NOTHING
    return passed - passed % _step(passed)


def _step(passed: dt.timedelta) -> dt.timedelta:
    return _MINUTE if passed < _HOUR else _HOUR if passed < _WEEK else _DAY


@functools.lru_cache(maxsize=1024)
def _ago(day: dt.datetime, full: dt.timedelta, _language: str | None) -> str:
    if full < _DAY:
        return str(naturaltime(dt.datetime.now(dt.UTC) - full))
    delta = timesince(day, day + full, time_strings=NaturalTimeFormatter.past_substrings)
    return str(NaturalTimeFormatter.time_strings["past-day"] % {"delta": delta})


@functools.lru_cache(maxsize=1024)
def _waited(day: dt.datetime, full: dt.timedelta, _language: str | None) -> str:
    return timesince(day, day + full, depth=1)
