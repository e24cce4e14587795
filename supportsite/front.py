"""What a web process does with a request before Django gets it: answer, read it, keep it waiting, turn it away.

`/help-now/` is answered here. What asks neither database nor cache goes to Django at once. Everything else is read to
its end, waits for its turn (supportsite.gate, supportsite.turns) and holds a place in Django until it is answered, and
never while a slow client sends or reads.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings

from resources.help_choice import PATH as HELP_PATH
from supportsite.answers import Answer, Refusals, ask
from supportsite.bodies import Bodies, BrokenOffError, TooLargeError, TooManyError
from supportsite.front_help import HelpNow
from supportsite.gate import Gate, TurnedAwayError
from supportsite.turns import AGAIN_AFTER, APART, PATIENCE, SAFE_METHODS, Turn, never_waits, turn_of

log = logging.getLogger(__name__)

# Curators' pages take pictures and films, the others words.
UPLOAD_PATHS: Final = ("/curate/", "/admin/")
# With those who wait and those who are let in fewer than the threads of a process, so that some are left for help.
BODIES_AT_ONCE: Final = 160
BODIES_FROM_ONE: Final = 16
UPLOADS_AT_ONCE: Final = 2
FILES_AT_ONCE: Final = 32


class Front:
    """A WSGI application around Django's."""

    def __init__(self, site: WSGIApplication, *, gate: Gate, bodies: Bodies) -> None:
        self._site, self._gate, self._bodies = site, gate, bodies
        self._help, self._refusals = HelpNow(site), Refusals(site)
        self._files = threading.BoundedSemaphore(FILES_AT_ONCE)
        self._turned_away = _TurnedAway()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._answer(environ).send(start_response)

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if never_waits(method, path):
            found = self._help.answer(environ) if path == HELP_PATH else None
            return found or self._sent(ask(self._site, environ), environ)
        turn = turn_of(method, path, environ["QUERY_STRING"])
        try:
            return self._in_turn(environ, turn)
        except TooLargeError:
            return self._refusals.page("too_large", environ)
        except BrokenOffError:
            return Answer("400 Bad Request", [("Content-Length", "0")], [b""])
        except (TurnedAwayError, TooManyError):
            self._turned_away.note(turn)
            return self._refused(environ, turn)

    def _in_turn(self, environ: WSGIEnvironment, turn: Turn) -> Answer:
        if environ["REQUEST_METHOD"] in SAFE_METHODS:
            with self._gate.passing(turn):
                answer = ask(self._site, environ)
        else:
            with self._bodies.taken(environ), self._gate.passing(turn):
                answer = ask(self._site, environ)
        return self._sent(answer, environ)

    def _sent(self, answer: Answer, environ: WSGIEnvironment) -> Answer:
        """A large file takes a thread until its reader has it; only so many at once."""
        if answer.is_whole:
            return answer
        body: Any = answer.body
        if not self._files.acquire(blocking=False):
            body.close()
            return self._refused(environ, Turn.READING)
        return Answer(answer.status, answer.headers, _Lent(body, self._files.release))

    def _refused(self, environ: WSGIEnvironment, turn: Turn) -> Answer:
        again = [("Retry-After", str(AGAIN_AFTER[turn]))]
        if turn is Turn.BY_ITSELF or _is_script(environ):
            return self._refusals.bare("busy", more=again)
        name = "busy" if environ["REQUEST_METHOD"] in SAFE_METHODS else "not_sent"
        return self._refusals.page(name, environ, more=again)


def _is_script(environ: WSGIEnvironment) -> bool:
    """A page would be put into a corner of the page, or nowhere."""
    return "HTTP_HX_REQUEST" in environ or environ.get("HTTP_SEC_FETCH_MODE", "navigate") != "navigate"


class _Lent:
    """What is read to its end or closed gives back what it was lent, once."""

    def __init__(self, body: Any, give_back: Callable[[], None]) -> None:
        self._body, self._give_back = body, give_back
        self._pieces = iter(body)
        self._is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece: bytes = next(self._pieces)
        return piece

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self._body.close()
        finally:
            self._give_back()


class _TurnedAway:
    """Tells the log, at most once a minute, how many were turned away since it last did."""

    SECONDS: Final = 60

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: Counter[Turn] = Counter()
        self._next = 0.0

    def note(self, turn: Turn) -> None:
        with self._lock:
            self._counted[turn] += 1
            if time.monotonic() < self._next:
                return
            self._next = time.monotonic() + self.SECONDS
            counted, self._counted = self._counted, Counter()
        log.warning(
            "More is asked for than can be answered. Turned away since the last such line: "
            "%s by themselves, %s searches, %s pages, %s forms.",
            counted[Turn.BY_ITSELF], counted[Turn.SEARCH], counted[Turn.READING], counted[Turn.WRITING],
        )  # fmt: skip


def front(site: WSGIApplication, *, patience: Mapping[int, float] = PATIENCE) -> Front:
    """As settings say."""
    largest = settings.FILM_MAX_MB * 2**20
    return Front(
        site,
        gate=Gate(at_once=settings.REQUESTS_AT_ONCE, room=settings.REQUESTS_WAITING, patience=patience, apart=APART),
        bodies=Bodies(
            at_once=BODIES_AT_ONCE,
            from_one=BODIES_FROM_ONE,
            small=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            # What is a little too large gets the form's kind words.
            large=2 * largest,
            large_at_once=UPLOADS_AT_ONCE,
            upload_paths=UPLOAD_PATHS,
            proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT,
        ),
    )
