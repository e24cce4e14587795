"""PostgreSQL and Valkey for a laptop and for the tests: started on demand, stopped by the last who uses them.

Whoever needs them enters `services`. The first starts them, later ones share them, the last to leave stops
them; who died without leaving is not counted. So script/server, script/manage and a crash get along.
Nothing here knows Django. See docs/decisions/embedded-servers.md.
"""

import fcntl
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from supportsite import local_postgres, local_valkey
from supportsite.local_processes import Identity, LocalError, Say, reap

DATABASE = "alongside"
VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
STOPPERS = {"valkey": local_valkey.stop_server, "postgres": local_postgres.stop_server}


def to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def state_file(var_dir: Path) -> Path:
    return var_dir.resolve() / "run" / "services.json"


@dataclass
class State:
    """What runs in a folder and who uses it, as kept in var/run/services.json."""

    folder: str
    processes: dict[str, Identity] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    users: list[Identity] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "State":
        """What the file says; nothing if it is missing, damaged, or came with a copy of another folder."""
        empty = cls(str(path.parent))
        try:
            raw: dict[str, Any] = json.loads(path.read_text())
            state = cls(
                raw["folder"],
                {name: Identity(**identity) for name, identity in raw["processes"].items()},
                raw["urls"],
                [Identity(**identity) for identity in raw["users"]],
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return empty
        state.users = [user for user in state.users if user.process()]
        return state if state.folder == empty.folder else empty

    def write(self, path: Path) -> None:
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(self)))
        fresh.replace(path)


@dataclass(frozen=True)
class Services:
    """The servers of one folder."""

    folder: Path
    durable: bool
    say: Say

    @property
    def state_file(self) -> Path:
        return state_file(self.folder)

    @contextmanager
    def locked(self) -> Iterator[State]:
        """The state, to be changed by nobody else meanwhile."""
        self.state_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.state_file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield State.read(self.state_file)

    def join(self, wanted: set[str]) -> dict[str, str]:
        """Count this process as a user of the `wanted` servers, and start those that do not answer."""
        with self.locked() as state:
            try:
                if "postgres" in wanted:
                    self.bring_up_postgres(state)
                if "valkey" in wanted:
                    self.bring_up_valkey(state)
            except BaseException:
                self.stop_if_unused(state)
                raise
            state.users.append(Identity.of(os.getpid()))
            state.write(self.state_file)
            return {VARIABLES[name]: state.urls[name] for name in wanted}

    def leave(self) -> None:
        with self.locked() as state:
            ours = [user for user in state.users if user.pid == os.getpid()]
            for user in ours[:1]:
                state.users.remove(user)
            self.stop_if_unused(state)
            reap()

    def bring_up_postgres(self, state: State) -> None:
        folder = self.folder / "postgres"
        if not self.runs(state, "postgres") or not local_postgres.answers(folder):
            self.note(state, "postgres", local_postgres.start(folder, durable=self.durable, say=self.say))
        state.urls["postgres"] = local_postgres.ensure_database(folder, DATABASE)

    def bring_up_valkey(self, state: State) -> None:
        if self.runs(state, "valkey") and local_valkey.answers(state.urls.get("valkey", "")):
            return
        identity, state.urls["valkey"] = local_valkey.start(self.folder / "valkey", durable=self.durable)
        self.note(state, "valkey", identity)

    def runs(self, state: State, name: str) -> bool:
        return name in state.processes and state.processes[name].process() is not None

    def note(self, state: State, name: str, identity: Identity) -> None:
        """Remember a server at once: after a crash from here on the next start finds it."""
        state.processes[name] = identity
        state.write(self.state_file)

    def stop_if_unused(self, state: State) -> None:
        if state.users:
            state.write(self.state_file)
            return
        for name, stopper in STOPPERS.items():
            if name in state.processes:
                stopper(state.processes[name])
        self.state_file.unlink(missing_ok=True)


@contextmanager
def services(
    var_dir: Path, *, environ: Mapping[str, str] = os.environ, durable: bool = True, say: Say = to_stderr
) -> Iterator[dict[str, str]]:
    """DATABASE_URL and REDIS_URL: as `environ` names them, or of servers that run while the block runs.

    Raises:
        LocalError: a server cannot be started; the message says what to do.
    """
    named = {name: environ[name] for name in VARIABLES.values() if environ.get(name)}
    wanted = {server for server, name in VARIABLES.items() if name not in named}
    if not wanted:
        yield named
        return
    ours = Services(var_dir.resolve(), durable, say)
    urls = ours.join(wanted)
    try:
        yield named | urls
    finally:
        ours.leave()


@contextmanager
def scratch_services(var_dir: Path) -> Iterator[dict[str, str]]:
    """The environment of one run of the tests, with servers that no other run uses.

    The data of PostgreSQL are kept for the next run, because setting them up takes longer than a small test.
    """
    for number in count(1):
        folder = var_dir.resolve() / "test" / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # another run of the tests
            with services(folder, durable=False) as urls:
                yield {"SITE_MODE": "local", "VAR_DIR": str(folder), **urls}
            return


def start_for_tests(var_dir: Path) -> Callable[[], None]:
    """Set os.environ for a run of the tests. Call it before anything reads Django's settings.

    Gives the function that stops the servers again.
    """
    stack = ExitStack()
    os.environ.update(stack.enter_context(scratch_services(var_dir)))
    return stack.close


def users(var_dir: Path) -> list[int]:
    """The numbers of the processes that use the servers of this folder."""
    return [user.pid for user in State.read(state_file(var_dir)).users]


def lost_server(var_dir: Path) -> str | None:
    """The name of a server that has ended though somebody uses it."""
    state = State.read(state_file(var_dir))
    return next((name for name, identity in state.processes.items() if not identity.process()), None)


__all__ = ["LocalError", "lost_server", "scratch_services", "services", "start_for_tests", "users"]
