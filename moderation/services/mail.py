"""Administrators looking up what became of somebody's mails. Each look goes to the log (T7)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

import notifications.access
from core.pagination import Page
from members.models import Member
from moderation import access
from moderation.services import audit
from notifications.models import Wishes


@dataclass(frozen=True, slots=True)
class MailsSeen:
    """`away`: whether the member is stepping back now."""

    name: str
    wishes: Wishes
    away: bool
    page: Page[notifications.access.MailRow]


@transaction.atomic
def see_mails(*, actor: Member, name: str, cursor: str | None) -> MailsSeen | None:
    """What became of the mails to whoever is called `name`, without their address; None when nobody is.

    The log keeps whose they were, and not what was typed: that may be an address, and nothing is ever taken from it.

    Raises:
        Http404: the actor is no administrator.
    """
    access.check_admin(actor)
    member = Member.objects.filter(username__iexact=name).first()
    audit.record(actor=actor, verb="see-mails", subject=member)
    if member is None:
        return None
    wishes = notifications.access.wishes_of(member)
    away = notifications.access.stepping_back_until(wishes, timezone.now()) is not None
    return MailsSeen(member.username, wishes, away, notifications.access.mails_of(member, cursor))
