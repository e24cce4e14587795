"""Bring the data of a laptop's copy of the site up to date, in one process, before the site starts."""

import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsite.settings")
    django.setup()
    try:
        migrate()
    except OperationalError as error:
        sys.exit(f"The database does not answer. Check DATABASE_URL and the server that it names. ({error})")
    collect_static()
    load_demo()
    render_help()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def migrate() -> None:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        say(f"Bringing the database up to date ({len(pending)} migrations) ...")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Copy the static files and name them by content, unless that was done for the same files before."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(f"{root.name}.stamp")
    wanted = fingerprint(settings.BASE_DIR, leave_out=root)
    done = (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == wanted
    if settings.DEBUG or done:
        return
    say("Collecting the static files ...")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def fingerprint(base: Path, *, leave_out: Path) -> str:
    """Of the packages by version, and of our own files by size and time, as reading them takes long."""
    digest = hashlib.sha256((base / "uv.lock").read_bytes())
    folders = [folder for folder in (base / "static", *base.glob("*/static")) if folder != leave_out]
    for file in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
        stat = file.stat()
        digest.update(f"{file} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def load_demo() -> None:
    """Fill an empty site with the demo community, and keep the sign-in names for the end of the start.

    Only in the data that script/server looks after itself: the demo's passwords are known to everyone.
    """
    sign_ins = Path(os.environ["VAR_DIR"]) / "run" / "sign-ins.txt"
    sign_ins.unlink(missing_ok=True)
    if "load_demo" not in get_commands() or not os.environ.get("LOAD_DEMO"):
        return
    text = io.StringIO()
    call_command("load_demo", stdout=text)
    sign_ins.write_text(text.getvalue())


def render_help() -> None:
    """As this version of the site shows it. Without it the page is made when it is asked for."""
    try:
        call_command("render_help", verbosity=0, stdout=io.StringIO())
    except CommandError as error:
        say(str(error))


if __name__ == "__main__":
    main()
