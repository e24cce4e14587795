"""What every mail has, whatever is in it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import UUID4, Now
from django.utils.translation import gettext_lazy as _


class Sending(models.Model):
    """One mail to one member. It waits, and is then sent or skipped; a skipped one says why.

    Sending has two steps, so that no row is locked while a mail server thinks: `began_at` is committed before the
    server is asked, and cleared with its answer. A row that waits with `began_at` set has lost its worker in between.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        SENT = "sent", _("sent")
        SKIPPED = "skipped", _("not sent")

    class Reason(models.TextChoices):
        """Why a mail was not sent, or not yet, as its recipient may read it."""

        NO_ADDRESS = "no_address", _("There is no address to send it to.")
        CLOSED = "closed", _("The account is closed.")
        READ = "read", _("You had read it on the site.")
        GONE = "gone", _("It was taken back, or is no longer open to you.")
        MUTED = "muted", _("You chose to hear nothing more about where it happened.")
        NOT_WANTED = "not_wanted", _("You chose not to get mails about this.")
        TOLD = "told", _("A mail of the same day had told you of the same place.")
        MAIL_OFF = "mail_off", _("You turned all mails off.")
        BOUNCED = "bounced", _("Your address sent earlier mails back.")
        COMPLAINED = "complained", _("An earlier mail was marked as unwanted at your mail provider.")
        TOO_LATE = "too_late", _("It would have come so late that it was of no use.")
        TOO_MANY = "too_many", _("You had many mails within an hour. It is on the site.")
        REFUSED = "refused", _("The mail server did not take it.")
        BROKEN = "broken", _("An error on this site kept it from being written.")
        EMPTY = "empty", _("There was nothing to tell.")
        QUIET = "quiet", _("It waits until your quiet hours are over.")
        STEPPING_BACK = "stepping_back", _("It waits while you are stepping back.")
        SITE_BUSY = "site_busy", _("Many mails are leaving. It waits its turn.")

    # Stands in the mail's Message-ID, so that one that comes back is known. Made by chance: it tells nothing.
    token = models.UUIDField(unique=True, editable=False, db_default=UUID4())
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # When the sweep may pick it up: at once, or later.
    due_at = models.DateTimeField(db_default=Now())
    began_at = models.DateTimeField(null=True, blank=True)
    # A mail server may have taken it though its answer was never noted, and it was tried again, with the same id.
    maybe_twice = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Sending"]] = models.Manager()

    class Meta:
        abstract = True
