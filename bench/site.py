"""The processes of the site, started as in production, and what they use."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import packages
from bench.stage import HOST, ROOT, Stage

# As in the Dockerfile: threads mostly wait.
WEB_WORKERS, WEB_THREADS = 2, 512
APPS = ("core", "forums", "members", "moderation", "notifications", "resources", "supportsite")
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Used:
    """Seconds of the processor so far, since the processes that run now began."""

    web: float
    postgres: float

    def since(self, before: "Used") -> "Used":
        return Used(self.web - before.web, self.postgres - before.postgres)


@dataclass
class Site:
    port: int
    web: psutil.Process
    worker: psutil.Process
    postgres: psutil.Process

    def used(self) -> Used:
        return Used(_cpu(self.web), _cpu(self.postgres))

    def megabytes(self) -> float:
        """Of the web worker that has most. What both share counts in each."""
        return max(float(child.memory_info().rss) for child in self.web.children()) / 1e6

    def pause_worker(self) -> None:
        """It is there, and idle: what a write leaves for it is done when it is nobody's turn."""
        self._signal_worker(signal.SIGSTOP)

    def resume_worker(self) -> None:
        self._signal_worker(signal.SIGCONT)

    def _signal_worker(self, number: signal.Signals) -> None:
        for process in (self.worker, *self.worker.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)


def _cpu(process: psutil.Process) -> float:
    """With its children, those that have ended as well."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system
            if one == process:
                total += times.children_user + times.children_system
    return total


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(where: Stage, environment: Mapping[str, str], port: int) -> Iterator[Site]:
    """Web as the Dockerfile starts it, and a worker as docker-compose.yml does."""
    # What a process compiles by itself, because nobody did before, costs it 5 MB for good.
    subprocess.run([sys.executable, "-m", "compileall", "-q", *APPS], cwd=ROOT, check=True)
    web = _start(
        where.folder / "web.log",
        ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--no-ws", "--respawn-failed-workers",
         "--workers-kill-timeout", "20", "bench.wsgi:application"],
        {**environment, "DATABASE_POOL": "1", "BENCH_LIFTS_LIMITS": "1", "GRANIAN_WORKERS": str(WEB_WORKERS),
         "GRANIAN_BLOCKING_THREADS": str(WEB_THREADS), "GRANIAN_BACKPRESSURE": str(WEB_THREADS),
         "GRANIAN_HTTP": "1", "GRANIAN_HTTP1_HEADER_READ_TIMEOUT": "10000", "GRANIAN_HTTP1_BUFFER_SIZE": "32768",
         "MALLOC_ARENA_MAX": "1", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=1",
         "_RJEM_MALLOC_CONF": "narenas:1,tcache:false", "GRANIAN_LOG_LEVEL": "warning",
         packages.HIDDEN: packages.names_of_development(ROOT / "uv.lock")},
    )  # fmt: skip
    worker = _start(
        where.folder / "worker.log",
        ["celery", "--app", "supportsite", "worker", "--queues", "urgent,default", "--concurrency", "2",
         "--loglevel", "WARNING"],
        environment,
    )  # fmt: skip
    try:
        _wait_for(web, port, where.folder / "web.log")
        yield Site(port, psutil.Process(web.pid), psutil.Process(worker.pid), _postgres(where))
    finally:
        for process in (worker, web):
            _stop(process)


def _start(log: Path, command: list[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip


def _stop(process: "subprocess.Popen[bytes]") -> None:
    family = psutil.Process(process.pid).children(recursive=True)
    for one in family:
        with suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGCONT)
    process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    for one in family:
        with suppress(psutil.NoSuchProcess):
            one.kill()


def _wait_for(web: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _answers(port):
        if web.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"The site did not start. Its last words:\n{log.read_text()[-2000:]}")
        time.sleep(0.2)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _postgres(where: Stage) -> psutil.Process:
    with where.server() as server:
        row = server.execute("SELECT pg_backend_pid()").fetchone()
        backend = psutil.Process(row[0]) if row else None
        parent = backend.parent() if backend else None
    if parent is None:
        raise SystemExit("PostgreSQL has gone.")
    return parent
