from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from forums import access
from forums.rows import thread_rows
from forums.views.shared import crumbs
from members.requests import MemberRequest


@require_GET
def boards(request: MemberRequest) -> HttpResponse:
    return render(request, "forums/boards.html", {"boards": access.boards_for(request.user)})


@require_GET
def board(request: MemberRequest, slug: str) -> HttpResponse:
    found = access.get_board_for(request.user, slug)
    page = access.threads_page(request.user, found, request.GET.get("after"))
    rows = thread_rows(request.user, page.items)
    context = {
        "board": found,
        "rows": rows,
        "page": page,
        "crumbs": crumbs(),
        "may_start": access.may_start(request.user, found),
    }
    return render(request, "forums/board.html", context)
