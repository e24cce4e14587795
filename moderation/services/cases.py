"""Opening and joining cases."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils import timezone

from members.models import Member
from moderation import registry, screening
from moderation.models import Case, Flag, Priority, Signal
from moderation.screening import Verdict
from moderation.services import audit


class AlreadyFlaggedError(Exception):
    """This member has reported this subject, and nobody has decided yet."""


def open_or_join(*, subject: Model, priority: Priority) -> Case:
    """The open case about `subject`, locked; made if there is none. A graver reason raises it and its clock.

    Call inside a transaction. Two people who flag at once meet in one case: the database lets one row in.
    """
    kind = registry.of(subject)
    due_at = timezone.now() + priority.clock
    case, created = Case.objects.select_for_update().get_or_create(
        subject_kind=kind.kind,
        subject_id=subject.pk,
        state=Case.State.OPEN,
        defaults={"author": kind.author(subject), "priority": priority, "due_at": due_at},
    )
    if not created:
        # Whoever is about to decide has to see what came in.
        case.version += 1
        if priority < case.priority:
            case.priority, case.due_at = priority, min(case.due_at, due_at)
        case.save(update_fields=["priority", "due_at", "version"])
    return case


def open_for_signals(*, subject: Model, verdict: Verdict) -> Case | None:
    """A case about what screening noticed, if it noticed anything. Call inside the writing transaction."""
    if verdict.priority is None:
        return None
    case = open_or_join(subject=subject, priority=verdict.priority)
    snapshot = registry.of(subject).snapshot(subject)
    Signal.objects.bulk_create(
        Signal(
            case=case,
            kind=found.kind,
            rule=found.rule,
            severity=found.severity,
            start=found.start,
            end=found.end,
            snapshot=snapshot,
        )
        for found in verdict.signals
    )
    return case


def words_changed(*, subject: Model) -> bool:
    """Have whoever is about to decide look again. Says whether there is an open case. Locks it."""
    about = Case.objects.filter(subject_kind=registry.of(subject).kind, subject_id=subject.pk, state=Case.State.OPEN)
    return bool(about.update(version=F("version") + 1))


def waiting_to_be_read(*, kind: str, subject_ids: Collection[int]) -> set[int]:
    """Those of the subjects that an open case keeps from readers until a person has looked.

    Locks these cases, as a decision does: call it inside a transaction, before the subjects are locked. Two queries.
    """
    cases = Case.objects.filter(subject_kind=kind, subject_id__in=subject_ids, state=Case.State.OPEN)
    held_for = dict(cases.select_for_update().order_by("pk").values_list("pk", "subject_id"))
    signals = Signal.objects.filter(case__in=held_for).values_list("case_id", "kind", "rule").distinct()
    return {held_for[case_id] for case_id, found, rule in signals if screening.holds(found, rule)}


def reopen_kept(*, subjects: Collection[Model], passing: str) -> set[int]:
    """Open a case again for those of the subjects (of one kind) that screening kept from readers, and that the last
    decision about that did not let pass by the action `passing`. Gives their ids.

    Call inside a transaction, before the subjects are locked: it locks the cases. Two queries, and four for each.
    """
    about = {subject.pk: subject for subject in subjects}
    if not about:
        return set()
    kind = registry.of(next(iter(about.values()))).kind
    latest: dict[int, Case] = {}
    for case in Case.objects.filter(subject_kind=kind, subject_id__in=about, state=Case.State.DECIDED).order_by("pk"):
        signals = list(case.signals.order_by("pk"))
        if any(screening.holds(signal.kind, signal.rule) for signal in signals):
            latest[case.subject_id] = case
    kept = {pk: case for pk, case in latest.items() if not case.decisions.filter(action=passing).exists()}
    for pk, case in kept.items():
        again = open_or_join(subject=about[pk], priority=Priority(case.priority))
        if not again.signals.exists():
            _copy_signals(case, again)
    return set(kept)


def _copy_signals(case: Case, again: Case) -> None:
    signals = list(case.signals.exclude(kind=screening.CLOSING_ASKED).order_by("pk"))
    for signal in signals:
        signal.pk, signal.case = None, again
    Signal.objects.bulk_create(signals)


@transaction.atomic
def flag(*, reporter: Member, subject: Model, reason: Flag.Reason, note: str = "") -> Flag:
    """Report `subject`, keeping its text as it is now.

    Raises:
        AlreadyFlaggedError: once a person and subject until somebody decides.
    """
    case = open_or_join(subject=subject, priority=reason.priority)
    try:
        with transaction.atomic():
            made = Flag.objects.create(
                case=case,
                reporter=reporter,
                reason=reason,
                note=note,
                snapshot=registry.of(subject).snapshot(subject),
            )
    except IntegrityError as error:
        raise AlreadyFlaggedError from error
    audit.record(actor=reporter, verb="flag", subject=subject, reason=reason, case=case.pk)
    return made
