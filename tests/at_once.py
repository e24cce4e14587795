"""Things that happen at the same instant."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once[T](*verbs: Callable[[], T]) -> list[T]:
    """Run `verbs` together, each on a database connection of its own, and give what they return.

    Needs the fixture `shared_database`: other connections do not see what a test has not committed.
    """
    start = Barrier(len(verbs))

    def run(verb: Callable[[], T]) -> T:
        try:
            start.wait()
            return verb()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def until_somebody_waits() -> None:
    """Return once another connection to this database waits for a lock; after 20 s in any case.

    Other databases of the server are left out: they belong to tests that run beside this one.
    """
    deadline = time.monotonic() + 20
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            # What the view shows stays as it was first read until the transaction ends.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
