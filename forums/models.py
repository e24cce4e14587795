"""Boards, threads, posts, and what readers do with them."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Block, Member

if TYPE_CHECKING:
    from collections.abc import Sequence

Viewer = Member | AnonymousUser

BODY_MAX = 20_000
TITLE_MAX = 120


class SupportType(models.TextChoices):
    """What the author asks for (M2). Shown above the reply box."""

    LISTENING = "listening", _("Just listening")
    EXPERIENCES = "experiences", _("Similar experiences")
    IDEAS = "ideas", _("Ideas welcome")
    WIN = "win", _("A small win")

    @property
    def meaning(self) -> str:
        return str(_MEANINGS[self])


_MEANINGS = {
    SupportType.LISTENING: _("Advice was not asked for. Being heard is enough."),
    SupportType.EXPERIENCES: _("Tell what it was like for you, if you know this."),
    SupportType.IDEAS: _("Suggestions are welcome, one or two at a time."),
    SupportType.WIN: _("Something went a little better. Be glad with them."),
}


class ContentNote(models.TextChoices):
    """Neutral notes on what a thread touches (M8). They describe; they do not claim to protect."""

    SELF_HARM = "self-harm", _("Self-harm")
    SUICIDE = "suicide", _("Suicide")
    EATING = "eating", _("Eating")
    ABUSE = "abuse", _("Abuse")
    LOSS = "loss", _("Loss")
    SUBSTANCE_USE = "substance-use", _("Substance use")


class Visibility(models.TextChoices):
    """Who reads a thread or post. Held ones wait for a moderator; hidden and removed ones fold into a tombstone."""

    VISIBLE = "visible", _("visible")
    HELD = "held", _("held")
    HIDDEN = "hidden", _("hidden")
    REMOVED = "removed", _("removed")


def _is_moderator(viewer: Viewer) -> bool:
    return isinstance(viewer, Member) and viewer.is_moderator


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, viewer: Viewer) -> "BoardQuerySet":
        if not isinstance(viewer, Member):
            return self.filter(audience=Board.Audience.EVERYONE)
        if viewer.is_moderator or viewer.is_staff:
            return self
        return self.exclude(audience=Board.Audience.STAFF)


class Board(models.Model):
    class Audience(models.TextChoices):
        MEMBERS = "members", _("members")
        EVERYONE = "everyone", _("everyone")
        STAFF = "staff", _("staff")

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300)
    guidelines = models.TextField(blank=True)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.MEMBERS)
    position = models.PositiveSmallIntegerField(default=0)
    is_archived = models.BooleanField(default=False)

    objects = BoardQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("board", args=[self.slug])


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, viewer: Viewer) -> "ThreadQuerySet":
        """What `viewer` may see: their boards, nobody on the other side of a block, nothing held or hidden.

        Authors keep seeing their own; moderators see all, blocks included, so that nobody can hide from them.
        """
        threads = self.filter(board__in=Board.objects.visible_to(viewer))
        if not isinstance(viewer, Member):
            return threads.filter(visibility=Visibility.VISIBLE)
        if viewer.is_moderator:
            return threads
        return threads.filter(Q(visibility=Visibility.VISIBLE) | Q(author=viewer)).exclude(
            author__in=Block.objects.ids_around(viewer)
        )

    def waiting(self) -> "ThreadQuerySet":
        """Threads that nobody but their author has answered, though a reply was wished for."""
        return self.filter(
            answered_at=None,
            visibility=Visibility.VISIBLE,
            no_reply_needed=False,
            state=Thread.State.OPEN,
        )


class Thread(models.Model):
    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("thread", "open")
        LOCKED = "locked", pgettext_lazy("thread", "locked")

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    board = models.ForeignKey(Board, models.PROTECT, related_name="threads")
    author = models.ForeignKey(Member, models.PROTECT, related_name="threads")
    title = models.CharField(max_length=TITLE_MAX)
    slug = models.SlugField(max_length=60)
    support_type = models.CharField(max_length=12, choices=SupportType)
    content_notes = ArrayField(models.CharField(max_length=20, choices=ContentNote), default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.VISIBLE)
    no_reply_needed = models.BooleanField(default=False)
    pinned_until = models.DateTimeField(null=True, blank=True)
    last_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    last_post_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(support_type__in=SupportType.values), name="thread_support_type"),
            models.CheckConstraint(
                condition=models.Q(content_notes__contained_by=ContentNote.values),
                name="thread_content_notes",
            ),
        ]
        indexes = [
            models.Index(fields=["board", "-last_post_at", "-id"], name="thread_board_recent"),
            models.Index(
                fields=["created_at", "id"],
                condition=models.Q(answered_at=None, visibility="visible", no_reply_needed=False, state="open"),
                name="thread_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def slug_for(title: str) -> str:
        return slugify(title)[:60].rstrip("-") or "thread"

    def get_absolute_url(self) -> str:
        return reverse("thread", args=[self.public_id, self.slug])

    @property
    def support(self) -> SupportType:
        return SupportType(self.support_type)

    @property
    def note_labels(self) -> "Sequence[str]":
        return [str(ContentNote(note).label) for note in self.content_notes]

    @property
    def is_closed(self) -> bool:
        """Whether nobody can reply any more. Reads the board."""
        return self.state == Thread.State.LOCKED or self.board.is_archived


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, viewer: Viewer) -> "PostQuerySet":
        """Posts in threads of `Thread.visible_to`, less what is held for others and less blocked people's.

        Hidden and removed posts stay in the list: their number is kept and they fold into a tombstone.
        """
        posts = self.filter(thread__in=Thread.objects.visible_to(viewer))
        return posts.readable_by(viewer)

    def readable_by(self, viewer: Viewer) -> "PostQuerySet":
        """The same for posts of a thread that is already known to be visible: no look at threads and boards."""
        if not isinstance(viewer, Member):
            return self.exclude(visibility=Visibility.HELD)
        if viewer.is_moderator:
            return self
        return self.exclude(~Q(author=viewer), visibility=Visibility.HELD).exclude(
            author__in=Block.objects.ids_around(viewer)
        )


class Post(models.Model):
    """One message. Numbered 1..n in its thread without gaps; the opening post is number 1."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="posts")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Member, models.PROTECT, related_name="posts")
    body = models.TextField(max_length=BODY_MAX)
    body_html = models.TextField()
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.VISIBLE)
    reply_to = models.PositiveIntegerField(null=True, blank=True)
    # Made when the form was shown: a double click or a resent form finds the post that is already there.
    submission = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())

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
        ]

    def __str__(self) -> str:
        return f"post {self.number} of thread {self.thread_id}"


class Reaction(models.Model):
    """Validation in one tap (M3). One of each kind a member and post; never counted in public (M4)."""

    class Kind(models.TextChoices):
        HEARD = "heard", _("I hear you")
        ME_TOO = "me_too", _("Me too")
        THINKING = "thinking", _("Thinking of you")
        HELPED = "helped", _("This helped")

    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions")
    member = models.ForeignKey(Member, models.CASCADE, related_name="reactions")
    kind = models.CharField(max_length=10, choices=Kind)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager["Reaction"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member", "kind"], name="reaction_once")]

    def __str__(self) -> str:
        return f"{self.kind} on post {self.post_id}"


class ReadMark(models.Model):
    """How far a member has read in a thread. Only ever raised."""

    pk = models.CompositePrimaryKey("member_id", "thread_id")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="+")
    last_read_number = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"read to {self.last_read_number}"
