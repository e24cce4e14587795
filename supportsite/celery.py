"""The Celery application. Run it with `celery -A supportsite worker` and `celery -A supportsite beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsite.settings")

app = Celery("supportsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
