"""Check-ins that come back at the same hour (M6)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from forums.models.boards import Board
from forums.models.posts import BODY_MAX
from forums.models.threads import SupportType, Thread
from members.models import Member


class Weekday(models.IntegerChoices):
    """Numbered as `datetime.date.weekday` does."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Gathering(models.Model):
    """A thread that opens on some days of each week at one hour of the clock, wherever summer time stands."""

    # Leaves room for the date in a thread's title.
    TITLE_MAX = 80

    board = models.ForeignKey(Board, models.PROTECT, related_name="gatherings")
    host = models.ForeignKey(Member, models.PROTECT, related_name="+")
    title = models.CharField(max_length=TITLE_MAX)
    body = models.TextField(max_length=BODY_MAX)
    support_type = models.CharField(max_length=12, choices=SupportType, default=SupportType.LISTENING)
    weekdays = ArrayField(models.PositiveSmallIntegerField(choices=Weekday), size=7)
    opens_at = models.TimeField()
    time_zone = models.CharField(max_length=60)
    closes_after_hours = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(1), MaxValueValidator(24 * 7)]
    )
    # Nothing is opened for days before this one, however the clock of the plan is changed.
    starts_on = models.DateField()
    is_active = models.BooleanField(default=True)

    objects: ClassVar[models.Manager["Gathering"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6], weekdays__len__gte=1),
                name="gathering_weekdays",
            ),
            models.CheckConstraint(
                condition=models.Q(closes_after_hours__gte=1, closes_after_hours__lte=24 * 7),
                name="gathering_closes_within_a_week",
            ),
            models.CheckConstraint(
                condition=models.Q(support_type__in=SupportType.values), name="gathering_support_type"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Occurrence(models.Model):
    """One day of a gathering. The pair of plan and day is unique, so it opens once, whoever asks how often."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="occurrences")
    day = models.DateField()
    thread = models.OneToOneField(Thread, models.PROTECT, related_name="occurrence")
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Occurrence"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gathering", "day"], name="occurrence_once_a_day")]
        indexes = [
            models.Index(fields=["closes_at", "id"], condition=models.Q(closed_at=None), name="occurrence_to_close")
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} on {self.day}"
