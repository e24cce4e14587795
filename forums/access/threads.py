"""Threads, one and many."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from core.built import BuiltByRules
from core.loaded import loaded
from forums.access.readers import ReadsAs, anybody, reads_as
from forums.disguise import Shown, shown
from forums.models import Board, Draft, Level, Occurrence, ReadMark, Thread, ThreadFollow, Viewer
from forums.models.threads import ThreadQuerySet
from members.models import Member
from members.stand_in import READER

# What components/thread_row.html is made of.
THREAD_ROW = (
    "id", "public_id", "slug", "title", "support_type", "content_notes", "state", "visibility", "no_reply_needed",
    "answered_at", "pinned_until", "created_at", "last_post_at", "author_id", "author__username", "author__public_id",
    "author__avatar_seed", "disguise", "board__title", "board__content_notes", "board__is_archived",
)  # fmt: skip


def get_thread_for(viewer: Viewer, public_id: UUID) -> Thread:
    """The thread with its board, author and occurrence, in one query. Raises Http404."""
    return opened_thread(viewer, public_id)[0]


def opened_thread(viewer: Viewer, public_id: UUID) -> tuple[Thread, "Standing"]:
    """The same with how the viewer stands to it; visitors stand nowhere. Raises Http404."""
    values = {"thread": public_id, "reader": viewer.pk}
    answer = _OPENED.find(values, reads_as=reads_as(viewer), is_staff=isinstance(viewer, Member) and viewer.is_staff)
    rows = answer.rows()
    if not rows:
        raise Http404
    found = iter(rows[0])

    def part[M: Model](model: type[M], names: Sequence[str]) -> M:
        return loaded(model, names, islice(found, len(names)))

    thread = part(Thread, _THREAD_PARTS)
    board, author = part(Board, _BOARD_PARTS), part(Member, _AUTHOR_PARTS)
    occurrence = list(islice(found, len(_OCCURRENCE_PARTS)))
    # In the place where select_related keeps them; None says that there is no such row.
    thread._state.fields_cache |= {  # noqa: SLF001
        "board": board,
        "author": author,
        "occurrence": None if occurrence[0] is None else loaded(Occurrence, _OCCURRENCE_PARTS, occurrence),
    }
    last_read, level, draft = found if isinstance(viewer, Member) else (0, None, None)
    thread.made_from = answer.mark(leaving=3 if isinstance(viewer, Member) else 0)
    return thread, Standing(last_read or 0, Level(level) if level else None, json.loads(draft) if draft else None)


def _open_to(viewer: Viewer) -> ThreadQuerySet:
    return Thread.objects.visible_to(viewer).select_related("board", "author", "occurrence")


def _opened(*, reads_as: ReadsAs, is_staff: bool) -> QuerySet[Thread, Any]:
    viewer = anybody(reads_as, is_staff=is_staff)
    parts = {"": _THREAD_PARTS, "board__": _BOARD_PARTS, "author__": _AUTHOR_PARTS, "occurrence__": _OCCURRENCE_PARTS}
    names = [f"{path}{name}" for path, parts_ in parts.items() for name in parts_]
    threads = Thread.objects.visible_to(viewer).filter(public_id=_BLANK_ID)
    if not isinstance(viewer, Member):
        return threads.values_list(*names)
    mark, level, draft = _standing_columns(viewer, OuterRef("pk"))
    return threads.annotate(read_to=Subquery(mark), level=Subquery(level), draft=Subquery(draft)).values_list(
        *names, "read_to", "level", "draft"
    )


def _standing_columns(member: Member, thread: Any) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any], QuerySet[Any, Any]]:
    mark = ReadMark.objects.filter(member=member, thread=thread).values("last_read_number")
    level = ThreadFollow.objects.filter(member=member, thread=thread).values("level")
    draft = Draft.objects.filter(member=member, thread=thread).values(
        data=JSONObject(body="body", fields="fields", sequence="sequence", submission="submission")
    )
    return mark, level, draft


# No thread has this id.
_BLANK_ID = UUID("19110305-0000-4000-8000-191103050711")


def _parts(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 - public by Django's word


_THREAD_PARTS, _BOARD_PARTS = _parts(Thread), _parts(Board)
# What shows an author. Whoever wants to know more of them asks for it.
_AUTHOR_PARTS = ["id", "public_id", "username", "avatar_seed"]
_OCCURRENCE_PARTS = ["id", "gathering_id", "day", "thread_id", "closes_at", "closed_at"]
_OPENED = BuiltByRules(_opened, {"thread": _BLANK_ID, "reader": READER}, always="thread")


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
    mark, level, draft = _standing_columns(member, thread)
    found = Thread.objects.filter(pk=thread.pk).values_list(Subquery(mark), Subquery(level), Subquery(draft)).get()
    return Standing(found[0] or 0, Level(found[1]) if found[1] else None, found[2])


def last_read(member: Member, thread: Thread) -> int:
    """The number of the last post that `member` has read here; 0 when none. One query."""
    mark = ReadMark.objects.filter(member=member, thread=thread).values_list("last_read_number", flat=True).first()
    return mark or 0
