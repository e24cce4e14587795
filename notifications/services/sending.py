"""Mails leave in two steps, so that no row is locked while a mail server thinks, and no death of a worker is silent."""

import datetime as dt
import logging
import random
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from core import pace
from notifications import access, compose, tallies
from notifications.access import Held
from notifications.models import Delivery, Digest, Sending
from notifications.services import answers, returns

log = logging.getLogger(__name__)

FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=1)
# Of a mail that the server refuses. One that no server could be asked about is tried until it is of no use any more.
MOST_RETRIES = 6
# How long a worker has between the two steps. Longer than a mail server's time-out and a task's time limit.
LEASE = dt.timedelta(minutes=10)
SWEEP_AGAIN = dt.timedelta(minutes=10)
# However long its recipient steps back, a mail is looked at again after a day: they may be back.
LONGEST_WAIT = dt.timedelta(days=1)
# Nothing waits for longer without a look. What does, was put off by a clock that went wrong, and is due.
FARTHEST = dt.timedelta(days=2)
# To one member; what is beyond it is on the site (decisions leave all the same).
TO_ONE_AN_HOUR = 10
# Seconds for which a database that restarts just now is waited for, so that a mail that has left is noted.
_DATABASE_PAUSES = (0.2, 1, 3, 10)

_PATHS = {Delivery: ("notice__event", "notice__recipient"), Digest: ("member__wishes",)}


@dataclass(frozen=True, slots=True)
class _Begun:
    sending: Sending
    message: EmailMessage


def send(delivery_id: int) -> bool:
    """Send one waiting delivery; says whether a mail left. Not inside a transaction.

    Whoever else holds it is sending it already. If the mail server refuses, it stays waiting and the error is
    raised, for the caller to `postpone` it.
    """
    return _send(Delivery, delivery_id)


def send_digest(digest_id: int) -> bool:
    """The same for a digest."""
    return _send(Digest, digest_id)


def _send(model: type[Sending], pk: int) -> bool:
    begun = _begin(model, pk)
    if begun is None:
        return False
    try:
        begun.message.send()
    except Exception as error:
        _note_not_sent(begun.sending, error)
        raise
    _note_sent(begun.sending)
    return True


@transaction.atomic
def _begin(model: type[Sending], pk: int) -> _Begun | None:
    """Hold the row, look again whether the mail is wanted, write it, and note that it is about to leave.

    Locks the row and lets go of it before the mail server is asked. Some six queries for a notice.
    """
    now = timezone.now()
    rows = model.objects.select_for_update(skip_locked=True, of=("self",)).select_related(*_PATHS[model])
    sending = rows.filter(pk=pk, state=Sending.State.WAITING).first()
    if sending is None or _is_on_its_way(sending, now):
        return None
    if sending.began_at is not None:
        # Whoever began before died before they could say what came of it.
        sending.began_at, sending.maybe_twice = None, True
        sending.save(update_fields=["began_at", "maybe_twice"])
    held = access.why_not(sending, now) or _too_fast(sending, now)
    if held is not None:
        _hold(sending, held, now)
        return None
    message = compose.message(sending)
    if message is None:
        _settle(sending, Sending.State.SKIPPED, Sending.Reason.EMPTY)
        return None
    sending.began_at, sending.due_at = now, now + LEASE
    sending.save(update_fields=["began_at", "due_at"])
    return _Begun(sending, message)


def _is_on_its_way(sending: Sending, now: dt.datetime) -> bool:
    """Somebody began a moment ago, by this clock or by one that is a little ahead of it."""
    return sending.began_at is not None and abs(now - sending.began_at) < LEASE


def _too_fast(sending: Sending, now: dt.datetime) -> Held | None:
    """Counts this mail. Decisions leave at once. One that is tried again was counted for its member the first time."""
    if access.presses(sending):
        return None
    if not pace.within("mails-of-the-site", 0, limit=settings.MAILS_A_MINUTE, seconds=60):
        return Held(Sending.Reason.SITE_BUSY, until=now + FIRST_PAUSE * random.uniform(1, 2))  # noqa: S311
    first = sending.attempts == 0 and not sending.maybe_twice
    if first and not pace.within("mails-to-one", access.recipient_of(sending).pk, limit=TO_ONE_AN_HOUR):
        return Held(Sending.Reason.TOO_MANY)
    return None


def _hold(sending: Sending, held: Held, now: dt.datetime) -> None:
    if held.until is None:
        _settle(sending, Sending.State.SKIPPED, held.reason)
        return
    sending.reason, sending.due_at = held.reason, min(held.until, now + LONGEST_WAIT)
    sending.save(update_fields=["reason", "due_at"])


def _settle(sending: Sending, state: Sending.State, reason: str = "") -> None:
    sending.state, sending.reason, sending.settled_at = state, reason, timezone.now()
    sending.save(update_fields=["state", "reason", "settled_at"])
    tallies.note(sending)


def _note_sent(sending: Sending) -> None:
    """A mail that has left and is not noted leaves again, so a database that is away for a moment is waited for."""
    for pause in _DATABASE_PAUSES:
        try:
            return _settle(sending, Sending.State.SENT)
        except (OperationalError, InterfaceError):
            log.warning("%s %s has left, and the database does not answer", type(sending).__name__, sending.pk)
            connection.close()
            time.sleep(pause)
    return _settle(sending, Sending.State.SENT)


def _note_not_sent(sending: Sending, error: Exception) -> None:
    """It is in nobody's hands any more, unless somebody took this worker for dead and began since then."""
    mine = type(sending).objects.filter(pk=sending.pk, state=Sending.State.WAITING, began_at=sending.began_at)
    maybe_twice = sending.maybe_twice or not answers.was_surely_not_taken(error)
    mine.update(began_at=None, maybe_twice=maybe_twice)


def postpone(model: type[Sending], pk: int, error: Exception) -> bool:
    """After `error`: again in 1, 2, 4 … minutes, at most an hour, and up to a quarter more so that a recovered server
    is not rushed. Says whether another try will come.

    A mail that the server refuses for good is tried some times more; where no server could be asked, or it asks to come
    later, it is tried until it would be of no use (`access.why_not`). Then the notice on the site has to do. An answer
    that names the address as gone counts as a hard bounce, and ends it.

    What is in somebody's hands now is left to them, or to the end of their time: the error was about something else.
    """
    with transaction.atomic():
        sending = model.objects.select_for_update().filter(pk=pk, state=Sending.State.WAITING).first()
        if sending is None:
            return False
        if _is_on_its_way(sending, timezone.now()):
            return True
        sending.attempts += 1
        # Whoever began before died before they could say what came of it.
        sending.maybe_twice |= sending.began_at is not None
        sending.began_at = None
        status = answers.address_is_gone(error)
        if status:
            returns.bounced(member=access.recipient_of(sending), status=status, mark=f"{model.__name__}:{pk}")
            sending.state, sending.reason = Sending.State.SKIPPED, Sending.Reason.BOUNCED
        elif answers.is_about_this_mail(error) and sending.attempts > MOST_RETRIES:
            sending.state = Sending.State.SKIPPED
            sending.reason = Sending.Reason.REFUSED if isinstance(error, OSError) else Sending.Reason.BROKEN
        else:
            pause = min(FIRST_PAUSE * 2 ** min(sending.attempts - 1, 20), LONGEST_PAUSE)
            # It is not held any more by what held it before, such as quiet hours.
            sending.reason = ""
            sending.due_at = timezone.now() + pause * random.uniform(1, 1.25)  # noqa: S311 - nothing secret
        waits = sending.state == Sending.State.WAITING
        sending.settled_at = None if waits else timezone.now()
        sending.save(update_fields=["attempts", "state", "settled_at", "reason", "due_at", "began_at", "maybe_twice"])
    if not waits:
        tallies.note(sending)
    return waits


def due(model: type[Sending], *, before: dt.datetime, limit: int) -> list[int]:
    """Ids of mails that should have left by `before`; each is not named again for ten minutes."""
    now = timezone.now()
    due = model.objects.filter(Q(due_at__lt=before) | Q(due_at__gt=now + FARTHEST), state=Sending.State.WAITING)
    ids = list(due.order_by("due_at", "id").values_list("pk", flat=True)[:limit])
    model.objects.filter(pk__in=ids, state=Sending.State.WAITING).update(due_at=now + SWEEP_AGAIN)
    return ids
