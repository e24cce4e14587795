"""The frame around a busy page, from a stencil (core.stencils): who is signed in, news, and where one is."""

from collections.abc import Callable, Hashable, Mapping
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

import notifications.access
from core import unsent
from core.addresses import fixed
from core.finished import Finished, Values
from core.pieces import PiecesResponse
from core.stencils import Stencils
from core.tokens import page_token
from members.models import Member
from members.requests import MemberRequest, ReaderRequest

ROLES = ("is_moderator", "is_curator", "is_staff", "is_superuser")
_LIKES = ("low_energy", "plain_titles")
_NAMED = ("boards", "waiting", "search", "notices", "queue", "account_login", "account_signup")
_RESOURCES = "/resources/"
_OF_THE_SITE = ("SITE_NAME", "EXIT_URL", "SIGN_UP", "MAIL_TO_FILES")


def stencils(template: str, *, kept: int = 100) -> Stencils:
    """For a whole page of members that extends base.html. It is rendered without a request, whose page it is not."""
    return Stencils(lambda context: render_to_string(template, _whole(context)), kept=kept)


def page(
    request: MemberRequest, made: Stencils, shape: Mapping[str, Hashable], values: Mapping[str, Any]
) -> HttpResponse:
    """The page for this member. Messages are not shown: where there are any, the template is rendered as ever."""
    return HttpResponse(made.fill({**shape, **_shape(request.user, request.path)}, {**values, **given(request)}))


def finished_page(
    request: MemberRequest,
    kept: Finished,
    made_from: Hashable,
    values: Values,
    make: Callable[[Mapping[str, Hashable], Values], str],
) -> HttpResponse:
    """The same from a page that is kept: `make` tells it from the shape of the frame, and from `values`, which those
    of the frame are part of (`given`).

    made_from: whatever it tells besides.
    """
    shape = _shape(request.user, request.path)
    return PiecesResponse(kept.fill((made_from, *shape.values()), values, lambda marked: make(shape, marked)))


def marked_place(path: str) -> str:
    """`path` where it is a page that the navigation marks as the one where one is; else ""."""
    return path if path == _RESOURCES or path in map(fixed, _NAMED) else ""


def token(request: ReaderRequest) -> str:
    """Against forged requests; one for all forms of a page."""
    made: str | None = getattr(request, "page_token", None)
    if made is None:
        made = request.page_token = page_token(request)  # type: ignore[attr-defined]
    return made


def _shape(member: Member, path: str) -> dict[str, Hashable]:
    return {
        **{f"user_{name}": getattr(member, name) for name in (*ROLES, *_LIKES)},
        "has_news": notifications.access.has_news(member),
        "here": marked_place(path),
        **{name: getattr(settings, name) for name in _OF_THE_SITE},
        "DEBUG_PAGES": settings.DEBUG,
    }


def given(request: MemberRequest) -> dict[str, Any]:
    """What is its reader's alone in the frame of a page, and in its forms."""
    return {
        "user_name": request.user.shown_name,
        "user_avatar": request.user.avatar,
        "full_path": request.get_full_path(),
        "csrf_token": token(request),
        "writer": unsent.writer_of(request),
    }


def _whole(context: Mapping[str, Any]) -> dict[str, Any]:
    """What base.html and context processors make of a request, from shape and values alone."""
    user = SimpleNamespace(
        is_authenticated=True,
        shown_name=context["user_name"],
        avatar=context["user_avatar"],
        **{name: context[f"user_{name}"] for name in (*ROLES, *_LIKES)},
    )
    request = SimpleNamespace(path=context["here"], user=user, get_full_path=context["full_path"])
    writer = unsent.field_of(context["writer"])
    return {**context, "user": user, "request": request, "messages": (), "writer_field": writer,
            "MAIL_DIR": settings.MAIL_DIR}  # fmt: skip
