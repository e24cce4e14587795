"""Opening and joining cases."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from core.together import Change, change, table
from moderation import registry
from moderation.access.decisions import KEEP, WITHDRAWN
from moderation.models import Case, PendingDecision, Priority, Signal, Source
from moderation.screening import ASKS_FOR_HELP, CLOSING_ASKED, Action, Verdict


def open_or_join(*, subject: Model, priority: Priority, source: Source = Source.REPORT, says_more: bool = True) -> Case:
    """The open case about `subject`, locked; made if there is none. A graver reason raises it and its clock.

    Whoever is about to decide has to look again, unless `says_more` is False: then they know it already. Call inside
    a transaction. Two people who flag at once meet in one case: the database lets one row in.
    """
    joined = joining(subject=subject, priority=priority, source=source, says_more=says_more)
    for raised in joined.changes:
        change(raised)
    return joined.case


class Joined(NamedTuple):
    """A case, whether it was made just now, and what is still to be written to its row."""

    case: Case
    is_new: bool
    changes: Sequence[Change] = ()


def joining(*, subject: Model, priority: Priority, source: Source = Source.REPORT, says_more: bool = True) -> Joined:
    """The same for whoever writes more at once."""
    kind = registry.of(subject)
    due_at = timezone.now() + priority.clock
    case, created = Case.objects.select_for_update().get_or_create(
        subject_kind=kind.kind,
        subject_id=subject.pk,
        state=Case.State.OPEN,
        defaults={"author": kind.author(subject), "priority": priority, "due_at": due_at, "source": source},
    )
    if not created and (says_more or priority < case.priority):
        # Whoever is about to decide has to see what came in.
        case.version += 1
        if priority < case.priority or due_at < case.due_at:
            # A case that was put away until a follow-up is due is due earlier again.
            case.due_at, case.alerted_at = min(case.due_at, due_at), None
            case.priority = min(case.priority, priority)
        # What came in is worth a look now, whatever was left for later.
        case.quiet_until = None
        return Joined(case, is_new=False, changes=[_raising(case)])
    return Joined(case, is_new=created)


def _raising(case: Case) -> Change:
    raised = {name: getattr(case, name) for name in ("priority", "due_at", "version", "alerted_at", "quiet_until")}
    columns = ", ".join(f"{name} = %s" for name in raised)
    return Change(f"UPDATE {table(Case)} SET {columns} WHERE id = %s", [*raised.values(), case.pk])  # noqa: S608 - names of ours


def open_for_signals(*, subject: Model, verdict: Verdict) -> Case | None:
    """A case about what screening noticed, if it noticed anything. Call inside the writing transaction."""
    if verdict.priority is None:
        return None
    asked = all(found.kind in (CLOSING_ASKED, ASKS_FOR_HELP) for found in verdict.signals)
    source = Source.AUTHOR if asked else Source.AUTOMATION
    case = open_or_join(subject=subject, priority=verdict.priority, source=source)
    snapshot = registry.of(subject).snapshot(subject)
    Signal.objects.bulk_create(
        Signal(
            case=case,
            kind=found.kind,
            rule=found.rule,
            severity=found.severity,
            action=found.action,
            start=found.start,
            end=found.end,
            snapshot=snapshot,
        )
        for found in verdict.signals
    )
    return case


def words_changed(*, subject: Model) -> bool:
    """Have whoever is about to decide look again. Says whether there is an open case. Locks it."""
    return any_changed(kind=registry.of(subject).kind, subject_ids=[subject.pk])


def any_changed(*, kind: str, subject_ids: Collection[int]) -> bool:
    """The same for several subjects at once. Locks their cases: call it before the subjects are locked."""
    about = Case.objects.filter(subject_kind=kind, subject_id__in=subject_ids, state=Case.State.OPEN)
    locked = list(about.select_for_update().order_by("pk").values_list("pk", flat=True))
    return bool(Case.objects.filter(pk__in=locked).update(version=F("version") + 1))


def waiting_to_be_read(*, kind: str, subject_ids: Collection[int]) -> set[int]:
    """Those of the subjects that an open case keeps from readers until a person has looked.

    Screening held them, or reports folded them. Locks these cases, as a decision does: call it inside a transaction,
    before the subjects are locked. Two queries.
    """
    cases = Case.objects.filter(subject_kind=kind, subject_id__in=subject_ids, state=Case.State.OPEN)
    held_for = dict(cases.select_for_update().order_by("pk").values_list("pk", "subject_id"))
    holding = Case.objects.filter(Q(signals__action=Action.HOLD) | Q(folded_at__isnull=False), pk__in=held_for)
    return {held_for[case_id] for case_id in holding.values_list("pk", flat=True).distinct()}


def lock_undecided(cases: QuerySet[Case]) -> list[int]:
    """Ids of those of `cases` that nobody decided a moment ago. Locks them before it looks: only then nobody can decide
    any more. Call inside a transaction. Two queries."""
    ids = list(cases.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    decided = set(PendingDecision.objects.filter(case__in=ids).values_list("case", flat=True))
    return [pk for pk in ids if pk not in decided]


def reopen_kept(*, subjects: Collection[Model], passing: Collection[str]) -> set[int]:
    """Open a case again for those of the subjects (of one kind) that screening kept from readers, and that the last
    decision about that did not let readers have: by one of the actions `passing`, or because an appeal took back
    that they were kept away. Gives their ids.

    Call inside a transaction, before the subjects are locked: it locks the cases. Two queries, and four for each.
    """
    about = {subject.pk: subject for subject in subjects}
    if not about:
        return set()
    kind = registry.of(next(iter(about.values()))).kind
    latest: dict[int, Case] = {}
    for case in Case.objects.filter(subject_kind=kind, subject_id__in=about, state=Case.State.DECIDED).order_by("pk"):
        if case.folded_at is not None or case.signals.filter(action=Action.HOLD).exists():
            latest[case.subject_id] = case
    kept = {pk: case for pk, case in latest.items() if not _let_pass(case, passing)}
    for pk, case in kept.items():
        again = open_or_join(subject=about[pk], priority=Priority(case.priority), source=Source(case.source))
        if not again.signals.exists():
            _copy_signals(case, again)
    return set(kept)


def _let_pass(case: Case, passing: Collection[str]) -> bool:
    """A case goes on after a decision while somebody is looked after, and where something came in: the last counts."""
    rows = list(case.decisions.order_by("pk").values_list("pk", "replaces", "action"))
    instead = {replaces: (pk, action) for pk, replaces, action in rows if replaces}
    pk, first = next(((pk, action) for pk, replaces, action in reversed(rows) if replaces is None), (0, ""))
    latest = first
    while pk in instead:
        pk, latest = instead[pk]
    # What was never let pass is not, either, by a limit that an appeal took back.
    return latest in passing or (latest == WITHDRAWN and first != KEEP)


def _copy_signals(case: Case, again: Case) -> None:
    signals = list(case.signals.exclude(kind=CLOSING_ASKED).order_by("pk"))
    for signal in signals:
        signal.pk, signal.case = None, again
    Signal.objects.bulk_create(signals)
