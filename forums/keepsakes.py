"""Bookmarks of a list page, ready for forums/_bookmark.html."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator

from core import markdown, notes
from forums import access
from forums.rows import is_folded
from members.models import Member

EXCERPT_CHARACTERS = 220


def bookmark_rows(member: Member, bookmarks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`bookmarks`: dicts of access.bookmarks_page. One query."""
    posts = access.bookmarked_posts(member, [bookmark["post_id"] for bookmark in bookmarks])
    return [_row(member, bookmark, posts.get(bookmark["post_id"])) for bookmark in bookmarks]


def _row(member: Member, bookmark: Mapping[str, Any], post: access.BookmarkedPost | None) -> dict[str, Any]:
    public_id = bookmark["post__public_id"]
    row = {
        "note": bookmark["note"],
        "note_url": reverse("bookmark", args=[public_id]),
        "remove_url": reverse("remove_bookmark", args=[public_id]),
    }
    if post is None:
        return row | {"url": None}
    folded = is_folded(post.touched, member, own=post.is_own_thread)
    return row | {
        "url": reverse("post", args=[public_id]),
        "title": post.title,
        "number": post.number,
        "author_name": post.author_name,
        "notes": notes.labels(post.touched),
        # What a reader wants folded is not told by its beginning either.
        "excerpt": "" if folded else Truncator(markdown.plain(post.beginning)).chars(EXCERPT_CHARACTERS),
    }
