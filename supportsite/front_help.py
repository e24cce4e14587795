"""`/help-now/` before Django: what its view answered, kept while it would answer the same.

That is as long as the minute (lines say whether they are open), the set that `HELP_DIR/current` points to, and the file
in it are the same; the last two are looked at for each request. An answer is asked of Django without anything of the
request but what it differs by, so nothing of one reader can come to another.
"""

import os
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import http_date

from resources import helplines
from resources.country import cookie_name
from resources.help_choice import PATH, Choice, choice_of
from resources.helplines import Countries
from supportsite.answers import Answer, accepts_gzip, ask, plain_environ

_MOST_KEPT: Final = 500
# Stands for any session. Django takes away the cookie of what is too short to be one.
_SOME_SESSION: Final = "somebody"


@dataclass(frozen=True, slots=True)
class _Variant:
    """All that an answer differs by, beside what is the same for everybody at the time."""

    country: str
    language: str
    is_new: bool
    has_session: bool
    gzip: bool
    secure: bool


@dataclass(slots=True)
class _Shown:
    """What is the same for everybody for the time being, and what was made from it."""

    folder: str
    minute: int
    countries: Countries
    kept: dict[_Variant, tuple[object, Answer]] = field(default_factory=dict)


class HelpNow:
    def __init__(self, site: WSGIApplication) -> None:
        self._site = site
        self._shown: _Shown | None = None

    def answer(self, environ: WSGIEnvironment) -> Answer | None:
        """For GET and HEAD. None where Django has to: a host that is not ours, a redirect to https, no real session."""
        if settings.DEBUG:
            return None
        try:
            request = WSGIRequest(environ)
            request.get_host()
            secure = bool(request.is_secure())
            shown = self._look()
            chosen = choice_of(request, shown.countries)
            session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        except (SuspiciousOperation, RequestDataTooBig, BadRequest):
            return None
        if settings.SECURE_SSL_REDIRECT and not secure:
            return None
        if session is not None and len(session) < len(_SOME_SESSION):
            return None
        code = chosen.country.code if chosen.country else ""
        variant = _Variant(code, chosen.language, chosen.is_new, bool(session), accepts_gzip(environ), secure)
        file = _state_of(shown.folder, chosen)
        kept = shown.kept.get(variant)
        if kept is None or kept[0] != file:
            made = self._ask(variant)
            if made is None:
                return None
            if len(shown.kept) >= _MOST_KEPT:
                shown.kept.clear()
            kept = shown.kept[variant] = file, made
        return _dated(kept[1]) if session else kept[1]

    def _look(self) -> _Shown:
        folder, minute = _folder_shown(), int(time.time() // 60)
        shown = self._shown
        if shown is None or shown.minute != minute or shown.folder != folder:
            shown = self._shown = _Shown(folder, minute, helplines.countries())
        return shown

    def _ask(self, variant: _Variant) -> Answer | None:
        cookies = SimpleCookie()
        query = {"language": variant.language}
        if variant.is_new:
            query["country"] = variant.country
        elif variant.country:
            cookies[cookie_name()] = variant.country
        if variant.has_session:
            cookies[settings.SESSION_COOKIE_NAME] = _SOME_SESSION
        cookie = cookies.output(header="", sep=";").strip()
        found = ask(
            self._site,
            plain_environ(PATH, query=urlencode(query), cookie=cookie, secure=variant.secure, gzip=variant.gzip),
        )
        return found if found.status.startswith("200 ") and found.is_whole else None


def _folder_shown() -> str:
    """Of the set that is shown; "" where there is none."""
    try:
        return os.path.join(settings.HELP_DIR, os.readlink(os.path.join(settings.HELP_DIR, "current")))  # noqa: PTH115, PTH118
    except OSError:
        return ""


def _state_of(folder: str, chosen: Choice) -> object:
    """Differs when the page in the set was written anew, or is gone."""
    try:
        found = os.stat(f"{folder}/{chosen.page}")  # noqa: PTH116 - a path object takes as long as all the rest
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _dated(answer: Answer) -> Answer:
    """What nobody may keep is over at the moment that it leaves."""
    now = http_date()
    headers = [(key, now if key == "Expires" else value) for key, value in answer.headers]
    return Answer(answer.status, headers, answer.body)
