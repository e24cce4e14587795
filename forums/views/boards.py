from collections.abc import Sequence
from typing import Any

from django.contrib.messages import get_messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from forums import access, shell
from forums.models import SupportType
from forums.rows import Looks, board_cards, thread_list, thread_rows
from forums.views.shared import crumbs, is_findable, let_be_found, open_to_visitors
from members.models import Member
from members.requests import ReaderRequest, is_member


@open_to_visitors
@require_safe
def boards(request: ReaderRequest) -> HttpResponse:
    cards = board_cards(request.user)
    visiting = not isinstance(request.user, Member)
    if visiting and not cards:
        raise Http404
    response = render(request, "forums/boards.html", {"boards": cards, "findable": visiting})
    return let_be_found(response) if visiting else response


PAGE = shell.stencils("forums/board.html")


@open_to_visitors
@require_safe
def board(request: ReaderRequest, slug: str) -> HttpResponse:
    viewer = request.user
    found, level, gathers = access.board_and_level(viewer, slug)
    gatherings = access.next_gatherings(viewer, board=found) if gathers else ()
    asked = _support_type(request.GET.get("support"))
    page = access.threads_page(viewer, found, request.GET.get("after"), support_type=asked)
    rows = thread_rows(viewer, page.items)
    may_start = is_member(request) and access.may_start(request.user, found)
    address = found.get_absolute_url()
    shape = {
        "is_archived": found.is_archived,
        "level": level,
        "may_start": may_start,
        "findable": is_findable(request, found),
        "asked": asked,
        "is_empty": not rows,
        "support_types": tuple(SupportType),
    }
    values = {
        "title": found.title,
        "purpose": found.purpose,
        "crumbs": crumbs(),
        "address": address,
        "new_url": reverse("new_thread", args=[found.slug]) if may_start else "",
        "follow_url": reverse("follow_board", args=[found.slug]),
        "gatherings": _gatherings(gatherings),
        "threads": thread_list(rows, Looks(show_new=True)),
        "more": f"?{f'support={asked.value}&' if asked else ''}after={page.next_cursor}" if page.next_cursor else "",
    }
    if is_member(request) and not get_messages(request):
        return shell.page(request, PAGE, shape, values)
    response = render(request, "forums/board.html", {**shape, **values})
    return let_be_found(response) if shape["findable"] else response


def _gatherings(coming: Sequence[Any]) -> SafeString:
    return render_to_string("forums/_gatherings.html", {"gatherings": coming}) if coming else SafeString()


def _support_type(asked: str | None) -> SupportType | None:
    return SupportType(asked) if asked in SupportType.values else None
