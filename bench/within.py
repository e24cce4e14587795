"""The same requests inside this process, where queries can be counted and explained."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.client import Request
from bench.pages import Page
from bench.stage import HOST

_FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(frozen=True)
class Seen:
    status: int
    queries: int


def ask(request: Request) -> HttpResponseBase:
    client = Client(enforce_csrf_checks=True)
    headers = request.headers | {"Host": HOST, "Referer": f"https://{HOST}/"}
    # Django's own client does not have its answer packed.
    headers.pop("Accept-Encoding", None)
    return client.generic(
        request.method, request.path, request.body, "application/x-www-form-urlencoded", secure=True, headers=headers
    )


def count(page: Page, *, warm: int = 2, counted: int = 5) -> Seen:
    """The most queries that one of some requests asked, after the first ones.

    Raises:
        SystemExit: the page answers with something else than what is measured.
    """
    most = 0
    requests: Sequence[Request] = page.take(warm + counted)
    for nth, request in enumerate(requests):
        with CaptureQueriesContext(connection) as asked:
            response = ask(request)
        location = response.headers.get("Location", "")
        if response.status_code != page.expects or location.startswith("/accounts/"):
            raise SystemExit(f"{page.name}: {request.method} {request.path} answers {response.status_code} {location}")
        if nth >= warm:
            most = max(most, sum(1 for query in asked if not query["sql"].startswith(_FRAME)))
    return Seen(page.expects, most)
