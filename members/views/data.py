"""One's own data: taking it along, and leaving."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pace
from members import exports as holding
from members import tasks
from members.access import exports, leaving
from members.forms.leaving import LeaveForm
from members.leaving import DAYS
from members.models import Leaving
from members.recently import recently_signed_in
from members.requests import MemberRequest, ReaderRequest
from members.services import exports as making
from members.services import leaving as going
from members.views.settings import crumbs

EXPORTS_A_DAY = 3
DAY = 24 * 3600


@require_safe
def your_data(request: MemberRequest) -> HttpResponse:
    context = {
        "exports": exports.latest(request.user),
        "kept_days": holding.KEPT.days,
        "leaving": leaving.current(request.user) if request.user.leaves_at else None,
        "consents": exports.consents_of(request.user),
        "crumbs": crumbs(),
    }
    return render(request, "members/your_data.html", context)


@require_POST
@recently_signed_in
def ask_export(request: MemberRequest) -> HttpResponse:
    if not pace.within("export", request.user.pk, limit=EXPORTS_A_DAY, seconds=DAY):
        messages.info(request, _("You had several today. You can ask again tomorrow."))
        return redirect("your_data")
    export, is_new = making.ask_for_export(member=request.user)
    if is_new:
        tasks.begin_export(export.pk)
    messages.success(request, _("It is being put together. You get an update when it is ready."))
    return redirect("your_data")


@require_safe
@recently_signed_in
def export_file(request: MemberRequest, public_id: UUID) -> FileResponse:
    export = exports.get_export_for(request.user, public_id)
    name = f"my-data-{timezone.localdate(export.ready_at):%Y-%m-%d}.zip"
    answer = FileResponse(exports.path_of(export).open("rb"), as_attachment=True, filename=name)
    answer.headers["Content-Type"] = "application/zip"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: MemberRequest) -> HttpResponseBase:
    return _leave(request) if request.user.leaves_at is None else _on_the_way(request)


@recently_signed_in
def _leave(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _ways(request, LeaveForm())
    form = LeaveForm(request.POST)
    if not form.is_valid():
        return _ways(request, form, status=422)
    try:
        found = going.leave(member=request.user, way=Leaving.Way(form.cleaned_data["way"]))
    except leaving.CannotLeaveError:
        return _ways(request, form, status=409)
    going.go_on(leaving_id=found.pk, batches=going.BATCHES_AT_ONCE)
    tasks.begin_leaving(found.pk)
    logout(request)
    return redirect("left")


def _ways(request: MemberRequest, form: LeaveForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "days": DAYS,
        "until": leaving.last_day_from(request.user, timezone.now()),
        "zone": leaving.zone_of(request.user).key,
        "consequences": leaving.consequences(request.user),
        "hindrances": leaving.hindrances(request.user),
        "crumbs": crumbs(),
    }
    return render(request, "members/leaving.html", context, status=status)


def _on_the_way(request: MemberRequest, *, status: int = 200) -> HttpResponse:
    found = leaving.current(request.user)
    context = {
        "leaving": found,
        "can_be_undone": found is not None and leaving.can_be_undone(found),
        "last_day": leaving.last_day(found) if found else None,
        "zone": leaving.zone_of(request.user).key,
    }
    return render(request, "members/on_the_way.html", context, status=status)


@require_POST
def undo_leaving(request: MemberRequest) -> HttpResponse:
    found = leaving.current(request.user)
    if found is None:
        return redirect("home")
    return _undo(request, found) or _on_the_way(request, status=409)


def _undo(request: ReaderRequest, found: Leaving) -> HttpResponse | None:
    """None where it is too late."""
    try:
        going.undo(found=found)
    except leaving.TooLateError:
        return None
    going.go_on(leaving_id=found.pk, batches=going.BATCHES_AT_ONCE)
    tasks.begin_leaving(found.pk)
    messages.success(request, _("You stay. Your name and your words are as before."))
    return redirect("home")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: ReaderRequest, token: str) -> HttpResponse:
    """By the link in the mail, signed in or not."""
    link = leaving.by_link(token)
    if request.method == "POST" and link and link.can_be_undone and (done := _undo(request, link.leaving)):
        return done
    context = {"link": link, "token": token, "last_day": leaving.last_day(link.leaving) if link else None}
    return render(request, "members/stay.html", context, status=200 if link and link.can_be_undone else 410)


@login_not_required
@require_safe
def left(request: ReaderRequest) -> HttpResponse:
    return render(request, "members/left.html", {"days": DAYS})
