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
    decisions.settle_due()
    shifts.show_sign(moderator=request.user)
    asked, cursor = access.narrowing(request.GET), request.GET.get("after")
    page = access.queue(request.user, asked, cursor)
    rows = access.queue_rows(request.user, page.items)
    desk = desk_context(request)
    if asked.which == access.Which.MINE:
        desk["held"] = []
    # What one holds stands above, once.
    above = {row["public_id"] for row in desk["held"]}
    rows = [row for row in rows if row["public_id"] not in above]
    return render(
        request,
        "moderation/queue.html",
        desk
        | {
            "page": page,
            "rows": rows,
            "spam_here": any(row["may_be_spam"] for row in rows),
            "asked": asked,
            "views": [(which, _address({**asked.asked, "show": which.value})) for which in access.Which],
            "classes": Priority.choices,
            "sources": Source.choices,
            "keep": f"{urlencode(asked.asked)}&" if asked.asked else "",
            "seen": access.seen_now(page),
            **_waiting(request),
        },
    )


def _waiting(request: MemberRequest) -> dict[str, Any]:
    waiting = access.waiting_now(request.user)
    return {
        "waiting": waiting,
        "waiting_in_words": access.waiting_in_words(waiting),
        "waiting_mark": access.mark_of_waiting(waiting),
    }


def _address(asked: dict[str, str]) -> str:
    given = urlencode({name: value for name, value in asked.items() if value})
    return reverse("queue") + (f"?{given}" if given else "")


def desk_context(request: MemberRequest) -> dict[str, Any]:
    """What stands above the queue: who is there, what was handed over, what one holds and has decided just now."""
    held, pending = list(access.cases_held_by(request.user)[:3]), access.pending_of(request.user)
    on_shift = access.on_shift(also=request.user)
    return {
        "shifts": on_shift,
        "my_shift": next((shift for shift in on_shift if shift.moderator_id == request.user.pk), None),
        "handovers": access.handovers_for(request.user),
        "load": access.load_of(request.user),
        "held": access.queue_rows(request.user, held) if held else [],
        "pending": pending,
        "undos": access.undo_rows(pending[:UNDOS_SHOWN]),
    }


@require_GET
def queue_news(request: MemberRequest) -> HttpResponse:
    """What changed since a queue was shown, and how many cases wait now; 204 when it is all as it was.

    The page asks every half minute.
    """
    access.check_moderator(request.user)
    seen = access.Seen(positive_int(request.GET.get("newest")) or 0, request.GET.get("mark", ""))
    asked = access.narrowing(request.GET)
    sentence = access.news_since(request.user, asked, request.GET.get("after"), seen)
    waiting = _waiting(request)
    if not sentence and waiting["waiting_mark"] == request.GET.get("waiting", ""):
        return HttpResponse(status=204)
    context = {"sentence": sentence, "url": _address(dict(asked.asked))}
    return render(request, "moderation/_queue_news.html", context | waiting)


@require_GET
def case(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_moderator(request.user)
    decisions.settle_due()
    found = access.get_case(request.user, public_id)
    if claims.renew(moderator=request.user, case=found):
        found = access.get_case(request.user, public_id)
    return case_page(request, found, decision_form(request, found))


def decision_form(request: MemberRequest, case: Case) -> DecisionForm:
    """Empty, or with the words of a decision that was sent after the session had ended."""
    kept = _kept(request, "decide", case) or _kept(request, "use_template", case)
    return forms.decision_form(case, request.user, kept=kept)


def case_page(request: MemberRequest, case: Case, form: DecisionForm, status: int = 200, **more: Any) -> HttpResponse:
    """The form is there for who holds the case. Words that came from anybody else are given back to read.

    Every page of a case goes through here, so that none is seen without a trace.
    """
    sight.record_sight(moderator=request.user, case=case)
    context = access.case_context(case, request.user)
    context |= {
        "form": form,
        "deciding": context["is_mine"] and context["pending"] is None and not context["wants_second"],
        "note_form": NoteForm(initial=_kept(request, "case_note", case)),
        "hand_over_form": HandOverForm(initial=_kept(request, "hand_over", case)),
        "colleagues": access.colleagues(context["notes"], but=request.user),
        "crumbs": [(_("Review queue"), reverse("queue"))],
    }
    if context["pending"]:
        context["undo"] = access.undo_rows([context["pending"]])[0]
    context |= access.crisis_context(case) | crisis_forms(
        case, note=_kept(request, "crisis_step", case), text=_kept(request, "crisis_contact", case)
    )
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
    return case_page(request, found, forms.decision_form(found, request.user, kept=written))


def reason_with_template(request: HttpRequest) -> str:
    """What was written as the reason, with the words of the chosen template after it."""
    chosen = access.find_template(positive_int(request.POST.get("template")), Template.Purpose.REASON)
    written = [request.POST.get("reason", "").strip(), chosen.text if chosen else ""]
    return "\n\n".join(filter(None, written))


def _kept(request: HttpRequest, name: str, case: Case) -> dict[str, Any]:
    return unsent.take(request, sent_to=reverse(name, args=[case.public_id]))
