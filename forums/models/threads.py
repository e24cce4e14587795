"""Threads: what somebody asks for, and in what state it is."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import notes
from core.addresses import with_slug
from core.notes import ContentNote
from forums.models.boards import Board, Viewer
from members.kept import draws_lines
from members.models import Block, Member, Mute

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE_MAX = 120


class SupportType(models.TextChoices):
    """What the author asks for (M2). Shown above the reply box."""

    LISTENING = "listening", _("Just listening")
    EXPERIENCES = "experiences", _("Similar experiences")
    IDEAS = "ideas", _("Ideas welcome")
    WIN = "win", _("A small win")

    @property
    def meaning(self) -> str:
        """For whoever answers."""
        return str(_MEANINGS[self])

    @property
    def wish(self) -> str:
        """The same for its author."""
        return str(_WISHES[self])


_MEANINGS = {
    SupportType.LISTENING: _("Advice was not asked for. Being heard is enough."),
    SupportType.EXPERIENCES: _("Tell what it was like for you, if you know this."),
    SupportType.IDEAS: _("Suggestions are welcome, one or two at a time."),
    SupportType.WIN: _("Something went a little better. Be glad with them."),
}


_WISHES = {
    SupportType.LISTENING: _("You would like to be heard. Nobody needs to solve anything."),
    SupportType.EXPERIENCES: _("You would like to hear from people who know this."),
    SupportType.IDEAS: _("Suggestions are welcome, one or two at a time."),
    SupportType.WIN: _("Something went a little better, and you want to share it."),
}


class Visibility(models.TextChoices):
    """Who reads a thread or post. Held ones wait for a moderator; the others but the first fold into a tombstone.

    What a folded tombstone covers its author and moderators still read.
    """

    VISIBLE = "visible", _("visible")
    HELD = "held", _("held")
    HIDDEN = "hidden", _("hidden")
    REMOVED = "removed", _("removed")
    # Taken back by their author.
    WITHDRAWN = "withdrawn", _("taken back by the author")
    # Kept from readers by reports until a moderator looks: nothing was decided. Posts only.
    FOLDED = "folded", _("folded until a moderator looks")
    # Stands now in another thread, which the tombstone leads to. Posts only.
    MOVED = "moved", _("moved")


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, viewer: Viewer) -> "ThreadQuerySet":
        """What `viewer` may see: their boards, nobody on the other side of a block, nothing held or hidden.

        Authors keep seeing their own; moderators see all, blocks included, so that nobody can hide from them.
        A disguised author's thread stays: if it vanished with a block, a block would tell who wrote it.
        """
        threads = self.filter(board__in=Board.objects.visible_to(viewer), merged_into=None)
        if not isinstance(viewer, Member):
            return threads.filter(visibility=Visibility.VISIBLE)
        if viewer.is_moderator:
            return threads
        return threads.filter(Q(visibility=Visibility.VISIBLE) | Q(author=viewer)).exclude(
            disguise=None, author__in=Block.objects.ids_around(viewer)
        )

    def listed_for(self, viewer: Viewer) -> "ThreadQuerySet":
        """What `viewer` may see, less what they chose not to meet in lists, search and news (M8).

        By its own address such a thread opens folded. One's own threads are always listed.
        """
        threads = self.visible_to(viewer)
        if not isinstance(viewer, Member) or not viewer.hidden_notes:
            return threads
        unwanted = Q(content_notes__overlap=viewer.hidden_notes) | Q(board__content_notes__overlap=viewer.hidden_notes)
        return threads.filter(~unwanted | Q(author=viewer))

    def heard_by(self, viewer: Viewer) -> "ThreadQuerySet":
        """Less what somebody started whom `viewer` muted, for news and for what is offered. Not behind a disguise."""
        if not draws_lines(viewer):
            return self
        return self.exclude(disguise=None, author__in=Mute.objects.filter(muter=viewer).values("muted"))

    def waiting(self) -> "ThreadQuerySet":
        """Threads that nobody but their author has answered, though a reply was wished for."""
        return self.wanting_a_reply().filter(answered_at=None)

    def wanting_a_reply(self) -> "ThreadQuerySet":
        """Threads in which a reply is wished for and can be given, answered or not. Looks at no board."""
        return self.filter(
            visibility=Visibility.VISIBLE,
            no_reply_needed=False,
            state__in=[Thread.State.OPEN, Thread.State.SLOW],
            merged_into=None,
        )


class Thread(models.Model):
    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("thread", "open")
        SLOW = "slow", pgettext_lazy("thread", "slow mode")
        LOCKED = "locked", pgettext_lazy("thread", "locked")
        ARCHIVED = "archived", pgettext_lazy("thread", "archived")

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    board = models.ForeignKey(Board, models.PROTECT, related_name="threads", db_index=False)
    author = models.ForeignKey(Member, models.PROTECT, related_name="threads", db_index=False)
    # Set when the thread is anonymous to members: the number of the name that its author has here and nowhere else.
    disguise = models.PositiveIntegerField(null=True, blank=True, editable=False)
    title = models.CharField(max_length=TITLE_MAX)
    slug = models.SlugField(max_length=60, db_index=False)
    support_type = models.CharField(max_length=12, choices=SupportType)
    content_notes = ArrayField(models.CharField(max_length=20, choices=ContentNote), default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    # In slow mode, how long each person waits between two replies here.
    slow_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.VISIBLE)
    no_reply_needed = models.BooleanField(default=False)
    pinned_until = models.DateTimeField(null=True, blank=True)
    closing_asked_at = models.DateTimeField(null=True, blank=True)
    last_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    last_post_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True, blank=True)
    # Whether the last visible post is the author's own: then it is the others' turn.
    author_wrote_last = models.BooleanField(default=True)
    # A merged thread leads to where its posts went: number n became `merged_offset` + n there.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    merged_offset = models.PositiveIntegerField(default=0)
    # The title of a thread whose author took the opening post back, until that is final.
    title_before = models.CharField(max_length=TITLE_MAX, blank=True)

    # Where a page was opened: a mark of all that the database said of it, its board and its author (core.built.Found).
    made_from: bytes = b""

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(support_type__in=SupportType.values), name="thread_support_type"),
            models.CheckConstraint(
                condition=models.Q(content_notes__contained_by=ContentNote.values),
                name="thread_content_notes",
            ),
            models.CheckConstraint(
                condition=models.Q(state="slow", slow_minutes__gte=1)
                | (models.Q(state__in=["open", "locked", "archived"], slow_minutes=None)),
                name="thread_slow_has_minutes",
            ),
            models.CheckConstraint(
                condition=models.Q(visibility__in=["visible", "held", "hidden", "removed", "withdrawn"]),
                name="thread_visibility",
            ),
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("id")), name="thread_not_into_itself"),
        ]
        indexes = [
            models.Index(fields=["board", "-last_post_at", "-id"], name="thread_board_recent"),
            models.Index(fields=["board", "support_type", "-last_post_at", "-id"], name="thread_board_support_recent"),
            models.Index(fields=["author", "-last_post_at", "-id"], name="thread_author_recent"),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="thread_merged_into"
            ),
            models.Index(
                fields=["board", "-pinned_until", "-id"],
                condition=models.Q(pinned_until__isnull=False),
                name="thread_board_pinned",
            ),
            models.Index(
                fields=["created_at", "id"],
                condition=models.Q(
                    answered_at=None,
                    visibility="visible",
                    no_reply_needed=False,
                    state__in=["open", "slow"],
                    merged_into=None,
                ),
                name="thread_waiting_reply",
            ),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="thread_title_trigrams"),
        ]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def slug_for(title: str) -> str:
        slug = slugify(title)[:60].rstrip("-")
        # A word by itself could be the address of one of the thread's other pages.
        return slug if "-" in slug else f"thread-{slug[:50]}".rstrip("-")

    def get_absolute_url(self) -> str:
        return with_slug("thread", self.public_id, self.slug)

    @property
    def support(self) -> SupportType:
        return SupportType(self.support_type)

    @property
    def all_notes(self) -> "Sequence[str]":
        """The thread's own content notes and its board's. Reads the board."""
        return [*self.content_notes, *self.board.content_notes]

    @property
    def note_labels(self) -> "Sequence[str]":
        return notes.labels(self.all_notes)

    @property
    def is_anonymous(self) -> bool:
        return self.disguise is not None

    @property
    def is_closed(self) -> bool:
        """Whether nobody can reply any more. Reads the board."""
        withdrawn = self.visibility == Visibility.WITHDRAWN
        return withdrawn or self.state in (Thread.State.LOCKED, Thread.State.ARCHIVED) or self.board.is_archived


class WaitingOffer(models.Model):
    """The waiting thread that one helper is shown first, so that others are shown another one meanwhile."""

    thread = models.OneToOneField(Thread, models.CASCADE, primary_key=True, related_name="+")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    objects: ClassVar[models.Manager["WaitingOffer"]] = models.Manager()

    def __str__(self) -> str:
        return f"offer of thread {self.thread_id} until {self.until}"
