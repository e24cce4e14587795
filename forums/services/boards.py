"""Opening, changing and ordering boards. Each change stands in the log with what was there before."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from core.ordering import move_beside
from forums import access
from forums.models import Board
from members.models import Member
from moderation.services import audit


@transaction.atomic
def create_board(*, actor: Member, values: Mapping[str, Any]) -> Board:
    """A new board, at the end of the list. `values`: the fields of access.BOARD_FIELDS.

    Raises:
        SlugTakenError: another board has the address, perhaps since a moment ago.
    """
    last = Board.objects.aggregate(last=Max("position"))["last"]
    board = Board(**values, position=0 if last is None else last + 1)
    _save(board)
    audit.record(actor=actor, verb="board-create", board=board.slug, values=access.board_values(board))
    return board


@transaction.atomic
def change_board(*, actor: Member, board: Board, version: str, values: Mapping[str, Any]) -> bool:
    """Give `board` these values; say whether any was another one. Locks its row.

    Raises:
        ChangedMeanwhileError: it no longer has the values that `version` stands for.
        SlugTakenError: another board has the address.
    """
    locked = Board.objects.select_for_update().get(pk=board.pk)
    before = access.board_values(locked)
    if access.version_of(before) != version:
        raise access.ChangedMeanwhileError
    for name, value in values.items():
        setattr(locked, name, value)
    changed = access.changed_values(before, access.board_values(locked))
    if changed:
        _save(locked, update_fields=[*changed])
        audit.record(actor=actor, verb="board-change", board=before["slug"], changes=changed)
    return bool(changed)


def _save(board: Board, **how: Any) -> None:
    try:
        with transaction.atomic():
            board.save(**how)
    except IntegrityError as error:
        if Board.objects.filter(slug=board.slug).exclude(pk=board.pk).exists():
            raise access.SlugTakenError from error
        raise


@transaction.atomic
def move_board(*, actor: Member, board: Board, beside: Board, before: bool) -> bool:
    """Put `board` directly before or after another; say whether that changed the order. Locks all boards."""
    order = move_beside(Board.objects.all(), moved=board, beside=beside, before=before)
    if not order:
        return False
    audit.record(actor=actor, verb="board-move", board=board.slug, order=[each.slug for each in order])
    return True
