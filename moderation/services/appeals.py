"""Asking for another look at a decision, and somebody else's answer."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import notifications.services
from members.models import Member
from moderation import access, registry
from moderation.access import CannotAppealError, CannotDecideError, CannotJudgeError
from moderation.models import Appeal, Case, Decision, PendingDecision, Rule, SanctionKind
from moderation.news import REPORT_CHANGED
from moderation.news_appeals import APPEAL_AGAINST_YOURS, APPEAL_JUDGED, APPEAL_MADE
from moderation.services import audit, decisions, effects, sanctions
from moderation.services.cases import words_changed

# By when it is judged.
DUE = dt.timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What is decided instead, where an appeal changes a decision."""

    action: str
    rule: Rule | None
    reason: str
    options: Mapping[str, Any] = field(default_factory=dict)
    sanction: SanctionKind | None = None
    sanction_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of an appeal. `undone`: whether nothing is left of what the first decision did to what it was about;
    False where that has changed since, so that it was left as it is."""

    appeal: Appeal
    undone: bool = True


@transaction.atomic
def appeal(*, author: Member, decision: Decision, text: str) -> Appeal:
    """Ask that somebody else looks at `decision`. Once a decision.

    The log says that it was asked and not by whom: it must not name the author of an anonymous thread.

    Raises:
        CannotAppealError: it was appealed against before, or its time is over.
    """
    access.check_can_appeal(author, decision)
    try:
        with transaction.atomic():
            made = Appeal.objects.create(
                decision=decision,
                author=author,
                decider_id=decision.decider_id,
                text=text,
                due_at=timezone.now() + DUE,
            )
    except IntegrityError as error:
        raise CannotAppealError(_("You asked for another look already. There is one for each decision.")) from error
    audit.record(actor=None, verb="appeal", case=decision.case_id, decision=decision.pk, appeal=made.pk)
    notifications.services.record(kind=APPEAL_MADE, target_id=made.pk)
    return made


@transaction.atomic
def judge(
    *, moderator: Member, appeal: Appeal, outcome: Appeal.State, answer: str, instead: Ruling | None = None
) -> Judged:
    """Uphold the decision, take it back, or put another one (`instead`) in its place. At once, for good.

    In one transaction the subject and the sanctions are as the outcome says, a `Decision` that replaces the first
    one is written, and author, first decider and, where something changed, reporters are told. Locks the case,
    then the appeal: of two judges one wins.

    Raises:
        PermissionDenied: `moderator` made the decision or one that it replaced, it is about them, or they reported
            what it is about and somebody else could judge.
        CannotJudgeError: a colleague has judged it meanwhile, or what was decided instead cannot be done or is
            harsher.
    """
    if not access.judges_of(appeal).filter(pk=moderator.pk).exists():
        raise PermissionDenied
    case = Case.objects.select_for_update(of=("self",)).get(decisions=appeal.decision_id)
    locked = Appeal.objects.select_for_update().get(pk=appeal.pk)
    if locked.state != Appeal.State.OPEN:
        raise CannotJudgeError(_("A colleague has judged this appeal meanwhile. Your answer was not sent."))
    made, undone = _replaced(case, locked, moderator, outcome=outcome, answer=answer, instead=instead)
    locked.state, locked.judge, locked.judged_at = outcome, moderator, timezone.now()
    locked.answer, locked.outcome = answer, made
    locked.save(update_fields=["state", "judge", "judged_at", "answer", "outcome"])
    about = {"case": case.pk, "decision": locked.decision_id, "appeal": locked.pk}
    left = {} if undone else {"undone": False}
    audit.record(actor=moderator, verb=f"appeal:{outcome}", subject=None, **about, **left)
    _tell(locked, made, moderator)
    return Judged(locked, undone)


def _replaced(
    case: Case, appeal: Appeal, judge: Member, *, outcome: Appeal.State, answer: str, instead: Ruling | None
) -> tuple[Decision | None, bool]:
    """The decision that stands in the place of the first one, None where that is upheld; and what `Judged` says."""
    if outcome == Appeal.State.UPHELD:
        return None, True
    first = Decision.objects.select_related("case__author").get(pk=appeal.decision_id)
    if (subject := access.subject_of(case)) is not None:
        # Whoever is about to decide about it again looks at what it is now.
        words_changed(subject=subject)
    if outcome == Appeal.State.WITHDRAWN:
        undone = effects.revert(first, actor=judge)
        return _taken_back(first, judge, answer), undone
    if instead is None:
        raise CannotJudgeError(_("Say what is decided instead. Nothing was changed."))
    undone = effects.revert_subject(first, actor=judge)
    access.check_no_harsher(
        first,
        action=instead.action,
        options=instead.options,
        sanction=instead.sanction,
        hours=instead.sanction_hours,
    )
    try:
        with transaction.atomic():
            made = _decided_instead(case, first, judge, instead)
    except (CannotDecideError, registry.CannotApplyError) as error:
        raise CannotJudgeError(str(error)) from error
    # Its member's row is locked after thread and post.
    sanctions.lift_all(actor=judge, decision=first)
    return made, undone


def _taken_back(first: Decision, judge: Member, answer: str) -> Decision:
    return Decision.objects.create(
        case=first.case,
        decider=judge,
        author=first.author,
        action=access.WITHDRAWN,
        reason=answer,
        snapshot=first.snapshot,
        source=first.source,
        found_by_machine=first.found_by_machine,
        replaces=first,
    )


def _decided_instead(case: Case, first: Decision, judge: Member, instead: Ruling) -> Decision:
    decisions.check(case, instead.action, options=instead.options, rule=instead.rule, sanction=instead.sanction)
    ruling = PendingDecision(
        case=case,
        decider=judge,
        action=instead.action,
        options=dict(instead.options),
        rule=instead.rule,
        reason=instead.reason,
        sanction=instead.sanction or "",
        sanction_hours=instead.sanction_hours,
    )
    return effects.take(case, ruling, replaces=first).decision


def _tell(appeal: Appeal, made: Decision | None, judge: Member) -> None:
    for kind in (APPEAL_JUDGED, APPEAL_AGAINST_YOURS):
        notifications.services.record(kind=kind, target_id=appeal.pk, actor=judge)
    if made is not None:
        notifications.services.record(kind=REPORT_CHANGED, target_id=made.pk, actor=judge)
