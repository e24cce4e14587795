"""Threads as rows of a list: what is shown of each, and how one member stands to it."""

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    Lookup,
    OuterRef,
    PositiveIntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from core.pagination import Page, page_of, rows_after, where_it_ended
from forums.access.threads import THREAD_ROW
from forums.asked import Build, found
from forums.models import Board, BoardFollow, Level, Post, ReadMark, Thread, ThreadFollow, Viewer, Visibility
from forums.models.threads import ThreadQuerySet
from members.models import Member


class AnyOf(Lookup):
    """= ANY(array). PostgreSQL goes from a few thousand ids to their rows; a semi-join may read all threads instead."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"{lhs} = ANY({rhs})", (*lhs_params, *rhs_params)


def one_of(ids: list[int]) -> AnyOf:
    return AnyOf(F("pk"), Value(ids, ArrayField(BigIntegerField())))


def page_after(
    build: Build,
    viewer: Viewer,
    order: Sequence[str],
    cursor: str | None,
    left_open: Mapping[str, Any],
    *,
    size: int,
    **constants: Hashable,
) -> Page[dict[str, Any]]:
    """One page of `build`, whose query takes `most` rows after `at` and `key`. One query."""
    after = where_it_ended(Thread.objects.all(), order, cursor)
    beyond = {"at": after[0], "key": after[1]} if after else {}
    rows = rows_of(build, viewer, {**left_open, **beyond}, most=size + 1, **constants)
    return page_of(rows, order, size, is_first=after is None)


def rows_of(build: Build, viewer: Viewer, left_open: Mapping[str, Any], **constants: Hashable) -> list[dict[str, Any]]:
    """What `build` finds, as dicts. One query."""
    return as_dicts(found(build, viewer, left_open, **constants), viewer)


def as_dicts(found: Sequence[tuple[Any, ...]], viewer: Viewer, *, board: Board | None = None) -> list[dict[str, Any]]:
    """Rows with the columns that `columns` names. `board`: where all of them are, if they say nothing of it."""
    names = (*_names(board=board.pk if board else None), *(_MARK if isinstance(viewer, Member) else ()))
    same = {name: getattr(board, name.removeprefix(_OF_BOARD)) for name in THREAD_ROW if name not in names}
    return [dict(zip(names, row, strict=True)) | same for row in found]


_OF_BOARD = "board__"
ROW_OF_ONE_BOARD = tuple(name for name in THREAD_ROW if not name.startswith(_OF_BOARD))


def _names(*, board: int | None) -> tuple[str, ...]:
    return THREAD_ROW if board is None else ROW_OF_ONE_BOARD


def rows_beyond(
    threads: ThreadQuerySet,
    viewer: Viewer,
    order: Sequence[str],
    *,
    most: int,
    at: dt.datetime | None = None,
    key: int | None = None,
    board: int | None = None,
) -> QuerySet[Any, Any]:
    return rows_after(columns(threads, viewer, board=board), order, None if at is None else (at, key))[:most]


def columns(threads: ThreadQuerySet, viewer: Viewer, *, board: int | None = None) -> QuerySet[Any, Any]:
    """What components/thread_row.html is made of, and how a member stands to each.

    board: where all of them are; then nothing is said of it.
    """
    names = _names(board=board)
    if not isinstance(viewer, Member):
        return threads.values_list(*names)
    marked = threads.alias(last_read=_last_read(viewer)).annotate(**_marks(viewer, board))
    return marked.values_list(*names, *_MARK)


# --- how one member stands to the threads of a list -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """Whether a member ever opened a thread, whether anything there is unread, and what they chose for it."""

    was_opened: bool
    has_unread: bool
    level: Level | None
    board_level: Level | None = None

    @property
    def has_news(self) -> bool:
        """A choice for the thread itself counts before that for its board."""
        return self.has_unread and (self.level or self.board_level) != Level.MUTE


# How far somebody has read is theirs alone. What a list says by it many share, and so the list itself.
_READ, _UNREAD, _NEW = "read", "unread", "new"
_MARK = ("mark_reading", "mark_level", "mark_board_level")


def _marks(member: Member, board: int | None) -> dict[str, Any]:
    """A look into the index of posts for each thread that was opened or began since they came. Needs `last_read`."""
    unread = Exists(_readable_by(member).filter(number__gt=OuterRef("last_read")))
    # Not whether there is a mark: PostgreSQL would read all that this member has.
    was_opened = IsNull(F("last_read"), False)  # noqa: FBT003 - Django's own
    opened = Case(When(unread, then=Value(_UNREAD)), default=Value(_READ))
    is_new = Q(created_at__gt=member.joined_at) & Exists(_readable_by(member))
    reading = Case(When(was_opened, then=opened), When(is_new, then=Value(_NEW)), default=Value(""))
    level = ThreadFollow.objects.filter(member=member, thread=OuterRef("pk")).values("level")
    board_level = BoardFollow.objects.filter(member=member, board=board or OuterRef("board_id")).values("level")
    return dict(zip(_MARK, (reading, Subquery(level), Subquery(board_level)), strict=True))


def mark_of(row: Mapping[str, Any]) -> Mark | None:
    """Of a thread of a list; None for a visitor. No query."""
    if "mark_reading" not in row:
        return None
    reading, own, of_board = row["mark_reading"], row["mark_level"], row["mark_board_level"]
    return Mark(
        was_opened=reading in (_READ, _UNREAD),
        has_unread=reading in (_UNREAD, _NEW),
        level=Level(own) if own else None,
        board_level=Level(of_board) if of_board else None,
    )


def _last_read(member: Member) -> Subquery:
    return Subquery(ReadMark.objects.filter(member=member, thread=OuterRef("pk")).values("last_read_number"))


def read_to(member: Member) -> Coalesce:
    """How far a thread counts as read: what began before they came and was never opened is not news."""
    nothing = Value(0, output_field=PositiveIntegerField())
    never_opened = Case(When(created_at__gt=member.joined_at, then=nothing), default=F("last_number"))
    return Coalesce(_last_read(member), never_opened)


def unread_by(member: Member) -> QuerySet[Post]:
    """What others wrote beyond `read_to` that `member` can read.

    Asking the posts, and not only their last number, keeps a thread calm whose newest post is held or a blocked
    person's: nothing new can be found there.
    """
    return _readable_by(member).filter(number__gt=OuterRef("read_to"))


def _readable_by(member: Member) -> QuerySet[Post]:
    posts = Post.objects.of_outer_thread().filter(visibility=Visibility.VISIBLE)
    return posts.readable_by(member).heard_by(member).exclude(author=member)
