"""How long ago something was, in words, which are the same for everybody and for a minute."""

import datetime as dt
import functools

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import get_language


def time_ago(moment: dt.datetime) -> str:
    """“3 hours ago”."""
    return _ago(moment, _minute(), get_language())


def time_waited(moment: dt.datetime) -> str:
    """“3 hours”."""
    return _waited(moment, _minute(), get_language())


def _minute() -> int:
    return int(timezone.now().timestamp()) // 60


@functools.lru_cache(maxsize=4096)
def _ago(moment: dt.datetime, _minute: int, _language: str | None) -> str:
    return str(naturaltime(moment))


@functools.lru_cache(maxsize=4096)
def _waited(moment: dt.datetime, _minute: int, _language: str | None) -> str:
    return timesince(moment, depth=1)
