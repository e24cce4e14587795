"""Who is here. A member is a pseudonym; there is no field for a real name."""

import datetime as dt
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7, Lower, Now
from django.utils.translation import gettext_lazy as _

from core import notes
from core.notes import ContentNote
from members.names import username_validators

AVATARS = 12


class MemberManager(BaseUserManager["Member"]):
    def create_user(self, username: str, email: str, password: str | None = None, **fields: object) -> "Member":
        member = self.model(username=username, email=self.normalize_email(email), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, username: str, email: str, password: str | None = None, **fields: object) -> "Member":
        roles = {"is_staff": True, "is_superuser": True, "is_moderator": True, "is_curator": True}
        return self.create_user(username, email, password, **(roles | fields))


class Member(AbstractBaseUser, PermissionsMixin):
    """An account. Rows are never deleted: whoever leaves loses name and address, so evidence keeps its shape."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    username = models.CharField(_("pseudonym"), max_length=30, unique=True, validators=username_validators)
    email = models.EmailField(_("e-mail address"), max_length=254)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("administrator"), default=False)
    is_moderator = models.BooleanField(_("moderator"), default=False)
    is_curator = models.BooleanField(_("curator"), default=False)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    # Kept beside the sanction that says so (moderation), because this row is loaded with every page.
    suspended_until = models.DateTimeField(null=True, blank=True, editable=False)

    # How they like to read and hear (M5, M8). On this row, because it is loaded with every page.
    folded_notes = ArrayField(models.CharField(max_length=20), default=notes.folded_at_first, blank=True)
    hidden_notes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    low_energy = models.BooleanField(default=False)
    follow_on_posting = models.BooleanField(default=True)
    # Whose clock they live by, as the IANA names it; "" for the site's.
    time_zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    # The last day (UTC) that they opened a page, so that mails grow rare for who is away. Shown to nobody.
    seen_on = models.DateField(null=True, blank=True, editable=False)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="member_username_whatever_case",
                violation_error_message=_("Somebody here already uses this name. Please choose another."),
            ),
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="member_email_whatever_case"),
            models.CheckConstraint(
                condition=models.Q(
                    folded_notes__contained_by=ContentNote.values, hidden_notes__contained_by=ContentNote.values
                ),
                name="member_known_notes",
            ),
            # A note is shown, folded or hidden, one of the three.
            models.CheckConstraint(
                condition=~models.Q(folded_notes__overlap=models.F("hidden_notes")), name="member_one_choice_a_note"
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username

    @property
    def last_here(self) -> dt.date:
        """The day (UTC) of their last visit, or of a sign-in or the beginning from before visits were noted."""
        return self.seen_on or (self.last_login or self.joined_at).date()

    @property
    def avatar(self) -> int:
        """Which of the twelve drawn avatars is theirs; steady, and chosen by chance."""
        return self.public_id.int % AVATARS


class BlockQuerySet(models.QuerySet["Block"]):
    def ids_around(self, member: Member) -> "models.QuerySet[Block, int]":
        """The ids of all whom `member` blocked or who blocked them, as one subquery."""
        mine = self.filter(blocker=member).values_list("blocked_id", flat=True)
        theirs = self.filter(blocked=member).values_list("blocker_id", flat=True)
        return mine.union(theirs, all=True)


class Block(models.Model):
    """`blocker` and `blocked` no longer meet anywhere, in either direction, and nobody is told."""

    blocker = models.ForeignKey(Member, models.CASCADE, related_name="blocks_made")
    blocked = models.ForeignKey(Member, models.CASCADE, related_name="blocks_met")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~models.Q(blocker=models.F("blocked")), name="block_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"
