"""Boards and threads of a list page, ready for components/board_card.html and components/thread_row.html."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import notes
from core.addresses import address, with_slug
from core.ago import time_ago, time_waited
from core.stencils import Stencils
from forums import access, boundaries
from forums.models import Board, Level, SupportType, Thread, Viewer, Visibility
from forums.models.boards import board_address
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
        "url": board_address(board.slug),
        "title": board.title,
        "purpose": board.purpose,
        "unread": unread,
    }


def thread_rows(viewer: Viewer, threads: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """No query. `threads`: dicts of access.lists, which say how a member stands to each."""
    return [_row(row, mark=access.mark_of(row), viewer=viewer) for row in threads]


class Looks(NamedTuple):
    """How a list shows its threads: components/thread_row.html."""

    show_board: bool = False
    show_new: bool = False
    all_wait: bool = False
    level: str = "h2"


# In lists of those who wait, under a heading.
WAITING = Looks(show_board=True, all_wait=True, level="h3")


def thread_list(rows: Sequence[Mapping[str, Any]], looks: Looks) -> SafeString:
    """The rows of `thread_rows` as one piece of HTML."""
    language = get_language()
    filled = [_LIST.fill(*_shape_and_values(row, looks), language=language) for row in rows]
    return SafeString("".join(filled))


_SHAPE = (
    "support_type", "support_label", "folded", "kept_line", "waiting", "unread", "new", "pinned", "archived", "locked",
    "muted", "unseen",
)  # fmt: skip
_SHOWN = ("url", "unread_url", "title", "author_name", "avatar", "board_title", "last_said", "waited")


def _shape_and_values(row: Mapping[str, Any], looks: Looks) -> tuple[dict[str, Any], dict[str, Any]]:
    shape = {name: row[name] for name in _SHAPE}
    shape["notes"], shape["looks"] = row["notes"], looks
    return shape, {name: row[name] for name in _SHOWN}


def _rendered(context: dict[str, Any]) -> str:
    return render_to_string("components/thread_row.html", {"row": context, **context["looks"]._asdict()})


_LIST = Stencils(_rendered, kept=300)


@functools.cache
def _label(support: SupportType, _language: str | None) -> str:
    return str(support.label)


@functools.lru_cache(maxsize=256)
def _note_labels(touched: tuple[str, ...], _language: str | None) -> tuple[str, ...]:
    return tuple(map(str, notes.labels(touched)))


def _row(row: Mapping[str, Any], *, mark: access.Mark | None, viewer: Viewer) -> dict[str, Any]:
    support = SupportType(row["support_type"])
    author = access.row_author(row)
    touched = [*row["content_notes"], *row["board__content_notes"]]
    unread = mark is not None and mark.has_news
    archived = row["state"] == Thread.State.ARCHIVED or row["board__is_archived"]
    kept = boundaries.of_row(lines_of(viewer), row, viewer)
    now, language = timezone.now(), get_language()
    return {
        "public_id": row["public_id"],
        "url": SafeString(with_slug("thread", row["public_id"], row["slug"])),
        "unread_url": SafeString(address("first_unread", row["public_id"])),
        "title": row["title"],
        "support_type": support.value,
        "support_label": _label(support, language),
        "notes": _note_labels(tuple(touched), language),
        "folded": bool(kept) or is_folded(touched, viewer, own=row["author_id"] == viewer.pk),
        "kept_line": kept.line if kept else "",
        "author_name": author.name,
        "avatar": author.avatar,
        "board_title": row["board__title"],
        "last_said": time_ago(row["last_post_at"]),
        "waited": time_waited(row["created_at"]),
        "waiting": row["answered_at"] is None and not row["no_reply_needed"] and row["state"] in OPEN and not archived,
        "unread": unread and mark is not None and mark.last_read is not None,
        "new": unread and mark is not None and mark.last_read is None,
        "pinned": row["pinned_until"] is not None and row["pinned_until"] > now,
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
