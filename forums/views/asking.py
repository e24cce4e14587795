"""What a composer asks before words are posted, in all the places where one writes."""

from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

import members.services
import moderation.access
import resources.country
from core import pace, text
from forums.forms import PostingForm
from forums.models import BODY_MAX, TITLE_MAX, Board, Post
from forums.services import posts
from members.requests import MemberRequest
from moderation import questions, screening
from moderation.asking import SAFE, SAFE_HELD, ToAsk, to_ask
from moderation.screening import READ_FIRST
from moderation.services import reaching
from resources import before_posting
from resources.helplines import countries

# A composer looks when typing stops, in several tabs perhaps.
CALM_LOOKS_AN_HOUR = 1000
REACHED_OUT = gettext_lazy(
    "A moderator is asked to write to you. They look as soon as one is here. What they write comes to your "
    "updates. Until then, the lines on “Get help now” are there."
)


class Show[F: PostingForm](Protocol):
    """Shows the composer again; `more` goes to composing.Composer."""

    def __call__(self, form: F, status: int = 200, **more: Any) -> HttpResponse: ...


def asks_to_reach_out(request: MemberRequest) -> bool:
    return "reach_out" in request.POST


def answers(request: MemberRequest, form: PostingForm) -> dict[str, Any]:
    """What the form says about what its writer was asked: for `services.posts`."""
    reach_out = asks_to_reach_out(request)
    # Whoever asks for a moderator while they write has seen what the panel says.
    seen = {SAFE, SAFE_HELD} if reach_out else set()
    return {"asked": form.was_asked | seen, "reach_out": reach_out}


def ask_first[F: PostingForm](request: MemberRequest, form: F, show: Show[F], asked: ToAsk) -> HttpResponse:
    """The composer again with the words, and above its buttons what there is to ask. Nothing was posted."""
    country = resources.country.chosen(request)
    before = before_posting.before_posting(asked, country, reach_only=reaching.can_be_asked())
    form.ask_about(asked.marks)
    return show(form, status=409, before=before)


def show_lines[F: PostingForm](request: MemberRequest, form: F, show: Show[F], *, board: Board) -> HttpResponse:
    """The same with the lines of the country that was chosen just now, which the browser remembers."""
    country = countries().get(request.POST.get("country", "")) or resources.country.chosen(request)
    words = form.screened
    asked = to_ask(posts.screener(author=request.user, board=board, like=words)(screening.look(words)), words, ())
    if asked is None or not asked.is_calm:
        before = before_posting.while_writing(country)
        form.ask_about({SAFE})
    else:
        before = before_posting.before_posting(asked, country, reach_only=reaching.can_be_asked())
        form.ask_about(asked.marks)
    response = show(form.afresh(asked=form["asked"].value()), before=before)
    if country:
        members.services.set_country(member=request.user, country=country.code)
        resources.country.remember(response, country)
    return response


def reach_only(request: MemberRequest) -> None:
    """Ask a moderator to write to whoever writes here, though nothing is posted."""
    if reaching.can_be_asked():
        reaching.ask_to_reach_out(member=request.user)
        messages.info(request, REACHED_OUT)


def why_held(made: Post) -> str:
    """For the author of a post that a moderator reads first. One query."""
    held = moderation.access.held_for(made)
    if reason := questions.why_held(held):
        return _("Your words are kept. %(reason)s") % {"reason": reason}
    if held == {(READ_FIRST, "author")}:
        return _("Your words are posted. By a moderator’s decision, a moderator reads them before others do.")
    if {kind for kind, _rule in held} == {READ_FIRST}:
        return _("Your words are posted. On this board a moderator reads them before others do.")
    return _("Your words are kept. A moderator reads them first, soon.")


@require_POST
def calm(request: MemberRequest) -> HttpResponse:
    """For static/js/calm.js, while somebody writes: whom they could talk to, where the words speak of danger.

    Nothing is kept of what was sent, nor that it was sent.
    """
    if not pace.within("calm", request.user.pk, limit=CALM_LOOKS_AN_HOUR):
        return HttpResponse(status=429)
    title, body = (request.POST.get(name, "") for name in ("title", "body"))
    words = text.normalise(f"{title[:TITLE_MAX]}\n\n{body[:BODY_MAX]}")
    if not screening.screen(words).is_raised:
        return HttpResponse(status=204)
    before = before_posting.while_writing(resources.country.chosen(request))
    to = request.GET.get("to")
    context = {"before": before, "edits": to == "save", "sends": to == "send"}
    return render(request, "forums/_before_posting.html", context)
