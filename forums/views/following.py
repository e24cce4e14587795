"""What one follows, what one started, and how much one hears of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from forums import access
from forums.forms.following import FollowForm
from forums.rows import thread_rows
from forums.services import following as services
from members.requests import MemberRequest


@require_safe
def following(request: MemberRequest) -> HttpResponse:
    """Boards and threads that one follows; with `?show=muted` those that one hears nothing of."""
    muted = request.GET.get("show") == "muted"
    page = access.followed_page(request.user, request.GET.get("after"), muted=muted)
    context = {
        "muted": muted,
        "boards": access.followed_boards(request.user, muted=muted) if page.is_first else [],
        "rows": thread_rows(request.user, page.items),
        "page": page,
        "keep": "show=muted&" if muted else "",
    }
    return render(request, "forums/following.html", context)


@require_safe
def my_threads(request: MemberRequest) -> HttpResponse:
    page = access.own_threads_page(request.user, request.GET.get("after"))
    return render(request, "forums/my_threads.html", {"rows": thread_rows(request.user, page.items), "page": page})


@require_POST
def follow_thread(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_thread_for(request.user, public_id)
    form = FollowForm(request.POST)
    if form.is_valid():
        services.set_thread_level(member=request.user, thread=found, level=form.chosen)
    return redirect(_back(request) or found)


@require_POST
def follow_board(request: MemberRequest, slug: str) -> HttpResponse:
    found = access.get_board_for(request.user, slug)
    form = FollowForm(request.POST)
    if form.is_valid():
        services.set_board_level(member=request.user, board=found, level=form.chosen)
    return redirect(_back(request) or found)


def _back(request: HttpRequest) -> str:
    """The page of ours on which the button was pressed, if the form names one."""
    address = request.POST.get("back", "")
    safe = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if safe else ""
