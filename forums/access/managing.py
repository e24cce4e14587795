"""What administrators manage, and in which state they saw it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404

from forums.models import Board, Thread
from members.models import Member

BOARD_FIELDS = (
    "title", "slug", "purpose", "guidelines", "audience", "starters", "hold_first", "content_notes", "is_archived",
)  # fmt: skip
# From the fewest readers to the most.
_AUDIENCES = [Board.Audience.STAFF, Board.Audience.MEMBERS, Board.Audience.EVERYONE]


class ChangedMeanwhileError(Exception):
    """Somebody else saved another state of this after the form was shown."""


class SlugTakenError(Exception):
    """Another board has this address."""


def check_admin(member: Member) -> None:
    """Raises Http404 for everybody else: members are not told that the page exists."""
    if not (member.is_active and (member.is_staff or member.is_superuser)):
        raise Http404


def boards_in_order() -> Sequence[Board]:
    """Every board, archived ones too, as their list shows them. One query."""
    return list(Board.objects.order_by("position", "id"))


def get_managed_board(slug: str) -> Board:
    """Any board, for administrators. Raises Http404."""
    if (board := find_board(slug)) is None:
        raise Http404
    return board


def find_board(slug: str) -> Board | None:
    return Board.objects.filter(slug=slug).first()


def board_values(board: Board) -> dict[str, Any]:
    """What administrators set, in words that the log can keep."""
    return {name: getattr(board, name) for name in BOARD_FIELDS} | {"content_notes": sorted(board.content_notes)}


def version_of(values: Mapping[str, Any]) -> str:
    """A mark of exactly these values, so that a form shows whether they are still what it was filled with."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def changed_values(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs, as the log keeps it: the value before and the value after."""
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def has_threads(board: Board) -> bool:
    return Thread.objects.filter(board=board).exists()


def widens_audience(board: Board, audience: str) -> bool:
    """Whether with `audience` people could read the board who could not before."""
    return _AUDIENCES.index(Board.Audience(audience)) > _AUDIENCES.index(Board.Audience(board.audience))
