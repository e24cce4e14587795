from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forums import access
from forums.models import SupportType
from forums.rows import board_cards
from forums.views.board_page import BoardPage
from forums.views.shared import asks_ahead, let_be_found, open_to_visitors
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


@asks_ahead
@open_to_visitors
@require_safe
def board(request: ReaderRequest, slug: str) -> HttpResponse:
    viewer = request.user
    found, level, gathers = access.board_and_level(viewer, slug)
    gatherings = access.next_gatherings(viewer, board=found) if gathers else ()
    asked = _support_type(request.GET.get("support"))
    threads = access.threads_page(viewer, found, request.GET.get("after"), support_type=asked)
    return BoardPage(viewer, found, level, gatherings, threads, asked).answer(request)


def _support_type(asked: str | None) -> SupportType | None:
    return SupportType(asked) if asked in SupportType.values else None
