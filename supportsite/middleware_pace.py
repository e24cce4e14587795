"""Pictures that cost nothing, and a gentle word about time."""

import time
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve
from django.utils.translation import gettext as _

from members import sitting
from members.models import Member
from supportsite.parts import is_part

GetResponse = Callable[[HttpRequest], HttpResponseBase]
PICTURES = "/avatars/"


def pictures(get_response: GetResponse) -> GetResponse:
    """Avatars are the same for everybody, so nobody's session is looked at for them and browsers may keep them."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PICTURES):
            return get_response(request)
        found = resolve(request.path)
        picture: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return picture

    return middleware


def sitting_long(request: HttpRequest, _view: Any, _name: str, member: Member) -> None:
    """A line above the next page once a member has been here for as long as they wanted to be told of.

    Only pages that somebody opens: not what a page asks for by itself.
    """
    if member.session_minutes is None or request.method != "GET":
        return
    if is_part(request) or request.META.get("HTTP_SEC_FETCH_MODE", "navigate") != "navigate":
        return
    if sitting.is_time(request.session, minutes=member.session_minutes, now=time.time()):
        said = _("You have been here for %(minutes)s minutes. You asked to be told. Everything here can wait.")
        messages.info(request, said % {"minutes": member.session_minutes})
