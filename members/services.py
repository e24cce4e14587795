"""What happens to accounts."""

import datetime as dt
from collections.abc import Collection

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from core.notes import ContentNote
from members.models import Block, Member

CURATORS_GROUP = "Curators"


@transaction.atomic
def set_curator(*, member: Member, is_curator: bool) -> bool:
    """Let `member` into the curators' pages, or out of them. Says whether anything changed."""
    group, _created = Group.objects.get_or_create(name=CURATORS_GROUP)
    if is_curator:
        member.groups.add(group)
    else:
        member.groups.remove(group)
    return bool(Member.objects.filter(pk=member.pk).exclude(is_curator=is_curator).update(is_curator=is_curator))


def block(*, blocker: Member, blocked: Member) -> bool:
    """Part the two for good, silently. Says whether anything changed."""
    _block, created = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    return created


def set_reading(
    *,
    member: Member,
    folded: Collection[ContentNote],
    hidden: Collection[ContentNote],
    low_energy: bool,
    follow_on_posting: bool,
) -> bool:
    """Keep how `member` likes to read: what is not folded or hidden is shown. One query. Says whether anything changed.

    Raises:
        IntegrityError: a note is to be folded and hidden at once.
    """
    wanted = {
        "folded_notes": [note.value for note in ContentNote if note in folded],
        "hidden_notes": [note.value for note in ContentNote if note in hidden],
        "low_energy": low_energy,
        "follow_on_posting": follow_on_posting,
    }
    return bool(Member.objects.filter(pk=member.pk).exclude(**wanted).update(**wanted))


def set_low_energy(*, member: Member, on: bool) -> bool:
    """Begin or end the mode in which the site shows one thread at a time. Says whether anything changed."""
    return bool(Member.objects.filter(pk=member.pk).exclude(low_energy=on).update(low_energy=on))


def set_time_zone(*, member: Member, time_zone: str) -> bool:
    """Keep whose clock `member` lives by, as the IANA names it; "" for the site's. Says whether it changed."""
    changed = Member.objects.filter(pk=member.pk).exclude(time_zone=time_zone).update(time_zone=time_zone)
    member.time_zone = time_zone
    return bool(changed)


def note_visit(*, member: Member) -> dt.timedelta | None:
    """Keep the day (UTC) on which `member` was here; how long they had been away, in days.

    None, without a query, where today is kept already; else one query.
    """
    today = timezone.now().date()
    if member.seen_on == today:
        return None
    away = today - member.last_here
    member.seen_on = today
    # Not only forward: a day that a wrong clock named would otherwise stand until it comes.
    Member.objects.filter(pk=member.pk).update(seen_on=today)
    return away
