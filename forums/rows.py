"""Threads of a list page, ready for components/thread_row.html."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core import notes
from forums import access
from forums.models import SupportType, Thread, Viewer
from members.models import Member


def thread_rows(viewer: Viewer, threads: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One query for a member's read marks, none for a visitor. `threads`: dicts made of access.THREAD_ROW."""
    if not isinstance(viewer, Member):
        return [_row(row, last_read=None, viewer=None) for row in threads]
    marks = access.read_marks(viewer, [row["id"] for row in threads])
    return [_row(row, last_read=marks.get(row["id"]), viewer=viewer) for row in threads]


def _row(row: Mapping[str, Any], *, last_read: int | None, viewer: Member | None) -> dict[str, Any]:
    support = SupportType(row["support_type"])
    author = access.row_author(row)
    touched = [*row["content_notes"], *row["board__content_notes"]]
    return {
        "url": reverse("thread", args=[row["public_id"], row["slug"]]),
        "unread_url": reverse("first_unread", args=[row["public_id"]]),
        "title": row["title"],
        "support_type": support.value,
        "support_label": support.label,
        "notes": notes.labels(touched),
        "folded": is_folded(touched, viewer) and not (viewer and row["author_id"] == viewer.pk),
        "author_name": author.name,
        "avatar": author.avatar,
        "initial": author.initial,
        "board_title": row["board__title"],
        "last_activity": row["last_post_at"],
        "waiting": row["answered_at"] is None and not row["no_reply_needed"] and row["state"] in OPEN,
        "unread": last_read is not None and last_read < row["last_number"],
        "new": viewer is not None and last_read is None,
        "pinned": row["pinned_until"] is not None and row["pinned_until"] > timezone.now(),
        "locked": row["state"] not in OPEN,
    }


OPEN = (Thread.State.OPEN, Thread.State.SLOW)


def is_folded(touched: Sequence[str], viewer: Member | None) -> bool:
    """Whether this reader wants a thread with these notes folded; visitors get what new members get."""
    unwanted = notes.folded_at_first() if viewer is None else [*viewer.folded_notes, *viewer.hidden_notes]
    return not set(unwanted).isdisjoint(touched)
