"""What a decision does when it takes effect: to its subject, to its author's account, and in writing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from members.models import Member
from moderation import registry
from moderation.access import CannotDecideError
from moderation.access.decisions import KEEP
from moderation.models import Case, Decision, PendingDecision, SanctionKind, Source
from moderation.screening import ASKS_FOR_HELP, CLOSING_ASKED, READ_FIRST
from moderation.services import audit, rules, sanctions

_ASKED = {ASKS_FOR_HELP, CLOSING_ASKED}
_NOT_FOUND = _ASKED | {READ_FIRST}


@dataclass(frozen=True, kw_only=True)
class _Done:
    """What was done to a subject, in words for its author, and what has to be known to take it back."""

    action: str
    statement: str = ""
    scope: str = ""
    options: Mapping[str, Any]
    # Why what was decided was not done to it, for whoever decided; "" where nothing of it is left to do.
    left: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision in effect. `left`: why a part of it is not, in a sentence for whoever decided; "" where all is."""

    decision: Decision
    left: str


def find(case: Case, action: str) -> tuple[registry.Subject[Model], Model, registry.Action]:
    """What `case` is about, and the action that its present state offers. Raises CannotDecideError."""
    kind, subject = _subject(case)
    return kind, subject, _offered(kind, subject, action)


def _subject(case: Case) -> tuple[registry.Subject[Model], Model]:
    kind = registry.by_kind(case.subject_kind)
    subject = kind.get(case.subject_id) if kind else None
    if kind is None or subject is None:
        raise CannotDecideError(_("What this case is about is no longer there. Nothing was changed."))
    return kind, subject


def _offered(kind: registry.Subject[Model], subject: Model, action: str) -> registry.Action:
    chosen = next((each for each in kind.actions(subject) if each.key == action), None)
    if chosen is None:
        raise CannotDecideError(
            _("What this case is about has changed, so this cannot be done any more. Nothing was changed.")
        )
    return chosen


def depends_on_what_was_read(action: registry.Action) -> bool:
    """Leaving something as it is, and editing it. What restricts its author takes effect whatever they did since."""
    return action.depends_on_words or not action.restricts


def reads_otherwise(case: Case, decided: PendingDecision) -> bool:
    """Whether its author has changed the words since they were decided about."""
    kind = registry.by_kind(case.subject_kind)
    subject = kind.get(case.subject_id) if kind else None
    return kind is not None and subject is not None and kind.snapshot(subject) != decided.snapshot


def take(case: Case, decided: PendingDecision, *, unread: bool = False, replaces: Decision | None = None) -> Taken:
    """Do what was decided, write the statement of reasons, and begin the sanction. In the caller's transaction.

    Where something is there that nobody has read (`unread`), what waited goes on waiting. A sanction begins also where
    nothing can be done to the subject any more: its author escapes none by changing it or taking it back. Not so in
    the place of an earlier decision (`replaces`), where whoever judges is asked again.

    Raises:
        CannotDecideError, CannotApplyError: it cannot be done any more. The caller takes back what was begun.
    """
    kind, subject = _subject(case)
    snapshot = decided.snapshot or kind.snapshot(subject)
    changed = kind.snapshot(subject) != snapshot
    try:
        with transaction.atomic():
            done = _do(kind, subject, decided, unread=unread, shows_waiting=not unread and replaces is None)
    except (CannotDecideError, registry.CannotApplyError):
        if replaces is not None or not decided.sanction:
            raise
        done = _not_done(kind, subject, decided)
    decision = _write(case, decided, done, snapshot=snapshot, changed=changed, replaces=replaces)
    if decided.sanction:
        sanctions.impose(
            actor=decided.decider,
            decision=decision,
            kind=SanctionKind(decided.sanction),
            hours=decided.sanction_hours,
        )
    own = case.flags.filter(reporter=decided.decider).exists() and not kind.alias_of(subject, decided.decider_id)
    more = {"own_report": True} if own else {}
    audit.record(
        actor=decided.decider,
        verb=f"decide:{done.action}",
        subject=subject,
        case=case.pk,
        decision=decision.pk,
        **more,
    )
    return Taken(decision, done.left)


def _do(
    kind: registry.Subject[Model], subject: Model, decided: PendingDecision, *, unread: bool, shows_waiting: bool
) -> _Done:
    chosen = _offered(kind, subject, decided.action)
    if unread and depends_on_what_was_read(chosen):
        raise CannotDecideError(_("Something new arrived before it took effect. Please look again."))
    options = dict(decided.options)
    chosen.shows_waiting = shows_waiting
    chosen.apply(subject, actor=decided.decider, options=options)
    scope = str(chosen.scope) if chosen.restricts else ""
    return _Done(action=chosen.key, statement=str(chosen.statement), scope=scope, options=options)


def _not_done(kind: registry.Subject[Model], subject: Model, decided: PendingDecision) -> _Done:
    meant = kind.action(subject, decided.action)
    if meant is None or not meant.restricts:
        return _Done(action=KEEP, options={})
    left = _("Something has changed since you decided, so nothing was done to what it is about.")
    return _Done(action=KEEP, statement=_("Nothing was done to what you wrote."), options={}, left=left)


def _write(
    case: Case, decided: PendingDecision, done: _Done, *, snapshot: str, changed: bool, replaces: Decision | None
) -> Decision:
    ends_at = _ends_at(decided, replaces)
    statement, scope = [done.statement], [done.scope]
    if decided.sanction:
        statement.append(str(sanctions.SENTENCES[SanctionKind(decided.sanction)]))
        scope.append(_length(ends_at))
    if changed and any(statement):
        statement.append(_("It is about your words as they were. A moderator reads what you have changed since."))
    source, by_machine = (
        _noticed_by(case, decided.decider) if replaces is None else (Source(replaces.source), replaces.found_by_machine)
    )
    return Decision.objects.create(
        case=case,
        decider=decided.decider,
        author=case.author,
        action=done.action,
        options=done.options,
        rule=decided.rule,
        rule_version=rules.current_version(decided.rule) if decided.rule else None,
        statement=" ".join(filter(None, statement)),
        scope=" ".join(filter(None, scope)),
        reason=decided.reason,
        private_note=decided.private_note,
        snapshot=snapshot,
        source=source,
        found_by_machine=by_machine,
        ends_at=ends_at,
        replaces=replaces,
    )


def _ends_at(decided: PendingDecision, replaces: Decision | None) -> dt.datetime | None:
    """When the sanction ends; None for none, and without end. In the place of an earlier one no later than that."""
    hours = decided.sanction_hours if decided.sanction else None
    ends_at = timezone.now() + dt.timedelta(hours=hours) if hours else None
    first = replaces.sanctions.first() if replaces and ends_at else None
    return min(ends_at, first.ends_at) if ends_at and first and first.ends_at else ends_at


def _noticed_by(case: Case, decider: Member) -> tuple[Source, bool]:
    """What brought it here, and whether automatic screening found something: what was asked for, or is read first
    because of who wrote it, was not found.

    Whatever began the case, reports by others come before it. What only its decider reported is their own reading.
    """
    kinds = set(case.signals.values_list("kind", flat=True))
    found = bool(kinds - _NOT_FOUND)
    reporters = set(case.flags.values_list("reporter", flat=True))
    if others := reporters - {decider.pk}:
        brought = {Source.OUTSIDE if reporter is None else Source.REPORT for reporter in others}
        by_others = Source.REPORT if Source.REPORT in brought else Source.OUTSIDE
        return (Source(case.source) if case.source in brought else by_others), found
    if case.source == Source.AUTOMATION and kinds and not found:
        return (Source.AUTHOR if kinds <= _ASKED else Source.MODERATOR), False
    if case.source == Source.REPORT and reporters:
        return Source.MODERATOR, found
    return Source(case.source), found


def _length(ends_at: dt.datetime | None) -> str:
    if ends_at is None:
        return _("The limit on your account has no end date. It counts everywhere on this site.")
    until = date_format(localtime(ends_at), "j F Y, H:i e")
    return _("The limit on your account counts everywhere on this site, until %(until)s. It ends by itself.") % {
        "until": until
    }


def revert(decision: Decision, *, actor: Member) -> bool:
    """Take back what `decision` did to its subject, as far as that still is as it left it. Lift its sanctions.

    Says whether nothing of it is left there. In the caller's transaction, which has locked the case. The member's row
    comes last, as where a decision takes effect.
    """
    undone = revert_subject(decision, actor=actor)
    sanctions.lift_all(actor=actor, decision=decision)
    return undone


def revert_subject(decision: Decision, *, actor: Member) -> bool:
    """The first half of `revert`."""
    case = decision.case
    kind = registry.by_kind(case.subject_kind)
    subject = kind.get(case.subject_id) if kind else None
    action = kind.action(subject, decision.action) if kind and subject else None
    if kind is None or subject is None or action is None or not action.weight:
        # It did nothing to it, or there is nothing any more.
        return True
    if not action.adds and _stands_again(decision):
        return False
    # What its author has changed since is shown by nobody who has not read it.
    action.shows_waiting = kind.snapshot(subject) == decision.snapshot
    return action.revert(subject, actor=actor, options=decision.options)


def _stands_again(decision: Decision) -> bool:
    """Whether the same was decided once more since, and not taken back."""
    case = decision.case
    about = Decision.objects.filter(case__subject_kind=case.subject_kind, case__subject_id=case.subject_id)
    return about.filter(pk__gt=decision.pk, action=decision.action, replaced_by=None).exists()
