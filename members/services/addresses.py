"""Another e-mail address: both mailboxes say so before it is the member's."""

import secrets

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from members import digests
from members.models import AddressChange, Member


def begin_change(*, member: Member, to: str) -> str:
    """Keep that `member` wants the address `to`, in place of what they wanted before; the key for the mail to the
    address that they have. Whatever was said of an earlier wish is void."""
    key = secrets.token_urlsafe(24)
    AddressChange.objects.update_or_create(
        member=member,
        defaults={
            "to": to,
            "digest": digests.of_secret(key),
            "asked_at": timezone.now(),
            "old_agreed_at": None,
            "new_agreed_at": None,
        },
    )
    return key


@transaction.atomic
def new_mailbox_agrees(*, member: Member, to: str) -> bool:
    """The new address said yes. Says whether the earlier one has, too. Locks the wish."""
    change = AddressChange.objects.select_for_update().filter(member=member, to=to).first()
    if change is None:
        return False
    change.new_agreed_at = change.new_agreed_at or timezone.now()
    change.save(update_fields=["new_agreed_at"])
    return change.old_agreed_at is not None


@transaction.atomic
def old_mailbox_agrees(*, change: AddressChange) -> bool:
    """The address that they have said yes. Says whether the new one has, too. Locks the wish."""
    locked = AddressChange.objects.select_for_update().filter(pk=change.pk).first()
    if locked is None:
        return False
    locked.old_agreed_at = locked.old_agreed_at or timezone.now()
    locked.save(update_fields=["old_agreed_at"])
    return locked.new_agreed_at is not None


@transaction.atomic
def stop_change(*, member: Member) -> bool:
    """The address stays as it is. Says whether another one was wanted."""
    deleted, _by_model = AddressChange.objects.filter(member=member).delete()
    EmailAddress.objects.filter(user=member, verified=False).delete()
    return bool(deleted)
