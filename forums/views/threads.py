from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.text import positive_int
from forums import access, cards, composing, library, pages
from forums.models import Thread
from forums.services import reading
from forums.views.reading import is_opened
from forums.views.shared import crumbs, is_findable, let_be_found, messages_at, open_to_visitors, pager, post_address
from members.requests import MemberRequest, ReaderRequest, is_member


@open_to_visitors
@require_safe
def thread(request: ReaderRequest, public_id: UUID, slug: str) -> HttpResponse:
    found, offset = access.get_standing_thread_for(request.user, public_id)
    page = positive_int(request.GET.get("page")) or 1
    if offset:
        return redirect(post_address(found, offset + (page - 1) * access.WINDOW + 1))
    if slug != found.slug:
        query = request.META.get("QUERY_STRING")
        return redirect(found.get_absolute_url() + (f"?{query}" if query else ""), permanent=True)
    return _thread_page(request, found, page)


def _thread_page(request: ReaderRequest, found: Thread, page: int) -> HttpResponse:
    standing = access.standing(request.user, found) if is_member(request) else access.Standing()
    fold = pages.fold_for(request.user, found)
    findable = is_findable(request, found.board) and not fold
    context = {
        "thread": found,
        "standing": standing,
        "waits_for": pages.waits_for(request.user, found),
        "states": pages.states(found),
        "crumbs": crumbs(found.board),
        "findable": findable,
    }
    if fold and not is_opened(request, found):
        context |= {"fold": fold, "page": page}
    else:
        context |= _conversation(request, found, page, standing, shown=bool(fold))
    response = render(request, "forums/thread.html", context)
    return let_be_found(response) if findable else response


def _conversation(
    request: ReaderRequest, found: Thread, page: int, standing: access.Standing, *, shown: bool
) -> dict[str, Any]:
    """One window of posts as this reader sees it."""
    window = access.posts_window(request.user, found, page)
    context = {
        "window": window,
        "closed": found.is_closed,
        "related": library.related_to(found) if window.is_last else (),
    }
    if is_member(request):
        return context | _for_member(request, found, window, standing)
    return context | {
        **_numbered(request, window, cards.plain_cards(found, window.posts)),
        "pages": pager(found, window, shown=shown),
    }


def _for_member(
    request: MemberRequest, found: Thread, window: access.Window, standing: access.Standing
) -> dict[str, Any]:
    """What is shown here counts as read."""
    left_off = standing.last_read
    responses = access.responses_for(request.user, found, window.posts)
    end = min(window.last, found.last_number)
    if end > left_off:
        seen = window.posts[-1].number if window.posts else window.first - 1
        reading.raise_read_mark(member=request.user, thread=found, seen=seen, end=end)
    return {
        **_numbered(request, window, cards.cards_for(request, found, window.posts, responses, left_off)),
        "pages": pager(found, window),
        "divider": pages.divider_before(window.posts, window.first, left_off, request.user),
        # Whoever jumped over posts is told where they left off, because the mark has passed them now.
        "left_off": post_address(found, left_off + 1) if 0 < left_off < window.first - 1 else None,
        "caught_up": window.is_last and left_off >= window.first - 1,
        "composer": composing.inline_composer(request.user, found, standing),
    }


def _numbered(request: ReaderRequest, window: access.Window, shown: Sequence[SafeString]) -> dict[str, Any]:
    """Each post's number, its card, and what was just said about it."""
    said, above = messages_at(request, window.posts)
    posts = zip(window.posts, shown, strict=True)
    return {"posts": [(post.number, card, said.get(post.number, ())) for post, card in posts], "messages": above}


@open_to_visitors
@require_safe
def first_unread(request: ReaderRequest, public_id: UUID) -> HttpResponse:
    found, _offset = access.get_standing_thread_for(request.user, public_id)
    read = access.last_read(request.user, found) if is_member(request) else 0
    return redirect(post_address(found, access.nearest(request.user, found, read + 1)))


@open_to_visitors
@require_safe
def newest(request: ReaderRequest, public_id: UUID) -> HttpResponse:
    found, _offset = access.get_standing_thread_for(request.user, public_id)
    return redirect(post_address(found, access.nearest(request.user, found, found.last_number)))


@open_to_visitors
@require_safe
def jump(request: ReaderRequest, public_id: UUID) -> HttpResponse:
    """To the post whose number was typed, or to the nearest that there is for this reader."""
    found, offset = access.get_standing_thread_for(request.user, public_id)
    number = pages.number_in(request.GET.get("number"), last=found.last_number - offset)
    return redirect(post_address(found, access.nearest(request.user, found, offset + number)))


@require_safe
def report(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """To the form about the opening post, whose case is the thread's."""
    found, _offset = access.get_standing_thread_for(request.user, public_id)
    opening = access.opening_of(found, reader=request.user)
    if opening is None:
        messages.info(request, _("The first post of this thread is not there to report. You could report a reply."))
        return redirect(found.get_absolute_url())
    return redirect("flag", "post", opening.public_id)
