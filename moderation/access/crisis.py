"""The crisis steps of a case (T5): which were taken, which come next, and when."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from core.carried import Carried
from moderation.models import Case, CrisisStep, Priority, StaffMessage, Template

Step = CrisisStep.Step
# How long after a contact somebody looks in again.
FOLLOW_UP_DAY, FOLLOW_UP_WEEK = dt.timedelta(hours=24), dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Clock:
    """When the next step is due, and until when nobody has to think of it."""

    due_at: dt.datetime
    quiet_until: dt.datetime | None = None


def taken_in(case: Case) -> Mapping[Step, CrisisStep]:
    """The steps that were taken, in their order. Reads who took them. One query."""
    return {Step(row.step): row for row in case.steps.select_related("by").order_by("step")}


def is_under_way(case: Case) -> bool:
    """Whether somebody is being looked after: the steps were begun and are not closed. One query."""
    steps = set(case.steps.values_list("step", flat=True))
    return Step.CLAIMED in steps and Step.CLOSED not in steps


def next_steps(taken: Mapping[Step, CrisisStep]) -> Sequence[Step]:
    """What can be done next, what comes first in order first. Emergency services are called when that is needed, and
    the steps can be closed early, with a note that says why."""
    if Step.CLOSED in taken:
        return []
    if Step.CLAIMED not in taken:
        return [Step.CLAIMED]
    order = [Step.CONTACTED, Step.FOLLOW_UP_DAY, Step.FOLLOW_UP_WEEK]
    following = [step for step in order if step not in taken][:1]
    emergency = [Step.EMERGENCY] if Step.EMERGENCY not in taken else []
    return [*following, *emergency, Step.CLOSED]


def is_early_close(taken: Mapping[Step, CrisisStep], step: Step) -> bool:
    return step == Step.CLOSED and Step.FOLLOW_UP_WEEK not in taken


def clock_of(taken: Mapping[Step, CrisisStep], now: dt.datetime) -> Clock:
    """For a case whose last step is the last of `taken`."""
    soon = Clock(now + Priority.CRISIS.clock)
    if Step.CLOSED in taken or Step.CONTACTED not in taken or Step.FOLLOW_UP_WEEK in taken:
        return soon
    contacted = taken[Step.CONTACTED].at
    if Step.EMERGENCY in taken:
        contacted = max(contacted, taken[Step.EMERGENCY].at)
    if Step.FOLLOW_UP_DAY in taken:
        # A day that was looked in on late moves the week, so that the two never fall together.
        back = max(contacted + FOLLOW_UP_WEEK, taken[Step.FOLLOW_UP_DAY].at + FOLLOW_UP_DAY)
    else:
        back = contacted + FOLLOW_UP_DAY
    return Clock(back + Priority.CRISIS.clock, back) if back > now else soon


_STEP = Carried(CrisisStep, "step", "note", "at", "by__username")
_MESSAGE = Carried(StaffMessage, "text", "sent_at", "sent_by__username", "answer", "answered_at")


def crisis_columns() -> Mapping[str, Combinable]:
    """In a query about cases: what `crisis_context` needs."""
    return {
        "steps": _STEP.all(CrisisStep.objects.filter(case=OuterRef("pk")).order_by("step")),
        "messages": _MESSAGE.all(StaffMessage.objects.filter(case=OuterRef("pk")).order_by("id")),
    }


def crisis_context(found: Mapping[str, Any], templates: Mapping[str, Sequence[Template]]) -> dict[str, Any]:
    """For moderation/_crisis.html, with the templates by purpose. No query."""
    taken = {Step(row.step): row for row in _STEP.objects(found["steps"])}
    # Also without steps: an answer may have come after the case in which they were taken.
    messages_sent = _MESSAGE.objects(found["messages"])
    if not taken:
        return {"steps": [], "is_under_way": False, "messages_sent": messages_sent}
    following = next_steps(taken)
    return {
        "steps": _rows(taken, following),
        "next_steps": [(step.value, _button(step)) for step in following],
        "is_under_way": Step.CLOSED not in taken,
        "messages_sent": messages_sent,
        "contact_templates": templates.get(Template.Purpose.CONTACT, []),
        "aftercare_templates": templates.get(Template.Purpose.AFTERCARE, []),
    }


def _button(step: Step) -> str:
    if step == Step.CLOSED:
        return _("Close the steps")
    return _("Done: %(step)s") % {"step": step.label}


def _rows(taken: Mapping[Step, CrisisStep], following: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {"step": step.value, "label": step.label, "taken": taken.get(step), "is_next": step in following[:1]}
        for step in Step
    ]
