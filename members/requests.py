"""The request that a view behind the sign-in page gets."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models import Member


class MemberRequest(HttpRequest):
    """Somebody is signed in: LoginRequiredMiddleware turned everybody else away."""

    user: Member
    htmx: HtmxDetails
