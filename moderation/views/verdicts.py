"""Decisions, as the person they are about reads them; and ending a limit early."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import unsent
from members.requests import MemberRequest
from moderation import access
from moderation.forms.appeals import LiftForm
from moderation.models import Decision
from moderation.services import sanctions, sight


@require_GET
def decision_list(request: MemberRequest) -> HttpResponse:
    """What was decided about whoever asks."""
    page = access.decisions_about(request.user, request.GET.get("after"))
    return render(request, "moderation/decisions.html", {"page": page, "rows": access.decision_rows(page.items)})


@require_GET
def decision(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The statement of reasons, as the author reads it; moderators read the same."""
    found = access.get_decision_for(request.user, public_id)
    return decision_page(request, found)


def decision_page(
    request: MemberRequest, found: Decision, form: LiftForm | None = None, status: int = 200
) -> HttpResponse:
    """For moderators each look goes to the log: it shows what somebody wrote, and what they were told."""
    mine = found.author_id == request.user.pk
    if not mine:
        sight.once_a_day(moderator=request.user, verb="see-decision", case=found.case_id, decision=found.pk)
    context = {
        "decision": found,
        "statement": access.statement(found) if mine else access.statement(found) | {"appeal_url": ""},
        "appeal": access.appeal_of(found),
        "pieces": access.change_in(found),
        "ended": access.ended_limit(found),
        "running": access.running_limit(found),
        "mine": mine,
        "lift_form": None if mine else form or LiftForm(initial=unsent.take(request, sent_to=f"{request.path}lift/")),
    }
    return render(request, "moderation/decision.html", context, status=status)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def lift(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """End the limit that came with a decision, early and with a reason; for moderators."""
    found = access.get_decision_for(request.user, public_id)
    if found.author_id == request.user.pk:
        # Whether they moderate or not: nobody ends their own.
        raise PermissionDenied if request.user.is_moderator else Http404
    if request.method == "GET":
        return redirect("decision", public_id)
    form = LiftForm(request.POST)
    if not form.is_valid():
        return decision_page(request, found, form, status=422)
    running = access.running_limit(found)
    if running and sanctions.lift(actor=request.user, sanction=running, reason=form.cleaned_data["reason"]):
        messages.success(request, _("Ended. The member is told, with your reason."))
    else:
        messages.info(request, _("It had ended already, so nothing was changed."))
    return redirect("decision", public_id)
