"""A new or confirmed address begins anew: what mail servers said of an earlier one does not count against it."""

from typing import Any

from allauth.account.models import EmailAddress

import notifications.services
from members.models import Member
from moderation.news_arrivals import DOOR, WAITS_AT_THE_DOOR
from notifications.services import returns


def confirmed(*, email_address: EmailAddress, **_told: Any) -> None:
    """Only the main address gets mails. And of somebody who waits to be let in, administrators hear now."""
    if email_address.primary:
        returns.address_works(member=email_address.user)
    if email_address.user.awaits_approval:
        notifications.services.record(kind=WAITS_AT_THE_DOOR, target_id=email_address.user_id, group_id=DOOR)


def changed(*, user: Member, **_told: Any) -> None:
    returns.address_works(member=user)
