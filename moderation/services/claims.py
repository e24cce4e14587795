"""Taking a case, keeping it, and giving it back. One case, one person (T2); one person, one case (T6)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from members.models import Member
from moderation import access
from moderation.models import Case, Declined, Priority
from moderation.services import audit
from moderation.services.cases import lock_undecided
from moderation.services.notes import add_note
from moderation.services.shifts import show_sign

LEASE = dt.timedelta(minutes=30)


class HoldsAnotherError(Exception):
    """They work on `case` already."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"holds case {case.pk}")
        self.case = case


@transaction.atomic
def claim(*, moderator: Member, case: Case) -> bool:
    """Take the case for 30 minutes, or renew one's own lease. False when a colleague holds it, it is decided, it is
    about them, they reported what it is about and a colleague could decide, or they asked for one to decide it.

    One conditional UPDATE, so that of two who claim at once one wins. Does not ask what else they hold.
    """
    now = timezone.now()
    mine = Case.objects.filter(pk=case.pk, state=Case.State.OPEN, claimed_by=moderator, lease_until__gt=now)
    if mine.update(lease_until=now + LEASE):
        show_sign(moderator=moderator)
        return True
    won = (
        Case.objects.filter(access.free_at(now), pk=case.pk, state=Case.State.OPEN)
        .exclude(author=moderator)
        .exclude(second_wanted_by=moderator)
        .exclude(access.left_to_colleagues(moderator))
        .update(claimed_by=moderator, lease_until=now + LEASE, handed_over_at=None)
    )
    if won:
        Case.objects.filter(pk=case.pk, first_looked_at=None).update(first_looked_at=now)
        audit.record(actor=moderator, verb="claim", case=case.pk)
        show_sign(moderator=moderator)
    return bool(won)


@transaction.atomic
def take(*, moderator: Member, case: Case, instead: bool = False) -> bool:
    """The same, for somebody who works on one case at a time: `instead` gives back the other one first.

    A crisis that is overdue may be taken on top of anything. Locks the moderator's row, so that two windows do not
    take two.

    Raises:
        HoldsAnotherError: they hold another case.
    """
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=moderator.pk)
    other = access.held_case(moderator, but=case)
    if other is not None and not instead and not (case.priority == Priority.CRISIS and case.due_at < timezone.now()):
        raise HoldsAnotherError(other)
    won = claim(moderator=moderator, case=case)
    if won and instead and other is not None:
        release(moderator=moderator, case=other)
    return won


@transaction.atomic
def take_next(*, moderator: Member) -> Case | None:
    """Take the most urgent case that is free and that they have neither declined nor want a colleague for.

    Two who ask at once never get the same: each locks the first row that nobody else has locked. None when nothing
    is left. Locks the moderator's row, too.

    Raises:
        HoldsAnotherError: they hold a case already.
    """
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=moderator.pk)
    if (other := access.held_case(moderator)) is not None:
        raise HoldsAnotherError(other)
    found = access.next_for(moderator).select_for_update(skip_locked=True, of=("self",)).first()
    if found is None or not claim(moderator=moderator, case=found):
        return None
    return found


def renew(*, moderator: Member, case: Case, shows_sign: bool = True) -> dt.datetime | None:
    """Another 30 minutes for who holds the case; until when. None when they no longer do. One conditional UPDATE, and
    another for their shift, unless it is known to have had a sign of them a moment ago (`shows_sign`).

    A claim that has run out while nobody else took the case is theirs again. A decision that can be undone keeps
    its own time.
    """
    until = timezone.now() + LEASE
    mine = Case.objects.filter(pk=case.pk, state=Case.State.OPEN, claimed_by=moderator)
    if not mine.update(lease_until=until):
        return None
    if shows_sign:
        show_sign(moderator=moderator)
    return until


def release(*, moderator: Member, case: Case) -> bool:
    """Give it back. Says whether it was theirs."""
    return _give_back(moderator, case, verb="release")


@transaction.atomic
def decline(*, moderator: Member, case: Case) -> bool:
    """They would rather not have this case, and nobody asks why (T6). It is not offered to them again."""
    _row, made = Declined.objects.get_or_create(case=case, moderator=moderator)
    _give_back(moderator, case, verb="decline")
    return made


@transaction.atomic
def hand_over(*, moderator: Member, case: Case, note: str) -> bool:
    """Give it back with words for whoever takes it next. Says whether it was theirs to hand over."""
    if not _give_back(moderator, case, verb="hand-over", handed_over_at=timezone.now()):
        return False
    if note.strip():
        add_note(author=moderator, case=case, words=note)
    return True


@transaction.atomic
def ask_second(*, moderator: Member, case: Case) -> bool:
    """Give it back so that a colleague decides. Says whether it was theirs to ask for."""
    return _give_back(moderator, case, verb="ask-second", second_wanted_by=moderator)


@transaction.atomic
def stop_asking(*, moderator: Member, case: Case) -> bool:
    """Whoever asked for a colleague's view no longer does, unless one has the case in hands."""
    asked = Case.objects.filter(pk=case.pk, state=Case.State.OPEN, second_wanted_by=moderator)
    if not asked.filter(access.free_at(timezone.now())).update(second_wanted_by=None):
        return False
    audit.record(actor=moderator, verb="stop-asking", case=case.pk)
    return True


@transaction.atomic
def _give_back(moderator: Member, case: Case, *, verb: str, **changes: object) -> bool:
    """Only what they hold, and have not decided a moment ago. Locks the case, as deciding does, and looks then."""
    held = lock_undecided(Case.objects.filter(pk=case.pk, state=Case.State.OPEN, claimed_by=moderator))
    if not Case.objects.filter(pk__in=held).update(claimed_by=None, lease_until=None, **changes):
        return False
    audit.record(actor=moderator, verb=verb, case=case.pk)
    return True
