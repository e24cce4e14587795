"""Planning gatherings, and opening and closing their threads when it is time."""

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from core import pace
from forums import access
from forums.models import TITLE_MAX, Gathering, Occurrence, SupportType, Thread, Visibility
from forums.services import posts, telling
from members.models import Member
from moderation.services import audit

log = logging.getLogger(__name__)

CLOSE_LIMIT = 200
DAY_SECONDS = 24 * 3600


# --- planning


@transaction.atomic
def create_gathering(*, actor: Member, values: Mapping[str, Any]) -> Gathering:
    """A new plan; it opens first at the next time that it names. `values`: those of access.GATHERING_FIELDS."""
    gathering = Gathering(**values)
    gathering.starts_on = _begins(gathering, None)
    gathering.save()
    audit.record(
        actor=actor, verb="gathering-create", gathering=gathering.pk, values=access.gathering_values(gathering)
    )
    return gathering


@transaction.atomic
def change_gathering(*, actor: Member, gathering: Gathering, version: str, values: Mapping[str, Any]) -> bool:
    """Give the plan these values; say whether any was another one. Locks its row.

    Where the clock is changed, it opens first at the next time that the new one names, and never twice a day.
    Threads that are open close when they were to close.

    Raises:
        ChangedMeanwhileError: it no longer has the values that `version` stands for.
    """
    locked, opened_for = access.lock_gathering(gathering.pk)
    before = access.gathering_values(locked)
    if access.version_of(before) != version:
        raise access.ChangedMeanwhileError
    for name, value in values.items():
        setattr(locked, name, value)
    changed = access.changed_values(before, access.gathering_values(locked))
    if not changed:
        return False
    if not changed.keys().isdisjoint(access.CLOCK_FIELDS):
        locked.starts_on = _begins(locked, opened_for)
    locked.save()
    audit.record(actor=actor, verb="gathering-change", gathering=locked.pk, changes=changed)
    return True


@transaction.atomic
def set_active(*, actor: Member, gathering: Gathering, active: bool) -> bool:
    """Pause or resume; say whether that changed anything. What was passed over meanwhile stays passed over."""
    locked, opened_for = access.lock_gathering(gathering.pk)
    if locked.is_active == active:
        return False
    locked.is_active = active
    if active:
        locked.starts_on = _begins(locked, opened_for)
    locked.save(update_fields=["is_active", "starts_on"])
    verb = "gathering-resume" if active else "gathering-pause"
    audit.record(actor=actor, verb=verb, gathering=locked.pk, title=locked.title)
    return True


def _begins(gathering: Gathering, opened_for: dt.date | None) -> dt.date:
    """The day of the next time that the plan names, so that it does not open at once for an hour just past."""
    if (clock := access.clock_of(gathering)) is None:
        return timezone.localdate()
    after = opened_for + dt.timedelta(days=1) if opened_for else dt.date.min
    return next(clock.upcoming(timezone.now(), first_day=after)).day


# --- opening


def open_due(now: dt.datetime | None = None) -> int:
    """Open what is due; say how many were opened. One query, and a transaction for each that opens.

    Two at the same instant open each once. What cannot be opened is logged and keeps no other from opening.
    """
    now = now or timezone.now()
    return sum(_try_to_open(gathering, opened_for, now) for gathering, opened_for in access.active_gatherings())


def _try_to_open(gathering: Gathering, opened_for: dt.date | None, now: dt.datetime) -> bool:
    try:
        if reason := access.gathering_problem(gathering):
            _warn(gathering, reason)
            return False
        return access.occasion_due(gathering, opened_for, now) is not None and _open(gathering, now)
    except access.CannotPostError as error:
        _warn(gathering, str(error))
    except Exception:
        log.exception("Gathering %s was not opened", gathering.pk)
    return False


@transaction.atomic(durable=True)
def _open(gathering: Gathering, now: dt.datetime) -> bool:
    """Thread and occurrence stand or fall together. Locks the plan, so that the second of two finds it done."""
    locked, opened_for = access.lock_gathering(gathering.pk)
    if access.gathering_problem(locked) or (occasion := access.occasion_due(locked, opened_for, now)) is None:
        return False
    opening = posts.begin_thread(
        author=locked.host,
        board=locked.board,
        title=_title(locked, occasion.day),
        body=locked.body,
        support_type=SupportType(locked.support_type),
        no_reply_needed=True,
    )
    Occurrence.objects.create(
        gathering=locked, day=occasion.day, thread=opening.thread, closes_at=access.closing_time(locked, occasion)
    )
    if opening.visibility == Visibility.VISIBLE:
        telling.tell_of_gathering(opening.thread)
    return True


def _title(gathering: Gathering, day: dt.date) -> str:
    return f"{gathering.title}, {date_format(day, 'l j F')}"[:TITLE_MAX]


def _warn(gathering: Gathering, reason: str) -> None:
    """Once a day and not with every beat: the management page shows it all the time."""
    if pace.within("gathering-warning", gathering.pk, limit=1, seconds=DAY_SECONDS):
        log.warning("Gathering %s does not open: %s", gathering.pk, reason)


# --- closing


def close_due(now: dt.datetime | None = None) -> int:
    """Lock the threads whose time is over, the first CLOSE_LIMIT of them; say how many occurrences were closed."""
    now = now or timezone.now()
    over = Occurrence.objects.filter(closed_at=None, closes_at__lte=now).order_by("closes_at", "id")
    return sum(_try_to_close(pk, now) for pk in over.values_list("pk", flat=True)[:CLOSE_LIMIT])


def _try_to_close(pk: int, now: dt.datetime) -> bool:
    try:
        return _close(pk, now)
    except Exception:
        log.exception("The thread of occurrence %s was not closed", pk)
    return False


@transaction.atomic
def _close(pk: int, now: dt.datetime) -> bool:
    """Once: a thread that somebody opens again stays open. One that is locked or archived stays as it is."""
    won = Occurrence.objects.filter(pk=pk, closed_at=None).update(closed_at=now)
    if won:
        running = Thread.objects.filter(occurrence=pk, state__in=[Thread.State.OPEN, Thread.State.SLOW])
        running.update(state=Thread.State.LOCKED, slow_minutes=None, closing_asked_at=None)
    return bool(won)
