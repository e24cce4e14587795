"""Which post an address of this site names, whoever may read it: for moderators, who look at what was reported."""

import re
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from core.text import positive_int
from forums.models import Post, Thread, Visibility
from members.models import Member

_UUID = r"(?P<public_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_POST = re.compile(rf"/posts/{_UUID}(?:/|$)", re.IGNORECASE)
_THREAD = re.compile(rf"/(?:threads|gently)/{_UUID}(?:/|$)", re.IGNORECASE)
# Where others answered, their words stand under a line in the place of such an opening post.
_GONE_OPENING = (Visibility.WITHDRAWN, Visibility.FOLDED)
_FRAGMENT = re.compile(r"post-(\d{1,9})$")


def post_at(address: str) -> Post | None:
    """The post that a path with its query and fragment names: of a thread the opening one, unless it says another.

    In whatever state. Two queries; three for a thread that was joined to another one.
    """
    parts = urlsplit(address)
    if (named := _POST.match(parts.path)) is not None:
        return _standing(Post.objects.filter(public_id=UUID(named["public_id"])).first())
    if (named := _THREAD.match(parts.path)) is None:
        return None
    thread = Thread.objects.filter(public_id=UUID(named["public_id"])).first()
    if thread is None:
        return None
    number = _number(parts.query, parts.fragment)
    if thread.merged_into_id is not None:
        return _in(thread.merged_into_id, thread.merged_offset + number)
    return _in(thread.pk, number)


def opening_of(thread: Thread, *, reader: Member) -> Post | None:
    """The opening post, if `reader` could report it and somebody else wrote it. One query."""
    standing = (Visibility.VISIBLE, *_GONE_OPENING)
    openings = Post.objects.readable_by(reader).filter(thread=thread, number=1, visibility__in=standing)
    return openings.exclude(author=reader).first()


def can_be_reported(post: Post) -> bool:
    """Whether its words are there, or it opened a thread that still is: who read them may have been right to worry."""
    return post.visibility == Visibility.VISIBLE or (post.number == 1 and post.visibility in _GONE_OPENING)


def _number(query: str, fragment: str) -> int:
    if (named := _FRAGMENT.search(fragment)) is not None:
        return max(1, int(named[1]))
    asked = parse_qs(query).get("number", [""])[0]
    return positive_int(asked) or 1


def _in(thread_id: int, number: int) -> Post | None:
    """The post of this number, or the opening one where there is none, so that a report of a thread is never lost."""
    found = Post.objects.filter(thread=thread_id, number__in=[1, number]).order_by("-number").first()
    return _standing(found)


def _standing(post: Post | None) -> Post | None:
    """Where a moved post stands now."""
    if post is not None and post.moved_to_id is not None:
        post = Post.objects.get(pk=post.moved_to_id)
    if post is None:
        return None
    return Post.objects.select_related("thread__board", "author").get(pk=post.pk)
