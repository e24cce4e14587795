from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.text import positive_int
from forums import access, pages
from forums.views.reading import is_opened
from forums.views.shared import asks_ahead, open_to_visitors, post_address
from forums.views.thread_page import TEMPLATE, head_shape, head_values, window_page
from members.requests import MemberRequest, ReaderRequest, is_member


@asks_ahead
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
    fold = pages.fold_for(request.user, found)
    if fold and not is_opened(request, found):
        above = {**head_shape(request.user, found, standing), **head_values(request.user, found)}
        return render(request, TEMPLATE, {**above, "fold": fold, "page": page})
    return window_page(request, found, page, standing, unfolded=bool(fold))


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
