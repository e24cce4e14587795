"""Who answers as a professional: an administrator has checked the registration, and checks it again in time (M14)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import notifications.services
from members.models import Member
from moderation.services import audit
from resources.models import Professional
from resources.news_questions import PROFESSIONAL_ENDED

ENDED_AT_ONCE = 200


class CannotCheckError(Exception):
    """The registration cannot be kept so. The message is a sentence for the administrator."""


def _check_admin(actor: Member) -> None:
    if not (actor.is_staff or actor.is_superuser):
        raise PermissionDenied


@transaction.atomic
def add_professional(*, actor: Member, member: Member, values: dict[str, Any]) -> Professional:
    """Give `member` the badge: `actor` has checked the registration. One row a member.

    Raises:
        CannotCheckError: it is their own, or the member is on the list already.
    """
    _check_admin(actor)
    _check_another(actor, member.pk)
    checked = values | {"checked_by": actor}
    made, created = Professional.objects.get_or_create(member=member, defaults=checked)
    if not created:
        raise CannotCheckError(
            _("%(name)s is on the list already. Open that entry to check it again.") % {"name": member.username}
        )
    _record("professional-add", actor, made)
    return made


def _check_another(actor: Member, member_id: int) -> None:
    if actor.pk == member_id:
        raise CannotCheckError(_("Another administrator checks your registration. Nothing was saved."))


@transaction.atomic
def check_again(*, actor: Member, professional: Professional, values: dict[str, Any]) -> bool:
    """Keep what `actor` has checked now; a badge that had ended counts again. Says whether anything changed. Locks it.

    Raises:
        CannotCheckError: it is their own.
    """
    _check_admin(actor)
    _check_another(actor, professional.pk)
    locked = Professional.objects.select_for_update().get(pk=professional.pk)
    if locked.ended_at is None and all(getattr(locked, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(locked, name, value)
    locked.checked_by, locked.ended_at = actor, None
    locked.save(update_fields=[*values, "checked_by", "ended_at"])
    _record("professional-check", actor, locked)
    return True


@transaction.atomic
def end_professional(*, actor: Member, professional: Professional, reason: str) -> bool:
    """Take the badge away; what they answered stays, with what was true then. Says whether anything changed."""
    _check_admin(actor)
    ended = Professional.objects.filter(pk=professional.pk, ended_at=None).update(ended_at=timezone.now())
    if not ended:
        return False
    entry = audit.record(actor=actor, verb="professional-end", member=professional.pk, reason=reason)
    notifications.services.record(kind=PROFESSIONAL_ENDED, target_id=entry.pk, actor=actor)
    return True


def end_overdue() -> int:
    """End the badges whose check is over, and tell them and the administrators; of how many. Safe to run again."""
    overdue = Professional.objects.filter(ended_at=None, check_again_by__lt=timezone.localdate())
    ids = list(overdue.order_by("pk").values_list("pk", flat=True)[:ENDED_AT_ONCE])
    return sum(_end(pk) for pk in ids)


@transaction.atomic
def _end(member_id: int) -> int:
    standing = Professional.objects.filter(pk=member_id, ended_at=None, check_again_by__lt=timezone.localdate())
    if not standing.update(ended_at=timezone.now()):
        return 0
    entry = audit.record(actor=None, verb="professional-overdue", member=member_id)
    notifications.services.record(kind=PROFESSIONAL_ENDED, target_id=entry.pk)
    return 1


def _record(verb: str, actor: Member, professional: Professional) -> None:
    """What everybody reads of it; its number stays out of the log."""
    audit.record(
        actor=actor,
        verb=verb,
        member=professional.pk,
        field=professional.field,
        register=professional.register,
        checked_on=professional.checked_on.isoformat(),
        check_again_by=professional.check_again_by.isoformat(),
    )
