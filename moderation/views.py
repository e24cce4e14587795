from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import pace, unsent
from members.requests import MemberRequest
from moderation import access, registry
from moderation.forms import DecisionForm, FlagForm
from moderation.models import Case
from moderation.services import cases, decisions

# Far above what a worried person sends, far below what a script does.
REPORTS_AN_HOUR = 30


@require_GET
@login_not_required
def guidelines(request: HttpRequest) -> HttpResponse:
    return render(request, "moderation/guidelines.html", {"rules": access.rules()})


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def flag(request: MemberRequest, kind: str, public_id: UUID) -> HttpResponse:
    subject = access.find_subject_for(request.user, kind, public_id)
    if request.method == "GET":
        return _flag_page(request, subject, FlagForm(initial=unsent.take(request)))
    form = FlagForm(request.POST)
    if not pace.within("flag", request.user.pk, limit=REPORTS_AN_HOUR):
        form.add_error(None, _("That is a lot of reports for one hour. Please send this one a little later."))
        return _flag_page(request, subject, form, status=429)
    if not form.is_valid():
        return _flag_page(request, subject, form, status=422)
    # Where the page shows what was reported, it says it there.
    place = str(getattr(subject, "public_id", ""))
    try:
        cases.flag(
            reporter=request.user,
            subject=subject,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
        )
    except cases.AlreadyFlaggedError:
        messages.info(request, _("You have reported this already. A moderator will look at it."), extra_tags=place)
    else:
        told = _("Thank you. A moderator will look at it, and you will hear what came of it.")
        messages.success(request, told, extra_tags=place)
    return redirect(registry.of(subject).url(subject))


def _flag_page(request: MemberRequest, subject: Model, form: FlagForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "back": registry.of(subject).url(subject)}
    return render(request, "moderation/flag.html", context, status=status)


@require_GET
def my_reports(request: MemberRequest) -> HttpResponse:
    page = access.reports_by(request.user, request.GET.get("after"))
    return render(request, "moderation/my_reports.html", {"page": page, "rows": access.report_rows(page.items)})


@require_GET
def decision(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The statement of reasons, as the author reads it."""
    found = access.get_decision_for(request.user, public_id)
    return render(request, "moderation/decision.html", {"decision": found, "statement": access.statement(found)})


@require_GET
def queue(request: MemberRequest) -> HttpResponse:
    access.check_moderator(request.user)
    page = access.queue(request.user, request.GET.get("after"))
    return render(request, "moderation/queue.html", {"page": page, "rows": access.queue_rows(page.items)})


@require_GET
def case(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    form = DecisionForm(
        actions=access.actions_for(found), initial=_kept(request, public_id) | {"version": found.version}
    )
    return _case_page(request, found, form)


def _kept(request: MemberRequest, public_id: UUID) -> dict[str, Any]:
    """The words of a decision that was sent after the session had ended."""
    return unsent.take(request, sent_to=reverse("decide", args=[public_id]))


def _case_page(request: MemberRequest, case: Case, form: DecisionForm, status: int = 200) -> HttpResponse:
    """The form is there for who holds the case. Words that came from anybody else are given back to read."""
    mine = case.claimed_by_id == request.user.pk and access.is_held(case)
    context = access.case_context(case) | {
        "form": form,
        "deciding": mine and case.state == Case.State.OPEN,
        "crumbs": [(_("Review queue"), reverse("queue"))],
    }
    return render(request, "moderation/case.html", context, status=status)


@require_POST
def claim(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    if not decisions.claim(moderator=request.user, case=found):
        messages.warning(request, _("This case is not free: a colleague has it, it is decided, or it is about you."))
    return redirect("case", public_id)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def decide(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Decide a case; by GET, after signing in again, back to it with the words that were sent here."""
    access.check_moderator(request.user)
    if request.method == "GET":
        return redirect("case", public_id)
    found = access.get_case(request.user, public_id)
    form = DecisionForm(request.POST, actions=access.actions_for(found))
    if not form.is_valid():
        return _case_page(request, found, form, status=422)
    try:
        decisions.decide(moderator=request.user, case=found, **form.cleaned_data)
    except access.CannotDecideError as error:
        current = access.get_case(request.user, public_id)
        # The words stay; the next attempt is about the case as it is now, which the page shows.
        form.data = {**request.POST.dict(), "version": str(current.version)}
        form.add_error(None, str(error))
        return _case_page(request, current, form, status=409)
    messages.success(request, _("Decided. Whoever it concerns is told."))
    return redirect("queue")
