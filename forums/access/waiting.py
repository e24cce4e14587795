"""Threads that wait for a first reply."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.pagination import Page
from forums.access.lists import THREADS_A_PAGE
from forums.access.thread_rows import columns, one_of, page_after, rows_beyond, rows_of
from forums.boundaries import met, met_page
from forums.models import BoardFollow, Level, Post, Thread, ThreadFollow, Viewer, Visibility, WaitingOffer
from forums.models.threads import ThreadQuerySet
from members.kept import lines_of
from members.models import Block, Member

# A thread that nobody has answered for so long is shown to the moderators (care.md, M3).
LONG_WAIT = dt.timedelta(hours=12)
# How long after its last post a thread whose answers its author cannot see is still looked for.
UNHEARD_FOR = dt.timedelta(days=30)
# More of the longest waits than anybody passes over.
_LOOKED_THROUGH = 100
LONGEST = ("created_at", "id")


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
    return met_page(
        viewer, page_after(_waiting, viewer, LONGEST, cursor, {"ids": list(leave_out)}, size=THREADS_A_PAGE)
    )


def longest_waits(viewer: Viewer, number: int) -> Sequence[dict[str, Any]]:
    """The first few of them. One query."""
    return met(viewer, rows_of(_waiting, viewer, {"ids": []}, most=number))


def _waiting(viewer: Viewer, *, ids: list[int], most: int, **after: Any) -> QuerySet[Any, Any]:
    return rows_beyond(waiting_for(viewer).exclude(one_of(ids)), viewer, LONGEST, most=most, **after)


def offered_to(member: Member) -> dict[str, Any] | None:
    """The waiting thread that `member` is shown first at present, if they could still answer it. One query."""
    return next(iter(met(member, rows_of(_offered, member, {"now": timezone.now()}))), None)


def _offered(reader: Member, *, now: dt.datetime) -> QuerySet[Any, Any]:
    running = WaitingOffer.objects.filter(member=reader, until__gt=now).values("thread_id")
    return columns(_unanswered_by(reader).filter(pk__in=running), reader).order_by(*LONGEST)[:1]


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
