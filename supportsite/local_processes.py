"""Processes that may outlive whoever started them: how to start, recognise and stop them."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

# The clock that process start times are derived from may be corrected while a process runs.
CLOCK_CORRECTION_SECONDS = 5
ROOM_FOR_A_START = 2**20
KILL_PATIENCE_SECONDS = 5
# In the process table only until its parent takes note.
ENDED = psutil.STATUS_ZOMBIE
Say = Callable[[str], None]

# A child must be waited for by its parent, or it stays in the process table after it has ended.
_children: dict[int, subprocess.Popen[bytes]] = {}


class LocalError(Exception):
    """Something that the person at the terminal can put right; the message says how."""


@dataclass(frozen=True)
class Identity:
    """A process, told from a later one that was given the same number by its time of creation."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> "Identity":
        """Raises psutil.NoSuchProcess if it is gone already."""
        return cls(pid, psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """The running process, or None when it has ended."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < CLOCK_CORRECTION_SECONDS
            return process if same and process.status() != ENDED else None
        except psutil.NoSuchProcess:
            return None

    def family(self) -> Iterator[psutil.Process]:
        """It and what it started, found by session, so also when it has died before its children.

        The number of a session is not given away while a process of it lives.
        """
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError, PermissionError):
                started_since = process.create_time() >= self.created - CLOCK_CORRECTION_SECONDS
                if os.getsid(process.pid) == self.pid and started_since and process.status() != ENDED:
                    yield process


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: IO[bytes] | int,
    cwd: Path | None = None,
    uid: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C at the terminal does not reach it."""
    child = subprocess.Popen(  # noqa: S603 - programs of this project, never text from outside
        [os.fspath(part) for part in command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        **run_as(uid),
    )
    _children[child.pid] = child
    return child


def run_as(uid: int | None) -> dict[str, Any]:
    """Arguments for `subprocess` that give up root's rights for those of the user `uid`."""
    if uid is None:
        return {}
    return {"user": uid, "group": pwd.getpwuid(uid).pw_gid, "extra_groups": [], "umask": 0o077}


def stop(identity: Identity, *, gently: signal.Signals = signal.SIGTERM, patience: float = 10) -> None:
    """Ask a process to end, wait for `patience` seconds, then end it and what it started by force."""
    stop_together([identity], gently=gently, patience=patience)


def stop_together(identities: Sequence[Identity], *, gently: signal.Signals = signal.SIGTERM, patience: float) -> None:
    """The same for several, which have the time to end in common."""
    for identity in identities:
        if process := identity.process():
            process.send_signal(gently)
    wait_until_gone(identities, patience=patience)
    for identity in identities:
        kill_family(identity)


def kill_family(identity: Identity) -> None:
    """End without asking whatever is left of a process and its children, also those that it starts meanwhile."""
    deadline = time.monotonic() + KILL_PATIENCE_SECONDS
    while (left := list(identity.family())) and time.monotonic() < deadline:
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        wait_until_gone([Identity(process.pid, process.create_time()) for process in left], patience=1)
    reap()


def wait_until_gone(identities: Sequence[Identity], *, patience: float) -> None:
    """Return when all have ended, or after `patience` seconds.

    One that its parent has not taken note of yet has ended: that parent may have other things to do.
    """
    deadline = time.monotonic() + patience
    while any(identity.process() for identity in identities) and time.monotonic() < deadline:
        time.sleep(0.02)


def reap() -> None:
    """Take note of those of our children that have ended, whoever stopped them."""
    for pid, child in list(_children.items()):
        if child.poll() is not None:
            del _children[pid]


def running_in(folder: Path, program: str) -> dict[Identity, int]:
    """Processes named `program` whose working folder is `folder`, each with the number of its parent.

    That is how servers are found that were left by a start that was killed.
    """
    found = {}
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == program and Path(process.cwd()) == folder:
                found[Identity(process.pid, process.create_time())] = process.ppid()
        except (psutil.Error, OSError):
            continue
    return found


def open_log(path: Path) -> IO[bytes]:
    """An empty log file; the one of the previous start is kept beside it."""
    if path.exists():
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("wb")


def says_disk_is_full(words: str, folder: Path) -> bool:
    """Whether a log says so; or whether it could not say so, because the log is on that disk."""
    said = "No space left on device" in words or "Disk quota exceeded" in words
    return said or shutil.disk_usage(folder).free < ROOM_FOR_A_START


def last_words(path: Path, lines: int = 8) -> str:
    """The end of a log file, for a message to a person."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""
