"""Where professionals answer. For whoever is none these pages are not there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import unsent
from members.requests import MemberRequest
from resources.access import asking as access
from resources.forms.asking import AnswerForm
from resources.models import Answer, Professional, Question, Topic
from resources.services import answering
from resources.views.asking import crumbs

_MEANWHILE = gettext_lazy(
    "Other words were saved meanwhile, in another tab or device. They stand above the form. Save again to replace "
    "them with yours."
)


@require_safe
def waiting(request: MemberRequest) -> HttpResponse:
    """What waits for them, and what they are at. Whose check is over reads that here."""
    professional = access.get_listed_professional(request.user)
    if professional is None:
        return redirect("manage_professionals")
    context = {
        "professional": professional,
        "page": access.waiting_page(request.user, request.GET.get("after")) if professional.is_current else None,
        "begun": access.begun_answers(request.user),
        "crumbs": crumbs(),
    }
    return render(request, "resources/asking/answering.html", context)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def answer(request: MemberRequest, public_id: UUID) -> HttpResponse:
    professional = access.get_professional(request.user)
    question, standing = access.get_question_to_answer(professional, public_id)
    if request.method == "GET":
        begun = {"body": standing.body if standing else "", "version": standing.version if standing else 0}
        return _page(request, question, standing, AnswerForm(initial=begun | unsent.take(request)))
    form = AnswerForm(request.POST)
    if unsent.is_by_another(request):
        form.add_error(None, _("This page was opened by somebody else, who is not signed in now. Nothing was saved."))
        return _page(request, question, standing, form, status=409)
    if not form.is_valid():
        return _page(request, question, standing, form, status=422)
    return _save(request, professional, question, form)


def _save(request: MemberRequest, professional: Professional, question: Question, form: AnswerForm) -> HttpResponse:
    hand_in = "hand_in" in request.POST
    try:
        answering.save_answer(professional=professional, question=question, hand_in=hand_in, **form.cleaned_data)
    except answering.AnswerChangedError as error:
        form.refuse(_MEANWHILE, error.answer.version)
        return _page(request, question, error.answer, form, status=409, theirs=error.answer)
    except access.CannotDecideQuestionError as error:
        form.add_error(None, str(error))
        return _page(request, question, None, form, status=409)
    if hand_in:
        messages.success(request, _("Handed in. A curator reads it before it is shown."))
        return redirect("answering")
    messages.success(request, _("Saved. Nobody else reads it before you hand it in."))
    return redirect("answer_question", question.public_id)


def _page(
    request: MemberRequest,
    question: Question,
    standing: Answer | None,
    form: AnswerForm,
    *,
    status: int = 200,
    theirs: Answer | None = None,
) -> HttpResponse:
    context = {
        "question": question,
        "words": access.words_of(question),
        "topic_label": Topic(question.topic).label,
        "asker": access.asker_of(question, request.user),
        "answer": standing,
        "is_shown": standing is not None and standing.state == Answer.State.SHOWN,
        "in_review": standing is not None and standing.state == Answer.State.REVIEW,
        "form": form,
        "theirs": access.words_of(theirs) if theirs else "",
        "crumbs": [*crumbs(), (_("Waiting for an answer"), reverse("answering"))],
    }
    return render(request, "resources/asking/answer.html", context, status=status)


@require_http_methods(["GET", "POST"])
def withdraw(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One's own answer, also once the badge has ended."""
    found = access.get_own_answer(request.user, public_id)
    if request.method == "POST":
        try:
            answering.withdraw_answer(author=request.user, answer=found)
        except access.CannotDecideQuestionError as error:
            messages.info(request, str(error))
        else:
            messages.success(request, _("Your answer is taken back."))
        return redirect("answering")
    context = {"answer": found, "question": found.question, "crumbs": crumbs()}
    return render(request, "resources/asking/withdraw_answer.html", context)
