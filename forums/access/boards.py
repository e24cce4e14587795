"""Which boards there are for whom."""

from collections.abc import Sequence

from django.http import Http404

from forums.models import Board, Viewer


def boards_for(viewer: Viewer) -> Sequence[Board]:
    """The boards that `viewer` may open, in order, without the archived ones. One query."""
    return list(Board.objects.visible_to(viewer).filter(is_archived=False).order_by("position", "id"))


def get_board_for(viewer: Viewer, slug: str) -> Board:
    """Raises Http404 when there is no such board for `viewer`."""
    board = Board.objects.visible_to(viewer).filter(slug=slug).first()
    if board is None:
        raise Http404
    return board
