"""What nobody needs any more goes."""

import datetime as dt
import logging
import time
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from members import retention
from members.retention import Term

log = logging.getLogger(__name__)

AT_ONCE = 500
# What is left then goes the next night, so that no kind keeps the others from their turn.
SECONDS_EACH = 20


def purge(*, dry_run: bool = False, now: dt.datetime | None = None) -> Mapping[str, int]:
    """Remove whatever is over, by the list of terms. Says of each how many; the log has these numbers and nothing else.

    In batches, each a transaction of its own. What goes wrong with one keeps none of the others back. `dry_run`
    removes nothing, and counts what would go; -1 where only doing it tells.

    Raises:
        ExceptionGroup: the errors that kept some from being removed.
    """
    now = now or timezone.now()
    gone: dict[str, int] = {}
    errors: list[Exception] = []
    for term in retention.terms():
        if term.due is None and term.end is None:
            continue
        try:
            gone[term.key] = _count(term, now) if dry_run else _end(term, now)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next one has nothing to do with it
            errors.append(error)
        else:
            log.info("purge %s: %s%s", term.key, gone[term.key], " (nothing was removed)" if dry_run else "")
    if errors:
        raise ExceptionGroup("Some of what is over could not be removed.", errors)
    return gone


def _count(term: Term, now: dt.datetime) -> int:
    return term.due(now).count() if term.due else -1


def _end(term: Term, now: dt.datetime) -> int:
    if term.end is not None or term.due is None:
        return term.end() if term.end else 0
    gone = 0
    began = time.monotonic()
    while time.monotonic() - began < SECONDS_EACH and (batch := _delete_some(term.due(now))):
        gone += batch
    return gone


@transaction.atomic
def _delete_some(over: "QuerySet[Any, Any]") -> int:
    locked = over.order_by("pk").select_for_update(skip_locked=True, of=("self",))
    keys = list(locked.values_list("pk", flat=True)[:AT_ONCE])
    over.model._default_manager.filter(pk__in=keys).delete()  # noqa: SLF001 - public by Django's word
    return len(keys)
