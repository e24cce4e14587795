"""Decisions, what follows from them, and appeals."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _

from members.models import Member
from moderation.models.cases import Case, Source
from moderation.models.keeping import KEEP_ALL_BUT_WORDS
from moderation.models.rules import Rule, RuleVersion

# For six months a decision can be appealed against (EU DSA, Art. 20), and what it took away is kept.
APPEAL_WINDOW = dt.timedelta(days=183)


class SanctionKind(models.TextChoices):
    HELD_FIRST = "held_first", _("posts are read first")
    SILENCED = "silenced", _("cannot post")
    SUSPENDED = "suspended", _("suspended")
    NO_FLAGS = "no_flags", _("cannot report")


class PendingDecision(models.Model):
    """A decision that can still be undone. It takes effect at `settles_at`, and becomes a `Decision`."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="pending")
    decider = models.ForeignKey(Member, models.PROTECT, related_name="+")
    # Of the case, when it was decided: what arrives meanwhile gives the case back to its decider.
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=20)
    options = models.JSONField(default=dict, blank=True)
    # The words that were decided about: their author may change them while it can be undone.
    snapshot = models.TextField()
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True, max_length=2000)
    private_note = models.TextField(blank=True, max_length=2000)
    sanction = models.CharField(max_length=12, choices=SanctionKind, blank=True)
    sanction_hours = models.PositiveIntegerField(null=True, blank=True)
    reports_fair = models.BooleanField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    settles_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["settles_at", "id"], name="pending_due"),
            models.Index(fields=["decider", "-id"], name="pending_of"),
        ]

    def __str__(self) -> str:
        return f"{self.action} in case {self.case_id}, not yet in effect"


class BegunDecision(models.Model):
    """The words of a decision that was undone or could not take effect, so that nobody writes them twice."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="begun")
    decider = models.ForeignKey(Member, models.CASCADE, related_name="+")
    # By the names of the form.
    fields = models.JSONField()
    # Why it could not take effect, in a sentence for its decider; "" when they undid it.
    why = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"decision begun in case {self.case_id}"


class Decision(models.Model):
    """What a moderator decided, and the statement of reasons that its author reads. Never changed, never deleted;
    only the members' words (`snapshot`, `options`) are erased when nobody can appeal any more.

    The statement has what EU DSA, Art. 17 asks for: what (`statement`, `scope`), how long (`ends_at`), the facts
    (`reason`), where it came from (`source`), whether automation found it (`found_by_machine`; it never decides),
    which rule, as it read (`rule_version`). How to appeal is the same for all.
    """

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    decider = models.ForeignKey(Member, models.PROTECT, related_name="decisions")
    author = models.ForeignKey(Member, models.PROTECT, related_name="decisions_about")
    action = models.CharField(max_length=20)
    # What the action needs to be done, and to be taken back.
    options = models.JSONField(default=dict, blank=True)
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, blank=True, related_name="+")
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, null=True, blank=True, related_name="+")
    # In words, what was done; "" when nothing was restricted.
    statement = models.TextField(blank=True)
    scope = models.TextField(blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, max_length=2000)
    private_note = models.TextField(blank=True, max_length=2000)
    snapshot = models.TextField()
    source = models.CharField(max_length=12, choices=Source)
    found_by_machine = models.BooleanField(default=False)
    # The earlier decision that an appeal changed into this one, or withdrew.
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    decided_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(decider=F("author")), name="decision_not_about_oneself"),
            # A restriction always rests on a rule (M11).
            models.CheckConstraint(
                condition=Q(statement="") | Q(rule__isnull=False), name="decision_restriction_has_rule"
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-id"], name="decision_author"),
            models.Index(fields=["decided_at"], name="decision_time"),
        ]
        triggers = list(KEEP_ALL_BUT_WORDS)

    def __str__(self) -> str:
        return f"{self.action} in case {self.case_id}"

    @property
    def appeal_until(self) -> dt.datetime:
        return self.decided_at + APPEAL_WINDOW


class Sanction(models.Model):
    """A limit on one member. It ends by itself; only a person sets one."""

    Kind = SanctionKind

    member = models.ForeignKey(Member, models.PROTECT, related_name="sanctions")
    kind = models.CharField(max_length=12, choices=SanctionKind)
    reason = models.TextField(max_length=2000)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="sanctions")
    starts_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_because = models.TextField(blank=True, max_length=2000)

    class Meta:
        indexes = [
            models.Index(fields=["member"], condition=Q(lifted_at=None), name="sanction_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.ends_at}"


class Appeal(models.Model):
    """A member's answer to a decision about them. One a decision; somebody else judges it."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for somebody else to judge it")
        UPHELD = "upheld", _("the decision stands")
        CHANGED = "changed", _("the decision was changed")
        WITHDRAWN = "withdrawn", _("the decision was withdrawn")

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    author = models.ForeignKey(Member, models.PROTECT, related_name="appeals")
    # Copied from the decision, for the constraint below.
    decider = models.ForeignKey(Member, models.PROTECT, related_name="+")
    text = models.TextField(max_length=5000)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    judge = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, max_length=2000)
    outcome = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(judge=None) | (~Q(judge=F("decider")) & ~Q(judge=F("author"))),
                name="appeal_judged_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(state="open", judge=None, judged_at=None)
                | (~Q(state="open") & Q(judge__isnull=False, judged_at__isnull=False)),
                name="appeal_judged_has_judge",
            ),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(state="open"), name="appeal_open")]

    def __str__(self) -> str:
        return f"appeal against decision {self.decision_id}"
