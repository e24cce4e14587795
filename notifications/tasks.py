"""The worker's side of the outbox. Every task may run twice."""

import datetime as dt
import logging

from celery import Task, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications import services
from notifications.models import Event

log = logging.getLogger(__name__)

SWEEP_AFTER = dt.timedelta(seconds=30)
SWEEP_LIMIT = 500


def nudge(event_id: int) -> None:
    """Ask the worker to expand an event now. A broker that is away is no reason to fail: the sweep comes."""
    _enqueue(expand_event, event_id)


def _enqueue(task: "Task[[int], None]", pk: int) -> bool:
    try:
        task.delay(pk)
    except (OperationalError, OSError):
        log.warning("The broker does not answer; the sweep will pick up %s %s", task.name, pk)
        return False
    return True


@shared_task(ignore_result=True)
def expand_event(event_id: int) -> None:
    event = Event.objects.filter(pk=event_id, expanded_at=None).first()
    if event is None:
        return
    for delivery_id in services.expand(event):
        _enqueue(send_delivery, delivery_id)


@shared_task(ignore_result=True)
def send_delivery(delivery_id: int) -> None:
    """Send, or put off until a later sweep when the mail server does not take it."""
    try:
        services.send(delivery_id)
    except Exception as error:
        again = services.postpone(delivery_id)
        # Only the kind of error: a mail server's answer names the address.
        outcome = "later again" if again else "given up"
        log.warning("Delivery %s was not taken (%s); %s", delivery_id, type(error).__name__, outcome)
        if not isinstance(error, OSError):
            raise


@shared_task(ignore_result=True)
def sweep_outbox() -> None:
    """Pick up what a dead broker or worker left behind, and what is due for another try."""
    before = timezone.now() - SWEEP_AFTER
    for event_id in services.waiting_events(before=before, limit=SWEEP_LIMIT):
        if not _enqueue(expand_event, event_id):
            return
    for delivery_id in services.due_deliveries(before=before, limit=SWEEP_LIMIT):
        if not _enqueue(send_delivery, delivery_id):
            return
