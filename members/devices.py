"""The browser that somebody uses: a secret in a cookie, by which it is known again, and its name in plain words."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

KEPT_DAYS = 180
_LONGEST = 64
# In this order: each of them also calls itself by the name of those after it.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def cookie_name() -> str:
    return f"{settings.COOKIE_PREFIX}device"


def secret_of(request: HttpRequest) -> str:
    """What this browser was given when somebody signed in, or ""."""
    secret = request.COOKIES.get(cookie_name(), "")
    return secret if re.fullmatch(r"[\w-]+", secret) and len(secret) <= _LONGEST else ""


def keep(response: HttpResponse, secret: str) -> None:
    """Stays when the member signs out: it lets nobody in, and says nothing of who they are."""
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=KEPT_DAYS * 24 * 3600,
        secure=not settings.LOCAL,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def in_words(user_agent: str) -> str:
    """“Firefox on Android”, for a browser's own long name."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("a browser that does not say its name")
