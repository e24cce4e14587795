"""Claiming a case and deciding it."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

import notifications.services
from members.models import Member
from moderation import access, registry
from moderation.access import CannotDecideError
from moderation.models import Case, Decision, Rule
from moderation.news import DECISION_ABOUT_YOU, REPORT_DECIDED
from moderation.services import audit

LEASE = dt.timedelta(minutes=30)


@transaction.atomic
def claim(*, moderator: Member, case: Case) -> bool:
    """Take the case for 30 minutes, or renew one's own lease. False when a colleague holds it or it is decided.

    One conditional UPDATE, so that of two who claim at once one wins.
    """
    now = timezone.now()
    free = Q(claimed_by=None) | Q(lease_until__lt=now) | Q(claimed_by=moderator)
    won = (
        Case.objects.filter(free, pk=case.pk, state=Case.State.OPEN)
        .exclude(author=moderator)
        .update(claimed_by=moderator, lease_until=now + LEASE)
    )
    if won:
        audit.record(actor=moderator, verb="claim", case=case.pk)
    return bool(won)


@transaction.atomic
def decide(
    *,
    moderator: Member,
    case: Case,
    version: int,
    action: str,
    reason: str,
    rule: Rule | None = None,
    private_note: str = "",
) -> Decision:
    """Do `action` to the subject, keep the statement of reasons, tell author and reporters.

    Locks the case row. `version` is the one that the moderator was looking at.

    Raises:
        CannotDecideError: somebody decided or something arrived meanwhile, a colleague holds the case,
            it is about the moderator, the subject is gone, or a restriction names no rule.
    """
    locked = Case.objects.select_for_update().get(pk=case.pk)
    access.check_can_decide(moderator, locked, version)
    subject_kind = registry.by_kind(locked.subject_kind)
    subject = subject_kind.get(locked.subject_id) if subject_kind else None
    actions = subject_kind.actions(subject) if subject_kind and subject else ()
    chosen = next((each for each in actions if each.key == action), None)
    if subject_kind is None or subject is None or chosen is None:
        raise CannotDecideError(_("What this case is about is no longer there. Nothing was changed."))
    if chosen.restricts and rule is None:
        raise CannotDecideError(_("A restriction needs the rule it rests on. Nothing was changed."))
    decision = Decision.objects.create(
        case=locked,
        decider=moderator,
        author=locked.author,
        action=action,
        rule=rule,
        statement=chosen.statement,
        reason=reason,
        private_note=private_note,
        snapshot=subject_kind.snapshot(subject),
        source=Decision.Source.REPORT if locked.flags.exists() else Decision.Source.AUTOMATION,
    )
    chosen.apply(subject, actor=moderator)
    Case.objects.filter(pk=locked.pk).update(
        state=Case.State.DECIDED,
        decided_at=timezone.now(),
        version=F("version") + 1,
        claimed_by=None,
        lease_until=None,
    )
    audit.record(actor=moderator, verb=f"decide:{action}", subject=subject, case=locked.pk, decision=decision.pk)
    if chosen.restricts:
        notifications.services.record(kind=DECISION_ABOUT_YOU, target_id=decision.pk, actor=moderator)
    notifications.services.record(kind=REPORT_DECIDED, target_id=decision.pk, actor=moderator)
    return decision
