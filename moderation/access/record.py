"""Reading the log."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, Model, OuterRef
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.pagination import Page, keyset_page
from members.models import Member
from moderation import registry
from moderation.access.moderators import moderates_now
from moderation.log_words import name_in_words, verb_in_words
from moderation.models import AuditEntry, Case, Decision
from moderation.models.record import Words

LOG_PAGE = 50
_KNOWN_AS, _OWN_REPORT = "known_as", "own_report"


def check_log_reader(member: Member) -> None:
    """The log says who reported and who looked at what: administrators only. Raises Http404 for everybody else."""
    if not (member.is_active and member.is_staff):
        raise Http404


def entries_about(subject: Model, *, verbs: str, limit: int) -> Sequence[AuditEntry]:
    """The latest log entries about `subject` whose verb begins with `verbs`. Reads the actors. One query."""
    entries = AuditEntry.objects.filter(
        subject_kind=registry.of(subject).kind, subject_id=subject.pk, verb__startswith=verbs
    )
    return list(entries.select_related("actor").order_by("-id")[:limit])


@dataclass(frozen=True, slots=True)
class LogSearch:
    """What is looked for; each part narrows. `since` and `until` are instants, `until` not included."""

    actor: str = ""
    verb: str = ""
    words: str = ""
    case: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def described(self) -> dict[str, Any]:
        """For the log itself, which keeps who looked for what."""
        parts = {"actor": self.actor, "verb": self.verb, "words": self.words, "case": self.case}
        times = {"since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        return {name: value for name, value in (parts | times).items() if value}


def search_log(reader: Member, search: LogSearch, cursor: str | None) -> Page[AuditEntry]:
    """The newest first. One query; words are found through an index (`audit_words`), whole and in any order.

    Without who reported what `reader` wrote: nobody learns that.
    """
    about_reader = Case.objects.filter(
        author=reader, subject_kind=OuterRef("subject_kind"), subject_id=OuterRef("subject_id")
    )
    entries = AuditEntry.objects.select_related("actor").exclude(Exists(about_reader), verb="flag")
    if search.actor:
        entries = entries.filter(actor__username__iexact=search.actor)
    if search.verb:
        entries = entries.filter(verb__startswith=search.verb)
    if search.case:
        entries = entries.filter(details__contains={"case": search.case})
    if search.words:
        entries = entries.alias(found=Words("details")).filter(
            found=SearchQuery(search.words, config="simple", search_type="plain")
        )
    if search.since:
        entries = entries.filter(at__gte=search.since)
    if search.until:
        entries = entries.filter(at__lt=search.until)
    return keyset_page(entries, order=["-id"], size=LOG_PAGE, cursor=cursor)


def log_rows(reader: Member, entries: Sequence[AuditEntry]) -> list[dict[str, Any]]:
    """What the page shows of each: in words, with a link to a case or decision that `reader` may open. Two queries.

    Nobody reads of a case about themselves that it was its decider who reported it.
    """
    cases, own = _cases_for(reader, _named(entries, "case"))
    places = {"case": cases, "decision": _decisions_for(reader, _named(entries, "decision"))}
    return [
        {
            "entry": entry,
            "what": verb_in_words(entry.verb),
            "known_as": entry.details.get(_KNOWN_AS, ""),
            "details": [
                (name_in_words(name), _line(value), places.get(name, {}).get(value, "") if type(value) is int else "")
                for name, value in entry.details.items()
                if value not in (None, "", [], {})
                and name != _KNOWN_AS
                and not (name == _OWN_REPORT and entry.details.get("case") in own)
            ],
        }
        for entry in entries
    ]


def _named(entries: Sequence[AuditEntry], name: str) -> set[int]:
    return {value for entry in entries if isinstance(value := entry.details.get(name), int)}


def _cases_for(reader: Member, ids: set[int]) -> tuple[dict[int, str], set[int]]:
    """Addresses, as `get_case` has it, and which of the cases are about `reader`."""
    rows = list(Case.objects.filter(pk__in=ids).values_list("pk", "public_id", "author_id"))
    own = {pk for pk, _public_id, author_id in rows if author_id == reader.pk}
    opened = [(pk, public_id) for pk, public_id, _author_id in rows if moderates_now(reader) and pk not in own]
    return {pk: reverse("case", args=[public_id]) for pk, public_id in opened}, own


def _decisions_for(reader: Member, ids: set[int]) -> dict[int, str]:
    """As `get_decision_for` has it."""
    decisions = Decision.objects.filter(pk__in=ids).exclude(statement="")
    if not moderates_now(reader):
        decisions = decisions.filter(author=reader)
    return {pk: reverse("decision", args=[public_id]) for pk, public_id in decisions.values_list("pk", "public_id")}


def _line(value: object) -> str:
    """Lists and searches in a line each."""
    if isinstance(value, dict):
        return ", ".join(f"{name_in_words(name)}: {_line(each)}" for name, each in value.items())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
