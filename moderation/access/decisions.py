"""Decisions, as the people they are about read them, and the rules they rest on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.changes import changes
from core.pagination import Page, keyset_page
from members.models import Member
from moderation import registry
from moderation.access.moderators import moderates_now
from moderation.access.sanctions import running_at
from moderation.models import (
    APPEAL_WINDOW,
    Appeal,
    Case,
    Decision,
    PendingDecision,
    Rule,
    Sanction,
    Source,
)

DECISIONS_PAGE = 20
# The action of a decision that only takes an earlier one back, and of one that does nothing to what it is about.
WITHDRAWN, KEEP = "withdrawn", "keep"


def get_decision_for(member: Member, public_id: UUID) -> Decision:
    """A restriction's author and moderators may read its statement of reasons."""
    decisions = Decision.objects.select_related("rule", "rule_version", "case", "appeal__outcome", "replaces")
    decision = decisions.exclude(statement="").filter(public_id=public_id).first()
    if decision is None or not (decision.author_id == member.pk or moderates_now(member)):
        raise Http404
    return decision


def has_restriction(subject: Model) -> bool:
    """Whether a decision about `subject` restricted something. One query."""
    decisions = Decision.objects.filter(case__subject_kind=registry.of(subject).kind, case__subject_id=subject.pk)
    return decisions.exclude(statement="").exists()


def decisions_about(member: Member, cursor: str | None) -> Page[Decision]:
    """What restricted `member`, the latest first. One query."""
    decisions = Decision.objects.filter(author=member).exclude(statement="").select_related("appeal", "rule_version")
    return keyset_page(decisions, order=["-id"], size=DECISIONS_PAGE, cursor=cursor)


def decision_rows(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """For the list. No query."""
    return [
        {
            "public_id": decision.public_id,
            "what": decision.statement,
            "rule": decision.rule_version.title if decision.rule_version else "",
            "decided_at": decision.decided_at,
            "state": _state(decision),
        }
        for decision in decisions
    ]


def _state(decision: Decision) -> str:
    appeal = appeal_of(decision)
    return str(Appeal.State(appeal.state).label) if appeal else ""


def appeal_of(decision: Decision) -> Appeal | None:
    """No query where it was loaded along."""
    return getattr(decision, "appeal", None)


def statement(decision: Decision) -> dict[str, Any]:
    """The statement of reasons as components/statement.html shows it (EU DSA, Art. 17). Reads rule and appeal."""
    rule = decision.rule_version or decision.rule
    may_appeal = can_be_appealed(decision)
    return {
        "what": decision.statement,
        "how_long": decision.scope or _("Until a moderator changes it."),
        "rule": rule.title if rule else "",
        "rule_text": rule.text if rule else "",
        "facts": decision.reason,
        "noticed": _noticed(decision),
        "decided_at": decision.decided_at,
        "appeal_url": reverse("appeal", args=[decision.public_id]) if may_appeal else "",
        "appeal_text": how_to_appeal(decision) if may_appeal else _no_appeal(decision),
    }


def _noticed(decision: Decision) -> str:
    told = _("It was noticed through %(source)s.") % {"source": Source(decision.source).label}
    if decision.found_by_machine and decision.source != Source.AUTOMATION:
        told += " " + _("Automatic screening had noticed something in it, too.")
    return told + " " + _("A person decided. No machine decides here.")


def can_be_appealed(decision: Decision) -> bool:
    """No query where the appeal was loaded along."""
    return bool(decision.statement) and appeal_of(decision) is None and timezone.now() < decision.appeal_until


def how_to_appeal(decision: Decision) -> str:
    until = date_format(localtime(decision.appeal_until), "j F Y")
    return _(
        "You can ask until %(until)s. Somebody else than the person who decided looks at it, within seven days. "
        "You could also write to %(address)s, turn to a body for out-of-court dispute settlement, or go to court."
    ) % {"until": until, "address": settings.CONTACT_EMAIL}


def appeal_text() -> str:
    """Of what moderators do without a decision in a case."""
    return _("Write to %(address)s within six months. Somebody else than the person who decided will look.") % {
        "address": settings.CONTACT_EMAIL
    }


def _no_appeal(decision: Decision) -> str:
    if appeal_of(decision) is not None:
        told = _("You asked for another look. What comes of it stands on this page.")
    else:
        told = _("The six months in which this could be appealed against are over.")
    elsewhere = _(
        "You could also write to %(address)s, turn to a body for out-of-court dispute settlement, or go to court."
    )
    return f"{told} {elsewhere}" % {"address": settings.CONTACT_EMAIL}


def change_in(decision: Decision) -> Any:
    """Where the words were edited: the pieces of what they were and what they became. None otherwise."""
    after = decision.options.get("after")
    return changes(decision.snapshot, after) if isinstance(after, str) else None


def running_limit(decision: Decision) -> Sanction | None:
    """The limit on the author's account that still runs because of it. One query."""
    return Sanction.objects.filter(running_at(timezone.now()), decision=decision).first()


def ended_limit(decision: Decision) -> Sanction | None:
    """One that a moderator ended early. One query."""
    return Sanction.objects.filter(decision=decision, lifted_at__isnull=False).first()


def undo_rows(pending: Sequence[PendingDecision]) -> list[dict[str, Any]]:
    """What each of these decided, about what, and how many seconds there are to undo it. Reads their cases. One
    query, where there are any."""
    if not pending:
        return []
    found = Case.objects.filter(pk__in=[row.case_id for row in pending])
    about = {pk: values for pk, *values in found.values_list("pk", registry.naming(), registry.carrying())}
    rows = []
    for row in pending:
        naming, carried = about.get(row.case_id, (None, None))
        named = registry.named(row.case.subject_kind, naming)
        subject = registry.subject_from(row.case.subject_kind, row.case.subject_id, carried)
        kind = registry.by_kind(row.case.subject_kind)
        rows.append(undo_row(row, named, kind.actions(subject) if kind and subject else ()))
    return rows


def undo_row(
    pending: PendingDecision, named: registry.Named | None, actions: Sequence[registry.Action]
) -> dict[str, Any]:
    """The same for one, with how its subject is called and what can be decided about that. Reads its case."""
    labels = (str(action.label) for action in actions if action.key == pending.action)
    return {
        "public_id": pending.case.public_id,
        "what": next(labels, pending.action),
        "about": named.title if named else "",
        "seconds": max(0, round((pending.settles_at - timezone.now()).total_seconds())),
    }


def in_force(decisions: Sequence[Decision]) -> list[Decision]:
    """Of all decisions about one thing, those that no appeal replaced. No query."""
    replaced = {decision.replaces_id for decision in decisions}
    return [decision for decision in decisions if decision.pk not in replaced]


def times_done(kind: str, subject_id: int, action: str, *, replaced: bool = False) -> Sequence[Decision]:
    """The decisions that did `action` to a subject and stand, or those that were `replaced` after an appeal; the
    latest first. One query."""
    done = Decision.objects.filter(case__subject_kind=kind, case__subject_id=subject_id, action=action)
    return list(done.filter(replaced_by__isnull=not replaced).order_by("-id"))


def subject_of(case: Case) -> Any:
    """What `case` is about, whatever its state; None when it is gone."""
    kind = registry.by_kind(case.subject_kind)
    return kind.get(case.subject_id) if kind else None


def past_appeal(kind: str, action: str, *, after: int, limit: int) -> tuple[set[int], int]:
    """Subjects to which `action` was done, and nobody can appeal against that any more or waits for the answer.

    Reads `limit` old decisions from the one with id `after` on. The second value is where to go on; 0 at the end.
    Three queries.
    """
    about = Decision.objects.filter(case__subject_kind=kind)
    begins = timezone.now() - APPEAL_WINDOW
    done = about.filter(action=action, decided_at__lt=begins, pk__gt=after).order_by("pk")
    rows = list(done.values_list("pk", "case__subject_id")[:limit])
    subject_ids = {subject_id for _pk, subject_id in rows}
    same = about.filter(case__subject_id__in=subject_ids)
    young = same.filter(decided_at__gte=begins).exclude(statement="")
    disputed = same.filter(appeal__state=Appeal.State.OPEN)
    kept = {pk for rows in (young, disputed) for pk in rows.values_list("case__subject_id", flat=True)}
    return subject_ids - kept, rows[-1][0] if len(rows) == limit else 0


def rules() -> list[Rule]:
    return list(Rule.objects.filter(is_active=True).order_by("position", "id"))
