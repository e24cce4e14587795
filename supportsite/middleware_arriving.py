"""What stands between signing in and the pages: being let in, agreeing, and for staff a second step to sign in."""

from collections.abc import Callable
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


def at_the_door(request: HttpRequest, view: View, name: str, member: Member) -> HttpResponse | None:
    """Who has not been let in yet waits; who has not agreed to today's words is asked. Nothing typed is lost.

    Both stand on the member's row.
    """
    if not (member.awaits_approval or members.access.lacks_consent(member)) or _stays_open(view, name):
        return None
    if member.awaits_approval:
        return lead_to(request, reverse("waiting_to_join"))
    if request.method == "POST" and getattr(view, "keeps_words", False):
        unsent.stash(request)
        wanted = request.get_full_path()
    else:
        wanted = errors.page_before(request) if request.method == "POST" else request.get_full_path()
    return lead_to(request, f"{reverse('agree')}?{urlencode({'next': wanted})}")


def _stays_open(view: View, name: str) -> bool:
    if name in _OPEN or name.startswith(_OPEN_PARTS):
        return True
    return not getattr(view, "login_required", True) and name not in _SHARED


def second_factor(request: HttpRequest, _view: View, name: str, member: Member) -> HttpResponse | None:
    """Pages of staff open to those who have a second step to sign in. One query on these pages, where it is asked."""
    asked = settings.STAFF_SECOND_FACTOR and (name in STAFF_NAMES or request.path.startswith(STAFF_PAGES))
    return lead_to(request, reverse("second_factor")) if asked and members.access.lacks_second_factor(member) else None


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
