"""Things that happen at the same instant."""

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
