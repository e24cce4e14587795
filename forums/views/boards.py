from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forums import access
from forums.models import Board, SupportType
from forums.rows import board_cards, thread_rows
from forums.views.shared import crumbs, is_findable, let_be_found, open_to_visitors
from members.models import Member
from members.requests import ReaderRequest


@open_to_visitors
@require_safe
def boards(request: ReaderRequest) -> HttpResponse:
    cards = board_cards(request.user)
    visiting = not isinstance(request.user, Member)
    if visiting and not cards:
        raise Http404
    response = render(request, "forums/boards.html", {"boards": cards, "findable": visiting})
    return let_be_found(response) if visiting else response


@open_to_visitors
@require_safe
def board(request: ReaderRequest, slug: str) -> HttpResponse:
    viewer = request.user
    found, level = access.board_and_level(viewer, slug)
    context = _threads(request, found) | {
        "board": found,
        "level": level,
        "gatherings": access.next_gatherings(viewer, board=found),
        "crumbs": crumbs(),
        "may_start": isinstance(viewer, Member) and access.may_start(viewer, found),
        "findable": is_findable(request, found),
    }
    response = render(request, "forums/board.html", context)
    return let_be_found(response) if context["findable"] else response


def _threads(request: ReaderRequest, board: Board) -> dict[str, object]:
    """One page of the board's threads; the pinned ones stand before the first page and nowhere else."""
    support_type = _support_type(request.GET.get("support"))
    pinned = access.pinned_threads(request.user, board, support_type=support_type)
    page = access.threads_page(
        request.user,
        board,
        request.GET.get("after"),
        support_type=support_type,
        leave_out=[row["id"] for row in pinned],
    )
    return {
        "support_type": support_type,
        "support_types": SupportType,
        "keep": f"support={support_type.value}&" if support_type else "",
        "rows": thread_rows(request.user, [*(pinned if page.is_first else ()), *page.items]),
        "page": page,
    }


def _support_type(asked: str | None) -> SupportType | None:
    return SupportType(asked) if asked in SupportType.values else None
