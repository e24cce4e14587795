"""What moderation tells members."""

from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from members.models import Member
from moderation.models import Decision, Flag
from notifications import kinds
from notifications.models import Event


def _decision(event: Event) -> Decision:
    return Decision.objects.only("public_id", "author_id", "case_id").get(pk=event.target_id)


def _reporters(event: Event) -> Iterable[int]:
    return Flag.objects.filter(case__decisions=event.target_id).values_list("reporter_id", flat=True)


def _reported(decision_ids: Collection[int], member: Member) -> set[int]:
    flags = Flag.objects.filter(case__decisions__in=decision_ids, reporter=member)
    return set(flags.values_list("case__decisions", flat=True)) & set(decision_ids)


def _mine(decision_ids: Collection[int], member: Member) -> set[int]:
    return set(Decision.objects.filter(pk__in=decision_ids, author=member).values_list("pk", flat=True))


DECISION_ABOUT_YOU = kinds.register(
    kinds.Kind(
        key="decision_about_you",
        audience=lambda event: [_decision(event).author_id],
        visible=_mine,
        url=lambda event: reverse("decision", args=[_decision(event).public_id]),
        lines=lambda ids: dict.fromkeys(ids, _("A moderator made a decision about something you wrote.")),
        mail_now=True,
    )
)
REPORT_DECIDED = kinds.register(
    kinds.Kind(
        key="report_decided",
        audience=_reporters,
        visible=_reported,
        url=lambda _event: reverse("my_reports"),
        lines=lambda ids: dict.fromkeys(ids, _("A moderator has looked at something you reported.")),
    )
)
