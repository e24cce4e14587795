"""Writing the log."""

from django.db.models import Model
from psycopg.types.json import Jsonb

from core.together import Change, table
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


def recording(*, actor: Member | None, verb: str, subject: Model, **details: object) -> Change:
    """The same as a part of another query."""
    columns = "actor_id, verb, subject_kind, subject_id, details"
    return Change(
        f"INSERT INTO {table(AuditEntry)} ({columns}) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608 - names of ours
        [actor.pk if actor else None, verb, registry.of(subject).kind, subject.pk, Jsonb(details)],
    )
