"""What every answer carries."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django_htmx.middleware import HtmxDetails

import members.services
import notifications.access
import notifications.services
from core import pace, unsent
from members.models import Member
from members.requests import pace_key
from supportsite import errors
from supportsite.parts import is_part, lead_to

GetResponse = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]

# Wagtail would show and change members' addresses and rights there, unlogged.
_PEOPLE_PAGES = ("/curate/users/", "/curate/groups/")
_ADMIN_PAGES = ("/curate/", "/admin/")
_ALWAYS_OPEN = ("/help-now/", "/leave/", "/healthz", "/readyz", "/metrics")
# What a suspended member can open. Whatever is not here asks them to wait, or to appeal.
OPEN_TO_SUSPENDED = frozenset(
    {
        "agree", "agree_email", "stop_email", "end_session", "waiting_to_join", "second_factor",
        "help_now", "leave", "healthz", "readyz", "metrics", "wagtail_serve", "how_we_check", "media",
        "guidelines", "guideline", "report_outside", "reported_outside", "transparency", "transparency_csv",
        "privacy", "my_looks",
        "decisions", "decision", "appeal", "staff_message", "my_reports",
        "your_data", "export_ask", "export_file", "leaving", "leaving_undo", "stay", "left",
        # Their own settings, less what others would read.
        "settings", "settings_pages", "settings_country", "settings_people", "unblock", "unmute", "settings_words",
        "remove_words", "consents",
        "notices", "notice", "mark_read", "mark_all_read", "news_mark",
        "news_wishes", "news_usual", "news_mail", "news_away", "news_address", "news_mails", "news_off",
    }
)  # fmt: skip
_ACCOUNT_PAGES = ("account_", "mfa_", "usersessions_")
# An end beyond this is none.
NO_END = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
# Each leaves a session behind, so many from one address; further words are given back at once.
KEPT_AN_HOUR = 60
# All that a browser could let a page do beyond showing it, but for passkeys and for films that fill the screen.
_FEATURES_USED = ("fullscreen", "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get")
_FEATURES_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read",
    "compute-pressure", "display-capture", "encrypted-media", "gamepad", "geolocation", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone", "midi",
    "otp-credentials", "payment", "private-state-token-issuance", "private-state-token-redemption",
    "screen-wake-lock", "serial", "storage-access", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
_PERMISSIONS = ", ".join([*(f"{name}=()" for name in _FEATURES_OFF), *(f"{name}=(self)" for name in _FEATURES_USED)])
# Of what the site kept in the browser: not the cookies, which would take those of the operator's other sites along.
_FORGET = '"cache", "storage"'


def content_security(get_response: GetResponse) -> GetResponse:
    """Loosens the policy for administration pages only; everything else keeps the strict one of settings.

    Search engines find the resources and what a view lets be found: boards that are open to everyone (M13).
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith(_ADMIN_PAGES) and not hasattr(response, "_csp_config"):
            response._csp_config = settings.ADMIN_CSP  # type: ignore[attr-defined]  # noqa: SLF001 - Django's own name
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # An address in a page is not even looked up before somebody opens it.
        response.headers.setdefault("X-DNS-Prefetch-Control", "off")
        if not request.path.startswith("/resources/"):
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    return middleware


def maintenance(get_response: GetResponse) -> GetResponse:
    """While MAINTENANCE is set, every page but help, the way out and health is the maintenance page.

    What the process answers by itself when it cannot let a request in (supportsite.front) is made here once, so that it
    carries what every answer carries. No client can set that name.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if instead := request.META.get(errors.INSTEAD):
            return errors.instead(instead)
        if settings.MAINTENANCE and request.path not in _ALWAYS_OPEN:
            return errors.maintenance(request)
        return get_response(request)

    return middleware


def wrong_methods(get_response: GetResponse) -> GetResponse:
    """A page with a way on where Django answers an empty “not allowed”."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return errors.wrong_method(response["Allow"])
        return response

    return middleware


def private_pages(get_response: GetResponse) -> GetResponse:
    """Nothing that a session had a part in is kept by a browser or proxy. Signing out makes it forget the rest."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # Where a session was looked at, Django's middleware says Vary.
        if not request.session.accessed and request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            patch_vary_headers(response, ("Cookie",))
        if request.session.accessed or request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            response.headers["Cache-Control"] = "private, no-store"
        if getattr(request, "has_signed_out", False):
            response.headers["Clear-Site-Data"] = _FORGET
        return response

    return middleware


def note_sign_out(*, request: HttpRequest, **_told: Any) -> None:
    """By whatever way: the button, a new password, a session that was ended, leaving for good."""
    request.has_signed_out = True  # type: ignore[attr-defined]


class SignInFirst(LoginRequiredMiddleware):
    """The sign-in page for visitors, with what they had typed kept for afterwards."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: View,
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if request.path.startswith(_ADMIN_PAGES):
            return self._staff_only(request, view_func)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def _staff_only(self, request: HttpRequest, view_func: View) -> HttpResponseBase | None:
        """Administration pages are not there for members (404), and their own sign-in pages for nobody."""
        member = request.user
        if not isinstance(member, Member):
            return self.handle_no_permission(request, view_func)
        if request.path.startswith(_PEOPLE_PAGES):
            raise Http404
        allowed = member.is_curator if request.path.startswith("/curate/") else member.is_staff
        if not (allowed or member.is_superuser):
            raise Http404
        return None

    def get_login_url(self, view_func: View) -> str:  # noqa: ARG002 - Django's signature
        """One sign-in page, also for administration pages that would name their own."""
        return settings.LOGIN_PATH

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> HttpResponse:  # type: ignore[override]
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        if getattr(view_func, "keeps_words", False):
            if not pace.within("unsent", pace_key(request), limit=KEPT_AN_HOUR):
                return errors.expired_form(request)
            unsent.stash(request)
            return redirect_to_login(request.get_full_path(), settings.LOGIN_PATH)
        # A button without words: back to the page it stood on.
        return redirect_to_login(errors.page_before(request), settings.LOGIN_PATH)


class Suspended(MiddlewareMixin):
    """What a suspended member may not open is a calm page that says until when, and what stays open to them.

    Reads the member's row, which every page of a member loads anyway, and nothing for visitors; it ends by itself.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: View,  # noqa: ARG002 - Django's signature
        view_args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        view_kwargs: dict[str, Any],  # noqa: ARG002 - Django's signature
    ) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or _stays_open(request):
            return None
        until = getattr(request.user, "suspended_until", None)
        if until is None or until <= timezone.now():
            return None
        if is_part(request):
            return lead_to(request, reverse("home"))
        return errors.suspended(request, until if until < NO_END else None)


class OwnClock(MiddlewareMixin):
    """Times on a member's pages are shown by their own clock. Reads the member's row, which their pages load anyway."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: View,  # noqa: ARG002 - Django's signature
        view_args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        view_kwargs: dict[str, Any],  # noqa: ARG002 - Django's signature
    ) -> None:
        member = _member(request)
        if member and member.time_zone:
            timezone.activate(notifications.access.zone_of(member))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:  # noqa: ARG002
        """The next request may be somebody else's."""
        timezone.deactivate()
        return response


class Visits(MiddlewareMixin):
    """Keeps the day on which a member was here: mails grow rare for who is away, and come as before once they return.

    Reads the member's row, which their pages load anyway, and writes once a day.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: View,  # noqa: ARG002 - Django's signature
        view_args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        view_kwargs: dict[str, Any],  # noqa: ARG002 - Django's signature
    ) -> None:
        # A page that was left open asks by itself whether there is news.
        by_itself = request.resolver_match is not None and request.resolver_match.url_name == "news_mark"
        member = None if by_itself else _member(request)
        if member is None:
            return
        away = members.services.note_visit(member=member)
        if away is not None and away >= notifications.access.AWAY_WEEKLY:
            notifications.services.resume_digest(member=member)


def _member(request: HttpRequest) -> Member | None:
    """Whoever is signed in; None without asking, on pages that answer without a database, and where nobody is."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path in _ALWAYS_OPEN:
        return None
    return request.user if isinstance(request.user, Member) else None


def _stays_open(request: HttpRequest) -> bool:
    """Help, the way out, one's account, decisions, appeals and words with moderators; and what everybody may read."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    return name in OPEN_TO_SUSPENDED or (name or "").startswith(_ACCOUNT_PAGES)


def htmx_redirects(get_response: GetResponse) -> GetResponse:
    """A redirect to sign in would be swapped into a corner of the page; htmx is told to leave the page instead."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        location = response.headers.get("Location", "")
        if location.startswith(settings.LOGIN_PATH) and is_part(request):
            moved = HttpResponse(status=204)
            page = HtmxDetails(request).current_url_abs_path
            moved.headers["HX-Redirect"] = f"{settings.LOGIN_PATH}?{urlencode({'next': page})}" if page else location
            return moved
        return response

    return middleware
