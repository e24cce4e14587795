"""Who looks after the queue now, and what they carry."""

import datetime as dt
import zoneinfo
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from core import clocks
from members.models import Member
from moderation.access.moderators import moderating_at
from moderation.models import Case, CrisisStep, Decision, Priority, Shift

HANDOVERS_SHOWN = 5
# A shift that nobody ended counts on nobody: not without a sign of its moderator for so long, nor longer than this.
SIGN_WITHIN, LONGEST = dt.timedelta(minutes=60), dt.timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is for shifts: since when a sign of their moderator or their beginning counts, and today."""

    now: dt.datetime
    signs_since: dt.datetime
    begun_since: dt.datetime
    midnight: dt.datetime


def clock_at(now: dt.datetime) -> Clock:
    return Clock(now, now - SIGN_WITHIN, now - LONGEST, midnight(now))


def present_at(now: dt.datetime) -> Q:
    """Shifts whose moderator is there, as far as anybody can tell; paused ones too."""
    return present_by(clock_at(now))


def present_by(clock: Clock) -> Q:
    sign = Q(seen_at__gt=clock.signs_since) | Q(started_at__gt=clock.signs_since)
    return sign & Q(ended_at=None, started_at__gt=clock.begun_since)


def on_shift(*, also: Member | None = None) -> Sequence[Shift]:
    """Shifts of people who are there and still moderate, paused ones too. One query.

    With `also`, their own running shift in any case: they can end it.
    """
    return list(shifts_by(clock_at(timezone.now()), also=also).select_related("moderator"))


def shifts_by(clock: Clock, *, also: Member | None = None) -> QuerySet[Shift]:
    there = present_by(clock) & moderating_at(clock.now, "moderator__")
    if also is not None:
        there |= Q(moderator=also, ended_at=None)
    return Shift.objects.filter(there).order_by("started_at", "id")


def shift_of(moderator: Member) -> Shift | None:
    return Shift.objects.filter(moderator=moderator, ended_at=None).first()


def handovers_for(moderator: Member) -> QuerySet[Shift]:
    """What colleagues wrote at the end of a shift and nobody has acknowledged, the latest first; too many to show."""
    ended = Shift.objects.filter(ended_at__isnull=False, acknowledged_by=None).exclude(handover="")
    return ended.exclude(moderator=moderator).order_by("-ended_at", "-id")


def get_handover(moderator: Member, pk: int) -> Shift:
    """Raises Http404, also for one's own."""
    shift = (
        Shift.objects.filter(pk=pk, ended_at__isnull=False).exclude(moderator=moderator).exclude(handover="").first()
    )
    if shift is None:
        raise Http404
    return shift


def urgent_remain(moderator: Member) -> bool:
    """Whether cases are open that somebody has to be told of before a shift ends. One look into an index.

    Not those about `moderator`: they are not told that these exist.
    """
    urgent = Case.objects.filter(state=Case.State.OPEN, priority__lte=Priority.DANGER)
    return urgent.exclude(author=moderator).exists()


def hard_cases_today(moderator: Member, now: dt.datetime | None = None) -> int:
    """How many hard cases they decided, or took a crisis step in, since midnight on the site's clock (T6).

    Two queries.
    """
    hard = hard_work_since(moderator, midnight(now or timezone.now()))
    return len({pk for rows in hard for pk in rows.values_list("case", flat=True)})


def hard_work_since(moderator: Member, since: dt.datetime) -> tuple[QuerySet[Decision], QuerySet[CrisisStep]]:
    """The decisions and the steps."""
    decided = Decision.objects.filter(decider=moderator, decided_at__gte=since, case__priority__lte=Priority.DANGER)
    return decided, CrisisStep.objects.filter(by=moderator, at__gte=since, case__priority__lte=Priority.DANGER)


@dataclass(frozen=True, slots=True)
class Load:
    """What one moderator carried today."""

    hard_cases: int

    @property
    def offers_pause(self) -> bool:
        return bool(self.hard_cases >= settings.MODERATION_PAUSE_AFTER)


def load_of(moderator: Member) -> Load:
    return Load(hard_cases_today(moderator))


def midnight(now: dt.datetime) -> dt.datetime:
    """When the day began that it is now, also where clocks were changed since."""
    zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    return clocks.instant(now.astimezone(zone).date(), dt.time.min, zone)


def people_to_call(*, but: Collection[int] = (), everybody: bool = False) -> Sequence[int]:
    """Ids of the moderators on shift and not pausing; when there are none, or of `everybody`, of all moderators.

    Never of `but`, nor of those who are suspended.
    """
    now = timezone.now()
    moderators = Member.objects.filter(moderating_at(now)).exclude(pk__in=but)
    there = Shift.objects.filter(present_at(now), moderator=OuterRef("pk"), paused_at=None)
    present = [] if everybody else list(moderators.filter(Exists(there)).values_list("pk", flat=True))
    return present or list(moderators.values_list("pk", flat=True))
