"""Boards and threads of a list page, ready for components/board_card.html and components/thread_row.html."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence, Set
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import notes
from core.addresses import address, with_slug
from core.ago import Asked
from core.stencils import Stencils
from forums import access, boundaries
from forums.models import Board, Level, SupportType, Thread, Viewer, Visibility
from forums.models.boards import board_address
from members.access.boundaries import NONE as NO_LINES
from members.access.boundaries import Boundaries
from members.kept import Kept, lines_of
from members.models import Member

OPEN = (Thread.State.OPEN, Thread.State.SLOW)
_ARCHIVED = Thread.State.ARCHIVED.value
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


def thread_rows(
    viewer: Viewer, threads: Sequence[Mapping[str, Any]], *, now: dt.datetime | None = None
) -> list[dict[str, Any]]:
    """No query. `threads`: dicts of access.lists, which say how a member stands to each."""
    reader = _Reader(viewer, lines_of(viewer), unwanted_notes(viewer), Asked(now) if now else Asked())
    return [_row(row, access.mark_of(row), reader) for row in threads]


class _Reader(NamedTuple):
    """Whoever looks at a list."""

    viewer: Viewer
    lines: Boundaries
    unwanted: Set[str]
    asked: Asked


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
def _label(support_type: str, _language: str | None) -> str:
    return str(SupportType(support_type).label)


@functools.lru_cache(maxsize=256)
def _note_labels(touched: tuple[str, ...], _language: str | None) -> tuple[str, ...]:
    return tuple(map(str, notes.labels(touched)))


def _row(row: Mapping[str, Any], mark: access.Mark | None, reader: _Reader) -> dict[str, Any]:
    viewer, lines, unwanted, asked = reader
    author, touched, state = access.row_author(row), row["content_notes"] + row["board__content_notes"], row["state"]
    unread = mark is not None and mark.has_news
    archived = row["board__is_archived"] or state == _ARCHIVED
    is_open = state in OPEN
    kept = boundaries.of_row(lines, row, viewer) if lines is not NO_LINES else Kept.NOT
    public_id = row["public_id"]
    return {
        "public_id": public_id,
        "url": SafeString(with_slug("thread", public_id, row["slug"])),
        "unread_url": SafeString(address("first_unread", public_id)),
        "title": row["title"],
        "support_type": row["support_type"],
        "support_label": _label(row["support_type"], asked.language),
        "notes": _note_labels(tuple(touched), asked.language) if touched else (),
        "folded": bool(kept) or (bool(touched) and _is_folded(touched, unwanted, own=row["author_id"] == viewer.pk)),
        "kept_line": kept.line if kept else "",
        "author_name": author.name,
        "avatar": author.avatar,
        "board_title": row["board__title"],
        "last_said": asked.ago(row["last_post_at"]),
        "waited": asked.waited(row["created_at"]),
        "waiting": is_open and not archived and row["answered_at"] is None and not row["no_reply_needed"],
        "unread": unread and mark is not None and mark.was_opened,
        "new": unread and mark is not None and not mark.was_opened,
        "pinned": row["pinned_until"] is not None and row["pinned_until"] > asked.now,
        "archived": archived,
        "locked": not is_open and not archived,
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
    return _is_folded(touched, unwanted_notes(viewer), own=own)


def _is_folded(touched: Sequence[str], unwanted: Set[str], *, own: bool) -> bool:
    return not own and not unwanted.isdisjoint(touched)
