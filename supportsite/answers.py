"""Answers of Django that a process keeps, because they are the same for everybody, header for header."""

import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.db import close_old_connections
from django.middleware.gzip import re_accepts_gzip

from supportsite.errors import INSTEAD

# What is smaller is taken from Django as a whole, so that nothing of it waits for a slow reader.
WHOLE_BYTES: Final = 1_000_000

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    headers: Headers
    body: Iterable[bytes]

    @property
    def is_whole(self) -> bool:
        """Nothing of Django, its database connection or a file is needed to send it."""
        return isinstance(self.body, list)

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, self.headers)
        return self.body


def ask(site: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Django's answer. A large file comes piece by piece, and holds no connection to the database meanwhile."""
    told: list[Any] = []

    def note(status: str, headers: Headers, *_error: object) -> Any:
        told[:] = [status, headers]

    response: Any = site(environ, note)
    if _is_large(response):
        close_old_connections()
        return Answer(told[0], told[1], response)
    try:
        body = [b"".join(response)]
    finally:
        if hasattr(response, "close"):
            response.close()
    return Answer(told[0], told[1], body)


def _is_large(response: Any) -> bool:
    if not getattr(response, "streaming", False):
        return False
    length = response.headers.get("Content-Length", "")
    return not length.isdecimal() or int(length) > WHOLE_BYTES


def accepts_gzip(environ: WSGIEnvironment) -> bool:
    """As Django's middleware has it."""
    return re_accepts_gzip.search(environ.get("HTTP_ACCEPT_ENCODING", "")) is not None


def plain_environ(path: str, *, query: str = "", cookie: str = "", secure: bool, gzip: bool) -> WSGIEnvironment:
    """Of a request that nobody sent: nothing in it is anybody's."""
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_NAME": "localhost", "SERVER_PORT": "443" if secure else "80",
        "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": _own_host(),
        "wsgi.version": (1, 0), "wsgi.url_scheme": "https" if secure else "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    if secure and settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        environ[name] = value
    if cookie:
        environ["HTTP_COOKIE"] = cookie
    if gzip:
        environ["HTTP_ACCEPT_ENCODING"] = "gzip"
    return environ


def _own_host() -> str:
    """One that the site answers for. The pages that are kept name none."""
    first: str = (settings.ALLOWED_HOSTS or ["localhost"])[0]
    return "localhost" if first == "*" else f"www{first}" if first.startswith(".") else first


class Refusals:
    """What is said without Django. Django makes each once, by the name that supportsite.errors has for it."""

    def __init__(self, site: WSGIApplication) -> None:
        self._site = site
        self._kept: dict[tuple[str, bool, bool], Answer] = {}

    def page(self, name: str, environ: WSGIEnvironment, *, more: Sequence[tuple[str, str]] = ()) -> Answer:
        kept = self._named(name, gzip=accepts_gzip(environ))
        return Answer(kept.status, [*kept.headers, *more], kept.body)

    def bare(self, name: str, *, more: Sequence[tuple[str, str]] = ()) -> Answer:
        """The same without words, for scripts."""
        kept = self._named(name, gzip=False)
        headers = [(key, "0" if key == "Content-Length" else value) for key, value in kept.headers]
        return Answer(kept.status, [*headers, *more], [b""])

    def _named(self, name: str, *, gzip: bool) -> Answer:
        # Browsers pass over HSTS where there is no TLS, and Django leaves it out where there is none.
        secure = settings.SECURE_PROXY_SSL_HEADER is not None
        key = (name, gzip, secure)
        if key not in self._kept:
            made = ask(self._site, plain_environ("/", secure=secure, gzip=gzip) | {INSTEAD: name})
            body = b"".join(made.body)
            headers = [each for each in made.headers if each[0] != "Content-Length"]
            made = Answer(made.status, [*headers, ("Content-Length", str(len(body)))], [body])
            if made.status.startswith("500 "):
                # A template is gone: better an answer without words than none of the right kind.
                return Answer("503 Service Unavailable", made.headers, made.body)
            self._kept[key] = made
        return self._kept[key]
