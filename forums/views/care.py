"""Looking after a thread: what its author can change, what moderators can, and who is behind a disguise."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import moderation.access
from core import pace, unsent
from forums import access, pages
from forums.deeds import Deed
from forums.forms.care import CareForm, RequestForm, WhoForm, care_forms
from forums.models import Thread
from forums.services import moving, threads
from forums.views.shared import crumbs
from members.requests import MemberRequest
from moderation.models import AuditEntry

ASKED_AN_HOUR = 10
VERBS: Mapping[str, Callable[..., "bool | Thread"]] = {
    "state": threads.set_state,
    "request": threads.set_request,
    "pin": threads.set_pin,
    "move": moving.move_thread,
    "merge": moving.merge_threads,
    "split": moving.split_thread,
}


def _trail(thread: Thread) -> list[tuple[str, str]]:
    return [*crumbs(thread.board), (thread.title, thread.get_absolute_url())]


# --- by the author


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def care(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The author's page."""
    found = access.get_own_thread(request.user, public_id)
    fixed = access.notes_by_moderators(found)
    if request.method == "GET":
        initial = RequestForm.initial_for(found) | unsent.take(request)
        return _author_page(request, found, RequestForm(initial=initial, by_moderators=fixed))
    form = RequestForm(request.POST, by_moderators=fixed)
    if not form.is_valid():
        return _author_page(request, found, form, status=422)
    try:
        threads.change_request(author=request.user, thread=found, **form.cleaned_data)
    except access.CannotChangeError as error:
        form.add_error(None, str(error))
        return _author_page(request, found, form, status=409)
    messages.success(request, _("Saved. Your thread says it now."))
    return redirect(found)


def _author_page(request: MemberRequest, thread: Thread, form: RequestForm, status: int = 200) -> HttpResponse:
    context = {
        "thread": thread,
        "form": form,
        "done": _done(access.deeds_told_in(thread)),
        "appeal": moderation.access.appeal_text(),
        "crumbs": _trail(thread),
    }
    return render(request, "forums/care/author.html", context, status=status)


@require_POST
def closing(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask for the thread to be closed, or take that back."""
    found = access.get_own_thread(request.user, public_id)
    if "take_back" in request.POST:
        threads.take_back_asking(author=request.user, thread=found)
        messages.success(request, _("Taken back. Your thread stays open."))
    elif not pace.within("closing", request.user.pk, limit=ASKED_AN_HOUR):
        messages.warning(request, _("You asked several times this hour. Please try again a little later."))
    elif threads.ask_to_close(author=request.user, thread=found):
        messages.success(request, _("Moderators know now. You will hear what comes of it, usually within a day."))
    else:
        messages.info(request, _("You have asked already, or the thread is closed."))
    return redirect("thread_care", public_id)


# --- by moderators


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def moderate(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The moderators' page: one form for each thing that can be done."""
    found, merged = access.get_thread_to_moderate(request.user, public_id)
    if merged:
        return redirect("thread_moderate", found.public_id)
    if request.method == "GET":
        return _moderators_page(request, found, _forms(request, found, kept=unsent.take(request)))
    forms = _forms(request, found, data=request.POST)
    form = forms.get(request.POST.get("do", ""))
    if form is None or not form.is_valid():
        return _moderators_page(request, found, forms, status=422)
    try:
        result = VERBS[form.do](actor=request.user, thread=found, **form.cleaned_data)
    except access.CannotChangeError as error:
        return _refused(request, public_id, form.do, str(error))
    _say_done(request, form, changed=bool(result))
    return redirect(result if isinstance(result, Thread) else found)


def _refused(request: MemberRequest, public_id: UUID, do: str, sentence: str) -> HttpResponse:
    """The page of the thread as it is now, with what was typed."""
    current, _merged = access.get_thread_to_moderate(request.user, public_id)
    forms = _forms(request, current, data=request.POST)
    if do in forms:
        forms[do].refuse(sentence)
    return _moderators_page(request, current, forms, status=409)


def _forms(
    request: MemberRequest, thread: Thread, *, data: Any = None, kept: Mapping[str, Any] | None = None
) -> dict[str, CareForm]:
    boards = access.boards_for(request.user)
    return care_forms(thread, moderator=request.user, boards=boards, data=data, kept=kept or {})


def _say_done(request: MemberRequest, form: CareForm, *, changed: bool) -> None:
    if not changed:
        messages.info(request, _("It was so already. Nothing was changed."))
    elif form.tells_author:
        messages.success(request, _("Done, and written to the log. Whoever it concerns is told."))
    else:
        messages.success(request, _("Done, and written to the log."))


def _moderators_page(
    request: MemberRequest, thread: Thread, forms: Mapping[str, CareForm], status: int = 200
) -> HttpResponse:
    context = {
        "thread": thread,
        "author": access.author_of(thread),
        "states": pages.states(thread),
        "forms": forms.values(),
        "takes_case": access.takes_case(request.user, thread),
        "done": _done(access.deeds_in(thread)),
        "crumbs": _trail(thread),
    }
    return render(request, "forums/care/moderate.html", context, status=status)


def _done(entries: Sequence[AuditEntry]) -> list[dict[str, Any]]:
    return [
        {
            "what": Deed(entry.verb).label,
            "reason": entry.details.get("reason", ""),
            "at": entry.at,
            "by": entry.actor.shown_name if entry.actor else "",
        }
        for entry in entries
    ]


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def who(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Who is behind a disguise. The name is in the one answer to the reason; whoever comes back is asked again."""
    found = access.get_disguised_thread(request.user, public_id)
    form = WhoForm(request.POST) if request.method == "POST" else WhoForm(initial=unsent.take(request))
    name, status = "", 200
    if form.is_bound and form.is_valid():
        name = threads.see_author(actor=request.user, thread=found, reason=form.cleaned_data["reason"])
    elif form.is_bound:
        status = 422
    context = {"thread": found, "author": access.author_of(found), "form": form, "name": name, "crumbs": _trail(found)}
    return render(request, "forums/care/who.html", context, status=status)
