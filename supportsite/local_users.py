"""Whose folders these are, and who may run the database in them.

PostgreSQL refuses to run as root. Started by root, it runs as the owner of its data: at first a system user
made for it.
"""

import os
import pwd
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

from supportsite.local_processes import LocalError, Say

SYSTEM_USER = "embedded_postgres"


def owner_for(folder: Path) -> int | None:
    """The user that has to run the database whose data is in `folder`; None for ourselves."""
    ours = os.geteuid()
    owner = folder.stat().st_uid if folder.exists() else ours
    if ours:
        if owner != ours:
            raise LocalError(
                f"{folder} belongs to {name_of(owner)}, and you are {name_of(ours)}. "
                f"Start as {name_of(owner)}, or take it over: sudo chown -R {name_of(ours)} '{folder.parent}'"
            )
        return None
    if owner:
        return owner
    uid = system_user()
    if folder.exists():  # copied by root
        hand_over(folder, uid)
    return uid


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def system_user() -> int:
    """The user that runs the database for root, made when it is missing."""
    try:
        return pwd.getpwnam(SYSTEM_USER).pw_uid
    except KeyError:
        pass
    command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - no text from outside
        return pwd.getpwnam(SYSTEM_USER).pw_uid
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise LocalError(
            "PostgreSQL does not run as root, and a user for it could not be made here. "
            "Start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        ) from error


def hand_over(folder: Path, uid: int | None) -> None:
    """Give a folder and what is in it to the user `uid`."""
    if uid is None:
        return
    group = pwd.getpwuid(uid).pw_gid
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, group, follow_symlinks=False)


def let_in(uid: int, programs: Path, data: Path, *, say: Say) -> None:
    """Let the user `uid` reach the database's programs and data, and nothing more than reach them.

    Folders on the way get the right to be passed through, not to be listed; the programs that to be read.
    """
    for folder in (*programs.parents, *data.parents):
        if not may_pass(uid, folder.stat()):
            add_mode(folder, stat.S_IXOTH, uid, say)
    if not (programs / "postgres").stat().st_mode & stat.S_IXOTH:
        libraries = programs.parent.parent.with_name("embedded_postgres.libs")
        for path in (*tree(programs.parent), *tree(libraries)):
            execute = stat.S_IXOTH if path.stat().st_mode & stat.S_IXUSR else 0
            add_mode(path, stat.S_IROTH | execute, uid, None)


def may_pass(uid: int, folder: os.stat_result) -> bool:
    account = pwd.getpwuid(uid)
    if folder.st_uid == uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == account.pw_gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)


def tree(folder: Path) -> Iterator[Path]:
    if folder.exists():
        yield folder
        yield from folder.rglob("*")


def add_mode(path: Path, mode: int, uid: int, say: Say | None) -> None:
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(before | mode)
    if say and before | mode != before:
        say(
            f"PostgreSQL runs as the user {name_of(uid)}, because it refuses to run as root. "
            f"So that it can pass through {path}, its mode is now {before | mode:o} (it was {before:o})."
        )
