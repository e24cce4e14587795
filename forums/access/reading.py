"""Finding the next thing to read: a post by its number, or one thread for somebody with little energy."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from forums.boundaries import of_row
from forums.models import BoardFollow, Level, Post, ReadMark, Thread, ThreadFollow, Viewer, Visibility, WaitingOffer
from forums.models.threads import ThreadQuerySet
from members.kept import lines_of
from members.models import Member

# How far back low-energy mode looks for something to read, when nobody waits.
NEWEST = 100
# So many titles are looked through for words that a member filters.
LOOKED_THROUGH = 100


def nearest(viewer: Viewer, thread: Thread, number: int) -> int:
    """The number of the post that `viewer` finds where they look for `number`: that one, else the next, else the last.

    One query, and one more beyond the end.
    """
    numbers = Post.objects.readable_by(viewer).filter(thread=thread).values_list("number", flat=True)
    found = numbers.filter(number__gte=number).order_by("number").first()
    return found or numbers.order_by("-number").first() or 1


def has_more(viewer: Viewer, thread: Thread, after: int) -> bool:
    """Whether there is a post behind number `after` that `viewer` can read. One query, none at the very end."""
    later = Post.objects.readable_by(viewer).filter(thread=thread, number__gt=after)
    return after < thread.last_number and later.exists()


@dataclass(frozen=True)
class Choice:
    """One thread to read next, and the number of the first new answer there; 1 where only the opening post is meant."""

    public_id: UUID
    first_new: int


def gentle_choice(member: Member, *, after: UUID | None = None) -> Choice | None:
    """What somebody in low-energy mode is shown next; None when they have seen it all.

    First what was answered where they write or follow, then who waits longest for a first reply, then what is
    newest. Nothing that they muted, folded or hid, nothing with words in its title that they filter, nothing they
    have opened before without news in it, and not the thread `after`, which they were just shown. Three queries at
    most.
    """
    threads = _calm(member)
    if after is not None:
        threads = threads.exclude(public_id=after)
    news = _first(member, _with_news(threads, member), "read")
    if news is not None:
        return Choice(news["public_id"], max(news["read"], 1) + 1)
    unopened = threads.exclude(author=member).filter(
        ~Exists(ReadMark.objects.filter(member=member, thread=OuterRef("pk"))), board__is_archived=False
    )
    found = _first(member, _longest_wait(unopened, member)) or _first(member, _newest(unopened))
    return Choice(found["public_id"], 1) if found else None


def _first(member: Member, threads: QuerySet[Thread], *fields: str) -> dict[str, Any] | None:
    """The first with no words in its title that `member` filters, of LOOKED_THROUGH for who filters any. One query."""
    rows: QuerySet[Thread, dict[str, Any]] = threads.values("public_id", "title", "author_id", "disguise", *fields)
    lines = lines_of(member)
    if not lines.filters:
        return rows.first()
    return next((row for row in rows[:LOOKED_THROUGH] if not of_row(lines, row, member)), None)


def _calm(member: Member) -> ThreadQuerySet:
    """Threads of lists that `member` neither muted nor wants folded."""
    of_thread = ThreadFollow.objects.filter(member=member, thread=OuterRef("pk")).values("level")
    of_board = BoardFollow.objects.filter(member=member, board=OuterRef("board_id")).values("level")
    unwanted = [*member.folded_notes, *member.hidden_notes]
    touches = Q(content_notes__overlap=unwanted) | Q(board__content_notes__overlap=unwanted)
    return (
        Thread.objects.listed_for(member)
        .heard_by(member)
        .filter(Q(author=member) | ~touches, visibility=Visibility.VISIBLE)
        .alias(level=Coalesce(Subquery(of_thread), Subquery(of_board), Value("")))
        .exclude(level=Level.MUTE)
    )


def _with_news(threads: ThreadQuerySet, member: Member) -> QuerySet[Thread]:
    """Those that are `member`'s or that they follow and in which somebody else wrote since, the latest words first.

    With how far `member` has read.
    """
    followed = ThreadFollow.objects.filter(member=member).exclude(level=Level.MUTE).values("thread")
    mark = ReadMark.objects.filter(member=member, thread=OuterRef("pk")).values("last_read_number")
    words = (
        Post.objects.readable_by(member)
        .heard_by(member)
        .filter(thread=OuterRef("pk"), number__gt=OuterRef("read"), visibility=Visibility.VISIBLE)
        .exclude(author=member)
    )
    mine = threads.filter(Q(author=member) | Q(pk__in=followed)).annotate(read=Coalesce(Subquery(mark), 0))
    return mine.filter(Exists(words), last_number__gt=F("read")).order_by("-last_post_at", "-id")


def _longest_wait(threads: ThreadQuerySet, member: Member) -> QuerySet[Thread]:
    """Who waits longest, less those whom somebody else is asked to answer at this moment."""
    others = WaitingOffer.objects.filter(thread=OuterRef("pk"), until__gt=timezone.now()).exclude(member=member)
    return threads.waiting().filter(~Exists(others)).order_by("created_at", "id")


def _newest(threads: ThreadQuerySet) -> QuerySet[Thread]:
    """Bounded, so that somebody who has read everything costs no more than anybody else."""
    newest = Thread.objects.order_by("-id").values("pk")[:NEWEST]
    open_ones = threads.filter(pk__in=newest, state__in=[Thread.State.OPEN, Thread.State.SLOW])
    return open_ones.order_by("-id")
