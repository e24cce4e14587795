"""Who is here. A member is a pseudonym; there is no field for a real name."""

import datetime as dt
from functools import lru_cache
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7, Lower, Now
from django.utils.translation import gettext_lazy as _

from core import notes
from core.notes import ContentNote
from members.names import Skeleton, shown, username_validators

AVATARS = 1000
ABOUT_MAX = 300
PRONOUNS_MAX = 30
# Minutes after which whoever wants it is told how long they have been here (M6).
SESSION_MINUTES = (15, 30, 45, 60, 90, 120)


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
    is_peer_supporter = models.BooleanField(_("peer supporter"), default=False, db_default=False)
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

    # What others see beside the name. Nothing of it is asked for.
    avatar_seed = models.PositiveSmallIntegerField(null=True, blank=True)
    pronouns = models.CharField(max_length=PRONOUNS_MAX, blank=True, default="", db_default="")
    about = models.CharField(max_length=ABOUT_MAX, blank=True, default="", db_default="")
    shows_posts = models.BooleanField(default=False, db_default=False)

    # Whose help lines they see first: chosen, never guessed. An ISO 3166 code, "" for none.
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    # After how many minutes they are told, once and gently, how long they have been here; None for never.
    session_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # Changes by chance with each of their mutes, filters and blocks, so that what was made of these can be kept until
    # then (members.access); 0 while there has been none.
    boundaries_mark = models.BigIntegerField(default=0, db_default=0, editable=False)
    # Every page is called the same in tabs and history.
    plain_titles = models.BooleanField(default=False, db_default=False)

    # When they were through with the welcome, or had enough of it; None while it is still offered.
    welcomed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Which words they agreed to (members.consents.current); others are shown to them first. Consent says it in full.
    agreed = models.CharField(max_length=60, blank=True, default="", db_default="", editable=False)
    # Somebody has yet to let them in, where the operator wants to know who comes.
    awaits_approval = models.BooleanField(default=False, db_default=False)
    # Until when they can take back that they leave (Leaving says how); None while they stay.
    leaves_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Whether there was news for them when a page loaded this row; None where nobody looked, or since it was read.
    is_lit: bool | None = None

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
            models.UniqueConstraint(
                Skeleton("username"),
                name="member_username_looks_like_no_other",
                violation_error_message=_("This looks much like somebody else's name here. Please choose another."),
            ),
            models.CheckConstraint(condition=models.Q(avatar_seed__lt=AVATARS), name="member_avatar_drawn"),
            models.CheckConstraint(
                condition=models.Q(session_minutes__in=SESSION_MINUTES), name="member_session_minutes"
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

    def get_session_auth_hash(self) -> str:
        return _session_auth_hash(self.password, settings.SECRET_KEY)

    @property
    def last_here(self) -> dt.date:
        """The day (UTC) of their last visit, or of a sign-in or the beginning from before visits were noted."""
        return self.seen_on or (self.last_login or self.joined_at).date()

    @property
    def shown_name(self) -> str:
        """The name for pages and mails: of those who left, that they did."""
        return shown(self.username)

    @property
    def avatar(self) -> int:
        """From which seed their avatar is drawn: the one they chose, or a steady one that chance chose."""
        return self.public_id.int % AVATARS if self.avatar_seed is None else self.avatar_seed


@lru_cache(maxsize=1000)
def _session_auth_hash(password: str, _secret: str) -> str:
    """Django's own, which each page asks for, of whoever has this password's hash. 20 µs."""
    return str(AbstractBaseUser.get_session_auth_hash(Member(password=password)))
