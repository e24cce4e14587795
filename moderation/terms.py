"""How long what moderators need is kept."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from members.retention import Term, register
from moderation.models import APPEAL_WINDOW, Case
from moderation.services import forgetting


def _cases(now: dt.datetime) -> "QuerySet[Case]":
    """At most: those that can still be appealed against stay."""
    return Case.objects.filter(state=Case.State.DECIDED, words_erased=False, decided_at__lt=now - APPEAL_WINDOW)


register(
    Term(
        key="words-in-cases",
        what=_("The words that a report or a decision was about, appeals, and what you answered moderators."),
        why=_("So that a decision is fair and can be looked at again (EU DSA, Art. 20)."),
        how_long=_("Six months after the last decision about it."),
        seen_by=_("Moderators and you. Nobody learns who reported."),
        models=("moderation.Flag", "moderation.Signal", "moderation.Appeal", "moderation.StaffMessage"),
        due=_cases,
        end=forgetting.erase_words,
    )
)
register(
    Term(
        key="decisions",
        what=_("What was decided, why, by which rule, and which limits an account had."),
        why=_("So that the same measure holds for everybody, and nothing can be hidden later."),
        how_long=_("For good; after you left, without your name."),
        seen_by=_("You and moderators."),
        models=("moderation.Case", "moderation.Decision", "moderation.PendingDecision", "moderation.Sanction"),
    )
)
register(
    Term(
        key="moderators-work",
        what=_("Who of the moderators did what and when, and what they wrote to each other."),
        why=_("So that decisions can be traced, and nobody can look at private things in secret."),
        how_long=_("For good; after they left, without their name."),
        seen_by=_("Moderators and administrators."),
        models=(
            "moderation.AuditEntry", "moderation.CaseNote", "moderation.BegunDecision", "moderation.Declined",
            "moderation.CrisisStep", "moderation.Shift", "moderation.RuleVersion", "moderation.WatchedWords",
        ),
    )
)  # fmt: skip
register(
    Term(
        key="looks",
        what=_("That staff looked at something of yours that members do not see, and why."),
        why=_("So that you can read it."),
        how_long=_("For good; after you left, without your name."),
        seen_by=_("You, once no case about you is open, and administrators."),
        models=("moderation.Look",),
    )
)
register(
    Term(
        key="outside-reports",
        what=_("The name and address of somebody without an account who reported something."),
        why=_("So that they can be told what came of it."),
        how_long=_("Six months after the last decision about it."),
        seen_by=_("Moderators."),
        models=("moderation.OutsideReport",),
    )
)
