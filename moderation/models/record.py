"""The log."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now

from members.models import Member
from moderation.models.keeping import KEEP


class Words(models.Func):
    """The words in a JSON column, whole and in no language: what the log is searched by."""

    function = "to_tsvector"
    template = "%(function)s('simple'::regconfig, %(expressions)s)"
    output_field = SearchVectorField()


class AuditEntry(models.Model):
    """Who did what, and when. The database refuses to change or delete a row."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)

    objects: ClassVar[models.Manager["AuditEntry"]] = models.Manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["verb", "-id"], name="audit_verb"),
            models.Index(fields=["at"], name="audit_at"),
            GinIndex(fields=["details"], opclasses=["jsonb_path_ops"], name="audit_details"),
            GinIndex(Words("details"), name="audit_words"),
        ]
        triggers = list(KEEP)

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"
