"""Asking for another look at a decision, and judging that."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import unsent
from members.requests import MemberRequest
from moderation import access
from moderation.forms.appeals import AppealForm, JudgeForm
from moderation.models import Appeal, Decision
from moderation.services import appeals, sight


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def appeal(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """For who was decided about."""
    found = access.get_own_decision(request.user, public_id)
    if request.method == "GET":
        if not access.can_be_appealed(found):
            return redirect("decision", public_id)
        return _appeal_page(request, found, AppealForm(initial=unsent.take(request)))
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _appeal_page(request, found, form, status=422)
    try:
        appeals.appeal(author=request.user, decision=found, text=form.cleaned_data["text"])
    except access.CannotAppealError as error:
        form.add_error(None, str(error))
        return _appeal_page(request, found, form, status=409)
    messages.success(request, _("Sent. Somebody else looks at it within seven days, and you are told what came of it."))
    return redirect("decision", public_id)


def _appeal_page(request: MemberRequest, decision: Decision, form: AppealForm, status: int = 200) -> HttpResponse:
    context = {"decision": decision, "form": form, "until": decision.appeal_until}
    return render(request, "moderation/appeal.html", context, status=status)


@require_GET
def appeal_list(request: MemberRequest) -> HttpResponse:
    access.check_moderator(request.user)
    page = access.open_appeals(request.user, request.GET.get("after"))
    context = {
        "page": page,
        "rows": access.appeal_rows(page.items),
        "for_another": access.waits_for_another(request.user),
    }
    return render(request, "moderation/appeals.html", context)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def judge(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """For a moderator who did not decide it."""
    access.check_moderator(request.user)
    found = access.get_appeal(request.user, public_id)
    offered = {"actions": access.other_actions(found.decision), "limits": access.other_limits(found.decision)}
    if request.method == "GET":
        return _judge_page(request, found, JudgeForm(**offered, initial=unsent.take(request)))
    form = JudgeForm(request.POST, **offered)
    if not form.is_valid():
        return _judge_page(request, found, form, status=422)
    try:
        judged = appeals.judge(
            moderator=request.user,
            appeal=found,
            outcome=Appeal.State(form.cleaned_data["outcome"]),
            answer=form.cleaned_data["answer"],
            instead=form.ruling,
        )
    except access.CannotJudgeError as error:
        form.add_error(None, str(error))
        return _judge_page(request, access.get_appeal(request.user, public_id), form, status=409)
    messages.success(request, _("Judged. The member and the colleague who decided first are told."))
    if not judged.undone:
        messages.warning(
            request,
            _(
                "What the first decision did could not be undone: it has changed since, or the same was decided once "
                "more. Please look at it in its place."
            ),
        )
    return redirect("appeals")


def _judge_page(request: MemberRequest, found: Appeal, form: JudgeForm, status: int = 200) -> HttpResponse:
    """Each look goes to the log."""
    sight.once_a_day(moderator=request.user, verb="see-appeal", case=found.decision.case_id, appeal=found.pk)
    context = access.appeal_context(found) | {
        "form": form,
        "judging": found.state == Appeal.State.OPEN,
        "crumbs": [(_("Review queue"), reverse("queue")), (_("Appeals"), reverse("appeals"))],
    }
    return render(request, "moderation/appeal_judge.html", context, status=status)
