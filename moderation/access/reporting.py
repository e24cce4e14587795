"""What has to be known when somebody reports something: of them, of it, and of who is there. One query."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Model, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONArray, JSONObject
from django.utils import timezone

from core.carried import Carried
from members.models import Member
from moderation import registry
from moderation.access.asked import STAND_IN, Asked, asking
from moderation.access.reports import is_left_as_it_is
from moderation.access.sanctions import running_at
from moderation.access.shifts import shifts_by
from moderation.models import Case, Decision, Flag, Sanction, SanctionKind

# Of the reports that were judged, and of those that came in lately: what is looked at.
JUDGED_LOOKED_AT = 50
LATELY_LOOKED_AT = 10

_SANCTION = Carried(Sanction, "ends_at")
_FLAG = Carried(Flag, "reason", "note", "snapshot", "created_at", "case_id", "reporter_id")
_DECISION = Carried(Decision, "action", "snapshot", "case__priority", "case__state")


class Standing:
    """How a reporter and what they report stand, before anything is locked."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        # The sanction by which reporting was taken away from them; see `not_flagging`.
        self.taken = _SANCTION.object(found["taken"])
        # Whether any limit runs on their account.
        self.is_limited: bool = found["is_limited"]
        # Of their latest reports that were judged, how.
        self.judged: Sequence[str] = found["judged"]
        # What they reported in the case that is open.
        self.before = _FLAG.object(found["before"])
        # Of the reports in that case that came in lately, the newest first: reasons and words.
        self.lately: Sequence[Sequence[str]] = found["lately"]
        # Whether somebody looks after the queue, and does not pause.
        self.is_looked_after: bool = found["is_looked_after"]
        self._is_open: bool = found["is_open"]
        self._latest = _DECISION.object(found["latest"])

    def settled(self, subject: Model, *, snapshot: str, reason: Flag.Reason) -> Case | None:
        """As `left_as_it_is`."""
        if self._is_open or self._latest is None:
            return None
        return self._latest.case if is_left_as_it_is(subject, self._latest, snapshot=snapshot, reason=reason) else None


def standing_of(reporter: Member, subject: Model, *, lately: dt.timedelta) -> Standing:
    """One query."""
    now = timezone.now()
    found = _standing(registry.of(subject).kind).found(asking(reporter, now, subject=subject.pk, since=now - lately))
    if found is None:
        raise Member.DoesNotExist
    return Standing(found)


@functools.cache
def _standing(kind: str) -> Asked:
    return Asked(lambda: _build(kind), always="member")


def _build(kind: str) -> QuerySet[Any, Any]:
    member, clock = STAND_IN.member, STAND_IN.clock
    running = Sanction.objects.filter(running_at(clock.now), member=member)
    no_flags = running.filter(kind=SanctionKind.NO_FLAGS).order_by("-ends_at", "-id")
    judged = Flag.objects.filter(reporter=member).exclude(judged="").order_by("-id")
    columns: Mapping[str, Combinable] = {
        "taken": _SANCTION.one(no_flags),
        "is_limited": Exists(running),
        "judged": ArraySubquery(judged.values("judged")[:JUDGED_LOOKED_AT]),
        "is_looked_after": Exists(shifts_by(clock).filter(paused_at=None)),
        **_of_subject(kind),
    }
    return Member.objects.filter(pk=member.pk).values_list(JSONObject(**columns))


def _of_subject(kind: str) -> Mapping[str, Combinable]:
    about = {"case__subject_kind": kind, "case__subject_id": STAND_IN.subject}
    in_open = Flag.objects.filter(case__state=Case.State.OPEN, **about)
    lately = in_open.filter(created_at__gte=STAND_IN.since).order_by("-id")
    return {
        "before": _FLAG.one(in_open.filter(reporter=STAND_IN.member).order_by("pk")),
        "lately": ArraySubquery(lately.values(said=JSONArray("reason", "snapshot"))[:LATELY_LOOKED_AT]),
        "is_open": Exists(Case.objects.filter(subject_kind=kind, subject_id=STAND_IN.subject, state=Case.State.OPEN)),
        "latest": _DECISION.one(Decision.objects.filter(**about).order_by("-id")),
    }
