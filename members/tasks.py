"""Work that nobody waits for: exports, leaving, and what each night deletes. Every task may run twice."""

import logging

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from members.services import exports, leaving, retention

log = logging.getLogger(__name__)


def begin_export(export_id: int) -> None:
    """Have the worker make it. Without a broker the sweep does."""
    _start(make_export, export_id)


def begin_leaving(leaving_id: int) -> None:
    """Have the worker hide the rest, or show it again, and write the mail. Without a broker the sweep does."""
    _start(go_on_leaving, leaving_id)


def _start(task: "Task[[int], None]", pk: int) -> None:
    try:
        task.delay(pk)
    except (OperationalError, OSError):
        log.warning("No broker: %s of %s comes with the next sweep", task.name, pk)


@shared_task(ignore_result=True)
def make_export(export_id: int) -> None:
    exports.make_export(export_id=export_id)


@shared_task(ignore_result=True)
def go_on_leaving(leaving_id: int) -> None:
    leaving.go_on(leaving_id=leaving_id)
    try:
        leaving.tell(leaving_id=leaving_id)
    except OSError as error:
        # Only the kind of error: a mail server's answer names the address.
        log.warning("The mail about leaving %s was not taken (%s); later again", leaving_id, type(error).__name__)


@shared_task(ignore_result=True)
def finish_leaving(leaving_id: int) -> None:
    leaving.finish(leaving_id=leaving_id)


@shared_task(ignore_result=True)
def look_after_leavings() -> None:
    """Every ten minutes: what a broker or worker that was away left behind, and those whose time is over."""
    for export_id in exports.lost():
        _start(make_export, export_id)
    for leaving_id in leaving.unsettled():
        _start(go_on_leaving, leaving_id)
    for leaving_id in leaving.due():
        _start(finish_leaving, leaving_id)


@shared_task(ignore_result=True)
def purge() -> None:
    """Each night: whatever is over goes (M13)."""
    retention.purge()
