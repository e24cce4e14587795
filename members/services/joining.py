"""Coming here: what people agree to, by which door, and who lets them in."""

import datetime as dt
import secrets
from collections.abc import Collection

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from members import consents, digests, names
from members.models import AddressChange, Consent, Invitation, KnownDevice, Member
from members.services.accounts import end_sessions


class InvitationUsedError(Exception):
    """It was used meanwhile, taken back, or is over."""


@transaction.atomic
def join(*, member: Member, invitation: str = "") -> None:
    """What belongs to a new account, in the transaction that makes it: what they agreed to, and by which door.

    Whoever was invited needs nobody's approval. An invitation is spent by one UPDATE, so of two people who use it at
    once one is refused.

    Raises:
        InvitationUsedError: invitations are needed, and this one is not good any more.
    """
    agree(member=member, kinds=list(Consent.Kind))
    invited = bool(invitation) and _spend(invitation, member)
    if settings.SIGN_UP == "invitation" and not invited:
        raise InvitationUsedError
    if settings.SIGN_UP == "approval" and not invited:
        member.awaits_approval = True
        Member.objects.filter(pk=member.pk).update(awaits_approval=True)


def _spend(invitation: str, member: Member) -> bool:
    now = timezone.now()
    free = Invitation.objects.filter(digest=digests.of_secret(invitation), used_at=None, expires_at__gt=now)
    return bool(free.update(used_by=member, used_at=now))


@transaction.atomic
def agree(*, member: Member, kinds: Collection[Consent.Kind]) -> bool:
    """Keep that `member` says yes to today's words of these kinds. Says whether anything is new.

    Saying it again changes nothing; with all of them said, the site opens.
    """
    new = False
    for kind in kinds:
        _consent, created = Consent.objects.get_or_create(
            member=member, kind=kind, text_version=consents.version(kind), withdrawn_at=None
        )
        new = new or created
    member.agreed = consents.current() if _has_agreed(member) else ""
    Member.objects.filter(pk=member.pk).exclude(agreed=member.agreed).update(agreed=member.agreed)
    return new


def _has_agreed(member: Member) -> bool:
    said = set(member.consents.filter(withdrawn_at=None).values_list("kind", "text_version"))
    return all((kind.value, consents.version(kind)) in said for kind in Consent.Kind)


@transaction.atomic
def withdraw_consent(*, member: Member) -> bool:
    """Keep that `member` takes back what they agreed to. Says whether anything changed. Leaving follows from it."""
    withdrawn = Consent.objects.filter(member=member, withdrawn_at=None).update(withdrawn_at=timezone.now())
    Member.objects.filter(pk=member.pk).update(agreed="")
    member.agreed = ""
    return bool(withdrawn)


def invite(*, actor: Member, remark: str, days: int) -> tuple[Invitation, str]:
    """An invitation for one person, and its secret, which is told this once and kept nowhere."""
    secret = secrets.token_urlsafe(24)
    made = Invitation.objects.create(
        digest=digests.of_secret(secret),
        made_by=actor,
        remark=remark,
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    return made, secret


def revoke(*, invitation: Invitation) -> bool:
    """Take it back, if nobody used it. Says whether anything changed."""
    deleted, _by_model = Invitation.objects.filter(pk=invitation.pk, used_at=None).delete()
    return bool(deleted)


def let_in(*, member: Member) -> bool:
    """Open the site to somebody who waits. Says whether anything changed: of two who do it at once, one hears no."""
    waiting = Member.objects.filter(pk=member.pk, awaits_approval=True, is_active=True)
    return bool(waiting.update(awaits_approval=False))


@transaction.atomic
def turn_away(*, member: Member) -> str:
    """Close the account of somebody who waits; the address that it had, to tell them, or "" when nothing changed.

    Nothing of it stays but an empty row: its name is free again. Locks the row.
    """
    waiting = Member.objects.select_for_update().filter(pk=member.pk, awaits_approval=True, is_active=True).first()
    if waiting is None:
        return ""
    address = waiting.email
    end_sessions(member=waiting)
    EmailAddress.objects.filter(user=waiting).delete()
    Authenticator.objects.filter(user=waiting).delete()
    for model in (KnownDevice, AddressChange):
        model.objects.filter(member=waiting).delete()
    waiting.consents.all().delete()
    waiting.username = names.nameless()
    waiting.email = ""
    waiting.is_active = False
    waiting.set_unusable_password()
    waiting.save()
    return address


def finish_welcome(*, member: Member) -> bool:
    """They are through with the welcome, or have had enough of it. Says whether anything changed."""
    return bool(Member.objects.filter(pk=member.pk, welcomed_at=None).update(welcomed_at=timezone.now()))


def set_country(*, member: Member, country: str) -> bool:
    """Keep whose help lines `member` sees first, as a code of the list; "" for none. Says whether it changed."""
    member.country = country
    return bool(Member.objects.filter(pk=member.pk).exclude(country=country).update(country=country))
