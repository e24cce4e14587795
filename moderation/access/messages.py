"""What moderators wrote to a member, for the two who read it."""

from uuid import UUID

from django.http import Http404

from members.models import Member
from moderation.models import StaffMessage


def get_message_for(member: Member, public_id: UUID) -> StaffMessage:
    """For whom it was written. Raises Http404 for everybody else; moderators read it in the case."""
    message = StaffMessage.objects.select_related("case").filter(public_id=public_id, member=member).first()
    if message is None:
        raise Http404
    return message
