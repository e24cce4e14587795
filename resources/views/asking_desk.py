"""The curators' desk: questions that came in, and answers before they are shown. For others it is not there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import moderation.access
from core import unsent
from core.text import positive_int
from members.requests import MemberRequest
from moderation.models import Template
from resources.access import asking as access
from resources.forms.asking import AcceptForm, DeclineForm, SendBackForm, ShowForm
from resources.models import Answer, Question, Topic
from resources.services import answering, asking


@require_safe
def questions_desk(request: MemberRequest) -> HttpResponse:
    access.check_curator(request.user)
    page = access.desk_page(request.user, request.GET.get("after"))
    return render(request, "resources/asking/desk.html", {"page": page})


@require_safe
def waiting_desk(request: MemberRequest) -> HttpResponse:
    """What was passed on and nobody has answered yet."""
    access.check_curator(request.user)
    return render(request, "resources/asking/desk_waiting.html", {"page": access.open_page(request.GET.get("after"))})


@require_safe
def answers_desk(request: MemberRequest) -> HttpResponse:
    access.check_curator(request.user)
    page = access.review_page(request.user, request.GET.get("after"))
    return render(request, "resources/asking/desk_answers.html", {"page": page})


def _desk() -> list[tuple[str, str]]:
    return [(_("Questions to read"), reverse("questions_desk"))]


# --- a question


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def decide(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Pass it on, or tell its author kindly why not."""
    found = access.get_question_to_decide(request.user, public_id)
    if request.method == "GET":
        return _open(request, found)
    if "add_template" in request.POST:
        return _add_template(request, found)
    return _accept(request, found) if "accept" in request.POST else _decline(request, found)


def _open(request: MemberRequest, found: Question) -> HttpResponse:
    """With the words that waited for the sign-in."""
    kept = {name.removeprefix("decline-"): value for name, value in unsent.take(request).items()}
    return _decide_page(request, found, decline=DeclineForm(initial={"answer": kept.get("answer", "")}))


def _add_template(request: MemberRequest, found: Question) -> HttpResponse:
    """What static/js/templates.js does without coming here: the words of a template, behind those that are there."""
    chosen = positive_int(request.POST.get("template"))
    template = moderation.access.find_template(chosen, Template.Purpose.DECLINE)
    typed = request.POST.get("decline-answer", "").rstrip()
    words = "\n\n".join(part for part in (typed, template.text if template else "") if part)
    return _decide_page(request, found, decline=DeclineForm(initial={"answer": words}))


def _accept(request: MemberRequest, found: Question) -> HttpResponse:
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _decide_page(request, found, accept=form, status=422)
    try:
        asking.accept_question(actor=request.user, question=found, **form.cleaned_data)
    except access.CannotDecideQuestionError as error:
        return _refused(request, found, str(error))
    messages.success(request, _("It is passed on to the professionals."))
    return redirect("questions_desk")


def _decline(request: MemberRequest, found: Question) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _decide_page(request, found, decline=form, status=422)
    try:
        asking.decline_question(actor=request.user, question=found, **form.cleaned_data)
    except access.CannotDecideQuestionError as error:
        typed = DeclineForm(initial={"answer": form.cleaned_data["answer"]})
        return _refused(request, found, str(error), decline=typed)
    messages.success(request, _("Its author is told, and nobody else."))
    return redirect("questions_desk")


def _refused(request: MemberRequest, found: Question, why: str, **forms: Any) -> HttpResponse:
    """With the question as it is now, and the words that were typed."""
    now = access.get_question_to_decide(request.user, found.public_id)
    return _decide_page(request, now, status=409, refused=why, **forms)


def _decide_page(
    request: MemberRequest,
    found: Question,
    *,
    accept: AcceptForm | None = None,
    decline: DeclineForm | None = None,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    decline = decline or DeclineForm()
    decline.initial["version"] = found.version
    context = {
        "question": found,
        "words": access.words_of(found),
        "asker": access.asker_of(found, request.user),
        "topic_label": Topic(found.topic).label,
        "is_held": found.state == Question.State.HELD,
        "is_open": found.state == Question.State.OPEN,
        "with_moderators": access.is_with_moderators(found),
        "accept": accept or AcceptForm(initial={"topic": found.topic, "version": found.version}),
        "decline": decline,
        "templates": moderation.access.templates_for(Template.Purpose.DECLINE),
        "refused": refused,
        "crumbs": _desk(),
    }
    return render(request, "resources/asking/decide.html", context, status=status)


# --- an answer


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def review(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_answer_to_review(request.user, public_id)
    if request.method == "GET":
        kept = {name.removeprefix("back-"): value for name, value in unsent.take(request).items()}
        return _review_page(request, found, back=SendBackForm(initial=kept))
    return _show(request, found) if "show" in request.POST else _send_back(request, found)


def _show(request: MemberRequest, found: Answer) -> HttpResponse:
    form = ShowForm(request.POST)
    if not form.is_valid():
        return _review_page(request, found, show=form, status=422)
    try:
        answering.show_answer(actor=request.user, answer=found, version=form.cleaned_data["version"])
    except access.CannotDecideQuestionError as error:
        return _answer_refused(request, found, str(error))
    messages.success(request, _("The answer is shown, and whoever asked is told."))
    return redirect("answers_desk")


def _send_back(request: MemberRequest, found: Answer) -> HttpResponse:
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _review_page(request, found, back=form, status=422)
    try:
        answering.send_back(actor=request.user, answer=found, **form.cleaned_data)
    except access.CannotDecideQuestionError as error:
        typed = SendBackForm(initial={"note": form.cleaned_data["note"]})
        return _answer_refused(request, found, str(error), back=typed)
    messages.success(request, _("It is sent back, with your note."))
    return redirect("answers_desk")


def _answer_refused(request: MemberRequest, found: Answer, why: str, **forms: Any) -> HttpResponse:
    now = access.get_answer_to_review(request.user, found.public_id)
    return _review_page(request, now, status=409, refused=why, **forms)


def _review_page(
    request: MemberRequest,
    found: Answer,
    *,
    show: ShowForm | None = None,
    back: SendBackForm | None = None,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    back = back or SendBackForm()
    back.initial["version"] = found.version
    context = {
        "answer": found,
        "question": found.question,
        "question_words": access.words_of(found.question),
        "words": access.words_of(found),
        "name": found.professional.member.shown_name,
        "is_current": found.professional.is_current,
        "is_shown": found.state == Answer.State.SHOWN,
        "show": show or ShowForm(initial={"version": found.version}),
        "back": back,
        "refused": refused,
        "crumbs": [(_("Answers to read"), reverse("answers_desk"))],
    }
    return render(request, "resources/asking/review.html", context, status=status)
