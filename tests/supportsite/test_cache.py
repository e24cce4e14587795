"""The cache as production has it, on the real server."""

import gc
from collections.abc import Iterator
from functools import partial
from itertools import chain
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.core.cache import caches

from core import pace
from supportsite.cache import QuickRedisCache
from tests.at_once import at_once


@pytest.fixture
def redis_cache() -> Iterator[QuickRedisCache]:
    """In place of that of the tests, with keys of its own."""
    before = caches["default"]
    caches["default"] = made = QuickRedisCache(settings.REDIS_URL, {"KEY_PREFIX": f"test-{uuid4().hex}"})
    yield made
    made.delete_many(["a", "b"])
    caches["default"] = before


def test_what_is_not_there_cannot_be_raised_and_is_not_there_afterwards(redis_cache):
    with pytest.raises(ValueError, match="not found"):
        redis_cache.incr("a")
    assert redis_cache.get("a") is None


def test_a_number_that_is_raised_goes_when_it_would_have_gone(redis_cache):
    redis_cache.set("a", 7, 100)
    assert redis_cache.incr("a") == 8
    assert redis_cache.incr("a", 5) == 13
    assert redis_cache.get("a") == 13
    client = redis_cache._cache.get_client("a")
    assert 0 < client.ttl(redis_cache.make_and_validate_key("a")) <= 100


def test_numbers_raised_at_once_are_all_counted(redis_cache):
    redis_cache.set("b", 0, 100)
    at_once(*[partial(redis_cache.incr, "b")] * 8)
    assert redis_cache.get("b") == 8


def test_how_often_somebody_does_a_thing_is_counted_there(redis_cache):
    mark = uuid4().hex
    assert [pace.within(mark, 1, limit=2, seconds=5) for _try in range(3)] == [True, True, False]
    assert pace.within(mark, 2, limit=2, seconds=5)
    assert len(redis_cache._cache.get_client().keys(f"*{mark}*")) == 2


def test_threads_that_end_leave_no_connections_behind():
    name = f"test-{uuid4().hex}"
    server = f"{settings.REDIS_URL}?client_name={name}"

    def count() -> int:
        made = QuickRedisCache(server, {"KEY_PREFIX": name})
        made.add("a", 0, 10)
        return made.incr("a")

    assert [*chain.from_iterable(at_once(count) for _thread in range(5))] == [1, 2, 3, 4, 5]
    gc.collect()
    clients = redis.Redis.from_url(settings.REDIS_URL).client_list()
    # One that all share, and one of whoever came first.
    assert [client["name"] for client in clients].count(name) <= 2
