"""What is looked at for whoever is signed in, before each page."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

import members.services
import notifications.access
import notifications.services
from members.models import Member
from supportsite import errors
from supportsite.middleware import ALWAYS_OPEN
from supportsite.middleware_arriving import at_the_door, second_factor
from supportsite.middleware_leaving import on_the_way_out
from supportsite.middleware_pace import sitting_long
from supportsite.parts import is_part, lead_to

type View = Callable[..., HttpResponseBase]
# A page in place of the one that was asked for; None where that one may come. `name` is that of its address.
type Look = Callable[[HttpRequest, View, str, Member], HttpResponseBase | None]

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


class OfMembers(MiddlewareMixin):
    """Reads the member's row, which every page of a member loads anyway, and nothing for visitors, nor on pages that
    answer without a database."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: View,
        view_args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        view_kwargs: dict[str, Any],  # noqa: ARG002 - Django's signature
    ) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path in ALWAYS_OPEN:
            return None
        member = request.user
        if not isinstance(member, Member):
            return None
        name = (request.resolver_match.url_name if request.resolver_match else "") or ""
        for look in _LOOKS:
            if instead := look(request, view_func, name, member):
                return instead
        return None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The next request may be of somebody with another clock."""
        if hasattr(request, "has_own_clock"):
            timezone.deactivate()
        return response


def own_clock(request: HttpRequest, _view: View, _name: str, member: Member) -> None:
    """Times on a member's pages are shown by their own clock."""
    if member.time_zone:
        request.has_own_clock = True  # type: ignore[attr-defined]
        timezone.activate(notifications.access.zone_of(member))


def visit(_request: HttpRequest, _view: View, name: str, member: Member) -> None:
    """Keeps the day on which a member was here: mails grow rare for who is away, and come as before once they return.

    Writes once a day.
    """
    # A page that was left open asks by itself whether there is news.
    if name == "news_mark":
        return
    away = members.services.note_visit(member=member)
    if away is not None and away >= notifications.access.AWAY_WEEKLY:
        notifications.services.resume_digest(member=member)


def suspended(request: HttpRequest, _view: View, name: str, member: Member) -> HttpResponseBase | None:
    """What a suspended member may not open is a calm page that says until when, and what stays open to them: help, the
    way out, one's account, decisions, appeals and words with moderators; and what everybody may read.

    It ends by itself.
    """
    until = member.suspended_until
    if until is None or until <= timezone.now() or name in OPEN_TO_SUSPENDED or name.startswith(_ACCOUNT_PAGES):
        return None
    if is_part(request):
        return lead_to(request, reverse("home"))
    return errors.suspended(request, until if until < NO_END else None)


# In this order: who leaves is not asked for anything else, nor who has to wait.
_LOOKS: Sequence[Look] = (own_clock, visit, on_the_way_out, suspended, at_the_door, second_factor, sitting_long)
