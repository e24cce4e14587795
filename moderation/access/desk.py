"""The whole page of the queue in one query, and what an open page asks for every half minute in another."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.utils import timezone

from core.carried import Carried
from core.pagination import Page, page_of, rows_after, where_it_ended
from members.models import Member
from moderation.access.asked import STAND_IN, Asked, Asking, asking
from moderation.access.claims import cases_held_by
from moderation.access.queue import (
    CASE,
    NEWS_COUNTED,
    QUEUE_PAGE,
    Narrowing,
    Seen,
    Which,
    mark_of,
    narrowed,
    news_in_words,
    order_of,
    read_rows,
    row_columns,
)
from moderation.access.shifts import HANDOVERS_SHOWN, Load, handovers_for, hard_work_since, shifts_by
from moderation.access.waiting import Waiting, waiting_column, waiting_from
from moderation.models import Case, PendingDecision, Shift

HELD_SHOWN = 3
_SHIFT = Carried(Shift, "moderator__username", "seen_at", "ended_at", "paused_at", "handover")
_PENDING = Carried(PendingDecision, "action", "settles_at", "case__public_id", "case__subject_kind", "case__subject_id")


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of the queue, and what stands above it: who is there, what was handed over, what one holds and has
    decided just now.

    `is_due`: a decision should have taken effect by now. `my_shift`: their own, also where nobody counts on it.
    """

    page: Page[Case]
    rows: Sequence[dict[str, Any]]
    held: Sequence[dict[str, Any]]
    seen: Seen
    is_due: bool
    shifts: Sequence[Shift]
    my_shift: Shift | None
    handovers: Sequence[Shift]
    load: Load
    pending: Sequence[PendingDecision]
    waiting: list[Waiting]


def desk_of(moderator: Member, asked: Narrowing, cursor: str | None) -> Desk:
    """One query, whatever there is."""
    after = _after(asked, cursor)
    found = _desk(asked, is_first=after is None).found(_asking(moderator, after)) or {}
    cases = CASE.with_more(found["page"])
    page = page_of([case for case, _more in cases], order_of(asked), QUEUE_PAGE, is_first=after is None)
    shifts = _SHIFT.objects(found["shifts"])
    # What one holds stands above, once.
    held = [] if asked.which == Which.MINE else CASE.with_more(found["held"])
    above = {case.pk for case, _more in held}
    return Desk(
        page=page,
        rows=read_rows(moderator, [row for row in cases[:QUEUE_PAGE] if row[0].pk not in above]),
        held=read_rows(moderator, held),
        seen=Seen(found["newest"] or 0, mark_of(page.items)),
        is_due=found["is_due"],
        shifts=shifts,
        my_shift=next((shift for shift in shifts if shift.moderator_id == moderator.pk), None),
        handovers=_SHIFT.objects(found["handovers"]),
        load=Load(len({*found["decided"], *found["steps"]})),
        pending=_PENDING.objects(found["pending"]),
        waiting=waiting_from(found["waiting"]),
    )


def queue(moderator: Member, asked: Narrowing, cursor: str | None) -> Page[Case]:
    """The page alone. One query."""
    return desk_of(moderator, asked, cursor).page


def news_since(moderator: Member, asked: Narrowing, cursor: str | None, seen: Seen) -> tuple[str, list[Waiting]]:
    """A sentence for a page that was left open, or "" when it still is as it was; and what waits now. One query."""
    after = _after(asked, cursor)
    found = _news(asked, is_first=after is None).found(_asking(moderator, after, newest=seen.newest)) or {}
    changed = mark_of(CASE.objects(found["page"])) != seen.mark
    return news_in_words(len(found["arrived"]), changed=changed), waiting_from(found["waiting"])


def _after(asked: Narrowing, cursor: str | None) -> tuple[Any, ...] | None:
    after = where_it_ended(Case.objects.all(), order_of(asked), cursor)
    return tuple(after) if after else None


def _asking(moderator: Member, after: tuple[Any, ...] | None, newest: int = 0) -> Asking:
    return asking(moderator, timezone.now(), after=after, newest=newest)


@functools.cache
def _desk(asked: Narrowing, *, is_first: bool) -> Asked:
    return Asked(lambda: _one_row(_desk_columns(asked, is_first=is_first)), always="member")


@functools.cache
def _news(asked: Narrowing, *, is_first: bool) -> Asked:
    return Asked(lambda: _one_row(_news_columns(asked, is_first=is_first)), always="member")


def _one_row(columns: Mapping[str, Combinable]) -> QuerySet[Any, Any]:
    return Member.objects.filter(pk=STAND_IN.member.pk).values_list(JSONObject(**columns))


def _desk_columns(asked: Narrowing, *, is_first: bool) -> Mapping[str, Combinable]:
    moderator, clock = STAND_IN.member, STAND_IN.clock
    decided, steps = hard_work_since(moderator, clock.midnight)
    pending = PendingDecision.objects.filter(decider=moderator).order_by("-made_at", "-id")
    more = row_columns(moderator, clock.now)
    return {
        "page": CASE.all(_page(asked, is_first=is_first), *more, limit=QUEUE_PAGE + 1),
        "held": CASE.all(cases_held_by(moderator, clock.now), *more, limit=HELD_SHOWN),
        "newest": Subquery(Case.objects.order_by("-id").values("pk")[:1]),
        "is_due": Exists(PendingDecision.objects.filter(settles_at__lte=clock.now)),
        "shifts": _SHIFT.all(shifts_by(clock, also=moderator)),
        "handovers": _SHIFT.all(handovers_for(moderator), limit=HANDOVERS_SHOWN),
        "decided": ArraySubquery(decided.values("case")),
        "steps": ArraySubquery(steps.values("case")),
        "pending": _PENDING.all(pending),
        "waiting": waiting_column(moderator, clock.now),
    }


def _news_columns(asked: Narrowing, *, is_first: bool) -> Mapping[str, Combinable]:
    arrived = narrowed(STAND_IN.member, asked, STAND_IN.clock.now).filter(pk__gt=STAND_IN.newest).order_by()
    return {
        "page": CASE.all(_page(asked, is_first=is_first), limit=QUEUE_PAGE),
        "arrived": ArraySubquery(arrived.values("pk")[:NEWS_COUNTED]),
        "waiting": waiting_column(STAND_IN.member, STAND_IN.clock.now),
    }


def _page(asked: Narrowing, *, is_first: bool) -> QuerySet[Case]:
    cases = narrowed(STAND_IN.member, asked, STAND_IN.clock.now)
    return rows_after(cases, order_of(asked), None if is_first else STAND_IN.after)
