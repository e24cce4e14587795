"""The country whose lines somebody wants to see: kept with a member's account, and for everybody in a cookie that ends
with the browser. Never guessed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from members.models import Member
from resources.helplines import Countries, Country, countries


def cookie_name() -> str:
    return f"{settings.COOKIE_PREFIX}country"


def chosen(request: HttpRequest) -> Country | None:
    """A member's own, or the one of this browser. Reads the member's row, which their pages load anyway."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        member = getattr(request, "user", None)
        if isinstance(member, Member) and member.country in countries():
            return countries()[member.country]
    return chosen_here(request)


def chosen_here(request: HttpRequest, known: Countries | None = None) -> Country | None:
    """The one of this browser, without database and session, of those that are `known`: as a rule all."""
    return (countries() if known is None else known).get(request.COOKIES.get(cookie_name(), ""))


def is_remembered(request: HttpRequest) -> bool:
    return cookie_name() in request.COOKIES


def remember(response: HttpResponse, country: Country) -> None:
    response.set_cookie(cookie_name(), country.code, secure=not settings.LOCAL, httponly=True, samesite="Lax", path="/")
