"""How many cases wait, as moderators read it above the queue."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import JSONArray
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Member
from moderation.access.claims import open_for, waits_at
from moderation.models import Priority

# Beyond so many it says “100+”, so that what a look costs has a bound.
COUNTED = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """The cases of one class that wait, and those of them that are overdue; at most one more than are counted."""

    priority: Priority
    count: int
    overdue: int

    def __str__(self) -> str:
        said = {"label": self.priority.label, "count": _up_to(self.count), "overdue": _up_to(self.overdue)}
        if self.overdue:
            return _("%(label)s: %(count)s (%(overdue)s overdue)") % said
        return _("%(label)s: %(count)s") % said


def waiting_now(moderator: Member) -> list[Waiting]:
    """For each class in which something waits, the most urgent first. One query of at most 101 rows a class, each read
    from the head of the queue's index."""
    found = Member.objects.filter(pk=moderator.pk).values_list(waiting_column(moderator, timezone.now()), flat=True)
    return waiting_from(found.get())


def waiting_column(moderator: Member, now: dt.datetime) -> JSONArray:
    """In another query: of each class, for each of the cases whether it is overdue."""
    waits = open_for(moderator).filter(waits_at(now)).order_by("due_at", "id")
    overdue = waits.values(overdue=ExpressionWrapper(Q(due_at__lt=now), BooleanField()))
    return JSONArray(*(ArraySubquery(overdue.filter(priority=priority)[: COUNTED + 1]) for priority in Priority))


def waiting_from(found: Sequence[Sequence[bool]]) -> list[Waiting]:
    classes = zip(Priority, found, strict=True)
    return [Waiting(priority, len(cases), sum(cases)) for priority, cases in classes if cases]


def waiting_in_words(waiting: list[Waiting]) -> str:
    """All classes together. No query."""
    count, overdue = sum(each.count for each in waiting), sum(each.overdue for each in waiting)
    if not count:
        return _("No case waits.")
    said = {"count": _up_to(count), "overdue": _up_to(overdue)}
    if overdue:
        sentence = ngettext(
            "%(count)s case waits, %(overdue)s overdue.", "%(count)s cases wait, %(overdue)s of them overdue.", count
        )
    else:
        sentence = ngettext("%(count)s case waits.", "%(count)s cases wait.", count)
    return sentence % said


def mark_of_waiting(waiting: list[Waiting]) -> str:
    """The same while the words about it are."""
    return "-".join(f"{each.priority}.{each.count}.{each.overdue}" for each in waiting)


def _up_to(count: int) -> str:
    return f"{COUNTED}+" if count > COUNTED else str(count)
