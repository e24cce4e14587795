"""The cache in Redis, as Django has it, without what Django does anew for each command."""

from typing import Any, cast

import redis
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from core.valkey import Line

# One command in place of two, between which the number could go.
_RAISE = b"return redis.call('exists', KEYS[1]) == 1 and redis.call('incrby', KEYS[1], ARGV[1])"


# By server, one for all threads of the process: Django has a cache for each thread, which ends with it.
_lines: dict[str, Line] = {}


class _KeptClient(RedisCacheClient):
    """Keeps the client, which only names the connections that are kept anyhow. What is counted for each form goes by a
    line that all threads share."""

    def __init__(self, servers: Any, **options: Any) -> None:
        super().__init__(servers, **options)
        self._clients: dict[bool, redis.Redis] = {}
        server = str(servers)
        self._line = _lines.get(server) or _lines.setdefault(server, Line(self.get_client(write=True).connection_pool))

    def get_client(self, key: Any = None, *, write: bool = False) -> redis.Redis:
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]

    def incr(self, key: Any, delta: int) -> int:
        raised = self._line.ask(b"EVAL", _RAISE, b"1", str(key).encode(), b"%d" % delta)
        if raised is None:
            raise ValueError(f"Key '{key}' not found.")
        return cast("int", raised)


class QuickRedisCache(RedisCache):
    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _KeptClient
