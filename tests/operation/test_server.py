"""script/server and script/manage: what they start, what they say, what they leave behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.db import connection

from supportsite import embedded, local, local_server
from supportsite.local_crew import Crew, Record
from supportsite.local_processes import Identity, LocalError, wait_until_gone
from supportsite.local_server import Address

pytestmark = pytest.mark.services
ROOT = Path(__file__).resolve().parents[2]
SLEEP = ["-c", "import time; time.sleep(60)"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(happens: Callable[[], object], *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    record = Record(tmp_path / "server.json")
    yield record
    record.stop_leftovers(lambda _line: None)


@pytest.fixture
def crew(record: Record) -> Crew:
    return Crew(record, os.environ, threading.Event())


# --- the parts -----------------------------------------------------------------------------------------------


def test_port_in_use_is_named_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=f"Port {port} .* is used by another program.*PORT={port + 1}"):
            local_server.check_is_free(Address("127.0.0.1", port))


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_port_that_is_none_is_refused(port: str, tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="is no port"):
        local.server(tmp_path, ["server", f"--port={port}"])


def test_address_for_people_is_one_that_they_can_open() -> None:
    assert Address("127.0.0.1", 8000).url == "http://127.0.0.1:8000"
    assert Address("0.0.0.0", 8000).url == "http://127.0.0.1:8000"
    assert Address("::1", 8000).url == "http://[::1]:8000"


def test_second_start_says_where_the_first_one_is(tmp_path: Path) -> None:
    with local_server.only_one(tmp_path) as first:
        first.url = "http://127.0.0.1:8123"
        first.save()
        with pytest.raises(LocalError, match=f"already runs.*http://127.0.0.1:8123.*kill {os.getpid()}"):
            local_server.only_one(tmp_path).__enter__()


def test_signal_is_noted_and_acted_on_at_the_next_pause() -> None:
    with local_server.stop_signals() as (stop, hurry):
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(local_server.StopRequested):
            local_server.pause(stop)
        assert not hurry.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        assert hurry.is_set()


def test_process_that_ends_by_itself_is_noticed(crew: Crew) -> None:
    crew.start("web", SLEEP)
    crew.start("worker", ["-c", "raise SystemExit(3)"])
    assert eventually(lambda: crew.dead() == "worker")
    assert crew.exit_code("worker") == 3
    crew.stop()
    assert crew.record.children == {}


def test_process_that_does_not_want_to_end_is_made_to(crew: Crew) -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('set', flush=True); time.sleep(60)"
    )
    crew.start("web", ["-c", stubborn])
    identity = crew.record.children["web"]
    assert eventually(lambda: psutil.Process(identity.pid).status() == psutil.STATUS_SLEEPING)
    crew.hurry.set()
    crew.stop()
    assert identity.process() is None


def test_lines_carry_the_name_of_who_wrote_them(crew: Crew, capfd: pytest.CaptureFixture[str]) -> None:
    crew.start("web", ["-c", "print('first'); print('ünïcode')"])
    assert eventually(lambda: not crew.alive("web"))
    shown = ""

    def both_lines() -> bool:
        nonlocal shown
        shown += capfd.readouterr().out
        return "web    | first\nweb    | ünïcode\n" in shown

    assert eventually(both_lines, seconds=10)


def test_what_a_killed_run_left_is_stopped_and_nothing_else(crew: Crew, record: Record) -> None:
    """Also the children of a child that has died itself."""
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, *{SLEEP!r}])"
    crew.start("worker", ["-c", f"{parent}; import time; time.sleep(60)"])
    crew.start("beat", ["-c", f"{parent}"])
    worker, beat = record.children["worker"], record.children["beat"]
    assert eventually(lambda: len(list(worker.family())) == 2 and len(list(beat.family())) == 1)
    everything = [Identity.of(process.pid) for child in (worker, beat) for process in child.family()]
    with subprocess.Popen([sys.executable, *SLEEP]) as unrelated:
        said: list[str] = []
        Record.read(record.file).stop_leftovers(said.append)
        assert said == ["Stopping what an earlier start left behind: worker, beat."]
        assert not any(identity.process() for identity in everything)
        assert unrelated.poll() is None
        unrelated.kill()


def test_number_that_now_belongs_to_another_process_is_left_alone(record: Record) -> None:
    with subprocess.Popen([sys.executable, *SLEEP], start_new_session=True) as unrelated:
        record.children["web"] = Identity(unrelated.pid, psutil.Process(unrelated.pid).create_time() + 3600)
        record.stop_leftovers(lambda _line: None)
        assert unrelated.poll() is None
        unrelated.kill()


def test_record_that_came_with_a_copy_of_the_folder_is_not_believed(crew: Crew, tmp_path: Path) -> None:
    crew.start("web", SLEEP)
    copy = tmp_path / "copy" / "server.json"
    copy.parent.mkdir()
    copy.write_text(crew.record.file.read_text())
    assert Record.read(copy).children == {}
    crew.stop()


# --- the whole -----------------------------------------------------------------------------------------------


class Site:
    """A running script/server, with the database of this run of the tests and a folder of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.port = folder, free_port()
        self.env = {
            **os.environ,
            "VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "DEBUG": "1",  # so that no static files have to be collected
            "PORT": str(self.port),
        }
        del self.env["REDIS_URL"]

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "supportsite.local", "server"]
        with (self.folder / "output").open("a") as output:
            return subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=output, stderr=subprocess.STDOUT, text=True)

    def manage(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "supportsite.local", "manage", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.env, input=stdin, capture_output=True, text=True, check=False)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def is_announced(self) -> bool:
        return f"Alongside answers at http://127.0.0.1:{self.port}" in self.output

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text()

    def children(self) -> list[Identity]:
        return list(Record.read(self.folder / "run" / "server.json").children.values())


@pytest.fixture
def site(tmp_path: Path, django_db_setup: None) -> Site:
    base = os.environ["DATABASE_URL"].rpartition("/")[0]
    return Site(tmp_path, f"{base}/{connection.settings_dict['NAME']}")


def test_site_starts_recovers_from_a_crash_and_stops(site: Site) -> None:
    first = site.start()
    assert eventually(site.is_announced), site.output
    assert site.answers()
    left = site.children()
    assert len([identity for identity in left if identity.process()]) == 3
    first.kill()
    first.wait()

    second = site.start()
    assert eventually(lambda: "left behind: web, worker, beat." in site.output), site.output
    assert eventually(lambda: site.children() and site.children() != left), site.output
    assert not any(identity.process() for identity in left)
    assert not site.answers()

    # In the middle of starting, too, it stops what it has started so far.
    running = [*site.children(), *embedded.State.read(site.folder / "run" / "services.json").processes.values()]
    assert len(running) == 2
    second.terminate()
    assert second.wait(timeout=60) == 0
    wait_until_gone(running, patience=5)
    assert not any(identity.process() for identity in running)
    assert not list(site.folder.glob("run/*.json"))


def test_manage_hands_on_input_output_and_exit_code(site: Site) -> None:
    code = "import os; print(input(), os.environ['REDIS_URL'][:8]); raise SystemExit(7)"
    done = site.manage("shell", "--no-imports", "--command", code, stdin="hello\n")
    assert (done.returncode, done.stdout) == (7, "hello redis://\n"), done.stderr
    assert not list(site.folder.glob("run/*.json"))
