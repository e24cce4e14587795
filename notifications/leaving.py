"""Somebody leaves: what of it concerns news."""

from django.db import transaction

from members.leaving import AT_ONCE, Part, register
from members.models import Leaving
from notifications.models import Choice, Digest, Event, Notice, Return, Wishes


def finish(leaving: Leaving) -> bool:
    """All that they were told goes, and that it was they who did what others were told of."""
    for model in (Choice, Return, Digest, Wishes):
        model.objects.filter(member=leaving.member_id).delete()
    while _forget_some(leaving.member_id):
        pass
    Event.objects.filter(actor=leaving.member_id).update(actor=None)
    # What was told to them alone, such as of the safety of their account.
    Event.objects.filter(kind__startswith="account:", group_id=leaving.member_id).delete()
    return True


@transaction.atomic
def _forget_some(member_id: int) -> int:
    keys = list(Notice.objects.filter(recipient=member_id).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    Notice.objects.filter(pk__in=keys).delete()
    return len(keys)


register(Part("notifications", finish=finish))
