"""What members are told about their own data."""

from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

import notifications.services
from core.later import Ids
from members import exports
from members.models import Export, Member
from notifications import kinds
from notifications.models import Channel, Event


def _owner(event: Event) -> Iterable[int]:
    return Export.objects.filter(pk=event.target_id).values_list("member_id", flat=True)


def _there(export_ids: Collection[int], member: Member) -> Collection[int]:
    return Ids(Export.objects.filter(pk__in=export_ids, member=member).exclude(file=""))


def _lines(export_ids: Collection[int]) -> dict[int, str]:
    return dict.fromkeys(export_ids, _("Your data is ready to download, for seven days."))


EXPORT_READY = kinds.register(
    kinds.Kind(
        key="export_ready",
        audience=kinds.few(_owner),
        visible=_there,
        url=lambda _event: reverse("your_data"),
        lines=_lines,
        default=Channel.MAIL,
        least=Channel.MAIL,
        # They asked for it, also on their way out.
        presses=True,
        topic=kinds.Topic.YOURS,
    )
)


def _tell(export: Export) -> None:
    notifications.services.record(kind=EXPORT_READY, target_id=export.pk)


exports.when_ready(_tell)
