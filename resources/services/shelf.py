"""Keeping ready what the site suggests by itself."""

import logging
from collections import Counter
from dataclasses import replace

from django.core.cache import cache
from redis.exceptions import RedisError

from resources.access import library
from resources.access.shelf import KEY, Suggestion, stems
from resources.models import Need, Topic

log = logging.getLogger(__name__)

# The latest checked. More would cost every thread that is read.
ON_SHELF = 150
# A worker that is away for a night leaves suggestions standing.
KEPT_SECONDS = 24 * 3600
# A word that so large a part of the pages has tells none of them from the others.
_COMMON = 0.25


def keep_shelf() -> int:
    """Put the latest checked pages on the shelf anew; of how many. One query."""
    latest = (
        library.suggested()
        .order_by("-reviewed_on", "-pk")
        .values_list("slug", "title", "summary", "topic", "needs", "content_type__model", "review_by")[:ON_SHELF]
    )
    found = [
        Suggestion(slug, title, model.removesuffix("page"), topic, review_by, _words(title, summary, topic, needs))
        for slug, title, summary, topic, needs, model, review_by in latest
    ]
    said = Counter(stem for one in found for stem in one.stems)
    common = {stem for stem, times in said.items() if times > max(2, _COMMON * len(found))}
    shelf = [replace(one, stems=one.stems - common) for one in found]
    try:
        cache.set(KEY, shelf, KEPT_SECONDS)
    except (RedisError, OSError):
        log.warning("The cache is away; suggestions stay as they are")
    return len(shelf)


def _words(title: str, summary: str, topic: str, needs: list[str]) -> frozenset[str]:
    told = " ".join(str(Need(need).label) for need in needs if need in Need)
    return stems(f"{title} {summary} {Topic(topic).label} {told}")
