"""Writing the log."""

from django.db.models import Model

from members.models import Member
from moderation import registry
from moderation.models import AuditEntry


def record(*, actor: Member | None, verb: str, subject: Model | None = None, **details: object) -> AuditEntry:
    """One row, in the caller's transaction, so that the change and its record stand or fall together."""
    return AuditEntry.objects.create(
        actor=actor,
        verb=verb,
        subject_kind=registry.of(subject).kind if subject else "",
        subject_id=subject.pk if subject else None,
        details=details,
    )
