"""What mail servers and providers say about an address, and what follows from it."""

import datetime as dt
import hashlib
import time
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone

from members.models import Member
from notifications import access, reports
from notifications.models import Delivery, Digest, Return, Sending, Wishes
from notifications.services.wishes import set_mail

# On so many days mails failed for a while: the address is taken for gone. Counted as Mailman does: one a day, so that a
# server's bad afternoon is no reason, and not for ever.
SOFT_ENOUGH = 5
FORGOTTEN_AFTER = dt.timedelta(days=14)
# At one time, so that a flood does not keep a worker for longer than a task may take; what is left is for the next.
REPORTS_AT_A_TIME = 500
READING_SECONDS = 60


@dataclass(slots=True)
class Collected:
    """How many reports were about a mail of ours and are done with, and how many mails were none, and are left."""

    known: int = 0
    unknown: int = 0


@transaction.atomic
def bounced(*, member: Member, status: str, mark: str, soft: bool = False) -> bool:
    """A mail came back. A hard one, or soft ones on five days, ends mails until the address is confirmed or changed.

    `mark` names the report: the same one counts once. Says whether it was news.
    """
    kind = Return.Kind.SOFT if soft else Return.Kind.HARD
    if not _note(member, kind, status=status, mark=mark):
        return False
    wishes = Wishes.objects.filter(member=member)
    if soft:
        _count_soft(member)
        wishes = wishes.filter(soft_bounces__gte=SOFT_ENOUGH)
    wishes.filter(bounced_at=None).update(bounced_at=timezone.now())
    return True


@transaction.atomic
def complained(*, member: Member, mark: str) -> bool:
    """The member, or their provider for them, called a mail unwanted: none follows. Says whether it was news."""
    if not _note(member, Return.Kind.COMPLAINT, status="", mark=mark):
        return False
    Wishes.objects.filter(member=member, complained_at=None).update(complained_at=timezone.now())
    return True


def address_works(*, member: Member) -> bool:
    """The member changed or confirmed the address: it begins anew. Says whether anything changed."""
    fresh = {"soft_bounces": 0, "bounced_at": None, "complained_at": None}
    return bool(Wishes.objects.filter(member=member).exclude(**fresh).update(**fresh))


def collect_returns(*, mailbox: str) -> Collected:
    """Read what has come back to `mailbox`. Not inside a transaction.

    A report about a mail of ours is removed once it is noted, for it holds an address. Everything else stays, marked as
    read. Who dies in between leaves the report, and it counts once all the same. Raises what the mailbox raises.
    """
    # A worker's alone: web processes need not hold what reads mailboxes.
    from notifications import mailboxes

    collected, began = Collected(), time.monotonic()
    with mailboxes.opened(mailbox) as box:
        for name in box.unread(REPORTS_AT_A_TIME):
            if time.monotonic() - began > READING_SECONDS:
                break
            report = reports.read(box.first_bytes(name, reports.LARGEST + 1))
            if report is not None and note_report(report):
                box.remove(name)
                collected.known += 1
            else:
                box.mark_read(name)
                collected.unknown += 1
    return collected


def note_report(report: reports.Report) -> bool:
    """Says whether it is about a mail of ours. Nothing follows where that went to an address its member has left."""
    sending = _sending_of(report)
    if sending is None:
        return False
    member = access.recipient_of(sending)
    if report.to and report.to.lower() != member.email.lower():
        return True
    mark = f"{report.kind}:{sending.token}"
    if report.kind == Return.Kind.COMPLAINT:
        complained(member=member, mark=mark)
    elif report.kind is not None:
        bounced(member=member, status=report.status, mark=mark, soft=report.kind == Return.Kind.SOFT)
    return True


def note_event(*, address: str, kind: Return.Kind, status: str, mark: str) -> bool:
    """What a provider says of the address of a member. Says whether it was news; not where nobody has that address."""
    member = _member_at(address)
    if member is None:
        return False
    if kind == Return.Kind.COMPLAINT:
        return complained(member=member, mark=mark)
    return bounced(member=member, status=status, mark=mark, soft=kind == Return.Kind.SOFT)


def note_unsubscribed(*, address: str) -> bool:
    """The member told the provider, rather than us, to send no more. Says whether anything changed."""
    member = _member_at(address)
    return member is not None and set_mail(member=member, on=False)


def _member_at(address: str) -> Member | None:
    """By the index of addresses, which has only those that are not empty."""
    if not address or "\0" in address:
        return None
    members = Member.objects.exclude(email="").alias(lower=Lower("email")).filter(lower=address.lower())
    # At most one has it. Without an order, so that nothing else than the index of addresses looks cheaper.
    return next(iter(members), None)


def _sending_of(report: reports.Report) -> Sending | None:
    """At most two queries."""
    tokens = report.mails
    if not tokens:
        return None
    delivery = Delivery.objects.filter(token__in=tokens).select_related("notice__recipient").first()
    return delivery or Digest.objects.filter(token__in=tokens).select_related("member").first()


def _count_soft(member: Member) -> None:
    """The report that was just noted."""
    latest = Return.objects.filter(member=member, kind=Return.Kind.SOFT).order_by("-id")
    newest, before = [*latest.values_list("at", flat=True)[:2], None, None][:2]
    wishes = Wishes.objects.filter(member=member)
    if newest is None or before is None or newest - before > FORGOTTEN_AFTER:
        wishes.update(soft_bounces=1)
    elif newest.date() > before.date():
        wishes.update(soft_bounces=F("soft_bounces") + 1)


def _note(member: Member, kind: Return.Kind, *, status: str, mark: str) -> bool:
    Wishes.objects.get_or_create(member=member)
    digest = hashlib.sha256(mark.encode()).hexdigest()
    _row, created = Return.objects.get_or_create(
        mark=digest, defaults={"member": member, "kind": kind, "status": status[:11]}
    )
    return created
