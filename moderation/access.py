"""Who may review what, and what members may see of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.pagination import Page, keyset_page
from members.models import Member
from moderation import registry
from moderation.models import AuditEntry, Case, Decision, Flag, Priority, Rule, Sanction, Signal
from moderation.screening import CLOSING_ASKED, READ_FIRST, in_words

QUEUE_PAGE = 30
EARLIER_SHOWN, EARLIER_LOOKED_AT = 5, 50


class CannotDecideError(Exception):
    """The case is not this moderator's to decide now. The message is a sentence for the moderator."""


def check_moderator(member: Member) -> None:
    """Raises Http404 for everybody else: members are not told that the page exists."""
    if not (member.is_active and member.is_moderator):
        raise Http404


def queue(moderator: Member, cursor: str | None) -> Page[Case]:
    """Open cases, the most urgent class first, the clock deciding inside it. One query, whatever the queue's length.

    Not the cases about `moderator`: nobody reads who reported them.
    """
    cases = Case.objects.filter(state=Case.State.OPEN).exclude(author=moderator)
    cases = cases.select_related("author", "claimed_by")
    return keyset_page(cases, order=["priority", "due_at", "id"], size=QUEUE_PAGE, cursor=cursor)


def get_case(moderator: Member, public_id: UUID) -> Case:
    """Raises Http404, also for a case about `moderator`."""
    cases = Case.objects.select_related("author", "claimed_by").exclude(author=moderator)
    case = cases.filter(public_id=public_id).first()
    if case is None:
        raise Http404
    return case


def check_can_decide(moderator: Member, case: Case, version: int) -> None:
    """Raises CannotDecideError with a sentence; see `services.decisions.decide`."""
    if not moderator.is_moderator:
        raise PermissionDenied
    if case.author_id == moderator.pk:
        raise CannotDecideError(_("This is about something you wrote, so a colleague decides. Nothing was changed."))
    if case.state != Case.State.OPEN:
        raise CannotDecideError(_("Somebody has decided this case meanwhile. Your decision was not used."))
    if not is_held(case):
        raise CannotDecideError(_("Claim the case first, so that nobody else works on it. Your words are still below."))
    if case.claimed_by_id != moderator.pk:
        raise CannotDecideError(_("A colleague has claimed this case meanwhile. Your decision was not used."))
    if case.version != version:
        raise CannotDecideError(_("Something new arrived in this case. Please look again; your words are still below."))


def is_held(case: Case) -> bool:
    """Whether somebody's claim still runs."""
    return case.lease_until is not None and case.lease_until > timezone.now()


def actions_for(case: Case) -> Sequence[registry.Action]:
    kind = registry.by_kind(case.subject_kind)
    subject = kind.get(case.subject_id) if kind else None
    return kind.actions(subject) if kind and subject else ()


def queue_rows(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """What the queue shows of each case: two queries for the page, and two for each kind of subject on it."""
    reasons: dict[int, list[str]] = defaultdict(list)
    ids = [case.pk for case in cases]
    for case_id, reason in Flag.objects.filter(case__in=ids).values_list("case_id", "reason").distinct():
        reasons[case_id].append(str(Flag.Reason(reason).label))
    signals = set(Signal.objects.filter(case__in=ids).values_list("case_id", "kind").distinct())
    asked = {case_id for case_id, kind in signals if kind == CLOSING_ASKED}
    read_first = {case_id for case_id, kind in signals if kind == READ_FIRST}
    noticed = {case_id for case_id, kind in signals if kind not in (CLOSING_ASKED, READ_FIRST)}
    titles, names = _titles(cases), _aliases(cases)
    return [
        _queue_row(case, name=_name(case, names.get(case.pk), known=case.pk in titles))
        | {
            "reasons": sorted(reasons[case.pk]),
            "noticed": case.pk in noticed,
            "read_first": case.pk in read_first,
            "asked": case.pk in asked,
            "title": titles.get(case.pk, ""),
        }
        for case in cases
    ]


def _name(case: Case, alias: registry.Alias | None, *, known: bool) -> str:
    """How moderators know the author. Without the subject nobody can tell whether an alias was promised."""
    if alias:
        return alias.name
    return case.author.username if known else ""


def _queue_row(case: Case, *, name: str) -> dict[str, Any]:
    return {
        "public_id": case.public_id,
        "priority": case.priority,
        "priority_label": Priority(case.priority).label,
        "due_at": case.due_at,
        "overdue": case.due_at < timezone.now(),
        "author_name": name,
        "claimed_by": case.claimed_by.username if case.claimed_by and is_held(case) else "",
    }


def signal_kinds(subject: Model) -> set[str]:
    """What screening noticed about `subject` so far, for whoever tells its author why it waits. One query."""
    signals = Signal.objects.filter(case__subject_kind=registry.of(subject).kind, case__subject_id=subject.pk)
    return set(signals.values_list("kind", flat=True))


def _titles(cases: Sequence[Case]) -> dict[int, str]:
    """Case id to its subject's title. One query a kind."""
    titles: dict[int, str] = {}
    for kind, case_ids in _by_kind(cases):
        for subject_id, title in kind.titles(list(case_ids)).items():
            titles |= dict.fromkeys(case_ids[subject_id], title)
    return titles


def _aliases(cases: Iterable[Case]) -> dict[int, registry.Alias]:
    """Case id to the name that its author has in that place, where it is not their own. One query a kind."""
    aliases: dict[int, registry.Alias] = {}
    for kind, case_ids in _by_kind(cases):
        for subject_id, alias in kind.aliases(list(case_ids)).items():
            aliases |= dict.fromkeys(case_ids[subject_id], alias)
    return aliases


def _by_kind(cases: Iterable[Case]) -> Iterator[tuple[registry.Subject[Model], Mapping[int, Sequence[int]]]]:
    """Each kind of subject with the ids of its subjects, and of the cases about each."""
    subjects: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        subjects[case.subject_kind][case.subject_id].append(case.pk)
    for name, case_ids in subjects.items():
        if (kind := registry.by_kind(name)) is not None:
            yield kind, case_ids


def case_context(case: Case) -> dict[str, Any]:
    """What a moderator needs to be fair: the subject in place, the text as reported, what was said and decided."""
    kind = registry.by_kind(case.subject_kind)
    subject = kind.get(case.subject_id) if kind else None
    alias = _aliases([case]).get(case.pk)
    return {
        "case": case,
        "author_name": _name(case, alias, known=subject is not None),
        "author_door": kind.author_door(subject) if kind and subject else "",
        "priority_label": Priority(case.priority).label,
        "overdue": case.state == Case.State.OPEN and case.due_at < timezone.now(),
        "held_by": case.claimed_by if is_held(case) else None,
        "subject": subject,
        "subject_state": kind.state(subject) if kind and subject else "",
        "subject_template": kind.template if kind else "",
        "subject_context": kind.context(subject) if kind and subject else {},
        "flags": list(case.flags.select_related("reporter").order_by("id")),
        "signals": [
            in_words(*found)
            for found in case.signals.exclude(kind=CLOSING_ASKED).order_by("id").values_list("kind", "rule")
        ],
        "closing_asked": case.signals.filter(kind=CLOSING_ASKED).exists(),
        "decisions": list(case.decisions.select_related("decider", "rule").order_by("id")),
        "earlier": _earlier(case, alias),
    }


def _earlier(case: Case, alias: registry.Alias | None) -> Sequence[Decision]:
    """The latest other decisions about the same author, as far as moderators know that it is the same.

    What was decided about an alias stays with it: beside a name it would tell who is behind it, and beside
    another alias that both are one. Two queries.
    """
    decisions = Decision.objects.filter(author=case.author_id).exclude(case=case).select_related("rule", "case")
    latest = list(decisions.order_by("-id")[:EARLIER_LOOKED_AT])
    aliases = _aliases([decision.case for decision in latest])
    return [decision for decision in latest if aliases.get(decision.case_id) == alias][:EARLIER_SHOWN]


def with_open_case(kind: str, subject_ids: Collection[int]) -> set[int]:
    """Those of the subjects that somebody has still to decide about. One query."""
    cases = Case.objects.filter(subject_kind=kind, subject_id__in=subject_ids, state=Case.State.OPEN)
    return set(cases.values_list("subject_id", flat=True))


def find_subject_for(member: Member, kind: str, public_id: UUID) -> Model:
    """What `member` wants to report. Raises Http404 when there is no such thing for them."""
    subject_kind = registry.by_kind(kind)
    if subject_kind is None:
        raise Http404
    return subject_kind.find_for(member, public_id)


def get_decision_for(member: Member, public_id: UUID) -> Decision:
    """A restriction's author and moderators may read its statement of reasons."""
    decision = Decision.objects.select_related("rule", "case").exclude(statement="").filter(public_id=public_id).first()
    if decision is None or not (decision.author_id == member.pk or member.is_moderator):
        raise Http404
    return decision


def reports_by(member: Member, cursor: str | None) -> Page[Flag]:
    flags = Flag.objects.filter(reporter=member).select_related("case").prefetch_related("case__decisions")
    return keyset_page(flags, order=["-id"], size=20, cursor=cursor)


def report_rows(flags: Sequence[Flag]) -> list[dict[str, Any]]:
    """What a reporter may know: that it waits, or that it was looked at and whether something was done."""
    return [
        {"reason": flag.get_reason_display(), "created_at": flag.created_at, "outcome": _outcome(flag)}
        for flag in flags
    ]


def _outcome(flag: Flag) -> str:
    decisions = flag.case.decisions.all()
    if not decisions:
        return _("A moderator will look at it.")
    if any(decision.statement for decision in decisions):
        return _("A moderator looked at it and acted.")
    return _("A moderator looked at it and left it as it is.")


def statement(decision: Decision) -> dict[str, Any]:
    """The statement of reasons as components/statement.html shows it."""
    return {
        "what": decision.statement,
        "how_long": _("Until a moderator changes it."),
        "rule": decision.rule.title if decision.rule else "",
        "facts": decision.reason,
        "noticed": _("It was noticed through %(source)s. A person decided.")
        % {"source": Decision.Source(decision.source).label},
        "decided_at": decision.decided_at,
        "appeal_text": appeal_text(),
    }


def appeal_text() -> str:
    return _("Write to %(address)s within six months. Somebody else than the person who decided will look.") % {
        "address": settings.CONTACT_EMAIL
    }


def entries_about(subject: Model, *, verbs: str, limit: int) -> Sequence[AuditEntry]:
    """The latest log entries about `subject` whose verb begins with `verbs`. Reads the actors. One query."""
    entries = AuditEntry.objects.filter(
        subject_kind=registry.of(subject).kind, subject_id=subject.pk, verb__startswith=verbs
    )
    return list(entries.select_related("actor").order_by("-id")[:limit])


def has_restriction(subject: Model) -> bool:
    """Whether a decision about `subject` restricted something. One query."""
    decisions = Decision.objects.filter(case__subject_kind=registry.of(subject).kind, case__subject_id=subject.pk)
    return decisions.exclude(statement="").exists()


def rules() -> list[Rule]:
    return list(Rule.objects.filter(is_active=True).order_by("position", "id"))


def standing_sanction(member: Member, now: dt.datetime | None = None) -> Sanction | None:
    """The sanction that keeps `member` from posting now, the longest first; None for almost everybody. One query."""
    running = _running(now or timezone.now())
    return Sanction.objects.filter(running, member=member).order_by("-ends_at", "-id").first()


def silenced_among(member_ids: Iterable[int]) -> set[int]:
    """Which of these members a sanction keeps from posting now. One query."""
    sanctions = Sanction.objects.filter(_running(timezone.now()), member__in=member_ids)
    return set(sanctions.values_list("member_id", flat=True))


def _running(now: dt.datetime) -> Q:
    return Q(lifted_at=None) & (Q(ends_at=None) | Q(ends_at__gt=now))
