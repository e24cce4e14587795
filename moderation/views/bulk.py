"""Several cases at once: spam, and undoing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core import unsent
from core.text import positive_int
from members.requests import MemberRequest
from moderation import access
from moderation.forms.desk import SpamForm
from moderation.models import Case, Template
from moderation.services import bulk
from moderation.views.cases import reason_with_template

AT_ONCE = 50


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def spam(request: MemberRequest) -> HttpResponse:
    """The ticked cases with one rule and one reason; then each is decided. What cannot be is shown, and why."""
    access.check_moderator(request.user)
    if request.method == "GET":
        return redirect("queue")
    ticked = _ticked(request)
    cases = access.spam_among(request.user, access.get_cases(request.user, list(ticked)))
    if not cases:
        messages.info(request, _("Tick the cases that are spam first. Those of a graver kind are decided one by one."))
        return redirect("queue")
    if "decide" not in request.POST:
        begun = {"rule": request.POST.get("rule", ""), "reason": reason_with_template(request)}
        return _page(request, cases, SpamForm(initial=begun))
    form = SpamForm(request.POST)
    if not form.is_valid():
        return _page(request, cases, form, status=422)
    seen = [(case, ticked[case.public_id] or case.version) for case in cases]
    done, refused = bulk.decide_as_spam(moderator=request.user, cases=seen, **form.cleaned_data)
    if done:
        decided = ngettext("%(count)s case was decided.", "%(count)s cases were decided.", len(done))
        messages.success(request, decided % {"count": len(done)} + " " + _("You can undo it for twelve seconds."))
    if not refused:
        return redirect("queue")
    return _page(request, [row.case for row in refused], form, status=409, why=[row.why for row in refused])


def _ticked(request: MemberRequest) -> dict[UUID, int | None]:
    """The cases that were ticked, with the version that the confirmation showed. What is no id is left out."""
    found: dict[UUID, int | None] = {}
    for value in request.POST.getlist("case")[:AT_ONCE]:
        try:
            public_id = UUID(value)
        except ValueError:
            continue
        found[public_id] = positive_int(request.POST.get(f"version-{public_id}"))
    return found


def _page(
    request: MemberRequest, cases: Sequence[Case], form: SpamForm, *, status: int = 200, why: Sequence[str] = ()
) -> HttpResponse:
    rows = access.queue_rows(request.user, cases)
    context: dict[str, Any] = {
        "form": form,
        "templates": access.templates_for(Template.Purpose.REASON),
        "rows": [row | {"version": case.version} for row, case in zip(rows, cases, strict=True)],
        "refused": list(zip(rows, why, strict=True)) if why else [],
        "crumbs": [(_("Review queue"), reverse("queue"))],
    }
    return render(request, "moderation/spam.html", context, status=status)


@require_POST
def undo_all(request: MemberRequest) -> HttpResponse:
    access.check_moderator(request.user)
    undone, late = bulk.undo_all(moderator=request.user)
    if undone:
        sentence = ngettext("%(count)s decision was undone.", "%(count)s decisions were undone.", undone)
        messages.success(request, sentence % {"count": undone} + " " + _("Nobody was told."))
    if late or not undone:
        messages.warning(request, _("It was too late to undo it. You can decide again when it is reported again."))
    return redirect("queue")
