"""Words typed in a form whose session had ended, kept until the person has signed in again.

The form's own address answers GET with the empty form and POST with the deed, so that after signing in
the browser comes back to it by GET and finds the words in place, not yet sent.
"""

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

_KEY = "unsent"
_MAX_CHARACTERS = 40_000
_KEPT_SECONDS = 30 * 60
_NEVER_KEPT = ("csrfmiddlewaretoken", "password")  # as a part of the field's name: there is an “oldpassword”, too


def keeps_words[View: Callable[..., object]](view: View) -> View:
    """Marks a view whose address shows the form again by GET, with the words that `take` gives."""
    view.keeps_words = True  # type: ignore[attr-defined]
    return view


def stash(request: HttpRequest) -> None:
    """Keep the posted fields in the visitor's session. Costs one session write; drops what is absurdly long."""
    posted = {name: values for name, values in request.POST.lists() if not any(s in name for s in _NEVER_KEPT)}
    # Several values under one name are boxes that were ticked, and a form wants them back as a list.
    fields = {name: values if len(values) > 1 else values[0] for name, values in posted.items() if values}
    if sum(len(value) for values in posted.values() for value in values) <= _MAX_CHARACTERS:
        request.session[_KEY] = {"path": request.path, "fields": fields, "at": time.time()}


def take(request: HttpRequest, *, sent_to: str | None = None) -> dict[str, Any]:
    """The fields that were sent to this page, or to the address `sent_to`, once; an empty dict when there are none."""
    kept = request.session.get(_KEY)
    if not kept or kept["path"] != (sent_to or request.path):
        return {}
    del request.session[_KEY]
    # Whoever signs in late on a shared device is perhaps somebody else.
    fields: dict[str, Any] = kept["fields"] if time.time() - kept["at"] < _KEPT_SECONDS else {}
    return fields
