"""What a moderator needs to be fair: the subject in place, the text as reported, what was said and decided."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, Model, Q, QuerySet
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext as _

from core.changes import Budget, Piece, changes
from members.models import Member
from moderation import registry
from moderation.access.cases import aliases_of, name_of
from moderation.access.claims import is_held, own_report
from moderation.access.history import history_of
from moderation.access.moderators import moderates_now
from moderation.access.shifts import on_shift
from moderation.access.templates import templates_for
from moderation.marks import Span, Stretch, stretches
from moderation.models import Case, CaseNote, Declined, Flag, PendingDecision, Priority, Source, Template
from moderation.screening import ASKS_FOR_HELP, CLOSING_ASKED
from moderation.wording import in_words

# With fewer judged reports nobody knows how good somebody's eye is (T8).
JUDGED_ENOUGH = 5
REPORTS_OPEN = 10
# What one page loads at most, the newest; how many more there are is said.
REPORTS_SHOWN, VERSIONS_SHOWN, MARKS_SHOWN = 50, 10, 500


@dataclass(slots=True)
class Version:
    """The text as it was at one time, with what was noticed in it then, and what has become of it."""

    text: str
    at: dt.datetime
    marked: Sequence[Stretch] = ()
    since: Sequence[Piece] = ()
    spans: list[Span] = field(default_factory=list)


def case_context(case: Case, moderator: Member) -> dict[str, Any]:
    kind = registry.by_kind(case.subject_kind)
    subject = kind.get(case.subject_id) if kind else None
    alias = aliases_of([case]).get(case.pk)
    now_reads = kind.snapshot(subject) if kind and subject else None
    flags, more_flags = _newest_flags(case)
    numbers, asks = _noticed(case)
    versions, more_versions = _versions(case, numbers, now_reads)
    return {
        **_state(case, moderator),
        "author_name": name_of(case, alias, known=subject is not None),
        "is_alias": alias is not None,
        "author_door": kind.author_door(subject) if kind and subject else "",
        "subject": subject,
        "subject_state": kind.state(subject) if kind and subject else "",
        "subject_template": kind.template if kind else "",
        "subject_context": kind.context(subject) if kind and subject else {},
        "signals": [{"number": number, "words": words} for words, number in numbers.items()],
        "closing_asked": CLOSING_ASKED in asks,
        "help_asked": ASKS_FOR_HELP in asks,
        "versions": versions,
        "more_versions": more_versions,
        "reports": _reports(flags, kind, subject),
        "more_reports": more_flags,
        "reports_open": REPORTS_OPEN,
        "decisions": list(case.decisions.select_related("decider", "rule").order_by("id")),
        "history": history_of(case, alias, known=subject is not None),
        "notes": list(case.notes.select_related("author").order_by("id")),
        "templates": templates_for(Template.Purpose.REASON),
    }


def _state(case: Case, moderator: Member) -> dict[str, Any]:
    held, is_open = is_held(case), case.state == Case.State.OPEN
    now = timezone.now()
    return {
        "case": case,
        "priority_label": Priority(case.priority).label,
        "source": Source(case.source).label,
        "overdue": is_open and case.due_at < now,
        "quiet_until": case.quiet_until if is_open and case.quiet_until and case.quiet_until > now else None,
        "held_by": case.claimed_by if held else None,
        "is_mine": held and is_open and case.claimed_by_id == moderator.pk,
        "pending": PendingDecision.objects.filter(case=case).select_related("decider", "rule", "case").first(),
        "own_report": own_report(moderator, case),
        "wants_second": case.second_wanted_by_id == moderator.pk,
        "declined": Declined.objects.filter(case=case, moderator=moderator).exists(),
    }


# --- the words, then and now ------------------------------------------------------------------------------------


def _noticed(case: Case) -> tuple[Mapping[str, int], set[str]]:
    """What was noticed, each once, with the number by which the text points at it; and what its author asks for.

    One query.
    """
    found = case.signals.values_list("kind", "rule").annotate(first=Min("id")).order_by("first")
    pairs = [(kind, rule) for kind, rule, _first in found]
    asks = {kind for kind, _rule in pairs} & {ASKS_FOR_HELP, CLOSING_ASKED}
    said = dict.fromkeys(in_words(kind, rule) for kind, rule in pairs if kind not in asks)
    return {words: number for number, words in enumerate(said, start=1)}, asks


def _versions(case: Case, numbers: Mapping[str, int], now_reads: str | None) -> tuple[Sequence[Version], int]:
    """Each text that somebody reported or screening noticed something in, once, the latest first; how many more.

    Five queries, and one more where there are more.
    """
    first_seen: dict[str, dt.datetime] = {}
    for rows in (case.flags.all(), case.signals.all()):
        for digest, at in _digests(rows):
            first_seen[digest] = min(at, first_seen.get(digest, at))
    latest = sorted(first_seen.items(), key=lambda seen: seen[1], reverse=True)
    texts = _texts(case, [digest for digest, _at in latest[:VERSIONS_SHOWN]])
    of_digest = {digest: Version(texts[digest], at) for digest, at in latest[:VERSIONS_SHOWN] if digest in texts}
    versions = list(of_digest.values())
    _mark(case, of_digest, numbers)
    # The looks are shared: the latest versions are compared first.
    budget = Budget()
    for version in versions:
        version.marked = stretches(version.text, version.spans)
        if now_reads is not None and now_reads != version.text:
            version.since = changes(version.text, now_reads, budget)
    return versions, _count_texts(case) - len(versions) if len(latest) > VERSIONS_SHOWN else 0


def _digests(rows: "QuerySet[Any]") -> Sequence[tuple[str, dt.datetime]]:
    """Of the latest different texts, with when each was first seen. The texts are told apart by their digests, so that
    thousands of rows bring none of them."""
    each = _with_digest(rows).values_list("digest").annotate(at=Min("created_at"), last=Max("id"))
    return [(digest, at) for digest, at, _last in each.order_by("-at", "-last")[: VERSIONS_SHOWN + 1]]


def _texts(case: Case, digests: Sequence[str]) -> Mapping[str, str]:
    """By their digests, each read from one of its rows."""
    found: dict[str, str] = {}
    for rows in (case.flags.all(), case.signals.all()):
        one_each = _with_digest(rows).filter(digest__in=digests).values("digest").annotate(last=Max("id"))
        found |= _with_digest(rows).filter(pk__in=one_each.values("last")).values_list("digest", "snapshot")
    return found


def _count_texts(case: Case) -> int:
    flags, signals = (_with_digest(rows).values("digest") for rows in (case.flags.all(), case.signals.all()))
    return flags.union(signals).count()


def _with_digest(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    digested: QuerySet[Any] = rows.exclude(snapshot="").order_by().annotate(digest=MD5("snapshot"))
    return digested


def _mark(case: Case, of_digest: Mapping[str, Version], numbers: Mapping[str, int]) -> None:
    """Where something was noticed."""
    rows = case.signals.annotate(digest=MD5("snapshot")).filter(digest__in=of_digest).order_by("-id")
    for kind, rule, start, end, digest in rows.values_list("kind", "rule", "start", "end", "digest")[:MARKS_SHOWN]:
        words = in_words(kind, rule)
        if end > start and words in numbers:
            of_digest[digest].spans.append(Span(start, end, numbers[words], words))


# --- who said what ----------------------------------------------------------------------------------------------


def _newest_flags(case: Case) -> tuple[Sequence[Flag], int]:
    """The newest reports, the oldest of them first, and how many more there are. One query, or two."""
    rows = case.flags.select_related("reporter", "outside").defer("snapshot").order_by("-id")
    newest = list(rows[: REPORTS_SHOWN + 1])
    more = case.flags.count() - REPORTS_SHOWN if len(newest) > REPORTS_SHOWN else 0
    return newest[:REPORTS_SHOWN][::-1], more


def _reports(
    flags: Sequence[Flag], kind: registry.Subject[Model] | None, subject: Model | None
) -> Sequence[dict[str, Any]]:
    """Reporters' words; how often they were right, once enough of their reports were judged. One query.

    Whoever has another name where the subject stands is called by it, and nothing is said of their other reports.
    Without the subject nobody can tell who has, so nobody is named.
    """
    judged = _judged({flag.reporter_id for flag in flags if flag.reporter_id}) if subject else {}
    rows = []
    for flag in flags:
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


def _judged(reporter_ids: set[int]) -> Mapping[int, str]:
    if not reporter_ids:
        return {}
    fair = Count("id", filter=Q(judged=Flag.Judged.FAIR))
    judged = Flag.objects.filter(reporter__in=reporter_ids).exclude(judged="").values_list("reporter")
    counted = judged.annotate(fair=fair, all=Count("id")).filter(all__gte=JUDGED_ENOUGH)
    return {reporter: accuracy_in_words(fair / every) for reporter, fair, every in counted.order_by("reporter")}


def accuracy_in_words(share: float) -> str:
    if share >= 0.8:
        return _("What they report nearly always holds.")
    if share >= 0.5:
        return _("What they report holds more often than not.")
    if share >= 0.2:
        return _("What they report is dismissed more often than not.")
    return _("What they report is nearly always dismissed.")


def colleagues(notes: Sequence[CaseNote], *, but: Member) -> Sequence[str]:
    """Names to mention: who is on shift, and who wrote about this case. One query.

    The case's author, too, if they are there: somebody missing would tell who wrote under an alias. A note does not
    reach them.
    """
    people = [*(shift.moderator for shift in on_shift()), *(note.author for note in notes)]
    there = {member.username for member in people if moderates_now(member)}
    return sorted(there - {but.username})
