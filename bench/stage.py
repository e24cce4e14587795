"""Where measurements run: servers of their own, a database for each size, and the settings of production."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import environ
import psycopg
from psycopg import sql

from bench.shape import Shape
from supportsite import embedded

ROOT = Path(__file__).resolve().parent.parent
# What a loaded database depends on, beside the migrations: change one of these, and it is loaded afresh.
LOADERS = ("shape.py", "words.py", "timeline.py", "copying.py", "people.py", "talk.py", "around.py", "loading.py")
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Stage:
    """The servers of one run. `folder` keeps databases, static files and the page of help between runs."""

    folder: Path
    urls: Mapping[str, str]

    def database_url(self, name: str) -> str:
        return self.urls["DATABASE_URL"].rpartition("/")[0] + f"/{name}"

    def environment(self, database: str, *, mail_port: int = 9, port: int = 8000) -> dict[str, str]:
        """As production has it. TLS ends before the site there, too: requests say so in a header."""
        return {
            "SITE_MODE": "production",
            "DEBUG": "",
            "DJANGO_SETTINGS_MODULE": "supportsite.settings",
            "SECRET_KEY": "for-measuring-only-and-nowhere-else-0123456789",
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}:{port}",
            "EMAIL_URL": f"smtp://{HOST}:{mail_port}",
            "MAILS_A_MINUTE": "1000000",
            "LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": self.database_url(database),
            "REDIS_URL": self.urls["REDIS_URL"],
            "VAR_DIR": str(self.folder),
            "STATIC_ROOT": str(self.folder / "static"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "HELP_DIR": str(self.folder / "help"),
        }

    @contextmanager
    def server(self) -> Iterator[psycopg.Connection]:
        """A connection from which databases are made and dropped."""
        named = environ.Env.db_url_config(self.database_url("postgres"))
        with psycopg.connect(
            host=named["HOST"], user=named["USER"], dbname=named["NAME"], autocommit=True
        ) as connection:
            yield connection

    def drop(self, name: str) -> None:
        with self.server() as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def create(self, name: str, *, copy_of: str = "") -> None:
        """An empty database, or a copy of another one to which nobody is connected."""
        self.drop(name)
        template = (
            sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(copy_of)) if copy_of else sql.SQL("")
        )
        with self.server() as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + template)

    @contextmanager
    def room_for_changes(self) -> Iterator[None]:
        """A checkpoint every few hundred megabytes would write the same pages again and again while all is new."""
        with self.server() as server:
            server.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
            server.execute("SELECT pg_reload_conf()")
            try:
                yield
            finally:
                server.execute("ALTER SYSTEM RESET max_wal_size")
                server.execute("SELECT pg_reload_conf()")
                server.execute("CHECKPOINT")

    def exists(self, name: str) -> bool:
        with self.server() as server:
            return server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def is_loaded(self, shape: Shape) -> bool:
        """Whether the database of this shape was loaded to the end, by this version of the project."""
        with self.server() as server:
            found = server.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [shape.database]
            ).fetchone()
        return found is not None and found[0] == fingerprint(shape)

    def mark_loaded(self, shape: Shape) -> None:
        with self.server() as server:
            comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
            server.execute(comment.format(sql.Identifier(shape.database), sql.Literal(fingerprint(shape))))


@contextmanager
def open_stage() -> Iterator[Stage]:
    """With servers that keep what they are told, as in production: fsync is on."""
    var_dir = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
    folder = var_dir / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("static", "media", "help"):
        (folder / part).mkdir(exist_ok=True)
    with embedded.services(folder, environ={}) as urls:
        yield Stage(folder, urls)


def use(environment: Mapping[str, str]) -> None:
    """Django in this process, with these settings. Once in a process."""
    os.environ.update(environment)
    import django

    django.setup()


def fingerprint(shape: Shape) -> str:
    digest = hashlib.sha256(f"{shape!r} {tables()}".encode())
    for name in LOADERS:
        digest.update((ROOT / "bench" / name).read_bytes())
    return digest.hexdigest()[:16]


def tables() -> str:
    """The name of the database that has all tables and no rows: making them takes longer than a small community."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return f"tables_{digest.hexdigest()[:12]}"
