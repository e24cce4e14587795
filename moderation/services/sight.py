"""Who has seen what only moderators may see (T7)."""

from django.db.models import Model
from django.utils import timezone

from members.models import Member
from moderation import registry
from moderation.access import SEEN, CaseFile
from moderation.access.shifts import midnight
from moderation.models import AuditEntry
from moderation.services import audit


def record_sight(*, moderator: Member, file: CaseFile) -> bool:
    """Log that they saw a case: words that others may not read, who reported them, what was written to their author.

    Says whether it was written: not if the log of today has it. One query where it has not.
    """
    if file.is_seen:
        return False
    audit.record(actor=moderator, verb=SEEN, case=file.case.pk)
    return True


def once_a_day(*, moderator: Member, verb: str, subject: Model | None = None, **details: object) -> bool:
    """Log a look, if the same one is not in the log of today. Says whether it was written. At most two queries."""
    return entry_once_a_day(moderator=moderator, verb=verb, subject=subject, **details) is not None


def entry_once_a_day(
    *, moderator: Member, verb: str, subject: Model | None = None, **details: object
) -> AuditEntry | None:
    """The same, and gives what was written."""
    today = AuditEntry.objects.filter(actor=moderator, verb=verb, at__gte=midnight(timezone.now()))
    if subject is not None:
        today = today.filter(subject_kind=registry.of(subject).kind, subject_id=subject.pk)
    if today.filter(details__contains=details).exists():
        return None
    return audit.record(actor=moderator, verb=verb, subject=subject, **details)
