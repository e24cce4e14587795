"""How somebody stands who leaves."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import clocks
from members import leaving
from members.models import Leaving, Member

_SALT = "members.leaving"
# Nothing is removed for good before this is over, too: the clocks of two machines may differ.
GRACE = dt.timedelta(minutes=5)


class CannotLeaveError(Exception):
    """Not now. The message says why, and what to do, for the member."""


class TooLateError(Exception):
    """What was left cannot be taken back any more."""


def zone_of(member: Member) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(member.time_zone or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def due_at(member: Member, now: dt.datetime) -> dt.datetime:
    """The end of the last day, by the member's clock, on which they can take it back."""
    zone = zone_of(member)
    day = now.astimezone(zone).date() + dt.timedelta(days=leaving.DAYS + 1)
    return clocks.instant(day, dt.time.min, zone)


def last_day_from(member: Member, now: dt.datetime) -> dt.date:
    """The last day on which they could come back, if they went now."""
    return now.astimezone(zone_of(member)).date() + dt.timedelta(days=leaving.DAYS)


def last_day(found: Leaving) -> dt.date:
    """The same as a day that can be named. Reads the member."""
    before = found.due_at - dt.timedelta(seconds=1)
    return before.astimezone(zone_of(found.member)).date()


def current(member: Member) -> Leaving | None:
    """That they are leaving, if they are. One query."""
    found = Leaving.objects.filter(member=member, undone_at=None, finished_at=None).first()
    if found is not None:
        found.member = member
    return found


def can_be_undone(found: Leaving, now: dt.datetime | None = None) -> bool:
    """Not once the account was closed, though something else of it may still wait. Reads the member."""
    in_force = found.undone_at is None and found.finished_at is None and found.member.is_active
    return in_force and (now or timezone.now()) < found.due_at


def hindrances(member: Member) -> Sequence[str]:
    """Why they cannot leave now, in sentences for them."""
    sentences = [sentence for part in leaving.parts() for sentence in part.forbids(member)]
    if not is_last_administrator(member):
        return sentences
    alone = _(
        "You are the only administrator here, and without one nobody can look after the site. Make somebody else an "
        "administrator first."
    )
    return [alone, *sentences]


def is_last_administrator(member: Member) -> bool:
    return administrators().filter(pk=member.pk).exists() and not administrators().exclude(pk=member.pk).exists()


def administrators() -> "QuerySet[Member]":
    """Who can make somebody else one, and stays."""
    here = Member.objects.filter(is_active=True, leaves_at=None)
    return here.filter(Q(is_superuser=True) | Q(is_staff=True))


def consequences(member: Member) -> Sequence[str]:
    """What happens to this member in particular, in sentences for them."""
    return [*_of_roles(member), *(sentence for part in leaving.parts() for sentence in part.says(member))]


def _of_roles(member: Member) -> Sequence[str]:
    if member.is_staff or member.is_superuser or member.is_moderator or member.is_curator or member.is_peer_supporter:
        return [
            _("Your roles end at once. If you come back, an administrator can give them to you again."),
        ]
    return []


# --- by a link in a mail


def stay_url(found: Leaving) -> str:
    """Where they can take it back without signing in. The address names nobody."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('stay', args=[signing.dumps(found.public_id.hex, salt=_SALT)])}"


@dataclass(frozen=True)
class Link:
    leaving: Leaving
    can_be_undone: bool


def by_link(token: str) -> Link | None:
    """None where the link is broken, was used, or its time is over long ago. One query."""
    try:
        public_id = UUID(hex=signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError):
        return None
    found = Leaving.objects.select_related("member").filter(public_id=public_id, undone_at=None).first()
    return Link(found, can_be_undone(found)) if found else None
