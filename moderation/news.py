"""What moderation tells members."""

from collections.abc import Iterable

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


def _reported(event: Event, member: Member) -> bool:
    return Flag.objects.filter(case__decisions=event.target_id, reporter=member).exists()


DECISION_ABOUT_YOU = kinds.register(
    kinds.Kind(
        key="decision_about_you",
        audience=lambda event: [_decision(event).author_id],
        wanted=lambda event, member: _decision(event).author_id == member.pk,
        url=lambda event: reverse("decision", args=[_decision(event).public_id]),
        line=lambda _event: _("A moderator made a decision about something you wrote."),
        mail_now=True,
    )
)
REPORT_DECIDED = kinds.register(
    kinds.Kind(
        key="report_decided",
        audience=_reporters,
        wanted=_reported,
        url=lambda _event: reverse("my_reports"),
        line=lambda _event: _("A moderator has looked at something you reported."),
    )
)
