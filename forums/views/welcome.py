"""Small steps for newcomers (M5). None is needed, each can be skipped, and all of it stands among the settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import members.services
import moderation.access
import notifications.access
import resources.country
from forums.forms.reading import ReadingForm, Showing
from forums.forms.welcome import CountryForm, QuietForm
from members.requests import MemberRequest
from members.views.settings import crumbs
from notifications.services.wishes import set_wishes
from resources.helplines import countries

STEPS = ("welcome", "welcome_country", "welcome_reading", "welcome_news", "welcome_first")
# Where the first small step may lead.
FIRST_STEPS = ("boards", "waiting", "gently", "library", "home")


@require_safe
def guidelines(request: MemberRequest) -> HttpResponse:
    return _page(request, "welcome", guidelines=moderation.access.guidelines())


@require_http_methods(["GET", "HEAD", "POST"])
def country(request: MemberRequest) -> HttpResponse:
    """Whose help lines come first: chosen, never guessed."""
    chosen = resources.country.chosen(request)
    if request.method != "POST":
        return _page(request, "welcome_country", form=CountryForm(chosen))
    form = CountryForm(chosen, request.POST)
    if not form.is_valid():
        return _page(request, "welcome_country", form=form, status=422)
    response = redirect("welcome_reading")
    _keep(request, response, form.cleaned_data["country"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: MemberRequest) -> HttpResponse:
    """What to see, fold and hide."""
    if request.method != "POST":
        return _page(request, "welcome_reading", form=ReadingForm(request.user))
    form = ReadingForm(request.user, request.POST)
    if not form.is_valid():
        return _page(request, "welcome_reading", form=form, status=422)
    members.services.set_reading(
        member=request.user,
        folded=form.notes_to(Showing.FOLD),
        hidden=form.notes_to(Showing.HIDE),
        low_energy=form.cleaned_data["low_energy"],
        follow_on_posting=form.cleaned_data["follow_on_posting"],
    )
    return redirect("welcome_news")


@require_http_methods(["GET", "HEAD", "POST"])
def news(request: MemberRequest) -> HttpResponse:
    """Quiet hours and a digest."""
    wishes = notifications.access.wishes_of(request.user)
    if request.method != "POST":
        return _news_page(request, QuietForm(request.user, wishes))
    form = QuietForm(request.user, wishes, request.POST)
    if not form.is_valid():
        return _news_page(request, form, status=422)
    set_wishes(member=request.user, plan=form.plan)
    return redirect("welcome_first")


def _news_page(request: MemberRequest, form: QuietForm, *, status: int = 200) -> HttpResponse:
    return _page(request, "welcome_news", form=form, status=status, zone=notifications.access.zone_of(request.user).key)


@require_safe
def first(request: MemberRequest) -> HttpResponse:
    return _page(request, "welcome_first")


@require_POST
def enough(request: MemberRequest) -> HttpResponse:
    """They go on to a first small step, or leave the rest for another day."""
    wanted = request.POST.get("to", "")
    if members.services.finish_welcome(member=request.user) and wanted not in FIRST_STEPS:
        messages.success(request, _("That is fine. All of it stands among your settings, whenever you like."))
    return redirect(wanted if wanted in FIRST_STEPS else "home")


@require_http_methods(["GET", "HEAD", "POST"])
def settings_country(request: MemberRequest) -> HttpResponse:
    """The same choice for whoever is no newcomer."""
    chosen = resources.country.chosen(request)
    form = CountryForm(chosen, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "crumbs": crumbs()}
        return render(request, "forums/country.html", context, status=422 if form.is_bound else 200)
    response = redirect("settings_country")
    _keep(request, response, form.cleaned_data["country"])
    messages.success(request, _("Kept. Help lines are shown for there first."))
    return response


def _keep(request: MemberRequest, response: HttpResponse, code: str) -> None:
    members.services.set_country(member=request.user, country=code)
    if code:
        resources.country.remember(response, countries()[code])


def _page(request: MemberRequest, step: str, *, status: int = 200, **context: Any) -> HttpResponse:
    number = STEPS.index(step) + 1
    context |= {
        "number": number,
        "count": len(STEPS),
        "before": STEPS[number - 2] if number > 1 else "",
        "after": STEPS[number] if number < len(STEPS) else "",
    }
    return render(request, f"forums/welcome/{step.removeprefix('welcome_')}.html", context, status=status)
