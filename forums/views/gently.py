"""Low-energy mode (M5): one thread at a time, answers in one tap, and an end whenever one likes."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import members.services
from core import pace
from core.text import positive_int
from forums import access, cards, pages
from forums.forms.reading import PhraseForm
from forums.models import Thread, Visibility
from forums.phrases import phrases_for
from forums.services import posts, reading
from forums.views.writing import REPLIES_AN_HOUR
from members.requests import MemberRequest

# As many answers as fit on a screen and into a tired head.
REPLIES_AT_ONCE = 3


@require_safe
def gently(request: MemberRequest) -> HttpResponse:
    """Leads to the next thread, which has an address of its own, so that nothing changes under a reader's hands."""
    choice = access.gentle_choice(request.user, after=_uuid(request.GET.get("after")))
    if choice is None:
        return render(request, "forums/gently_end.html", {"caught_up": True})
    return redirect(_address(choice.public_id, choice.first_new))


@require_safe
def enough(request: MemberRequest) -> HttpResponse:
    return render(request, "forums/gently_end.html")


@require_POST
def mode(request: MemberRequest) -> HttpResponse:
    """Begins low-energy mode, or ends it, in one tap."""
    on = request.POST.get("on") == "1"
    members.services.set_low_energy(member=request.user, on=on)
    return redirect("gently" if on else "home")


@require_http_methods(["GET", "HEAD", "POST"])
def one_thread(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_thread_for(request.user, public_id)
    if pages.fold_for(request.user, found):
        return redirect(found)
    if request.method == "POST":
        return _say(request, found)
    return _page(request, found)


def _say(request: MemberRequest, found: Thread) -> HttpResponse:
    form = PhraseForm(_phrases(request, found), request.POST)
    if not form.is_valid():
        return _page(request, found, sorry=_("That was not one of the answers. Nothing was posted."), status=422)
    if not pace.within("reply", request.user.pk, limit=REPLIES_AN_HOUR):
        sorry = _("That is a lot of writing for one hour. Nothing was posted; there is time later.")
        return _page(request, found, sorry=sorry, status=429)
    try:
        made = posts.post_reply(
            author=request.user,
            thread=found,
            body=form.body,
            reply_to=form.cleaned_data["reply_to"],
            submission=form.submission_id,
        )
    except access.CannotPostError as error:
        access.get_thread_for(request.user, found.public_id)
        return _page(request, found, sorry=str(error), status=409)
    reading.pass_own_words(member=request.user, post=made)
    if made.visibility == Visibility.HELD:
        messages.info(request, _("Your words are kept. A moderator reads them first, soon."))
    else:
        messages.success(request, _("Your words are there now. That was enough, if you like."))
    return redirect(_address(found.public_id, made.number))


def _page(request: MemberRequest, found: Thread, *, sorry: str = "", status: int = 200) -> HttpResponse:
    """The opening post and, where something was answered, the first few posts from `?from=` on."""
    viewer = request.user
    begin = positive_int(request.GET.get("from")) or 1
    opening = access.post_row(viewer, found, 1)
    answers = access.post_rows(viewer, found, begin, begin + REPLIES_AT_ONCE - 1) if begin > 1 else []
    rows = [*([opening] if opening else []), *answers]
    responses = access.responses_for(viewer, found, rows)
    _mark_read(request, found, begin, rows)
    others = [row.number for row in answers if row.author_id != viewer.pk]
    context = {
        "thread": found,
        "here": request.get_full_path(),
        "waits_for": pages.waits_for(viewer, found),
        "posts": [
            (card, cards.actions_context(viewer, found, row, responses) | {"is_folded": row.is_folded})
            for card, row in zip(cards.plain_cards(found, rows), rows, strict=True)
        ],
        "more_below": bool(rows) and access.has_more(viewer, found, rows[-1].number),
        "phrases": [] if found.is_closed else _phrases(request, found),
        "said_as": pages.name_here(viewer, found),
        "form": PhraseForm([], initial={"reply_to": others[-1] if others else None}),
        "sorry": sorry,
    }
    return render(request, "forums/gently.html", context, status=status)


def _mark_read(request: MemberRequest, found: Thread, begin: int, rows: Sequence[access.PostRow]) -> None:
    """What was shown here counts as read, if nothing unread lies between it and the opening post."""
    left_off = access.last_read(request.user, found)
    end = min(begin + REPLIES_AT_ONCE - 1, found.last_number) if begin > 1 else 1
    if left_off < end and begin <= max(left_off, 1) + 1:
        seen = rows[-1].number if rows else end
        reading.raise_read_mark(member=request.user, thread=found, seen=seen, end=end)


def _phrases(request: MemberRequest, found: Thread) -> Sequence[tuple[str, str]]:
    return phrases_for(found.support, own=found.author_id == request.user.pk)


def _address(public_id: UUID, first_new: int) -> str:
    return reverse("gentle_thread", args=[public_id]) + (f"?from={first_new}" if first_new > 1 else "")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
