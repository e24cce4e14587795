"""How often one person may do a thing, so that nobody floods the others."""

from time import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

HOUR = 3600


def within(what: str, who: int | str, *, limit: int, seconds: int = HOUR) -> bool:
    """Count one more `what` by `who`; False when it is beyond `limit` in this window of `seconds`.

    `who` is the key of a member, or of visitors the address that they come from.

    Somebody without an account is known by an address instead, which is kept nowhere: only a mark made of it is, for
    one window. One cache command, and another one at the beginning of a window. When the cache is away everything is
    allowed: an outage silences nobody.
    """
    window = int(time() // seconds)
    # Another mark in each window: nobody can be followed from one to the next.
    mark = salted_hmac(f"core.pace {window}", who, algorithm="sha256").hexdigest()[:32] if isinstance(who, str) else who
    key = f"pace:{what}:{mark}:{window}"
    try:
        return _count(key, seconds) <= limit
    except (RedisError, OSError, ValueError):
        return True


def _count(key: str, seconds: int) -> int:
    try:
        return cache.incr(key)
    except ValueError:
        # The first in this window, of several perhaps that come at once.
        return 1 if cache.add(key, 1, seconds) else cache.incr(key)
