"""Cases that nobody looked at in time: telling whoever is there (T1)."""

import datetime as dt
import http.client
import json
import logging
import urllib.request
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

import notifications.services
from moderation import access
from moderation.access.reports import is_anybody_on_shift
from moderation.models import Alert, Case, Priority
from moderation.news_desk import CRISIS_OVERDUE, QUEUE, QUEUE_OVERDUE

log = logging.getLogger(__name__)

AT_ONCE = 500
# Whoever was told of a crisis has so long to take it; then everybody is told.
COME_WITHIN = dt.timedelta(minutes=15)
CALL_TIMEOUT_SECONDS = 5
# Somebody else may be calling just now; and after a day a call is no news.
TRY_AGAIN = dt.timedelta(seconds=50)
CALLED_FOR = dt.timedelta(days=1)


def tell_overdue() -> int:
    """Tell moderators of the cases that went past their time since the last look. Says how many there were.

    Each case once, or once more when a graver reason has set its clock anew: `alerted_at` and the outbox row are one
    transaction. Crises are told to everybody when nobody is on shift, and when nobody has come after a quarter of an
    hour; the others wait until somebody is.
    """
    crises = _tell(is_crisis=True) + _tell_all()
    return crises + (_tell(is_crisis=False) if is_anybody_on_shift() else 0)


@transaction.atomic
def _tell(*, is_crisis: bool) -> int:
    """Locks the cases; two beats at once share them, and tell of each once."""
    urgency = Q(priority=Priority.CRISIS) if is_crisis else Q(priority__gt=Priority.CRISIS)
    late = _overdue(urgency).filter(alerted_at=None).order_by("due_at", "id").select_for_update(skip_locked=True)
    found = list(late.values_list("pk", flat=True)[:AT_ONCE])
    if not found:
        return 0
    Case.objects.filter(pk__in=found).update(alerted_at=timezone.now())
    alert = Alert.objects.create(is_crisis=is_crisis)
    alert.cases.set(found)
    kind = CRISIS_OVERDUE if is_crisis else QUEUE_OVERDUE
    notifications.services.record(kind=kind, target_id=alert.pk, group_id=QUEUE)
    return len(found)


@transaction.atomic
def _tell_all() -> int:
    """Crises that still nobody holds. Each once after it was told: `told_all_at` is in the same transaction."""
    now = timezone.now()
    again = Q(told_all_at=None) | Q(told_all_at__lt=F("alerted_at"))
    alone = _overdue(Q(priority=Priority.CRISIS)).filter(again, access.free_at(now), alerted_at__lte=now - COME_WITHIN)
    late = alone.order_by("due_at", "id").select_for_update(skip_locked=True, of=("self",))
    found = list(late.values_list("pk", flat=True)[:AT_ONCE])
    if not found:
        return 0
    Case.objects.filter(pk__in=found).update(told_all_at=now)
    alert = Alert.objects.create(is_crisis=True, to_all=True)
    alert.cases.set(found)
    notifications.services.record(kind=CRISIS_OVERDUE, target_id=alert.pk, group_id=QUEUE)
    return len(found)


def _overdue(urgency: Q) -> QuerySet[Case]:
    now = timezone.now()
    return Case.objects.filter(urgency, access.waits_at(now), state=Case.State.OPEN, due_at__lt=now)


def call_out() -> bool:
    """Ring the on-call address (`ON_CALL_WEBHOOK_URL`) about overdue crises. Says whether it took the call.

    Outside of any transaction. What it does not take is tried again with the next beat; whoever finds the crises
    dealt with meanwhile calls nobody.
    """
    waiting = _waiting_calls() if settings.ON_CALL_WEBHOOK_URL else []
    if not waiting:
        return False
    overdue = _overdue(Q(priority=Priority.CRISIS)).order_by("id").values_list("pk", flat=True)
    count = len(overdue[:AT_ONCE])
    if count and not _call(count):
        return False
    Alert.objects.filter(pk__in=waiting).update(called_at=timezone.now())
    return bool(count)


def _waiting_calls() -> Sequence[int]:
    """Alerts to call about, which nobody else calls about just now: one conditional UPDATE."""
    now = timezone.now()
    free = Q(tried_at=None) | Q(tried_at__lt=now - TRY_AGAIN)
    waiting = Alert.objects.filter(free, is_crisis=True, called_at=None, made_at__gt=now - CALLED_FOR)
    with transaction.atomic():
        found = list(waiting.order_by("id").select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
        Alert.objects.filter(pk__in=found).update(tried_at=now)
    return found


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An address that sends elsewhere has not taken the call."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def _call(count: int) -> bool:
    """A number and a link, nothing about anybody."""
    content = json.dumps({"overdue": count, "url": settings.SITE_URL + reverse("queue")}).encode()
    # The operator's own address; settings insist on http or https.
    request = urllib.request.Request(  # noqa: S310
        settings.ON_CALL_WEBHOOK_URL, content, {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with _OPENER.open(request, timeout=CALL_TIMEOUT_SECONDS):
            return True
    except (OSError, http.client.HTTPException) as error:
        log.warning("The on-call address did not take the call (%s); tried again in a minute", error)
        return False
