"""Who is leaving: their name is gone, and they sign in to come back, to take their data along, or to get help."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from members.models import Member
from supportsite.parts import lead_to

OPEN_TO_LEAVING = frozenset(
    {
        "leaving", "leaving_undo", "stay", "left", "your_data", "export_ask", "export_file",
        "decisions", "decision", "appeal", "my_looks",
        "help_now", "leave", "privacy", "healthz", "readyz", "metrics", "news_mark",
        "account_login", "account_logout", "account_reauthenticate", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
        "mfa_authenticate", "mfa_reauthenticate", "mfa_login_webauthn", "mfa_reauthenticate_webauthn",
    }
)  # fmt: skip


class OnTheWayOut(MiddlewareMixin):
    """Every other page leads to the one that says until when they can come back.

    Reads the member's row, which every page of a member loads anyway, and nothing for visitors.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Any,  # noqa: ARG002 - Django's signature
        view_args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        view_kwargs: dict[str, Any],  # noqa: ARG002 - Django's signature
    ) -> HttpResponseBase | None:
        name = request.resolver_match.url_name if request.resolver_match else ""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or name in OPEN_TO_LEAVING:
            return None
        member = request.user
        if not isinstance(member, Member) or member.leaves_at is None:
            return None
        return lead_to(request, reverse("leaving"))
