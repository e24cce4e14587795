"""What script/server does: start everything, show what it says, stop everything."""

import errno
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from supportsite import embedded
from supportsite.local_crew import BASE_DIR, Crew, Record
from supportsite.local_processes import LocalError
from supportsite.local_watch import Watcher

ANSWER_PATIENCE_SECONDS = 90
LOOK_AFTER_SECONDS = 0.2
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TITLES = {"postgres": "PostgreSQL", "valkey": "Valkey"}


class StopRequested(Exception):  # noqa: N818 - it is a wish, not an error
    """Somebody pressed Ctrl-C or sent a signal."""


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @property
    def reachable_host(self) -> str:
        """A wildcard address is for listening; people and checks use the loopback address."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared only

    @property
    def url(self) -> str:
        host = self.reachable_host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def serve(var_dir: Path, address: Address, *, reload: bool) -> int:
    """Run web, worker and beat until somebody asks to stop (0), or until one of them dies (1).

    Raises:
        LocalError: something cannot start or has died; the message says what to do.
    """
    with only_one(var_dir) as record, stop_signals() as (stop, hurry):
        left_any = record.stop_leftovers(say)
        check_is_free(address, patience=5 if left_any else 0)
        record.url = address.url
        record.save()
        with embedded.services(var_dir, say=say) as urls:
            crew = Crew(record, environment(urls, var_dir, address, reload=reload), hurry)
            try:
                run(crew, var_dir, address, stop, reload=reload)
            except StopRequested:
                say("Stopping ...")
            finally:
                crew.stop()
        record.forget()
    for user in embedded.users(var_dir):
        say(f"PostgreSQL and Valkey stay up, because process {user} is using them; they stop with it.")
    say("Stopped.")
    return 0


def run(crew: Crew, var_dir: Path, address: Address, stop: Event, *, reload: bool) -> None:
    """Prepare the data, start the processes, look after them. Ends only with an exception."""
    crew.prepare()
    while crew.alive("setup"):
        pause(stop)
    if crew.exit_code("setup"):
        raise LocalError("The site could not be prepared; the lines above say why. Put that right, and start again.")
    crew.start_web(address.host, address.port)
    # One after the other: people wait for the pages, and tasks wait in the queue.
    wait_until_it_answers(crew, address, stop)
    crew.start_background()
    say(f"\n{crew.sign_ins()}".rstrip())
    say(f"Alongside answers at {address.url}  (Ctrl-C stops it)\n")
    watcher = Watcher(BASE_DIR) if reload else None
    while True:
        pause(stop)
        if watcher:
            watcher.look(crew, say)
        elif dead := crew.dead():
            raise LocalError(
                f"{dead} stopped unexpectedly (exit code {crew.exit_code(dead)}), so everything else was "
                f"stopped too. The last lines marked “{dead}” say why. Start again with script/server."
            )
        if lost := embedded.lost_server(var_dir):
            raise LocalError(
                f"{TITLES[lost]} stopped unexpectedly, so everything else was stopped too. "
                f"{var_dir / lost}.log says why. Start again with script/server."
            )


def wait_until_it_answers(crew: Crew, address: Address, stop: Event) -> None:
    deadline = time.monotonic() + ANSWER_PATIENCE_SECONDS
    while not answers(address):
        if not crew.alive("web") or time.monotonic() > deadline:
            raise LocalError("The site did not start; the lines marked “web” say why. Put that right, and start again.")
        pause(stop)


def answers(address: Address) -> bool:
    connection = http.client.HTTPConnection(address.reachable_host, address.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def environment(urls: Mapping[str, str], var_dir: Path, address: Address, *, reload: bool) -> dict[str, str]:
    extra = {
        "VAR_DIR": str(var_dir),
        "SITE_URL": os.environ.get("SITE_URL") or address.url,
        "PYTHONUNBUFFERED": "1",
    }
    if reload:
        extra["DEBUG"] = "1"
    if not os.environ.get("DATABASE_URL"):
        extra["LOAD_DEMO"] = "1"
    return {**os.environ, **urls, **extra}


def pause(stop: Event) -> None:
    if stop.wait(LOOK_AFTER_SECONDS):
        raise StopRequested


def say(line: str) -> None:
    # The terminal may be gone, which is no reason not to stop in good order.
    with suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


# --- one at a time -----------------------------------------------------------------------------------------


@contextmanager
def only_one(var_dir: Path) -> Iterator[Record]:
    """The record of this run. Refuses while another one runs; its lock ends with its process."""
    folder = var_dir / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    record = Record.read(folder / "server.json")
    with (folder / "server.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalError(
                f"The site already runs from this folder: {record.url} (process {record.supervisor}). "
                f"Stop that one with Ctrl-C in its terminal, or with: kill {record.supervisor}"
            ) from None
        record.supervisor = os.getpid()
        yield record


def check_is_free(address: Address, *, patience: float = 0) -> None:
    """Raises LocalError if the port is in use; for `patience` seconds it may still be a process that is ending."""
    deadline = time.monotonic() + patience
    while error := try_to_listen(address):
        if error.errno != errno.EADDRINUSE or time.monotonic() >= deadline:
            raise LocalError(why_not(address, error)) from error
        time.sleep(LOOK_AFTER_SECONDS)


def try_to_listen(address: Address) -> OSError | None:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            return error
    return None


def why_not(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {address.port} of {address.host} is used by another program. "
            f"Stop that one, or choose another port: PORT={address.port + 1} script/server"
        )
    if error.errno == errno.EACCES:
        return f"Port {address.port} is for root only. Choose one from 1024: PORT=8000 script/server"
    return f"{address.host} is no address of this machine ({error.strerror}). Leave HOST out, or correct it."


@contextmanager
def stop_signals() -> Iterator[tuple[Event, Event]]:
    """Two flags: somebody asked to stop, and somebody asked again. Signals only raise flags.

    So a start that is stopped half-way has no moment in which a process runs that is not yet written down.
    """
    stop, hurry = Event(), Event()

    def note(_number: int, _frame: object) -> None:
        (hurry if stop.is_set() else stop).set()

    before = {number: signal.signal(number, note) for number in STOP_SIGNALS}
    try:
        yield stop, hurry
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
