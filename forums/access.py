"""The one door to boards, threads and posts. Views never touch `.objects`."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

import moderation.access
from core.pagination import Page, keyset_page
from forums.models import Board, Post, Reaction, ReadMark, Thread, Viewer, Visibility
from members.models import AVATARS, Block, Member
from moderation.models import Sanction

WINDOW = 20
THREADS_A_PAGE = 25


class CannotPostError(Exception):
    """The member may read here but not write now. The message is a sentence for them; their text is kept."""


def boards_for(viewer: Viewer) -> Sequence[Board]:
    """The boards that `viewer` may open, in order. One query."""
    return list(Board.objects.visible_to(viewer).filter(is_archived=False).order_by("position", "id"))


def get_board_for(viewer: Viewer, slug: str) -> Board:
    """Raises Http404 when there is no such board for `viewer`."""
    board = Board.objects.visible_to(viewer).filter(slug=slug).first()
    if board is None:
        raise Http404
    return board


def get_thread_for(viewer: Viewer, public_id: UUID) -> Thread:
    """The thread with its board and author, in one query. Raises Http404."""
    thread = Thread.objects.visible_to(viewer).select_related("board", "author").filter(public_id=public_id).first()
    if thread is None:
        raise Http404
    return thread


def get_post_for(viewer: Viewer, public_id: UUID) -> Post:
    """The post with thread, board and author, in one query. Raises Http404."""
    post = Post.objects.visible_to(viewer).select_related("thread__board", "author").filter(public_id=public_id).first()
    if post is None:
        raise Http404
    return post


def check_can_start(member: Member, board: Board) -> None:
    """Raises CannotPostError when the board is closed or the member may not post. One query."""
    if board.is_archived:
        raise CannotPostError(_("This board is closed, so nothing was posted. Your words are still below."))
    check_can_write(member)


def check_can_write(member: Member) -> None:
    """Raises CannotPostError while a moderator's decision keeps `member` from posting. One query."""
    sanction = moderation.access.standing_sanction(member)
    if sanction is not None:
        raise CannotPostError(_sentence(sanction))


def check_can_reply(member: Member, thread: Thread) -> None:
    """Raises CannotPostError when the thread is closed or the member may not post. One query."""
    if thread.is_closed:
        raise CannotPostError(_("This thread is closed, so your reply was not posted. Your words are still below."))
    check_can_write(member)


def _sentence(sanction: Sanction) -> str:
    if sanction.ends_at is None:
        return _("You cannot post at the moment, by a moderator's decision. You can read, and your words are kept.")
    until = date_format(localtime(sanction.ends_at), "j F Y, H:i e")
    return _("You cannot post until %(until)s, by a moderator's decision. Your words are still below.") % {
        "until": until
    }


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as plain data: what a card shows, with nothing of the reader in it."""

    id: int
    public_id: UUID
    number: int
    author_id: int
    author_name: str
    avatar: int
    role: str
    created_at: dt.datetime
    body_html: str
    visibility: str
    reply_to: int | None
    thread_starter: bool

    @property
    def initial(self) -> str:
        return self.author_name[:1].upper()

    @property
    def is_folded(self) -> bool:
        return self.visibility in (Visibility.HIDDEN, Visibility.REMOVED)


@dataclass(frozen=True)
class Window:
    """Posts `first`..`last` of a thread. Pages are number windows, so a deep page costs what the first costs."""

    posts: Sequence[PostRow]
    page: int
    pages: int

    @property
    def first(self) -> int:
        return (self.page - 1) * WINDOW + 1

    @property
    def last(self) -> int:
        return self.page * WINDOW

    @property
    def is_last(self) -> bool:
        return self.page >= self.pages


_ROW_FIELDS = (
    "id", "public_id", "number", "author_id", "author__username", "author__public_id", "author__is_moderator",
    "author__is_curator", "created_at", "body_html", "visibility", "reply_to",
)  # fmt: skip


def page_of(number: int) -> int:
    """The window that holds post `number`."""
    return max(0, number - 1) // WINDOW + 1


def posts_window(viewer: Viewer, thread: Thread, page: int) -> Window:
    """One window of posts, in one query whatever the thread's length. A page beyond the last gives the last."""
    pages = page_of(max(1, thread.last_number))
    page = min(max(1, page), pages)
    rows = (
        Post.objects.readable_by(viewer)
        .filter(thread=thread, number__range=((page - 1) * WINDOW + 1, page * WINDOW))
        .order_by("number")
        .values_list(*_ROW_FIELDS)
    )
    return Window([_row(row, thread) for row in rows], page, pages)


def post_row(viewer: Viewer, thread: Thread, number: int) -> PostRow | None:
    """One post of a thread that `viewer` may see; None when there is no such number for them. One query."""
    rows = Post.objects.readable_by(viewer).filter(thread=thread, number=number).values_list(*_ROW_FIELDS)
    row = rows.first() if number else None
    return _row(row, thread) if row else None


def _row(row: tuple[Any, ...], thread: Thread) -> PostRow:
    (
        pk,
        public_id,
        number,
        author_id,
        name,
        author_uuid,
        moderates,
        curates,
        created,
        html,
        visibility,
        reply_to,
    ) = row
    return PostRow(
        id=pk,
        public_id=public_id,
        number=number,
        author_id=author_id,
        author_name=name,
        avatar=author_uuid.int % AVATARS,
        role="moderator" if moderates else "curator" if curates else "",
        created_at=created,
        body_html=html,
        visibility=visibility,
        reply_to=reply_to,
        thread_starter=author_id == thread.author_id,
    )


def around(post: Post, *, reach: int = 2) -> Sequence[PostRow]:
    """`post` and its neighbours as a moderator reads them: every text shows, whatever was decided. One query."""
    rows = Post.objects.filter(thread=post.thread_id, number__range=(post.number - reach, post.number + reach))
    shown = [_row(row, post.thread) for row in rows.order_by("number").values_list(*_ROW_FIELDS)]
    return [dataclasses.replace(row, visibility=Visibility.VISIBLE) for row in shown]


@dataclass(frozen=True)
class Responses:
    """Reactions on the posts of one window, as one reader may know them (M4): one's own kinds, whether there
    are others', and for one's own posts who responded and how."""

    mine: Mapping[int, frozenset[str]]
    others: frozenset[int]
    names: Mapping[int, Mapping[str, Sequence[str]]]


def responses_for(member: Member, posts: Sequence[PostRow]) -> Responses:
    """One query, bounded by the window's posts and, for names, by who reacted to them."""
    rows = (
        Reaction.objects.filter(post__in=[post.id for post in posts])
        .exclude(member__in=Block.objects.ids_around(member))
        .order_by("id")
        .values_list("post_id", "kind", "member_id", "member__username")
    )
    own_posts = {post.id for post in posts if post.author_id == member.pk}
    mine: dict[int, set[str]] = defaultdict(set)
    names: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    others: set[int] = set()
    for post_id, kind, member_id, username in rows:
        if member_id == member.pk:
            mine[post_id].add(kind)
            continue
        others.add(post_id)
        if post_id in own_posts:
            names[post_id][kind].append(username)
    return Responses({pk: frozenset(kinds) for pk, kinds in mine.items()}, frozenset(others), names)


def last_read(member: Member, thread: Thread) -> int:
    """The number of the last post that `member` has read here; 0 when none. One query."""
    mark = ReadMark.objects.filter(member=member, thread=thread).values_list("last_read_number", flat=True).first()
    return mark or 0


_THREAD_ROW = (
    "id", "public_id", "slug", "title", "support_type", "content_notes", "state", "visibility", "no_reply_needed",
    "answered_at", "pinned_until", "created_at", "last_post_at", "last_number", "author_id", "author__username",
    "author__public_id", "board__title", "board__slug",
)  # fmt: skip


def threads_page(viewer: Viewer, board: Board, cursor: str | None) -> Page[dict[str, Any]]:
    """Threads of a board as dicts, the latest words first. One query, the same on every page."""
    threads = Thread.objects.visible_to(viewer).filter(board=board).values(*_THREAD_ROW)
    return keyset_page(threads, order=["-last_post_at", "-id"], size=THREADS_A_PAGE, cursor=cursor)


def waiting_page(viewer: Viewer, cursor: str | None) -> Page[dict[str, Any]]:
    """Threads that wait for a first reply, the longest wait first. One query."""
    threads = Thread.objects.visible_to(viewer).waiting().filter(board__is_archived=False)
    if isinstance(viewer, Member):
        threads = threads.exclude(author=viewer)
    return keyset_page(threads.values(*_THREAD_ROW), order=["created_at", "id"], size=THREADS_A_PAGE, cursor=cursor)


def read_marks(member: Member, thread_ids: Sequence[int]) -> Mapping[int, int]:
    """How far `member` has read in each of the threads of one page. One query."""
    marks = ReadMark.objects.filter(member=member, thread__in=thread_ids)
    return dict(marks.values_list("thread_id", "last_read_number"))
