"""Boards and threads of a list page, ready for components/board_card.html and components/thread_row.html."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from core import notes
from forums import access, boundaries
from forums.models import Board, Level, SupportType, Thread, Viewer, Visibility
from members.kept import lines_of
from members.models import Member

OPEN = (Thread.State.OPEN, Thread.State.SLOW)
# Only authors and moderators ever have such threads in a list.
_UNSEEN = {
    Visibility.HELD: _("A moderator reads it first"),
    Visibility.HIDDEN: _("Hidden"),
    Visibility.REMOVED: _("Removed"),
    Visibility.WITHDRAWN: _("Taken back"),
}


def board_cards(viewer: Viewer) -> list[dict[str, Any]]:
    """The boards that `viewer` may open. One query, whatever the boards' number and size."""
    if isinstance(viewer, Member):
        return [_card(board, unread=board.has_news) for board in access.boards_with_news(viewer)]
    return [_card(board, unread=False) for board in access.boards_for(viewer)]


def _card(board: Board | access.BoardLine, *, unread: bool) -> dict[str, Any]:
    return {
        "url": reverse("board", args=[board.slug]),
        "title": board.title,
        "purpose": board.purpose,
        "unread": unread,
    }


def thread_rows(viewer: Viewer, threads: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """No query. `threads`: dicts of access.lists, which say how a member stands to each."""
    return [_row(row, mark=access.mark_of(row), viewer=viewer) for row in threads]


def _row(row: Mapping[str, Any], *, mark: access.Mark | None, viewer: Viewer) -> dict[str, Any]:
    support = SupportType(row["support_type"])
    author = access.row_author(row)
    touched = [*row["content_notes"], *row["board__content_notes"]]
    unread = mark is not None and mark.has_news
    archived = row["state"] == Thread.State.ARCHIVED or row["board__is_archived"]
    kept = boundaries.of_row(lines_of(viewer), row, viewer)
    return {
        "public_id": row["public_id"],
        "url": reverse("thread", args=[row["public_id"], row["slug"]]),
        "unread_url": reverse("first_unread", args=[row["public_id"]]),
        "title": row["title"],
        "support_type": support.value,
        "support_label": support.label,
        "notes": notes.labels(touched),
        "folded": bool(kept) or is_folded(touched, viewer, own=row["author_id"] == viewer.pk),
        "kept_line": kept.line,
        "author_name": author.name,
        "avatar": author.avatar,
        "board_title": row["board__title"],
        "last_activity": row["last_post_at"],
        "waited": timesince(row["created_at"], depth=1),
        "waiting": row["answered_at"] is None and not row["no_reply_needed"] and row["state"] in OPEN and not archived,
        "unread": unread and mark is not None and mark.last_read is not None,
        "new": unread and mark is not None and mark.last_read is None,
        "pinned": row["pinned_until"] is not None and row["pinned_until"] > timezone.now(),
        "archived": archived,
        "locked": row["state"] not in OPEN and not archived,
        "muted": mark is not None and mark.level == Level.MUTE,
        "level": mark.level if mark else None,
        "unseen": _UNSEEN.get(row["visibility"], ""),
    }


def unwanted_notes(viewer: Viewer) -> set[str]:
    """What this reader does not want to meet unasked; visitors get what new members get."""
    if not isinstance(viewer, Member):
        return set(notes.folded_at_first())
    return {*viewer.folded_notes, *viewer.hidden_notes}


def is_folded(touched: Sequence[str], viewer: Viewer, *, own: bool) -> bool:
    """Whether a thread with these notes is folded for this reader. One's own threads never are."""
    return not own and not unwanted_notes(viewer).isdisjoint(touched)
