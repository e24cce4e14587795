"""Lists of threads: a board's, those that wait, those that one follows, one's own."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, Lookup, OuterRef, PositiveIntegerField, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.pagination import Page, keyset_page
from forums.access.threads import THREAD_ROW
from forums.boundaries import met, met_page
from forums.models import (
    Board,
    BoardFollow,
    Level,
    Post,
    ReadMark,
    SupportType,
    Thread,
    ThreadFollow,
    Viewer,
    Visibility,
    WaitingOffer,
)
from forums.models.threads import ThreadQuerySet
from members.kept import lines_of
from members.models import Block, Member

THREADS_A_PAGE = 25
PINNED_AT_MOST = 5
# A thread that nobody has answered for so long is shown to the moderators (care.md, M3).
LONG_WAIT = dt.timedelta(hours=12)
# How long after its last post a thread whose answers its author cannot see is still looked for.
UNHEARD_FOR = dt.timedelta(days=30)
# More of the longest waits than anybody passes over.
_LOOKED_THROUGH = 100


# --- boards ---------------------------------------------------------------------------------------------------


def threads_page(
    viewer: Viewer,
    board: Board,
    cursor: str | None,
    *,
    support_type: SupportType | None = None,
    leave_out: Collection[int] = (),
) -> Page[dict[str, Any]]:
    """Threads of a board as dicts, the latest words first. One query, the same on every page."""
    threads = _of_board(viewer, board, support_type).exclude(pk__in=leave_out).values(*THREAD_ROW)
    page = keyset_page(threads, order=["-last_post_at", "-id"], size=THREADS_A_PAGE, cursor=cursor)
    return met_page(viewer, page)


def pinned_threads(
    viewer: Viewer, board: Board, *, support_type: SupportType | None = None
) -> Sequence[dict[str, Any]]:
    """Threads that are pinned now, the latest ending first; at most PINNED_AT_MOST. One query."""
    pinned = _of_board(viewer, board, support_type).filter(pinned_until__gt=timezone.now())
    return met(viewer, pinned.order_by("-pinned_until", "-id").values(*THREAD_ROW)[:PINNED_AT_MOST])


def _of_board(viewer: Viewer, board: Board, support_type: SupportType | None) -> ThreadQuerySet:
    threads = Thread.objects.listed_for(viewer).filter(board=board)
    return threads.filter(support_type=support_type) if support_type else threads


def boards_with_news(member: Member) -> Sequence[tuple[Board, bool]]:
    """The boards that `member` may open, in order, and whether something is unread among their latest threads.

    Two queries, which look no further into a board than THREADS_A_PAGE threads, however large it is. Muted boards
    and threads have no news.
    """
    muted = BoardFollow.objects.filter(member=member, level=Level.MUTE).values("board_id")
    latest = Thread.objects.listed_for(member).filter(board=OuterRef("pk")).exclude(board__in=muted)
    latest = latest.order_by("-last_post_at", "-id")
    boards = (
        Board.objects.visible_to(member)
        .filter(is_archived=False)
        .annotate(latest=ArraySubquery(latest.values("pk")[:THREADS_A_PAGE]))
        .order_by("position", "id")
    )
    found: list[tuple[Board, list[int]]] = [(board, getattr(board, "latest", [])) for board in boards]
    # Asked by id and not in one with the boards: PostgreSQL would compare every thread with every post.
    marks = marks_for(member, [pk for _board, threads in found for pk in threads])
    return [(board, any(marks[pk].has_news for pk in threads)) for board, threads in found]


# --- how one member stands to the threads of a list -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """`last_read` is None in a thread that the member never opened."""

    last_read: int | None
    has_unread: bool
    level: Level | None
    board_level: Level | None = None

    @property
    def has_news(self) -> bool:
        """A choice for the thread itself counts before that for its board."""
        return self.has_unread and (self.level or self.board_level) != Level.MUTE


def marks_for(member: Member, thread_ids: Collection[int]) -> Mapping[int, Mark]:
    """The marks of one page's threads. One query, and a look into the index of posts for each thread."""
    mark = ReadMark.objects.filter(member=member, thread=OuterRef("pk")).values("last_read_number")
    level = ThreadFollow.objects.filter(member=member, thread=OuterRef("pk")).values("level")
    board_level = BoardFollow.objects.filter(member=member, board=OuterRef("board_id")).values("level")
    found = (
        Thread.objects.filter(pk__in=thread_ids)
        .alias(read_to=read_to(member))
        .values_list("pk", Subquery(mark), _has_unread(member), Subquery(level), Subquery(board_level))
    )
    return {
        pk: Mark(number, unread, Level(own) if own else None, Level(of_board) if of_board else None)
        for pk, number, unread, own, of_board in found
    }


def read_to(member: Member) -> Coalesce:
    """How far a thread counts as read: what began before they came and was never opened is not news."""
    mark = ReadMark.objects.filter(member=member, thread=OuterRef("pk")).values("last_read_number")
    nothing = Value(0, output_field=PositiveIntegerField())
    return Coalesce(Subquery(mark), Case(When(created_at__gt=member.joined_at, then=nothing), default=F("last_number")))


def _has_unread(member: Member) -> Exists:
    """Whether others wrote something beyond `read_to` that `member` can read.

    Asking the posts, and not only their last number, keeps a thread calm whose newest post is held or a blocked
    person's: nothing new can be found there.
    """
    posts = Post.objects.readable_by(member).filter(
        thread=OuterRef("pk"), number__gt=OuterRef("read_to"), visibility=Visibility.VISIBLE
    )
    return Exists(posts.heard_by(member).exclude(author=member))


# --- waiting for a reply ----------------------------------------------------------------------------------------


def waiting_for(viewer: Viewer) -> ThreadQuerySet:
    """Threads that wait for a first reply which `viewer` could give. Not their own, and not what they muted.

    For moderators neither a mute nor a hidden content note leaves anybody out: they see who waits for long, and of
    whom every answer is kept away.
    """
    if not isinstance(viewer, Member):
        return Thread.objects.listed_for(viewer).waiting().filter(board__is_archived=False)
    if viewer.is_moderator:
        return unheard_threads(Thread.objects.visible_to(viewer)).exclude(author=viewer)
    return _audible(viewer).waiting().filter(board__is_archived=False).exclude(author=viewer)


def unheard_threads(threads: ThreadQuerySet | None = None) -> ThreadQuerySet:
    """Those among `threads` whose authors see no answer: nobody gave one, or a block keeps all of them away.

    The second kind is for moderators only: to others such a thread is answered, or else somebody who is blocked
    could tell from it who is behind a disguise. Its work is bounded by the index of waiting threads and by what
    members with a block started or answered lately.
    """
    all_threads = Thread.objects.all() if threads is None else threads
    unheard = Thread.objects.waiting().values("pk").union(_kept_away().values("pk"))
    return all_threads.filter(pk__in=unheard, board__is_archived=False)


def _kept_away() -> ThreadQuerySet:
    answers = Post.objects.filter(thread=OuterRef("pk"), visibility=Visibility.VISIBLE).exclude(
        author=OuterRef("author")
    )
    author, answering = OuterRef(OuterRef("author")), OuterRef("author")
    between = Q(blocker=author, blocked=answering) | Q(blocker=answering, blocked=author)
    with_blocks = Block.objects.values("blocker_id").union(Block.objects.values("blocked_id"))
    lately = Thread.objects.wanting_a_reply().filter(
        author__in=with_blocks, answered_at__isnull=False, last_post_at__gte=timezone.now() - UNHEARD_FOR
    )
    # The first such answer, and not whether there is one: PostgreSQL would read all posts of the site for that.
    heard = answers.filter(~Exists(Block.objects.filter(between))).values("pk")[:1]
    return lately.alias(heard=Subquery(heard)).filter(heard=None)


def _audible(member: Member) -> ThreadQuerySet:
    """Listed threads less the muted ones. A choice for the thread itself counts before that for its board."""
    of_thread = ThreadFollow.objects.filter(member=member, thread=OuterRef("pk")).values("level")
    of_board = BoardFollow.objects.filter(member=member, board=OuterRef("board_id")).values("level")
    level = Coalesce(Subquery(of_thread), Subquery(of_board), Value(""))
    return Thread.objects.listed_for(member).heard_by(member).alias(level=level).exclude(level=Level.MUTE)


def waiting_page(viewer: Viewer, cursor: str | None, *, leave_out: Collection[int] = ()) -> Page[dict[str, Any]]:
    """Threads that wait for a first reply, the longest wait first. One query."""
    threads = waiting_for(viewer).exclude(pk__in=leave_out).values(*THREAD_ROW)
    return met_page(viewer, keyset_page(threads, order=["created_at", "id"], size=THREADS_A_PAGE, cursor=cursor))


def longest_waits(viewer: Viewer, number: int) -> Sequence[dict[str, Any]]:
    """The first few of them. One query."""
    return met(viewer, waiting_for(viewer).order_by("created_at", "id").values(*THREAD_ROW)[:number])


def offered_to(member: Member) -> dict[str, Any] | None:
    """The waiting thread that `member` is shown first at present, if they could still answer it. One query."""
    running = WaitingOffer.objects.filter(member=member, until__gt=timezone.now()).values("thread_id")
    offered = _unanswered_by(member).filter(pk__in=running).order_by("created_at", "id")
    return next(iter(met(member, offered.values(*THREAD_ROW)[:1])), None)


def free_to_offer(member: Member) -> ThreadQuerySet:
    """Threads that `member` could answer and that nobody is shown first at present."""
    running = WaitingOffer.objects.filter(thread=OuterRef("pk"), until__gt=timezone.now())
    return _unanswered_by(member).filter(~Exists(running))


def offerable_to(member: Member) -> ThreadQuerySet:
    """The same, less those whose titles hold words that `member` filters. One query for who filters any."""
    free, lines = free_to_offer(member), lines_of(member)
    if not lines.filters:
        return free
    longest = free.order_by("created_at", "id").values_list("pk", "title")[:_LOOKED_THROUGH]
    return free.exclude(pk__in=[pk for pk, title in longest if lines.look(title)])


def _unanswered_by(member: Member) -> ThreadQuerySet:
    """Less those that wait on although `member` wrote there: their reply is held, and they have done their part."""
    return waiting_for(member).filter(~Exists(Post.objects.filter(thread=OuterRef("pk"), author=member)))


# --- one's own, and those that one follows ----------------------------------------------------------------------


def own_threads_page(member: Member, cursor: str | None) -> Page[dict[str, Any]]:
    """What `member` started, also anonymously, also what is held or taken back. One query."""
    threads = Thread.objects.visible_to(member).filter(author=member)
    return keyset_page(threads.values(*THREAD_ROW), order=["-last_post_at", "-id"], size=THREADS_A_PAGE, cursor=cursor)


class AnyOf(Lookup):
    """= ANY(array). PostgreSQL goes from a few thousand ids to their rows; a semi-join may read all threads instead."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"{lhs} = ANY({rhs})", (*lhs_params, *rhs_params)


def followed_page(member: Member, cursor: str | None, *, muted: bool = False) -> Page[dict[str, Any]]:
    """The threads that `member` follows, or those that they muted, the latest words first. One query."""
    levels = [Level.MUTE] if muted else [Level.ALL, Level.REPLIES]
    chosen = ThreadFollow.objects.filter(member=member, level__in=levels).values("thread_id")
    threads = Thread.objects.listed_for(member).filter(AnyOf(F("pk"), ArraySubquery(chosen))).values(*THREAD_ROW)
    page = keyset_page(threads, order=["-last_post_at", "-id"], size=THREADS_A_PAGE, cursor=cursor)
    return met_page(member, page)
