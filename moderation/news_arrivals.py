"""That somebody waits to be let in, and that they were."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import Ids
from members.models import Member
from notifications import kinds
from notifications.models import Channel, Event


def _admins(_event: Event) -> Iterable[int]:
    admins = Member.objects.filter(Q(is_staff=True) | Q(is_superuser=True), is_active=True)
    return admins.values_list("pk", flat=True)


def _still_wait(member_ids: Collection[int], member: Member) -> Collection[int]:
    """Only for administrators, and while nobody else has answered."""
    if not (member.is_active and (member.is_staff or member.is_superuser)):
        return set()
    return Ids(Member.objects.filter(pk__in=member_ids, awaits_approval=True, is_active=True))


def _administers(member: Member) -> bool:
    return member.is_staff or member.is_superuser


# All who wait are one group: they stand on the same page.
DOOR = 0
WAITS_AT_THE_DOOR = kinds.register(
    kinds.Kind(
        key="waits_at_the_door",
        label=gettext_lazy("Somebody waits to be let in"),
        for_whom=_administers,
        topic=kinds.Topic.MODERATING,
        default=Channel.MAIL,
        audience=kinds.few(_admins),
        visible=_still_wait,
        url=lambda _event: reverse("manage_arrivals"),
        lines=lambda ids: dict.fromkeys(ids, _("Somebody waits to be let in.")),
        grouped=lambda ids: dict.fromkeys(ids, _("People wait to be let in.")),
    )
)
LET_IN = kinds.register(
    kinds.Kind(
        key="let_in",
        topic=kinds.Topic.YOURS,
        default=Channel.MAIL,
        least=Channel.MAIL,
        presses=True,
        useful_for=dt.timedelta(days=14),
        audience=kinds.few(lambda event: [event.target_id]),
        visible=lambda ids, member: {member.pk} & set(ids),
        url=lambda _event: reverse("welcome"),
        lines=lambda ids: dict.fromkeys(ids, _("You were let in. Welcome.")),
        mail_line=gettext_lazy("Your account is open now. This link leads to it, after you sign in:"),
    )
)
