"""Reporting: by members and by people without an account, and what keeps it from being abused (T8)."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Sum
from django.db.models.functions import Now
from django.utils import timezone

from core.together import Change, change, make, table
from members.models import Member
from moderation import access, registry
from moderation.models import Case, Flag, OutsideReport, Source
from moderation.services import audit, crisis
from moderation.services.cases import Joined, joining, open_or_join

# Whoever has not been here for so long is new, for the weight of what they report.
NEW_FOR = dt.timedelta(days=7)
FULL, OF_NEWCOMERS, LEAST = 1.0, 0.5, 0.1
# From so many judged reports on, the weight is how many of the latest were fair.
JUDGED_FROM = 5
# Out of hours, reports that weigh so much together keep a thing from readers until a person looks.
FOLDS_AT = 3.0
# Whoever decides is not called back for the hundredth report of one kind within a few minutes.
FLOOD_WITHIN = dt.timedelta(minutes=10)
FLOOD_ALIKE, FLOOD_AT_ALL = 3, access.LATELY_LOOKED_AT


class AlreadyFlaggedError(Exception):
    """This member has reported this subject, and nobody has decided yet."""


@transaction.atomic
def flag(*, reporter: Member, subject: Model, reason: Flag.Reason, note: str = "") -> Flag:
    """Report `subject`, keeping its text as it is now. Locks the case, and the subject if the report folds it.

    Words that a moderator has looked at and left are no new case: the report is kept with the case that is decided
    (`made.case.state` says so). Out of hours, the reports of members in good standing fold the subject. Bounded
    queries, however many reports there are.

    Raises:
        CannotFlagError: reporting was taken away from `reporter`; a worry is always heard.
        AlreadyFlaggedError: once a person and subject, until somebody looks after it, its words change, or what
            they say is graver.
    """
    kind = registry.of(subject)
    if kind.author(subject).pk == reporter.pk:
        raise PermissionDenied
    standing = access.standing_of(reporter, subject, lately=FLOOD_WITHIN)
    access.check_can_flag(standing.taken, reason)
    snapshot = kind.snapshot(subject)
    settled = standing.settled(subject, snapshot=snapshot, reason=reason)
    if settled is None and standing.before is not None:
        return _say_more(standing.before, subject, reporter=reporter, reason=reason, note=note, snapshot=snapshot)
    says_more = _says_more(standing.lately, reason=reason, note=note, snapshot=snapshot)
    joined = (
        Joined(settled, is_new=False)
        if settled
        else joining(subject=subject, priority=reason.priority, says_more=says_more)
    )
    case, weight = joined.case, weight_of(reporter, standing)
    made = Flag(case=case, reporter=reporter, reason=reason, note=note, snapshot=snapshot, weight=weight)
    _make(made, *joined.changes, _logging(reporter, subject, reason=reason, case=case))
    # Nobody else has reported what has a new case, and one report folds nothing.
    if settled is None and not joined.is_new and not standing.is_looked_after:
        _fold_out_of_hours(case, subject)
    return made


def _make(made: Flag, *changes: Change) -> None:
    """Save a report, and what changes with it. One query."""
    columns = "case_id, reporter_id, reason, note, snapshot, weight, judged"
    values = [getattr(made, name) for name in columns.split(", ")]
    one = Change(
        f"INSERT INTO {table(Flag)} ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id, created_at",  # noqa: S608 - names of ours
        values,
    )
    try:
        made.pk, made.created_at = make(Flag, one, changes, gives="id, created_at")
    except IntegrityError as error:
        # What was done to the case is taken back with this transaction.
        raise AlreadyFlaggedError from error
    made._state.adding, made._state.db = False, connection.alias  # noqa: SLF001 - public by Django's word


def _say_more(before: Flag, subject: Model, *, reporter: Member, reason: Flag.Reason, note: str, snapshot: str) -> Flag:
    """Keep what the same person says again, about other words, for a graver reason, after something was done, or of
    somebody who is being looked after: with their report, because there is one a case. The case is in the queue again.
    Locks it."""
    case = Case.objects.select_for_update().get(pk=before.case_id)
    # The same form may have been sent twice.
    before.refresh_from_db(fields=["reason", "note", "snapshot", "created_at"])
    said_first = Flag.Reason(before.reason)
    is_graver = reason.priority < said_first.priority
    decided = case.decisions.filter(decided_at__gte=before.created_at).exists()
    says_more = (
        decided or is_graver or snapshot != before.snapshot or _is_news_of_somebody_cared_for(case, before, note)
    )
    if case.state != Case.State.OPEN or not says_more:
        raise AlreadyFlaggedError
    graver = reason if is_graver else said_first
    said = [*_said(said_first, before.note, graver), *_said(reason, note, graver)]
    Flag.objects.filter(pk=before.pk).update(
        reason=graver, note="\n\n".join(said), snapshot=snapshot, judged="", created_at=Now()
    )
    case = open_or_join(subject=subject, priority=reason.priority)
    crisis.wake(case)
    change(_logging(reporter, subject, reason=reason, case=case))
    return Flag.objects.select_related("case").get(pk=before.pk)


def _logging(reporter: Member, subject: Model, *, reason: Flag.Reason, case: Case) -> Change:
    """By the name that they have where it stands: the log must not say who wrote an anonymous thread."""
    alias = registry.of(subject).alias_of(subject, reporter.pk)
    more = {"known_as": alias} if alias else {}
    actor = None if alias else reporter
    return audit.recording(actor=actor, verb="flag", subject=subject, reason=reason, case=case.pk, **more)


def _is_news_of_somebody_cared_for(case: Case, before: Flag, note: str) -> bool:
    """While the crisis steps are under way: whatever is said between two of them, and new words at any time."""
    if not access.is_under_way(case):
        return False
    return case.quiet_until is not None or bool(note and note not in before.note)


def _said(reason: Flag.Reason, note: str, standing: Flag.Reason) -> list[str]:
    """A note in a report of the reason `standing`."""
    return [each for each in ("" if reason == standing else f"{reason.label}:", note) if each]


def _join(subject: Model, *, reason: Flag.Reason, note: str, snapshot: str, source: Source) -> Case:
    """The open case, locked; for a report without an account."""
    kind = registry.of(subject)
    lately = Flag.objects.filter(
        case__subject_kind=kind.kind,
        case__subject_id=subject.pk,
        case__state=Case.State.OPEN,
        created_at__gte=timezone.now() - FLOOD_WITHIN,
    )
    said = list(lately.order_by("-id").values_list("reason", "snapshot")[:FLOOD_AT_ALL])
    says_more = _says_more(said, reason=reason, note=note, snapshot=snapshot)
    return open_or_join(subject=subject, priority=reason.priority, source=source, says_more=says_more)


def _says_more(said: Sequence[Sequence[str]], *, reason: Flag.Reason, note: str, snapshot: str) -> bool:
    """Whether its decider looks again: not if a flood of reports has `said` the same a moment ago."""
    alike = [(reason_before, words) for reason_before, words in said].count((reason.value, snapshot))
    return alike < FLOOD_ALIKE or (bool(note) and len(said) < FLOOD_AT_ALL)


def weight_of(reporter: Member, standing: access.Standing) -> float:
    """How much a report of theirs counts for folding, from .1 to 1: how often they were right, once that can be said.

    Worries count for them and never against them.
    """
    judged, weight = standing.judged, FULL
    if len(judged) >= JUDGED_FROM:
        weight = max(LEAST, judged.count(Flag.Judged.FAIR) / len(judged))
    is_new = timezone.now() - reporter.joined_at < NEW_FOR
    return min(weight, OF_NEWCOMERS) if is_new or standing.is_limited else weight


def _fold_out_of_hours(case: Case, subject: Model) -> None:
    """A worry folds nothing: nobody is taken from the others because they are not well."""
    if case.folded_at is not None:
        return
    counted = case.flags.filter(reporter__isnull=False, weight__gt=OF_NEWCOMERS).exclude(reason=Flag.Reason.WORRIED)
    together = counted.aggregate(weight=Sum("weight"))["weight"] or 0
    if together >= FOLDS_AT and registry.of(subject).fold(subject):
        Case.objects.filter(pk=case.pk).update(folded_at=timezone.now())
        audit.record(actor=None, verb="fold", subject=subject, case=case.pk)


@transaction.atomic
def report_from_outside(
    *, subject: Model, address: str, reason: Flag.Reason, why: str, name: str = "", email: str = ""
) -> OutsideReport:
    """A report in good faith by somebody without an account. The same one twice within the hour is one. Locks the case.

    It weighs nothing for folding, because nobody can tell two of them from one person.
    """
    from moderation.tasks import confirm_soon

    kind = registry.of(subject)
    snapshot = kind.snapshot(subject)
    before = _sent_before(subject, reason=reason, why=why, email=email)
    if before is not None:
        return before
    settled = access.left_as_it_is(subject, snapshot=snapshot, reason=reason)
    if settled is not None:
        case = Case.objects.select_for_update().get(pk=settled.pk)
    else:
        case = _join(subject, reason=reason, note=why, snapshot=snapshot, source=Source.OUTSIDE)
    # The other of two at once may have been first while we waited for the case.
    if (before := _sent_before(subject, reason=reason, why=why, email=email)) is not None:
        transaction.set_rollback(True)
        return before
    report = OutsideReport.objects.create(name=name, email=email, address=address, why=why, in_good_faith=True)
    Flag.objects.create(case=case, outside=report, reason=reason, note=why, snapshot=snapshot, weight=OF_NEWCOMERS)
    audit.record(actor=None, verb="flag-outside", subject=subject, reason=reason, case=case.pk, report=report.pk)
    if email:
        transaction.on_commit(lambda: confirm_soon(report.pk))
    return report


def _sent_before(subject: Model, *, reason: Flag.Reason, why: str, email: str) -> OutsideReport | None:
    """A form sent twice."""
    flags = Flag.objects.filter(
        case__subject_kind=registry.of(subject).kind,
        case__subject_id=subject.pk,
        reason=reason,
        outside__why=why,
        outside__email=email,
        created_at__gte=timezone.now() - dt.timedelta(hours=1),
    )
    found = flags.select_related("outside").order_by("id").first()
    return found.outside if found else None
