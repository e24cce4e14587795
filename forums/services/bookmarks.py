"""Posts that members want to find again."""

from core import text
from forums.models import Bookmark, Post
from members.models import Member


def add_bookmark(*, member: Member, post: Post) -> bool:
    """Says whether it is new. One query."""
    made = Bookmark.objects.bulk_create([Bookmark(member=member, post=post)], ignore_conflicts=True)
    return bool(made)


def remove_bookmark(*, member: Member, post: Post) -> bool:
    """Its note goes with it. Says whether there was one."""
    deleted, _by_model = Bookmark.objects.filter(member=member, post=post).delete()
    return bool(deleted)


def write_note(*, bookmark: Bookmark, note: str) -> bool:
    """Says whether anything changed."""
    return bool(
        Bookmark.objects.filter(pk=bookmark.pk).exclude(note=text.normalise(note)).update(note=text.normalise(note))
    )
