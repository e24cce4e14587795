"""On the real server, through Django's own way to a pool."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg_pool import ConnectionPool

from core import pooling

pytestmark = pytest.mark.django_db
SIZE = 4


@pytest.fixture
def pool() -> Iterator[ConnectionPool[Any]]:
    options = {"pool": {"min_size": SIZE, "max_size": SIZE, "timeout": 10, "check": pooling.check}}
    settings = {**connection.settings_dict, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    wrapper = DatabaseWrapper(settings | {"OPTIONS": connection.settings_dict["OPTIONS"] | options}, "pooled")
    shared = wrapper.pool
    pooling.take_newest_first(shared)
    shared.open(wait=True)
    yield shared
    wrapper.close_pool()


def test_who_is_next_gets_the_connection_that_was_used_last(pool):
    with pool.connection() as first, pool.connection() as second:
        assert first is not second
    # `second` was given back first.
    with pool.connection() as again:
        assert again is first
    with pool.connection() as again, pool.connection() as another:
        assert (again, another) == (first, second)


def test_nobody_gets_a_connection_that_postgresql_has_closed(pool):
    """Nor waits for as long as psycopg would between one closed connection and the next: 1, 2, 4 seconds."""
    held = [pool.getconn() for _connection in range(SIZE)]
    numbers = [one.info.backend_pid for one in held]
    for one in held:
        pool.putconn(one)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(number, 10000) FROM unnest(%s::int[]) AS number", [numbers])
    waits: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("psycopg_pool.pool.sleep", waits.append)
        for _request in range(SIZE):
            with pool.connection() as one:
                assert one.execute("SELECT 1").fetchone() == (1,)
                assert one.info.backend_pid not in numbers
    assert sum(waits) == 0


def test_one_that_is_in_use_is_given_again_without_asking_postgresql(pool):
    with pool.connection() as one:
        one.execute("SELECT set_config('application_name', 'mine', false)")
        number = one.info.backend_pid
    with pool.connection(), connection.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [number])
        assert "set_config" in cursor.fetchone()[0]
