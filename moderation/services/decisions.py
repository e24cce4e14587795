"""Deciding a case, and the twelve seconds in which that can be undone."""

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

import notifications.services
from members.models import Member
from moderation import access, registry
from moderation.access import CannotDecideError
from moderation.models import BegunDecision, Case, Decision, Flag, PendingDecision, Rule, SanctionKind
from moderation.news import DECISION_ABOUT_YOU, REPORT_DECIDED
from moderation.news_appeals import DECISION_RETURNED
from moderation.services import audit, crisis, effects
from moderation.services.claims import LEASE

log = logging.getLogger(__name__)

UNDO = dt.timedelta(seconds=12)
# After an error that nobody foresaw, the next try.
AGAIN = dt.timedelta(minutes=1)
# After so long it is tried no more, and goes back to who decided.
GIVES_UP = dt.timedelta(minutes=5)


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
    options: Mapping[str, Any] | None = None,
    sanction: SanctionKind | None = None,
    sanction_hours: int | None = None,
    reports_fair: bool | None = None,
) -> PendingDecision:
    """Decide to do `action` to the subject. Nothing happens and nobody is told for twelve seconds.

    Locks the case row. `version` is the one that the moderator was looking at. After `UNDO` the decision settles:
    by a task of its own, by the minute's sweep, or when a moderator next opens the queue.

    Raises:
        CannotDecideError: somebody decided or something arrived meanwhile, a colleague holds the case, it is
            about the moderator, the subject is gone, it cannot be done to it, a restriction names no rule, or a limit
            would tell who wrote under an alias.
    """
    locked = Case.objects.select_for_update().get(pk=case.pk)
    access.check_can_decide(moderator, locked, version)
    if PendingDecision.objects.filter(case=locked).exists():
        raise CannotDecideError(_("This case was decided a moment ago. Undo that first, if it should be different."))
    snapshot = check(locked, action, options=options or {}, rule=rule, sanction=sanction)
    now = timezone.now()
    pending = PendingDecision.objects.create(
        case=locked,
        decider=moderator,
        version=locked.version,
        action=action,
        options=dict(options or {}),
        rule=rule,
        reason=reason,
        private_note=private_note,
        snapshot=snapshot,
        sanction=sanction or "",
        sanction_hours=sanction_hours,
        reports_fair=reports_fair,
        settles_at=now + UNDO,
    )
    # Out of everybody's way meanwhile. When the worker is away the queue shows it again, and settles it.
    Case.objects.filter(pk=locked.pk).update(quiet_until=now + UNDO, lease_until=now + LEASE)
    transaction.on_commit(lambda: _settle_later(pending.pk))
    return pending


def check(
    case: Case, action: str, *, options: Mapping[str, Any], rule: Rule | None, sanction: SanctionKind | None
) -> str:
    """The words it is about, as they are now. Raises CannotDecideError where `action` surely could not be done."""
    kind, subject, chosen = effects.find(case, action)
    if (chosen.restricts or sanction) and rule is None:
        raise CannotDecideError(_("A restriction needs the rule it rests on. Nothing was changed."))
    if sanction == SanctionKind.HELD_FIRST and access.alias_in(case):
        raise CannotDecideError(
            _("What they post under their own name would be held then, and tell whose it is. Choose another limit.")
        )
    try:
        chosen.check(subject, options=options)
    except registry.CannotApplyError as error:
        raise CannotDecideError(str(error)) from error
    return kind.snapshot(subject)


def _settle_later(pending_id: int) -> None:
    from moderation.tasks import nudge

    nudge(pending_id)


@transaction.atomic
def undo(*, moderator: Member, case: Case) -> PendingDecision | None:
    """Take one's own decision back before it settles: the case is as it was. None when it was too late.

    Locks the case row, as settling does: one of the two wins.
    """
    locked = Case.objects.select_for_update().get(pk=case.pk)
    pending = PendingDecision.objects.filter(case=locked, decider=moderator).select_related("decider").first()
    if pending is None or locked.state != Case.State.OPEN:
        return None
    _give_back(locked, pending)
    audit.record(actor=moderator, verb="undo", case=locked.pk, action=pending.action)
    return pending


def _give_back(case: Case, pending: PendingDecision, *, why: str = "") -> None:
    """The words stay with the case. Whoever decided goes on with it, if they still may and no colleague has it."""
    PendingDecision.objects.filter(pk=pending.pk).delete()
    _keep_words(case, pending, why=why)
    Case.objects.filter(pk=case.pk).update(quiet_until=None, **_holder(case, pending.decider))


def _holder(case: Case, decider: Member) -> dict[str, Any]:
    if access.is_held(case) and case.claimed_by_id != decider.pk:
        return {}
    if not access.moderates_now(decider):
        return {"claimed_by": None, "lease_until": None}
    return {"claimed_by": decider, "lease_until": timezone.now() + LEASE}


def _keep_words(case: Case, pending: PendingDecision, *, why: str, **instead: Any) -> None:
    kept = {"decider": pending.decider, "fields": _as_typed(pending) | instead, "why": why}
    BegunDecision.objects.update_or_create(case=case, defaults=kept)


def _as_typed(pending: PendingDecision) -> dict[str, Any]:
    """By the names of the fields in the form."""
    fair = {None: "", True: "yes", False: "no"}[pending.reports_fair]
    return {
        "action": pending.action,
        "rule": pending.rule_id,
        "reason": pending.reason,
        "private_note": pending.private_note,
        "sanction": access.sanction_step(pending.sanction, pending.sanction_hours),
        "reports_fair": fair,
        **{f"{pending.action}_{name}": value for name, value in pending.options.items()},
    }


@transaction.atomic
def settle(pending_id: int) -> Decision | None:
    """Let a decision take effect, if its time has come and it still fits. Safe to run again; locks the case row.

    In one transaction the subject changes, the statement of reasons is written, sanctions begin, and author and
    reporters are told. What cannot be done any more, or what something arrived for meanwhile, goes back to who
    decided, who is told why. None then, and when there is nothing to do.

    What restricts its author takes effect whatever they do meanwhile: taking words back for a moment, or changing
    them, keeps nobody from a decision about them. But what nobody has read is not shown by it, and the case stays open.
    """
    waiting = PendingDecision.objects.filter(pk=pending_id, settles_at__lte=timezone.now())
    case_id = waiting.values_list("case_id", flat=True).first()
    if case_id is None:
        return None
    case = Case.objects.select_for_update().get(pk=case_id)
    # Undone or settled while we waited for the row.
    pending = waiting.select_related("decider", "rule").first()
    if pending is None:
        return None
    try:
        unread = _is_unread(case, pending)
        _check_still_fits(case, pending, unread=unread)
        with transaction.atomic():
            return _take_effect(case, pending, unread=unread)
    except (CannotDecideError, registry.CannotApplyError) as error:
        _return(case, pending, str(error))
        return None


def _is_unread(case: Case, pending: PendingDecision) -> bool:
    """Whether something came in since it was decided: other words, a report, what screening noticed, an answer.

    Not the hundredth report that says the same, for which nobody is called back.
    """
    if effects.reads_otherwise(case, pending):
        return True
    if case.version == pending.version:
        return False
    since = pending.made_at
    reported, noticed = case.flags.filter(created_at__gt=since), case.signals.filter(created_at__gt=since)
    # By the clock of the application, which may be behind the database's.
    answered = case.messages.filter(answered_at__gt=since - dt.timedelta(seconds=5))
    return reported.exists() or noticed.exists() or answered.exists()


def _check_still_fits(case: Case, pending: PendingDecision, *, unread: bool) -> None:
    """Raises CannotDecideError with the sentence that its decider reads."""
    if not access.moderates_now(pending.decider):
        raise CannotDecideError(_("Whoever decided this does not moderate any more."))
    if pending.sanction or not (unread or case.version != pending.version):
        return
    _kind, _subject, chosen = effects.find(case, pending.action)
    if effects.depends_on_what_was_read(chosen):
        raise CannotDecideError(_("Something new arrived before it took effect. Please look again."))


def _return(case: Case, pending: PendingDecision, why: str) -> None:
    _give_back(case, pending, why=why)
    _tell_decider(case, pending, "decision-returned", why=why)


def _tell_decider(case: Case, pending: PendingDecision, verb: str, *, why: str = "") -> None:
    entry = audit.record(actor=pending.decider, verb=verb, case=case.pk, action=pending.action, why=why)
    notifications.services.record(kind=DECISION_RETURNED, target_id=entry.pk)


def _take_effect(case: Case, pending: PendingDecision, *, unread: bool) -> Decision:
    taken = effects.take(case, pending, unread=unread)
    decision = taken.decision
    PendingDecision.objects.filter(pk=pending.pk).delete()
    BegunDecision.objects.filter(case=case).delete()
    _judge_reports(case, pending, restricts=bool(decision.statement), unread=unread)
    if taken.left:
        _keep_words(case, pending, why=taken.left, sanction="", in_part=True)
        _tell_decider(case, pending, "decision-in-part", why=taken.left)
    elif unread:
        _tell_decider(case, pending, "decision-goes-on")
    if unread or taken.left:
        crisis.wake(case)
    else:
        _close(case)
    if decision.statement:
        notifications.services.record(kind=DECISION_ABOUT_YOU, target_id=decision.pk, actor=pending.decider)
    notifications.services.record(kind=REPORT_DECIDED, target_id=decision.pk, actor=pending.decider)
    return decision


def _close(case: Case) -> None:
    """Unless somebody in danger is still being looked after: then the case goes on, with the clock of the next step."""
    if access.is_under_way(case):
        crisis.wait_for_next(case)
        return
    Case.objects.filter(pk=case.pk).update(
        state=Case.State.DECIDED,
        decided_at=timezone.now(),
        version=F("version") + 1,
        claimed_by=None,
        lease_until=None,
        quiet_until=None,
    )


def _judge_reports(case: Case, pending: PendingDecision, *, restricts: bool, unread: bool) -> None:
    """What came of the reports, for the weight of the next ones (T8). Nobody is blamed for a worry.

    Those that nobody has read count as coming in after it, and wait for the next decision.
    """
    if unread:
        case.flags.filter(created_at__gt=pending.made_at).update(created_at=Now())
    fair = pending.reports_fair if pending.reports_fair is not None else restricts
    judged = Flag.Judged.FAIR if fair else Flag.Judged.DISMISSED
    # Nobody judges how good their own eye is.
    flags = case.flags.filter(judged="").exclude(reporter=pending.decider)
    if unread:
        flags = flags.filter(created_at__lte=pending.made_at)
    if not fair:
        flags = flags.exclude(reason=Flag.Reason.WORRIED)
    flags.update(judged=judged)


def settle_due(*, limit: int = 100) -> int:
    """Settle what should have taken effect by now. Says how many decisions did. One that fails stops no other."""
    due = PendingDecision.objects.filter(settles_at__lte=timezone.now()).order_by("settles_at", "id")
    return sum(try_to_settle(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


def try_to_settle(pending_id: int) -> bool:
    """Settle one; say whether it took effect. After an error that nobody foresaw, nothing has happened, the log has
    it, and it is tried again in a minute; after five it goes back to who decided."""
    try:
        return settle(pending_id) is not None
    except Exception:
        log.exception("Decision %s could not take effect", pending_id)
        if not _try_to_give_up(pending_id):
            PendingDecision.objects.filter(pk=pending_id).update(settles_at=timezone.now() + AGAIN)
        return False


def _try_to_give_up(pending_id: int) -> bool:
    try:
        return _give_up(pending_id)
    except Exception:
        log.exception("Decision %s could not be given back", pending_id)
        return False


@transaction.atomic
def _give_up(pending_id: int) -> bool:
    """Give the case back if this has failed for too long, so that nobody is kept from it. Locks the case row."""
    late = PendingDecision.objects.filter(pk=pending_id, made_at__lte=timezone.now() - GIVES_UP)
    case = Case.objects.select_for_update().filter(pk__in=late.values("case_id")).first()
    pending = late.select_related("decider").first()
    if case is None or pending is None:
        return False
    _return(case, pending, _("It could not take effect, because of an error on this site. Nothing was changed."))
    return True
