"""Posts and their earlier texts."""

from typing import ClassVar

from django.db import models
from django.db.models import ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import UUID7, Now

from forums.models.boards import Viewer
from forums.models.threads import TITLE_MAX, Thread, Visibility
from members.kept import draws_lines
from members.models import Block, Member, Mute

BODY_MAX = 20_000


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, viewer: Viewer) -> "PostQuerySet":
        """Posts in threads of `Thread.visible_to`, less what is held for others and less blocked people's.

        Hidden, removed, withdrawn and moved posts stay in the list: their number is kept and they fold into
        a tombstone.
        """
        posts = self.filter(thread__in=Thread.objects.visible_to(viewer))
        return posts.readable_by(viewer)

    def readable_by(self, viewer: Viewer) -> "PostQuerySet":
        """The same for posts of a thread that is already known to be visible: no look at boards.

        What the disguised author of a thread writes in it stays, whoever blocked whom; see `Thread.visible_to`.
        """
        if not isinstance(viewer, Member):
            return self.exclude(visibility=Visibility.HELD)
        if viewer.is_moderator:
            return self
        return self.exclude(~Q(author=viewer), visibility=Visibility.HELD).filter(
            ~Q(author__in=Block.objects.ids_around(viewer)) | self._disguised()
        )

    def heard_by(self, viewer: Viewer) -> "PostQuerySet":
        """Less what somebody wrote whom `viewer` muted, for news and for what is offered. Not behind a disguise."""
        if not draws_lines(viewer):
            return self
        return self.filter(~Q(author__in=Mute.objects.filter(muter=viewer).values("muted")) | self._disguised())

    def of_outer_thread(self) -> "PostQuerySet":
        """Those of each thread of a query that this is a part of. What the thread's row says is not asked anew."""
        outer = {
            f"outer_{name}": ExpressionWrapper(OuterRef(name), output_field=models.BigIntegerField())
            for name in ("disguise", "author_id")
        }
        return self.filter(thread=OuterRef("pk")).alias(**outer)

    def _disguised(self) -> Q:
        if "outer_disguise" in self.query.annotations:
            return Q(outer_disguise__isnull=False, author=F("outer_author_id"))
        return Q(thread__disguise__isnull=False, author=F("thread__author"))


class Post(models.Model):
    """One message. Numbered 1..n in its thread without gaps; the opening post is number 1."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="posts", db_index=False)
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Member, models.PROTECT, related_name="posts", db_index=False)
    body = models.TextField(max_length=BODY_MAX, blank=True)
    body_html = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.VISIBLE)
    reply_to = models.PositiveIntegerField(null=True, blank=True)
    # Made when the form was shown: a double click or a resent form finds the post that is already there.
    submission = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    # Raised with every change of the words, so that of two edits made at once the second is told of the first.
    version = models.PositiveIntegerField(default=1)
    # The last change after the grace time; within it a change shows no mark.
    edited_at = models.DateTimeField(null=True, blank=True)
    # When the thread's author thanked for this reply. Only the two of them see it (M4).
    thanked_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    moved_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    # Whether its author has other words in a draft there, as it was when it was made; None where nobody looked.
    leaves_draft: bool | None = None

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="post_number"),
            models.UniqueConstraint(fields=["author", "submission"], name="post_submitted_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="post_number_from_one"),
            models.CheckConstraint(
                condition=models.Q(reply_to=None) | models.Q(reply_to__gte=1, reply_to__lt=models.F("number")),
                name="post_answers_an_earlier_one",
            ),
            models.CheckConstraint(condition=models.Q(visibility__in=Visibility.values), name="post_visibility"),
            models.CheckConstraint(
                condition=models.Q(visibility="moved", moved_to__isnull=False)
                | (~models.Q(visibility="moved") & models.Q(moved_to=None)),
                name="post_moved_somewhere",
            ),
            models.CheckConstraint(
                condition=~models.Q(visibility="withdrawn") | models.Q(withdrawn_at__isnull=False),
                name="post_withdrawn_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-created_at", "-id"], name="post_author_recent"),
            models.Index(fields=["moved_to"], condition=models.Q(moved_to__isnull=False), name="post_moved_to"),
            models.Index(
                fields=["withdrawn_at", "id"],
                condition=models.Q(visibility="withdrawn") & ~models.Q(body=""),
                name="post_to_erase",
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.number} of thread {self.thread_id}"


class PostRevision(models.Model):
    """The words of a post before one of its edits. `version` is the version that they were."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    # Of an opening post: its thread's at that time.
    title = models.CharField(max_length=TITLE_MAX, blank=True)
    body = models.TextField()
    # Whether readers may compare it: not for slips that were mended within the grace time.
    is_public = models.BooleanField()
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["PostRevision"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "version"], name="revision_once")]

    def __str__(self) -> str:
        return f"version {self.version} of post {self.post_id}"
