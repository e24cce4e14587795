"""How people came here, and what they agreed to."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.models.member import Member


class Consent(models.Model):
    """That a member said yes, to which words, and when. Rows say what was; they are not changed but to withdraw."""

    class Kind(models.TextChoices):
        AGE = "age", _("Being old enough")
        HEALTH = "health", _("Keeping what you write, also about your health")

    member = models.ForeignKey(Member, models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=10, choices=Kind)
    # Names the words that stood there (members.consents.TEXTS).
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField(db_default=Now(), editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["Consent"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "text_version"],
                condition=models.Q(withdrawn_at=None),
                name="consent_once",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["age", "health"]), name="consent_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.text_version}"


class Invitation(models.Model):
    """A link that lets one person sign up where sign-up asks for one. Only its digest is kept."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    # For whoever made it to know it by; the person invited never sees it.
    remark = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    used_by = models.OneToOneField(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Invitation"]] = models.Manager()

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class TakenName(models.Model):
    """The name of somebody who left, as a digest that is slow to guess (members.names.digest): never used again."""

    digest = models.CharField(max_length=64, primary_key=True)

    objects: ClassVar[models.Manager["TakenName"]] = models.Manager()

    def __str__(self) -> str:
        return "a name that was somebody's"


class KnownDevice(models.Model):
    """A browser in which a member signed in before, by the digest of a cookie: another one is news to them."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="known_devices")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_on = models.DateField()

    objects: ClassVar[models.Manager["KnownDevice"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "digest"], name="knowndevice_once")]

    def __str__(self) -> str:
        return f"device {self.pk}"


class AddressChange(models.Model):
    """That a member wants another e-mail address. It is theirs once both mailboxes have said so."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="address_change")
    to = models.EmailField(max_length=254)
    # Of the key in the mail to the address that they have.
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    old_agreed_at = models.DateTimeField(null=True, blank=True)
    new_agreed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["AddressChange"]] = models.Manager()

    def __str__(self) -> str:
        return f"change of address {self.pk}"
