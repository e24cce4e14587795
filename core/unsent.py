"""Words typed in a form whose session had ended, kept until the person has signed in again.

The form's own address answers GET with the empty form and POST with the deed, so that after signing in
the browser comes back to it by GET and finds the words in place, not yet sent.

Such a form carries the field `hidden_field`, which says whose it is without naming them, so that on a shared
device the words go to nobody else.
"""

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.html import format_html
from django.utils.safestring import SafeString

WRITER = "writer"
_KEY = "unsent"
# A draft of the longest kind with the fields around it.
_MAX_CHARACTERS = 42_000
_KEPT_SECONDS = 30 * 60
_NEVER_KEPT = ("csrfmiddlewaretoken", "password")  # as a part of the field's name: there is an “oldpassword”, too


def keeps_words[View: Callable[..., object]](view: View) -> View:
    """Marks a view whose address shows the form again by GET, with the words that `take` gives."""
    view.keeps_words = True  # type: ignore[attr-defined]
    return view


def writer_of(request: HttpRequest) -> str:
    """Whoever is signed in, as a mark that tells nobody who they are; "" for visitors. The same in all their forms."""
    user = getattr(request, "user", None)
    if user is None or user.pk is None:
        return ""
    return salted_hmac("core.unsent", str(user.pk), algorithm="sha256").hexdigest()[:32]


def hidden_field(request: HttpRequest) -> SafeString:
    """For every form whose view `keeps_words`; `{{ writer_field }}` in templates."""
    return field_of(writer_of(request))


def field_of(writer: str) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', WRITER, writer)


def is_by_another(request: HttpRequest) -> bool:
    """Whether the posted form was opened by somebody else than the one who is signed in now."""
    writer = request.POST.get(WRITER, "")
    return bool(writer) and not constant_time_compare(writer, writer_of(request))


def stash(request: HttpRequest) -> None:
    """Keep the posted fields in the visitor's session. Costs one session write; drops what is absurdly long."""
    posted = {
        name: values
        for name, values in request.POST.lists()
        if name != WRITER and not any(secret in name for secret in _NEVER_KEPT)
    }
    # Several values under one name are boxes that were ticked, and a form wants them back as a list.
    fields = {name: values if len(values) > 1 else values[0] for name, values in posted.items() if values}
    if sum(len(value) for values in posted.values() for value in values) <= _MAX_CHARACTERS:
        request.session[_KEY] = {
            "path": request.path,
            "fields": fields,
            "at": time.time(),
            "writer": request.POST.get(WRITER, ""),
        }


def take(request: HttpRequest, *, sent_to: str | None = None) -> dict[str, Any]:
    """The fields that were sent to this page, or to the address `sent_to`, once; an empty dict when there are none.

    Words of somebody else, and words that waited for too long, are dropped, whatever page asks.
    """
    kept = request.session.get(_KEY)
    if not kept:
        return {}
    if time.time() - kept["at"] >= _KEPT_SECONDS or not _may_have(request, kept.get("writer", "")):
        del request.session[_KEY]
        return {}
    if kept["path"] != (sent_to or request.path):
        return {}
    del request.session[_KEY]
    fields: dict[str, Any] = kept["fields"]
    return fields


def _may_have(request: HttpRequest, writer: str) -> bool:
    """A form that does not say whose it is was opened by nobody who was signed in: whoever signs in next has it."""
    return not writer or constant_time_compare(writer, writer_of(request))
