"""The site, in which pages under /boards/asleep/ answer once a file is there. Served by test_stress.py.

Pages and forms wait for longer than in production, where a slow machine would turn them away.
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsite.settings")
# Static files by their plain names, as in all tests: nobody has collected them.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from supportsite.wsgi import django  # noqa: E402 - reads what stands above


def site(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if not environ["PATH_INFO"].startswith("/boards/asleep/"):
        answer: Iterable[bytes] = django(environ, start_response)
        return answer
    woken = Path(os.environ["WAKES_UP"])
    (woken.with_name(f"asleep-{os.getpid()}-{time.monotonic_ns()}")).touch()
    while not woken.exists():
        time.sleep(0.02)
    start_response("200 OK", [])
    return [b"awake"]


def application_around(inner: WSGIApplication) -> WSGIApplication:
    from supportsite.front import front
    from supportsite.turns import PATIENCE, Turn

    return front(inner, patience={**PATIENCE, Turn.READING: 60, Turn.WRITING: 60})


application = application_around(site)
