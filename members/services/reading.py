"""How a member likes to read."""

from collections.abc import Collection

from core.notes import ContentNote
from members.models import Member


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
