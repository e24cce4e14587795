"""Who asks for a page: the session, and the member with whether there is news, mostly in one short query.

Both are read anew for every request, so that a session that was ended or a member who was suspended counts at once.
"""

import datetime as dt
import json
from functools import lru_cache
from threading import local
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

import notifications.access
from core import ahead
from core.built import BuiltByRules
from core.loaded import loaded
from members.models import Member
from members.stand_in import READER

# No session has this key, and nothing happened then.
_KEY = "no-session-has-this-key-1911"
_NOW = dt.datetime(1911, 3, 5, 7, 11, 13, tzinfo=dt.UTC)


class SessionStore(DatabaseSessions):
    """Django's own, in the same table. Where this process knows whose a session was when it was last looked at, the
    member's row comes with it in one query: a guess, which counts only once what the session says now agrees."""

    member_row: tuple[Any, ...] | None = None

    def load(self) -> dict[str, Any]:
        key = self.session_key
        packed = self._packed(key) if key else None
        if packed is None:
            self._session_key = None
            return {}
        is_short = len(packed) <= _SHORT
        found: dict[str, Any] = json.loads(_said(packed, settings.SECRET_KEY)) if is_short else self.decode(packed)
        if key and str(found.get(SESSION_KEY, "")).isdigit():
            remember(key, int(found[SESSION_KEY]))
        return found

    def _packed(self, key: str) -> str | None:
        now = timezone.now()
        if (member := _WHOSE.get(key)) is not None:
            rows = _MEMBER.rows({"member": member, "key": key, "now": now}, with_session=True)
            if rows:
                packed: str | None = rows[0][-1]
                self.member_row = rows[0][:-1]
                return packed
        found = _SESSION.rows({"key": key, "now": now})
        return found[0][0] if found else None


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own, but for how the member of a session is looked up."""

    def get_user(self, user_id: Any) -> Member | None:
        row = getattr(_beside, "row", None)
        if row is None or row[0] != int(user_id):
            rows = _MEMBER.rows({"member": int(user_id), "now": timezone.now()}, with_session=False)
            row = rows[0] if rows else None
        if row is None:
            return None
        member = loaded(Member, _FIELDS, row[:-1])
        member.is_lit = row[-1]
        return member if self.user_can_authenticate(member) else None


class WhoseMiddleware(AuthenticationMiddleware):
    """Django's own; whoever it finds may have come with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _whose(request))  # type: ignore[assignment]

    def __call__(self, request: HttpRequest) -> Any:
        with ahead.of_page():
            return super().__call__(request)

    def process_view(self, request: HttpRequest, view: Any, _arguments: Any, parts: Any) -> None:
        """The row itself where a page needs it anyway: each look at Django's stand-in costs more than the look."""
        reads = getattr(view, "login_required", True) or getattr(view, "shows_members_more", False)
        if reads and settings.SESSION_COOKIE_NAME in request.COOKIES:
            member = _WHOSE.get(request.COOKIES[settings.SESSION_COOKIE_NAME])
            if member is not None:
                _ask_ahead(request, view, parts, member)
            request.user = _whose(request)


def _ask_ahead(request: HttpRequest, view: Any, parts: dict[str, Any], member: int) -> None:
    if request.method == "GET" and getattr(view, "asks_ahead", False):
        ahead.expect(request.get_full_path(), reader=member)
    elif request.method == "POST" and getattr(view, "finds_first", False) and request.resolver_match:
        ahead.expect_deed(request.resolver_match.route, reader=member, given=parts)


@lru_cache(maxsize=1000)
def _said(packed: str, _secret: str) -> str:
    """What a session's row says, in JSON. The same row says the same: its signature is looked at once. 50 µs."""
    return json.dumps(SessionStore().decode(packed))


def _whose(request: HttpRequest) -> Member | AnonymousUser:
    if not hasattr(request, "_cached_user"):
        request.session.get(SESSION_KEY)
        _beside.row = getattr(request.session, "member_row", None)
        try:
            request._cached_user = get_user(request)  # type: ignore[attr-defined]  # noqa: SLF001 - Django's own name
        finally:
            _beside.row = None
    found: Member | AnonymousUser = request._cached_user  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def remember(key: str, member: int) -> None:
    """Whose session this is, as a guess for its next page."""
    if _WHOSE.get(key) != member:
        if len(_WHOSE) >= _REMEMBERED:
            _WHOSE.clear()
        _WHOSE[key] = member


# A session without words that somebody may have left in it (core.unsent), which are not to stay in memory.
_SHORT = 1000
# By session, whose it was. As many sessions as an evening's readers of one process.
_WHOSE: dict[str, int] = {}
_REMEMBERED = 5000
_beside = local()


def _session() -> QuerySet[Session, Any]:
    return Session.objects.filter(session_key=_KEY, expire_date__gt=_NOW).values_list("session_data")


def _member(*, with_session: bool) -> QuerySet[Member, Any]:
    found = Member.objects.filter(pk=READER).annotate(lit_now=notifications.access.lit(_NOW))
    if not with_session:
        return found.values_list(*_FIELDS, "lit_now")
    return found.annotate(packed=Subquery(_session())).values_list(*_FIELDS, "lit_now", "packed")


_FIELDS = [field.attname for field in Member._meta.concrete_fields]  # noqa: SLF001 - public by Django's word
_SESSION = BuiltByRules(_session, {"key": _KEY, "now": _NOW}, always="key")
_MEMBER = BuiltByRules(_member, {"member": READER, "key": _KEY, "now": _NOW}, always="member")
