"""What moderation tells members."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import Ids
from members.models import Member
from moderation.models import Decision, Flag
from notifications import kinds
from notifications.models import Channel, Event


def _decision(event: Event) -> Decision:
    return Decision.objects.select_related("case").get(pk=event.target_id)


def _reporters(event: Event) -> Iterable[int]:
    """Who reported since the case's last decision and before this one. A case may go on after one: while somebody is
    looked after, or because something came in that nobody had read."""
    decision = _decision(event)
    flags = Flag.objects.filter(case=decision.case_id, reporter__isnull=False, created_at__lte=decision.decided_at)
    earlier = Decision.objects.filter(case=decision.case_id, pk__lt=decision.pk, replaces=None).order_by("-id").first()
    if earlier is not None:
        flags = flags.filter(created_at__gt=earlier.decided_at)
    return flags.values_list("reporter_id", flat=True)


def _all_reporters(event: Event) -> Iterable[int]:
    flags = Flag.objects.filter(case__decisions=event.target_id, reporter__isnull=False)
    return flags.values_list("reporter_id", flat=True)


def _reported(decision_ids: Collection[int], member: Member) -> Collection[int]:
    reported = Flag.objects.filter(case=OuterRef("case"), reporter=member)
    return Ids(Decision.objects.filter(Exists(reported), pk__in=decision_ids))


def _mine(decision_ids: Collection[int], member: Member) -> Collection[int]:
    return Ids(Decision.objects.filter(pk__in=decision_ids, author=member))


DECISION_ABOUT_YOU = kinds.register(
    kinds.Kind(
        key="decision_about_you",
        topic=kinds.Topic.YOURS,
        audience=kinds.few(lambda event: [_decision(event).author_id]),
        visible=_mine,
        url=lambda event: reverse("decision", args=[_decision(event).public_id]),
        lines=lambda ids: dict.fromkeys(ids, _("A moderator made a decision about something you wrote.")),
        label=gettext_lazy("A decision about me, or what became of my appeal"),
        default=Channel.MAIL,
        least=Channel.SITE,
        presses=True,
        useful_for=dt.timedelta(days=14),
    )
)
REPORT_DECIDED = kinds.register(
    kinds.Kind(
        key="report_decided",
        topic=kinds.Topic.YOURS,
        audience=kinds.few(_reporters),
        visible=_reported,
        url=lambda _event: reverse("my_reports"),
        lines=lambda ids: dict.fromkeys(ids, _("A moderator has looked at something you reported.")),
        label=gettext_lazy("What became of something I reported"),
        least=Channel.SITE,
    )
)
REPORT_CHANGED = kinds.register(
    kinds.Kind(
        key="report_changed",
        like="report_decided",
        least=Channel.SITE,
        audience=kinds.few(_all_reporters),
        visible=_reported,
        url=lambda _event: reverse("my_reports"),
        lines=lambda ids: dict.fromkeys(
            ids, _("After an appeal, somebody looked again at something you reported, and decided otherwise.")
        ),
    )
)
