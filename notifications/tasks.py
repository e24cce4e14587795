"""The worker's side of the outbox. Every task may run twice."""

import datetime as dt
import logging
import random

from celery import Task, shared_task
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications import services
from notifications.models import Delivery, Event

log = logging.getLogger(__name__)

SWEEP_AFTER = dt.timedelta(seconds=30)
SWEEP_LIMIT = 500
MOST_ATTEMPTS = 6


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


@shared_task(bind=True, ignore_result=True, max_retries=MOST_ATTEMPTS)
def send_delivery(self: "Task[[int], None]", delivery_id: int) -> None:
    """Send, or try again in 1, 2, 4 … minutes with up to a quarter more, so that a recovered server is not rushed.

    After the last try the notice on the site has to do.
    """
    try:
        services.send(delivery_id)
    except OSError as error:
        Delivery.objects.filter(pk=delivery_id).update(attempts=F("attempts") + 1)
        if self.request.retries == MOST_ATTEMPTS:
            log.warning("Gave up on delivery %s: %s", delivery_id, error)
            services.give_up(delivery_id)
            return
        pause = 60 * 2**self.request.retries
        raise self.retry(exc=error, countdown=pause + random.uniform(0, pause / 4)) from error  # noqa: S311


@shared_task(ignore_result=True)
def sweep_outbox() -> None:
    """Pick up what a dead broker or worker left behind."""
    before = timezone.now() - SWEEP_AFTER
    waiting_events = Event.objects.filter(expanded_at=None, created_at__lt=before).order_by("created_at", "id")
    for event_id in waiting_events.values_list("pk", flat=True)[:SWEEP_LIMIT]:
        if not _enqueue(expand_event, event_id):
            return
    waiting = Delivery.objects.filter(
        state=Delivery.State.WAITING, created_at__lt=before, attempts=0, notice__event__expanded_at__lt=before
    )
    for delivery_id in waiting.order_by("id").values_list("pk", flat=True)[:SWEEP_LIMIT]:
        if not _enqueue(send_delivery, delivery_id):
            return
