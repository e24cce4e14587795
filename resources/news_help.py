"""What curators and administrators are told about the page that always answers (M9)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import ByKey, Ids
from members.models import Member
from notifications import kinds
from notifications.models import Channel, Event
from resources.models import HelpFailure


def _keeps_it(member: Member) -> bool:
    """Curators keep what stands on it, and what ails it may be for an administrator to mend."""
    return member.is_curator or member.is_staff or member.is_superuser


def _keepers(_event: Event) -> Iterable[int]:
    keepers = Q(is_curator=True) | Q(is_staff=True) | Q(is_superuser=True)
    return Member.objects.filter(keepers, is_active=True).values_list("pk", flat=True)


def _goes_on(failure_ids: Collection[int], member: Member) -> Collection[int]:
    if not _keeps_it(member):
        return set()
    return Ids(HelpFailure.objects.filter(pk__in=failure_ids, mended_at=None))


def _lines(failure_ids: Collection[int]) -> Mapping[int, str]:
    line = _("“Get help now” could not be brought up to date. Readers see how it was before. The reason: %(why)s")
    failures = HelpFailure.objects.filter(pk__in=failure_ids).values_list("pk", "why")
    return ByKey(failures, lambda why: line % {"why": why})


# A mail at once, which no other news of the library is: a number that was put right is not shown, and whoever calls the
# old one may reach nobody. There is one for each outage, at hours that are not quiet: what was good last still stands.
HELP_FAILED = kinds.register(
    kinds.Kind(
        key="help_failed",
        audience=kinds.few(_keepers),
        visible=_goes_on,
        url=lambda _event: reverse("help_now"),
        lines=_lines,
        label=gettext_lazy("“Get help now” could not be brought up to date"),
        for_whom=_keeps_it,
        topic=kinds.Topic.CURATING,
        default=Channel.MAIL,
        least=Channel.SITE,
        useful_for=dt.timedelta(days=7),
    )
)
