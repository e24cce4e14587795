"""One member as others see them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q

from core.pagination import Page, keyset_page
from forums.models import Post, Thread, Visibility
from members.kept import Kept, kept, lines_of
from members.models import Member

POSTS_A_PAGE = 20
_FIELDS = (
    "id", "public_id", "number", "created_at", "thread__title", "thread__content_notes", "thread__board__title",
    "thread__board__content_notes", "body_html",
)  # fmt: skip


def posts_of(viewer: Member, author: Member, cursor: str | None) -> Page[dict[str, Any]]:
    """What `author` wrote under their own name and `viewer` meets in lists, the newest first. One query.

    Only where the author opened their list. Never what they wrote behind a disguise, not for themselves either, so
    that the page is what others see.
    """
    if not author.shows_posts:
        return Page([], None)
    disguised = Q(thread__disguise__isnull=False, thread__author=F("author"))
    listed = Thread.objects.listed_for(viewer).filter(visibility=Visibility.VISIBLE)
    posts = Post.objects.readable_by(viewer).filter(author=author, visibility=Visibility.VISIBLE, thread__in=listed)
    page = keyset_page(posts.exclude(disguised).values(*_FIELDS), order=["-id"], size=POSTS_A_PAGE, cursor=cursor)
    return Page(_met(viewer, author, page.items), page.next_cursor, page.is_first)


def _met(viewer: Member, author: Member, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """The rows with `kept`, less those that the reader's filters keep from them."""
    lines = lines_of(viewer)
    for row in rows:
        texts = [row["thread__title"], row["body_html"]]
        row["kept"] = kept(lines, author_id=author.pk, viewer_id=viewer.pk, disguised=False, texts=texts)
    return [row for row in rows if row["kept"] != Kept.HIDDEN]
