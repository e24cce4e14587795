"""Noticing that a page was published with other words, whatever published it."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from wagtail.models import Revision

import notifications.services
from resources.models import ArticlePage, Edition, Saved
from resources.news_reading import SAVED_UPDATED

# Looked at in one go; after an outage the next run goes on.
AT_ONCE = 200
# What readers do not read of a version.
_NOT_READ = {"slug", "topic", "needs", "search_description", "go_live_at", "expire_at", "what_changed"}


def tell_of_new_words() -> int:
    """Tell those who saved a page that it has other words since; of how many pages they are told.

    A page that was published again with the same words is no news, nor is its first publication. Each page is a
    transaction of its own. Run twice, also at once, it tells once: whoever finds a row locked leaves it.
    """
    fresh = ArticlePage.objects.live().filter(live_revision__isnull=False, last_published_at__isnull=False)
    fresh = fresh.filter(Q(edition=None) | Q(last_published_at__gt=F("edition__published_at")))
    ids = list(fresh.order_by("last_published_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(map(_look_at, ids))


def note_words(page: ArticlePage) -> None:
    """Keep which words `page` has, so that whoever saves it now hears of other ones. Two queries where it is new."""
    if page.live_revision is not None and page.last_published_at is not None:
        now = {"digest": _digest(page.live_revision), "published_at": page.last_published_at}
        Edition.objects.get_or_create(page_id=page.pk, defaults=now)


@transaction.atomic
def _look_at(page_id: int) -> bool:
    page = ArticlePage.objects.filter(pk=page_id).select_related("live_revision").first()
    if page is None or page.live_revision is None or page.last_published_at is None:
        return False
    now = {"digest": _digest(page.live_revision), "published_at": page.last_published_at}
    _edition, is_first = Edition.objects.get_or_create(page_id=page_id, defaults=now)
    if is_first:
        return False
    before = Edition.objects.select_for_update(skip_locked=True).filter(page=page_id).first()
    if before is None or before.published_at >= now["published_at"]:
        return False
    Edition.objects.filter(page=page_id).update(**now)
    if before.digest == now["digest"] or not Saved.objects.filter(page=page_id).exists():
        return False
    notifications.services.record(kind=SAVED_UPDATED, target_id=page.live_revision_id, group_id=page_id)
    return True


def _digest(revision: Revision) -> str:
    content: dict[str, Any] = revision.content
    read = {name: _bare(content.get(name)) for name in _words_of(revision) if name not in _NOT_READ}
    return hashlib.sha256(json.dumps(read, sort_keys=True, default=str).encode()).hexdigest()


def _bare(value: Any) -> Any:
    """Without the marks of blocks, which may be others each time that a page is written."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if isinstance(value, list):
        return [_bare(one) for one in value]
    if isinstance(value, dict):
        return {name: _bare(one) for name, one in value.items() if name != "id"}
    return value


def _words_of(revision: Revision) -> tuple[str, ...]:
    model = revision.content_type.model_class()
    return tuple(getattr(model, "WORDS", ArticlePage.WORDS))
