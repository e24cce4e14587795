"""What members are told about the safety of their account. allauth mails it, to the address that it concerns; here it
becomes news on the site as well, which nobody can delete from a mailbox."""

import secrets
from collections.abc import Callable, Collection
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_noop

import notifications.services
from core.later import Ids
from members.models import Member
from notifications import kinds
from notifications.models import Channel, Event

NEW_DEVICE = "account/new_device"
# What allauth calls its mail, where it leads, and what is said.
_HAPPENINGS = {
    "account/email/password_changed": ("account_change_password", gettext_noop("Your password was changed.")),
    "account/email/password_reset": (
        "account_change_password",
        gettext_noop("Your password was set anew by a link that was sent to you."),
    ),
    "account/email/password_set": ("account_change_password", gettext_noop("A password was set for your account.")),
    "account/email/email_changed": ("account_email", gettext_noop("Your e-mail address was changed.")),
    "account/email/email_deleted": ("account_email", gettext_noop("An e-mail address was removed from your account.")),
    "mfa/email/totp_activated": ("mfa_index", gettext_noop("Codes from an app now protect your account.")),
    "mfa/email/totp_deactivated": ("mfa_index", gettext_noop("Codes from an app no longer protect your account.")),
    "mfa/email/recovery_codes_generated": ("mfa_index", gettext_noop("New recovery codes were made.")),
    "mfa/email/webauthn_added": ("mfa_index", gettext_noop("A passkey or security key was added to your account.")),
    "mfa/email/webauthn_removed": (
        "mfa_index",
        gettext_noop("A passkey or security key was removed from your account."),
    ),
    NEW_DEVICE: (
        "usersessions_list",
        gettext_noop("Somebody signed in to your account with a browser that was not used for it before."),
    ),
}
# Of these allauth sends no mail of its own.
_MAILED_HERE = {
    NEW_DEVICE: gettext_lazy("Somebody signed in to your account with another browser. If it was you, all is well:")
}


def record(happening: str, member: Member) -> bool:
    """Tell `member` that this happened, if it is news at all. Says so."""
    kind = _kinds.get(happening)
    if kind is None:
        return False
    # Nothing is kept of it but the news, so its number is made by chance: no two are the same, whatever the clock does.
    notifications.services.record(kind=kind, target_id=secrets.randbelow(2**63), group_id=member.pk)
    return True


def _ones_own(target_ids: Collection[int], member: Member, *, key: str) -> Collection[int]:
    return Ids(Event.objects.filter(kind=key, target_id__in=target_ids, group_id=member.pk), "target_id")


def _said(sentence: str) -> Callable[[Collection[int]], dict[int, str]]:
    return lambda ids: dict.fromkeys(ids, f"{gettext(sentence)} {gettext('If it was not you, choose a new password.')}")


def _register(happening: str, page: str, sentence: str) -> kinds.Kind:
    key = f"account:{happening.rpartition('/')[2]}"
    return kinds.register(
        kinds.Kind(
            key=key,
            audience=kinds.few(lambda event: [event.group_id] if event.group_id else []),
            visible=partial(_ones_own, key=key),
            url=lambda _event: reverse(page),
            lines=_said(sentence),
            default=Channel.MAIL if happening in _MAILED_HERE else Channel.SITE,
            least=Channel.MAIL if happening in _MAILED_HERE else Channel.SITE,
            mail_line=_MAILED_HERE.get(happening, ""),
            presses=True,
            topic=kinds.Topic.YOURS,
        )
    )


_kinds = {happening: _register(happening, page, sentence) for happening, (page, sentence) in _HAPPENINGS.items()}
