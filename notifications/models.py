"""Outbox, notices, deliveries: what happened, whom it concerns, how they were told."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import UUID7, Now

from members.models import Member


class Event(models.Model):
    """One thing that happened, written in the transaction in which it happened (the outbox)."""

    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    target_id = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expanded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "target_id"], name="event_once")]
        indexes = [
            models.Index(fields=["created_at", "id"], condition=models.Q(expanded_at=None), name="event_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"


class Notice(models.Model):
    """One event for one member. Created at most once, however often the event is expanded."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    event = models.ForeignKey(Event, models.CASCADE, related_name="notices")
    recipient = models.ForeignKey(Member, models.CASCADE, related_name="notices")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "recipient"], name="notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_newest"),
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Delivery(models.Model):
    """One notice on one channel. Sent at most once, and every one that is not sent says why."""

    class Channel(models.TextChoices):
        EMAIL = "email", "e-mail"

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        SKIPPED = "skipped", "skipped"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # When the sweep may pick it up: at once, or later after a mail server refused it.
    due_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Delivery"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="waiting"), name="delivery_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} for notice {self.notice_id}"
