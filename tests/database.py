"""Databases for tests: migrated once, cloned as often as needed."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

BASE_DIR = Path(__file__).resolve().parent.parent


def _fingerprint() -> str:
    """Changes with any migration of ours and with any version in uv.lock."""
    digest = hashlib.sha256((BASE_DIR / "uv.lock").read_bytes())
    for path in sorted(BASE_DIR.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _template() -> str:
    """The migrated database that the others are copied from. One process makes it, the others wait."""
    name = f"template_{_fingerprint()}"
    with (Path(os.environ["VAR_DIR"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connection._nodb_cursor() as server:
            server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if server.fetchone():
                return name
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(f"{name}_new")))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"{name}_new")))
        _use(f"{name}_new")
        call_command("migrate", interactive=False, verbosity=0)
        connection.close()
        with connection._nodb_cursor() as server:
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            server.execute(rename.format(sql.Identifier(f"{name}_new"), sql.Identifier(name)))
    return name


def clone(name: str) -> None:
    """Make `name` a fresh copy of the migrated database."""
    template = _template()
    with connection._nodb_cursor() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        server.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))


def use_clone(name: str) -> None:
    """The same, and this process works in it from now on."""
    clone(name)
    _use(name)


@contextmanager
def another_clone(suffix: str) -> Iterator[None]:
    """The same for a while; then this process works on where it was before."""
    before = str(connection.settings_dict["NAME"])
    use_clone(f"{before}_{suffix}")
    try:
        yield
    finally:
        _use(before)


def learn_sizes() -> None:
    """What PostgreSQL does by itself on a living site, and cannot while a test's rows are not committed: without it
    the planner takes tables that were just filled for empty ones, and reads them row by row for each row."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
