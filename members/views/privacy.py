"""What is kept about people, for everybody to read."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members import consents, retention
from members.requests import ReaderRequest

# What everybody asks about comes first; the rest in the order of the list.
_FIRST = ("account", "last-day", "addresses", "sessions", "devices", "consents", "boundaries")


def _place(term: retention.Term) -> int:
    return _FIRST.index(term.key) if term.key in _FIRST else len(_FIRST)


@require_safe
@login_not_required
def privacy(request: ReaderRequest) -> HttpResponse:
    """From the list by which things are deleted. Asks the database nothing."""
    context = {
        "terms": sorted(retention.terms(), key=_place),
        "asked": consents.asked(),
        "contact": settings.CONTACT_EMAIL,
        "mail_provider": settings.MAIL_PROVIDER.replace("_", " ").title(),
        "session_weeks": settings.SESSION_COOKIE_AGE // (7 * 24 * 3600),
    }
    return render(request, "members/privacy.html", context)
