"""What members take with them, and how they go (M12)."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _

from members.models.member import Member


class Export(models.Model):
    """Everything that is stored about a member, asked for, made by a task, and deleted a week later."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    member = models.ForeignKey(Member, models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    ready_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    # Its name in EXPORT_DIR; "" before it is ready and after it was deleted.
    file = models.CharField(max_length=80, blank=True, default="", db_default="")
    size = models.PositiveBigIntegerField(null=True, blank=True)

    objects: ClassVar[models.Manager["Export"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(ready_at=None, failed_at=None), name="export_one_at_once"
            )
        ]
        indexes = [models.Index(fields=["member", "-id"], name="export_newest")]

    def __str__(self) -> str:
        return f"export {self.pk}"


class Leaving(models.Model):
    """That a member leaves: the name is gone at once, the rest for good when `due_at` comes and it was not undone."""

    class Way(models.TextChoices):
        KEEP_WORDS = "keep", _("Keep my words, without my name")
        REMOVE_WORDS = "words", _("Remove my words")
        REMOVE_ALL = "all", _("Remove everything")

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    member = models.ForeignKey(Member, models.PROTECT, related_name="leavings")
    way = models.CharField(max_length=10, choices=Way)
    # What comes back if they stay; "" once it is too late for that, or was undone.
    name_before = models.CharField(max_length=30, blank=True)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # When the mail left that says until when they can take it back, with the link for that.
    told_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Leaving"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(undone_at=None, finished_at=None), name="leaving_one_at_once"
            ),
            models.CheckConstraint(condition=models.Q(way__in=["keep", "words", "all"]), name="leaving_way"),
            models.CheckConstraint(
                condition=models.Q(undone_at=None) | models.Q(finished_at=None), name="leaving_undone_or_finished"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(undone_at=None, finished_at=None), name="leaving_due")
        ]

    def __str__(self) -> str:
        return f"leaving {self.pk}"
