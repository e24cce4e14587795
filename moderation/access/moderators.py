"""Who moderates now: with the role, with an account that is open, and not suspended."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from members.models import Member


def moderates_now(member: Member) -> bool:
    """No query: a suspension stands on the member's row."""
    is_suspended = member.suspended_until is not None and member.suspended_until > timezone.now()
    return member.is_moderator and member.is_active and not is_suspended


def moderating_at(now: dt.datetime, prefix: str = "") -> Q:
    """The same, for members or what leads to one by `prefix`."""
    here = Q(**{f"{prefix}suspended_until": None}) | Q(**{f"{prefix}suspended_until__lte": now})
    return here & Q(**{f"{prefix}is_moderator": True, f"{prefix}is_active": True})
