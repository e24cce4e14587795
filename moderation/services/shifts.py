"""Looking after the queue for a while, and passing it on (T6)."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import text
from members.models import Member
from moderation import access
from moderation.models import Case, Shift
from moderation.services import audit
from moderation.services.cases import lock_undecided

# A sign of life is written at most so often.
SIGN_EVERY = dt.timedelta(minutes=5)


class HandoverNeededError(Exception):
    """Urgent cases are open: somebody has to be told of them before the shift ends."""


def start(*, moderator: Member) -> bool:
    """Begin a shift. False when one runs already: the database lets one row in."""
    try:
        with transaction.atomic():
            Shift.objects.create(moderator=moderator)
            audit.record(actor=moderator, verb="shift-start")
    except IntegrityError:
        return False
    return True


def wants_sign(shift: Shift | None) -> bool:
    """Whether `show_sign` would write something. No query."""
    if shift is None or shift.ended_at is not None:
        return False
    return shift.seen_at is None or shift.seen_at <= timezone.now() - SIGN_EVERY


def show_sign(*, moderator: Member) -> bool:
    """They are there: their shift goes on counting. Says whether that was written. One conditional UPDATE."""
    now = timezone.now()
    running = Shift.objects.filter(moderator=moderator, ended_at=None)
    return bool(running.exclude(seen_at__gt=now - SIGN_EVERY).update(seen_at=now))


@transaction.atomic
def pause(*, moderator: Member) -> bool:
    """Nobody counts on them meanwhile; what they hold stays theirs until the lease ends. Says whether that is new."""
    return _turn(moderator, pausing=True)


@transaction.atomic
def resume(*, moderator: Member) -> bool:
    return _turn(moderator, pausing=False)


def _turn(moderator: Member, *, pausing: bool) -> bool:
    now = timezone.now()
    running = Shift.objects.filter(moderator=moderator, ended_at=None, paused_at__isnull=pausing)
    if not running.update(paused_at=now if pausing else None, seen_at=now):
        return False
    audit.record(actor=moderator, verb="shift-pause" if pausing else "shift-resume")
    return True


@transaction.atomic
def end(*, moderator: Member, handover: str = "") -> bool:
    """End the shift; what they hold is handed over. False when none runs. Locks these cases, then the shift.

    Raises:
        HandoverNeededError: urgent cases remain, and there is no note about them.
    """
    held = lock_undecided(Case.objects.filter(state=Case.State.OPEN, claimed_by=moderator))
    shift = Shift.objects.select_for_update().filter(moderator=moderator, ended_at=None).first()
    if shift is None:
        return False
    handover = text.normalise(handover)
    if not handover and access.urgent_remain(moderator):
        raise HandoverNeededError
    now = timezone.now()
    Shift.objects.filter(pk=shift.pk).update(ended_at=now, paused_at=None, handover=handover)
    Case.objects.filter(pk__in=held).update(claimed_by=None, lease_until=None, handed_over_at=now)
    audit.record(actor=moderator, verb="shift-end", shift=shift.pk)
    return True


@transaction.atomic
def acknowledge(*, moderator: Member, shift: Shift) -> bool:
    """Somebody has read what was handed over. Says whether they were the first. One conditional UPDATE."""
    unread = Shift.objects.filter(pk=shift.pk, ended_at__isnull=False, acknowledged_by=None)
    if not unread.exclude(moderator=moderator).update(acknowledged_by=moderator, acknowledged_at=timezone.now()):
        return False
    audit.record(actor=moderator, verb="handover-read", shift=shift.pk)
    return True
