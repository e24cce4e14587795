"""On the real server."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from textwrap import dedent
from uuid import uuid4

import pytest
import redis
from django.conf import settings

from core.valkey import Line
from tests.at_once import at_once


@pytest.fixture
def server() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)


@pytest.fixture
def key(server) -> Iterator[bytes]:
    mark = f"test-{uuid4().hex}".encode()
    yield mark
    server.delete(mark)


def line(**options):
    return Line(redis.ConnectionPool.from_url(settings.REDIS_URL, **options))


@pytest.mark.parametrize(
    "value", [b"", b"words", b"\r\n$3\r\n", "é".encode() * 5000], ids=["none", "few", "lines", "many"]
)
def test_what_is_sent_arrives_as_it_is(key, value):
    asked = line()
    assert asked.ask(b"SET", key, value) == b"OK"
    assert asked.ask(b"GET", key) == value
    assert asked.ask(b"INCR", key + b"-none") == 1
    assert asked.ask(b"DEL", key + b"-none") == 1


def test_a_refusal_is_an_error_and_the_next_command_has_its_own_answer(key):
    asked = line()
    asked.ask(b"SET", key, b"words")
    with pytest.raises(redis.ResponseError):
        asked.ask(b"INCR", key)
    assert asked.ask(b"GET", key) == b"words"


def test_a_connection_that_was_closed_meanwhile_is_opened_again(server, key):
    asked = line(client_name=key.decode())
    asked.ask(b"SET", key, b"1")
    for client in server.client_list():
        if client["name"] == key.decode():
            server.client_kill(client["addr"])
    assert asked.ask(b"INCR", key) == 2


def test_who_is_away_is_not_asked_twice():
    tried = []

    class Nobody(redis.Connection):
        def connect_check_health(self, check_health=True, retry_socket_connect=True):
            tried.append(1)
            raise redis.ConnectionError

    with pytest.raises(redis.ConnectionError):
        Line(redis.ConnectionPool(connection_class=Nobody)).ask(b"PING")
    assert tried == [1]


def test_commands_at_once_are_each_answered(key):
    asked = line()
    at_once(*[partial(asked.ask, b"INCR", key)] * 8)
    assert asked.ask(b"GET", key) == b"8"


def test_a_process_that_is_forked_has_connections_of_its_own(key):
    child = dedent("""
        import os, sys, redis
        from core.valkey import Line
        asked = Line(redis.ConnectionPool.from_url(sys.argv[1]))
        ours = asked.ask(b"CLIENT", b"ID")
        if os.fork() == 0:
            os._exit(asked.ask(b"CLIENT", b"ID") == ours)
        _child, status = os.wait()
        sys.exit(os.waitstatus_to_exitcode(status) or asked.ask(b"CLIENT", b"ID") != ours)
    """)
    subprocess.run([sys.executable, "-c", child, settings.REDIS_URL], check=True, timeout=30)
