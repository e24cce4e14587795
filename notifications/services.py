"""From what happened to who was told."""

import datetime as dt
import logging
import random
from collections.abc import Collection, Sequence
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member
from notifications import access, kinds
from notifications.models import Delivery, Event, Notice

log = logging.getLogger(__name__)

BATCH = 500
FIRST_PAUSE = dt.timedelta(minutes=1)
MOST_RETRIES = 6
SWEEP_AGAIN = dt.timedelta(minutes=10)


def record(*, kind: kinds.Kind, target_id: int, actor: Member | None = None) -> Event:
    """Write `kind` about `target_id` to the outbox, inside the caller's transaction.

    The same kind about the same target is one event, so a verb that runs twice tells once. The worker is
    nudged on commit; when the broker is away the minute's sweep finds the row.
    """
    from notifications.tasks import nudge

    event, created = Event.objects.get_or_create(kind=kind.key, target_id=target_id, defaults={"actor": actor})
    if created:
        transaction.on_commit(lambda: nudge(event.pk))
    return event


def expand(event: Event) -> list[int]:
    """Make the notices and deliveries of `event`; the ids of deliveries that wait. Safe to run again."""
    kind = kinds.get(event.kind)
    if kind is None:
        log.warning("No app knows the kind of news %s any more", event.kind)
        Event.objects.filter(pk=event.pk).update(expanded_at=timezone.now())
        return []
    recipients = sorted(set(kind.audience(event)) - {event.actor_id})
    waiting: list[int] = []
    for start in range(0, len(recipients), BATCH):
        with transaction.atomic():
            waiting += _tell(event, kind, recipients[start : start + BATCH])
    Event.objects.filter(pk=event.pk).update(expanded_at=timezone.now())
    return waiting


def _tell(event: Event, kind: kinds.Kind, recipients: list[int]) -> list[int]:
    Notice.objects.bulk_create(
        [Notice(event=event, recipient_id=recipient) for recipient in recipients], ignore_conflicts=True
    )
    if not kind.mail_now:
        return []
    notices = Notice.objects.filter(event=event, recipient_id__in=recipients).values_list("pk", flat=True)
    Delivery.objects.bulk_create(
        [Delivery(notice_id=pk, channel=Delivery.Channel.EMAIL) for pk in notices], ignore_conflicts=True
    )
    waiting = Delivery.objects.filter(notice__in=notices, state=Delivery.State.WAITING)
    return list(waiting.values_list("pk", flat=True))


@transaction.atomic
def send(delivery_id: int) -> bool:
    """Send one waiting delivery, holding its row; says whether a mail left.

    Whoever else holds the row is sending it already. If the mail server refuses, the row stays waiting and
    the error is raised, for the caller to `postpone` it.
    """
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("notice__event", "notice__recipient")
        .filter(pk=delivery_id, state=Delivery.State.WAITING)
        .first()
    )
    if delivery is None:
        return False
    reason = _reason_to_skip(delivery.notice)
    if not reason:
        _mail(delivery.notice)
    delivery.state = Delivery.State.SKIPPED if reason else Delivery.State.SENT
    delivery.reason, delivery.settled_at = reason, timezone.now()
    delivery.save(update_fields=["state", "reason", "settled_at"])
    return not reason


@transaction.atomic
def postpone(delivery_id: int) -> bool:
    """Try again in 1, 2, 4 … minutes, with up to a quarter more so that a recovered server is not rushed.

    After the last try the notice on the site has to do. Says whether another try will come.
    """
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id, state=Delivery.State.WAITING).first()
    if delivery is None:
        return False
    delivery.attempts += 1
    if delivery.attempts > MOST_RETRIES:
        delivery.state, delivery.settled_at = Delivery.State.SKIPPED, timezone.now()
        delivery.reason = "the mail server did not take it"
    else:
        pause = FIRST_PAUSE * 2 ** (delivery.attempts - 1)
        delivery.due_at = timezone.now() + pause * random.uniform(1, 1.25)  # noqa: S311 - nothing secret
    delivery.save(update_fields=["attempts", "state", "settled_at", "reason", "due_at"])
    return delivery.state == Delivery.State.WAITING


def waiting_events(*, before: dt.datetime, limit: int) -> list[int]:
    """Ids of events that nobody has expanded since `before`, the oldest and the newest, half of `limit` each.

    An event that fails each time stays the oldest for ever; were there many, only the newest would still get through.
    """
    waiting = Event.objects.filter(expanded_at=None, created_at__lt=before)
    oldest = list(waiting.order_by("created_at", "id").values_list("pk", flat=True)[: limit // 2])
    newest = waiting.order_by("-created_at", "-id").values_list("pk", flat=True)[: limit - limit // 2]
    return list(dict.fromkeys([*oldest, *newest]))


def due_deliveries(*, before: dt.datetime, limit: int) -> list[int]:
    """Ids of deliveries that should have left by `before`; each is not named again for ten minutes."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lt=before).order_by("due_at", "id")
    due = list(waiting.values_list("pk", flat=True)[:limit])
    Delivery.objects.filter(pk__in=due).update(due_at=timezone.now() + SWEEP_AGAIN)
    return due


def _reason_to_skip(notice: Notice) -> str:
    recipient = notice.recipient
    if not recipient.is_active or not recipient.email:
        return "no address"
    if notice.read_at:
        return "read on the site"
    if not access.is_visible(notice, recipient):
        return "no longer visible to the member"
    return ""


def _mail(notice: Notice) -> None:
    """Neither subject nor text says what it is about, who wrote, or where (M12)."""
    kind = kinds.get(notice.event.kind)
    context = {
        "name": notice.recipient.username,
        "line": kind.mail_line if kind else "",
        "url": settings.SITE_URL + reverse("notice", args=[notice.public_id]),
        "SITE_NAME": settings.SITE_NAME,
    }
    mail = EmailMultiAlternatives(
        subject=_("You have an update"),
        body=render_to_string("notifications/update.txt", context),
        to=[notice.recipient.email],
        # The same id on every attempt lets the recipient's server drop a second copy.
        headers={"Message-ID": f"<{notice.public_id}@{_mail_domain()}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("notifications/update.html", context), "text/html")
    mail.send()


def _mail_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"


def mark_read(notice: Notice) -> bool:
    """Says whether it was unread."""
    return bool(Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now()))


def settle(notices: Sequence[Notice], *, shown: Collection[UUID]) -> bool:
    """Count as read those of `notices` that were not shown. Asks nothing when all were. Says whether any changed."""
    hidden = [notice.pk for notice in notices if notice.read_at is None and notice.public_id not in shown]
    if not hidden:
        return False
    return bool(Notice.objects.filter(pk__in=hidden, read_at=None).update(read_at=timezone.now()))


def mark_all_read(member: Member) -> bool:
    return bool(Notice.objects.filter(recipient=member, read_at=None).update(read_at=timezone.now()))
