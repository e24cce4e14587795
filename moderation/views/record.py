"""The log, and the figures that come of it."""

import csv
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.text import positive_int
from members.requests import MemberRequest
from moderation import access, charts
from moderation.access import figures as counting
from moderation.access import transparency as told
from moderation.forms.record import LogForm
from moderation.services import audit


@require_GET
def log(request: MemberRequest) -> HttpResponse:
    """Search the log. Who looks for what goes to the log as well."""
    access.check_log_reader(request.user)
    form = LogForm(request.GET)
    if not form.is_valid():
        return render(request, "moderation/log.html", {"form": form}, status=422)
    search = form.search
    page = access.search_log(request.user, search, request.GET.get("after"))
    audit.record(actor=request.user, verb="see-log", search=search.described)
    asked = request.GET.copy()
    asked.pop("after", None)
    context = {
        "form": form,
        "page": page,
        "rows": access.log_rows(request.user, page.items),
        "searched": bool(search.described),
        "keep": f"{asked.urlencode()}&",
    }
    return render(request, "moderation/log.html", context)


# --- figures


@require_GET
def figures(request: MemberRequest) -> HttpResponse:
    access.check_moderator(request.user)
    count = _weeks_asked(request)
    drawn = [(figure, charts.draw(figure)) for figure in counting.figures(counting.Weeks(count))]
    context = {"figures": drawn, "count": count, "choices": counting.WEEKS, "size": (charts.WIDTH, charts.HEIGHT)}
    return render(request, "moderation/figures.html", context)


@require_GET
def figures_csv(request: MemberRequest) -> HttpResponse:
    """One row a value: figure, week, what is told apart, value. An empty value is one that does not exist."""
    access.check_moderator(request.user)
    found = counting.figures(counting.Weeks(_weeks_asked(request)))
    rows = (
        (figure.key, label, column, "" if value is None else value)
        for figure in found
        for label, values in figure.rows
        for column, value in zip(figure.columns, values, strict=True)
    )
    return _csv("figures.csv", ("figure", "week", "of", "value"), rows)


def _weeks_asked(request: HttpRequest) -> int:
    asked = positive_int(request.GET.get("weeks"))
    return asked if asked in counting.WEEKS else counting.WEEKS[1]


# --- for everybody


@require_GET
@login_not_required
def transparency(request: HttpRequest) -> HttpResponse:
    periods = told.quarters()
    context = {"groups": told.shown(), "periods": periods, "SITE_NAME": settings.SITE_NAME}
    return render(request, "moderation/transparency.html", context)


@require_GET
@login_not_required
def transparency_csv(request: HttpRequest) -> HttpResponse:
    del request
    periods = told.quarters()
    rows = (
        (group.title, name, period.label, value)
        for group in told.shown()
        for name, values in group.rows
        for period, value in zip(periods, values, strict=True)
    )
    return _csv("transparency.csv", ("table", "of", "quarter", "value"), rows)


def _csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    writer = csv.writer(answer)
    writer.writerow(head)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return answer


def _plain(value: object) -> object:
    """A text that a spreadsheet does not take for a formula."""
    begins = str(value).lstrip()[:1]
    return f"'{value}" if begins and begins in "=+-@" and not isinstance(value, int | float) else value
