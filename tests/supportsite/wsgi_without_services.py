"""Asks the real application for pages while nothing that it relies on answers. Run by test_without_services.py.

Reads a list of [path, cookies] from standard input, prints a list of {status, headers, body}.
"""

import io
import json
import os
import sys
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings


def load() -> Any:
    os.environ["DJANGO_SETTINGS_MODULE"] = "supportsite.settings"
    # Static files by their plain names, as in all tests: nobody has collected them.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    from supportsite.wsgi import application

    return application


def ask(application: Any, path: str, cookies: str) -> dict[str, Any]:
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    path, _question, query = path.partition("?")
    environ |= {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}
    environ |= {"HTTP_COOKIE": cookies, "wsgi.errors": io.StringIO()}
    told: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], *_exc: Any) -> None:
        told.update(status=int(status[:3]), headers=headers)

    body = application(environ, start_response)
    return told | {"body": b"".join(body).decode()}


if __name__ == "__main__":
    site = load()
    json.dump([ask(site, *question) for question in json.load(sys.stdin)], sys.stdout)
