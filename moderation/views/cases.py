"""The review queue and its cases."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import unsent
from core.text import positive_int
from members.requests import MemberRequest
from moderation import access, forms
from moderation.forms import DecisionForm
from moderation.forms.crisis import crisis_forms
from moderation.forms.desk import HandOverForm, NoteForm
from moderation.models import Case, Priority, Source, Template
from moderation.services import claims, decisions, shifts, sight

# With more of them at once, after spam, the banner names none.
UNDOS_SHOWN = 3


@require_GET
def queue(request: MemberRequest) -> HttpResponse:
    access.check_moderator(request.user)
    asked, cursor = access.narrowing(request.GET), request.GET.get("after")
    desk = access.desk_of(request.user, asked, cursor)
    if desk.is_due:
        decisions.settle_due()
        desk = access.desk_of(request.user, asked, cursor)
    if shifts.wants_sign(desk.my_shift):
        shifts.show_sign(moderator=request.user)
    return render(
        request,
        "moderation/queue.html",
        {
            "page": desk.page,
            "rows": desk.rows,
            "shifts": desk.shifts,
            "my_shift": desk.my_shift,
            "handovers": desk.handovers,
            "load": desk.load,
            "held": desk.held,
            "pending": desk.pending,
            "undos": access.undo_rows(desk.pending[:UNDOS_SHOWN]),
            "spam_here": any(row["may_be_spam"] for row in desk.rows),
            "asked": asked,
            "views": [(which, _address({**asked.asked, "show": which.value})) for which in access.Which],
            "classes": Priority.choices,
            "sources": Source.choices,
            "keep": f"{urlencode(asked.asked)}&" if asked.asked else "",
            "seen": desk.seen,
            **_waiting(desk.waiting),
        },
    )


def _waiting(waiting: list[access.Waiting]) -> dict[str, Any]:
    return {
        "waiting": waiting,
        "waiting_in_words": access.waiting_in_words(waiting),
        "waiting_mark": access.mark_of_waiting(waiting),
    }


def _address(asked: dict[str, str]) -> str:
    given = urlencode({name: value for name, value in asked.items() if value})
    return reverse("queue") + (f"?{given}" if given else "")


@require_GET
def queue_news(request: MemberRequest) -> HttpResponse:
    """What changed since a queue was shown, and how many cases wait now; 204 when it is all as it was.

    The page asks every half minute.
    """
    access.check_moderator(request.user)
    seen = access.Seen(positive_int(request.GET.get("newest")) or 0, request.GET.get("mark", ""))
    asked = access.narrowing(request.GET)
    sentence, waits = access.news_since(request.user, asked, request.GET.get("after"), seen)
    waiting = _waiting(waits)
    if not sentence and waiting["waiting_mark"] == request.GET.get("waiting", ""):
        return HttpResponse(status=204)
    context = {"sentence": sentence, "url": _address(dict(asked.asked))}
    return render(request, "moderation/_queue_news.html", context | waiting)


@require_GET
def case(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_moderator(request.user)
    file = access.get_file(request.user, public_id)
    if file.is_due:
        decisions.settle_due()
        file = access.get_file(request.user, public_id)
    if file.is_of(request.user):
        _stay(request, file)
        return case_page(request, file, decision_form(request, file))
    return case_page(request, file)


def _stay(request: MemberRequest, file: access.CaseFile) -> None:
    """Whoever looks at what they hold goes on holding it."""
    shift = next((shift for shift in file.shifts if shift.moderator_id == request.user.pk), None)
    shows_sign = shifts.wants_sign(shift)
    if until := claims.renew(moderator=request.user, case=file.case, shows_sign=shows_sign):
        file.case.lease_until = until


def decision_form(request: MemberRequest, file: access.CaseFile) -> DecisionForm:
    """Empty, or with the words of a decision that was sent after the session had ended."""
    kept = _kept(request, "decide", file.case) or _kept(request, "use_template", file.case)
    return forms.decision_form(file, kept=kept)


def case_page(
    request: MemberRequest, file: access.CaseFile, form: DecisionForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """The forms are there for who holds the case. Words that came from anybody else are given back to read.

    Every page of a case goes through here, so that none is seen without a trace.
    """
    sight.record_sight(moderator=request.user, file=file)
    case = file.case
    context = access.case_context(file, request.user)
    context |= {
        "form": form,
        "note_form": NoteForm(initial=_kept(request, "case_note", case)),
        "crumbs": [(_("Review queue"), reverse("queue"))],
    }
    if context["is_mine"]:
        note, text = _kept(request, "crisis_step", case), _kept(request, "crisis_contact", case)
        context |= crisis_forms(case, note=note, text=text)
        context["hand_over_form"] = HandOverForm(initial=_kept(request, "hand_over", case))
    return render(request, "moderation/case.html", context | more, status=status)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def use_template(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The case again, with the words of a template after those that were written so far. Nothing is decided.

    With JavaScript the page does this by itself.
    """
    access.check_moderator(request.user)
    if request.method == "GET":
        return redirect("case", public_id)
    found = access.get_case(request.user, public_id)
    claims.renew(moderator=request.user, case=found)
    written: dict[str, Any] = {
        name: values if len(values) > 1 else values[0] for name, values in request.POST.lists() if values
    }
    written["reason"] = reason_with_template(request)
    file = access.get_file(request.user, public_id)
    return case_page(request, file, forms.decision_form(file, kept=written))


def reason_with_template(request: HttpRequest) -> str:
    """What was written as the reason, with the words of the chosen template after it."""
    chosen = access.find_template(positive_int(request.POST.get("template")), Template.Purpose.REASON)
    written = [request.POST.get("reason", "").strip(), chosen.text if chosen else ""]
    return "\n\n".join(filter(None, written))


def _kept(request: HttpRequest, name: str, case: Case) -> dict[str, Any]:
    return unsent.take(request, sent_to=reverse(name, args=[case.public_id]))
