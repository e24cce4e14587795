"""The Celery application. Run it with `celery -A supportsite worker` and `celery -A supportsite beat`."""

import logging.config
import os
from collections.abc import Mapping
from typing import Any

from celery import Celery, Task
from celery.signals import setup_logging, task_failure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsite.settings")

app = Celery("supportsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_FAILURES = "task-failures:"


@setup_logging.connect
def log_as_the_site_does(**_signal: Any) -> None:
    """Celery's own lines name the arguments and results of tasks."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@task_failure.connect
def count_failure(sender: "Task[..., Any]", **_signal: Any) -> None:
    """Also of tasks that took too long, or whose process died."""
    # What needs Django's settings can be read only once they are there.
    from core import tally

    tally.count(_FAILURES + sender.name)


def task_failures() -> Mapping[str, int]:
    """By the name of the task, since the counting began, of those that are still there."""
    from core import tally

    names = [name for name in app.tasks if not name.startswith("celery.")]
    found = tally.read(_FAILURES + name for name in names)
    return {key.removeprefix(_FAILURES): number for key, number in found.items()}
