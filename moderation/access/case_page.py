"""What a moderator needs to be fair: the subject in place, the text as reported, what was said and decided."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.changes import Budget, Piece, changes
from members.models import Member
from moderation.access.case_file import REPORTS_SHOWN, VERSIONS_SHOWN, CaseFile
from moderation.access.cases import name_of
from moderation.access.claims import is_held
from moderation.access.crisis import crisis_context
from moderation.access.decisions import undo_row
from moderation.access.history import history_of
from moderation.access.moderators import moderates_now
from moderation.marks import Span, Stretch, stretches
from moderation.models import Case, Priority, Source, Template
from moderation.screening import ASKS_FOR_HELP, CLOSING_ASKED
from moderation.wording import in_words

REPORTS_OPEN = 10


@dataclass(slots=True)
class Version:
    """The text as it was at one time, with what was noticed in it then, and what has become of it."""

    text: str
    at: dt.datetime
    marked: Sequence[Stretch] = ()
    since: Sequence[Piece] = ()
    spans: list[Span] = field(default_factory=list)


def case_context(file: CaseFile, moderator: Member) -> dict[str, Any]:
    """One query at most, for the surroundings of the subject; for some kinds two."""
    kind, subject, found = file.kind, file.subject, file.found
    now_reads = kind.snapshot(subject) if kind and subject else None
    numbers, asks = _noticed(found)
    versions, more_versions = _versions(found, numbers, now_reads)
    return {
        **_state(file, moderator),
        "author_name": name_of(file.case, file.named),
        "is_alias": bool(file.named and file.named.alias),
        "author_door": kind.author_door(subject) if kind and subject else "",
        "subject": subject,
        "subject_state": kind.state(subject) if kind and subject else "",
        "subject_template": kind.template if kind else "",
        "subject_context": kind.context(subject, found["beside"]) if kind and subject else {},
        "signals": [{"number": number, "words": words} for words, number in numbers.items()],
        "closing_asked": CLOSING_ASKED in asks,
        "help_asked": ASKS_FOR_HELP in asks,
        "versions": versions,
        "more_versions": more_versions,
        "reports": _reports(file),
        "more_reports": max(0, found["flags_count"] - REPORTS_SHOWN),
        "reports_open": REPORTS_OPEN,
        "decisions": file.decisions,
        "history": history_of(file.case.pk, file.named, found),
        "notes": file.notes,
        "templates": file.templates.get(Template.Purpose.REASON, []),
        "colleagues": _colleagues(file, but=moderator),
        **crisis_context(found, file.templates),
    }


def _state(file: CaseFile, moderator: Member) -> dict[str, Any]:
    case, now = file.case, timezone.now()
    held, is_open = is_held(case), case.state == Case.State.OPEN
    wants_second = case.second_wanted_by_id == moderator.pk
    is_mine = held and is_open and case.claimed_by_id == moderator.pk
    return {
        "case": case,
        "priority_label": Priority(case.priority).label,
        "source": Source(case.source).label,
        "overdue": is_open and case.due_at < now,
        "quiet_until": case.quiet_until if is_open and case.quiet_until and case.quiet_until > now else None,
        "held_by": case.claimed_by if held else None,
        "is_mine": is_mine,
        "pending": file.pending,
        "undo": undo_row(file.pending, file.named, file.actions) if file.pending else None,
        "own_report": file.own_report,
        "wants_second": wants_second,
        "declined": file.is_declined,
        "deciding": is_mine and file.pending is None and not wants_second,
    }


# --- the words, then and now ------------------------------------------------------------------------------------


def _noticed(found: Mapping[str, Any]) -> tuple[Mapping[str, int], set[str]]:
    """What was noticed, each once, with the number by which the text points at it; and what its author asks for."""
    asks = {kind for kind, _rule in found["noticed"]} & {ASKS_FOR_HELP, CLOSING_ASKED}
    said = dict.fromkeys(in_words(kind, rule) for kind, rule in found["noticed"] if kind not in asks)
    return {words: number for number, words in enumerate(said, start=1)}, asks


def _versions(
    found: Mapping[str, Any], numbers: Mapping[str, int], now_reads: str | None
) -> tuple[Sequence[Version], int]:
    """Each text that somebody reported or screening noticed something in, once, the latest first; how many more."""
    first_seen: dict[str, dt.datetime] = {}
    for digest, said_at in [*found["digests_flags"], *found["digests_signals"]]:
        at = dt.datetime.fromisoformat(said_at)
        first_seen[digest] = min(at, first_seen.get(digest, at))
    latest = sorted(first_seen.items(), key=lambda seen: seen[1], reverse=True)
    texts = dict([*found["texts_flags"], *found["texts_signals"]])
    of_digest = {digest: Version(texts[digest], at) for digest, at in latest[:VERSIONS_SHOWN] if digest in texts}
    versions = list(of_digest.values())
    _mark(found, of_digest, numbers)
    # The looks are shared: the latest versions are compared first.
    budget = Budget()
    for version in versions:
        version.marked = stretches(version.text, version.spans)
        if now_reads is not None and now_reads != version.text:
            version.since = changes(version.text, now_reads, budget)
    return versions, found["texts_count"] - len(versions) if len(latest) > VERSIONS_SHOWN else 0


def _mark(found: Mapping[str, Any], of_digest: Mapping[str, Version], numbers: Mapping[str, int]) -> None:
    """Where something was noticed."""
    for kind, rule, start, end, digest in found["marks"]:
        words = in_words(kind, rule)
        if end > start and words in numbers and digest in of_digest:
            of_digest[digest].spans.append(Span(start, end, numbers[words], words))


# --- who said what ----------------------------------------------------------------------------------------------


def _reports(file: CaseFile) -> Sequence[dict[str, Any]]:
    """Reporters' words, the oldest first; how often they were right, once enough of their reports were judged.

    Whoever has another name where the subject stands is called by it, and nothing is said of their other reports.
    Without the subject nobody can tell who has, so nobody is named.
    """
    kind, subject = file.kind, file.subject
    judged = {reporter: accuracy_in_words(fair / every) for reporter, fair, every in file.found["judged"] if subject}
    rows = []
    for flag in reversed(file.flags[:REPORTS_SHOWN]):
        alias = kind.alias_of(subject, flag.reporter_id) if kind and subject and flag.reporter_id else ""
        name = flag.reporter.shown_name if flag.reporter and subject else _("a member")
        rows.append(
            {
                "reason": flag.get_reason_display(),
                "note": flag.note or (flag.outside.why if flag.outside else ""),
                "at": flag.created_at,
                "name": alias or name,
                "outside": flag.outside,
                "accuracy": "" if alias else judged.get(flag.reporter_id or 0, ""),
            }
        )
    return rows


def accuracy_in_words(share: float) -> str:
    if share >= 0.8:
        return _("What they report nearly always holds.")
    if share >= 0.5:
        return _("What they report holds more often than not.")
    if share >= 0.2:
        return _("What they report is dismissed more often than not.")
    return _("What they report is nearly always dismissed.")


def _colleagues(file: CaseFile, *, but: Member) -> Sequence[str]:
    """Names to mention: who is on shift, and who wrote about this case.

    The case's author, too, if they are there: somebody missing would tell who wrote under an alias. A note does not
    reach them.
    """
    there = {shift.moderator.username for shift in file.shifts}
    there |= {note.author.username for note in file.notes if moderates_now(note.author)}
    return sorted(there - {but.username})
