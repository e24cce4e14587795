"""What every answer carries."""

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
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from core import pace, unsent
from members.models import Member
from members.requests import pace_key
from supportsite import errors
from supportsite.parts import is_part

GetResponse = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]

# Wagtail would show and change members' addresses and rights there, unlogged.
_PEOPLE_PAGES = ("/curate/users/", "/curate/groups/")
_ADMIN_PAGES = ("/curate/", "/admin/")
# They answer without a database.
ALWAYS_OPEN = ("/help-now/", "/leave/", "/healthz", "/readyz", "/metrics")
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
        if settings.MAINTENANCE and request.path not in ALWAYS_OPEN:
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
        was_looked_at = request.session.accessed
        if was_looked_at or request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            response.headers["Cache-Control"] = "private, no-store"
            # Where a session was looked at, Django's middleware says so.
            if not was_looked_at:
                patch_vary_headers(response, ("Cookie",))
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
