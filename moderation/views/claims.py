"""Taking a case, keeping it, and giving it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import unsent
from members.requests import MemberRequest
from moderation import access
from moderation.forms.desk import HandOverForm
from moderation.models import Case
from moderation.services import claims
from moderation.views.cases import case_page, decision_form


@require_POST
def claim(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    try:
        won = claims.take(moderator=request.user, case=found, instead="instead" in request.POST)
    except claims.HoldsAnotherError as holds:
        return _one_at_a_time(request, found, holds.case)
    if not won:
        messages.warning(
            request, _("This case is not free: a colleague has it, it is decided, or somebody else is to decide it.")
        )
    return redirect("case", public_id)


def _one_at_a_time(request: MemberRequest, wanted: Case, other: Case) -> HttpResponse:
    row = access.queue_rows(request.user, [other])[0]
    context = {"wanted": wanted, "other": row, "crumbs": [(_("Review queue"), reverse("queue"))]}
    return render(request, "moderation/one_at_a_time.html", context, status=409)


@require_POST
def next_case(request: MemberRequest) -> HttpResponse:
    """The most urgent case that is free."""
    access.check_moderator(request.user)
    try:
        found = claims.take_next(moderator=request.user)
    except claims.HoldsAnotherError as holds:
        messages.info(request, _("You are working on this case already. The next one comes after it."))
        return redirect("case", holds.case.public_id)
    if found is None:
        messages.info(request, _("Nothing is left to take just now."))
        return redirect("queue")
    return redirect("case", found.public_id)


@require_POST
def renew(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Asked for by an open page every few minutes: until when the case is theirs, or 409 when it no longer is."""
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    until = claims.renew(moderator=request.user, case=found)
    if not request.headers.get("X-Lease"):
        if until is None:
            messages.warning(request, _("This case is not yours any more. What you wrote is still on this page."))
        return redirect("case", public_id)
    return render(request, "moderation/_lease.html", {"lease_until": until}, status=200 if until else 409)


@require_POST
def release(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    if claims.release(moderator=request.user, case=found):
        messages.success(request, _("The case is free again."))
    return redirect("queue")


@require_POST
def decline(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Nobody asks why."""
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    claims.decline(moderator=request.user, case=found)
    messages.success(request, _("It is left to colleagues, and will not be offered to you again."))
    return redirect("queue")


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def hand_over(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Give a case back with a note; by GET, after signing in again, back to it with the words that were sent here."""
    access.check_moderator(request.user)
    if request.method == "GET":
        return redirect("case", public_id)
    found = access.get_case(request.user, public_id)
    form = HandOverForm(request.POST)
    if not form.is_valid():
        return _again(request, found, form, status=422)
    if not claims.hand_over(moderator=request.user, case=found, note=form.cleaned_data["handover"]):
        form.add_error(
            None, _("This case is not yours any more, so nothing was handed over. Your words are still here.")
        )
        return _again(request, found, form, status=409)
    messages.success(request, _("Handed over. Your note is with the case."))
    return redirect("queue")


def _again(request: MemberRequest, case: Case, form: HandOverForm, status: int) -> HttpResponse:
    file = access.get_file(request.user, case.public_id)
    return case_page(request, file, decision_form(request, file), status=status, hand_over_form=form)


@require_POST
def second(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask for a colleague's view, or, with `no`, do not ask any more."""
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    if "no" in request.POST:
        if claims.stop_asking(moderator=request.user, case=found):
            messages.success(request, _("You no longer ask for a colleague’s view. You can claim the case again."))
        else:
            messages.warning(request, _("A colleague is looking at it already."))
        return redirect("case", public_id)
    if claims.ask_second(moderator=request.user, case=found):
        messages.success(request, _("A colleague decides this case. A note helps them to see what you see."))
    return redirect("case", public_id)
