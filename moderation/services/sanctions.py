"""Limits on one member. Only a person sets one; each ends by itself."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications.services
from members.models import Member
from moderation.access.moderators import moderates_now
from moderation.access.sanctions import running_at
from moderation.models import Decision, Sanction, SanctionKind
from moderation.news_appeals import SANCTION_LIFTED
from moderation.services import audit

# For how long an indefinite suspension is written on the member's row.
WITHOUT_END = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
# For the statement of reasons.
SENTENCES = {
    SanctionKind.HELD_FIRST: _("A moderator reads what you write before others do."),
    SanctionKind.SILENCED: _("You can read and react, and not write."),
    SanctionKind.SUSPENDED: _("Your account is suspended. Help and your appeal stay open to you."),
    SanctionKind.NO_FLAGS: _("You cannot report things for now."),
}


def impose(*, actor: Member, decision: Decision, kind: SanctionKind, hours: int | None) -> Sanction:
    """Limit the author of what `decision` is about until it says, at most for `hours`. In the caller's transaction.

    Raises:
        PermissionDenied: nobody limits themselves.
    """
    if actor.pk == decision.author_id:
        raise PermissionDenied
    member = _lock(decision.author_id)
    sanction = Sanction.objects.create(
        member=member, kind=kind, reason=decision.reason, decision=decision, ends_at=decision.ends_at
    )
    remember_suspension(member)
    audit.record(actor=actor, verb="sanction", sanction=sanction.pk, kind=kind, hours=hours, decision=decision.pk)
    return sanction


@transaction.atomic
def lift(*, actor: Member, sanction: Sanction, reason: str) -> bool:
    """End `sanction` early. Says whether it was still running. Tells the member; locks it and the member's row.

    Raises:
        PermissionDenied: `actor` does not moderate, or it is their own.
    """
    if not _end(actor, sanction, reason):
        return False
    notifications.services.record(kind=SANCTION_LIFTED, target_id=sanction.pk, actor=actor)
    return True


def lift_all(*, actor: Member, decision: Decision) -> bool:
    """End what still runs because of `decision`, which is being replaced: the news of that tells it. In the caller's
    transaction. Says whether anything ran."""
    running = Sanction.objects.filter(running_at(timezone.now()), decision=decision).order_by("pk")
    return sum(_end(actor, sanction, "") for sanction in running) > 0


def _end(actor: Member, sanction: Sanction, reason: str) -> bool:
    if not moderates_now(actor) or actor.pk == sanction.member_id:
        raise PermissionDenied
    now = timezone.now()
    running = Sanction.objects.filter(running_at(now), pk=sanction.pk)
    if not running.update(lifted_at=now, lifted_by=actor, lifted_because=reason):
        return False
    remember_suspension(_lock(sanction.member_id))
    audit.record(actor=actor, verb="lift-sanction", sanction=sanction.pk, decision=sanction.decision_id, reason=reason)
    return True


def _lock(member_id: int) -> Member:
    return Member.objects.select_for_update(no_key=True).get(pk=member_id)


def remember_suspension(member: Member) -> None:
    """Write on the member's row until when they are suspended, where every request reads it. The caller locked it."""
    running = Sanction.objects.filter(running_at(timezone.now()), member=member, kind=SanctionKind.SUSPENDED)
    ends = [ends_at or WITHOUT_END for ends_at in running.values_list("ends_at", flat=True)]
    Member.objects.filter(pk=member.pk).update(suspended_until=max(ends, default=None))
