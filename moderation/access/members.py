"""What moderators may know of a member as a whole. Nothing here ties a name to what was written behind a disguise."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet
from django.db.models.functions import JSONArray
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Block, Member
from moderation import registry
from moderation.models import Case, Decision

PROFILE = "profile"
# Who was blocked by so many different members within this time is shown to moderators, at most so many of them.
BLOCKED_BY, BLOCKED_WITHIN, MUCH_BLOCKED_SHOWN = 3, dt.timedelta(days=90), 50
MANY = 10
_DECISIONS_LOOKED_AT = 50


def restrictions_in_words(member: Member, read: Sequence[Sequence[Any]] | None = None) -> str:
    """How often something of theirs was restricted, as far as moderators know that it was theirs.

    One query; none where `restrictions_column` was `read` along.
    """
    if read is None:
        read = [row["about"] for row in _restrictions(Decision.objects.filter(author=member))]
    named = (registry.named(kind_name, naming) for kind_name, naming in read)
    # Of what is gone nobody can tell which name its author had there.
    return _times(sum(name is not None and name.alias is None for name in named))


def restrictions_column() -> ArraySubquery:
    """In a query about cases: those of the author."""
    return ArraySubquery(_restrictions(Decision.objects.filter(author=OuterRef("author_id"))))


def _restrictions(decisions: QuerySet[Decision]) -> "QuerySet[Decision, Any]":
    about = JSONArray("case__subject_kind", registry.naming("case__"))
    return decisions.exclude(statement="").order_by("-id").values(about=about)[:_DECISIONS_LOOKED_AT]


def _times(number: int) -> str:
    match number:
        case 0:
            return _("Nothing of theirs was restricted before.")
        case 1:
            return _("Something of theirs was restricted once before.")
        case 2:
            return _("Something of theirs was restricted twice before.")
        case 3 | 4 | 5:
            return _("Something of theirs was restricted a few times before.")
        case _:
            return _("Something of theirs was restricted many times before.")


@dataclass(frozen=True, slots=True)
class MuchBlocked:
    """`case`: the public id of an open case about them; `looked_at`: when one was last decided."""

    public_id: UUID
    name: str
    joined_at: dt.datetime
    how_many: str
    case: UUID | None
    looked_at: dt.datetime | None


def much_blocked(moderator: Member) -> Sequence[MuchBlocked]:
    """Whom several members blocked lately, the most blocked first. Never the moderator. Three queries, bounded rows."""
    since = timezone.now() - BLOCKED_WITHIN
    blocks = Block.objects.filter(created_at__gte=since, blocked__is_active=True).exclude(blocked=moderator)
    blocked = blocks.values("blocked").annotate(by=Count("blocker")).filter(by__gte=BLOCKED_BY)
    rows = dict(blocked.order_by("-by", "blocked").values_list("blocked", "by")[:MUCH_BLOCKED_SHOWN])
    members = Member.objects.in_bulk(rows)
    opened, looked_at = _cases_about(rows)
    return [
        MuchBlocked(
            public_id=members[pk].public_id,
            name=members[pk].shown_name,
            joined_at=members[pk].joined_at,
            how_many=_how_many(by),
            case=opened.get(pk),
            looked_at=looked_at.get(pk),
        )
        for pk, by in rows.items()
    ]


def _cases_about(member_ids: "dict[int, int]") -> tuple[dict[int, UUID], dict[int, dt.datetime]]:
    cases = Case.objects.filter(subject_kind=PROFILE, subject_id__in=list(member_ids)).order_by("id")
    opened: dict[int, UUID] = {}
    looked_at: dict[int, dt.datetime] = {}
    for pk, public_id, decided_at in cases.values_list("subject_id", "public_id", "decided_at"):
        if decided_at is None:
            opened[pk] = public_id
        else:
            looked_at[pk] = decided_at
    return opened, looked_at


def _how_many(by: int) -> str:
    if by >= MANY:
        return _("Many members have blocked them lately.")
    if by > BLOCKED_BY + 1:
        return _("Several members have blocked them lately.")
    return _("A few members have blocked them lately.")


def get_member_to_look_into(moderator: Member, public_id: UUID) -> Member:
    """Raises Http404, also for oneself and for somebody whom few have blocked."""
    row = next((row for row in much_blocked(moderator) if row.public_id == public_id), None)
    if row is None:
        raise Http404
    return Member.objects.get(public_id=public_id)
