"""Work that waits for a clock: decisions that settle, mails, and alerts."""

import logging
from collections.abc import Callable

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from moderation.services import alerts, decisions, outside

log = logging.getLogger(__name__)


def nudge(pending_id: int) -> None:
    """Have the worker settle the decision when its time has come. Without a broker the minute's sweep does."""
    try:
        settle_decision.apply_async(args=(pending_id,), countdown=decisions.UNDO.total_seconds() + 0.5)
    except (OperationalError, OSError):
        log.warning("No broker: decision %s settles with the next sweep", pending_id)


@shared_task(ignore_result=True)
def settle_decision(pending_id: int) -> None:
    decisions.try_to_settle(pending_id)


@shared_task(ignore_result=True)
def settle_due() -> int:
    """Every minute: what a worker that was away left behind."""
    return decisions.settle_due()


MAILS_AT_ONCE = 100


def confirm_soon(report_id: int) -> None:
    """Have the worker tell somebody without an account that their report arrived. Without a broker the sweep does."""
    _start(confirm_outside_report, report_id)


def _start(task: "Task[[int], None]", pk: int) -> bool:
    try:
        task.delay(pk)
    except (OperationalError, OSError):
        log.warning("No broker: %s of %s comes with the next sweep", task.name, pk)
        return False
    return True


@shared_task(ignore_result=True)
def confirm_outside_report(report_id: int) -> None:
    _try(outside.confirm, report_id)


@shared_task(ignore_result=True)
def answer_outside_report(report_id: int) -> None:
    _try(outside.answer, report_id)


@shared_task(ignore_result=True)
def tell_outside_of_change(report_id: int) -> None:
    _try(outside.tell_of_change, report_id)


def _try(mail: "Callable[[int], bool]", report_id: int) -> None:
    try:
        mail(report_id)
    except OSError as error:
        # Only the kind of error: a mail server's answer names the address.
        log.warning("A mail about outside report %s was not taken (%s); later again", report_id, type(error).__name__)


@shared_task(ignore_result=True)
def mail_outside_reports() -> None:
    """Every ten minutes: what was decided, or changed by an appeal, and what a broker, a worker or a mail server that
    was away left behind."""
    for report_id in outside.unconfirmed(limit=MAILS_AT_ONCE):
        if not _start(confirm_outside_report, report_id):
            return
    for report_id in outside.unanswered(limit=MAILS_AT_ONCE):
        if not _start(answer_outside_report, report_id):
            return
    for report_id in outside.untold(limit=MAILS_AT_ONCE):
        if not _start(tell_outside_of_change, report_id):
            return


@shared_task(ignore_result=True)
def alert_overdue() -> None:
    """Every minute: what nobody has looked at in time. The call comes after the transaction, and may fail by itself."""
    alerts.tell_overdue()
    alerts.call_out()
