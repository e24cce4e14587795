"""What keeps a member from doing something now."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from members.models import Member
from moderation.models import Sanction, SanctionKind

# Kinds that keep somebody from posting.
CANNOT_POST = (SanctionKind.SILENCED, SanctionKind.SUSPENDED)


def standing_sanction(member: Member, now: dt.datetime | None = None) -> Sanction | None:
    """The sanction that keeps `member` from posting now, the longest first; None for almost everybody. One query."""
    running = Sanction.objects.filter(running_at(now or timezone.now()), member=member, kind__in=CANNOT_POST)
    return running.select_related("decision").order_by("-ends_at", "-id").first()


def is_held_first(member: Member) -> bool:
    """Whether a moderator reads what `member` writes before others do. One query."""
    held_first = Sanction.objects.filter(running_at(timezone.now()), member=member, kind=SanctionKind.HELD_FIRST)
    return held_first.exists()


def silenced_among(member_ids: Iterable[int]) -> set[int]:
    """Which of these members a sanction keeps from posting now. One query."""
    sanctions = Sanction.objects.filter(running_at(timezone.now()), member__in=member_ids, kind__in=CANNOT_POST)
    return set(sanctions.values_list("member_id", flat=True))


def running_at(now: dt.datetime) -> Q:
    return Q(lifted_at=None) & (Q(ends_at=None) | Q(ends_at__gt=now))
