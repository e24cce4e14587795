"""Telling curators which articles are to be reviewed."""

from django.db.models import Exists, OuterRef

import notifications.services
from notifications.models import Event
from resources.news import REVIEW_DUE, due_articles

# Told of at a time; after an outage the next run goes on.
AT_ONCE = 200
# All of them are one row among a curator's news.
_SHELF = 0


def tell_reviews_due() -> int:
    """Tell curators of articles whose date comes near, once for each time that they were published; of how many.

    Run twice, also at once, it tells once: the outbox knows.
    """
    told = Event.objects.filter(kind=REVIEW_DUE.key, target_id=OuterRef("live_revision"))
    due = due_articles().filter(~Exists(told), live_revision__isnull=False).order_by("review_by", "pk")
    revisions = list(due.values_list("live_revision", flat=True)[:AT_ONCE])
    for revision in revisions:
        notifications.services.record(kind=REVIEW_DUE, target_id=revision, group_id=_SHELF)
    return len(revisions)
