"""A site that has sent mails before gets the tables of today."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from members.models import Member
from notifications import access
from notifications.models import Delivery, Sending

EARLIER = {
    "no address": Sending.Reason.NO_ADDRESS,
    "read on the site": Sending.Reason.READ,
    "no longer visible to the member": Sending.Reason.GONE,
    "the mail server did not take it": Sending.Reason.REFUSED,
    # Longer than a reason is now, and known to nobody.
    "somebody wrote this into the table by hand, and nobody knows why any more": "",
    "": "",
}


def insert(table, **values):
    columns, places = ", ".join(values), ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING id", list(values.values()))
        return cursor.fetchone()[0]


@pytest.mark.thorough
@pytest.mark.usefixtures("shared_database")
def test_why_earlier_mails_did_not_leave_can_still_be_read():
    call_command("migrate", "notifications", "0001", verbosity=0)
    member = Member.objects.create_user("alder", "alder@example.org")
    now, ids = timezone.now(), {}
    for number, sentence in enumerate(EARLIER):
        event = insert("notifications_event", kind="replied_to_you", target_id=number, expanded_at=now)
        notice = insert("notifications_notice", event_id=event, recipient_id=member.pk)
        state = "skipped" if sentence else "sent"
        mail = {"notice_id": notice, "channel": "email", "attempts": 0, "due_at": now, "settled_at": now}
        ids[sentence] = insert("notifications_delivery", state=state, reason=sentence, **mail)
    call_command("migrate", verbosity=0)
    found = {row.pk: row for row in Delivery.objects.all()}
    assert {sentence: found[pk].reason for sentence, pk in ids.items()} == EARLIER
    assert len({row.token for row in found.values()}) == len(EARLIER)
    told = [row.told for row in access.mails_of(member, None).items]
    for reason in filter(None, EARLIER.values()):
        assert f"Not sent. {Sending.Reason(reason).label}" in told
