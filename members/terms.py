"""How long accounts, and what belongs to them, are kept."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.exports import KEPT
from members.models import Export, Invitation, KnownDevice
from members.retention import Term, register
from members.services.accounts import end_places
from members.services.exports import forget_exports

ADDRESSES_KEPT = dt.timedelta(days=30)
INVITATIONS_KEPT = dt.timedelta(days=30)
DEVICES_KEPT = dt.timedelta(days=180)

_UNTIL_THEY_LEAVE = _("Until you change it or leave.")
_YOU = _("Only you.")


def _sessions(now: dt.datetime) -> "QuerySet[Session]":
    return Session.objects.filter(expire_date__lt=now)


def _places(now: dt.datetime) -> "QuerySet[UserSession]":
    rows: QuerySet[UserSession] = UserSession.objects.filter(last_seen_at__lt=now - ADDRESSES_KEPT)
    return rows


def _end_places() -> int:
    return end_places(before=timezone.now() - ADDRESSES_KEPT)


def _devices(now: dt.datetime) -> "QuerySet[KnownDevice]":
    return KnownDevice.objects.filter(seen_on__lt=(now - DEVICES_KEPT).date())


def _invitations(now: dt.datetime) -> "QuerySet[Invitation]":
    return Invitation.objects.filter(expires_at__lt=now - INVITATIONS_KEPT)


def _exports(now: dt.datetime) -> "QuerySet[Export]":
    return Export.objects.filter(ready_at__lt=now - KEPT).exclude(file="")


register(
    Term(
        key="account",
        what=_("Your pseudonym, e-mail address, what you chose, and your password in a form that nobody can read."),
        why=_("So that you can sign in and find the site as you left it."),
        how_long=_("Until you leave. An empty row stays, so that what others wrote keeps its place."),
        seen_by=_("Members see the pseudonym. Nobody is shown your address without a reason that is logged."),
        models=(
            "members.Member", "account.EmailAddress", "account.EmailConfirmation", "members.AddressChange",
            "mfa.Authenticator",
        ),
    )
)  # fmt: skip
register(
    Term(
        key="last-day",
        what=_("The last day on which you were here, and your time zone."),
        why=_("So that mails grow rare when you are away, and come at your hours."),
        how_long=_("Only the last day, until you leave."),
        seen_by=_("Nobody. Programs use it."),
    )
)
register(
    Term(
        key="sessions",
        what=_("That a browser is signed in, and what it must not lose, such as words you were typing."),
        why=_("Without it every page would ask for your password."),
        how_long=_("Two weeks after your last sign-in there, or until you sign out."),
        seen_by=_YOU,
        models=("sessions.Session",),
        due=_sessions,
    )
)  # fmt: skip
register(
    Term(
        key="addresses",
        what=_("The network address and kind of browser of each sign-in."),
        why=_("So that you can see where you are signed in, and sign out there."),
        how_long=_(
            "30 days; then you are signed out there. How often somebody tries a thing is counted by a mark of the "
            "address, for hours only."
        ),
        seen_by=_(
            "You, on the page “Where you are signed in”. An administrator only for a reason, which you can read "
            "afterwards."
        ),
        models=("usersessions.UserSession",),
        due=_places,
        end=_end_places,
    )
)
register(
    Term(
        key="devices",
        what=_("A random mark in each browser in which you signed in."),
        why=_("So that you are told when somebody signs in somewhere new."),
        how_long=_("180 days after you were last signed in there."),
        seen_by=_("Nobody. Programs use it."),
        models=("members.KnownDevice",),
        due=_devices,
    )
)
register(
    Term(
        key="consents",
        what=_("What you agreed to, in which words, and when."),
        why=_("Without your explicit consent nobody may keep what you write about your health (GDPR, Art. 9)."),
        how_long=_("For good, so that it can be shown. After you left, without your name."),
        seen_by=_YOU,
        models=("members.Consent",),
    )
)
register(
    Term(
        key="boundaries",
        what=_("Whom you blocked or muted, and which words you would rather not meet."),
        why=_("So that your boundaries hold everywhere."),
        how_long=_(
            "Until you change it or leave. Where your words stay without your name, blocks stay, too: nobody has to "
            "meet them who did not want to."
        ),
        seen_by=_(
            "Only you. Whoever you block is not told. Moderators see how many people block somebody, not who. An "
            "administrator sees the words only for a reason, which you can read afterwards."
        ),
        models=("members.Block", "members.Mute", "members.KeywordFilter"),
    )
)
register(
    Term(
        key="invitations",
        what=_("That you were invited, or invited somebody."),
        why=_("So that an invitation works once."),
        how_long=_("30 days after it is over."),
        seen_by=_("Administrators."),
        models=("members.Invitation",),
        due=_invitations,
    )
)
register(
    Term(
        key="exports",
        what=_("The file with all your data, when you asked for one."),
        why=_("So that you can download it."),
        how_long=_("7 days after it was made."),
        seen_by=_YOU,
        models=("members.Export",),
        due=_exports,
        end=forget_exports,
    )
)
register(
    Term(
        key="leaving",
        what=_("That somebody left, when and how. And a mark of the name, from which it cannot be read."),
        why=_("So that it is really done, and nobody else can take the name and pass for them."),
        how_long=_("For good, without the name."),
        seen_by=_("Nobody. Programs use it."),
        models=("members.Leaving", "members.TakenName"),
    )
)
register(
    Term(
        key="staff-pages",
        what=_("What administrators and curators did in their own pages."),
        why=_("So that it can be seen later who changed what."),
        how_long=_("For good; after they left, without their name."),
        seen_by=_("Administrators and curators."),
        models=(
            "admin.LogEntry", "wagtailcore.Page", "wagtailcore.Revision", "wagtailcore.PageLogEntry",
            "wagtailcore.ModelLogEntry", "wagtailcore.TaskState", "wagtailcore.WorkflowState",
            "wagtailcore.Comment", "wagtailcore.CommentReply", "wagtailcore.PageSubscription",
            "wagtailadmin.EditingSession",
            "wagtailadmin.FormState",
            "wagtailcore.APIToken", "wagtailcore.UploadedFile", "wagtailusers.UserProfile",
            "wagtailimages.Image", "wagtaildocs.Document",
        ),
    )
)  # fmt: skip
