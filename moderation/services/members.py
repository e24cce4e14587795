"""Moderators looking at members as a whole. Every look at what members keep to themselves goes to the log (T7)."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member
from moderation import access, registry
from moderation.models import Case, CaseNote, Priority, Source
from moderation.services import audit
from moderation.services.cases import open_or_join


@transaction.atomic
def see_much_blocked(*, actor: Member) -> Sequence[access.MuchBlocked]:
    """Whom several members blocked lately. Who blocked whom is in nobody's sight."""
    if not access.moderates_now(actor):
        raise PermissionDenied
    rows = access.much_blocked(actor)
    audit.record(actor=actor, verb="see-blocked", members=[str(row.public_id) for row in rows])
    return rows


@transaction.atomic
def look_into(*, actor: Member, member: Member) -> Case:
    """The open case about `member` as a whole, made if there is none. Two at once make one. Locks it."""
    if not access.moderates_now(actor) or actor.pk == member.pk:
        raise PermissionDenied
    kind = registry.of(member)
    standing = Case.objects.filter(subject_kind=kind.kind, subject_id=member.pk, state=Case.State.OPEN).first()
    if standing is not None:
        return standing
    case = open_or_join(subject=member, priority=Priority.ABUSE, source=Source.MODERATOR, says_more=False)
    why = _("Opened because several members have blocked this person lately.")
    # A colleague, or the same click again, may have opened it while we waited for the case.
    if case.notes.filter(text=why).exists():
        return case
    CaseNote.objects.create(case=case, author=actor, text=why)
    audit.record(actor=actor, verb="look-into", subject=member, case=case.pk)
    return case
