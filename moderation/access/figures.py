"""What moderation did, in numbers by week: for moderators, who plan their work by it. Each figure is one query."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Expression,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Least, TruncWeek
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core import clocks
from members.models import Member
from members.names import shown
from moderation.models import Appeal, Case, CrisisStep, Decision, Priority, Source

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

WEEKS = (4, 12, 26, 52)
# A claim that was left lying longer than this before a decision was not work on it.
LONGEST_WORK = dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Figure:
    """One table: a row a period, a column each of what is told apart.

    `stacks` says that a row's values add up. Where columns differ too much to be drawn side by side, `whole` has
    for each what 100 per cent of it is, and the bars are per cents.
    """

    key: str
    title: "StrPromise"
    about: "StrPromise"
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[float | None]]]
    stacks: bool = True
    whole: Sequence[float] = ()

    @property
    def is_empty(self) -> bool:
        return not any(value for _label, values in self.rows for value in values)


class _Percentile(Aggregate):
    """The value below which `fraction` of the rows lie; None of none."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Expression, *, fraction: float) -> None:
        super().__init__(expression, fraction=fraction)


class Weeks:
    """The last `count` weeks of the site's time zone up to now; the first one whole, the last one so far."""

    def __init__(self, count: int, now: dt.datetime | None = None) -> None:
        self.zone = timezone.get_default_timezone()
        today = (now or timezone.now()).astimezone(self.zone).date()
        this_monday = today - dt.timedelta(days=today.weekday())
        self.mondays = [this_monday - dt.timedelta(weeks=back) for back in reversed(range(count))]
        self.start = clocks.instant(self.mondays[0], dt.time.min, self.zone)

    def of(self, field: str) -> TruncWeek:
        return TruncWeek(field, tzinfo=self.zone)

    def rows(
        self, found: Mapping[tuple[dt.date, Any], float], columns: Iterable[Any], missing: float | None = 0
    ) -> list[tuple[str, list[float | None]]]:
        keys = list(columns)
        return [
            (date_format(monday, "j M Y"), [found.get((monday, key), missing) for key in keys])
            for monday in self.mondays
        ]


def figures(weeks: Weeks) -> list[Figure]:
    """At most nine queries, each bounded by the weeks that are asked for."""
    return [
        _by_class(weeks),
        _by_source(weeks),
        _by_rule(weeks),
        *_times(weeks, F("first_looked_at"), "look"),
        *_times(weeks, _first_decided(), "decision"),
        _within_clock(weeks),
        _appeals(weeks),
        _load(weeks),
    ]


def _counted(weeks: Weeks, rows: "QuerySet[Any, Any]", when: str, by: str) -> dict[tuple[dt.date, Any], float]:
    counted = rows.annotate(week=weeks.of(when)).values_list("week", by).annotate(Count("pk"))
    return {(week.date(), key): count for week, key, count in counted.order_by("week", by)}


def _by_class(weeks: Weeks) -> Figure:
    found = _counted(weeks, Case.objects.filter(opened_at__gte=weeks.start), "opened_at", "priority")
    labels = [str(label) for label in Priority.labels]
    return Figure("class", _("Cases by class"), _("Opened in the week."), labels, weeks.rows(found, Priority.values))


def _by_source(weeks: Weeks) -> Figure:
    found = _counted(weeks, Case.objects.filter(opened_at__gte=weeks.start), "opened_at", "source")
    labels = [str(label) for label in Source.labels]
    return Figure(
        "source", _("Cases by what brought them"), _("Opened in the week."), labels, weeks.rows(found, Source.values)
    )


def _by_rule(weeks: Weeks) -> Figure:
    restrictions = Decision.objects.filter(decided_at__gte=weeks.start).exclude(statement="")
    found = _counted(weeks, restrictions, "decided_at", "rule__title")
    titles = sorted({title for _week, title in found if title})
    about = _("Decisions of the week that restricted something, by the rule that they rest on.")
    return Figure("rule", _("Restrictions by rule"), about, titles, weeks.rows(found, titles))


_TIMES: "dict[str, tuple[StrPromise, StrPromise]]" = {
    "look": (_("Minutes to the first look: half of the cases"), _("Minutes to the first look: nine in ten")),
    "decision": (_("Minutes to the decision: half of the cases"), _("Minutes to the decision: nine in ten")),
}


def _times(weeks: Weeks, until: "F | Least", key: str) -> list[Figure]:
    took = ExpressionWrapper(F("reached") - F("opened_at"), output_field=DurationField())
    cases = Case.objects.filter(opened_at__gte=weeks.start).alias(reached=until).filter(reached__isnull=False)
    asked = (
        cases.annotate(week=weeks.of("opened_at"))
        .values_list("week", "priority")
        .annotate(middle=_Percentile(took, fraction=0.5), most=_Percentile(took, fraction=0.9))
        .order_by("week", "priority")
    )
    middle: dict[tuple[dt.date, Any], float] = {}
    most: dict[tuple[dt.date, Any], float] = {}
    for week, priority, half, nearly_all in asked:
        middle[week.date(), priority] = _minutes(half)
        most[week.date(), priority] = _minutes(nearly_all)
    about = _("They took no longer. Bars are in per cent of each class’s clock, which stands in brackets.")
    labels = [f"{label} ({_clock(Priority(value))})" for value, label in Priority.choices]
    whole = [_minutes(priority.clock) for priority in Priority]

    def figure(name: str, title: "StrPromise", found: Mapping[tuple[dt.date, Any], float]) -> Figure:
        rows = weeks.rows(found, Priority.values, None)
        return Figure(f"{key}-{name}", title, about, labels, rows, stacks=False, whole=whole)

    half_title, most_title = _TIMES[key]
    return [figure("median", half_title, middle), figure("90", most_title, most)]


def _first_decided() -> Least:
    """When something was first done about a case: it was decided, or somebody in danger was written to.

    A crisis stays open for a week of follow-ups, and a case that was opened again keeps its first decision.
    """
    decided = Decision.objects.filter(case=OuterRef("pk")).order_by("decided_at").values("decided_at")[:1]
    contacted = CrisisStep.objects.filter(case=OuterRef("pk"), step=CrisisStep.Step.CONTACTED).values("at")[:1]
    # Of nothing and something PostgreSQL's LEAST is the something.
    return Least(F("decided_at"), Subquery(decided), Subquery(contacted))


def _minutes(took: dt.timedelta) -> float:
    return round(took.total_seconds() / 60, 1)


def _clock(priority: Priority) -> str:
    minutes = int(priority.clock.total_seconds() // 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"


def _within_clock(weeks: Weeks) -> Figure:
    in_time = Q()
    for priority in Priority:
        in_time |= Q(priority=priority, first_looked_at__lte=F("opened_at") + priority.clock)
    asked = (
        Case.objects.filter(opened_at__gte=weeks.start)
        .annotate(week=weeks.of("opened_at"))
        .values_list("week", "priority")
        .annotate(all=Count("pk"), kept=Count("pk", filter=in_time))
        .order_by("week", "priority")
    )
    found = {(week.date(), priority): round(100 * kept / every) for week, priority, every, kept in asked}
    about = _("Per cent of the week’s cases that somebody looked at before their clock ran out.")
    labels = [str(label) for label in Priority.labels]
    rows = weeks.rows(found, Priority.values, None)
    return Figure("within-clock", _("Looked at in time"), about, labels, rows, stacks=False)


def _appeals(weeks: Weeks) -> Figure:
    judged = Appeal.objects.filter(judged_at__gte=weeks.start)
    found = _counted(weeks, judged, "judged_at", "state")
    states = [state for state in Appeal.State if state != Appeal.State.OPEN]
    labels = [str(state.label) for state in states]
    return Figure(
        "appeals", _("Appeals"), _("Judged in the week."), labels, weeks.rows(found, [state.value for state in states])
    )


_LOAD = """
WITH done AS (
    SELECT decider_id AS who, case_id, decided_at AS at FROM moderation_decision WHERE decided_at >= %(start)s
    UNION ALL
    SELECT by_id, case_id, at FROM moderation_crisisstep WHERE at >= %(start)s
), worked AS (
    SELECT done.who, done.case_id, work.began, max(done.at) AS ended
    FROM done
    JOIN moderation_case c ON c.id = done.case_id AND c.priority <= %(hard)s
    JOIN LATERAL (
        SELECT min(a.at) AS began FROM moderation_auditentry a
        WHERE a.actor_id = done.who AND a.verb = 'claim' AND a.at BETWEEN done.at - %(longest)s AND done.at
            AND a.details @> jsonb_build_object('case', done.case_id)
    ) work ON work.began IS NOT NULL
    GROUP BY 1, 2, 3
)
SELECT date_trunc('week', ended AT TIME ZONE %(zone)s)::date, who, sum(ended - began) FROM worked GROUP BY 1, 2
"""


def _load(weeks: Weeks) -> Figure:
    given: dict[str, Any] = {
        "zone": weeks.zone.key,
        "hard": Priority.DANGER,
        "longest": LONGEST_WORK,
        "start": weeks.start,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOAD, given)
        rows = cursor.fetchall()
    hours: dict[tuple[dt.date, Any], float] = defaultdict(float)
    for monday, moderator, worked in rows:
        hours[monday, moderator] = round(worked.total_seconds() / 3600, 2)
    ids = {moderator for _monday, moderator in hours}
    people = Member.objects.filter(pk__in=ids).values_list("pk", "username")
    names = {pk: shown(name) for pk, name in people}
    order = sorted(ids, key=lambda pk: names[pk])
    about = _(
        "Hours from claiming a case of the first two classes to deciding it or to the last crisis step, by moderator; "
        "at most two each time."
    )
    return Figure("load", _("Hours of hard cases"), about, [names[pk] for pk in order], weeks.rows(hours, order))
