"""A new or confirmed address begins anew: what mail servers said of an earlier one does not count against it."""

from typing import Any

from allauth.account.models import EmailAddress

from members.models import Member
from notifications.services import returns


def confirmed(*, email_address: EmailAddress, **_told: Any) -> None:
    """Only the main address gets mails."""
    if email_address.primary:
        returns.address_works(member=email_address.user)


def changed(*, user: Member, **_told: Any) -> None:
    returns.address_works(member=user)
