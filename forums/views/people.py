"""One member as others see them, and the lines that a reader draws around them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forums import access, profiles
from members.access import boundaries
from members.models import Member
from members.requests import MemberRequest
from members.services import boundaries as services


@require_safe
def person(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = boundaries.get_member_for(request.user, public_id)
    page = access.posts_of(request.user, found, request.GET.get("after"))
    return render(request, "forums/person.html", profiles.page_of(request.user, found, page))


@require_safe
def boundary(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """What muting and blocking mean, before either is done."""
    found = _other(request, public_id)
    context = {
        "person": found,
        "muted": boundaries.is_muted(request.user, found),
        "next": _back(request, request.GET.get("next", "")),
    }
    return render(request, "forums/person_boundary.html", context)


@require_POST
def mute(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = _other(request, public_id)
    services.mute(muter=request.user, muted=found)
    said = _("What %(name)s writes is folded for you now. Nobody is told. You could change it in your settings.")
    messages.success(request, said % {"name": found.username})
    return redirect(_back(request, request.POST.get("next", "")) or "settings_people")


@require_POST
def block(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = _other(request, public_id)
    services.block(blocker=request.user, blocked=found)
    messages.success(request, _("You and they do not meet here any more. Nobody is told. You can take it back here."))
    return redirect("settings_people")


def _other(request: MemberRequest, public_id: UUID) -> Member:
    found = boundaries.get_member_for(request.user, public_id)
    if found.pk == request.user.pk:
        raise Http404
    return found


def _back(request: MemberRequest, address: str) -> str:
    """The page of ours from which somebody came, if the address names one."""
    safe = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if safe else ""
