"""What waits to be told, for whoever runs the site. Numbers only: nothing here says whom it concerns."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from notifications.models import Delivery, Digest, Event, Sending

# Whether anything is late is asked every few seconds, so only so many are looked at: those that are due first.
LOOKED_AT = 1000
EVENTS, MAILS, DIGESTS = "events", "mails", "digests"
_SENDINGS = ((MAILS, Delivery), (DIGESTS, Digest))


@dataclass(frozen=True, slots=True)
class Waiting:
    """what: `EVENTS`, `MAILS` or `DIGESTS`; reason: why, in a word of `Sending.Reason`, "" where nothing holds them.
    oldest: how long ago the oldest began to wait; late: for how long something should have been done about one."""

    what: str
    reason: str
    count: int
    oldest: dt.timedelta
    late: dt.timedelta


def waiting() -> list[Waiting]:
    """All that waits, by what and why. Three queries; they read every waiting row, and of the others none."""
    now = timezone.now()
    totals = {"count": Count("pk"), "oldest": Min("created_at"), "due": Min("due_at")}
    rows = []
    events = Event.objects.filter(expanded_at=None).aggregate(**totals)
    if events["count"]:
        rows.append(_row(EVENTS, "", events, now))
    for what, model in _SENDINGS:
        found = model.objects.filter(state=Sending.State.WAITING).values("reason").annotate(**totals)
        rows += [_row(what, row["reason"], row, now) for row in found.order_by("reason")]
    return rows


def _row(what: str, reason: str, found: Mapping[str, Any], now: dt.datetime) -> Waiting:
    never = dt.timedelta()
    oldest = max(now - found["oldest"], never)
    late = max(now - found["due"], never)
    # What nothing holds is late from the beginning, however often it was put off.
    return Waiting(what, reason, found["count"], oldest, late if reason else max(late, oldest))


def is_late(limit: dt.timedelta) -> bool:
    """Whether anything has waited for longer than `limit` without need. Three queries, of bounded work."""
    before = timezone.now() - limit
    events = Event.objects.filter(expanded_at=None).order_by("due_at", "id").values("pk")[:LOOKED_AT]
    if Event.objects.filter(pk__in=events, created_at__lt=before).exists():
        return True
    return any(_is_late(model, before) for _what, model in _SENDINGS)


def _is_late(model: type[Sending], before: dt.datetime) -> bool:
    first = model.objects.filter(state=Sending.State.WAITING).order_by("due_at", "id").values("pk")[:LOOKED_AT]
    late = Q(due_at__lt=before) | Q(reason="", created_at__lt=before)
    return model.objects.filter(late, pk__in=first).exists()
