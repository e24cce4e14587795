"""The queue: which cases are in it, in which order, and what it shows of each."""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONArray
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.carried import Carried
from core.text import positive_int
from members.models import Member
from moderation import registry
from moderation.access.cases import name_of
from moderation.access.claims import (
    cases_held_by,
    is_held,
    left_column,
    offered_to,
    open_for,
    undecided,
    waits_at,
)
from moderation.models import Case, Flag, Priority, Signal, Source
from moderation.screening import ASKS_FOR_HELP, CLOSING_ASKED, READ_FIRST, SPAM
from moderation.wording import in_words

QUEUE_PAGE = 30
# Beyond so many new cases it says “many”, so that what a poll costs has a bound.
NEWS_COUNTED = 100
NOTICED_SHOWN = 3
# Signals that say something else about a text than what is in it.
_NOT_FOUND = {ASKS_FOR_HELP, CLOSING_ASKED, READ_FIRST}


class Which(models.TextChoices):
    """The moderators' views of the queue."""

    ALL = "", gettext_lazy("Everything")
    MINE = "mine", gettext_lazy("Mine")
    UNCLAIMED = "unclaimed", gettext_lazy("Unclaimed")
    OVERDUE = "overdue", gettext_lazy("Overdue")
    HANDED_OVER = "handed-over", gettext_lazy("Handed over")
    SECOND = "second", gettext_lazy("Second opinion wanted")
    LATER = "later", gettext_lazy("Follow-ups")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a moderator looks at."""

    which: Which = Which.ALL
    priority: Priority | None = None
    source: Source | None = None

    @property
    def asked(self) -> Mapping[str, str]:
        """As an address carries it."""
        given = {
            "show": self.which.value,
            "class": str(self.priority.value) if self.priority else "",
            "source": self.source.value if self.source else "",
        }
        return {name: value for name, value in given.items() if value}


def narrowing(asked: Mapping[str, str]) -> Narrowing:
    """What an address asks for; what it asks for in vain is left out."""
    priority = positive_int(asked.get("class"))
    which, source = asked.get("show", ""), asked.get("source", "")
    return Narrowing(
        Which(which) if which in Which.values else Which.ALL,
        Priority(priority) if priority in Priority.values else None,
        Source(source) if source in Source.values else None,
    )


def order_of(asked: Narrowing) -> list[str]:
    """The most urgent class first, the clock deciding inside it. Follow-ups stand in the order of their return."""
    return ["priority", "quiet_until" if asked.which == Which.LATER else "due_at", "id"]


def narrowed(moderator: Member, asked: Narrowing, now: dt.datetime | None = None) -> QuerySet[Case]:
    """The open cases of a view of the queue, in no order. Each has an index (see `Case`)."""
    cases = _which(moderator, asked.which, now or timezone.now())
    if asked.priority is not None:
        cases = cases.filter(priority=asked.priority)
    return cases.filter(source=asked.source) if asked.source is not None else cases


def _which(moderator: Member, which: Which, now: dt.datetime) -> QuerySet[Case]:
    if which == Which.MINE:
        return cases_held_by(moderator, now)
    if which == Which.UNCLAIMED:
        return offered_to(moderator, now)
    if which == Which.LATER:
        return open_for(moderator).filter(undecided(), quiet_until__gt=now)
    narrower = {
        Which.OVERDUE: Q(due_at__lt=now),
        Which.HANDED_OVER: Q(handed_over_at__isnull=False),
        Which.SECOND: Q(second_wanted_by__isnull=False),
    }
    return open_for(moderator).filter(waits_at(now), narrower.get(which, Q()))


# --- what changed since a page was shown ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """How far somebody has seen the queue: the newest case there was, and a mark of the rows they look at."""

    newest: int
    mark: str


def mark_of(cases: Sequence[Case]) -> str:
    """The same while nothing that the rows say has changed, but the time."""
    rows = [
        (
            case.pk,
            case.version,
            is_held(case) and case.claimed_by_id,
            bool(case.handed_over_at),
            case.second_wanted_by_id,
        )
        for case in cases
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:12]


def news_in_words(arrived: int, *, changed: bool) -> str:
    """For a page that was left open; "" when it still is as it was."""
    if arrived == NEWS_COUNTED:
        return _("Many new cases.")
    if arrived:
        return _("One new case.") if arrived == 1 else _("%(count)s new cases.") % {"count": arrived}
    return _("The queue has changed.") if changed else ""


# --- rows -------------------------------------------------------------------------------------------------------


CASE = Carried(
    Case, "public_id", "subject_kind", "author__username", "priority", "source", "due_at", "version", "lease_until",
    "quiet_until", "handed_over_at", "second_wanted_by__username", "claimed_by__username", "claimed_by__is_moderator",
    "claimed_by__is_active", "claimed_by__suspended_until",
)  # fmt: skip


def row_columns(moderator: Member, now: dt.datetime) -> Sequence[Combinable]:
    """In a query about cases: what stands behind CASE for `queue_row`."""
    reasons = Flag.objects.filter(case=OuterRef("pk")).order_by().values("reason").distinct()
    signals = Signal.objects.filter(case=OuterRef("pk")).order_by().values(found=JSONArray("kind", "rule")).distinct()
    return ArraySubquery(reasons), ArraySubquery(signals), registry.naming(), left_column(moderator, now)


def queue_rows(moderator: Member, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """What the queue shows of each case. One query."""
    now = timezone.now()
    about = Case.objects.filter(pk__in=[case.pk for case in cases])
    found = about.values_list("pk", CASE.row(*row_columns(moderator, now)))
    rows = dict(found)
    return read_rows(moderator, [CASE.one_with_more(rows[case.pk]) for case in cases if case.pk in rows])


def read_rows(moderator: Member, found: Iterable[tuple[Case, Sequence[Any]]]) -> list[dict[str, Any]]:
    """From cases, each with the values of `row_columns`. No query."""
    url, claim_url = _addresses("case"), _addresses("claim")
    rows = []
    for case, (reasons, noticed, naming, is_left) in found:
        signals = {(kind, rule) for kind, rule in noticed}
        named = registry.named(case.subject_kind, naming)
        kinds = {kind for kind, _rule in signals}
        names = {
            "url": url(case.public_id),
            "claim_url": claim_url(case.public_id),
            "title": named.title if named else "",
            "author_name": name_of(case, named),
            "may_be_spam": not is_left and looks_like_spam(case, moderator, reasons, kinds),
        }
        rows.append(_about(case, moderator, is_left=is_left) | _noticed(reasons, signals) | names)
    return rows


def _addresses(name: str) -> Callable[[UUID], str]:
    """As `reverse` gives them, which is asked once for all rows."""
    anyone = UUID(int=0)
    before, _any, after = reverse(name, args=[anyone]).partition(str(anyone))
    return lambda public_id: f"{before}{public_id}{after}"


def _about(case: Case, moderator: Member, *, is_left: bool) -> dict[str, Any]:
    now = timezone.now()
    held = is_held(case)
    return {
        "public_id": case.public_id,
        "priority": case.priority,
        "priority_label": Priority(case.priority).label,
        "due_at": case.due_at,
        "overdue": case.due_at < now,
        "quiet_until": case.quiet_until if case.quiet_until and case.quiet_until > now else None,
        "source": Source(case.source).label,
        "claimed_by": case.claimed_by.shown_name if held and case.claimed_by else "",
        "mine": held and case.claimed_by_id == moderator.pk,
        "lease_until": case.lease_until if held else None,
        "handed_over_at": case.handed_over_at,
        "second_wanted_by": case.second_wanted_by.shown_name if case.second_wanted_by else "",
        "may_claim": not held and not is_left and case.second_wanted_by_id != moderator.pk,
        "own_report": is_left,
    }


def _noticed(reasons: Collection[str], signals: set[tuple[str, str]]) -> dict[str, Any]:
    kinds = {kind for kind, _rule in signals}
    found = sorted({in_words(kind, rule) for kind, rule in signals if kind not in _NOT_FOUND})
    return {
        "reasons": sorted(str(Flag.Reason(reason).label) for reason in reasons),
        "noticed": found[:NOTICED_SHOWN],
        "noticed_more": len(found) > NOTICED_SHOWN,
        "read_first": READ_FIRST in kinds,
        "asks_to_close": CLOSING_ASKED in kinds,
        "asks_for_help": ASKS_FOR_HELP in kinds,
    }


def looks_like_spam(case: Case, moderator: Member, reasons: Collection[str], kinds: Collection[str]) -> bool:
    """Whether it may be decided together with others: of the least urgent class, called spam, and not a colleague's."""
    called_spam = Flag.Reason.SPAM in reasons or SPAM in kinds
    theirs = is_held(case) and case.claimed_by_id != moderator.pk
    return case.priority == Priority.OTHER and called_spam and not theirs and case.second_wanted_by_id != moderator.pk


def spam_among(moderator: Member, cases: Sequence[Case]) -> Sequence[Case]:
    """Those of the cases that may be decided together. Two queries."""
    ids = [case.pk for case in cases]
    flagged = Flag.objects.filter(case__in=ids, reason=Flag.Reason.SPAM).values_list("case_id", flat=True)
    noticed = Signal.objects.filter(case__in=ids, kind=SPAM).values_list("case_id", flat=True)
    called = {*flagged, *noticed}
    return [case for case in cases if looks_like_spam(case, moderator, {SPAM} if case.pk in called else set(), set())]
