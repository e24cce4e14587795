"""Deciding a case, and undoing that."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import unsent
from members.requests import MemberRequest
from moderation import access
from moderation.forms import decision_form
from moderation.services import claims, decisions
from moderation.views.cases import case_page


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def decide(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Decide a case; by GET, after signing in again, back to it with the words that were sent here.

    A claim that ran out while they wrote is theirs again, unless a colleague was faster.
    """
    access.check_moderator(request.user)
    if request.method == "GET":
        return redirect("case", public_id)
    claims.renew(moderator=request.user, case=access.get_case(request.user, public_id))
    file = access.get_file(request.user, public_id)
    found, form = file.case, decision_form(file, data=request.POST)
    try:
        if not form.is_valid():
            # Where a colleague was faster, that is what happened, and not that an action is no longer offered.
            access.check_can_decide(request.user, found, found.version)
            return case_page(request, file, form, status=422)
        decisions.decide(moderator=request.user, case=found, **form.decided)
    except access.CannotDecideError as error:
        current = access.get_file(request.user, public_id)
        # The words stay; the next attempt is about the case as it is now, which the page shows.
        again = request.POST.copy()
        again["version"] = str(current.case.version)
        form.data = again
        form.add_error(None, str(error))
        return case_page(request, current, form, status=409)
    # The queue says what was decided, with the way to undo it.
    return redirect("queue")


@require_POST
def undo(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    if decisions.undo(moderator=request.user, case=found):
        messages.success(request, _("Undone. Nothing happened and nobody was told. Your words are below."))
    else:
        messages.info(
            request, _("It was too late to undo this: it has taken effect, or there is nothing to undo any more.")
        )
    return redirect("case", public_id)
