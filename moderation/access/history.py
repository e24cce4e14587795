"""What is known of an author from before, as far as moderators know that it is the same person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef
from django.db.models.expressions import Combinable
from django.utils import timezone

from core.carried import Carried
from moderation import registry
from moderation.models import Decision, Sanction

EARLIER_SHOWN, EARLIER_LOOKED_AT = 5, 50


@dataclass(frozen=True, slots=True)
class History:
    decisions: Sequence[Decision] = ()
    running: Sequence[Sanction] = ()
    past: Sequence[Sanction] = ()


# What moderators/_earlier.html shows of a decision.
EARLIER = Carried(Decision, "public_id", "statement", "decided_at", "private_note", "decider__username", "rule__title")
_DECISION = Carried(Decision, *EARLIER.columns, "case__subject_kind")
_SANCTION = Carried(Sanction, "kind", "ends_at", "lifted_at", "decision__case__subject_kind")


def history_columns() -> Mapping[str, Combinable]:
    """In a query about cases: what `history_of` needs."""
    decisions = Decision.objects.filter(author=OuterRef("author_id")).exclude(case=OuterRef("pk")).order_by("-id")
    sanctions = Sanction.objects.filter(member=OuterRef("author_id")).order_by("-id")
    return {
        "decisions_before": _DECISION.all(decisions, registry.naming("case__"), limit=EARLIER_LOOKED_AT),
        "sanctions": _SANCTION.all(sanctions, registry.naming("decision__case__"), limit=EARLIER_LOOKED_AT),
    }


def history_of(case_id: int, named: registry.Named | None, found: Mapping[str, Any]) -> History:
    """The latest other decisions about the same author, and the limits that were set on them. No query.

    What was decided about an alias stays with it: beside a name it would tell who is behind it, and beside another
    alias that both are one. Without its subject nobody can tell which it was: here nothing is shown then, and of other
    cases those whose subject is gone are left out.
    """
    if named is None:
        return History()

    def is_same(kind_name: str, naming: Sequence[Any] | None) -> bool:
        other = registry.named(kind_name, naming)
        return other is not None and other.alias == named.alias

    decisions = [
        row
        for row, (naming,) in _DECISION.with_more(found["decisions_before"])
        if is_same(row.case.subject_kind, naming)
    ]
    theirs = []
    for row, (naming,) in _SANCTION.with_more(found["sanctions"]):
        if row.decision is None:
            # A limit without a decision was set on the account, by its name.
            is_theirs = named.alias is None
        else:
            is_theirs = row.decision.case_id != case_id and is_same(row.decision.case.subject_kind, naming)
        if is_theirs:
            theirs.append(row)
    now = timezone.now()
    running = [row for row in theirs if row.lifted_at is None and (row.ends_at is None or row.ends_at > now)]
    past = [row for row in theirs if row not in running]
    return History(decisions[:EARLIER_SHOWN], running, past[:EARLIER_SHOWN])
