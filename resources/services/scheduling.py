"""Approved pages whose day has come, and published ones whose time is over."""

import logging
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from resources.models import ArticlePage

log = logging.getLogger(__name__)


def publish_due() -> int:
    """Publish what was approved for now or earlier; how many.

    Each in a transaction of its own: Wagtail takes a version off its list before the page is live, so a worker that
    died between the two would lose it. Run twice, also at once, each goes live once. One that fails stays for the
    next run and keeps nobody else waiting.
    """
    due = Revision.objects.filter(approved_go_live_at__lte=timezone.now()).order_by("approved_go_live_at", "pk")
    return _each(due.values_list("pk", flat=True), _publish)


def take_down_over() -> int:
    """Take down the pages whose time is over; how many."""
    over = Page.objects.live().filter(expire_at__lte=timezone.now()).order_by("expire_at", "pk")
    return _each(over.values_list("pk", flat=True), _take_down)


def _each(keys: Iterable[int], do: Callable[[int], bool]) -> int:
    done = 0
    for key in list(keys):
        try:
            done += do(key)
        except Exception:
            log.exception("Page or version %s was not changed at its time", key)
    return done


@transaction.atomic
def _publish(key: int) -> bool:
    _lock_page_of(Revision.objects.filter(pk=key).values_list("object_id", flat=True).first())
    revision = Revision.objects.select_for_update(of=("self",)).filter(pk=key).first()
    # Another worker was here first, or somebody has taken the approval back.
    if revision is None or revision.approved_go_live_at is None or revision.approved_go_live_at > timezone.now():
        return False
    revision.publish(log_action="wagtail.publish.scheduled")
    return True


def _lock_page_of(key: object) -> None:
    """The page before its version, as whoever retires it does: each would wait for the other otherwise."""
    ArticlePage.objects.select_for_update(of=("self",)).filter(pk=key).order_by("pk").values_list("pk").first()


@transaction.atomic
def _take_down(key: int) -> bool:
    _lock_page_of(key)
    page = Page.objects.select_for_update(of=("self",)).filter(pk=key, live=True, expire_at__lte=timezone.now()).first()
    if page is None:
        return False
    page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True
