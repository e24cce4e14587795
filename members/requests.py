"""The requests that views get."""

from typing import TypeGuard

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models import Member


class ReaderRequest(HttpRequest):
    """A page that visitors may open, too: the view looks at who is there."""

    user: Member | AnonymousUser
    htmx: HtmxDetails


class MemberRequest(ReaderRequest):
    """Somebody is signed in: LoginRequiredMiddleware turned everybody else away."""

    user: Member


def pace_key(request: HttpRequest) -> int | str:
    """Whose pace is looked at: the member's, or of visitors that of their address, as sign-ins are counted."""
    if isinstance(request.user, Member):
        return request.user.pk
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        # A server that tells no addresses has one pace for all visitors.
        return ""


def is_member(request: ReaderRequest) -> TypeGuard[MemberRequest]:
    return isinstance(request.user, Member)
