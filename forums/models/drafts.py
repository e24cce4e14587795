"""Words that are not posted yet."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import UUID7, Now

from forums.models.boards import Board
from forums.models.threads import Thread
from members.models import Member


class Draft(models.Model):
    """A reply that one member writes in a thread, or a thread that they write in a board; one of each (M12)."""

    # Twice the longest post: what is too long to post is still kept.
    BODY_MAX = 40_000

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    member = models.ForeignKey(Member, models.CASCADE, related_name="drafts", db_index=False)
    board = models.ForeignKey(Board, models.CASCADE, null=True, blank=True, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, null=True, blank=True, related_name="+")
    body = models.TextField(blank=True)
    # The form's other fields as they were: title, support type, notes, reply to …
    fields = models.JSONField(default=dict, blank=True)
    # Raised with every save. A save names the number that it builds on, so a stale tab overwrites nothing.
    sequence = models.PositiveIntegerField(default=1)
    # Of the form that it is typed in; once that is posted, a late save brings no ghost back.
    submission = models.UUIDField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager["Draft"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "thread"], name="draft_one_a_thread"),
            models.UniqueConstraint(fields=["member", "board"], name="draft_one_a_board"),
            models.CheckConstraint(
                condition=models.Q(board=None, thread__isnull=False) | models.Q(board__isnull=False, thread=None),
                name="draft_for_board_or_thread",
            ),
        ]
        indexes = [models.Index(fields=["member", "-updated_at", "-id"], name="draft_newest")]

    def __str__(self) -> str:
        return f"draft {self.pk}"
