"""What is known of an author from before, as far as moderators know that it is the same person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from moderation import registry
from moderation.access.cases import aliases_of, titles_of
from moderation.models import Case, Decision, Sanction

EARLIER_SHOWN, EARLIER_LOOKED_AT = 5, 50


@dataclass(frozen=True, slots=True)
class History:
    decisions: Sequence[Decision] = ()
    running: Sequence[Sanction] = ()
    past: Sequence[Sanction] = ()


def history_of(case: Case, alias: registry.Alias | None, *, known: bool) -> History:
    """The latest other decisions about the same author, and the limits that were set on them. Two queries, and two
    for each kind of subject.

    What was decided about an alias stays with it: beside a name it would tell who is behind it, and beside another
    alias that both are one. Without its subject nobody can tell which it was: here (`known`) nothing is shown then, and
    of other cases those whose subject is gone are left out.
    """
    if not known:
        return History()
    sanctions = [row for row in _sanctions(case) if row.decision is None or row.decision.case_id != case.pk]
    decisions = _decisions(case)
    others = [*(row.case for row in decisions), *(row.decision.case for row in sanctions if row.decision)]
    aliases, there = aliases_of(others), titles_of(others)

    def is_same(about: Case | None) -> bool:
        # A limit without a decision was set on the account, by its name.
        if about is None:
            return alias is None
        return about.pk in there and aliases.get(about.pk) == alias

    now = timezone.now()
    theirs = [row for row in sanctions if is_same(row.decision.case if row.decision else None)]
    running = [row for row in theirs if row.lifted_at is None and (row.ends_at is None or row.ends_at > now)]
    past = [row for row in theirs if row not in running]
    return History([row for row in decisions if is_same(row.case)][:EARLIER_SHOWN], running, past[:EARLIER_SHOWN])


def _decisions(case: Case) -> Sequence[Decision]:
    decisions = Decision.objects.filter(author=case.author_id).exclude(case=case)
    return list(decisions.select_related("rule", "case", "decider").order_by("-id")[:EARLIER_LOOKED_AT])


def _sanctions(case: Case) -> Sequence[Sanction]:
    sanctions = Sanction.objects.filter(member=case.author_id).select_related("decision__case")
    return list(sanctions.order_by("-id")[:EARLIER_LOOKED_AT])
