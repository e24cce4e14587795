"""What a composer has to know of the thread that is answered."""

from collections.abc import Sequence
from uuid import UUID

from forums.access.posts import WINDOW, PostRow, post_rows
from forums.boundaries import without
from forums.models import Post, Thread, Viewer, Visibility
from members.kept import Kept, lines_of
from members.models import Member


def others_since(member: Member, thread: Thread, seen: int) -> Sequence[int]:
    """The numbers of posts after `seen` that others wrote and `member` can read: one window of them at most.

    One query, and none where nothing came.
    """
    if seen >= thread.last_number:
        return []
    posts = Post.objects.readable_by(member).filter(thread=thread, number__gt=seen, visibility=Visibility.VISIBLE)
    return list(posts.exclude(author=member).order_by("number").values_list("number", flat=True)[:WINDOW])


def posts_since(member: Member, thread: Thread, seen: int) -> Sequence[PostRow]:
    """Those posts. Two queries, and none where nothing came."""
    numbers = others_since(member, thread, seen)
    if not numbers:
        return []
    rows = post_rows(member, thread, numbers[0], numbers[-1])
    return [row for row in rows if row.number in set(numbers)]


def is_posted(member: Member, submission: UUID | None) -> bool:
    """Whether the form with this mark became a post. One query."""
    return submission is not None and Post.objects.filter(author=member, submission=submission).exists()


def words_of(viewer: Viewer, post: PostRow) -> str | None:
    """What was written, as it was written, less what a block keeps from `viewer` in it; None when it is not there for
    readers, or not for this one. One query."""
    if post.visibility != Visibility.VISIBLE or post.kept == Kept.HIDDEN:
        return None
    body = Post.objects.filter(pk=post.id).values_list("body", flat=True).first()
    return without(body, lines_of(viewer).parted) if body else body
