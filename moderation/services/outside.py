"""Mails to people who reported something without an account: that it arrived, what came of it, and what an appeal made
of that. Each once.

Nothing in them was typed by whoever sent the form, so that nobody makes the site write to others for them. Neither says
what was reported, why, or who decided (M12).
"""

import datetime as dt
from collections import Counter

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from core import pace
from moderation import access
from moderation.models import Case, Flag, OutsideReport

# To addresses that nobody has written to before, together, at one domain, and each: anybody can name anybody's. The
# sweep sends the others later.
FIRST_AN_HOUR, FIRST_TO_DOMAIN, FIRST_TO_ADDRESS = 60, 30, 3
# Of the reports that wait for their first mail.
LOOKED_AT = 5000
# A mail server that refuses is tried again for so long.
TRIED_FOR = dt.timedelta(days=3)
# The task that was started with the report has a head start before the sweep.
HEAD_START = dt.timedelta(minutes=1)


@transaction.atomic
def confirm(report_id: int) -> bool:
    """Say that it arrived, holding the row: whoever else holds it is saying so already. Says whether a mail left.

    If the mail server refuses, the row stays as it is, and the error is raised.
    """
    report = _waiting_row(report_id, confirmed_at=None, answered_at=None)
    if report is None or not _within_pace(report):
        return False
    _mail(report, "received", _("We received your message"))
    OutsideReport.objects.filter(pk=report.pk).update(confirmed_at=timezone.now())
    return True


@transaction.atomic
def answer(report_id: int) -> bool:
    """Say what came of it, once its case is decided, in the same way. Then nobody has to hear that it arrived."""
    report = _waiting_row(report_id, answered_at=None)
    flag = Flag.objects.select_related("case").filter(outside=report).first() if report else None
    if report is None or flag is None or flag.case.state != Case.State.DECIDED:
        return False
    if report.confirmed_at is None and not _within_pace(report):
        return False
    _mail(report, "answered", _("About your message to us"), outcome=access.outcome(flag.case))
    latest = flag.case.decisions.order_by("-id").first()
    OutsideReport.objects.filter(pk=report.pk).update(answered_at=timezone.now(), told_of=latest)
    return True


@transaction.atomic
def tell_of_change(report_id: int) -> bool:
    """Say that an appeal changed what was told before, in the same way."""
    report = _waiting_row(report_id, answered_at__isnull=False)
    flag = Flag.objects.select_related("case").filter(outside=report).first() if report else None
    latest = flag.case.decisions.order_by("-id").first() if flag else None
    if report is None or flag is None or latest is None or latest.pk <= (report.told_of_id or 0):
        return False
    name = f"changed-{latest.public_id}"
    _mail(report, name, _("About your message to us"), template="answered", outcome=access.outcome(flag.case))
    OutsideReport.objects.filter(pk=report.pk).update(told_of=latest)
    return True


def _within_pace(report: OutsideReport) -> bool:
    """For the first mail about it. An address that is written to often takes nothing from the others."""
    address, domain = _whose(report.email)
    return (
        pace.within("outside-to", address, limit=FIRST_TO_ADDRESS)
        and pace.within("outside-domain", domain, limit=FIRST_TO_DOMAIN)
        and pace.within("outside-first", 0, limit=FIRST_AN_HOUR)
    )


def canonical(email: str) -> str:
    """Mail to name+anything@ reaches name@, so it is counted there."""
    name, _at, domain = email.strip().lower()[:254].rpartition("@")
    return f"{name.partition('+')[0]}@{domain}" if name else domain


def _whose(email: str) -> tuple[str, str]:
    """The address and the domain that mails are counted by."""
    address = canonical(email)
    return address, address.rpartition("@")[2]


def _waiting_row(report_id: int, **waits: bool | None) -> OutsideReport | None:
    reports = OutsideReport.objects.select_for_update(skip_locked=True).exclude(email="")
    return reports.filter(pk=report_id, **waits).first()


def _mail(report: OutsideReport, name: str, subject: str, *, template: str = "", **more: object) -> None:
    context = {
        "number": number_of(report),
        "SITE_NAME": settings.SITE_NAME,
        "contact": settings.CONTACT_EMAIL,
        **more,
    }
    mail = EmailMessage(
        subject=subject,
        body=render_to_string(f"moderation/outside_{template or name}.txt", context),
        to=[report.email],
        # The same id on every attempt lets the recipient's server drop a second copy.
        headers={"Message-ID": f"<{report.public_id}.{name}@{_mail_domain()}>", "Auto-Submitted": "auto-generated"},
    )
    mail.send()


def number_of(report: OutsideReport) -> str:
    """By which somebody can ask about their report. The end of the id, because its beginning is the time."""
    return str(report.public_id)[-12:].upper()


def _mail_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"


def unconfirmed(*, limit: int) -> list[int]:
    """Ids of reports whose sender does not know yet that they arrived, the oldest first; of each address and each
    domain no more than an hour has room for, so that many by one hand keep nobody else waiting."""
    now = timezone.now()
    waiting = _waiting().filter(
        confirmed_at=None, answered_at=None, created_at__gte=now - TRIED_FOR, created_at__lt=now - HEAD_START
    )
    found: list[int] = []
    to_address, to_domain = Counter[str](), Counter[str]()
    for pk, email in waiting.order_by("id").values_list("pk", "email")[:LOOKED_AT]:
        address, domain = _whose(email)
        if to_address[address] < FIRST_TO_ADDRESS and to_domain[domain] < FIRST_TO_DOMAIN:
            to_address[address] += 1
            to_domain[domain] += 1
            found.append(pk)
    return found[:limit]


def unanswered(*, limit: int) -> list[int]:
    """Ids of reports that were decided, and whose sender does not know it, the oldest first."""
    decided = Case.objects.filter(state=Case.State.DECIDED, decided_at__gte=timezone.now() - TRIED_FOR)
    # Words that were looked at before are decided earlier than they are reported.
    fresh = _waiting().filter(created_at__gte=timezone.now() - TRIED_FOR, flags__case__state=Case.State.DECIDED)
    waiting = _waiting().filter(flags__case__in=decided) | fresh
    found = waiting.filter(answered_at=None).order_by("id").distinct()
    return list(found.values_list("pk", flat=True)[:limit])


def untold(*, limit: int) -> list[int]:
    """Ids of reports whose sender was told what came of them before an appeal changed that."""
    changed = _waiting().filter(
        answered_at__isnull=False,
        flags__case__decisions__replaces__isnull=False,
        flags__case__decisions__decided_at__gte=timezone.now() - TRIED_FOR,
        flags__case__decisions__pk__gt=Coalesce("told_of", 0),
    )
    return list(changed.order_by("id").distinct().values_list("pk", flat=True)[:limit])


def _waiting() -> QuerySet[OutsideReport]:
    return OutsideReport.objects.exclude(email="")
