"""What a member chose to hear of boards."""

from collections.abc import Sequence

from django.db.models import OuterRef, Subquery
from django.http import Http404

from forums.models import Board, BoardFollow, Level, Viewer
from members.models import Member


def board_and_level(viewer: Viewer, slug: str) -> tuple[Board, Level | None]:
    """The board, and how much `viewer` hears of it. One query. Raises Http404 when there is no such board for them."""
    boards = Board.objects.visible_to(viewer).filter(slug=slug)
    if not isinstance(viewer, Member):
        board, level = boards.first(), None
    else:
        chosen = BoardFollow.objects.filter(member=viewer, board=OuterRef("pk")).values("level")
        board = boards.annotate(level=Subquery(chosen)).first()
        level = getattr(board, "level", None)
    if board is None:
        raise Http404
    return board, Level(level) if level else None


def followed_boards(member: Member, *, muted: bool = False) -> Sequence[tuple[Board, Level]]:
    """The boards that `member` follows, or those that they muted, in the order of the boards. One query."""
    levels = [Level.MUTE] if muted else [Level.ALL, Level.REPLIES]
    follows = BoardFollow.objects.filter(member=member, level__in=levels, board__in=Board.objects.visible_to(member))
    ordered = follows.select_related("board").order_by("board__position", "board_id")
    return [(follow.board, Level(follow.level)) for follow in ordered]
