"""What stands between signing in and the pages: being let in, agreeing, and for staff a second step to sign in."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

import members.access
import resources.country
from core import unsent
from members.models import Member
from resources.helplines import countries
from supportsite import errors
from supportsite.parts import lead_to

View = Callable[..., HttpResponseBase]

# What stays open besides the pages of visitors: help, the way out, the account, and the ways to take one's words along.
_OPEN = frozenset(
    {
        "agree", "waiting_to_join", "agree_email", "second_factor", "stop_email", "end_session", "leave", "help_now",
        "media", "news_mark", "consents", "my_looks", "stay", "left",
        "decisions", "decision", "appeal", "staff_message",
    }
)  # fmt: skip
_OPEN_PARTS = ("account_", "mfa_", "usersessions_", "export", "leaving", "your_data", "privacy")
# Pages of visitors that would show a member what members see.
_SHARED = frozenset({"home", "boards", "board", "thread", "first_unread", "newest", "jump", "post", "post_history"})
# Where staff see or do what members cannot, by the beginning of the address.
STAFF_PAGES = ("/admin/", "/curate/", "/manage/", "/moderation/", "/remarks/", "/questions/desk/")
STAFF_NAMES = frozenset(
    {
        "thread_moderate", "thread_author", "lift",
        "question_author", "decide_question", "review_answer", "answering",
    }
)  # fmt: skip


class AtTheDoor(MiddlewareMixin):
    """Who has not been let in yet waits; who has not agreed to today's words is asked. Nothing typed is lost.

    Both stand on the member's row, which every page of a member loads anyway. Nothing is read for visitors.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: View,
        view_args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        view_kwargs: dict[str, Any],  # noqa: ARG002 - Django's signature
    ) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or _stays_open(request, view_func):
            return None
        member = request.user
        if not isinstance(member, Member):
            return None
        if member.awaits_approval:
            return lead_to(request, reverse("waiting_to_join"))
        if members.access.lacks_consent(member):
            if request.method == "POST" and getattr(view_func, "keeps_words", False):
                unsent.stash(request)
                wanted = request.get_full_path()
            else:
                wanted = errors.page_before(request) if request.method == "POST" else request.get_full_path()
            return lead_to(request, f"{reverse('agree')}?{urlencode({'next': wanted})}")
        return None


def _stays_open(request: HttpRequest, view: View) -> bool:
    name = (request.resolver_match.url_name if request.resolver_match else "") or ""
    if name in _OPEN or name.startswith(_OPEN_PARTS):
        return True
    return not getattr(view, "login_required", True) and name not in _SHARED


class SecondFactor(MiddlewareMixin):
    """Pages of staff open to those who have a second step to sign in. One query on these pages, where it is asked."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: View,  # noqa: ARG002 - Django's signature
        view_args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        view_kwargs: dict[str, Any],  # noqa: ARG002 - Django's signature
    ) -> HttpResponseBase | None:
        if not settings.STAFF_SECOND_FACTOR or not is_staff_page(request):
            return None
        member = request.user
        if isinstance(member, Member) and members.access.lacks_second_factor(member):
            return lead_to(request, reverse("second_factor"))
        return None


def is_staff_page(request: HttpRequest) -> bool:
    name = request.resolver_match.url_name if request.resolver_match else ""
    return request.path.startswith(STAFF_PAGES) or name in STAFF_NAMES


class OwnCountry(MiddlewareMixin):
    """A browser in which a member is signed in is told their country once, for the page of help lines that reads
    nothing else. Only where it knows none: what somebody chose there last is what they meant."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "resolver_match"):
            return response
        # Only where a page has loaded them already.
        member = request.__dict__.get("_cached_user")
        if isinstance(member, Member) and member.country and isinstance(response, HttpResponse):
            country = countries().get(member.country)
            if country and not resources.country.is_remembered(request):
                resources.country.remember(response, country)
        return response
