"""Where administrators check registrations. For everybody else these pages are not there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

import moderation.access
from core import unsent
from core.trails import manage_trail
from members.requests import MemberRequest
from resources.access import asking as access
from resources.forms.professionals import EndForm, ProfessionalForm
from resources.models import Professional
from resources.services import professionals


@require_GET
def professional_list(request: MemberRequest) -> HttpResponse:
    moderation.access.check_admin(request.user)
    context = {"professionals": access.professionals(), "crumbs": manage_trail()}
    return render(request, "resources/manage/professionals.html", context)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def new_professional(request: MemberRequest) -> HttpResponse:
    moderation.access.check_admin(request.user)
    if request.method == "GET":
        return _page(request, None, ProfessionalForm(initial=unsent.take(request), is_new=True))
    form = ProfessionalForm(request.POST, is_new=True)
    if not form.is_valid():
        return _page(request, None, form, status=422)
    member = access.find_member(form.cleaned_data["name"])
    if member is None:
        form.add_error("name", _("Nobody here has this name."))
        return _page(request, None, form, status=422)
    try:
        professionals.add_professional(actor=request.user, member=member, values=form.values)
    except professionals.CannotCheckError as error:
        form.add_error("name", str(error))
        return _page(request, None, form, status=409)
    messages.success(request, _("%(name)s carries the badge now, and can answer.") % {"name": member.username})
    return redirect("manage_professionals")


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def professional(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Check a registration again, or take the badge away."""
    moderation.access.check_admin(request.user)
    found = access.get_managed_professional(public_id)
    if request.method == "GET":
        return _page(request, found, _form(found, unsent.take(request)))
    return _end(request, found) if "end" in request.POST else _check(request, found)


def _form(found: Professional, kept: dict[str, object]) -> ProfessionalForm:
    """The days begin as if it was looked up today: that is what the page is opened for."""
    standing = {name: getattr(found, name) for name in ("field", "register", "registration_number")}
    return ProfessionalForm(initial=standing | kept, is_new=False)


def _check(request: MemberRequest, found: Professional) -> HttpResponse:
    form = ProfessionalForm(request.POST, is_new=False)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        changed = professionals.check_again(actor=request.user, professional=found, values=form.values)
    except professionals.CannotCheckError as error:
        form.add_error(None, str(error))
        return _page(request, found, form, status=409)
    messages.success(request, _("Saved.") if changed else _("Nothing was different, so nothing was changed."))
    return redirect("manage_professionals")


def _end(request: MemberRequest, found: Professional) -> HttpResponse:
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, found, _form(found, {}), end=form, status=422)
    ended = professionals.end_professional(actor=request.user, professional=found, reason=form.cleaned_data["reason"])
    messages.success(request, _("The badge is taken away.") if ended else _("It had ended already."))
    return redirect("manage_professionals")


def _page(
    request: MemberRequest,
    found: Professional | None,
    form: ProfessionalForm,
    *,
    end: EndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "professional": found,
        "form": form,
        "end": end or EndForm(),
        "crumbs": manage_trail((_("Professionals"), reverse("manage_professionals"))),
    }
    return render(request, "resources/manage/professional.html", context, status=status)
