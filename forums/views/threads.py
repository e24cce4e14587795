from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.text import positive_int
from forums import access, cards, library, pages, shell
from forums.models import Thread
from forums.services import reading
from forums.views.composer import inline_composer
from forums.views.reading import is_opened
from forums.views.shared import crumbs, is_findable, let_be_found, messages_at, open_to_visitors, pager, post_address
from members.requests import MemberRequest, ReaderRequest, is_member

type _Said = Mapping[int, Sequence[Message]]

PAGE = shell.stencils("forums/thread.html")


@open_to_visitors
@require_safe
def thread(request: ReaderRequest, public_id: UUID, slug: str) -> HttpResponse:
    found, offset, standing = access.open_thread(request.user, public_id)
    page = positive_int(request.GET.get("page")) or 1
    if offset:
        return redirect(post_address(found, offset + (page - 1) * access.WINDOW + 1))
    if slug != found.slug:
        query = request.META.get("QUERY_STRING")
        return redirect(found.get_absolute_url() + (f"?{query}" if query else ""), permanent=True)
    return _thread_page(request, found, page, standing)


def _thread_page(request: ReaderRequest, found: Thread, page: int, standing: access.Standing) -> HttpResponse:
    fold = pages.fold_for(request.user, found)
    findable = is_findable(request, found.board) and not fold
    shape, values = _head(request, found, standing, findable=findable)
    if fold and not is_opened(request, found):
        return render(request, "forums/thread.html", {**shape, **values, "fold": fold, "page": page})
    window = access.posts_window(request.user, found, page)
    said, above = messages_at(request, window.posts)
    if is_member(request):
        more, texts = _for_member(request, found, window, standing, said)
    else:
        more, texts = {}, _for_visitor(found, window, said, shown=bool(fold))
    shape |= {"is_last": window.is_last, "is_only": window.is_only, "closed": _closed(found)} | more
    values |= texts | {"related": _related(found) if window.is_last else ""}
    if is_member(request) and not said and not above:
        return shell.page(request, PAGE, shape, values)
    whole = {**shape, **values, "messages": above}
    # One for all its forms; a visitor has none, and is given no cookie.
    token = {"csrf_token": shell.token(request)} if is_member(request) else {}
    response = render(request, "forums/thread.html", whole | token)
    return let_be_found(response) if findable else response


def _head(
    request: ReaderRequest, found: Thread, standing: access.Standing, *, findable: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands above the posts: shape and values."""
    own = found.author_id == request.user.pk
    shape = {
        "findable": findable,
        "support": found.support,
        "meaning": found.support.wish if own else found.support.meaning,
        "own": own,
        "notes": tuple(found.note_labels),
        "states": tuple(pages.states(found)),
        "level": standing.level,
        "closing_asked": found.closing_asked_at is not None,
        "moderates": is_member(request) and request.user.is_moderator,
    }
    return shape, {
        "title": found.title,
        "thread_id": found.public_id,
        "crumbs": crumbs(found.board),
        "waits_for": pages.waits_for(request.user, found),
    }


def _closed(thread: Thread) -> str:
    return ("archived" if thread.state == Thread.State.ARCHIVED else "closed") if thread.is_closed else ""


def _related(thread: Thread) -> SafeString:
    related = library.related_to(thread)
    return render_to_string("forums/_related.html", {"related": related}) if related else SafeString()


def _for_visitor(found: Thread, window: access.Window, said: _Said, *, shown: bool) -> dict[str, Any]:
    return {
        "posts": _joined(window, cards.plain_cards(found, window.posts), said),
        **pager(found, window, shown=shown),
    }


def _for_member(
    request: MemberRequest, found: Thread, window: access.Window, standing: access.Standing, said: _Said
) -> tuple[dict[str, Any], dict[str, Any]]:
    """One window of posts as this reader sees it: shape and values. What is shown here counts as read."""
    left_off = standing.last_read
    responses = access.responses_for(request.user, found, window.posts)
    end = min(window.last, found.last_number)
    if end > left_off:
        seen = window.posts[-1].number if window.posts else window.first - 1
        reading.raise_read_mark(member=request.user, thread=found, seen=seen, end=end)
    shown = cards.cards_for(request.user, found, window.posts, responses, left_off, token=shell.token(request))
    divider = pages.divider_before(window.posts, window.first, left_off, request.user)
    values = {
        "posts": _joined(window, shown, said, divider),
        **pager(found, window),
        # Whoever jumped over posts is told where they left off, because the mark has passed them now.
        "left_off": post_address(found, left_off + 1) if 0 < left_off < window.first - 1 else None,
        "composer": "" if found.is_closed else inline_composer(request, found, standing),
    }
    return {"caught_up": window.is_last and left_off >= window.first - 1}, values


def _joined(window: access.Window, shown: Sequence[SafeString], said: _Said, divider: int | None = None) -> SafeString:
    """The cards, with what was just said about a post and the line before the first new one above them."""
    parts: list[str] = []
    for post, card in zip(window.posts, shown, strict=True):
        if post.number == divider:
            parts.append(format_html('<p class="new-since">{}</p>', _("New since you were here")))
        if messages_here := said.get(post.number):
            parts.append(render_to_string("forums/_said_here.html", {"said": messages_here}))
        parts.append(card)
    return mark_safe("".join(parts))  # noqa: S308 - made by templates


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
