"""Opening, changing and ordering boards. Each change stands in the log with what was there before."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

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
    """Put `board` directly before or after another; say whether that changed the order.

    It names the neighbour and not a number of steps, so that the same wish twice, by two people at once or a
    second click, comes true once. Locks all boards.
    """
    # By key, so that two who move at once do not wait for each other; the order is read once the locks are there.
    list(Board.objects.select_for_update(no_key=True).order_by("id").values_list("pk", flat=True))
    boards = list(Board.objects.order_by("position", "id"))
    order = [each for each in boards if each.pk != board.pk]
    moved = next((each for each in boards if each.pk == board.pk), None)
    place = next((index for index, each in enumerate(order) if each.pk == beside.pk), None)
    if moved is None or place is None:
        return False
    order.insert(place if before else place + 1, moved)
    if order == boards:
        return False
    for position, each in enumerate(order):
        each.position = position
    Board.objects.bulk_update(order, ["position"])
    audit.record(actor=actor, verb="board-move", board=board.slug, order=[each.slug for each in order])
    return True
