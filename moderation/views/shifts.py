"""Beginning, pausing and ending a shift."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import unsent
from members.requests import MemberRequest
from moderation import access
from moderation.forms.desk import ShiftEndForm
from moderation.services import shifts


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def end(request: MemberRequest) -> HttpResponse:
    """Ending a shift, with words for whoever comes next."""
    access.check_moderator(request.user)
    if request.method == "GET":
        return _end_page(request, ShiftEndForm(initial=unsent.take(request)))
    form = ShiftEndForm(request.POST)
    if not form.is_valid():
        return _end_page(request, form, status=422)
    try:
        ended = shifts.end(moderator=request.user, handover=form.cleaned_data["handover"])
    except shifts.HandoverNeededError:
        form.add_error("handover", _("Urgent cases are open. Say what the next person needs to know about them."))
        return _end_page(request, form, status=422)
    if ended:
        messages.success(request, _("Your shift has ended. Thank you. What you held is free for colleagues."))
    else:
        messages.info(request, _("No shift of yours was running, so nothing was changed."))
    return redirect("queue")


def _end_page(request: MemberRequest, form: ShiftEndForm, status: int = 200) -> HttpResponse:
    held = list(access.cases_held_by(request.user)[:5])
    context = {
        "form": form,
        "shift": access.shift_of(request.user),
        "urgent_remain": access.urgent_remain(request.user),
        "held": access.queue_rows(request.user, held) if held else [],
        "load": access.load_of(request.user),
        "crumbs": [(_("Review queue"), reverse("queue"))],
    }
    return render(request, "moderation/shift_end.html", context, status=status)


@require_POST
def turn(request: MemberRequest) -> HttpResponse:
    """`do` is start, pause or resume."""
    access.check_moderator(request.user)
    match request.POST.get("do"):
        case "start" if shifts.start(moderator=request.user):
            messages.success(request, _("Your shift has begun. Colleagues see that you are here."))
        case "pause" if shifts.pause(moderator=request.user):
            messages.success(request, _("You are pausing. Alerts go to others meanwhile."))
        case "resume" if shifts.resume(moderator=request.user):
            messages.success(request, _("You are back."))
    return redirect("queue")


@require_POST
def acknowledge(request: MemberRequest, pk: int) -> HttpResponse:
    access.check_moderator(request.user)
    if not shifts.acknowledge(moderator=request.user, shift=access.get_handover(request.user, pk)):
        messages.info(request, _("A colleague has taken note of it already."))
    return redirect("queue")
