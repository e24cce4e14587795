"""What moderation keeps."""

from moderation.models.cases import Case, CaseNote, Declined, Flag, OutsideReport, Signal, Source
from moderation.models.decisions import (
    APPEAL_WINDOW,
    Appeal,
    BegunDecision,
    Decision,
    PendingDecision,
    Sanction,
    SanctionKind,
)
from moderation.models.desk import Alert, CrisisStep, Shift, StaffMessage, Template
from moderation.models.looks import Look
from moderation.models.priorities import Priority
from moderation.models.record import AuditEntry
from moderation.models.rules import Rule, RuleVersion, WatchedWords

__all__ = [
    "APPEAL_WINDOW",
    "Alert",
    "Appeal",
    "AuditEntry",
    "BegunDecision",
    "Case",
    "CaseNote",
    "CrisisStep",
    "Decision",
    "Declined",
    "Flag",
    "Look",
    "OutsideReport",
    "PendingDecision",
    "Priority",
    "Rule",
    "RuleVersion",
    "Sanction",
    "SanctionKind",
    "Shift",
    "Signal",
    "Source",
    "StaffMessage",
    "Template",
    "WatchedWords",
]
