"""What moderators write to a member about a case, and the member's answer."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import notifications.services
from members.models import Member
from moderation import access
from moderation.access import CannotDecideError
from moderation.models import Case, Priority, Source, StaffMessage
from moderation.news_appeals import MESSAGE_ANSWERED, STAFF_MESSAGE
from moderation.services import audit, crisis
from moderation.services.cases import open_or_join


@transaction.atomic
def send(*, moderator: Member, case: Case, version: int, text: str, submission: UUID | None = None) -> StaffMessage:
    """Write to the author of what the case is about. The same `submission` twice sends once. Locks the case.

    The first message is the contact of the crisis steps. The log says that there was one, and not what it said.

    Raises:
        CannotDecideError: the case is not this moderator's, something arrived in it, or no steps are under way.
    """
    locked = Case.objects.select_for_update(of=("self",)).select_related("claimed_by").get(pk=case.pk)
    if submission and (before := StaffMessage.objects.filter(case=locked, submission=submission).first()):
        return before
    access.check_can_decide(moderator, locked, version)
    if not access.is_under_way(locked):
        raise CannotDecideError(_("Start the crisis steps first. Nothing was sent; your words are still below."))
    message = StaffMessage.objects.create(
        case=locked, member_id=locked.author_id, sent_by=moderator, text=text, submission=submission
    )
    crisis.contacted(moderator=moderator, case=locked)
    audit.record(actor=moderator, verb="message", case=locked.pk, message=message.pk)
    notifications.services.record(kind=STAFF_MESSAGE, target_id=message.pk, actor=moderator)
    return message


@transaction.atomic
def answer(*, member: Member, message: StaffMessage, text: str) -> bool:
    """Answer, once. The case is in the queue again, and whoever decides has to read it; after it was decided, message
    and answer are in a new one. False when it was answered before. Locks the case. Nothing goes to the log, which must
    not name the author of an anonymous thread."""
    if message.member_id != member.pk:
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=message.case_id)
    waiting = StaffMessage.objects.filter(pk=message.pk, answered_at=None)
    if not waiting.update(answer=text, answered_at=timezone.now()):
        return False
    if case.state == Case.State.OPEN:
        crisis.wake(case)
    elif (subject := access.subject_of(case)) is not None:
        # Nobody looks at a case that is decided. The answer is read where it waits.
        again = open_or_join(subject=subject, priority=Priority.CRISIS, source=Source.AUTHOR)
        StaffMessage.objects.filter(pk=message.pk).update(case=again)
    notifications.services.record(kind=MESSAGE_ANSWERED, target_id=message.pk)
    return True
