"""Everything that the page of a case is made of, in one query."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Max, Min, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import MD5, Coalesce, JSONArray, JSONObject
from django.http import Http404
from django.utils import timezone

from core.carried import Carried, whole
from members.models import Member
from moderation import registry
from moderation.access.asked import STAND_IN, Asked, asking
from moderation.access.claims import OwnReport, has_reported, left_column
from moderation.access.crisis import crisis_columns
from moderation.access.history import EARLIER, history_columns
from moderation.access.ladder import limits_before
from moderation.access.shifts import shifts_by
from moderation.models import (
    AuditEntry,
    BegunDecision,
    Case,
    CaseNote,
    Decision,
    Declined,
    Flag,
    PendingDecision,
    Rule,
    Shift,
    Signal,
    Template,
)

# What one page loads at most, the newest; how many more there are is said.
REPORTS_SHOWN, VERSIONS_SHOWN, MARKS_SHOWN = 50, 10, 500
# With fewer judged reports nobody knows how good somebody's eye is (T8).
JUDGED_ENOUGH = 5
SEEN = "see-case"

_PERSON = ("username", "is_moderator", "is_active", "suspended_until")
_CASE = Carried(
    Case,
    *whole(Case),
    "author__username",
    *(f"claimed_by__{name}" for name in _PERSON),
    "second_wanted_by__username",
)
_FLAG = Carried(
    Flag, "reason", "note", "created_at", "reporter__username", "outside__why", "outside__name", "outside__email"
)
_NOTE = Carried(CaseNote, "text", "created_at", *(f"author__{name}" for name in _PERSON))
_PENDING = Carried(PendingDecision, "action", "settles_at", "decider_id")
_BEGUN = Carried(BegunDecision, "fields", "why")
_SHIFT = Carried(Shift, "seen_at", "moderator__username")
_TEMPLATE = Carried(Template, "purpose", "title", "text")
_RULE = Carried(Rule, "title")


class CaseFile:
    """A case with all that its page shows, as one moderator reads it. Nothing here asks the database but for a subject
    that cannot be carried (see `registry`)."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.found = found
        self.case = _CASE.made(found["case"])
        self.kind = registry.by_kind(self.case.subject_kind)
        self.named = registry.named(self.case.subject_kind, found["naming"])
        self.subject: Model | None = None
        if self.named:
            self.subject = registry.subject_from(self.case.subject_kind, self.case.subject_id, found["subject"])

    @functools.cached_property
    def actions(self) -> Sequence[registry.Action]:
        if self.kind is None or self.subject is None:
            return ()
        return registry.offered(self.kind.actions(self.subject), self.subject, self.found["beside"])

    @property
    def is_due(self) -> bool:
        """Whether a decision, about whatever case, should have taken effect by now."""
        return bool(self.found["is_due"])

    def is_of(self, moderator: Member) -> bool:
        """Whether they took it last. Their lease may have run out."""
        return self.case.state == Case.State.OPEN and self.case.claimed_by_id == moderator.pk

    @property
    def is_seen(self) -> bool:
        """Whether the log of today says that this moderator saw it."""
        return bool(self.found["is_seen"])

    @property
    def is_declined(self) -> bool:
        return bool(self.found["is_declined"])

    @property
    def own_report(self) -> OwnReport:
        return OwnReport(self.found["is_theirs"], self.found["is_left"])

    @functools.cached_property
    def pending(self) -> PendingDecision | None:
        pending = _PENDING.object(self.found["pending"])
        if pending is not None:
            pending.case = self.case
        return pending

    @property
    def begun(self) -> BegunDecision | None:
        """The words of their decision that was undone or could not take effect."""
        return _BEGUN.object(self.found["begun"])

    @functools.cached_property
    def flags(self) -> list[Flag]:
        """The newest, and one more than is shown if there are more; the newest first."""
        return _FLAG.objects(self.found["flags"])

    @functools.cached_property
    def notes(self) -> list[CaseNote]:
        return _NOTE.objects(self.found["notes"])

    @property
    def decisions(self) -> list[Decision]:
        return EARLIER.objects(self.found["decisions"])

    @functools.cached_property
    def shifts(self) -> list[Shift]:
        """Of those who are there, and their own in any case."""
        return _SHIFT.objects(self.found["shifts"])

    @property
    def rules(self) -> list[Rule]:
        return _RULE.objects(self.found["rules"])

    @functools.cached_property
    def templates(self) -> Mapping[str, Sequence[Template]]:
        by_purpose: dict[str, list[Template]] = {}
        for template in _TEMPLATE.objects(self.found["templates"]):
            by_purpose.setdefault(template.purpose, []).append(template)
        return by_purpose


def get_file(moderator: Member, public_id: UUID) -> CaseFile:
    """One query. Raises Http404, also for a case about `moderator`."""
    found = _file().found(asking(moderator, timezone.now(), case=public_id))
    if found is None:
        raise Http404
    return CaseFile(found)


@functools.cache
def _file() -> Asked:
    return Asked(_build, always="case")


def _build() -> QuerySet[Any, Any]:
    columns = {
        "case": _CASE.row(),
        **_subject(),
        **_of_moderator(),
        **_of_case(),
        **_said(),
        **_texts(),
        **crisis_columns(),
        **history_columns(),
        "limits": limits_before(),
    }
    cases = Case.objects.filter(public_id=STAND_IN.case).exclude(author=STAND_IN.member)
    return cases.values_list(JSONObject(**columns))


def _subject() -> Mapping[str, Combinable]:
    return {"naming": registry.naming(), "subject": registry.carrying(), "beside": registry.beside()}


def _of_moderator() -> Mapping[str, Combinable]:
    moderator, clock = STAND_IN.member, STAND_IN.clock
    seen = AuditEntry.objects.filter(actor=moderator, verb=SEEN, at__gte=clock.midnight)
    begun = BegunDecision.objects.filter(case=OuterRef("pk"), decider=moderator)
    return {
        "is_due": Exists(PendingDecision.objects.filter(settles_at__lte=clock.now)),
        "is_seen": Exists(seen.filter(details__contains=JSONObject(case=OuterRef("pk")))),
        "is_declined": Exists(Declined.objects.filter(case=OuterRef("pk"), moderator=moderator)),
        "is_theirs": has_reported(moderator),
        "is_left": left_column(moderator, clock.now),
        "begun": _BEGUN.one(begun),
        "shifts": _SHIFT.all(shifts_by(clock, also=moderator)),
    }


def _of_case() -> Mapping[str, Combinable]:
    purposes = [Template.Purpose.REASON, Template.Purpose.CONTACT, Template.Purpose.AFTERCARE]
    templates = Template.objects.filter(is_active=True, purpose__in=purposes).order_by("position", "id")
    return {
        "pending": _PENDING.one(PendingDecision.objects.filter(case=OuterRef("pk"))),
        "decisions": EARLIER.all(Decision.objects.filter(case=OuterRef("pk")).order_by("id")),
        "notes": _NOTE.all(CaseNote.objects.filter(case=OuterRef("pk")).order_by("id")),
        "templates": _TEMPLATE.all(templates),
        "rules": _RULE.all(Rule.objects.filter(is_active=True).order_by("position", "id")),
    }


# --- who said what ----------------------------------------------------------------------------------------------


def _said() -> Mapping[str, Combinable]:
    newest = Flag.objects.filter(case=OuterRef("pk")).order_by("-id")
    shown = Flag.objects.filter(case=OuterRef(OuterRef("pk"))).order_by("-id").values("reporter")[:REPORTS_SHOWN]
    judged = Flag.objects.filter(reporter__in=shown).exclude(judged="").order_by().values("reporter")
    counted = judged.annotate(fair=Count("id", filter=Q(judged=Flag.Judged.FAIR)), every=Count("id"))
    counted_flags = Flag.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(count=Count("pk"))
    noticed = Signal.objects.filter(case=OuterRef("pk")).values("kind", "rule").annotate(first=Min("id"))
    enough = counted.filter(every__gte=JUDGED_ENOUGH)
    return {
        "flags": _FLAG.all(newest, limit=REPORTS_SHOWN + 1),
        "flags_count": Coalesce(Subquery(counted_flags.values("count")), 0),
        "judged": ArraySubquery(enough.values(judged_row=JSONArray("reporter", "fair", "every"))),
        "noticed": ArraySubquery(noticed.order_by("first").values(noticed_row=JSONArray("kind", "rule"))),
    }


# --- the words, then and now ------------------------------------------------------------------------------------


def _texts() -> Mapping[str, Combinable]:
    """The latest different texts that somebody reported or screening noticed something in, told apart by their digests,
    so that of thousands of rows each text is read once."""
    marks = Signal.objects.filter(case=OuterRef("pk")).order_by("-id")
    marked = marks.values(mark=JSONArray("kind", "rule", "start", "end", MD5("snapshot")))[:MARKS_SHOWN]
    return {
        **{f"digests_{name}": _digests(model) for name, model in (("flags", Flag), ("signals", Signal))},
        **{f"texts_{name}": _texts_of(model) for name, model in (("flags", Flag), ("signals", Signal))},
        "marks": ArraySubquery(marked),
        "texts_count": _count_texts(),
    }


def _digests(model: type[Model]) -> ArraySubquery:
    """Of the latest, with when each was first seen."""
    latest = _latest(_in_case(model, OuterRef("pk")))
    return ArraySubquery(latest.values(digest_row=JSONArray("digest", "at"))[: VERSIONS_SHOWN + 1])


def _texts_of(model: type[Model]) -> ArraySubquery:
    """By their digests, each read from one of its rows."""
    one_each = _latest(_in_case(model, OuterRef(OuterRef("pk")))).values("last")[:VERSIONS_SHOWN]
    rows = _in_case(model, OuterRef("pk")).filter(pk__in=one_each)
    return ArraySubquery(rows.values(text_row=JSONArray("digest", "snapshot")))


def _latest(rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    latest: QuerySet[Any, Any] = rows.values("digest").annotate(at=Min("created_at"), last=Max("id"))
    return latest.order_by("-at", "-last")


def _in_case(model: type[Model], case: OuterRef) -> "QuerySet[Any, Any]":
    rows = model._default_manager.filter(case=case).exclude(snapshot="").order_by()  # noqa: SLF001 - of both models
    digested: QuerySet[Any, Any] = rows.annotate(digest=MD5("snapshot"))
    return digested


def _count_texts() -> Combinable:
    """How many there are."""
    in_flags = _in_case(Flag, OuterRef("pk")).values("case").annotate(count=Count("digest", distinct=True))
    known = _in_case(Flag, OuterRef(OuterRef("pk"))).values("digest")
    others = _in_case(Signal, OuterRef("pk")).exclude(digest__in=known).values("case")
    in_signals = others.annotate(count=Count("digest", distinct=True))
    return Coalesce(Subquery(in_flags.values("count")), 0) + Coalesce(Subquery(in_signals.values("count")), 0)
