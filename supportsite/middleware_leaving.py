"""Who is leaving: their name is gone, and they sign in to come back, to take their data along, or to get help."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

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


def on_the_way_out(request: HttpRequest, _view: Any, name: str, member: Member) -> HttpResponse | None:
    """Every other page leads to the one that says until when they can come back."""
    if member.leaves_at is None or name in OPEN_TO_LEAVING:
        return None
    return lead_to(request, reverse("leaving"))
