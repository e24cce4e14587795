"""How news reaches a member, as they choose it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pace
from members.requests import MemberRequest
from notifications import access
from notifications.forms import AwayForm, DigestForm, WishesForm
from notifications.models import Rhythm
from notifications.services import returns
from notifications.services import wishes as choosing

# Each may end in a mail that comes back, and servers that get many of those stop taking any.
ADDRESS_TRIES_A_DAY = 3
DAY = 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    form = WishesForm(request.user, access.wishes_of(request.user), request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    choosing.set_wishes(member=request.user, plan=form.plan)
    messages.success(request, _("Kept. News reaches you like this from now on."))
    return redirect("news_wishes")


def _page(
    request: MemberRequest, *, form: WishesForm | None = None, away_form: AwayForm | None = None, status: int = 200
) -> HttpResponse:
    kept = access.wishes_of(request.user)
    context = {
        "wishes": kept,
        "form": form or WishesForm(request.user, kept),
        "away_form": away_form or AwayForm(request.user),
        "away": access.stepping_back_until(kept, timezone.now()),
        "zone": access.zone_of(request.user).key,
    }
    return render(request, "notifications/wishes.html", context, status=status)


@require_POST
def usual(request: MemberRequest) -> HttpResponse:
    choosing.usual_channels(member=request.user)
    messages.success(request, _("Each kind of news goes its usual way again."))
    return redirect("news_wishes")


@require_POST
def mail(request: MemberRequest) -> HttpResponse:
    """Turns all mails on or off."""
    on = request.POST.get("on") == "1"
    choosing.set_mail(member=request.user, on=on)
    off = _("All mails are off. Everything is here on the site.")
    messages.success(request, _("Mails are on again.") if on else off)
    return redirect("news_wishes")


@require_POST
def away(request: MemberRequest) -> HttpResponse:
    """Stepping back, and coming back."""
    if request.POST.get("on") != "1":
        choosing.come_back(member=request.user)
        messages.success(request, _("Welcome back. News reaches you as you chose."))
        return redirect("news_wishes")
    form = AwayForm(request.user, request.POST)
    if not form.is_valid():
        return _page(request, away_form=form, status=422)
    choosing.step_back(member=request.user, until=form.cleaned_data["until"])
    messages.success(request, _("News waits for you now. You can come back at any time."))
    return redirect("news_wishes")


@require_POST
def address(request: MemberRequest) -> HttpResponse:
    """The member says that the address works: mails leave again, until one comes back."""
    if not pace.within("address-tries", request.user.pk, limit=ADDRESS_TRIES_A_DAY, seconds=DAY):
        messages.info(request, _("It was tried several times today. Nothing was changed; you could try tomorrow."))
        return redirect("news_wishes")
    returns.address_works(member=request.user)
    messages.success(request, _("Mails leave for your address again."))
    return redirect("news_wishes")


@require_POST
def digest(request: MemberRequest) -> HttpResponse:
    """A newcomer says whether they want a digest."""
    form = DigestForm(request.POST)
    if form.is_valid():
        rhythm = Rhythm(form.cleaned_data["rhythm"])
        choosing.set_digest(member=request.user, rhythm=rhythm)
        none = _("No digest, then. You can choose one later, at “How news reaches you”.")
        some = _("Kept. You can change it at any time, at “How news reaches you”.")
        messages.success(request, none if rhythm == Rhythm.OFF else some)
    return redirect("home")


@require_safe
def mails(request: MemberRequest) -> HttpResponse:
    """Why did I, or did I not, get this?"""
    page = access.mails_of(request.user, request.GET.get("after"))
    return render(request, "notifications/mails.html", {"page": page})
