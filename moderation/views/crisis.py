"""The crisis steps of a case."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import unsent
from core.text import positive_int
from members.requests import MemberRequest
from moderation import access, forms
from moderation.forms.crisis import MessageForm, StepForm, VersionForm
from moderation.models import Template
from moderation.services import aftercare, crisis
from moderation.services import messages as words
from moderation.views.cases import case_page


@require_POST
def start(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    form = VersionForm(request.POST)
    try:
        version = form.cleaned_data["version"] if form.is_valid() else 0
        crisis.start(moderator=request.user, case=found, version=version)
    except access.CannotDecideError as error:
        messages.warning(request, str(error))
    return _back(public_id)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def step(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_moderator(request.user)
    if request.method == "GET":
        return redirect("case", public_id)
    found = access.get_case(request.user, public_id)
    form = StepForm(request.POST, auto_id="step_%s")
    if not form.is_valid():
        return _page(request, public_id, status=422, step_form=form)
    try:
        taken = crisis.take_step(moderator=request.user, case=found, **form.cleaned_data)
    except access.CannotDecideError as error:
        form.add_error(None, str(error))
        return _page(request, public_id, status=409, step_form=form)
    if taken:
        messages.success(request, _("Written down, with the time."))
    return _back(public_id)


@require_POST
def rest(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """What arrived was read; the case comes back when the next step is due."""
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    form = VersionForm(request.POST)
    try:
        version = form.cleaned_data["version"] if form.is_valid() else 0
        rested = crisis.rest(moderator=request.user, case=found, version=version)
    except access.CannotDecideError as error:
        messages.warning(request, str(error))
        return _back(public_id)
    if not rested:
        messages.info(request, _("The next step is due now, so the case stays in the queue."))
        return _back(public_id)
    messages.success(request, _("It comes back to the queue when the next step is due."))
    return redirect("queue")


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def contact(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Write to the author of what the case is about."""
    access.check_moderator(request.user)
    if request.method == "GET":
        return redirect("case", public_id)
    found = access.get_case(request.user, public_id)
    if "add_template" in request.POST:
        return _page(request, public_id, message_form=_with_template(request))
    form = MessageForm(request.POST, auto_id="message_%s")
    if not form.is_valid():
        return _page(request, public_id, status=422, message_form=form)
    try:
        words.send(moderator=request.user, case=found, **form.cleaned_data)
    except access.CannotDecideError as error:
        form.add_error(None, str(error))
        return _page(request, public_id, status=409, message_form=form)
    messages.success(request, _("Sent. You are told when they answer."))
    return _back(public_id)


def _with_template(request: MemberRequest) -> MessageForm:
    """The words so far and, behind them, those of the template; nothing is sent."""
    chosen = access.find_template(positive_int(request.POST.get("template")), Template.Purpose.CONTACT)
    written = request.POST.get("text", "").strip()
    both = "\n\n".join(filter(None, [written, chosen.text if chosen else ""]))
    return MessageForm(auto_id="message_%s", initial={**request.POST.dict(), "text": both})


@require_POST
def begin_aftercare(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Open the composer of the thread with the words of a template, as a draft."""
    access.check_moderator(request.user)
    found = access.get_case(request.user, public_id)
    chosen = access.find_template(positive_int(request.POST.get("template")), Template.Purpose.AFTERCARE)
    composer = aftercare.begin(moderator=request.user, case=found, text=chosen.text if chosen else "")
    if composer:
        return redirect(composer)
    messages.info(request, _("Nobody can write there any more, so there is no aftercare to post."))
    return _back(public_id)


def _page(request: MemberRequest, public_id: UUID, status: int = 200, **more: object) -> HttpResponse:
    file = access.get_file(request.user, public_id)
    for form in more.values():
        if getattr(form, "is_bound", False):
            again = request.POST.copy()
            again["version"] = str(file.case.version)
            form.data = again  # type: ignore[attr-defined]
    return case_page(request, file, forms.decision_form(file), status=status, **more)


def _back(public_id: UUID) -> HttpResponse:
    return redirect(f"{redirect('case', public_id).url}#crisis")
