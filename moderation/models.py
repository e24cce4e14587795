"""Cases, flags, decisions, sanctions, the log. Knows subjects by kind and id, never by model."""

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _

from members.models import Member


class Priority(models.IntegerChoices):
    """Class before score (T1): what is at stake decides the order, the clock decides inside a class."""

    CRISIS = 1, _("Crisis")
    DANGER = 2, _("Danger to others, methods")
    ABUSE = 3, _("Abuse, privacy, predation")
    OTHER = 4, _("Everything else")

    @property
    def clock(self) -> dt.timedelta:
        """How soon a person looks (care.md, T1)."""
        return _CLOCKS[self]


_CLOCKS = {
    Priority.CRISIS: dt.timedelta(minutes=15),
    Priority.DANGER: dt.timedelta(hours=1),
    Priority.ABUSE: dt.timedelta(hours=4),
    Priority.OTHER: dt.timedelta(hours=24),
}


class Rule(models.Model):
    """One of the community guidelines. Decisions name the rule they rest on, so rules are retired, not deleted."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=100)
    text = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title


class Case(models.Model):
    """Everything that was noticed about one subject until a person decides."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DECIDED = "decided", _("decided")

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    author = models.ForeignKey(Member, models.PROTECT, related_name="cases_about")
    priority = models.PositiveSmallIntegerField(choices=Priority)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    claimed_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="cases_claimed")
    lease_until = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=models.Q(state="open"), name="case_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(claimed_by=None, lease_until=None)
                | models.Q(claimed_by__isnull=False, lease_until__isnull=False),
                name="case_claim_has_lease",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at=None) | models.Q(state="decided", decided_at__isnull=False),
                name="case_decided_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "due_at", "id"], condition=models.Q(state="open"), name="case_queue"),
            models.Index(fields=["subject_kind", "subject_id"], name="case_subject"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk} about {self.subject_kind} {self.subject_id}"


class Flag(models.Model):
    """One person's report, with the text as it was."""

    class Reason(models.TextChoices):
        WORRIED = "worried", _("I'm worried about this person")
        DANGER = "danger", _("Danger to others")
        METHODS = "methods", _("Methods, or encouragement to self-harm")
        ABUSE = "abuse", _("Abuse or harassment")
        PRIVACY = "privacy", _("Privacy")
        GROOMING = "grooming", _("Grooming or unwanted contact")
        ADVICE = "advice", _("Wrong or risky advice")
        HOPELESSNESS = "hopelessness", _("Keeps hopelessness going")
        SPAM = "spam", _("Spam or promotion")
        OTHER = "other", _("Something else")

        @property
        def priority(self) -> Priority:
            return _REASON_PRIORITIES.get(self, Priority.OTHER)

    case = models.ForeignKey(Case, models.PROTECT, related_name="flags")
    reporter = models.ForeignKey(Member, models.PROTECT, related_name="flags")
    reason = models.CharField(max_length=20, choices=Reason)
    note = models.TextField(blank=True, max_length=2000)
    snapshot = models.TextField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "reporter"], name="flag_once_a_case")]

    def __str__(self) -> str:
        return f"flag {self.pk}"


_REASON_PRIORITIES = {
    Flag.Reason.WORRIED: Priority.CRISIS,
    Flag.Reason.DANGER: Priority.DANGER,
    Flag.Reason.METHODS: Priority.DANGER,
    Flag.Reason.ABUSE: Priority.ABUSE,
    Flag.Reason.PRIVACY: Priority.ABUSE,
    Flag.Reason.GROOMING: Priority.ABUSE,
}


class Signal(models.Model):
    """One thing that screening noticed. `start` and `end` count characters of `snapshot`."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="signals")
    kind = models.CharField(max_length=20)
    rule = models.CharField(max_length=40)
    severity = models.FloatField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    snapshot = models.TextField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="signal_span_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.rule}"


class Decision(models.Model):
    """What a moderator decided, and the statement of reasons that its author reads. Never changed, never deleted."""

    class Source(models.TextChoices):
        REPORT = "report", _("a report by a member")
        AUTOMATION = "automation", _("automatic screening")

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    decider = models.ForeignKey(Member, models.PROTECT, related_name="decisions")
    author = models.ForeignKey(Member, models.PROTECT, related_name="decisions_about")
    action = models.CharField(max_length=20)
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, blank=True, related_name="+")
    statement = models.TextField(blank=True)
    reason = models.TextField(max_length=2000)
    private_note = models.TextField(blank=True, max_length=2000)
    snapshot = models.TextField()
    source = models.CharField(max_length=12, choices=Source)
    decided_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(decider=models.F("author")), name="decision_not_about_oneself"),
            # A restriction always rests on a rule (M11).
            models.CheckConstraint(
                condition=models.Q(statement="") | models.Q(rule__isnull=False),
                name="decision_restriction_has_rule",
            ),
        ]
        indexes = [models.Index(fields=["author", "-id"], name="decision_author")]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.action} in case {self.case_id}"


class Sanction(models.Model):
    """A limit on one member. It ends by itself; only a person sets one."""

    class Kind(models.TextChoices):
        SILENCED = "silenced", _("cannot post")

    member = models.ForeignKey(Member, models.PROTECT, related_name="sanctions")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.TextField(max_length=2000)
    starts_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["member"], condition=models.Q(lifted_at=None), name="sanction_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.ends_at}"


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
        indexes = [models.Index(fields=["subject_kind", "subject_id", "-id"], name="audit_subject")]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"
