"""Who may come in: invitations, and newcomers who wait. Each act stands in the log."""

from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

import members.services
import notifications.services
from members.models import Invitation, Member
from moderation.news_arrivals import LET_IN
from moderation.services import audit


@transaction.atomic
def invite(*, actor: Member, remark: str, days: int) -> str:
    """An invitation for one person. Returns its secret, which is told this once and kept nowhere."""
    _check(actor)
    made, secret = members.services.invite(actor=actor, remark=remark, days=days)
    audit.record(actor=actor, verb="invite", remark=remark, until=made.expires_at.isoformat())
    return secret


@transaction.atomic
def revoke(*, actor: Member, invitation: Invitation) -> bool:
    """Take an invitation back. Says whether anything changed: one that was used stays."""
    _check(actor)
    if not members.services.revoke(invitation=invitation):
        return False
    audit.record(actor=actor, verb="invite-revoke", remark=invitation.remark)
    return True


@transaction.atomic
def let_in(*, actor: Member, member: Member) -> bool:
    """Open the site to a newcomer, who is told by mail. Says whether anything changed."""
    _check(actor)
    if not members.services.let_in(member=member):
        return False
    audit.record(actor=actor, verb="let-in", member=member.pk)
    notifications.services.record(kind=LET_IN, target_id=member.pk)
    return True


@transaction.atomic
def turn_away(*, actor: Member, member: Member, reason: str) -> bool:
    """Close a newcomer's account, and mail them why. Says whether anything changed.

    Their address is nowhere afterwards, so the one mail leaves on commit and is not tried again. The log keeps neither
    address nor name.
    """
    _check(actor)
    address = members.services.turn_away(member=member)
    if not address:
        return False
    audit.record(actor=actor, verb="turn-away", member=member.pk, reason=reason)
    transaction.on_commit(partial(_mail, address, reason), robust=True)
    return True


def _mail(address: str, reason: str) -> None:
    context = {"SITE_NAME": settings.SITE_NAME, "reason": reason, "contact": settings.CONTACT_EMAIL}
    EmailMessage(
        subject=_("About the account you asked for"),
        body=render_to_string("moderation/turned_away.txt", context),
        to=[address],
    ).send()


def _check(actor: Member) -> None:
    if not (actor.is_active and (actor.is_staff or actor.is_superuser)):
        raise PermissionDenied
