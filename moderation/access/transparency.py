"""What anybody may know of moderation: by quarter, without anything that points at a person.

Only quarters that are over, so that nothing is told by comparing two days. Figures from 1 to 4 are shown as
"< 5". Where that hides figures of a group that add up to less than 10, or a single one, the next smallest are withheld
too: the others and a total from elsewhere would tell them. No totals are shown; where two groups count the same, one
of them is withheld if it told too much of the other.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncQuarter
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from core import clocks
from moderation.models import Appeal, Case, Decision, Flag, Priority, Sanction, SanctionKind, Source

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

QUARTERS = 4
KEPT_SECONDS = 3600
SMALL = 5
HIDDEN_SUM = 10
BELOW = "< 5"
WITHHELD = "·"
_OF_CASES: "Sequence[tuple[str, Mapping[Any, Any]]]" = (
    ("priority", dict(Priority.choices)),
    ("source", dict(Source.choices)),
)


@dataclass(frozen=True, slots=True)
class Quarter:
    start: dt.date
    end: dt.date

    @property
    def label(self) -> str:
        return f"{self.start.year} Q{(self.start.month + 2) // 3}"


@dataclass(frozen=True, slots=True)
class Group:
    """Some counts that belong together; `rows` has one text for each quarter."""

    title: "StrPromise | str"
    rows: Sequence[tuple[str, Sequence[str]]]


def quarters(now: dt.datetime | None = None) -> list[Quarter]:
    """The last four quarters that are over, the oldest first, in the site's time zone."""
    today = (now or timezone.now()).astimezone(timezone.get_default_timezone()).date()
    end = dt.date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    found: list[Quarter] = []
    for _back in range(QUARTERS):
        before = end - dt.timedelta(days=1)
        start = dt.date(before.year, 3 * ((before.month - 1) // 3) + 1, 1)
        found.insert(0, Quarter(start, end))
        end = start
    return found


def shown() -> list[Group]:
    """The groups of the last quarters, for a public page: counted once an hour, however many people look."""
    periods = quarters()
    key = f"transparency:{periods[-1].start}:{get_language()}"
    try:
        kept = cache.get(key)
        if kept is None:
            kept = [(str(group.title), group.rows) for group in groups(periods)]
            cache.set(key, kept, KEPT_SECONDS)
    except (RedisError, OSError):
        return groups(periods)
    return [Group(title, rows) for title, rows in kept]


def groups(periods: Sequence[Quarter]) -> list[Group]:
    """Seven queries, each bounded by the quarters."""
    since, until = _instant(periods[0].start), _instant(periods[-1].end)

    def group(title: "StrPromise", rows: "QuerySet[Any, Any]", when: str, by: str, names: Mapping[Any, Any]) -> Group:
        within = rows.filter(**{f"{when}__gte": since, f"{when}__lt": until})
        columns = _columns(_counted(within, when, by), periods, names)
        return Group(title, _rows([without_small(column) for column in columns], names))

    def cases() -> list[Group]:
        """The same cases, told apart in two ways."""
        within = Case.objects.filter(opened_at__gte=since, opened_at__lt=until)
        columns = [_columns(_counted(within, "opened_at", by), periods, names) for by, names in _OF_CASES]
        shown = [apart(*pair) for pair in zip(*columns, strict=True)]
        titles = (_("Cases, by what is at stake"), _("Cases, by what brought them"))
        return [
            Group(title, _rows([pair[place] for pair in shown], _OF_CASES[place][1]))
            for place, title in enumerate(titles)
        ]

    restrictions = Decision.objects.exclude(statement="")
    return [
        group(_("Reports"), Flag.objects.all(), "created_at", "reason", dict(Flag.Reason.choices)),
        *cases(),
        group(
            _("Decisions that restricted nothing"),
            Decision.objects.filter(statement=""),
            "decided_at",
            "found_by_machine",
            {True: _("Noticed by screening"), False: _("Not noticed by screening")},
        ),
        group(
            _("Decisions that restricted something"),
            restrictions,
            "decided_at",
            "found_by_machine",
            {True: _("Noticed by screening, decided by a person"), False: _("Noticed and decided by people")},
        ),
        group(_("Limits on members"), Sanction.objects.all(), "starts_at", "kind", dict(SanctionKind.choices)),
        group(
            _("Appeals, by what became of them"),
            Appeal.objects.exclude(judged_at=None),
            "judged_at",
            "state",
            {state.value: state.label for state in Appeal.State if state != Appeal.State.OPEN},
        ),
    ]


def _instant(day: dt.date) -> dt.datetime:
    return clocks.instant(day, dt.time.min, timezone.get_default_timezone())


def _counted(rows: "QuerySet[Any, Any]", when: str, by: str) -> dict[tuple[dt.date, Any], int]:
    quarter = TruncQuarter(when, tzinfo=timezone.get_default_timezone())
    counted = rows.annotate(quarter=quarter).values_list("quarter", by).annotate(Count("pk")).order_by("quarter", by)
    return {(start.date(), key): count for start, key, count in counted}


def _columns(
    found: Mapping[tuple[dt.date, Any], int], periods: Sequence[Quarter], names: Mapping[Any, Any]
) -> list[list[int]]:
    return [[found.get((period.start, key), 0) for key in names] for period in periods]


def _rows(columns: Sequence[Sequence[str]], names: Mapping[Any, Any]) -> list[tuple[str, list[str]]]:
    return [(str(name), [column[row] for column in columns]) for row, name in enumerate(names.values())]


def without_small(counts: Sequence[int]) -> list[str]:
    """The counts of one group as they may be shown.

    Where any are hidden, what they add up to is no small figure either: the next smallest are withheld until it is not.
    """
    told = [BELOW if 0 < count < SMALL else str(count) for count in counts]
    hidden = [count for count in counts if 0 < count < SMALL]
    for place in sorted((place for place, count in enumerate(counts) if count >= SMALL), key=lambda at: counts[at]):
        if not hidden or (sum(hidden) >= HIDDEN_SUM and len(hidden) > 1):
            break
        told[place] = WITHHELD
        hidden.append(counts[place])
    return told


def apart(first: Sequence[int], second: Sequence[int]) -> tuple[list[str], list[str]]:
    """The counts of two groups that add up to the same, as both may be shown.

    A group that shows all its figures tells what those that the other hides add up to. Where that is little for so many
    of them, it is withheld as a whole.
    """
    told, also_told = without_small(first), without_small(second)
    if _could_be_worked_out(first, told):
        return told, _withheld(second)
    if _could_be_worked_out(second, also_told):
        return _withheld(first), also_told
    return told, also_told


def _could_be_worked_out(counts: Sequence[int], told: Sequence[str]) -> bool:
    hidden = [count for count, text in zip(counts, told, strict=True) if text in (BELOW, WITHHELD)]
    return bool(hidden) and sum(hidden) < SMALL * len(hidden)


def _withheld(counts: Sequence[int]) -> list[str]:
    return [WITHHELD if count else "0" for count in counts]
