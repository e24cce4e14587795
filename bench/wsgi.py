"""The site as production serves it, and beside it in the same processes the yardstick: a Django "hello world".

The yardstick is Django's own handler with one address and no middleware.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

from bench import packages

packages.hide()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest  # noqa: E402
from django.http import HttpResponseBase  # noqa: E402
from django.urls import set_urlconf  # noqa: E402

from bench.urls import HELLO  # noqa: E402
from supportsite.wsgi import application as site  # noqa: E402

type StartResponse = Callable[..., Any]


class Bare(WSGIHandler):
    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        given, settings.MIDDLEWARE = settings.MIDDLEWARE, []
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = given

    def get_response(self, request: WSGIRequest) -> HttpResponseBase:  # type: ignore[override]
        request.urlconf = "bench.urls"
        try:
            return super().get_response(request)
        finally:
            # Whatever this thread does next is not about these addresses.
            set_urlconf(None)


def lift_limits() -> None:
    """How often one person may do a thing is counted as ever; whoever is over the limit may all the same."""
    from core import pace

    count = pace.within

    def within(what: str, who: int | str, *, limit: int, seconds: int = pace.HOUR) -> bool:
        count(what, who, limit=limit, seconds=seconds)
        return True

    pace.within = within


bare = Bare()
if os.environ.get("BENCH_LIFTS_LIMITS"):
    lift_limits()


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    handler: Any = bare if environ["PATH_INFO"] == HELLO else site
    answer: Iterable[bytes] = handler(environ, start_response)
    return answer
