"""What a member chose to hear of boards."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.http import Http404

from core.built import BuiltByRules
from core.loaded import loaded
from forums.access.readers import ReadsAs, anybody, reads_as
from forums.models import Board, BoardFollow, Gathering, Level, Viewer
from members.models import Member
from members.stand_in import READER


def board_and_level(viewer: Viewer, slug: str) -> tuple[Board, Level | None, bool]:
    """The board, how much `viewer` hears of it, and whether gatherings are planned in it. One query.

    Raises Http404 when there is no such board for them.
    """
    values = {"slug": slug, "reader": viewer.pk}
    rows = _BOARD.rows(values, reads_as=reads_as(viewer), is_staff=isinstance(viewer, Member) and viewer.is_staff)
    if not rows:
        raise Http404
    *fields, gathers, level = rows[0]
    return loaded(Board, _FIELDS, fields), Level(level) if level else None, gathers


def _board(*, reads_as: ReadsAs, is_staff: bool) -> QuerySet[Board, Any]:
    viewer = anybody(reads_as, is_staff=is_staff)
    gathers = Exists(Gathering.objects.filter(board=OuterRef("pk"), is_active=True))
    boards = Board.objects.visible_to(viewer).filter(slug=_SLUG).annotate(gathers=gathers)
    if not isinstance(viewer, Member):
        return boards.annotate(level=Value(None, output_field=CharField())).values_list(*_FIELDS, "gathers", "level")
    chosen = BoardFollow.objects.filter(member=viewer, board=OuterRef("pk")).values("level")
    return boards.annotate(level=Subquery(chosen)).values_list(*_FIELDS, "gathers", "level")


# No board is called so.
_SLUG = "no-board-is-called-so-1911"
_FIELDS = [field.attname for field in Board._meta.concrete_fields]  # noqa: SLF001 - public by Django's word
_BOARD = BuiltByRules(_board, {"slug": _SLUG, "reader": READER}, always="slug")


def followed_boards(member: Member, *, muted: bool = False) -> Sequence[tuple[Board, Level]]:
    """The boards that `member` follows, or those that they muted, in the order of the boards. One query."""
    levels = [Level.MUTE] if muted else [Level.ALL, Level.REPLIES]
    follows = BoardFollow.objects.filter(member=member, level__in=levels, board__in=Board.objects.visible_to(member))
    ordered = follows.select_related("board").order_by("board__position", "board_id")
    return [(follow.board, Level(follow.level)) for follow in ordered]
