"""The real web server, set up as in production, with clients that mean harm or are many (docs/operating.md)."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from tests.operation.test_server import free_port

pytestmark = pytest.mark.services
ROOT = Path(__file__).resolve().parents[2]
# Longer than anything here takes; a test that gets there has failed.
PATIENCE_SECONDS = 60
MANY = 50


@dataclass(frozen=True)
class Running:
    port: int
    folder: Path

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS)

    def sent(self, head: str, body: bytes = b"") -> socket.socket:
        """A connection on which so much was said."""
        client = self.connected()
        client.sendall(head.replace("\n", "\r\n").encode() + body)
        return client

    def asks(self, path: str) -> socket.socket:
        return self.sent(f"GET {path} HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n")

    def get(self, path: str) -> str:
        with self.asks(path) as client:
            return answer_of(client)

    @property
    def asleep(self) -> int:
        return len(list(self.folder.glob("asleep-*")))

    def wake_up(self) -> None:
        (self.folder / "awake").touch()


def answer_of(client: socket.socket) -> str:
    """Everything until the server closes the connection."""
    said = b""
    try:
        while piece := client.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said.decode(errors="replace")


def status_of(answer: str) -> int:
    return int(answer.split()[1]) if answer else 0


def until(happens: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def as_in_production() -> dict[str, str]:
    """What the Dockerfile tells the web server, for one process."""
    return dict(re.findall(r"(GRANIAN_\w+)=(\S+)", (ROOT / "Dockerfile").read_text())) | {"GRANIAN_WORKERS": "1"}


def environment(folder: Path) -> Mapping[str, str]:
    server, _slash, _name = urlsplit(os.environ["DATABASE_URL"]).path.rpartition("/")
    here = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"{server}/{connection.settings_dict['NAME']}")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "GRANIAN"))}
    return {
        **kept, **as_in_production(),
        "SITE_MODE": "local", "DEBUG": "", "ALLOWED_HOSTS": "127.0.0.1", "VAR_DIR": str(folder), "DATABASE_POOL": "1",
        "DATABASE_URL": here.geturl(), "WAKES_UP": str(folder / "awake"),
        "GRANIAN_LOG_LEVEL": "error", "REQUESTS_AT_ONCE": "4",
    }  # fmt: skip


@pytest.fixture
def site(tmp_path, shared_database) -> Iterator[Running]:
    port = free_port()
    program = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*program, "--no-ws", "--workers-kill-timeout", "2", "tests.operation.wsgi_stress:application"],
            cwd=ROOT, env=environment(tmp_path), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    running = Running(port, tmp_path)
    try:
        until(lambda: is_up(running) or process.poll() is not None)
        assert process.poll() is None, (tmp_path / "log").read_text()
        yield running
    finally:
        running.wake_up()
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def is_up(running: Running) -> bool:
    try:
        return status_of(running.get("/healthz")) == 200
    except OSError:
        return False


def goes_on(site: Running) -> None:
    """Help, and a page that asks the database."""
    help_now, page = site.get("/help-now/"), site.get("/guidelines/")
    assert (status_of(help_now), status_of(page)) == (200, 200)
    assert "Someone to talk to" in help_now or "emergency number" in help_now


@contextmanager
def all_of(clients: Iterator[socket.socket]) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(client) for client in clients]


def test_headers_that_never_end_hold_nobody_and_are_given_up(site):
    with all_of(site.sent("GET /boards/ HTTP/1.1\nHost: 127.0.0.1\nX-Slow: a") for _ in range(MANY)) as slow:
        goes_on(site)
        for client in slow:
            assert status_of(answer_of(client)) in (0, 408)


FORM = (
    "POST /report/ HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 1000\n\n"
)


def test_forms_that_never_end_hold_nobody(site):
    with all_of(site.sent(FORM, b"words=a") for _ in range(MANY)) as slow:
        goes_on(site)
        for client in slow:
            client.setblocking(False)
        told = {status_of(said_by(client)) for client in slow}
        # The first few of one address are waited for, the others are told at once to come back.
        assert told == {0, 503}
        goes_on(site)


def said_by(client: socket.socket) -> str:
    try:
        return client.recv(65536).decode(errors="replace")
    except BlockingIOError:
        return ""


def test_ten_megabytes_are_refused_before_they_are_sent(site):
    head = FORM.replace("1000", str(10_000_000))
    with all_of(site.sent(head, b"words=a") for _ in range(MANY)) as large:
        for client in large:
            answer = answer_of(client)
            assert status_of(answer) == 413
            assert "This is too large to send" in answer
        goes_on(site)


def test_a_flood_of_headers_is_refused(site):
    long = "".join(f"X-Flood-{number}: {'a' * 10_000}\n" for number in range(10))
    many = "".join(f"X-Flood-{number}: a\n" for number in range(500))
    for headers in (long, many):
        for _time in range(MANY):
            with site.connected() as client:
                try:
                    client.sendall(
                        f"GET /boards/ HTTP/1.1\nHost: 127.0.0.1\n{headers}\n".replace("\n", "\r\n").encode()
                    )
                    assert status_of(answer_of(client)) in (0, 431)
                except (BrokenPipeError, ConnectionResetError):
                    continue
        goes_on(site)


def test_while_every_place_is_taken_help_answers_and_the_rest_is_shed_in_its_order(site):
    with all_of(site.asks("/boards/asleep/") for _ in range(4)) as inside:
        until(lambda: site.asleep == 4)
        with all_of(site.asks(path) for path in ("/report/", "/search/?q=a", "/updates/mark/")) as waiting:
            for path in ("/help-now/", "/help-now/?country=GB", "/healthz"):
                assert status_of(site.get(path)) == 200
            assert status_of(site.get("/leave/")) == 302
            form, search, poll = waiting
            assert status_of(answer_of(poll)) == 503
            assert status_of(answer_of(search)) == 503
            assert status_of(site.get("/help-now/")) == 200
            site.wake_up()
            # Still there: the report waits for longest, and is answered.
            assert status_of(answer_of(form)) == 200
        assert {status_of(answer_of(client)) for client in inside} == {200}


@pytest.mark.parametrize("at_once", [64, 256])
def test_many_at_once_are_all_answered(site, at_once):
    with all_of(site.asks("/boards/asleep/") for _ in range(4)) as inside:
        until(lambda: site.asleep == 4)
        with all_of(site.asks("/guidelines/") for _ in range(at_once - 4)) as waiting:
            assert status_of(site.get("/help-now/")) == 200
            site.wake_up()
            assert {status_of(answer_of(client)) for client in [*inside, *waiting]} == {200}


def ask_here(sql: str) -> list[tuple[Any, ...]]:
    """Of PostgreSQL as it is now: within a transaction its views of itself stay as they were first read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(sql)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


# Asks for the boards, and leads a visitor to where one signs in, as none of them is public.
BOARDS, LED_ON = "/boards/", 302
THEIRS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
def was_busy(site: Running) -> Running:
    """Four requests asked the database at once, so the process has as many connections to it."""
    with ExitStack() as stack:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE forums_board IN ACCESS EXCLUSIVE MODE")
            inside = [stack.enter_context(site.asks(BOARDS)) for _ in range(4)]
            until(lambda: len(ask_here(f"SELECT pid {THEIRS} AND wait_event_type = 'Lock'")) == 4)
        assert {status_of(answer_of(client)) for client in inside} == {LED_ON}
    return site


def test_who_comes_one_after_the_other_is_served_by_the_same_few_connections(was_busy):
    before = ask_here(f"SELECT pid, query_start {THEIRS}")
    assert len(before) >= 4
    for _time in range(8):
        assert status_of(was_busy.get(BOARDS)) == LED_ON
    used = set(ask_here(f"SELECT pid, query_start {THEIRS}")) - set(before)
    # Two where one is not given back yet when the next request comes.
    assert len(used) in (1, 2)


def test_after_a_restart_of_postgresql_nobody_meets_an_old_connection(was_busy):
    assert len(ask_here(f"SELECT pg_terminate_backend(pid, 10000) {THEIRS}")) >= 4
    with all_of(was_busy.asks(BOARDS) for _ in range(12)) as clients:
        assert {status_of(answer_of(client)) for client in clients} == {LED_ON}
