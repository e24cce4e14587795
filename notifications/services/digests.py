"""When digests are made: once a member and local day, by any number of workers at once, never late in a heap."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from members.models import Member
from notifications import access
from notifications.access import Pace
from notifications.models import Digest, Rhythm, Sending, Wishes

BATCH = 200
# More of them do not wait at a time: whatever is behind them stays in the database, where it costs nothing.
WAITING_AT_MOST = 5000
# A digest of the morning does not come at night. After an outage the next one comes at its hour instead.
LATEST = dt.timedelta(hours=6)
# The sweep takes it for lost only after the time that a full queue may need.
ON_ITS_WAY = dt.timedelta(minutes=15)
# A digest tells of so much at most, and the first one of so much.
LOOKS_BACK, FIRST_LOOKS_BACK = dt.timedelta(days=31), dt.timedelta(days=7)
# As long as the page that says what became of each mail looks back.
KEPT = dt.timedelta(days=90)
# Nothing is planned so far ahead. What is, was planned by a clock that went wrong.
FARTHEST = dt.timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Batch:
    """`looked_at`: how many members were due. `waiting`: the ids of digests to be sent."""

    looked_at: int
    waiting: Sequence[int]


@transaction.atomic
def make_due_digests(*, limit: int | None = None) -> Batch:
    """Make the digests of those who are due longest, and plan their next ones.

    Holds the members' wishes until the transaction ends and passes over those that somebody else holds, so that all
    workers together do each once. Some six queries, however many members there are.
    """
    now = timezone.now()
    due = _claim(now, limit or BATCH)
    planned = [wishes for wishes in due if access.is_planned(wishes.member, wishes, _at(wishes))]
    digests = [_digest(wishes, now) for wishes in planned]
    # There is one of this day already: its member moved, or changed the hour.
    Digest.objects.bulk_create(digests, ignore_conflicts=True)
    over = {digest.member_id for digest in digests if digest.is_goodbye}
    Wishes.objects.filter(member__in=over).update(next_digest_at=None, goodbye_at=now)
    _plan([wishes for wishes in due if wishes.pk not in over], now)
    waiting = Digest.objects.filter(
        member__in=[digest.member_id for digest in digests], day__in={digest.day for digest in digests},
        state=Sending.State.WAITING, began_at=None,
    )  # fmt: skip
    return Batch(len(due), list(waiting.values_list("pk", flat=True)))


def _claim(now: dt.datetime, limit: int) -> Sequence[Wishes]:
    """With their members, and with `told_until`: up to when the last digest told. One query."""
    sent = Digest.objects.filter(member=OuterRef("member"), state=Sending.State.SENT).order_by("-id")
    wishes = Wishes.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("member")
    due = wishes.filter(next_digest_at__lte=now).annotate(told_until=Subquery(sent.values("began_at")[:1]))
    return list(due.order_by("next_digest_at", "member")[:limit])


def _at(wishes: Wishes) -> dt.datetime:
    assert wishes.next_digest_at is not None  # noqa: S101 - those that are due have one
    return wishes.next_digest_at


def _digest(wishes: Wishes, now: dt.datetime) -> Digest:
    """Of the day that it was planned for, so that a late one leaves the next day to the next one."""
    digest = Digest(
        member=wishes.member,
        day=access.local_day(wishes.member, _at(wishes)),
        since=_since(getattr(wishes, "told_until", None), now),
        created_at=now,
        due_at=now + ON_ITS_WAY,
    )
    if now - _at(wishes) > LATEST:
        digest.state, digest.reason, digest.settled_at = Sending.State.SKIPPED, Sending.Reason.TOO_LATE, now
    else:
        digest.is_goodbye = access.pace_of(wishes.member, now) == Pace.GOODBYE
    return digest


def _since(told_until: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """However long ago the last one was, nobody is brought up to date with a year."""
    return max(told_until, now - LOOKS_BACK) if told_until else now - FIRST_LOOKS_BACK


def _plan(due: Iterable[Wishes], now: dt.datetime) -> None:
    """A query for each time that is named: most of a batch have the same."""
    times: Mapping[dt.datetime | None, list[int]] = defaultdict(list)
    for wishes in due:
        times[access.digest_after(wishes.member, wishes, now)].append(wishes.pk)
    for at, members in times.items():
        Wishes.objects.filter(member__in=members).update(next_digest_at=at)


def has_room_for_digests() -> bool:
    """Whether fewer wait to be sent than can leave within minutes. One query, bounded."""
    at_most: int = min(WAITING_AT_MOST, 2 * settings.MAILS_A_MINUTE)
    soon = timezone.now() + ON_ITS_WAY
    waiting = Digest.objects.filter(state=Sending.State.WAITING, due_at__lte=soon).order_by("due_at", "id")
    return len(waiting.values_list("pk")[:at_most]) < at_most


@transaction.atomic
def mend_digest_plans(*, limit: int = BATCH) -> int:
    """Plan anew what was planned for a time that cannot be. Says for how many. One query where nothing is wrong."""
    now = timezone.now()
    wishes = Wishes.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("member")
    lost = list(wishes.filter(next_digest_at__gt=now + FARTHEST).order_by("next_digest_at", "member")[:limit])
    _plan(lost, now)
    return len(lost)


def forget_old_digests(*, limit: int = 5000) -> int:
    """Take away what nobody is told of any more (`access.mails_of`), so many at a time. Says how many. Two queries."""
    old = Digest.objects.filter(settled_at__lt=timezone.now() - KEPT).order_by("settled_at", "id")
    return Digest.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]


@transaction.atomic
def resume_digest(*, member: Member) -> bool:
    """`member` was away for long: digests come as they chose again, also after a goodbye. Says whether they have any.

    Locks the wishes. Two queries.
    """
    wishes = Wishes.objects.select_for_update(no_key=True).filter(member=member).exclude(rhythm=Rhythm.OFF).first()
    if wishes is None:
        return False
    at = access.next_digest_at(member, wishes, timezone.now())
    Wishes.objects.filter(member=member).update(goodbye_at=None, next_digest_at=at)
    return True
