"""Choosing how news reaches oneself."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

import members.services
from core import clocks
from members.models import Member
from notifications import access, kinds, links
from notifications.models import Channel, Choice, Delivery, Digest, Rhythm, Sending, Wishes

_MIDNIGHT = dt.time.min
_WAITS_FOR_MEMBER = (Sending.Reason.QUIET, Sending.Reason.STEPPING_BACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that the page about news asks. Times are on the member's wall; both of the quiet hours, or neither."""

    channels: Mapping[str, Channel]
    time_zone: str
    quiet_from: dt.time | None
    quiet_until: dt.time | None
    rhythm: Rhythm
    digest_hour: int
    digest_weekday: int
    content_in_mail: bool


@transaction.atomic
def set_wishes(*, member: Member, plan: Plan) -> None:
    """Keep all of it. Locks the member's wishes. Mails that waited for quiet hours are looked at again.

    The digest begins anew where its time changed, and where it had ended while the member was away.

    Raises:
        IntegrityError: the quiet hours begin and end at the same time, or only one of the two is named.
    """
    wishes = _locked(member)
    moved = members.services.set_time_zone(member=member, time_zone=plan.time_zone)
    _choose(member, plan.channels)
    if moved or (wishes.quiet_from, wishes.quiet_until) != (plan.quiet_from, plan.quiet_until):
        _look_again(member)
    wishes.quiet_from, wishes.quiet_until = plan.quiet_from, plan.quiet_until
    wishes.content_in_mail = plan.content_in_mail
    timed = (wishes.rhythm, wishes.digest_hour, wishes.digest_weekday)
    wishes.rhythm, wishes.digest_hour, wishes.digest_weekday = plan.rhythm, plan.digest_hour, plan.digest_weekday
    if moved or timed != (plan.rhythm, plan.digest_hour, plan.digest_weekday) or wishes.next_digest_at is None:
        _begin_digest_anew(member, wishes)
    wishes.save()


@transaction.atomic
def set_digest(*, member: Member, rhythm: Rhythm) -> bool:
    """A digest at the usual hour, or none. Says whether anything changed. Whoever was asked is not asked again."""
    wishes = _locked(member)
    if wishes.rhythm == rhythm:
        return False
    wishes.rhythm = rhythm
    _begin_digest_anew(member, wishes)
    wishes.save()
    return True


@transaction.atomic
def usual_channels(*, member: Member) -> bool:
    """Let every kind of news go as far as it does for somebody who chose nothing. Says whether anything changed."""
    deleted, _by_model = Choice.objects.filter(member=member).delete()
    return bool(deleted)


@transaction.atomic
def set_mail(*, member: Member, on: bool) -> bool:
    """Turn all mails on or off. Says whether anything changed."""
    wishes = _locked(member)
    if wishes.mail_off is not on:
        return False
    wishes.mail_off = not on
    _begin_digest_anew(member, wishes)
    wishes.save()
    return True


@transaction.atomic
def step_back(*, member: Member, until: dt.date | None) -> bool:
    """News waits from now on, until the beginning of a day on the member's wall, or without an end.

    Says whether anything changed: somebody who is away already only changes until when.
    """
    now = timezone.now()
    back_at = clocks.instant(until, _MIDNIGHT, access.zone_of(member)) if until else None
    wishes = _locked(member)
    is_away = access.stepping_back_until(wishes, now) is not None
    if is_away and wishes.back_at == back_at:
        return False
    wishes.stepped_back_at = wishes.stepped_back_at if is_away else now
    wishes.back_at = back_at
    wishes.save()
    _look_again(member)
    return True


@transaction.atomic
def come_back(*, member: Member) -> bool:
    """What waited is looked at again. Says whether the member was away."""
    wishes = _locked(member)
    was_away = access.stepping_back_until(wishes, timezone.now()) is not None
    wishes.stepped_back_at = wishes.back_at = None
    wishes.save()
    if was_away:
        _look_again(member)
    return was_away


@transaction.atomic
def turn_off(*, member: Member, what: str) -> bool:
    """What a link in a mail turns off (`notifications.links`). Says whether anything changed.

    Mails about a kind of news end, and it stays on the site; a digest that was chosen for it stays, too.
    """
    if what == links.ALL:
        return set_mail(member=member, on=False)
    if what == links.DIGEST:
        return set_digest(member=member, rhythm=Rhythm.OFF)
    kind = kinds.get(what)
    if kind is None or access.channel_of(member, kind) != Channel.MAIL:
        return False
    _locked(member)
    Choice.objects.update_or_create(member=member, kind=kind.choice, defaults={"channel": Channel.SITE})
    return True


# --- parts ------------------------------------------------------------------------------------------------------


def _locked(member: Member) -> Wishes:
    """Made where there is none, and held, so that two tabs do not mix what they save."""
    Wishes.objects.get_or_create(member=member)
    return Wishes.objects.select_for_update().get(member=member)


def _choose(member: Member, channels: Mapping[str, Channel]) -> None:
    """What is a kind's default is not kept, and follows the default when that changes."""
    Choice.objects.filter(member=member, kind__in=list(channels)).delete()
    Choice.objects.bulk_create(_differing(member, channels))


def _differing(member: Member, channels: Mapping[str, Channel]) -> Iterable[Choice]:
    for key, channel in channels.items():
        kind = kinds.get(key)
        if kind is not None and channel in kind.choices() and channel != kind.default:
            yield Choice(member=member, kind=key, channel=channel)


def _begin_digest_anew(member: Member, wishes: Wishes) -> None:
    """Somebody who chooses is here, so nothing of an absence is left."""
    wishes.goodbye_at = None
    wishes.next_digest_at = access.next_digest_at(member, wishes, timezone.now())


def _look_again(member: Member) -> None:
    """Mails that waited for their recipient are due: the sweep finds them, and asks again whether they may leave."""
    now = timezone.now()
    for waiting in (Delivery.objects.filter(notice__recipient=member), Digest.objects.filter(member=member)):
        waiting.filter(state=Sending.State.WAITING, reason__in=_WAITS_FOR_MEMBER).update(due_at=now)
