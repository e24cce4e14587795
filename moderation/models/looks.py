"""What staff saw of a member that others cannot."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.models import Member
from moderation.models.record import AuditEntry

REASON_MAX = 500


class Look(models.Model):
    """Beside the row in the log, which does not say whose it was: read there, that would be another look.

    What is told to the member; rows are not changed.
    """

    class Door(models.TextChoices):
        AUTHOR = "author", _("who wrote under another name")
        ASKER = "asker", _("who asked a question without a name")
        VERSIONS = "versions", _("earlier versions of a post")
        ADDRESS = "address", _("their e-mail address")
        SESSIONS = "sessions", _("where they are signed in")
        FILTERS = "filters", _("what they would rather not meet: words and content notes")
        MAILS = "mails", _("what became of their mails")

    member = models.ForeignKey(Member, models.PROTECT, related_name="looks_at")
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="look")
    door = models.CharField(max_length=10, choices=Door)
    # "" where the work itself is the reason: reading a post that somebody has to decide about.
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    looked_at = models.DateTimeField(db_default=Now(), editable=False)
    # Not told before this day, where the law says so.
    withheld_until = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager["Look"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(door__in=["author", "asker", "versions", "address", "sessions", "filters", "mails"]),
                name="look_door",
            )
        ]
        indexes = [models.Index(fields=["member", "-id"], name="look_member")]

    def __str__(self) -> str:
        return f"look {self.pk}"
