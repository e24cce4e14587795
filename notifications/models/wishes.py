"""How a member wants to hear of things. Whoever chose nothing has no row, and the defaults."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models import Member

WEEKDAYS = 7
HOURS = 24


class Channel(models.TextChoices):
    """How far one kind of news goes. Each includes those before it."""

    NOTHING = "nothing", _("Nothing")
    SITE = "site", _("On the site")
    DIGEST = "digest", _("In the digest")
    MAIL = "mail", _("E-mail at once")


class Rhythm(models.TextChoices):
    OFF = "off", _("No digest")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Once a week")


class Wishes(models.Model):
    """One member's, for all kinds of news. Times are in the member's own zone (`Member.time_zone`)."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="wishes")
    # Mails that can wait do so between these two; over midnight where the first is later. Both or neither.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    # Everything but decisions and the account's safety waits. Without an end until the member ends it.
    stepped_back_at = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)
    # Mails may then say where something happened, and what.
    content_in_mail = models.BooleanField(default=False, db_default=False)
    mail_off = models.BooleanField(default=False, db_default=False)

    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.OFF, db_default=Rhythm.OFF)
    digest_hour = models.PositiveSmallIntegerField(default=9, db_default=9)
    # As `date.weekday` counts; for weekly ones.
    digest_weekday = models.PositiveSmallIntegerField(default=6, db_default=6)
    # When the next one is made; none while there is no digest, or after the goodbye.
    next_digest_at = models.DateTimeField(null=True, blank=True)
    # The one that said that no more will come, while the member is away.
    goodbye_at = models.DateTimeField(null=True, blank=True)

    # What mail servers said about the address, since it was last changed or confirmed.
    soft_bounces = models.PositiveSmallIntegerField(default=0, db_default=0)
    bounced_at = models.DateTimeField(null=True, blank=True)
    complained_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Wishes"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
                name="wishes_quiet_hours",
            ),
            models.CheckConstraint(
                condition=Q(digest_hour__lt=HOURS, digest_weekday__lt=WEEKDAYS), name="wishes_digest_time"
            ),
            models.CheckConstraint(condition=Q(next_digest_at=None) | ~Q(rhythm="off"), name="wishes_digest_wanted"),
            models.CheckConstraint(
                condition=Q(back_at=None) | Q(stepped_back_at__isnull=False), name="wishes_back_from_somewhere"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_digest_at", "member"], condition=Q(next_digest_at__isnull=False), name="wishes_digest_due"
            ),
        ]

    def __str__(self) -> str:
        return f"wishes of member {self.member_id}"


class Choice(models.Model):
    """How far one kind of news goes for one member, where that is not the kind's default."""

    pk = models.CompositePrimaryKey("member_id", "kind")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)

    objects: ClassVar[models.Manager["Choice"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.channel} for {self.kind}"
