"""What only the database can tell about our settings. Asked by `migrate`, which runs before every start."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def search_language(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """SEARCH_LANGUAGE names a text search configuration that the database has."""
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT cfgname::text FROM pg_ts_config WHERE pg_ts_config_is_visible(oid) ORDER BY cfgname")
            known = [name for (name,) in cursor.fetchall()]
        if settings.SEARCH_LANGUAGE not in known:
            return [
                Error(
                    f"SEARCH_LANGUAGE is “{settings.SEARCH_LANGUAGE}”, a text search configuration that this "
                    "PostgreSQL does not have.",
                    hint=f"Choose one of: {', '.join(known)}.",
                    id="forums.E001",
                )
            ]
    return []
