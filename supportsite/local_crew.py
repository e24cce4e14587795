"""The processes of a running site: web, worker and beat, and what is written down about them."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import IO, Any

from supportsite.local_processes import Identity, Say, kill_family, spawn, stop_together

BASE_DIR = Path(__file__).resolve().parent.parent
STOP_PATIENCE_SECONDS = 30
# Nobody waits for what they were doing any more; tasks that do not finish are done again.
LEFTOVER_PATIENCE_SECONDS = 3
WEB_PROCESSES = 2
# Not more than the connection pool has connections (DATABASE_POOL_SIZE).
WEB_THREADS = 4
WORKER_PROCESSES = 2
WEB_SWITCHES = ("--no-ws", "--no-access-log", "--respawn-failed-workers")
# What takes in new work goes first.
STOP_ORDER = ("setup", "web", "worker", "beat")


@dataclass
class Record:
    """The run that is or was under way, in var/run/server.json, for the start after a crash."""

    file: Path
    supervisor: int = 0
    url: str = ""
    children: dict[str, Identity] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> "Record":
        """What the file says; nothing if it is missing, damaged, or came with a copy of another folder."""
        try:
            raw: dict[str, Any] = json.loads(file.read_text())
            if raw["file"] != str(file):
                return cls(file)
            children = {name: Identity(**identity) for name, identity in raw["children"].items()}
            return cls(file, raw["supervisor"], raw["url"], children)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return cls(file)

    def save(self) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self), default=str))
        fresh.replace(self.file)

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)

    def stop_leftovers(self, say: Say) -> bool:
        """Stop what the last run started, if it was killed and could not do that itself. Says if there was any."""
        left = [name for name in STOP_ORDER if name in self.children and any(self.children[name].family())]
        if left:
            say(f"Stopping what an earlier start left behind: {', '.join(left)}.")
        stop_together([self.children[name] for name in left], patience=LEFTOVER_PATIENCE_SECONDS)
        self.children.clear()
        return bool(left)


class Crew:
    """Starts the processes, shows their lines under their names, stops them."""

    def __init__(self, record: Record, env: Mapping[str, str], hurry: Event) -> None:
        self.record, self.env, self.hurry = record, env, hurry
        self.popens: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, tuple[list[str], Mapping[str, str] | None]] = {}
        self.writing = Lock()

    # --- starting

    def prepare(self) -> None:
        self.start("setup", ["-m", "supportsite.local_prepare"])

    def start_web(self, host: str, port: int) -> None:
        options = {
            "--interface": "wsgi",
            "--host": host,
            "--port": str(port),
            "--workers": str(WEB_PROCESSES),
            "--blocking-threads": str(WEB_THREADS),
            "--workers-kill-timeout": "10",
        }
        flat = [part for option in options.items() for part in option]
        self.start(
            "web",
            ["-m", "granian", *flat, *WEB_SWITCHES, "supportsite.wsgi:application"],
            extra={"DATABASE_POOL": "1"},
        )

    def start_background(self) -> None:
        # Celery warns root about tasks from strangers; ours are JSON, from a queue that only we can write to.
        python = ["-W", "ignore:You're running the worker with superuser privileges"]
        celery = [*python, "-m", "celery", "--app", "supportsite", "--quiet"]
        quick = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        queues = ["--queues", "urgent,default,mail", "--concurrency", str(WORKER_PROCESSES)]
        self.start("worker", [*celery, "worker", "--loglevel", "INFO", *queues, *quick])
        self.start("beat", [*celery, "beat", "--loglevel", "INFO", "--pidfile", ""])

    def restart(self, *, background: bool) -> None:
        """Start web again, and the worker and beat too if code that they run has changed."""
        names = ("web", "worker", "beat") if background else ("web",)
        commands = {name: self.commands[name] for name in names}
        self.stop(names)
        for name, (arguments, extra) in commands.items():
            self.start(name, arguments, extra=extra)

    def start(self, name: str, arguments: list[str], *, extra: Mapping[str, str] | None = None) -> None:
        child = spawn(
            [sys.executable, *arguments],
            env={**self.env, **(extra or {})},
            output=subprocess.PIPE,
            cwd=BASE_DIR,
        )
        self.popens[name] = child
        self.commands[name] = (arguments, extra)
        self.record.children[name] = Identity.of(child.pid)
        self.record.save()
        if child.stdout:
            Thread(target=self.show, args=(name, child.stdout), daemon=True).start()

    def show(self, name: str, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                # The terminal may be gone; the pipe must be read all the same, or the child hangs.
                with self.writing, suppress(OSError):
                    sys.stdout.write(f"{name:<6} | {line.decode(errors='replace').rstrip()}\n")
                    sys.stdout.flush()

    # --- looking

    def alive(self, name: str) -> bool:
        return name in self.popens and self.popens[name].poll() is None

    def exit_code(self, name: str) -> int | None:
        return self.popens[name].poll()

    def dead(self) -> str | None:
        return next((name for name in self.popens if name != "setup" and not self.alive(name)), None)

    def sign_ins(self) -> str:
        """What load_demo had to say, kept for after the noise of the start."""
        file = self.record.file.with_name("sign-ins.txt")
        return file.read_text().strip() if file.exists() else ""

    # --- stopping

    def stop(self, names: tuple[str, ...] = STOP_ORDER) -> None:
        """Ask all to finish what they are doing, wait, then end by force whoever did not."""
        present = [name for name in names if name in self.popens]
        for name in present:
            if self.alive(name):
                self.popens[name].send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_PATIENCE_SECONDS
        while any(map(self.alive, present)) and time.monotonic() < deadline and not self.hurry.is_set():
            time.sleep(0.05)
        for name in present:
            kill_family(self.record.children.pop(name))
            del self.popens[name]
        self.record.save()
