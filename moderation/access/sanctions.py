"""What keeps a member from doing something now."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from members.models import Member
from moderation.models import Sanction, SanctionKind

# Kinds that keep somebody from posting.
CANNOT_POST = (SanctionKind.SILENCED, SanctionKind.SUSPENDED)


def standing_sanction(member: Member, now: dt.datetime | None = None) -> Sanction | None:
    """The sanction that keeps `member` from posting now, the longest first; None for almost everybody. One query."""
    running = Sanction.objects.filter(running_at(now or timezone.now()), member=member, kind__in=CANNOT_POST)
    return running.select_related("decision").order_by("-ends_at", "-id").first()


def kept_from_posting(now: dt.datetime) -> ArraySubquery:
    """For an annotation of members: when the longest sanction that keeps them from posting ends, None for no end; and
    nothing for almost everybody."""
    running = Sanction.objects.filter(running_at(now), member=OuterRef("pk"), kind__in=CANNOT_POST)
    return ArraySubquery(running.order_by("-ends_at", "-id").values("ends_at")[:1])


def is_kept_from_posting(member: Member, now: dt.datetime) -> Exists:
    """The same of one member, for a condition in any query."""
    return Exists(Sanction.objects.filter(running_at(now), member=member, kind__in=CANNOT_POST))


def held_first(now: dt.datetime) -> Exists:
    """For an annotation of members: whether a moderator reads first what they write."""
    return Exists(Sanction.objects.filter(running_at(now), member=OuterRef("pk"), kind=SanctionKind.HELD_FIRST))


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
