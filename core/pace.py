"""How often one person may do a thing, so that nobody floods the others."""

from time import time

from django.core.cache import cache
from redis.exceptions import RedisError

HOUR = 3600


def within(what: str, who: int | str, *, limit: int, seconds: int = HOUR) -> bool:
    """Count one more `what` by `who`; False when it is beyond `limit` in this window of `seconds`.

    `who` is the key of a member, or of visitors the address that they come from, which is forgotten after the window.

    One or two cache commands. When the cache is away everything is allowed: an outage silences nobody.
    """
    key = f"pace:{what}:{who}:{int(time() // seconds)}"
    try:
        cache.add(key, 0, seconds)
        return cache.incr(key) <= limit
    except (RedisError, OSError, ValueError):
        return True
