"""The community guidelines, and what admins watch for."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.models import Member
from moderation.models.keeping import KEEP


class Rule(models.Model):
    """One of the community guidelines. Decisions name the rule they rest on, so rules are retired, not deleted."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=100)
    text = models.TextField(max_length=2000)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class RuleVersion(models.Model):
    """A rule as it read from `changed_at` until the next version. Never changed, never deleted."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=100)
    text = models.TextField()
    is_active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "version"], name="rule_version_once")]
        triggers = list(KEEP)

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class WatchedWords(models.Model):
    """A phrase or pattern that admins watch for, and what to do where it is met."""

    class Kind(models.TextChoices):
        PHRASE = "phrase", _("words in a row, in any spelling")
        PATTERN = "pattern", _("a pattern (RE2)")

    class Action(models.IntegerChoices):
        """As `screening.Action`."""

        NOTE = 1, _("note it for moderators")
        ASK = 2, _("ask the author before posting")
        HOLD = 3, _("hold it until a moderator has read it")

    label = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PHRASE)
    expression = models.CharField(max_length=300)
    action = models.PositiveSmallIntegerField(choices=Action, default=Action.NOTE)
    is_active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.label
