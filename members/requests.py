"""The requests that views get."""

from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser
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


def is_member(request: ReaderRequest) -> TypeGuard[MemberRequest]:
    return isinstance(request.user, Member)
