"""Reporting as a member, and what came of it."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import pace, unsent
from core.ahead import finds_first
from members.requests import MemberRequest
from moderation import access, registry
from moderation.forms import FlagForm
from moderation.models import Case, Flag
from moderation.services import reports

# Far above what a worried person sends, far below what a script does.
REPORTS_AN_HOUR = 30


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
@finds_first
def flag(request: MemberRequest, kind: str, public_id: UUID) -> HttpResponse:
    subject = access.find_subject_for(request.user, kind, public_id)
    if request.method == "GET":
        return _flag_page(request, subject, initial=unsent.take(request))
    form = FlagForm(request.POST)
    if not pace.within("flag", request.user.pk, limit=REPORTS_AN_HOUR):
        form.add_error(None, _("That is a lot of reports for one hour. Please send this one a little later."))
        return _flag_page(request, subject, form, status=429)
    if not form.is_valid():
        return _flag_page(request, subject, form, status=422)
    try:
        made = reports.flag(reporter=request.user, subject=subject, **form.cleaned_data)
    except access.CannotFlagError as error:
        form.add_error(None, str(error))
        return _flag_page(request, subject, form, status=409)
    except reports.AlreadyFlaggedError:
        _say_again(request, subject)
        return redirect(_back(request, subject))
    return _thank(request, subject, made)


def _thank(request: MemberRequest, subject: Model, made: Flag) -> HttpResponse:
    if made.case.state == Case.State.DECIDED:
        messages.info(request, _looked_at(), extra_tags=_at(subject))
    elif made.reason == Flag.Reason.WORRIED:
        return redirect(reverse("worried") + "?" + urlencode({"next": _back(request, subject)}))
    else:
        messages.success(
            request,
            _("Thank you. A moderator will look at it, and you will hear what came of it."),
            extra_tags=_at(subject),
        )
    return redirect(_back(request, subject))


def _say_again(request: MemberRequest, subject: Model) -> None:
    """To somebody who has reported this before."""
    if access.waits_for_decision(subject):
        messages.info(
            request, _("You have reported this already. A moderator will look at it."), extra_tags=_at(subject)
        )
    else:
        messages.info(request, _looked_at(), extra_tags=_at(subject))


def _at(subject: Model) -> str:
    """Where the page shows what was reported, it says it there."""
    return str(getattr(subject, "public_id", ""))


def _looked_at() -> str:
    return _(
        "A moderator has looked at exactly these words and left them as they are. Your report is kept. If the words "
        "change, you can report them again."
    )


def _back(request: HttpRequest, subject: Model) -> str:
    """The page from which somebody came to report, if it is one of ours; else where the subject stands."""
    return _ours(request, request.GET.get("next", "")) or registry.of(subject).url(subject)


def _ours(request: HttpRequest, address: str) -> str:
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else ""


def _flag_page(
    request: MemberRequest, subject: Model, form: FlagForm | None = None, *, initial: object = None, status: int = 200
) -> HttpResponse:
    """Whoever may not report finds only what they still can say: that they are worried."""
    kind, taken = registry.of(subject), access.not_flagging(request.user)
    if form is None:
        form = FlagForm(initial=initial)
    if taken:
        form.offer_only({Flag.Reason.WORRIED})
    context = {
        "form": form,
        "title": kind.report_title(subject),
        "hint": kind.report_hint(subject),
        "taken": access.why_not_flagging(taken) if taken else "",
        "back": _back(request, subject),
    }
    return render(request, "moderation/flag.html", context, status=status)


@require_GET
def worried(request: MemberRequest) -> HttpResponse:
    """What happens now, for somebody who said that they are worried."""
    context = {"back": _ours(request, request.GET.get("next", "")) or reverse("boards")}
    return render(request, "moderation/worried.html", context)


@require_GET
def my_reports(request: MemberRequest) -> HttpResponse:
    page = access.reports_by(request.user, request.GET.get("after"))
    return render(request, "moderation/my_reports.html", {"page": page, "rows": access.report_rows(page.items)})
