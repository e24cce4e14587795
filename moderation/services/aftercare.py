"""Words for the others in a thread, after somebody in it was in danger."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.models import Member
from moderation import access, registry
from moderation.models import Case


@transaction.atomic
def begin(*, moderator: Member, case: Case, text: str) -> str:
    """A draft of `moderator` where the subject stands, with `text`. Where to go on writing; "" where nobody can."""
    if not access.moderates_now(moderator) or moderator.pk == case.author_id:
        raise PermissionDenied
    kind = registry.by_kind(case.subject_kind)
    subject = access.subject_of(case)
    return kind.begin_reply(subject, member=moderator, text=text) if kind and subject else ""
