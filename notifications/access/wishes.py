"""What members chose, and the clock they live by."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils import timezone

from core import clocks
from core.built import BuiltByRules
from core.loaded import loaded
from members.models import Member
from members.stand_in import READER
from notifications import kinds, links
from notifications.models import Channel, Choice, Rhythm, Wishes
from notifications.models.wishes import WEEKDAYS

# Who came so long ago, and has chosen nothing, is asked once whether they want a digest.
NEWCOMERS = dt.timedelta(days=14)
# Who steps back without an end is asked about again after so long.
LOOK_AGAIN = dt.timedelta(days=1)


def wishes_of(member: Member) -> Wishes:
    """With the defaults, and not saved, where `member` chose nothing. One query."""
    rows = _WISHES.rows({"reader": member.pk})
    return loaded(Wishes, _FIELDS, rows[0]) if rows else Wishes(member=member)


_FIELDS = [field.attname for field in Wishes._meta.concrete_fields]  # noqa: SLF001 - public by Django's word
_WISHES = BuiltByRules(
    lambda: Wishes.objects.filter(member=READER).values_list(*_FIELDS), {"reader": READER}, always="reader"
)


def zone_of(member: Member) -> zoneinfo.ZoneInfo:
    """The member's; the site's where they chose none, or the machine does not know it (any more)."""
    try:
        return zoneinfo.ZoneInfo(member.time_zone) if member.time_zone else _site_zone()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return _site_zone()


def _site_zone() -> zoneinfo.ZoneInfo:
    zone = timezone.get_default_timezone()
    return zone if isinstance(zone, zoneinfo.ZoneInfo) else zoneinfo.ZoneInfo("UTC")


def channels_of(member_ids: Sequence[int], kind: kinds.Kind) -> Mapping[int, Channel]:
    """How far `kind` goes for each of them. One query."""
    chosen = dict(Choice.objects.filter(kind=kind.choice, member__in=member_ids).values_list("member", "channel"))
    return {pk: kind.allowed(chosen.get(pk, kind.default)) for pk in member_ids}


def channel_of(member: Member, kind: kinds.Kind) -> Channel:
    return channels_of([member.pk], kind)[member.pk]


def choices_of(member: Member) -> Mapping[str, Channel]:
    """How far each kind goes that `member` can choose about, by its key. One query."""
    chosen = dict(Choice.objects.filter(member=member).values_list("kind", "channel"))
    return {kind.key: kind.allowed(chosen.get(kind.key, kind.default)) for kind in kinds.offered_to(member)}


def away(now: dt.datetime) -> Q:
    """The wishes of those who are stepping back."""
    return Q(stepped_back_at__isnull=False) & (Q(back_at=None) | Q(back_at__gt=now))


def stepping_back_until(wishes: Wishes, now: dt.datetime) -> dt.datetime | None:
    """None when the member is here."""
    if wishes.stepped_back_at is None:
        return None
    if wishes.back_at is None:
        return now + LOOK_AGAIN
    return wishes.back_at if wishes.back_at > now else None


def quiet_until(member: Member, wishes: Wishes, now: dt.datetime) -> dt.datetime | None:
    """When the quiet hours end in which `now` lies; None outside of them.

    Hours are those on the member's wall. An end that the clock skips, because clocks go forward, is the first
    instant after the gap; one that it shows twice counts the first time (`core.clocks.instant`).
    """
    if wishes.quiet_from is None or wishes.quiet_until is None:
        return None
    zone = zone_of(member)
    today = now.astimezone(zone).date()
    for day in (today - dt.timedelta(days=1), today):
        ends_on = day if wishes.quiet_from < wishes.quiet_until else day + dt.timedelta(days=1)
        start = clocks.instant(day, wishes.quiet_from, zone)
        end = clocks.instant(ends_on, wishes.quiet_until, zone)
        if start <= now < end:
            return end
    return None


def next_digest_at(member: Member, wishes: Wishes, now: dt.datetime) -> dt.datetime | None:
    """When, after `now`, the clock on the member's wall next shows the hour of the digest, on a day for it.

    None while they want none, or no mails at all. An hour that the clock skips is the first instant after the gap; one
    that it shows twice counts the first time. Asks nothing of the database.
    """
    if wishes.rhythm == Rhythm.OFF or wishes.mail_off:
        return None
    every_day = frozenset(range(WEEKDAYS))
    days = every_day if wishes.rhythm == Rhythm.DAILY else frozenset([wishes.digest_weekday])
    clock = clocks.WeeklyClock(weekdays=days, at=dt.time(wishes.digest_hour), zone=zone_of(member))
    return next(clock.upcoming(now)).at


def offers_digest(member: Member) -> bool:
    """Whether to ask a newcomer, who has chosen nothing yet. One query for newcomers, none for others."""
    if timezone.now() - member.joined_at > NEWCOMERS:
        return False
    return not Wishes.objects.filter(member=member).exists()


def member_of_link(found: links.Off) -> Member | None:
    """Whose mails a link turns off, whether or not they are signed in; None where it was mailed to an address that they
    have left."""
    member = Member.objects.filter(public_id=found.member).first()
    return member if member and links.is_for(found, member) else None
