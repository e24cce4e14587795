"""What happens to accounts."""

from django.contrib.auth.models import Group
from django.db import transaction

from members.models import Block, Member

CURATORS_GROUP = "Curators"


@transaction.atomic
def set_curator(*, member: Member, is_curator: bool) -> bool:
    """Let `member` into the curators' pages, or out of them. Says whether anything changed."""
    group, _created = Group.objects.get_or_create(name=CURATORS_GROUP)
    if is_curator:
        member.groups.add(group)
    else:
        member.groups.remove(group)
    return bool(Member.objects.filter(pk=member.pk).exclude(is_curator=is_curator).update(is_curator=is_curator))


def block(*, blocker: Member, blocked: Member) -> bool:
    """Part the two for good, silently. Says whether anything changed."""
    _block, created = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    return created
