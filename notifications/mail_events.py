"""What a mail provider calls to say: django-anymail has checked the secret, and put it into common terms."""

import hashlib
import re
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from notifications import reports, services
from notifications.models import Return

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_GONE = (RejectReason.INVALID, RejectReason.BOUNCED)


def take(sender: Any, event: AnymailTrackingEvent, esp_name: str, **_signal: Any) -> None:  # noqa: ARG001 - a signal's
    """Note what concerns an address. Everything else a provider may tell, such as who opened what, is not looked at."""
    kind, status = _meaning(event)
    if event.event_type == EventType.UNSUBSCRIBED:
        services.note_unsubscribed(address=event.recipient or "")
    elif kind is not None:
        services.note_event(address=event.recipient or "", kind=kind, status=status, mark=_mark(event, esp_name))


def _meaning(event: AnymailTrackingEvent) -> tuple[Return.Kind | None, str]:
    found = _STATUS.search(str(event.mta_response or ""))
    status = found[1] if found else ""
    if event.event_type == EventType.COMPLAINED or event.reject_reason == RejectReason.SPAM:
        return Return.Kind.COMPLAINT, ""
    if event.event_type not in (EventType.BOUNCED, EventType.REJECTED):
        return None, ""
    lasting = reports.is_lasting(status) if status else event.reject_reason in _GONE
    return Return.Kind.HARD if lasting else Return.Kind.SOFT, status


def _mark(event: AnymailTrackingEvent, esp_name: str) -> str:
    """Providers tell the same thing again where they had no answer."""
    told = (
        event.event_id
        or hashlib.sha256(
            f"{event.message_id}:{event.event_type}:{event.recipient}:{event.timestamp}".encode()
        ).hexdigest()
    )
    return f"{esp_name}:{told}"
