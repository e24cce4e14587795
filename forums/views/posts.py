"""One post: where it stands, and what readers do with it in one tap."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.ahead import finds_first
from core.tokens import page_token
from forums import access, cards
from forums.forms import ReactionForm
from forums.forms.editing import SwitchForm
from forums.models import Post, Visibility
from forums.services import bookmarks, reading, thanks
from forums.views.shared import at, come_back, open_to_visitors, post_address
from members.requests import MemberRequest, ReaderRequest


@open_to_visitors
@require_safe
def post(request: ReaderRequest, public_id: UUID) -> HttpResponse:
    """A post's own address, which stays when the thread's pages move."""
    found = access.get_post_for(request.user, public_id)
    return redirect(post_address(found.thread, found.number))


@require_POST
@finds_first
def react(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = _readable(request, public_id)
    form = ReactionForm(request.POST)
    if form.is_valid() and found.author_id != request.user.pk:
        give, take = form.cleaned_data["give"], form.cleaned_data["take"]
        if give or take:
            reading.react(member=request.user, post=found, kind=give or take, on=bool(give))
    return _actions(request, found)


@require_POST
def bookmark(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = _readable(request, public_id)
    on = _switched(request)
    if on is None:
        return _actions(request, found)
    change: Callable[..., bool] = bookmarks.add_bookmark if on else bookmarks.remove_bookmark
    change(member=request.user, post=found)
    if not request.htmx and on:
        told = _("Bookmarked. Among your bookmarks you can add a note to yourself.")
        messages.success(request, told, extra_tags=at(found))
    return _actions(request, found, just_bookmarked=on)


@require_POST
def thank(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = _readable(request, public_id)
    if found.thread.author_id != request.user.pk or found.author_id == request.user.pk:
        raise PermissionDenied
    on = _switched(request)
    if on is not None:
        thanks.thank(member=request.user, post=found, on=on)
    return _actions(request, found)


def _readable(request: MemberRequest, public_id: UUID) -> Post:
    """Nobody responds to words that are not shown, whatever they may see of them. Raises Http404."""
    found = access.get_post_for(request.user, public_id)
    if found.visibility != Visibility.VISIBLE:
        raise Http404
    return found


def _switched(request: MemberRequest) -> bool | None:
    """What the button asked for; None when it was none of ours."""
    form = SwitchForm(request.POST)
    return bool(form.cleaned_data["on"]) if form.is_valid() else None


def _actions(request: MemberRequest, found: Post, *, just_bookmarked: bool = False) -> HttpResponse:
    """For htmx what can be done with the post now, otherwise the page on which it stands."""
    if not request.htmx:
        return redirect(come_back(request, post_address(found.thread, found.number)))
    if (row := access.post_row(request.user, found.thread, found.number)) is None:
        raise Http404
    responses = access.responses_for(request.user, found.thread, [row])
    made = cards.actions(
        request.user, found.thread, row, responses, page_token(request), just_bookmarked=just_bookmarked
    )
    return HttpResponse(made)
