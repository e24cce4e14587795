"""Pages for when something did not work.

They are rendered without a request context: no user, session, message or cache is touched, so they stand when those
are what is broken. Each keeps the way to help and the way out.
"""

import datetime as dt

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

# What people write in, in the order in which a page would show it.
WRITTEN_FIELDS = ("title", "body", "note", "reason", "private_note")


def _page(template: str, status: int, **context: object) -> HttpResponse:
    html = render_to_string(template, {"SITE_NAME": settings.SITE_NAME, **context})
    return HttpResponse(html, status=status, headers={"Cache-Control": "private, no-store"})


def forbidden(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """May see it, may not do it. A sentence given with `PermissionDenied` is shown."""
    return _page("403.html", 403, reason=str(exception) if exception else "")


def suspended(request: HttpRequest, until: dt.datetime | None) -> HttpResponse:
    """For a suspended member: until when, and what stays open. What a form had brought is given back."""
    return _page("suspended.html", 403, until=until, written=_written(request) if request.method == "POST" else [])


def not_found(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Not there, or not for this reader: the page does not say which."""
    return _page("404.html", 404)


def wrong_method(allowed: str) -> HttpResponse:
    """For somebody who opens the address of a button: Django's own answer has no words."""
    page = _page("405.html", 405)
    page["Allow"] = allowed
    return page


def server_error(_request: HttpRequest) -> HttpResponse:
    return _page("500.html", 500)


def rate_limited(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - as the others
    """Too many tries in a short time; also what django-allauth answers with, as `handler429` of the URLs."""
    return _page("429.html", 429)


def maintenance(_request: HttpRequest) -> HttpResponse:
    response = _page("maintenance.html", 503)
    response["Retry-After"] = "600"
    return response


# What a process asks itself for, in place of the page that was asked for.
INSTEAD = "alongside.instead"
_INSTEAD = {"busy": ("busy.html", 503), "not_sent": ("not_sent.html", 503), "too_large": ("too_large.html", 413)}


def instead(name: str) -> HttpResponse:
    """For whoever cannot be let in: too many are here (a form was not taken), or it brings too much."""
    return _page(*_INSTEAD[name])


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - a reason for logs, not for people
    """A form whose token is missing or old: gives the words back, so that nobody writes them twice."""
    return _page("expired_form.html", 403, written=_written(request), back=page_before(request))


def _written(request: HttpRequest) -> list[tuple[str, str]]:
    """The words that came with the form, by field, or nothing if it cannot be read."""
    try:
        posted = request.POST
    except (
        UnreadablePostError,
        RequestDataTooBig,
        TooManyFieldsSent,
        TooManyFilesSent,
        MultiPartParserError,
    ):
        return []
    return [(name, words) for name in WRITTEN_FIELDS if (words := posted.get(name, "").strip())]


def page_before(request: HttpRequest) -> str:
    """The page with the form, if the browser says so and it is one of ours."""
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if ours else "/"
