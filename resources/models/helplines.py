"""Lines to call or text, as curators keep them. The page that always answers is rendered from these ahead."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from members.models import Member

# ISO 3166-1 alpha-2, or a code that the standard leaves free: for readers everywhere else.
country_code = RegexValidator(r"^[A-Z]{2}$", _("Two capital letters, such as GB."))
# What a telephone dials: a short code stays one.
dialled = RegexValidator(r"^\+?[0-9*#]{2,20}$", _("Only digits, with + in front of a country’s code."))


class HelpCountry(models.Model):
    """A country, and whom to call there in an emergency."""

    code = models.CharField(_("code"), max_length=2, primary_key=True, validators=[country_code])
    name = models.CharField(_("name"), max_length=80, unique=True)
    emergency_display = models.CharField(_("emergency number, as it is read"), max_length=40)
    # Empty only where nobody knows the reader's country.
    emergency_dial = models.CharField(
        _("emergency number, as it is dialled"), max_length=20, blank=True, validators=[dialled]
    )
    emergency_note = models.CharField(_("what else there is in an emergency"), max_length=200, blank=True)

    objects: ClassVar[models.Manager["HelpCountry"]] = models.Manager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")

    def __str__(self) -> str:
        return self.name


class Helpline(ClusterableModel):  # type: ignore[misc]  # Wagtail carries no types
    """One line. Unverified until a person has compared it with its source."""

    country = models.ForeignKey(HelpCountry, models.PROTECT, related_name="+", verbose_name=_("country"))
    # First come first: the most general line.
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    name = models.CharField(_("name"), max_length=120)
    who_for = models.CharField(_("who it is for"), max_length=200)
    hours = models.CharField(_("hours, as they are read"), max_length=200)
    # When it is open, for “open now”, as resources.opening keeps it; empty where only the words above are known.
    opening = models.JSONField(_("hours, for “open now”"), default=dict, blank=True)
    hours_tz = models.CharField(_("time zone of the hours"), max_length=64)
    languages = ArrayField(models.CharField(max_length=40), verbose_name=_("languages"), default=list)
    cost = models.CharField(_("cost"), max_length=120, blank=True)
    source = models.URLField(_("where this is written"))
    verified_on = models.DateField(_("compared with the source on"), null=True, blank=True)
    verified_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    review_by = models.DateField(_("to be compared again by"), null=True, blank=True)
    is_shown = models.BooleanField(_("shown to readers"), default=True, db_default=True)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        verbose_name = _("helpline")
        verbose_name_plural = _("helplines")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "name"],
                name="helpline_once_a_country",
                violation_error_message=_("This country has a line with this name already."),
            ),
            # Nothing counts as compared for ever.
            models.CheckConstraint(
                condition=models.Q(verified_on=None) | models.Q(review_by__isnull=False),
                name="helpline_verified_until",
                violation_error_message=_("Say until when this holds."),
            ),
        ]
        indexes = [models.Index(fields=["country", "position", "id"], name="helpline_order")]

    def __str__(self) -> str:
        return str(self.name)


class HelplineChannel(models.Model):
    """One way to reach a line. `display` is read, `dial` is dialled, or opened for a chat."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        TEXT = "text", _("Text")
        CHAT = "chat", _("Chat")

    # Wagtail keeps the order in which a curator has them in this field.
    sort_order_field = "position"

    helpline = ParentalKey(Helpline, on_delete=models.CASCADE, related_name="channels")
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    kind = models.CharField(_("how"), max_length=10, choices=Kind)
    display = models.CharField(_("as it is read"), max_length=120)
    dial = models.CharField(_("as it is dialled, or the address of a chat"), max_length=200)
    body = models.CharField(_("word to text"), max_length=40, blank=True)

    objects: ClassVar[models.Manager["HelplineChannel"]] = models.Manager()

    class Meta:
        verbose_name = _("way to reach it")
        verbose_name_plural = _("ways to reach it")
        constraints = [
            # What stands behind a button is dialled or opened, and nothing else.
            models.CheckConstraint(
                condition=models.Q(kind="chat", dial__startswith="https://")
                | models.Q(kind__in=["call", "text"], dial__regex=r"^\+?[0-9*#]{2,20}$"),
                name="channel_dials_or_opens",
                violation_error_message=_("A number has digits only; a chat begins with https://."),
            ),
        ]
        indexes = [models.Index(fields=["helpline", "position", "id"], name="channel_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.display}"


class HelpFailure(models.Model):
    """That the page which always answers could not be rendered anew; over once it could."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    why = models.CharField(max_length=300)
    mended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["HelpFailure"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mended_at"], nulls_distinct=False, name="help_fails_once_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.why
