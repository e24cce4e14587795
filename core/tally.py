"""Numbers for whoever runs the site, counted by all processes together. Never shown to members."""

from collections.abc import Iterable, Mapping

from django.core.cache import cache
from redis.exceptions import RedisError

_PREFIX = "tally:"


def count(what: str) -> None:
    """One more `what`. Two cache commands; when the cache is away it is not counted, and nothing else happens."""
    try:
        if not cache.add(_PREFIX + what, 1, timeout=None):
            cache.incr(_PREFIX + what)
    except (RedisError, OSError, ValueError):
        return


def read(what: Iterable[str]) -> Mapping[str, int]:
    """How often each was counted since the cache last began anew; none where it was never. One cache command.

    Raises what the cache raises when it is away: a number that is not known is not zero.
    """
    found: dict[str, int] = cache.get_many([_PREFIX + name for name in what])
    return {key.removeprefix(_PREFIX): number for key, number in found.items()}
