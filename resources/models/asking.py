"""Questions to professionals, answered in public after review. Never in private, never in an emergency."""

import datetime as dt
from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import UUID7, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Block, Member
from resources.models.vocabulary import Topic

TITLE_MAX, QUESTION_MAX, ANSWER_MAX = 150, 4000, 8000

type Reader = Member | AnonymousUser


def counts(check_again_by: dt.date, ended_at: dt.datetime | None) -> bool:
    """Whether a badge with these dates counts today."""
    return ended_at is None and check_again_by >= timezone.localdate()


class ProfessionalQuerySet(models.QuerySet["Professional"]):
    def current(self) -> "ProfessionalQuerySet":
        """Those whose registration was checked and is not to be checked again yet."""
        return self.filter(ended_at=None, check_again_by__gte=timezone.localdate(), member__is_active=True)


class Professional(models.Model):
    """A member whose registration an administrator has checked. Their badge says the field, and when it was checked."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="professional")
    field = models.CharField(max_length=80)
    # Shown beside the badge; the number is for administrators.
    register = models.CharField(max_length=120)
    registration_number = models.CharField(max_length=60)
    checked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    checked_on = models.DateField()
    check_again_by = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ProfessionalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(checked_by=F("member")), name="professional_checked_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.field} (member {self.member_id})"

    @property
    def is_current(self) -> bool:
        """Whether the badge counts today. The nightly task that ends what is overdue may be late; this is not."""
        return counts(self.check_again_by, self.ended_at)


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, reader: Reader) -> "QuestionQuerySet":
        """What `reader` may open. Answered questions are open to everybody; nobody meets the other side of a block.

        An anonymous question stays: if it vanished with a block, the block would tell who asked.
        """
        begun = self.exclude(state=Question.State.DRAFT)
        answered = Q(state=Question.State.ANSWERED)
        if not isinstance(reader, Member):
            return begun.filter(answered)
        if reader.is_moderator:
            return begun
        around = Block.objects.ids_around(reader)
        parted = Q(is_anonymous=False, author__in=around)
        readable = answered
        if reader.is_curator:
            readable |= Q(state__in=[Question.State.HELD, Question.State.OPEN, Question.State.DECLINED])
        is_professional = Exists(Professional.objects.current().filter(member=reader))
        waits = Q(state=Question.State.OPEN) & ~_kept_from(reader) & Q(is_professional)
        mine_to_answer = Exists(Answer.objects.filter(question=OuterRef("pk"), professional=reader.pk))
        began = Q(state=Question.State.OPEN) & Q(mine_to_answer) & Q(is_professional)
        return begun.filter((readable & ~parted) | waits | began | Q(author=reader))

    def waiting_for(self, professional: Member) -> "QuestionQuerySet":
        """What somebody who is one could answer: nobody's on the other side of a block, and not their own."""
        return self.filter(state=Question.State.OPEN).exclude(_kept_from(professional)).exclude(author=professional)


def _kept_from(professional: Member) -> Q:
    """What waits, and not for them: of whoever blocked them, and by name of those whom they blocked.

    What is anonymous does not go with a block of their own: they could try out with whose block it goes.
    """
    blocked_by = Block.objects.filter(blocked=professional).values("blocker")
    return Q(author__in=blocked_by) | Q(is_anonymous=False, author__in=Block.objects.ids_around(professional))


class Question(models.Model):
    """A member's question. Held first: a curator looks before anybody else reads it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Not asked yet")
        HELD = "held", _("A curator reads it")
        OPEN = "open", _("Waits for an answer")
        ANSWERED = "answered", _("Answered")
        DECLINED = "declined", _("Not answered here")
        WITHDRAWN = "withdrawn", _("Taken back")
        REMOVED = "removed", _("Removed by a moderator")

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    # None once they left.
    author = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    # To all but curators.
    is_anonymous = models.BooleanField(default=True)
    topic = models.CharField(max_length=20, choices=Topic)
    title = models.CharField(max_length=TITLE_MAX)
    body = models.TextField()
    body_html = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    submission = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    # What its author was told when it was declined.
    answer_to_author = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "submission"], name="question_sent_once"),
            models.UniqueConstraint(fields=["author"], condition=Q(state="draft"), name="question_one_draft"),
            models.CheckConstraint(condition=~Q(decided_by=F("author")), name="question_decided_by_another"),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "answered"]) | Q(decided_at__isnull=False), name="question_read_first"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer_to_author=""), name="question_declined_with_words"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="held"), name="question_held"),
            models.Index(fields=["id"], condition=Q(state="open"), name="question_open"),
            models.Index(fields=["-id"], condition=Q(state="answered"), name="question_answered"),
            models.Index(fields=["topic", "-id"], condition=Q(state="answered"), name="question_by_topic"),
            models.Index(fields=["withdrawn_at", "id"], condition=Q(state="withdrawn"), name="question_withdrawn"),
            models.Index(fields=["author", "-id"], name="question_of"),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("question", args=[self.public_id])


class Answer(models.Model):
    """A professional's answer. Shown once somebody else has reviewed it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        REVIEW = "review", _("Somebody else reads it")
        SHOWN = "shown", _("Shown")
        WITHDRAWN = "withdrawn", _("Taken back")

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="answers")
    body = models.TextField()
    body_html = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # As it was then, whatever becomes of the registration.
    field = models.CharField(max_length=80)
    reviewed_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    # What the reviewer asks the professional to change.
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager["Answer"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "professional"], name="answer_once_a_professional"),
            models.CheckConstraint(condition=~Q(reviewed_by=F("professional")), name="answer_reviewed_by_another"),
            models.CheckConstraint(
                condition=~Q(state="shown") | Q(reviewed_by__isnull=False), name="answer_shown_after_review"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="review"), name="answer_in_review")]

    def __str__(self) -> str:
        return f"answer {self.pk}"
