"""Threads, one and many."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from forums.disguise import Shown, shown
from forums.models import Draft, Level, ReadMark, Thread, ThreadFollow, Viewer
from forums.models.threads import ThreadQuerySet
from members.models import Member

# What components/thread_row.html is made of.
THREAD_ROW = (
    "id", "public_id", "slug", "title", "support_type", "content_notes", "state", "visibility", "no_reply_needed",
    "answered_at", "pinned_until", "created_at", "last_post_at", "last_number", "author_id", "author__username",
    "author__public_id", "author__avatar_seed", "disguise", "board__title", "board__slug", "board__content_notes",
    "board__is_archived",
)  # fmt: skip


def get_thread_for(viewer: Viewer, public_id: UUID) -> Thread:
    """The thread with its board, author and occurrence, in one query. Raises Http404."""
    thread = _open_to(viewer).filter(public_id=public_id).first()
    if thread is None:
        raise Http404
    return thread


def _open_to(viewer: Viewer) -> ThreadQuerySet:
    return Thread.objects.visible_to(viewer).select_related("board", "author", "occurrence")


def merged_target(viewer: Viewer, public_id: UUID) -> tuple[Thread, int] | None:
    """Where a merged thread went, if `viewer` may see that, and how far its numbers were raised. Two queries."""
    merged = Thread.objects.filter(public_id=public_id).first()
    if merged is None or merged.merged_into_id is None:
        return None
    target = _open_to(viewer).filter(pk=merged.merged_into_id).first()
    return (target, merged.merged_offset) if target else None


def author_of(thread: Thread) -> Shown:
    """How the thread's author is shown, to members and staff alike. Reads the author."""
    author = thread.author
    return shown(
        name=author.username, public_id=author.public_id, disguise=thread.disguise, avatar_seed=author.avatar_seed
    )


def row_author(row: Mapping[str, Any]) -> Shown:
    """The same for one of the dicts made of THREAD_ROW."""
    return shown(
        name=row["author__username"],
        public_id=row["author__public_id"],
        disguise=row["disguise"],
        avatar_seed=row["author__avatar_seed"],
    )


@dataclass(frozen=True)
class Standing:
    """How one member stands to one thread. `draft`: body, fields, sequence, submission of what they began to write."""

    last_read: int = 0
    level: Level | None = None
    draft: Mapping[str, Any] | None = None


def standing(member: Member, thread: Thread) -> Standing:
    """One query."""
    mark = ReadMark.objects.filter(member=member, thread=thread).values("last_read_number")
    level = ThreadFollow.objects.filter(member=member, thread=thread).values("level")
    draft = Draft.objects.filter(member=member, thread=thread).values(
        data=JSONObject(body="body", fields="fields", sequence="sequence", submission="submission")
    )
    found = Thread.objects.filter(pk=thread.pk).values_list(Subquery(mark), Subquery(level), Subquery(draft)).get()
    return Standing(found[0] or 0, Level(found[1]) if found[1] else None, found[2])


def last_read(member: Member, thread: Thread) -> int:
    """The number of the last post that `member` has read here; 0 when none. One query."""
    mark = ReadMark.objects.filter(member=member, thread=thread).values_list("last_read_number", flat=True).first()
    return mark or 0
