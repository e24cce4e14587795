"""Looking after somebody in danger (T5): each step once, in order, with its time and who took it.

The clock of the case is that of the next step, so that no open case is without one; between a contact and a
follow-up the case is out of the queue.
"""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member
from moderation import access
from moderation.access import CannotDecideError
from moderation.models import Case, CrisisStep, Priority
from moderation.services import audit

Step = CrisisStep.Step


@transaction.atomic
def start(*, moderator: Member, case: Case, version: int) -> bool:
    """Begin the steps, and raise the case to the class of crisis. False when they were begun before. Locks the case.

    Raises:
        CannotDecideError: the case is not this moderator's, or something arrived in it.
    """
    locked = _lock(case)
    access.check_can_decide(moderator, locked, version)
    if access.taken_in(locked):
        return False
    Case.objects.filter(pk=locked.pk).update(priority=Priority.CRISIS)
    _take(locked, moderator, Step.CLAIMED, note="")
    return True


@transaction.atomic
def take_step(*, moderator: Member, case: Case, version: int, step: CrisisStep.Step, note: str = "") -> bool:
    """Write down that a step was taken. False when it was taken before. Locks the case.

    Raises:
        CannotDecideError: the case is not this moderator's, something arrived in it, it is not the time of this
            step, or the steps are to be closed early without a word why.
    """
    locked = _lock(case)
    access.check_can_decide(moderator, locked, version)
    taken = access.taken_in(locked)
    if step in taken:
        return False
    if not taken or step not in access.next_steps(taken):
        raise CannotDecideError(_("It is not the time of this step yet. Nothing was changed."))
    if access.is_early_close(taken, step) and not note.strip():
        raise CannotDecideError(_("The follow-ups are not done. Say in the note why the steps end here."))
    _take(locked, moderator, step, note=note)
    return True


@transaction.atomic
def rest(*, moderator: Member, case: Case, version: int) -> bool:
    """What arrived was read: out of the queue again until the next step. False when that is due now. Locks the case.

    Raises:
        CannotDecideError: the case is not this moderator's, something arrived in it, or no steps are under way.
    """
    locked = _lock(case)
    access.check_can_decide(moderator, locked, version)
    if not access.is_under_way(locked):
        raise CannotDecideError(_("The crisis steps are not under way in this case. Nothing was changed."))
    clock = access.clock_of(access.taken_in(locked), timezone.now())
    if clock.quiet_until is None:
        return False
    _set_clock(locked, clock, claimed_by=None, lease_until=None)
    audit.record(actor=moderator, verb="crisis:rest", case=locked.pk)
    return True


def contacted(*, moderator: Member, case: Case) -> bool:
    """A message was sent: that is the contact, if there was none. In the caller's transaction, with the case locked."""
    taken = access.taken_in(case)
    if Step.CONTACTED in taken:
        return False
    _take(case, moderator, Step.CONTACTED, note="")
    return True


def wait_for_next(case: Case) -> None:
    """The case goes on after a decision in it. In the caller's transaction, which has locked it."""
    _set_clock(case, access.clock_of(access.taken_in(case), timezone.now()), version=F("version") + 1)


def wake(case: Case) -> None:
    """Something arrived that somebody has to read at once. In the caller's transaction, which has locked the case."""
    due_at = min(case.due_at, timezone.now() + Priority(case.priority).clock)
    Case.objects.filter(pk=case.pk).update(due_at=due_at, quiet_until=None, alerted_at=None, version=F("version") + 1)


def _lock(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("claimed_by").get(pk=case.pk)


def _take(case: Case, moderator: Member, step: CrisisStep.Step, *, note: str) -> None:
    CrisisStep.objects.create(case=case, step=step, by=moderator, note=note, at=timezone.now())
    _set_clock(case, access.clock_of(access.taken_in(case), timezone.now()))
    audit.record(actor=moderator, verb=f"crisis:{step.name.lower().replace('_', '-')}", case=case.pk)


def _set_clock(case: Case, clock: access.Clock, **more: Any) -> None:
    Case.objects.filter(pk=case.pk).update(due_at=clock.due_at, quiet_until=clock.quiet_until, alerted_at=None, **more)
