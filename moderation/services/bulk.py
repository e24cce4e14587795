"""Spam comes in heaps: several cases decided with one rule and one reason, each by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from members.models import Member
from moderation import access
from moderation.access import CannotDecideError
from moderation.models import Case, PendingDecision, Rule
from moderation.services import claims, decisions

# What is done with spam: the first of these that the subject offers.
SPAM_ACTIONS = ("remove", "hide")


@dataclass(frozen=True, slots=True)
class Refused:
    case: Case
    why: str


def decide_as_spam(
    *, moderator: Member, cases: Iterable[tuple[Case, int]], rule: Rule, reason: str
) -> tuple[Sequence[PendingDecision], Sequence[Refused]]:
    """Claim and decide each of `cases`, which come with the version that the moderator saw. One does not stop another.

    Each is decided as any other is: with its own twelve seconds, its own statement, its own row in the log.
    """
    pending: list[PendingDecision] = []
    refused: list[Refused] = []
    for case, version in cases:
        try:
            pending.append(_decide(moderator, case, version, rule, reason))
        except CannotDecideError as error:
            refused.append(Refused(case, str(error)))
    return pending, refused


def _decide(moderator: Member, case: Case, version: int, rule: Rule, reason: str) -> PendingDecision:
    held = access.is_held(case)
    if not claims.claim(moderator=moderator, case=case):
        raise CannotDecideError(_("A colleague has it, or it was decided meanwhile."))
    try:
        return decisions.decide(
            moderator=moderator,
            case=case,
            version=version,
            action=_action(case),
            rule=rule,
            reason=reason,
            reports_fair=True,
        )
    except CannotDecideError:
        if not held:
            claims.release(moderator=moderator, case=case)
        raise


def _action(case: Case) -> str:
    offered = {action.key for action in access.actions_for(case)}
    chosen = next((key for key in SPAM_ACTIONS if key in offered), None)
    if chosen is None:
        raise CannotDecideError(_("It is gone or hidden already, so it is looked at by itself."))
    return chosen


def undo_all(*, moderator: Member) -> tuple[int, int]:
    """Take back what they decided within the last seconds.

    Says how many were taken back, and for how many it was too late.
    """
    decided = access.pending_of(moderator)
    undone = sum(decisions.undo(moderator=moderator, case=pending.case) is not None for pending in decided)
    return undone, len(decided) - undone
