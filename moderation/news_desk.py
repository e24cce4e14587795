"""What moderation tells moderators. Never what a case is about: that stands behind the link."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import Ids
from members.models import Member
from moderation.access.moderators import moderates_now
from moderation.access.shifts import people_to_call
from moderation.models import Alert, Case, CaseNote
from notifications import kinds
from notifications.models import Channel, Event


def _mentioned(event: Event) -> Iterable[int]:
    return CaseNote.mentioned.through.objects.filter(casenote=event.target_id).values_list("member", flat=True)


def _notes_for(note_ids: Collection[int], member: Member) -> Collection[int]:
    """Only while they moderate, and never notes about themselves."""
    if not moderates_now(member):
        return set()
    return Ids(CaseNote.objects.filter(pk__in=note_ids, mentioned=member).exclude(case__author=member))


def _note_address(event: Event) -> str:
    note = CaseNote.objects.select_related("case").get(pk=event.target_id)
    return f"{reverse('case', args=[note.case.public_id])}#note-{note.pk}"


NAMED_IN_NOTE = kinds.register(
    kinds.Kind(
        key="named_in_case_note",
        label=gettext_lazy("A colleague names me in a note in the review queue"),
        for_whom=kinds.moderators,
        audience=kinds.few(_mentioned),
        visible=_notes_for,
        url=_note_address,
        lines=lambda ids: dict.fromkeys(ids, _("A colleague named you in a note in the review queue.")),
        grouped=lambda ids: dict.fromkeys(ids, _("Colleagues named you in notes on one case in the review queue.")),
    )
)


def _to_call(event: Event) -> Iterable[int]:
    """Who is told, asked when it is told. Whoever the cases are about is not told that there are any."""
    alert = Alert.objects.get(pk=event.target_id)
    authors = set(alert.cases.values_list("author", flat=True))
    return people_to_call(but=authors if len(authors) == 1 else (), everybody=alert.to_all)


def _still_overdue(alert_ids: Collection[int], member: Member) -> Collection[int]:
    """Only while they moderate, and while one of its cases is overdue: a mail that comes late calls nobody in vain."""
    if not moderates_now(member):
        return set()
    overdue = Case.objects.filter(state=Case.State.OPEN, due_at__lt=timezone.now())
    return Ids(Alert.objects.filter(pk__in=alert_ids, cases__in=overdue))


def _overdue(ids: Collection[int]) -> dict[int, str]:
    return dict.fromkeys(ids, _("Something in the review queue is overdue."))


def _several_overdue(ids: Collection[int]) -> dict[int, str]:
    return dict.fromkeys(ids, _("Some of what is in the review queue is overdue."))


# All alerts are one group: they lead to the same page.
QUEUE = 0
QUEUE_OVERDUE = kinds.register(
    kinds.Kind(
        key="queue_overdue",
        label=gettext_lazy("Something in the review queue is overdue"),
        for_whom=kinds.moderators,
        least=Channel.SITE,
        audience=kinds.few(_to_call),
        visible=_still_overdue,
        url=lambda _event: reverse("queue") + "?show=overdue",
        lines=_overdue,
        grouped=_several_overdue,
    )
)
CRISIS_OVERDUE = kinds.register(
    kinds.Kind(
        key="crisis_overdue",
        audience=kinds.few(_to_call),
        visible=_still_overdue,
        url=lambda _event: reverse("queue") + "?show=overdue",
        lines=_overdue,
        grouped=_several_overdue,
        default=Channel.MAIL,
        least=Channel.MAIL,
        presses=True,
        useful_for=dt.timedelta(hours=12),
        mail_line=gettext_lazy("Something in the review queue is overdue. It is behind this link, after you sign in:"),
    )
)
