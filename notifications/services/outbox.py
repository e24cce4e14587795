"""From what happened to whose page it is on. Written with what happened; spread by a worker; found again by a sweep."""

import datetime as dt
import logging
import random
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from core import prepared
from core.together import Change, table
from members.models import Member
from notifications import access, kinds
from notifications.models import Channel, Delivery, Event, Notice, Sending

log = logging.getLogger(__name__)

# So many recipients are looked at in one transaction.
BATCH = 500
# How long somebody who spreads an event has for one batch, before a sweep takes it for abandoned. Also how long a sweep
# leaves alone what it has handed out, so that tasks do not pile up for workers that are away.
LEASE = dt.timedelta(minutes=5)
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=6)
# A worker from before an update does not know what pages from after it tell; one that knows it comes soon.
KNOWN_WITHIN = dt.timedelta(days=3)
# Nothing is put off for longer. What is, was put off by a clock that went wrong, and is due.
FARTHEST = dt.timedelta(hours=8)


class Batch(NamedTuple):
    """What one batch made: the ids of mails that wait, and whether somebody is left to be told."""

    mails: Sequence[int] = ()
    goes_on: bool = False


def record(*, kind: kinds.Kind, target_id: int, actor: Member | None = None, group_id: int | None = None) -> bool:
    """Write `kind` about `target_id` to the outbox, inside the caller's transaction. Says whether that is news.

    The same kind about the same target is one event, so a verb that runs twice tells once. The worker is
    nudged on commit; when the broker is away the minute's sweep finds the row. One query.
    """
    return bool(record_several(news=[kind], target_id=target_id, actor=actor, group_id=group_id))


def record_several(
    *, news: Sequence[kinds.Kind], target_id: int, actor: Member | None = None, group_id: int | None = None
) -> int:
    """The same for several kinds of news about one target; of how many it is news. One query for all of them."""
    asked = _recording("%s::bigint", "", news, actor, group_id, about=[target_id])
    made = [pk for (pk,) in prepared.ask(*asked).rows()]
    nudge_on_commit(made)
    return len(made)


def recording(
    made: type[Model], *, news: Sequence[kinds.Kind], actor: Member | None = None, group_id: int | None = None
) -> Change:
    """The same about a row that `core.together.make` makes. Gives the ids of the events, for `nudge_on_commit`."""
    target = f"{table(made)}.id"
    return Change(*_recording(target, f"{table(made)}, ", news, actor, group_id), name="recorded")


def nudge_on_commit(event_ids: Sequence[int]) -> None:
    from notifications.tasks import nudge

    if event_ids:
        transaction.on_commit(partial(nudge, event_ids))


def _recording(
    target: str,
    beside: str,
    news: Sequence[kinds.Kind],
    actor: Member | None,
    group_id: int | None,
    *,
    about: Sequence[int] = (),
) -> tuple[str, Sequence[Any]]:
    # Written at once and not looked for first: whoever waits here for the same news finds that it is told.
    sql = (
        f"INSERT INTO {table(Event)} (kind, target_id, actor_id, group_id) "  # noqa: S608 - names of ours
        f"SELECT kind, {target}, %s::bigint, %s::bigint FROM {beside}unnest(%s::text[]) AS kind "
        "ON CONFLICT (kind, target_id) DO NOTHING RETURNING id"
    )
    return sql, [*about, actor.pk if actor else None, group_id, [kind.key for kind in news]]


def expand(event: Event) -> list[int]:
    """All batches of `event`, one after the other; the ids of all mails that wait. For an event with few recipients."""
    mails: list[int] = []
    batch = Batch(goes_on=True)
    while batch.goes_on:
        batch = expand_batch(event.pk)
        mails += batch.mails
    return mails


@transaction.atomic
def expand_batch(event_id: int) -> Batch:
    """Make the notices and deliveries for the next of those whom the event concerns. Safe to run again, and at once.

    A batch is one transaction, which also says how far it got: whoever takes over from a dead worker goes on from
    there, and memory holds one batch. Five queries, and those of the audience. The audience is asked anew for each:
    who begins to follow behind the ids that were reached hears of the next event.

    Locks the event. Whoever finds it locked has nothing to do: somebody is spreading it.
    """
    rows = Event.objects.select_for_update(of=("self",), skip_locked=True)
    event = rows.filter(pk=event_id, expanded_at=None).first()
    if event is None:
        return Batch()
    kind = kinds.get(event.kind)
    if kind is None:
        log.warning("No app here knows the kind of news %s", event.kind)
        _leave_to_who_knows(event)
        return Batch()
    told, up_to = kind.audience(event, event.reached, BATCH)
    mails = _tell(event, kind, [pk for pk in told if pk != event.actor_id])
    _reach(event, up_to)
    return Batch(mails, goes_on=up_to is not None)


def _reach(event: Event, up_to: int | None) -> None:
    """An event that got on is no failing one, whatever was before."""
    now = timezone.now()
    changes = {"expanded_at": now} if up_to is None else {"reached": up_to, "due_at": now + LEASE, "attempts": 0}
    Event.objects.filter(pk=event.pk).update(**changes)


def _leave_to_who_knows(event: Event) -> None:
    """Only what nobody has known for days is of an app that is gone."""
    if timezone.now() - event.created_at < KNOWN_WITHIN:
        put_off(event.pk)
    else:
        _reach(event, None)


def _tell(event: Event, kind: kinds.Kind, recipients: Sequence[int]) -> list[int]:
    channels = access.channels_of(recipients, kind)
    told = [pk for pk in recipients if channels[pk] != Channel.NOTHING]
    if not told:
        return []
    rows = [
        Notice(event=event, recipient_id=pk, in_digest=channels[pk] == Channel.DIGEST, presses=kind.presses)
        for pk in told
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    by_mail = [pk for pk in told if channels[pk] == Channel.MAIL]
    return _deliver(event, by_mail) if by_mail else []


def _deliver(event: Event, recipients: Sequence[int]) -> list[int]:
    notices = list(Notice.objects.filter(event=event, recipient_id__in=recipients).values_list("pk", flat=True))
    Delivery.objects.bulk_create(
        [Delivery(notice_id=pk, channel=Delivery.Channel.EMAIL) for pk in notices], ignore_conflicts=True
    )
    waiting = Delivery.objects.filter(notice__in=notices, state=Sending.State.WAITING).order_by("pk")
    return list(waiting.values_list("pk", flat=True))


def put_off(event_id: int) -> None:
    """After an error: again in 1, 2, 4 … minutes, at most six hours, without an end. News is not lost."""
    attempts = Event.objects.filter(pk=event_id).values_list("attempts", flat=True).first() or 0
    pause = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
    due_at = timezone.now() + pause * random.uniform(1, 1.25)  # noqa: S311 - nothing secret
    attempts = min(attempts + 1, 1000)
    Event.objects.filter(pk=event_id, expanded_at=None).update(attempts=attempts, due_at=due_at)


def due_events(*, before: dt.datetime, limit: int) -> list[int]:
    """Ids of events that nobody has spread and that were due `before`; each is not named again for a while."""
    now = timezone.now()
    due = Event.objects.filter(Q(due_at__lt=before) | Q(due_at__gt=now + FARTHEST), expanded_at=None)
    ids = list(due.order_by("due_at", "id").values_list("pk", flat=True)[:limit])
    Event.objects.filter(pk__in=ids, expanded_at=None).update(due_at=now + LEASE)
    return ids
