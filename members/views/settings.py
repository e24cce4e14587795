from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import members.services
from core.text import positive_int
from members import avatars
from members.forms.profile import ROWS, PagesForm, ProfileForm
from members.models import AVATARS
from members.requests import MemberRequest

A_YEAR = 365 * 24 * 3600


def crumbs() -> list[tuple[str, str]]:
    return [(_("Settings"), reverse("settings"))]


@require_safe
def settings(request: MemberRequest) -> HttpResponse:
    return render(request, "members/settings.html")


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: MemberRequest) -> HttpResponse:
    others = (positive_int(request.GET.get("others")) or 0) % ROWS
    if request.method != "POST":
        return _profile(request, ProfileForm(request.user, others=others), others)
    form = ProfileForm(request.user, request.POST, others=others)
    if not form.is_valid():
        return _profile(request, form, others, status=422)
    members.services.set_profile(
        member=request.user,
        pronouns=form.cleaned_data["pronouns"],
        about=form.cleaned_data["about"],
        shows_posts=form.cleaned_data["shows_posts"],
        avatar_seed=form.cleaned_data["avatar"],
    )
    messages.success(request, _("Kept. Others see you like this from now on."))
    return redirect("settings_profile")


def _profile(request: MemberRequest, form: ProfileForm, others: int, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "next_others": (others + 1) % ROWS, "crumbs": crumbs()}
    return render(request, "members/profile.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def pages(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "members/pages.html", {"form": PagesForm(request.user), "crumbs": crumbs()})
    form = PagesForm(request.user, request.POST)
    if not form.is_valid():
        return render(request, "members/pages.html", {"form": form, "crumbs": crumbs()}, status=422)
    members.services.set_pages(
        member=request.user,
        session_minutes=form.cleaned_data["session_minutes"],
        plain_titles=form.cleaned_data["plain_titles"],
    )
    messages.success(request, _("Kept. Pages behave like this from now on."))
    return redirect("settings_pages")


@login_not_required
@require_safe
def avatar(request: HttpRequest, seed: int) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """Named by its seed alone, so that a picture tells of nobody, and kept by browsers because it never changes."""
    if seed >= AVATARS:
        raise Http404
    response = HttpResponse(avatars.drawn(seed), content_type="image/svg+xml")
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response
