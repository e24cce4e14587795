"""What members keep to find again. Nobody else sees any of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models.functions import Left
from django.http import Http404

from core.pagination import Page, keyset_page
from forums.boundaries import without_html
from forums.disguise import shown
from forums.models import Bookmark, Post, Visibility
from members.kept import kept, lines_of
from members.models import Member

BOOKMARKS_A_PAGE = 20
# Of the words, in HTML: more than an excerpt shows.
_BEGINNING = 1500
_FIELDS = (
    "pk", "public_id", "number", "author_id", "author__username", "author__public_id", "thread__author_id",
    "thread__disguise", "thread__title", "thread__content_notes", "thread__board__content_notes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BookmarkedPost:
    """What a list shows of a post that its reader can still read. `beginning`: of the HTML, cut anywhere."""

    public_id: UUID
    number: int
    title: str
    author_name: str
    touched: Sequence[str]
    is_own_thread: bool
    beginning: str


def bookmarks_page(member: Member, cursor: str | None) -> Page[dict[str, Any]]:
    """The newest first, as dicts: id, post_id, post__public_id, note. One query."""
    bookmarks = Bookmark.objects.filter(member=member).values("id", "post_id", "post__public_id", "note")
    return keyset_page(bookmarks, order=["-id"], size=BOOKMARKS_A_PAGE, cursor=cursor)


def bookmarked_posts(member: Member, post_ids: Collection[int]) -> Mapping[int, BookmarkedPost]:
    """Those of the posts that `member` can read now. One query."""
    posts = Post.objects.visible_to(member).filter(pk__in=post_ids, visibility=Visibility.VISIBLE)
    rows = posts.values(*_FIELDS, beginning=Left("body_html", _BEGINNING))
    return {row["pk"]: _bookmarked(member, row) for row in rows}


def _bookmarked(member: Member, row: Mapping[str, Any]) -> BookmarkedPost:
    starter = row["author_id"] == row["thread__author_id"]
    author = shown(
        name=row["author__username"],
        public_id=row["author__public_id"],
        disguise=row["thread__disguise"] if starter else None,
    )
    return BookmarkedPost(
        public_id=row["public_id"],
        number=row["number"],
        title=row["thread__title"],
        author_name=author.name,
        touched=[*row["thread__content_notes"], *row["thread__board__content_notes"]],
        is_own_thread=row["thread__author_id"] == member.pk,
        beginning=_beginning(member, row, disguised=author.is_disguised),
    )


def _beginning(member: Member, row: Mapping[str, Any], *, disguised: bool) -> str:
    """Nothing of what the reader keeps from themselves, nor of whoever a block keeps from them."""
    lines = lines_of(member)
    words = without_html(row["beginning"], lines.parted)
    author_id, texts = row["author_id"], [words, row["thread__title"]]
    return "" if kept(lines, author_id=author_id, viewer_id=member.pk, disguised=disguised, texts=texts) else words


def get_bookmark_for(member: Member, public_id: UUID) -> Bookmark:
    """The bookmark of the post with this id, whether it can still be read or not. Reads the post. Raises Http404."""
    bookmarks = Bookmark.objects.filter(member=member, post__public_id=public_id)
    bookmark = bookmarks.select_related("post").first()
    if bookmark is None:
        raise Http404
    return bookmark
