"""Cases, and what they are made of. Knows subjects by kind and id, never by model."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _

from members.models import Member
from moderation.models.priorities import Priority


class Source(models.TextChoices):
    """What brought something to a moderator. In the statement of reasons and the figures, never with a name."""

    REPORT = "report", _("a report by a member")
    OUTSIDE = "outside", _("a report by somebody without an account")
    AUTOMATION = "automation", _("automatic screening")
    AUTHOR = "author", _("the author's own wish")
    MODERATOR = "moderator", _("a moderator's own reading")


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
    source = models.CharField(max_length=12, choices=Source, default=Source.REPORT)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    claimed_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="cases_claimed")
    lease_until = models.DateTimeField(null=True, blank=True)
    # When somebody first claimed it: the figures measure the clock against this and `decided_at`.
    first_looked_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # Out of the queue until then: a decision that can still be undone, or a crisis step that is due later.
    quiet_until = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    # Asked for a colleague's view: anybody but them decides.
    second_wanted_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # When reports kept the subject from readers until a person looks (T8).
    folded_at = models.DateTimeField(null=True, blank=True)
    # When moderators were told that it is overdue.
    alerted_at = models.DateTimeField(null=True, blank=True)
    # When all of them were told, because nobody had come.
    told_all_at = models.DateTimeField(null=True, blank=True)
    # Whether the members' words that came with it are gone, because nobody can appeal any more.
    words_erased = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=Q(state="open"), name="case_one_open"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, lease_until=None) | Q(claimed_by__isnull=False, lease_until__isnull=False),
                name="case_claim_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | Q(state="decided", decided_at__isnull=False),
                name="case_decided_has_time",
            ),
            # Nobody judges what they wrote.
            models.CheckConstraint(
                condition=Q(claimed_by=None) | ~Q(claimed_by=F("author")), name="case_not_with_its_author"
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "due_at", "id"], condition=Q(state="open"), name="case_queue"),
            models.Index(fields=["subject_kind", "subject_id"], name="case_subject"),
            models.Index(fields=["due_at", "id"], condition=Q(state="open", alerted_at=None), name="case_to_alert"),
            models.Index(fields=["claimed_by"], condition=Q(state="open"), name="case_claimed"),
            models.Index(fields=["author", "-id"], name="case_author"),
            models.Index(fields=["opened_at"], name="case_opened"),
            models.Index(
                fields=["decided_at", "id"], condition=Q(state="decided", words_erased=False), name="case_has_words"
            ),
            # The filters of the queue that leave most of it out.
            models.Index(fields=["source", "priority", "due_at", "id"], condition=Q(state="open"), name="case_source"),
            models.Index(
                fields=["priority", "due_at", "id"],
                condition=Q(state="open", handed_over_at__isnull=False),
                name="case_handed_over",
            ),
            models.Index(
                fields=["priority", "due_at", "id"],
                condition=Q(state="open", second_wanted_by__isnull=False),
                name="case_second",
            ),
            models.Index(
                fields=["priority", "quiet_until", "id"],
                condition=Q(state="open", quiet_until__isnull=False),
                name="case_quiet",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk} about {self.subject_kind} {self.subject_id}"


class OutsideReport(models.Model):
    """A report through the public form, by somebody who needs no account (EU DSA, Art. 16)."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    address = models.CharField(max_length=500)
    why = models.TextField(max_length=2000)
    in_good_faith = models.BooleanField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # When the mails left that say it has arrived, and what came of it.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # The last decision that a mail told of: what an appeal puts in its place is told once more.
    told_of = models.ForeignKey("Decision", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(in_good_faith=True), name="outside_report_in_good_faith"),
        ]

    def __str__(self) -> str:
        return f"outside report {self.pk}"


class Flag(models.Model):
    """One person's report, with the text as it was."""

    class Reason(models.TextChoices):
        WORRIED = "worried", _("I'm worried about this person")
        DANGER = "danger", _("Danger to others")
        METHODS = "methods", _("Methods, or encouragement to self-harm")
        ABUSE = "abuse", _("Abuse or harassment")
        PRIVACY = "privacy", _("Privacy")
        GROOMING = "grooming", _("Grooming or unwanted contact")
        ADVICE = "advice", _("Wrong or risky advice (needs a source)")
        HOPELESSNESS = "hopelessness", _("Keeps hopelessness going")
        SPAM = "spam", _("Spam or promotion")
        OTHER = "other", _("Something else")

        @property
        def priority(self) -> Priority:
            return _REASON_PRIORITIES.get(self, Priority.OTHER)

    class Judged(models.TextChoices):
        FAIR = "fair", _("fair")
        DISMISSED = "dismissed", _("dismissed")

    case = models.ForeignKey(Case, models.PROTECT, related_name="flags")
    reporter = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="flags")
    outside = models.ForeignKey(OutsideReport, models.PROTECT, null=True, blank=True, related_name="flags")
    reason = models.CharField(max_length=20, choices=Reason)
    note = models.TextField(blank=True, max_length=2000)
    snapshot = models.TextField()
    # How much it counted for folding when it was made, from 0 to 1 (T8).
    weight = models.FloatField(default=1.0)
    # What the decision made of it; "" while it waits, and for worries, which nobody is blamed for.
    judged = models.CharField(max_length=10, choices=Judged, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "reporter"], name="flag_once_a_case"),
            models.CheckConstraint(
                condition=Q(reporter__isnull=False, outside=None) | Q(reporter=None, outside__isnull=False),
                name="flag_by_member_or_outside",
            ),
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=1), name="flag_weight_range"),
        ]
        indexes = [models.Index(fields=["reporter", "-id"], name="flag_reporter")]

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
    # What it asked for, as `screening.Action`; 3 holds the text until a person has read it.
    action = models.PositiveSmallIntegerField(default=1)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    snapshot = models.TextField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="signal_span_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.rule}"


class CaseNote(models.Model):
    """What moderators tell each other about a case. Never shown to anybody else."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    author = models.ForeignKey(Member, models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    mentioned = models.ManyToManyField(Member, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"note {self.pk} in case {self.case_id}"


class Declined(models.Model):
    """A moderator who would rather not have this case. Nobody asks why (T6)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="declined")
    moderator = models.ForeignKey(Member, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "moderator"], name="declined_once")]

    def __str__(self) -> str:
        return f"case {self.case_id} declined"
