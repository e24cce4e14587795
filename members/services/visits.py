"""That a member was here."""

import datetime as dt

from django.utils import timezone

from members.models import Member


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
