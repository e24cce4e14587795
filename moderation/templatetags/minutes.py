"""No clock says “0 minutes”."""

import datetime as dt

from django import template
from django.utils import timezone

register = template.Library()
MINUTE = dt.timedelta(minutes=1)


@register.filter
def a_minute_ago(at: dt.datetime) -> dt.datetime:
    """`at`, or what was a minute ago where that is earlier: `timesince` then begins with one minute."""
    return min(at, timezone.now() - MINUTE)


@register.filter
def in_a_minute(at: dt.datetime) -> dt.datetime:
    """`at`, or what is in a minute where that is later: `timeuntil` then ends with one minute."""
    # A second more, which passes until it is read.
    return max(at, timezone.now() + MINUTE + dt.timedelta(seconds=1))
