"""What a form brings is read before its request gets a place in Django, so that a slow line holds up nobody else.

The web server hands over a request when its headers are there, and reading the rest takes a thread for as long as the
client likes. So only some of the threads may be at it, and fewer for one address; whoever comes beyond that is told at
once to come back, which closes the connection.
"""

import io
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final
from wsgiref.types import WSGIEnvironment

_PIECE_BYTES: Final = 64 * 1024


class TooLargeError(Exception):
    """Larger than anything that the site takes there."""


class TooManyError(Exception):
    """Others are still sending."""


class BrokenOffError(Exception):
    """Less came than was announced: the client has gone, and half a form is none."""


class Bodies:
    """Takes at most `at_once` bodies at a time, and `from_one` from an address, of up to `small` bytes.

    Where the path begins with one of `upload_paths` up to `large` bytes, on the disk; of those `large_at_once`.

    Args:
        proxies: how many of ours stand in front, each adding to X-Forwarded-For.
    """

    def __init__(
        self,
        *,
        at_once: int,
        from_one: int,
        small: int,
        large: int,
        large_at_once: int,
        upload_paths: tuple[str, ...],
        proxies: int,
    ) -> None:
        self._at_once, self._from_one, self._proxies = at_once, from_one, proxies
        self._small, self._large, self._upload_paths = small, large, upload_paths
        self._large_ones = threading.BoundedSemaphore(large_at_once)
        self._lock = threading.Lock()
        self._senders: Counter[str] = Counter()

    @contextmanager
    def taken(self, environ: WSGIEnvironment) -> Iterator[None]:
        """Within, `wsgi.input` is a file with all of it.

        Raises:
            TooLargeError, TooManyError, BrokenOffError: as they say.
        """
        length = _length(environ)
        if not length:
            yield
            return
        if length <= self._small:
            environ["wsgi.input"] = self._read(environ, length, io.BytesIO())
            yield
            return
        if length > self._large or not environ["PATH_INFO"].startswith(self._upload_paths):
            raise TooLargeError
        if not self._large_ones.acquire(blocking=False):
            raise TooManyError
        try:
            with tempfile.TemporaryFile() as file:
                environ["wsgi.input"] = self._read(environ, length, file)
                yield
        finally:
            self._large_ones.release()

    def _read(self, environ: WSGIEnvironment, length: int, into: IO[bytes]) -> IO[bytes]:
        stream: Any = environ["wsgi.input"]
        left = length
        with self._counted(self._address(environ)):
            while left and (piece := stream.read(min(left, _PIECE_BYTES))):
                into.write(piece)
                left -= len(piece)
        if left:
            raise BrokenOffError
        into.seek(0)
        return into

    @contextmanager
    def _counted(self, address: str) -> Iterator[None]:
        with self._lock:
            if self._senders.total() >= self._at_once or self._senders[address] >= self._from_one:
                raise TooManyError
            self._senders[address] += 1
        try:
            yield
        finally:
            with self._lock:
                self._senders[address] -= 1
                if not self._senders[address]:
                    del self._senders[address]

    def _address(self, environ: WSGIEnvironment) -> str:
        """Kept while it sends, and nowhere else."""
        forwarded: list[str] = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if self._proxies and len(forwarded) >= self._proxies and (named := forwarded[-self._proxies].strip()):
            return named
        return str(environ.get("REMOTE_ADDR", ""))


def _length(environ: WSGIEnvironment) -> int:
    """As Django reads it; what comes in chunks without a length is nothing to it."""
    try:
        return max(0, int(environ.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0
