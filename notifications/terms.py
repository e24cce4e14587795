"""How long news are kept."""

import datetime as dt
import time

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.retention import Term, register
from notifications.models import Digest, Event, Notice, Return
from notifications.services import forget_old_digests
from notifications.services.digests import KEPT

READ_KEPT = dt.timedelta(days=90)
UNREAD_KEPT = dt.timedelta(days=365)
RETURNS_KEPT = dt.timedelta(days=180)
EVENTS_KEPT = dt.timedelta(days=400)
_SECONDS = 60


def _notices(now: dt.datetime) -> "QuerySet[Notice]":
    return Notice.objects.filter(Q(read_at__lt=now - READ_KEPT) | Q(created_at__lt=now - UNREAD_KEPT))


def _returns(now: dt.datetime) -> "QuerySet[Return]":
    return Return.objects.filter(at__lt=now - RETURNS_KEPT)


def _events(now: dt.datetime) -> "QuerySet[Event]":
    """Older than every notice of them, and spread long ago."""
    told = Notice.objects.filter(event=OuterRef("pk"))
    return Event.objects.filter(~Exists(told), created_at__lt=now - EVENTS_KEPT, expanded_at__isnull=False)


def _digests(now: dt.datetime) -> "QuerySet[Digest]":
    return Digest.objects.filter(settled_at__lt=now - KEPT)


def _forget_digests() -> int:
    """What is left when the time is up goes the next night."""
    began, gone = time.monotonic(), 0
    while time.monotonic() - began < _SECONDS and (some := forget_old_digests()):
        gone += some
    return gone


_ONLY_YOU = _("Only you.")

register(
    Term(
        key="news-choices",
        what=_("How you want to hear of things, quiet hours, and whether you are stepping back."),
        why=_("So that news reaches you as you like it."),
        how_long=_("Until you change it or leave."),
        seen_by=_ONLY_YOU,
        models=("notifications.Wishes", "notifications.Choice"),
    )
)
register(
    Term(
        key="notices",
        what=_("What you were told on the site, and whether a mail left."),
        why=_("So that you hear of it once, and can see why a mail came or did not."),
        how_long=_("90 days after you read it, a year in any case."),
        seen_by=_("You. The person who looks after the mails sees whether they left, not what they were about."),
        models=("notifications.Notice", "notifications.Delivery"),
        due=_notices,
    )
)
register(
    Term(
        key="digests",
        what=_("On which days you got a digest."),
        why=_("So that none comes twice."),
        how_long=_("90 days."),
        seen_by=_ONLY_YOU,
        models=("notifications.Digest",),
        due=_digests,
        end=_forget_digests,
    )
)
register(
    Term(
        key="returns",
        what=_("That a mail to you came back."),
        why=_("So that mails stop that nobody gets."),
        how_long=_("180 days."),
        seen_by=_("You, and the person who looks after the mails."),
        models=("notifications.Return",),
        due=_returns,
    )
)
register(
    Term(
        key="events",
        what=_("That something happened of which others are told, such as a reply."),
        why=_("So that everybody is told once, whatever breaks down in between."),
        how_long=_("400 days; after you left, without your name."),
        seen_by=_("Nobody. Programs use it."),
        models=("notifications.Event",),
        due=_events,
    )
)
