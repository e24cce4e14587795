"""The worker's side of the outbox. Every task may run twice."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence
from itertools import batched
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.utils import timezone

from core.enqueuing import BROKER_IS_AWAY, enqueue
from notifications import services
from notifications.models import Delivery, Digest, Sending

log = logging.getLogger(__name__)

SWEEP_AFTER = dt.timedelta(seconds=30)
SWEEP_LIMIT = 500
# After so many batches an event lets others have their turn.
BATCHES_AT_A_TIME = 10
# Whoever makes digests stops in time for the next one to begin.
MAKING_SECONDS = 45
# So many go to one worker, which gives back what it could not send in so long.
DIGESTS_AT_A_TIME = 20
SENDING_SECONDS = 60
# A broker that hangs keeps whoever asks it waiting for seconds. Once is enough: for so long it is not asked again.
BROKER_PAUSE_SECONDS = 10


class _Broker:
    """What this process knows of it."""

    away_until = 0.0

    def is_away(self) -> bool:
        return time.monotonic() < self.away_until

    def gave_no_answer(self) -> None:
        self.away_until = time.monotonic() + BROKER_PAUSE_SECONDS


broker = _Broker()


def nudge(event_ids: Sequence[int]) -> None:
    """Ask the worker to expand events now, once for all of them. A broker that is away is no reason to fail: the sweep
    comes.
    """
    if len(event_ids) == 1:
        _enqueue(expand_event, event_ids[0], send=enqueue)
    else:
        _enqueue(expand_events, list(event_ids), send=enqueue)


def _delay(task: "Task[[Any], None]", about: Any) -> None:
    task.delay(about)


def _enqueue[About](
    task: "Task[[About], None]", about: About, *, send: "Callable[[Task[[Any], None], Any], None]" = _delay
) -> bool:
    if broker.is_away():
        return False
    try:
        send(task, about)
    except BROKER_IS_AWAY:
        log.warning("The broker does not answer; the sweep will pick up %s %s", task.name, about)
        broker.gave_no_answer()
        return False
    return True


@shared_task(ignore_result=True)
def expand_event(event_id: int) -> None:
    """Tell the next of those whom it concerns, and come back for the rest."""
    for _batch in range(BATCHES_AT_A_TIME):
        try:
            batch = services.expand_batch(event_id)
        except Exception:
            services.put_off(event_id)
            raise
        for delivery_id in batch.mails:
            if not _enqueue(send_delivery, delivery_id):
                return
        if not batch.goes_on:
            return
    _enqueue(expand_event, event_id)


@shared_task(ignore_result=True)
def expand_events(event_ids: Sequence[int]) -> None:
    """Those of one change. What goes wrong with one keeps none of the others back.

    Raises:
        ExceptionGroup: the errors that kept some from being expanded.
    """
    errors = []
    for event_id in event_ids:
        try:
            expand_event(event_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next one has nothing to do with it
            errors.append(error)
    if errors:
        raise ExceptionGroup("Some events could not be expanded.", errors)


@shared_task(ignore_result=True)
def send_delivery(delivery_id: int) -> None:
    """Send, or put off until a later sweep when the mail server does not take it."""
    _try(services.send, Delivery, delivery_id)


@shared_task(ignore_result=True)
def send_digest(digest_id: int) -> None:
    _try(services.send_digest, Digest, digest_id)


@shared_task(ignore_result=True)
def send_digests(digest_ids: Sequence[int]) -> None:
    """Some of them over one connection to the database. What goes wrong with one keeps none of the others back.

    Raises:
        ExceptionGroup: the errors of this site that kept some from being written.
    """
    began, errors = time.monotonic(), []
    for number, digest_id in enumerate(digest_ids):
        if time.monotonic() - began > SENDING_SECONDS:
            _enqueue(send_digests, list(digest_ids[number:]))
            break
        try:
            send_digest(digest_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next one has nothing to do with it
            errors.append(error)
    if errors:
        raise ExceptionGroup("Some digests could not be written.", errors)


def _try(send: "Callable[[int], bool]", model: type[Sending], pk: int) -> None:
    try:
        send(pk)
    except Exception as error:
        again = services.postpone(model, pk, error)
        # Only the kind of error: a mail server's answer names the address.
        outcome = "later again" if again else "given up"
        log.warning("%s %s was not taken (%s); %s", model.__name__, pk, type(error).__name__, outcome)
        if not isinstance(error, OSError):
            raise


@shared_task(ignore_result=True)
def read_returns() -> None:
    """What came back to the mailbox, where there is one."""
    if settings.RETURNS_MAILBOX:
        collected = services.collect_returns(mailbox=settings.RETURNS_MAILBOX)
        log.info("Returned mails: %s noted, %s left", collected.known, collected.unknown)


@shared_task(ignore_result=True)
def make_digests() -> None:
    """Every minute, by any number of workers: make what is due, until nobody is due or enough of them wait."""
    began = time.monotonic()
    while time.monotonic() - began < MAKING_SECONDS and services.has_room_for_digests():
        batch = services.make_due_digests()
        for some in batched(batch.waiting, DIGESTS_AT_A_TIME):
            if not _enqueue(send_digests, list(some)):
                return
        if not batch.looked_at:
            break
    services.mend_digest_plans()


@shared_task(ignore_result=True)
def sweep_outbox() -> None:
    """Pick up what a dead broker or worker left behind, and what is due for another try."""
    before = timezone.now() - SWEEP_AFTER
    for event_id in services.due_events(before=before, limit=SWEEP_LIMIT):
        if not _enqueue(expand_event, event_id):
            return
    for model, task in ((Delivery, send_delivery), (Digest, send_digest)):
        for pk in services.due(model, before=before, limit=SWEEP_LIMIT):
            if not _enqueue(task, pk):
                return
