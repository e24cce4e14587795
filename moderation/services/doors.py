"""The doors through which staff see what others cannot. Each asks why, writes to the log, and is told to the member."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from members.models import Member
from moderation import access
from moderation.models import Look
from moderation.services import audit, sight

# For longer nobody is kept from knowing, whatever an administrator fills in.
WITHHELD_AT_MOST = dt.timedelta(days=365)


def record_look(
    *,
    actor: Member,
    member: Member,
    door: Look.Door,
    reason: str,
    subject: Model,
    details: Mapping[str, object] | None = None,
    withheld_until: dt.date | None = None,
) -> Look:
    """In the caller's transaction, so that nothing is seen without its record. The log does not say whose it was,
    where `subject` does not."""
    entry = audit.record(actor=actor, verb=f"see-{door}", subject=subject, reason=reason, **(details or {}))
    return Look.objects.create(member=member, entry=entry, door=door, reason=reason, withheld_until=withheld_until)


@transaction.atomic
def note_versions(*, actor: Member, author: Member, post: Model) -> bool:
    """That a moderator read versions of `post` that others cannot, once a day. Says whether it was noted."""
    entry = sight.entry_once_a_day(moderator=actor, verb="see-versions", subject=post)
    if entry is None:
        return False
    Look.objects.create(member=author, entry=entry, door=Look.Door.VERSIONS)
    return True


@transaction.atomic
def look(
    *,
    actor: Member,
    name: str,
    door: Look.Door,
    reason: str,
    withheld_until: dt.date | None = None,
    withheld_because: str = "",
) -> Look | None:
    """Let an administrator see one thing about whoever is called `name`, for an hour; None when nobody is.

    The log keeps whose it was and why, and not what was typed: that may be an address, and nothing is ever taken from
    it. Why the member is not told before `withheld_until` is in the log as well.

    Raises:
        Http404: the actor is no administrator.
        ValueError: `door` is not one of theirs, or nothing says why they look, or why the member is not told.
    """
    access.check_admin(actor)
    if door not in access.DOORS_OF_ADMINS or bool(withheld_until) != bool(withheld_because) or not reason.strip():
        raise ValueError(door)
    member = Member.objects.filter(username__iexact=name).first()
    if member is None:
        audit.record(actor=actor, verb=f"see-{door}", reason=reason)
        return None
    details: dict[str, object] = {}
    if withheld_until:
        withheld_until = min(withheld_until, timezone.localdate() + WITHHELD_AT_MOST)
        details = {"withheld_until": withheld_until.isoformat(), "withheld_because": withheld_because}
    return record_look(
        actor=actor,
        member=member,
        door=door,
        reason=reason,
        subject=member,
        withheld_until=withheld_until,
        details=details,
    )
