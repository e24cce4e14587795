from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from forums import access, cards
from forums.forms import ReactionForm
from forums.models import Visibility
from forums.services import reading
from forums.views.shared import post_address
from members.requests import MemberRequest


@require_GET
def post(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A post's own address, which stays when the thread's pages move."""
    found = access.get_post_for(request.user, public_id)
    return redirect(post_address(found.thread, found.number))


@require_POST
def react(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_post_for(request.user, public_id)
    if found.visibility != Visibility.VISIBLE:
        raise Http404
    form = ReactionForm(request.POST)
    if form.is_valid() and found.author_id != request.user.pk:
        give, take = form.cleaned_data["give"], form.cleaned_data["take"]
        if give or take:
            reading.react(member=request.user, post=found, kind=give or take, on=bool(give))
    if not request.htmx:
        return redirect(post_address(found.thread, found.number))
    if (row := access.post_row(request.user, found.thread, found.number)) is None:
        raise Http404
    responses = access.responses_for(request.user, found.thread, [row])
    context = cards.actions_context(request.user, found.thread, row, responses)
    return render(request, "components/post_actions.html", context)
