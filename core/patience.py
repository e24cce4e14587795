"""How whoever is about to wait says so to whoever lets requests in, one after the other (supportsite.gate)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local

_here = local()


@contextmanager
def heard(listener: Callable[[], None]) -> Iterator[None]:
    """Inside, `listener` is called when this thread is about to wait."""
    _here.listener = listener
    try:
        yield
    finally:
        _here.listener = None


def about_to_wait() -> None:
    """For a disk, or for what somebody else holds. Costs nothing where nobody listens."""
    if (listener := getattr(_here, "listener", None)) is not None:
        listener()
