"""The country whose lines somebody wants to see: a cookie that ends with the browser, and nothing on the server."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from resources.helplines import Country, countries

COOKIE = "country"


def chosen(request: HttpRequest) -> Country | None:
    return countries().get(request.COOKIES.get(COOKIE, ""))


def remember(response: HttpResponse, country: Country) -> None:
    response.set_cookie(COOKIE, country.code, secure=not settings.LOCAL, httponly=True, samesite="Lax", path="/")
