"""The public form: reporting without an account (EU DSA, Art. 16)."""

from collections.abc import Collection
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import pace
from moderation.forms import OutsideReportForm
from moderation.models import Flag
from moderation.services import reports
from moderation.services.outside import canonical

# Several people may share one address; nobody needs more by one hand.
BY_ADDRESS_AN_HOUR, BY_EMAIL_AN_HOUR = 10, 5
# What is said to be a danger to somebody comes before everything else in the queue.
WORRIED_AN_HOUR = 3


@require_http_methods(["GET", "POST"])
@login_not_required
def report(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        asked = {"address": request.GET.get("address", "")[:500]}
        return _page(request, OutsideReportForm(initial=asked, hosts=_hosts(request)))
    form = OutsideReportForm(request.POST, hosts=_hosts(request))
    if not _within_pace(request):
        form.add_error(None, _("Several reports came from here within an hour. Please send this one a little later."))
        return _page(request, form, status=429)
    if not form.is_valid() or form.subject is None:
        return _page(request, form, status=422)
    if form.cleaned_data["reason"] == Flag.Reason.WORRIED and not _worries_within_pace(request):
        form.add_error(None, _("Several reports came from here within an hour. Please send this one a little later."))
        return _page(request, form, status=429)
    given = form.cleaned_data
    reports.report_from_outside(
        subject=form.subject,
        address=given["address"],
        reason=given["reason"],
        why=given["note"],
        name=given["name"],
        email=given["email"],
    )
    return redirect("reported_outside")


def _hosts(request: HttpRequest) -> Collection[str]:
    return {request.get_host().lower(), urlsplit(settings.SITE_URL).netloc.lower()}


def _within_pace(request: HttpRequest) -> bool:
    """Counts both, so that neither many addresses nor many names let one person flood the queue."""
    email = canonical(request.POST.get("email", ""))
    by_address = pace.within("report-from", _address(request), limit=BY_ADDRESS_AN_HOUR)
    return by_address and (not email or pace.within("report-by", email, limit=BY_EMAIL_AN_HOUR))


def _worries_within_pace(request: HttpRequest) -> bool:
    return pace.within("worry-from", _address(request), limit=WORRIED_AN_HOUR)


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return "unknown"


def _page(request: HttpRequest, form: OutsideReportForm, status: int = 200) -> HttpResponse:
    return render(request, "moderation/outside.html", {"form": form}, status=status)


@require_GET
@login_not_required
def reported(request: HttpRequest) -> HttpResponse:
    return render(request, "moderation/outside_sent.html")
