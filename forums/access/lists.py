"""Lists of threads: a board's, those that one follows, one's own. Those that wait are in `waiting`."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.ago import words_last
from core.pagination import Page, page_of, where_it_ended
from forums.access.thread_rows import (
    ROW_OF_ONE_BOARD,
    AnyOf,
    as_dicts,
    columns,
    page_after,
    read_to,
    rows_beyond,
    unread_by,
)
from forums.asked import find, found
from forums.boundaries import met_page
from forums.models import Board, BoardFollow, Level, SupportType, Thread, ThreadFollow, Viewer
from members.models import Member

THREADS_A_PAGE = 25
PINNED_AT_MOST = 5
LATEST = ("-last_post_at", "-id")


# --- boards ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ThreadsPage:
    """One page of a board's threads, as dicts, the latest words first. They are read when they are asked for.

    Before the first page, and nowhere else, stand those that are pinned now, the latest ending first; PINNED_AT_MOST.

    made_from: of a member's page, all that the database said of it. has_own: whether the reader started one
        of them.
    """

    viewer: Viewer
    board: Board
    now: dt.datetime
    is_first: bool
    made_from: Hashable
    has_own: bool
    read: Callable[[], Sequence[tuple[Any, ...]]]

    @cached_property
    def page(self) -> Page[dict[str, Any]]:
        """Without those that the reader's filters hide."""
        pinned = _first_of((row for row in self._rows if self.is_first and self._is_pinned(row)), "pinned_until")
        pinned = pinned[:PINNED_AT_MOST]
        stands_first = {row["id"] for row in pinned}
        others = _first_of((row for row in self._rows if row["id"] not in stands_first), "last_post_at")
        page = page_of(others, LATEST, THREADS_A_PAGE, is_first=self.is_first)
        return met_page(self.viewer, replace(page, items=[*pinned, *page.items]))

    @property
    def items(self) -> Sequence[dict[str, Any]]:
        return self.page.items

    @property
    def next_cursor(self) -> str | None:
        return self.page.next_cursor

    @cached_property
    def lasts(self) -> tuple[dt.datetime, dt.datetime]:
        """From when and until when these rows mean the same as now: the same is said of when somebody wrote last, and
        the same are pinned."""
        spans = [words_last(row["last_post_at"], self.now) for row in self._rows]
        ends = [row["pinned_until"] for row in self._rows if row["pinned_until"]]
        since = [begin for begin, _end in spans] + [end for end in ends if end <= self.now]
        until = [end for _begin, end in spans] + [end for end in ends if end > self.now]
        return max(since, default=_EARLIEST), min(until, default=_LATEST)

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return as_dicts(self.read(), self.viewer, board=self.board)

    def _is_pinned(self, row: Mapping[str, Any]) -> bool:
        return row["pinned_until"] is not None and row["pinned_until"] > self.now


_EARLIEST, _LATEST = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)


def threads_page(
    viewer: Viewer, board: Board, cursor: str | None, *, support_type: SupportType | None = None
) -> ThreadsPage:
    """One query, the same on every page."""
    after = where_it_ended(Thread.objects.all(), LATEST, cursor)
    now = timezone.now()
    left_open = {"board": board.pk, "now": now, **({"at": after[0], "key": after[1]} if after else {})}
    rules = {"support_type": support_type, "most": THREADS_A_PAGE + 1}
    if not isinstance(viewer, Member):
        rows = found(_board_page, viewer, left_open, **rules)
        return ThreadsPage(viewer, board, now, after is None, made_from=None, has_own=False, read=lambda: rows)
    answer = find(_board_page, viewer, left_open, **rules)
    has_own = str(viewer.pk) in answer.raw(_AUTHOR)
    made_from = (answer.mark(), board.title, tuple(board.content_notes), board.is_archived)
    return ThreadsPage(viewer, board, now, after is None, made_from, has_own, answer.rows)


_AUTHOR = ROW_OF_ONE_BOARD.index("author_id")


def _first_of(rows: Iterable[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row[name], row["id"]), reverse=True)


def _board_page(
    viewer: Viewer, *, board: int, now: dt.datetime, most: int, support_type: SupportType | None, **after: Any
) -> QuerySet[Any, Any]:
    of_board = Thread.objects.listed_for(viewer).filter(board=board)
    of_board = of_board.filter(support_type=support_type) if support_type else of_board
    pinned = of_board.filter(pinned_until__gt=now).order_by("-pinned_until", "-id")[:PINNED_AT_MOST]
    # As an array: PostgreSQL takes `NOT IN` for half of the board, and then sorts what is left of it.
    unpinned = of_board.exclude(AnyOf(F("pk"), ArraySubquery(pinned.values("pk"))))
    others = rows_beyond(unpinned, viewer, LATEST, most=most, board=board, **after)
    return others if after else columns(pinned, viewer, board=board).union(others, all=True)


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
