"""Reports: what can be reported and by whom, and what a reporter may know of it."""

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Model, Q
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.pagination import Page, keyset_page
from members.models import Member
from moderation import registry
from moderation.access.decisions import in_force
from moderation.access.sanctions import running_at
from moderation.access.shifts import on_shift
from moderation.models import Case, Decision, Flag, Priority, Sanction, SanctionKind

# The action of a decision that left the words as they were.
LEFT_AS_IT_IS = "approve"


class CannotFlagError(Exception):
    """This member cannot report this now. The message is a sentence for them; their words are kept."""


def find_subject_for(member: Member, kind: str, public_id: UUID) -> Model:
    """What `member` wants to report. Raises Http404 when there is no such thing for them, and for themselves."""
    subject_kind = registry.by_kind(kind)
    if subject_kind is None:
        raise Http404
    subject = subject_kind.find_for(member, public_id)
    if subject_kind.author(subject).pk == member.pk:
        raise Http404
    return subject


def find_reported(address: str, *, hosts: Collection[str]) -> Model | None:
    """What stands at the address that somebody typed or copied, in whatever state. None if it is none of `hosts`."""
    if "://" not in address and not address.startswith("/"):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.netloc and parts.netloc.lower() not in hosts:
        return None
    return registry.find_at(parts._replace(scheme="", netloc="").geturl())


def not_flagging(member: Member) -> Sanction | None:
    """The sanction by which reporting was taken away from `member`; None for almost everybody. One query.

    Of several the one that ends last: in descending order, one without an end comes before all others.
    """
    taken = Sanction.objects.filter(running_at(timezone.now()), member=member, kind=SanctionKind.NO_FLAGS)
    return taken.order_by("-ends_at", "-id").first()


def why_not_flagging(sanction: Sanction) -> str:
    """What somebody from whom reporting was taken away is told."""
    if sanction.ends_at is None:
        return _("Reporting was taken away from you by a moderator’s decision.")
    until = date_format(timezone.localtime(sanction.ends_at), "j F Y, H:i e")
    return _("Reporting was taken away from you until %(until)s, by a moderator’s decision.") % {"until": until}


def check_can_flag(taken: Sanction | None, reason: Flag.Reason) -> None:
    """Raises CannotFlagError where reporting was `taken` away. A worry about somebody is always heard."""
    if reason != Flag.Reason.WORRIED and taken is not None:
        raise CannotFlagError(
            _(
                "%(why)s If you are worried about somebody, you can still say so, and nothing was lost: your words are "
                "below."
            )
            % {"why": why_not_flagging(taken)}
        )


def left_as_it_is(subject: Model, *, snapshot: str, reason: Flag.Reason) -> Case | None:
    """The case in which a moderator has looked at exactly these words and left them; None when they need a look.

    A worry is about a person and not about words, so it is looked at unless the case was about a worry already.
    Two queries.
    """
    kind = registry.of(subject)
    about = Q(subject_kind=kind.kind, subject_id=subject.pk)
    if not kind.is_its_words or Case.objects.filter(about, state=Case.State.OPEN).exists():
        return None
    decisions = Decision.objects.filter(case__subject_kind=kind.kind, case__subject_id=subject.pk)
    latest = decisions.select_related("case").order_by("-id").first()
    if latest is None or not is_left_as_it_is(subject, latest, snapshot=snapshot, reason=reason):
        return None
    return latest.case


def is_left_as_it_is(subject: Model, latest: Decision, *, snapshot: str, reason: Flag.Reason) -> bool:
    """Whether the `latest` decision about a subject without an open case was that. Reads its case."""
    if not registry.of(subject).is_its_words or latest.action != LEFT_AS_IT_IS or latest.snapshot != snapshot:
        return False
    return reason != Flag.Reason.WORRIED or latest.case.priority <= Priority.CRISIS


def waits_for_decision(subject: Model) -> bool:
    """Whether a moderator has still to decide about it. One query."""
    about = Case.objects.filter(subject_kind=registry.of(subject).kind, subject_id=subject.pk)
    return about.filter(state=Case.State.OPEN).exists()


def is_anybody_on_shift() -> bool:
    """Whether a moderator is looking after the queue now. One query."""
    return any(shift.paused_at is None for shift in on_shift())


def reports_by(member: Member, cursor: str | None) -> Page[Flag]:
    flags = Flag.objects.filter(reporter=member).select_related("case").prefetch_related("case__decisions")
    return keyset_page(flags, order=["-id"], size=20, cursor=cursor)


def report_rows(flags: Sequence[Flag]) -> list[dict[str, Any]]:
    """What a reporter may know: what they said, and that it waits, or was looked at and whether something was done."""
    return [
        {
            "reason": flag.get_reason_display(),
            "note": flag.note,
            "created_at": flag.created_at,
            "waits": _waits(flag),
            "outcome": _("A moderator will look at it.") if _waits(flag) else outcome(flag.case),
        }
        for flag in flags
    ]


def _waits(flag: Flag) -> bool:
    """Also where the case goes on after a decision that came before it. Reads the case's decisions."""
    decided = any(decision.decided_at >= flag.created_at for decision in flag.case.decisions.all())
    return flag.case.state == Case.State.OPEN and not decided


def outcome(case: Case) -> str:
    """What came of the reports in `case`, for those who reported. Reads its decisions."""
    decisions = sorted(case.decisions.all(), key=lambda decision: decision.pk)
    if not decisions:
        return _("A moderator will look at it.")
    # A case can go on after a decision, while somebody is looked after.
    acted = any(decision.statement for decision in in_force(decisions))
    if any(decision.replaces_id is not None for decision in decisions):
        if acted:
            return _("Another moderator looked at it once more, and acted in another way.")
        return _("Another moderator looked at it once more, and left it as it is.")
    if acted:
        return _("A moderator looked at it and acted.")
    return _("A moderator looked at it and left it as it is.")
