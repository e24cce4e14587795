"""Telling curators which articles are to be reviewed."""

from typing import Any

from django.db.models import Exists, OuterRef

import notifications.services
from notifications.kinds import Kind
from notifications.models import Event
from resources.news import REVIEW_DUE, REVIEW_OVER, due_articles, overdue_articles

# Told of at a time; after an outage the next run goes on.
AT_ONCE = 200
# All of them are one row among a curator's news.
_SHELF = 0


def tell_reviews_due() -> int:
    """Tell curators of articles whose date comes near, and again on the day, once for each time that they were
    published; of how many.

    Run twice, also at once, it tells once: the outbox knows. What an outage kept from them until the day itself is
    told once.
    """
    overdue = overdue_articles()
    return _tell(REVIEW_OVER, overdue) + _tell(REVIEW_DUE, due_articles().exclude(pk__in=overdue.values("pk")))


def _tell(kind: Kind, articles: Any) -> int:
    told = Event.objects.filter(kind=kind.key, target_id=OuterRef("live_revision"))
    due = articles.filter(~Exists(told), live_revision__isnull=False).order_by("review_by", "pk")
    revisions = list(due.values_list("live_revision", flat=True)[:AT_ONCE])
    for revision in revisions:
        notifications.services.record(kind=kind, target_id=revision, group_id=_SHELF)
    return len(revisions)
