"""The connections that the threads of a web process share: who is next gets the one that was used last.

psycopg's pool gives the one that was left alone longest, so that all are used in turn. What PostgreSQL keeps for each
(its plans, what it knows of tables) is in the processor's caches where it was used a moment ago, and a page's queries
take a third less of its time then (docs/performance.md).
"""

import select
from collections import deque
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool


class _NewestFirst(deque[Any]):
    """The pool puts them in at the right and takes from the left."""

    def append(self, given: Any, /) -> None:
        self.appendleft(given)


def take_newest_first(pool: ConnectionPool[Any]) -> None:
    """Before `pool` is opened."""
    pool._pool = _NewestFirst(pool._pool)  # noqa: SLF001 - there is no other way, and a test looks at it


def check(given: psycopg.Connection[Any]) -> None:
    """For the pool, which gives another one where this raises. That PostgreSQL was restarted, or has cut a connection,
    is seen without asking it: there is something to read where nobody has asked anything. One system call.

    All others are let go of then, too: they are likely to have gone the same way, and to find that one after the other
    makes somebody wait for a second each.

    Raises:
        psycopg.OperationalError: it is not used any more.
    """
    if given.pgconn.status != psycopg.pq.ConnStatus.OK or _has_something_to_say(given.pgconn.socket):
        given.close()
        if pool := getattr(given, "_pool", None):
            pool.drain()
        raise psycopg.OperationalError("PostgreSQL has closed this connection.")


def _has_something_to_say(socket: int) -> bool:
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(0))
