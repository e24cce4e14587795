"""Opening and joining cases."""

import datetime as dt
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from core import prepared
from core.loaded import loaded
from core.together import Change, change, table
from moderation import registry
from moderation.access.decisions import KEEP, WITHDRAWN
from moderation.models import Case, PendingDecision, Priority, Signal, Source
from moderation.screening import ASKS_FOR_HELP, CLOSING_ASKED, Action, Verdict

_FIELDS = [each.attname for each in Case._meta.concrete_fields]  # noqa: SLF001 - public by Django's word
# What a case begins with where nothing else is said. All else is PostgreSQL's to say.
_BEGINNING: dict[str, Any] = {
    each.attname: each.get_default()
    for each in Case._meta.concrete_fields  # noqa: SLF001
    if not each.has_db_default() and not each.primary_key
}


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
    due_at = timezone.now() + priority.clock
    case, created = _found_or_made(subject, priority=priority, due_at=due_at, source=source)
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


def _found_or_made(subject: Model, *, priority: Priority, due_at: dt.datetime, source: Source) -> tuple[Case, bool]:
    """The open case, locked, and whether it was made just now. One query."""
    kind = registry.of(subject)
    author = kind.author(subject)
    given = {
        "subject_kind": kind.kind,
        "subject_id": subject.pk,
        "author_id": author.pk,
        "priority": priority.value,
        "source": source.value,
        "due_at": due_at,
    }
    values = [kind.kind, subject.pk, *(_BEGINNING | given).values()]
    # One that was made or decided at the same instant is waited for, and is not seen before the next time.
    while not (rows := prepared.ask(_finding_or_making(), values).rows()):
        pass
    *row, is_new = rows[0]
    case = loaded(Case, _FIELDS, row)
    if is_new:
        case._state.fields_cache["author"] = author  # noqa: SLF001 - where Django keeps it
    return case, is_new


@cache
def _finding_or_making() -> str:
    known, places, columns = ", ".join(_BEGINNING), ", ".join(["%s"] * len(_BEGINNING)), ", ".join(_FIELDS)
    return (
        f"WITH found AS (SELECT {columns} FROM {table(Case)} "  # noqa: S608 - names of ours
        "WHERE subject_kind = %s AND subject_id = %s AND state = 'open' FOR UPDATE), "
        f"made AS (INSERT INTO {table(Case)} ({known}) SELECT {places} WHERE NOT EXISTS (TABLE found) "
        f"ON CONFLICT (subject_kind, subject_id) WHERE state = 'open' DO NOTHING RETURNING {columns}) "
        "SELECT *, false FROM found UNION ALL SELECT *, true FROM made"
    )


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
