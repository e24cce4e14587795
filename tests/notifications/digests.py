"""Members who have a digest, and what is in it."""

import datetime as dt
from typing import Any

from django.utils import timezone

from members.models import Member
from notifications import compose
from notifications.kinds import Kind
from notifications.models import Digest, Event, Notice, Rhythm, Wishes


def wants_digest(member: Member, **fields) -> Wishes:
    """Their hour has just struck, on a wall that shows UTC."""
    member.time_zone = "UTC"
    member.save(update_fields=["time_zone"])
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    chosen = {
        "rhythm": Rhythm.DAILY,
        "digest_hour": hour.hour,
        "digest_weekday": hour.weekday(),
        "next_digest_at": hour,
    } | fields
    return Wishes.objects.update_or_create(member=member, defaults=chosen)[0]


def digest_of(member: Member, *, days: int = 1, **fields) -> Digest:
    """One of today that tells of so many days, as a worker loads it."""
    now = timezone.now()
    made = Digest.objects.create(member=member, day=now.date(), since=now - dt.timedelta(days=days), **fields)
    return Digest.objects.select_related("member__wishes").get(pk=made.pk)


def mail_of(digest: Digest) -> Any:
    """The mail that there is."""
    mail = compose.message(digest)
    assert mail is not None
    return mail


def words_of(member: Member, **fields) -> str:
    """What a digest for them would say; "" where none would be sent."""
    Digest.objects.filter(member=member).delete()
    mail = compose.message(digest_of(member, **fields))
    return str(mail.body) if mail else ""


def notice(member: Member, kind: Kind, target_id: int, *, group_id: int | None = None, **fields) -> Notice:
    """News for the digest."""
    event, _created = Event.objects.get_or_create(kind=kind.key, target_id=target_id, defaults={"group_id": group_id})
    return Notice.objects.create(event=event, recipient=member, **({"in_digest": True} | fields))
