"""What a member has read of their news."""

from collections.abc import Sequence

from django.utils import timezone

from members.models import Member
from notifications import access
from notifications.models import Notice


def mark_read(notice: Notice, *, together: bool = False) -> bool:
    """Or all that one row stands for, with `notice` as its newest. Says whether any was unread."""
    unread = access.notices_together(notice) if together else Notice.objects.filter(pk=notice.pk, read_at=None)
    return bool(unread.update(read_at=timezone.now()))


def settle(done: Sequence[int]) -> bool:
    """Count as read those notices, by id, that are no news any more: the mark in the header would point at nothing.

    Asks nothing when there is nothing. Says whether any changed.
    """
    if not done:
        return False
    return bool(Notice.objects.filter(pk__in=done, read_at=None).update(read_at=timezone.now()))


def mark_all_read(member: Member, *, up_to: Notice | None = None) -> bool:
    """All of them, or those that were there when `up_to` was the newest. Says whether any was unread."""
    unread = Notice.objects.filter(recipient=member, read_at=None)
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to.pk)
    return bool(unread.update(read_at=timezone.now()))
