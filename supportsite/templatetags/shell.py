"""What stands around every page, from stencils (core.stencils): most of it is the same for everybody."""

from types import SimpleNamespace
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.stencils import Stencils
from forums.shell import ROLES, marked_place

register = template.Library()


@register.simple_tag
def part(name: str) -> SafeString:
    """A template that says the same on every page."""
    return _PARTS.fill({"name": name}, {})


@register.simple_tag(takes_context=True)
def nav(context: template.Context) -> SafeString:
    """shell/nav.html for whoever is signed in, or for a visitor."""
    user: Any = context.get("user")
    request: Any = context.get("request")
    signed_in = bool(getattr(user, "is_authenticated", False))
    shape: dict[str, Any] = {
        "signed_in": signed_in,
        "here": marked_place(getattr(request, "path", "")),
        "has_news": signed_in and bool(context.get("has_news")),
        **{name: signed_in and bool(getattr(user, name)) for name in ROLES},
    }
    values = {
        "name": user.shown_name if signed_in else None,
        "avatar": user.avatar if signed_in else None,
        "csrf_token": str(context.get("csrf_token") or "") if signed_in else None,
    }
    return _NAV.fill(shape, values)


def _rendered_part(context: dict[str, Any]) -> str:
    return render_to_string(context["name"], {"EXIT_URL": settings.EXIT_URL, "SITE_NAME": settings.SITE_NAME})


def _rendered_nav(context: dict[str, Any]) -> str:
    user = SimpleNamespace(
        is_authenticated=context["signed_in"],
        shown_name=context["name"],
        avatar=context["avatar"],
        **{name: context[name] for name in ROLES},
    )
    request = SimpleNamespace(path=context["here"])
    return render_to_string("shell/nav.html", context | {"user": user, "request": request})


_PARTS, _NAV = Stencils(_rendered_part, kept=20), Stencils(_rendered_nav, kept=200)
