"""What readers do with threads and posts."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from forums.models.boards import Board
from forums.models.posts import Post
from forums.models.threads import Thread
from members.models import Member


class Reaction(models.Model):
    """Validation in one tap (M3). One of each kind a member and post; never counted in public (M4)."""

    class Kind(models.TextChoices):
        HEARD = "heard", _("I hear you")
        ME_TOO = "me_too", _("Me too")
        THINKING = "thinking", _("Thinking of you")
        HELPED = "helped", _("This helped")

    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="reactions")
    kind = models.CharField(max_length=10, choices=Kind)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager["Reaction"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member", "kind"], name="reaction_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["heard", "me_too", "thinking", "helped"]), name="reaction_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on post {self.post_id}"


class ReadMark(models.Model):
    """How far a member has read in a thread. Only ever raised."""

    pk = models.CompositePrimaryKey("member_id", "thread_id")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="+")
    last_read_number = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"read to {self.last_read_number}"


class Level(models.TextChoices):
    """How much a member hears of a thread or board."""

    ALL = "all", _("Everything")
    REPLIES = "replies", _("Replies to me")
    MUTE = "mute", _("Nothing")


class ThreadFollow(models.Model):
    pk = models.CompositePrimaryKey("member_id", "thread_id")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="+", db_index=False)
    level = models.CharField(max_length=10, choices=Level)

    objects: ClassVar[models.Manager["ThreadFollow"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=["all", "replies", "mute"]), name="threadfollow_level")
        ]
        indexes = [models.Index(fields=["thread", "level", "member"], name="threadfollow_in_order")]

    def __str__(self) -> str:
        return f"{self.level} of thread {self.thread_id}"


class BoardFollow(models.Model):
    pk = models.CompositePrimaryKey("member_id", "board_id")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, choices=Level)

    objects: ClassVar[models.Manager["BoardFollow"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=["all", "replies", "mute"]), name="boardfollow_level")
        ]
        indexes = [models.Index(fields=["board", "level", "member"], name="boardfollow_in_order")]

    def __str__(self) -> str:
        return f"{self.level} of board {self.board_id}"


class Bookmark(models.Model):
    """A post that a member wants to find again, with a note that nobody else reads."""

    NOTE_MAX = 500

    member = models.ForeignKey(Member, models.CASCADE, related_name="bookmarks")
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager["Bookmark"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "post"], name="bookmark_once")]
        indexes = [models.Index(fields=["member", "-id"], name="bookmark_newest")]

    def __str__(self) -> str:
        return f"bookmark of post {self.post_id}"
