"""What an export says about moderation: what was decided about a member, and what they said themselves."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from members.exports import Row, Section, leave_out, register, stream
from members.models import Member
from moderation.access import looks
from moderation.models import Appeal, Decision, Flag, Sanction, StaffMessage


def _decisions(member: Member) -> Iterator[Row]:
    """The statement of reasons, with the words that it was about. Neither who decided nor who reported."""
    rows = Decision.objects.filter(author=member).order_by("pk")
    yield from stream(
        rows, decided_at="decided_at", what="statement", scope="scope", until="ends_at", rule="rule_version__title",
        reason="reason", noticed_by="source", found_by_machine="found_by_machine", words="snapshot",
    )  # fmt: skip
    sanctions = Sanction.objects.filter(member=member).order_by("pk")
    yield from stream(
        sanctions, limit="kind", reason="reason", begins_at="starts_at", until="ends_at", lifted_at="lifted_at",
        lifted_because="lifted_because",
    )  # fmt: skip


def _appeals(member: Member) -> Iterator[Row]:
    rows = Appeal.objects.filter(author=member).order_by("pk")
    return stream(rows, made_at="made_at", words="text", state="state", judged_at="judged_at", answer="answer")


def _reports(member: Member) -> Iterator[Row]:
    """Without the words of whoever was reported: they are not the reporter's."""
    rows = Flag.objects.filter(reporter=member).order_by("pk")
    return stream(rows, reported_at="created_at", kind="case__subject_kind", reason="reason", note="note")


def _messages(member: Member) -> Iterator[Row]:
    rows = StaffMessage.objects.filter(member=member).order_by("pk")
    return stream(rows, sent_at="sent_at", moderators_wrote="text", answered_at="answered_at", you_answered="answer")


def _looks(member: Member) -> Iterator[Row]:
    """What the page about it says, too: not while a case is open, or the law keeps it back."""
    return stream(looks.told_to(member).order_by("pk"), looked_at="looked_at", at_what="door", why="reason")


_WORDS = {"words": _("What you wrote")}

register(
    Section(
        "decisions",
        _("Decisions about you"),
        ("moderation.Decision.author", "moderation.Sanction.member"),
        _decisions,
        _WORDS,
    )
)
register(Section("appeals", _("Your appeals"), ("moderation.Appeal.author",), _appeals, _WORDS))
register(Section("reports", _("What you reported"), ("moderation.Flag.reporter", "moderation.Flag"), _reports))
register(Section("looks", _("What staff looked at"), ("moderation.Look.member", "moderation.Look"), _looks))
register(Section("messages", _("Moderators and you"), ("moderation.StaffMessage.member",), _messages))

_STAFF_WORK = _("What staff did in their role: it belongs to the site, and names other people.")
_BEFORE_DECISION = _(
    "What was noticed about something before it is decided: it would tell who reported it. What was decided is in the "
    "export."
)
_NOT_YET = _("A decision that can still be undone. It is in the export once it is one.")

leave_out(
    dict.fromkeys(
        [
            "moderation.AuditEntry.actor", "moderation.Appeal.decider", "moderation.Appeal.judge",
            "moderation.BegunDecision.decider", "moderation.Case.claimed_by", "moderation.Case.second_wanted_by",
            "moderation.CaseNote.author", "moderation.CaseNote.mentioned", "moderation.CaseNote_mentioned.member",
            "moderation.CrisisStep.by", "moderation.Decision.decider", "moderation.Declined.moderator",
            "moderation.PendingDecision.decider", "moderation.RuleVersion.changed_by",
            "moderation.Sanction.lifted_by", "moderation.Shift.moderator", "moderation.Shift.acknowledged_by",
            "moderation.StaffMessage.sent_by", "moderation.WatchedWords.changed_by", "moderation.Alert_cases",
            "moderation.Alert", "moderation.BegunDecision", "moderation.CaseNote", "moderation.CaseNote_mentioned",
            "moderation.CrisisStep", "moderation.Declined",
        ],
        _STAFF_WORK,
    )
    | dict.fromkeys(
        ["moderation.Case.author", "moderation.Signal", "moderation.OutsideReport"], _BEFORE_DECISION
    )
    | {"moderation.PendingDecision": _NOT_YET}
)  # fmt: skip
