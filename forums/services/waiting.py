"""Handing out the threads that wait for a reply, and telling moderators whom nobody has answered for long (M3)."""

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

import moderation.access
import notifications.services
from core.together import Change, table
from forums import access
from forums.models import Thread, WaitingOffer
from forums.models.threads import ThreadQuerySet
from forums.news import WAITING_LONG
from forums.news_threads import YOURS_WAITS
from members.models import Member
from notifications.models import Event

# How long a thread is offered to one helper alone, counted from when they last looked at the list.
LEASE = dt.timedelta(minutes=10)
# Each failed attempt is a thread that another helper took at the same instant.
MOST_ATTEMPTS = 20
# Threads told of at a time; after an outage the next run goes on.
TOLD_AT_ONCE = 100
OFFERS_KEPT = dt.timedelta(days=1)


def offer(*, member: Member) -> dict[str, Any] | None:
    """The waiting thread that `member` is shown first, as a dict made of access.THREAD_ROW.

    The one that they were shown before, for another LEASE; or else the longest wait that is offered to nobody now.
    None when everything is on offer to others, or `member` may not write. Never waits for another helper, however
    many come at once. Two queries to go on with an offer, four and a transaction for a new one.
    """
    offered = access.offered_to(member)
    if offered is not None:
        WaitingOffer.objects.filter(thread=offered["id"], member=member).update(until=timezone.now() + LEASE)
        return offered
    # Whoever may not write now is not asked to.
    free = access.offerable_to(member).filter(~moderation.access.is_kept_from_posting(member, timezone.now()))
    return None if _take(free, member) is None else access.offered_to(member)


@transaction.atomic
def offer_another(*, member: Member) -> bool:
    """Pass on to the next longest wait, from the last one back to the first; the one that was passed is free again.

    Says whether there was another one; if not, the offer stays.
    """
    latest = WaitingOffer.objects.filter(member=member).order_by("-until", "-thread_id").values("thread_id")[:1]
    passed = Thread.objects.only("pk", "created_at").filter(pk=Subquery(latest)).first()
    free = access.offerable_to(member)
    if passed is None:
        return _take(free, member) is not None
    free = free.exclude(pk=passed.pk)
    later = Q(created_at__gt=passed.created_at) | Q(created_at=passed.created_at, pk__gt=passed.pk)
    taken = _take(free.filter(later), member) or _take(free, member)
    if taken is not None:
        _let_go(member, but=taken)
    return taken is not None


@transaction.atomic
def _take(threads: ThreadQuerySet, member: Member) -> int | None:
    """Lease the longest wait among `threads`, passing over rows that somebody else holds at this instant."""
    candidates = threads.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("created_at", "id")
    for _attempt in range(MOST_ATTEMPTS):
        thread = candidates.only("pk").first()
        if thread is None:
            return None
        # Whoever was quicker may have let go of the row, with an offer that this snapshot does not know yet.
        if _lease(thread.pk, member):
            return thread.pk
    return None


def _lease(thread_id: int, member: Member) -> bool:
    """Take the offer of a thread if it is free or its time is over. One query."""
    offers, now = connection.ops.quote_name(WaitingOffer._meta.db_table), timezone.now()  # noqa: SLF001 - public by Django's word
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {offers} AS offer (thread_id, member_id, until) VALUES (%s, %s, %s) "  # noqa: S608
            "ON CONFLICT (thread_id) DO UPDATE SET member_id = EXCLUDED.member_id, until = EXCLUDED.until "
            "WHERE offer.until <= %s OR offer.member_id = EXCLUDED.member_id RETURNING thread_id",
            [thread_id, member.pk, now + LEASE, now],
        )
        return cursor.fetchone() is not None


def _let_go(member: Member, *, but: int) -> None:
    """Give back every other offer. One that is locked is being taken over, and so given back already."""
    others = WaitingOffer.objects.select_for_update(skip_locked=True).filter(member=member).exclude(thread=but)
    WaitingOffer.objects.filter(pk__in=list(others.values_list("pk", flat=True)), member=member).delete()


def keep(*, member: Member, thread: Thread) -> bool:
    """Whoever writes a reply to the thread that they were offered keeps it meanwhile. One query at most."""
    if thread.answered_at is not None or thread.no_reply_needed:
        return False
    mine = WaitingOffer.objects.filter(thread=thread, member=member)
    return bool(mine.update(until=timezone.now() + LEASE))


def releasing(*, member: Member, thread: Thread) -> Change:
    """`member` has answered, even if a moderator reads it first: their next visit is offered the next thread."""
    released = f"DELETE FROM {table(WaitingOffer)} WHERE thread_id = %s AND member_id = %s"  # noqa: S608 - a table of ours
    return Change(released, [thread.pk, member.pk])


def tell_long_waits() -> int:
    """Tell moderators, once a thread, who has waited longer than access.LONG_WAIT, and the author that they know; how
    many threads it told of.

    Bounded by TOLD_AT_ONCE, the longest wait first. Run twice, also at once, it tells once: the outbox knows.
    """
    told = Event.objects.filter(kind=WAITING_LONG.key, target_id=OuterRef("pk"))
    waiting = access.unheard_threads().filter(~Exists(told), created_at__lte=timezone.now() - access.LONG_WAIT)
    threads = list(waiting.order_by("created_at", "id").values_list("pk", "board_id")[:TOLD_AT_ONCE])
    for thread_id, board_id in threads:
        with transaction.atomic():
            notifications.services.record(kind=WAITING_LONG, target_id=thread_id, group_id=board_id)
            notifications.services.record(kind=YOURS_WAITS, target_id=thread_id)
    return len(threads)


def forget_old_offers() -> int:
    """Take away offers that ended long ago. Says how many."""
    return WaitingOffer.objects.filter(until__lt=timezone.now() - OFFERS_KEPT).delete()[0]
