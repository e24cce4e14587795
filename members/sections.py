"""What an export says about the account itself, and what no export has."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from members import names
from members.exports import Row, Section, leave_out, register, stream
from members.models import (
    AddressChange,
    Block,
    Consent,
    Export,
    Invitation,
    KeywordFilter,
    KnownDevice,
    Leaving,
    Member,
    Mute,
)

# Made by the machine, or a secret that would open the account to whoever finds the file.
_NOT_TOLD = frozenset({"id", "password", "groups", "user_permissions", "boundaries_mark"})


def _account(member: Member) -> Iterator[Row]:
    fields = [field.name for field in Member._meta.fields if field.name not in _NOT_TOLD]  # noqa: SLF001
    row = {name: getattr(member, name) for name in fields}
    if names.has_left(member.username):
        found = Leaving.objects.filter(member=member, undone_at=None).exclude(name_before="").first()
        row["username"] = found.name_before if found else ""
    yield row
    addresses = EmailAddress.objects.filter(user=member).order_by("pk")
    yield from stream(addresses, address="email", confirmed="verified", used="primary")
    yield from stream(AddressChange.objects.filter(member=member), address_to_be="to", asked_at="asked_at")


def _signing_in(member: Member) -> Iterator[Row]:
    sessions = UserSession.objects.filter(user=member).order_by("pk")
    yield from stream(
        sessions, signed_in_at="created_at", seen_at="last_seen_at", network_address="ip", browser="user_agent"
    )
    for step in Authenticator.objects.filter(user=member).order_by("pk").iterator():
        yield {"second_step": step.type, "added_at": step.created_at, "last_used_at": step.last_used_at}
    devices = KnownDevice.objects.filter(member=member).order_by("pk")
    yield from stream(devices, device_known_since="created_at", device_seen_on="seen_on")


def _consents(member: Member) -> Iterator[Row]:
    rows = Consent.objects.filter(member=member).order_by("pk")
    return stream(rows, kind="kind", text_version="text_version", given_at="given_at", withdrawn_at="withdrawn_at")


def _boundaries(member: Member) -> Iterator[Row]:
    for who, at in Block.objects.filter(blocker=member).order_by("pk").values_list("blocked__username", "created_at"):
        yield {"blocked": names.shown(who), "at": at}
    # Somebody beyond a block is nowhere else either: that they are missing here must not be news.
    mutes = Mute.objects.filter(muter=member).exclude(muted__in=Block.objects.ids_around(member)).order_by("pk")
    for who, at in mutes.values_list("muted__username", "created_at"):
        yield {"muted": names.shown(who), "at": at}
    filters = KeywordFilter.objects.filter(member=member).order_by("pk")
    yield from stream(filters, words="phrase", whole_words_only="whole_word", hides="hides", at="created_at")


def _invitations(member: Member) -> Iterator[Row]:
    made = Invitation.objects.filter(made_by=member).order_by("pk")
    yield from stream(made, remark="remark", made_at="created_at", until="expires_at", used_at="used_at")
    yield from stream(Invitation.objects.filter(used_by=member).order_by("pk"), you_were_invited_at="created_at")


def _comings_and_goings(member: Member) -> Iterator[Row]:
    exports = Export.objects.filter(member=member).order_by("pk")
    yield from stream(exports, export_asked_at="asked_at", ready_at="ready_at", deleted_at="deleted_at")
    leavings = Leaving.objects.filter(member=member).order_by("pk")
    yield from stream(leavings, leaving_asked_at="asked_at", way="way", until="due_at", taken_back_at="undone_at")


register(
    Section(
        key="account",
        title=_("Your account"),
        covers=("members.Member", "account.EmailAddress.user", "members.AddressChange.member"),
        rows=_account,
        labels={"username": _("Pseudonym"), "email": _("E-mail address"), "seen_on": _("Last day here")},
    )
)
register(
    Section(
        key="signing-in",
        title=_("Signing in"),
        covers=("usersessions.UserSession.user", "mfa.Authenticator.user", "members.KnownDevice.member"),
        rows=_signing_in,
    )
)
register(Section("consents", _("What you agreed to"), ("members.Consent.member",), _consents))
register(
    Section(
        "boundaries",
        _("Your boundaries"),
        ("members.Block.blocker", "members.Mute.muter", "members.KeywordFilter.member"),
        _boundaries,
    )
)
register(
    Section("invitations", _("Invitations"), ("members.Invitation.made_by", "members.Invitation.used_by"), _invitations)
)
register(
    Section(
        "coming-and-going",
        _("Exports and leaving"),
        ("members.Export.member", "members.Leaving.member"),
        _comings_and_goings,
    )
)

_OTHERS_BOUNDARIES = _("Who blocked or muted you: it would tell you of the boundaries of somebody else.")
_KEYS = _("Secrets that sign you in: whoever found the file could use them.")
_RIGHTS = _("Rights in the curators' pages, which follow from your role.")
_STAFF_WORK = _("What staff did in their role: it belongs to the site, and names other people.")

leave_out(
    {
        "members.Block.blocked": _OTHERS_BOUNDARIES,
        "members.Mute.muted": _OTHERS_BOUNDARIES,
        "account.EmailConfirmation": _KEYS,
        "wagtailcore.APIToken.user": _KEYS,
        "members.Member_groups": _RIGHTS,
        "members.Member_user_permissions": _RIGHTS,
        "members.Member_groups.member": _RIGHTS,
        "members.Member_user_permissions.member": _RIGHTS,
    }
    | dict.fromkeys(
        [
            "admin.LogEntry.user", "wagtailcore.Page.owner", "wagtailcore.Page.locked_by", "wagtailcore.Revision.user",
            "wagtailcore.PageLogEntry.user", "wagtailcore.ModelLogEntry.user", "wagtailcore.TaskState.finished_by",
            "wagtailcore.WorkflowState.requested_by", "wagtailcore.Comment.user", "wagtailcore.CommentReply.user",
            "wagtailcore.Comment.resolved_by",
            "wagtailcore.PageSubscription.user", "wagtailadmin.EditingSession.user", "wagtailadmin.FormState.user",
            "wagtailcore.UploadedFile.uploaded_by_user", "wagtailusers.UserProfile.user",
            "wagtailimages.Image.uploaded_by_user", "wagtaildocs.Document.uploaded_by_user",
        ],
        _STAFF_WORK,
    )
)  # fmt: skip
