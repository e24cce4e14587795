from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from core.text import positive_int
from forums import access, cards
from forums.forms import ReplyForm
from forums.models import Thread
from forums.services import reading
from forums.views.shared import crumbs, pager, post_address
from members.requests import MemberRequest


@require_GET
def thread(request: MemberRequest, public_id: UUID, slug: str) -> HttpResponse:
    found = access.get_thread_for(request.user, public_id)
    if slug != found.slug:
        return redirect(found, permanent=True)
    standing = access.standing(request.user, found)
    return _thread_page(request, found, page=positive_int(request.GET.get("page")) or 1, standing=standing)


def _thread_page(request: MemberRequest, found: Thread, *, page: int, standing: access.Standing) -> HttpResponse:
    window = access.posts_window(request.user, found, page)
    responses = access.responses_for(request.user, found, window.posts)
    shown = cards.cards_for(request, found, window.posts, responses, standing.last_read)
    end = min(window.last, found.last_number)
    if end > standing.last_read:
        seen = window.posts[-1].number if window.posts else window.first - 1
        reading.raise_read_mark(member=request.user, thread=found, seen=seen, end=end)
    context = {
        "thread": found,
        "standing": standing,
        "cards": shown,
        "window": window,
        "pages": pager(found, window),
        "closed": found.is_closed,
        "form": ReplyForm(),
        "crumbs": crumbs(found.board),
    }
    return render(request, "forums/thread.html", context)


@require_GET
def first_unread(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_thread_for(request.user, public_id)
    number = min(access.last_read(request.user, found) + 1, found.last_number)
    return redirect(post_address(found, number))
