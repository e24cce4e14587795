"""Whether the process is up, and whether it can do its work."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications import access


@require_safe
@never_cache
@login_not_required
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process is up. Asks nobody else, so that an outage of the database does not restart the web servers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when database and cache answer and migrations are applied, else 503; each part is named with its state.

    News that waits too long is said, too, and changes nothing: it is for worker and beat to tell it, and a web process
    that is taken away for it helps nobody.
    """
    parts = {"database": _state(_database), "cache": _state(_cache)}
    parts["migrations"] = _state(_migrations) if parts["database"] == "ok" else "unknown"
    is_ready = set(parts.values()) == {"ok"}
    parts["outbox"] = _state(_outbox) if parts["migrations"] == "ok" else "unknown"
    return JsonResponse(parts, status=200 if is_ready else 503)


def _state(probe: Callable[[], str]) -> str:
    try:
        return probe()
    except Exception:  # noqa: BLE001 - whatever is wrong with the part, the answer is that it does not answer
        return "does not answer"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _cache() -> str:
    cache.set("readyz", "ok", 5)
    return "ok" if cache.get("readyz") == "ok" else "forgets"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    return "waiting" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"


def _outbox() -> str:
    return "late" if access.is_late(dt.timedelta(minutes=settings.OUTBOX_LATE_MINUTES)) else "ok"
