"""The moderators' own desk: shifts, templates, crisis steps, words to a member."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _

from members.models import Member
from moderation.models.cases import Case


class Shift(models.Model):
    """From when until when somebody looks after the queue."""

    moderator = models.ForeignKey(Member, models.PROTECT, related_name="shifts")
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    # The last sign that its moderator is there, to a few minutes.
    seen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    handover = models.TextField(blank=True, max_length=2000)
    acknowledged_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["moderator"], condition=Q(ended_at=None), name="shift_one_at_a_time"),
        ]
        indexes = [models.Index(fields=["-ended_at", "-id"], name="shift_latest")]

    def __str__(self) -> str:
        return f"shift {self.pk}"


class Alert(models.Model):
    """Cases that went past their time together, and what moderators were told of it. The outbox names this row."""

    cases = models.ManyToManyField(Case, related_name="alerts")
    is_crisis = models.BooleanField()
    # Told to every moderator, because whoever was told first did not come.
    to_all = models.BooleanField(default=False, db_default=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    # When the on-call address was last tried, and when it took the call.
    tried_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=Q(called_at=None), name="alert_to_call")]

    def __str__(self) -> str:
        return f"alert {self.pk}"


class Template(models.Model):
    """Words to begin with. Admins edit them; whoever uses one changes it as needed."""

    class Purpose(models.TextChoices):
        REASON = "reason", _("reason in a decision")
        CONTACT = "contact", _("reaching out to somebody in distress")
        AFTERCARE = "aftercare", _("aftercare in a thread")
        DECLINE = "decline", _("kindly not answering a question to professionals")

    purpose = models.CharField(max_length=10, choices=Purpose)
    title = models.CharField(max_length=100)
    text = models.TextField(max_length=2000)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title


class CrisisStep(models.Model):
    """One step that was taken with somebody in danger (T5). The steps have an order; none is taken twice."""

    class Step(models.IntegerChoices):
        CLAIMED = 1, _("Claimed")
        CONTACTED = 2, _("Contacted")
        EMERGENCY = 3, _("Emergency services")
        FOLLOW_UP_DAY = 4, _("Follow-up after 24 hours")
        FOLLOW_UP_WEEK = 5, _("Follow-up after 7 days")
        CLOSED = 6, _("Closed")

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    step = models.PositiveSmallIntegerField(choices=Step)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    note = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "step"], name="crisis_step_once")]

    def __str__(self) -> str:
        return f"step {self.step} of case {self.case_id}"


class StaffMessage(models.Model):
    """What moderators write to a member about a case, and the member's answer."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    member = models.ForeignKey(Member, models.PROTECT, related_name="staff_messages")
    sent_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    sent_at = models.DateTimeField(db_default=Now(), editable=False)
    answer = models.TextField(blank=True, max_length=5000)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Made when the form was shown: a double click sends once.
    submission = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "submission"], name="staff_message_once")]

    def __str__(self) -> str:
        return f"message {self.pk} in case {self.case_id}"
