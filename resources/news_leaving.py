"""What administrators hear when the last curator goes."""

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from members.models import Member
from notifications import kinds
from notifications.models import Channel, Event

_ADMINISTRATORS = Q(is_staff=True) | Q(is_superuser=True)


def _administrators(event: Event) -> Iterable[int]:
    del event
    return Member.objects.filter(_ADMINISTRATORS, is_active=True, leaves_at=None).values_list("pk", flat=True)


def _for_administrators(target_ids: Collection[int], member: Member) -> set[int]:
    return set(target_ids) if member.is_staff or member.is_superuser else set()


def _lines(target_ids: Collection[int]) -> dict[int, str]:
    said = _("There is no curator any more. Articles and help lines stay as they are until you name one.")
    return dict.fromkeys(target_ids, said)


NO_CURATOR = kinds.register(
    kinds.Kind(
        key="no_curator",
        audience=kinds.few(_administrators),
        visible=_for_administrators,
        url=lambda _event: reverse("admin:members_member_changelist"),
        lines=_lines,
        least=Channel.SITE,
        topic=kinds.Topic.YOURS,
    )
)
