"""Outbox, notices, deliveries: what happened, whom it concerns, how they were told."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now

from members.models import Member
from notifications.models.sending import Sending


class Event(models.Model):
    """One thing that happened, written in the transaction in which it happened (the outbox)."""

    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    target_id = models.BigIntegerField()
    # What the target belongs to, such as its thread: unread news of one kind in one group are one row on the page.
    group_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expanded_at = models.DateTimeField(null=True, blank=True)
    # The highest id of those who have their notice: whoever goes on after a dead worker goes on from here.
    reached = models.BigIntegerField(default=0, db_default=0)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Left alone by the sweep until then: it is on its way, or failed a moment ago.
    due_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "target_id"], name="event_once")]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(expanded_at=None), name="event_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"


class Notice(models.Model):
    """One event for one member. Created at most once, however often the event is expanded."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    event = models.ForeignKey(Event, models.CASCADE, related_name="notices")
    recipient = models.ForeignKey(Member, models.CASCADE, related_name="notices")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True, blank=True)
    # To be told in the next digest, if it is still unread then.
    in_digest = models.BooleanField(default=False, db_default=False)
    # Goes on while its recipient is stepping back (decisions, the account's safety).
    presses = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "recipient"], name="notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_newest"),
            models.Index(fields=["recipient", "-id"], condition=Q(read_at=None), name="notice_new"),
            models.Index(fields=["recipient", "-id"], condition=Q(read_at__isnull=False), name="notice_seen"),
            models.Index(fields=["recipient"], condition=Q(read_at=None, presses=True), name="notice_presses"),
            models.Index(fields=["recipient", "-id"], condition=Q(read_at=None, in_digest=True), name="notice_digest"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Delivery(Sending):
    """One notice on one channel. Sent at most once, and every one that is not sent says why."""

    class Channel(models.TextChoices):
        EMAIL = "email", "e-mail"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)

    objects: ClassVar[models.Manager["Delivery"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["settled_at"], name="delivery_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} for notice {self.notice_id}"
