"""What people agree to when they join: the words that stood there, by version. Words that once stood there stay here.

A new version is asked of everybody before their next page (supportsite.middleware_members).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from members.models import Consent

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_FIRST = "2026-11"
# The newest stands last.
TEXTS: "Mapping[Consent.Kind, Mapping[str, StrPromise]]" = {
    Consent.Kind.AGE: {_FIRST: _("I am %(age)s or older.")},
    Consent.Kind.HEALTH: {
        _FIRST: _(
            "I agree that %(site)s keeps what I write here, also about my health, so that the people I write for can "
            "read it. Nobody else gets it, and nothing is sold. I can take this back at any time by leaving; my "
            "account and my words then go in the way that I choose."
        )
    },
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to say yes to, in the words of today."""

    kind: Consent.Kind
    version: str
    text: str


def asked() -> Sequence[Asked]:
    """What there is to say yes to today, each by itself. No query."""
    return [Asked(kind, version(kind), in_words(kind, version(kind))) for kind in Consent.Kind]


def version(kind: Consent.Kind) -> str:
    """Of today's words. The age that an operator set is part of what was said."""
    newest = list(TEXTS[kind])[-1]
    return f"{newest}/{settings.MINIMUM_AGE}" if kind is Consent.Kind.AGE else newest


def in_words(kind: Consent.Kind | str, version: str) -> str:
    """What stood there under this version; "" for one that nobody wrote."""
    name, _slash, age = version.partition("/")
    text = TEXTS[Consent.Kind(kind)].get(name, "")
    return str(text) % {"age": age or settings.MINIMUM_AGE, "site": settings.SITE_NAME} if text else ""


def current() -> str:
    """All of today's versions in one word, as `Member.agreed` keeps it."""
    return " ".join(version(kind) for kind in Consent.Kind)
