"""Questions to professionals: reading them, asking, taking one's own back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import members.services
import moderation.access
import resources.country
from core import pace, unsent
from members.requests import MemberRequest, ReaderRequest, is_member
from moderation.asking import SAFE, SAFE_HELD, AskFirstError, ToAsk, to_ask
from moderation.services import reaching
from resources import before_posting
from resources.access import asking as access
from resources.forms.asking import QuestionForm, WhyForm
from resources.helplines import countries
from resources.models import Question, Topic
from resources.services import asking

# Far above what a person does who looks at the page again before it is sent.
SENDS_AN_HOUR, SAVES_AN_HOUR = 20, 200
REACHED_OUT = gettext_lazy(
    "A moderator is asked to write to you. They look as soon as one is here. What they write comes to your "
    "updates. Until then, the lines on “Get help now” are there."
)
_BY_ANOTHER = gettext_lazy(
    "This page was opened by somebody else. You are signed in as %(name)s now. Nothing was sent."
)


def crumbs() -> list[tuple[str, str]]:
    return [(_("Resources"), "/resources/"), (_("Questions to professionals"), reverse("questions"))]


@require_safe
@login_not_required
def questions(request: ReaderRequest) -> HttpResponse:
    """What was answered, by topic."""
    topic = request.GET.get("topic", "")
    topic = topic if topic in Topic else ""
    context = {
        "page": access.answered_page(request.user, topic, request.GET.get("after")),
        "topic": topic,
        "topics": [(each.value, each.label) for each in Topic],
        "is_professional": is_member(request) and access.is_professional(request.user),
        "crumbs": crumbs()[:1],
    }
    return render(request, "resources/asking/questions.html", context)


@require_safe
@login_not_required
def question(request: ReaderRequest, public_id: UUID) -> HttpResponse:
    """Visitors are led to the sign-in page by whatever is not open to everybody, whether it is there or not."""
    try:
        found = access.get_question_for(request.user, public_id)
    except Http404:
        if is_member(request):
            raise
        return redirect_to_login(request.get_full_path())
    return render(request, "resources/asking/question.html", _question_context(request, found))


def _question_context(request: ReaderRequest, found: Question) -> dict[str, Any]:
    is_mine = found.author_id is not None and found.author_id == request.user.pk
    is_answered = found.state == Question.State.ANSWERED
    return {
        "question": found,
        "words": access.words_of(found),
        "kept": access.kept_from(request.user, found),
        "topic_label": Topic(found.topic).label,
        "asker": access.asker_of(found, request.user),
        "is_mine": is_mine,
        "can_withdraw": is_mine and found.state not in (Question.State.WITHDRAWN, Question.State.REMOVED),
        "answers": access.shown_answers(request.user, found) if is_answered else [],
        "can_report": is_member(request) and not is_mine and found.author_id is not None,
        "crumbs": crumbs(),
    }


@require_safe
def my_questions(request: MemberRequest) -> HttpResponse:
    page = access.own_page(request.user, request.GET.get("after"))
    context = {"page": page, "draft": access.draft_of(request.user), "crumbs": crumbs()}
    return render(request, "resources/asking/mine.html", context)


# --- asking


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def ask(request: MemberRequest) -> HttpResponse:
    if request.method == "GET":
        kept = unsent.take(request)
        form = QuestionForm.from_unsent(kept) if kept else QuestionForm.from_draft(access.draft_of(request.user))
        return _ask_page(request, form)
    form = QuestionForm(request.POST)
    if unsent.is_by_another(request):
        return _ask_page(request, form.say(_BY_ANOTHER % {"name": request.user.username}), 409)
    pressed = next((name for name in _BUTTONS if name in request.POST), None)
    if not pace.within("question" if pressed is None else "question-draft", request.user.pk, limit=_limit(pressed)):
        form.say(_("That is a lot for one hour. Your words are below; send them a little later."))
        return _ask_page(request, form, 429)
    return _BUTTONS[pressed](request, form) if pressed else _send(request, form)


def _limit(pressed: str | None) -> int:
    return SENDS_AN_HOUR if pressed is None else SAVES_AN_HOUR


def _ask_page(
    request: MemberRequest, form: QuestionForm, status: int = 200, before: before_posting.Before | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "before": before,
        "limit": moderation.access.standing_sanction(request.user),
        "country": resources.country.chosen(request),
        "crumbs": crumbs(),
    }
    return render(request, "resources/asking/ask.html", context, status=status)


def _send(request: MemberRequest, form: QuestionForm) -> HttpResponse:
    if not form.is_valid():
        return _ask_page(request, form, 422)
    reach_out = "reach_out" in request.POST
    # Whoever asks for a moderator while they write has seen what the panel says.
    seen = {SAFE, SAFE_HELD} if reach_out else set()
    values = {name: form.cleaned_data[name] for name in ("topic", "title", "body", "is_anonymous")}
    try:
        asked = asking.ask_question(
            author=request.user, submission=form.mark, asked=form.was_asked | seen, reach_out=reach_out, **values
        )
    except AskFirstError as error:
        return _ask_first(request, form, error.to_ask)
    except access.CannotAskError as error:
        return _ask_page(request, form.refuse(str(error)), 409)
    messages.success(request, _("Your question is sent. A curator reads it first; you hear here what becomes of it."))
    if reach_out:
        messages.info(request, REACHED_OUT)
    return redirect(asked)


def _ask_first(request: MemberRequest, form: QuestionForm, found: ToAsk) -> HttpResponse:
    """The form again with the words, and above its buttons what there is to ask. Nothing was sent."""
    country = resources.country.chosen(request)
    before = before_posting.before_posting(found, country, reach_only=reaching.can_be_asked())
    return _ask_page(request, form.ask_about(found.marks), 409, before)


def _show_lines(request: MemberRequest, form: QuestionForm) -> HttpResponse:
    """The same with the lines of the country that was chosen just now, which the browser remembers."""
    country = countries().get(request.POST.get("country", "")) or resources.country.chosen(request)
    words = form.screened
    found = to_ask(asking.screen(words, author=request.user), words, ())
    if found is None or not found.is_calm:
        before = before_posting.while_writing(country)
        form.ask_about({SAFE})
    else:
        before = before_posting.before_posting(found, country, reach_only=reaching.can_be_asked())
        form.ask_about(found.marks)
    response = _ask_page(request, form.afresh(), before=before)
    if country:
        members.services.set_country(member=request.user, country=country.code)
        resources.country.remember(response, country)
    return response


def _save(request: MemberRequest, form: QuestionForm) -> HttpResponse:
    if asking.save_draft(author=request.user, **form.begun):
        messages.success(request, _("Your draft is saved. You can go on here whenever you like; nobody reads it."))
    else:
        messages.info(request, _("There were no words in it, so no draft is kept."))
    return redirect("ask_question")


def _reach_only(request: MemberRequest, form: QuestionForm) -> HttpResponse:
    """The draft is kept, and a moderator is asked to write to whoever wrote it."""
    if reaching.can_be_asked():
        reaching.ask_to_reach_out(member=request.user)
        messages.info(request, REACHED_OUT)
    return _save(request, form)


_BUTTONS = {"save": _save, "show_lines": _show_lines, "reach_only": _reach_only}


@require_POST
def delete_draft(request: MemberRequest) -> HttpResponse:
    asking.save_draft(author=request.user, topic="", title="", body="", is_anonymous=True)
    messages.success(request, _("The draft is deleted."))
    return redirect("my_questions")


@require_http_methods(["GET", "POST"])
def withdraw(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_own_question(request.user, public_id)
    if request.method == "POST":
        if asking.withdraw_question(author=request.user, question=found):
            messages.success(request, _("Your question is taken back. Nobody else reads it any more."))
        return redirect("my_questions")
    return render(request, "resources/asking/withdraw.html", {"question": found, "crumbs": crumbs()})


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def who(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Who asked without a name. The name is in the one answer to the reason; whoever comes back is asked again."""
    found = access.get_disguised_question(request.user, public_id)
    form = WhyForm(request.POST) if request.method == "POST" else WhyForm(initial=unsent.take(request))
    name, status = "", 200
    if form.is_bound and form.is_valid():
        name = asking.see_asker(actor=request.user, question=found, reason=form.cleaned_data["reason"])
    elif form.is_bound:
        status = 422
    context = {"question": found, "form": form, "name": name, "crumbs": crumbs()}
    return render(request, "resources/asking/who.html", context, status=status)
