"""Who may come in: invitations, and newcomers who wait. For everybody but administrators these pages are not there."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import members.access
from core import unsent
from core.trails import manage_trail
from members.models import Member
from members.requests import MemberRequest
from moderation import access
from moderation.forms.arrivals import InvitationForm, TurnAwayForm
from moderation.services import arrivals

# The link that was made just now, for the one page that shows it.
_MADE = "invitation_made"


@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        secret = arrivals.invite(actor=request.user, **form.cleaned_data)
        request.session[_MADE] = settings.SITE_URL + reverse("invited", args=[secret])
        return redirect("manage_invitations")
    context = {
        "form": form,
        "made": request.session.pop(_MADE, "") if request.method == "GET" else "",
        "invitations": members.access.invitations(),
        "now": timezone.now(),
        "crumbs": manage_trail(),
    }
    return render(request, "moderation/manage/invitations.html", context, status=422 if form.is_bound else 200)


@require_POST
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    access.check_admin(request.user)
    if arrivals.revoke(actor=request.user, invitation=members.access.get_invitation(pk)):
        messages.success(request, _("That invitation lets nobody in any more."))
    else:
        messages.info(request, _("It was used already, so it stays in the list."))
    return redirect("manage_invitations")


@require_safe
def waiting(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    context = {"waiting": members.access.waiting_at_the_door(), "crumbs": manage_trail()}
    return render(request, "moderation/manage/arrivals.html", context)


@require_POST
def let_in(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_admin(request.user)
    found = members.access.get_waiting(public_id)
    if arrivals.let_in(actor=request.user, member=found):
        messages.success(request, _("%(name)s is in, and gets a mail.") % {"name": found.username})
    return redirect("manage_arrivals")


@unsent.keeps_words
@require_http_methods(["GET", "HEAD", "POST"])
def turn_away(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_admin(request.user)
    found = members.access.get_waiting(public_id)
    if request.method != "POST":
        return _turn_away_page(request, found, TurnAwayForm(initial=unsent.take(request)))
    form = TurnAwayForm(request.POST)
    if not form.is_valid():
        return _turn_away_page(request, found, form, status=422)
    if arrivals.turn_away(actor=request.user, member=found, reason=form.cleaned_data["reason"]):
        messages.success(request, _("The account is closed, and a mail says why. Nothing of it is kept."))
    return redirect("manage_arrivals")


def _turn_away_page(request: MemberRequest, found: Member, form: TurnAwayForm, *, status: int = 200) -> HttpResponse:
    crumbs = manage_trail((_("Newcomers who wait"), reverse("manage_arrivals")))
    context = {"newcomer": found, "form": form, "crumbs": crumbs}
    return render(request, "moderation/manage/turn_away.html", context, status=status)
