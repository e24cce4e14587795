"""Posts as plain rows."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from core.addresses import address
from core.built import BuiltByRules
from core.loaded import loaded
from core.prepared import Found
from forums.access.readers import ReadsAs, anybody, reads_as
from forums.boundaries import without_html
from forums.disguise import Shown, shown
from forums.models import Board, Bookmark, Post, Reaction, Thread, Viewer, Visibility
from members.access.boundaries import NONE as NO_LINES
from members.access.boundaries import Boundaries
from members.kept import Kept, draws_lines, kept, lines_of
from members.models import Block, Member
from members.stand_in import READER
from resources.models.asking import counts

WINDOW = 20


def get_post_for(viewer: Viewer, public_id: UUID) -> Post:
    """The post with thread, board and author, in one query. Raises Http404."""
    values = {"post": public_id, "reader": viewer.pk}
    is_staff = isinstance(viewer, Member) and viewer.is_staff
    rows = _FOUND.rows(values, reads_as=reads_as(viewer), is_staff=is_staff)
    if not rows:
        raise Http404
    found = iter(rows[0])
    post, thread, board, author = (loaded(model, names, islice(found, len(names))) for model, _path, names in _PARTS)
    # In the places where select_related keeps them.
    post._state.fields_cache |= {"thread": thread, "author": author}  # noqa: SLF001
    thread._state.fields_cache["board"] = board  # noqa: SLF001
    return cast("Post", post)


def _found(*, reads_as: ReadsAs, is_staff: bool) -> QuerySet[Post, Any]:
    posts = Post.objects.visible_to(anybody(reads_as, is_staff=is_staff)).filter(public_id=_BLANK_ID)
    return posts.values_list(*[f"{path}{name}" for _model, path, names in _PARTS for name in names])


# No post has this id.
_BLANK_ID = UUID("19110305-0000-4000-8000-191103050712")
_PARTS: Sequence[tuple[type[Model], str, Sequence[str]]] = [
    (model, path, [field.attname for field in model._meta.concrete_fields])  # noqa: SLF001 - public by Django's word
    for model, path in ((Post, ""), (Thread, "thread__"), (Board, "thread__board__"), (Member, "author__"))
]
_FOUND = BuiltByRules(_found, {"post": _BLANK_ID, "reader": READER}, always="post")


@dataclass(slots=True)
class PostRow:
    """A post as plain data: what a card shows. What is the reader's alone stands last, and `_read_by` lays it over.

    Not frozen, because making a frozen one takes three times as long; nobody changes one after `_read_by`.

    `author_id` never reaches a page: name and avatar are those of the disguise where the author has one.
    """

    id: int
    public_id: UUID
    number: int
    author_id: int
    # By which this person can be reported; None behind a disguise, which it would lift.
    author_public_id: UUID | None
    author_name: str
    avatar: int
    is_disguised: bool
    role: str
    created_at: dt.datetime
    edited_at: dt.datetime | None
    thanked_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    version: int
    body_html: str
    visibility: str
    reply_to: int | None
    moved_to: UUID | None
    thread_starter: bool
    # What a verified professional is, as the register says.
    field: str = ""
    # Of a folded post: whether this reader is its author or a moderator.
    shows_words: bool = False
    # Why this reader does not meet the words at once.
    kept: Kept = Kept.NOT
    # Where members find who this is; "" for visitors, and behind a disguise.
    person_url: str = ""
    # What this reader gave, whether somebody else gave something that they may know of, and whether they keep it.
    given: frozenset[str] = frozenset()
    others_gave: bool = False
    is_bookmarked: bool = False

    @property
    def is_folded(self) -> bool:
        unread = self.visibility not in (Visibility.VISIBLE, Visibility.HELD) and not self.shows_words
        return unread or self.kept == Kept.HIDDEN


@dataclass(frozen=True)
class Window:
    """Posts `first`..`last` of a thread. Pages are number windows, so a deep page costs what the first costs."""

    page: int
    # Whether there is no post after it that this reader can read: one that is held does not show itself by its number.
    is_last: bool
    # All that `posts` are made from.
    made_from: Hashable
    # The number of the last of them, or of the one before the first where none is there for this reader.
    seen: int
    # Whether the reader wrote one of them, and whether one links to a page of the library.
    has_own: bool
    has_links: bool
    read: Callable[[], Sequence[PostRow]]

    @cached_property
    def posts(self) -> Sequence[PostRow]:
        return self.read()

    @property
    def first(self) -> int:
        return (self.page - 1) * WINDOW + 1

    @property
    def last(self) -> int:
        return self.page * WINDOW

    @property
    def ends(self) -> int:
        """The number up to which a reader has seen everything with this window; 0 where nothing is there for them."""
        return self.last if not self.is_last else self.seen if self.seen >= self.first else 0

    @property
    def is_only(self) -> bool:
        return self.page == 1 and self.is_last


_ROW_FIELDS = (
    "id", "public_id", "number", "author_id", "author__username", "author__public_id", "author__avatar_seed",
    "author__is_moderator", "author__is_curator", "author__is_peer_supporter", "author__professional__field",
    "author__professional__check_again_by", "author__professional__ended_at", "created_at", "edited_at",
    "thanked_at", "withdrawn_at", "version", "body_html", "visibility", "reply_to", "moved_to__public_id",
)  # fmt: skip
_NUMBER, _AUTHOR, _HTML = map(_ROW_FIELDS.index, ("number", "author_id", "body_html"))


def page_of(number: int) -> int:
    """The window that holds post `number`."""
    return max(0, number - 1) // WINDOW + 1


def posts_window(viewer: Viewer, thread: Thread, page: int) -> Window:
    """One window of posts, in one query whatever the thread's length. A page beyond the last gives the last."""
    page = min(max(1, page), page_of(max(1, thread.last_number)))
    found = _find(_WINDOW, viewer, thread, after=(page - 1) * WINDOW)
    numbers = [int(number or 0) for number in found.raw(_NUMBER)]
    shown = sum(number <= page * WINDOW for number in numbers)
    is_last = shown == len(numbers)
    return Window(
        page,
        is_last=is_last,
        seen=numbers[shown - 1] if shown else (page - 1) * WINDOW,
        made_from=(found.mark(), page, *_made_of(viewer)),
        has_own=str(viewer.pk) in found.raw(_AUTHOR)[:shown],
        has_links=any("/resources/" in (html or "") for html in found.raw(_HTML)),
        read=lambda: _read(viewer, thread, found.rows()[:shown]),
    )


def _made_of(viewer: Viewer) -> tuple[Hashable, ...]:
    """What `_read_by` reads besides rows and thread."""
    drawn = (viewer.pk, viewer.boundaries_mark) if draws_lines(viewer) else None
    return isinstance(viewer, Member) and viewer.is_moderator, drawn, timezone.localdate()


def post_rows(viewer: Viewer, thread: Thread, first: int, last: int) -> Sequence[PostRow]:
    """Posts `first`..`last` of a thread that `viewer` may see, in order, in one query. The caller bounds the span."""
    return _rows(_SPAN, viewer, thread, after=first - 1, last=last)


def post_row(viewer: Viewer, thread: Thread, number: int) -> PostRow | None:
    """One post of a thread that `viewer` may see; None when there is no such number for them. One query."""
    return next(iter(post_rows(viewer, thread, number, number)), None) if number else None


def _rows(query: BuiltByRules, viewer: Viewer, thread: Thread, **numbers: int) -> list[PostRow]:
    return _read(viewer, thread, _find(query, viewer, thread, **numbers).rows())


def _find(query: BuiltByRules, viewer: Viewer, thread: Thread, **numbers: int) -> Found:
    # Whoever is behind the thread's disguise is nobody that a block could part from a reader here.
    disguised = thread.author_id if thread.is_anonymous else 0
    values = {"thread": thread.pk, "reader": viewer.pk, "disguised": disguised, **numbers}
    return query.find(values, reads_as=reads_as(viewer))


def _read(viewer: Viewer, thread: Thread, found: Sequence[tuple[Any, ...]]) -> list[PostRow]:
    lines = lines_of(viewer)
    return [_read_by(viewer, lines, row, thread) for row in found]


def _read_by(viewer: Viewer, lines: Boundaries, found: tuple[Any, ...], thread: Thread) -> PostRow:
    """The row as this reader meets it. Visitors draw no lines, and find nobody's page."""
    if not isinstance(viewer, Member):
        return _row(found, thread)
    row = _row(found[:-3], thread)
    given, others_gave, is_bookmarked = found[-3:]
    html = without_html(row.body_html, lines.parted)
    row.body_html = html
    if row.visibility == Visibility.FOLDED:
        row.shows_words = viewer.is_moderator or viewer.pk == row.author_id
    if lines is not NO_LINES:
        texts = [thread.title, html] if row.number == 1 else [html]
        row.kept = kept(lines, author_id=row.author_id, viewer_id=viewer.pk, disguised=row.is_disguised, texts=texts)
    if row.author_public_id:
        row.person_url = address("person", row.author_public_id)
    if given:
        row.given = frozenset(given)
    row.others_gave, row.is_bookmarked = others_gave, is_bookmarked
    return row


def _window(*, reads_as: ReadsAs) -> QuerySet[Post, Any]:
    return _readable(reads_as)[: WINDOW + 1]


def _span(*, reads_as: ReadsAs) -> QuerySet[Post, Any]:
    return _readable(reads_as).filter(number__lte=_LAST)


def _readable(reads_as: ReadsAs) -> QuerySet[Post, Any]:
    """Posts of a thread from a number on. For members with how they and others responded (M4): one's own reactions and
    bookmarks, and whether there are others' reactions.

    In an anonymous thread what its author gave stays, whoever blocked whom, because it would tell who they are if it
    went with a block.
    """
    viewer = anybody(reads_as)
    posts = Post.objects.readable_by(viewer).filter(thread=_THREAD, number__gt=_AFTER).order_by("number")
    if not isinstance(viewer, Member):
        return posts.values_list(*_ROW_FIELDS)
    here = Reaction.objects.filter(post=OuterRef("pk"))
    unparted = ~Q(member__in=Block.objects.ids_around(viewer)) | Q(member=_DISGUISED)
    return posts.annotate(
        given=ArraySubquery(here.filter(member=viewer).values("kind")),
        others_gave=Exists(here.filter(unparted).exclude(member=viewer)),
        is_bookmarked=Exists(Bookmark.objects.filter(post=OuterRef("pk"), member=viewer)),
    ).values_list(*_ROW_FIELDS, "given", "others_gave", "is_bookmarked")


# No thread, member or post has these numbers; those of posts are within what a number can be.
_THREAD, _DISGUISED, _AFTER, _LAST = -(2**41) - 8191, -(2**42) - 8191, 1_911_030_507, 1_913_050_711
_BLANKS = {"thread": _THREAD, "reader": READER, "disguised": _DISGUISED, "after": _AFTER, "last": _LAST}
_WINDOW = BuiltByRules(_window, _BLANKS, always="thread")
_SPAN = BuiltByRules(_span, _BLANKS, always="thread")


def _row(row: tuple[Any, ...], thread: Thread) -> PostRow:
    (
        pk,
        public_id,
        number,
        author_id,
        name,
        author_uuid,
        avatar_seed,
        moderates,
        curates,
        supports,
        field,
        check_again_by,
        ended,
        created,
        edited,
        thanked,
        withdrawn,
        version,
        html,
        visibility,
        reply_to,
        moved_to,
    ) = row
    starter = author_id == thread.author_id
    disguise = thread.disguise if starter else None
    author = shown(name=name, public_id=author_uuid, disguise=disguise, avatar_seed=avatar_seed)
    verified = check_again_by is not None and counts(check_again_by, ended)
    role = _role(moderates=moderates, verified=verified, curates=curates, supports=supports)
    if author.is_disguised:
        role = ""  # A badge would narrow down who is behind a disguise.
    return PostRow(
        id=pk,
        public_id=public_id,
        number=number,
        author_id=author_id,
        author_public_id=None if author.is_disguised or author.has_left else author_uuid,
        author_name=author.name,
        avatar=author.avatar,
        is_disguised=author.is_disguised,
        role=role,
        field=field if role == "professional" else "",
        created_at=created,
        edited_at=edited,
        thanked_at=thanked,
        withdrawn_at=withdrawn,
        version=version,
        body_html=html,
        visibility=visibility,
        reply_to=reply_to,
        moved_to=moved_to,
        thread_starter=starter,
    )


def _role(*, moderates: bool, verified: bool, curates: bool, supports: bool) -> str:
    """The one badge beside a name, of those that somebody could have."""
    if moderates:
        return "moderator"
    if verified:
        return "professional"
    return "curator" if curates else "peer" if supports else ""


def post_author(post: Post) -> Shown:
    """How the author of `post` is shown in its thread. Reads author and thread."""
    disguise = post.thread.disguise if post.author_id == post.thread.author_id else None
    return shown(name=post.author.username, public_id=post.author.public_id, disguise=disguise)


def around(post: Post, *, reach: int = 2) -> Sequence[PostRow]:
    """`post` and its neighbours as a moderator reads them: every text shows but those that were removed, and what the
    authors of its neighbours took back. One query."""
    rows = Post.objects.filter(thread=post.thread_id, number__range=(post.number - reach, post.number + reach))
    shown_rows = [_row(row, post.thread) for row in rows.order_by("number").values_list(*_ROW_FIELDS)]
    gone = (Visibility.REMOVED, Visibility.MOVED)
    return [
        row
        if row.visibility in gone or (row.visibility == Visibility.WITHDRAWN and row.id != post.pk)
        else dataclasses.replace(row, visibility=Visibility.VISIBLE)
        for row in shown_rows
    ]


def latest_posts_of(author: Member, *, limit: int = 5) -> Sequence[Post]:
    """What `author` last wrote under their own name and others can read, for a moderator. Reads threads and boards.

    Never what they wrote behind a disguise. One query, bounded.
    """
    disguised = Q(thread__disguise__isnull=False, thread__author=F("author"))
    readable = Post.objects.filter(author=author, visibility=Visibility.VISIBLE, thread__visibility=Visibility.VISIBLE)
    return list(readable.exclude(disguised).select_related("thread__board").order_by("-id")[:limit])
