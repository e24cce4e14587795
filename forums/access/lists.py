"""Lists of threads: a board's, those that one follows, one's own. Those that wait are in `waiting`."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.pagination import Page
from forums.access.thread_rows import (
    AnyOf,
    columns,
    one_of,
    page_after,
    read_to,
    rows_beyond,
    rows_of,
    unread_by,
)
from forums.asked import found
from forums.boundaries import met, met_page
from forums.models import Board, BoardFollow, Level, SupportType, Thread, ThreadFollow, Viewer
from forums.models.threads import ThreadQuerySet
from members.models import Member

THREADS_A_PAGE = 25
PINNED_AT_MOST = 5
LATEST = ("-last_post_at", "-id")


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
    left_open = {"board": board.pk, "ids": list(leave_out)}
    return met_page(
        viewer, page_after(_in_board, viewer, LATEST, cursor, left_open, support_type=support_type, size=THREADS_A_PAGE)
    )


def pinned_threads(
    viewer: Viewer, board: Board, *, support_type: SupportType | None = None
) -> Sequence[dict[str, Any]]:
    """Threads that are pinned now, the latest ending first; at most PINNED_AT_MOST. One query."""
    left_open = {"board": board.pk, "now": timezone.now()}
    return met(viewer, rows_of(_pinned, viewer, left_open, support_type=support_type, most=PINNED_AT_MOST))


def _in_board(
    viewer: Viewer, *, board: int, ids: list[int], most: int, support_type: SupportType | None, **after: Any
) -> QuerySet[Any, Any]:
    return rows_beyond(_of_board(viewer, board, support_type).exclude(one_of(ids)), viewer, LATEST, most=most, **after)


def _pinned(
    viewer: Viewer, *, board: int, now: dt.datetime, most: int, support_type: SupportType | None
) -> QuerySet[Any, Any]:
    pinned = _of_board(viewer, board, support_type).filter(pinned_until__gt=now)
    return columns(pinned, viewer).order_by("-pinned_until", "-id")[:most]


def _of_board(viewer: Viewer, board: int, support_type: SupportType | None) -> ThreadQuerySet:
    threads = Thread.objects.listed_for(viewer).filter(board=board)
    return threads.filter(support_type=support_type) if support_type else threads


class BoardLine(NamedTuple):
    """A board in a list, for one member."""

    slug: str
    title: str
    purpose: str
    has_news: bool


def boards_with_news(member: Member) -> Sequence[BoardLine]:
    """The boards that `member` may open, in order, and whether something is unread among their latest threads.

    One query, which looks no further into a board than THREADS_A_PAGE threads, however large it is, and at no more
    posts than the first unread one. Muted boards and threads have no news.
    """
    return [BoardLine(*row) for row in found(_boards, member, {}, looked_at=THREADS_A_PAGE)]


def _boards(reader: Member, *, looked_at: int) -> QuerySet[Any, Any]:
    muted = BoardFollow.objects.filter(member=reader, level=Level.MUTE).values("board_id")
    latest = Thread.objects.listed_for(reader).filter(board=OuterRef(OuterRef("pk"))).exclude(board__in=muted)
    latest_ids = latest.order_by("-last_post_at", "-id").values("pk")[:looked_at]
    of_thread = ThreadFollow.objects.filter(member=reader, thread=OuterRef("pk")).values("level")
    # The first unread post, and not whether there is one: PostgreSQL would compare every thread with every post.
    news = (
        Thread.objects.filter(AnyOf(F("pk"), ArraySubquery(latest_ids)))
        .alias(read_to=read_to(reader), level=Coalesce(Subquery(of_thread), Value("")))
        .filter(last_number__gt=F("read_to"))
        .exclude(level=Level.MUTE)
        .alias(unread=Subquery(unread_by(reader).values("pk")[:1]))
        .filter(unread__isnull=False)
    )
    boards = Board.objects.visible_to(reader).filter(is_archived=False).order_by("position", "id")
    return boards.values_list("slug", "title", "purpose", Exists(news))


# --- one's own, and those that one follows ----------------------------------------------------------------------


def own_threads_page(member: Member, cursor: str | None) -> Page[dict[str, Any]]:
    """What `member` started, also anonymously, also what is held or taken back. One query."""
    return page_after(_own, member, LATEST, cursor, {}, size=THREADS_A_PAGE)


def _own(reader: Member, *, most: int, **after: Any) -> QuerySet[Any, Any]:
    return rows_beyond(Thread.objects.visible_to(reader).filter(author=reader), reader, LATEST, most=most, **after)


def followed_page(member: Member, cursor: str | None, *, muted: bool = False) -> Page[dict[str, Any]]:
    """The threads that `member` follows, or those that they muted, the latest words first. One query."""
    return met_page(member, page_after(_followed, member, LATEST, cursor, {}, size=THREADS_A_PAGE, muted=muted))


def _followed(reader: Member, *, muted: bool, most: int, **after: Any) -> QuerySet[Any, Any]:
    levels = [Level.MUTE] if muted else [Level.ALL, Level.REPLIES]
    chosen = ThreadFollow.objects.filter(member=reader, level__in=levels).values("thread_id")
    threads = Thread.objects.listed_for(reader).filter(AnyOf(F("pk"), ArraySubquery(chosen)))
    return rows_beyond(threads, reader, LATEST, most=most, **after)
