"""Digests, and what came back from mail servers."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now

from members.models import Member
from notifications.models.sending import Sending


class Digest(Sending):
    """One member's digest of one local day. At most one a day, whatever is retried."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    member = models.ForeignKey(Member, models.CASCADE, related_name="digests")
    day = models.DateField()
    # What happened before was told in the one before.
    since = models.DateTimeField(db_default=Now())
    # Says that no more will come until the member returns.
    is_goodbye = models.BooleanField(default=False, db_default=False)

    objects: ClassVar[models.Manager["Digest"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "day"], name="digest_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="digest_waiting"),
            models.Index(fields=["member", "-id"], name="digest_latest"),
            models.Index(fields=["settled_at"], name="digest_settled"),
        ]

    def __str__(self) -> str:
        return f"digest {self.pk}"


class Return(models.Model):
    """A mail that came back, or that somebody complained about at their provider."""

    class Kind(models.TextChoices):
        SOFT = "soft", "could not be delivered for now"
        HARD = "hard", "cannot be delivered"
        COMPLAINT = "complaint", "marked as unwanted"

    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    # Of the report, so that the same report counts once: its Message-ID or the provider's event id, hashed.
    mark = models.CharField(max_length=64, unique=True)
    # Three numbers (RFC 3463), such as 5.1.1; "" where the report has none. Never the text, which may name people.
    status = models.CharField(max_length=11, blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["Return"]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["member", "-id"], name="return_of")]

    def __str__(self) -> str:
        return f"{self.kind} of member {self.member_id}"
