"""The whole site as script/server runs it, and a real browser."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, sync_playwright

from supportsite.demo.people import PASSWORD
from tests import database
from tests.browser.people import Person

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Site:
    """A running copy with the demo community in it."""

    url: str
    folder: Path
    environ: Mapping[str, str]

    def manage(self, *arguments: str) -> str:
        """What a command of manage.py says, in this site's data."""
        program = [sys.executable, "-m", "supportsite.local", "manage", *arguments]
        done = subprocess.run(program, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What was sent to `address` so far, the oldest first."""
        files = sorted((self.folder / "mail").glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
        mails = [
            message_from_bytes(part.strip() + b"\n", policy=policy.default)
            for file in files
            for part in file.read_bytes().split(b"-" * 79)
            if part.strip()
        ]
        return [mail for mail in mails if mail["To"] == address]

    def wait_for_mail(self, address: str, subject: str) -> EmailMessage:
        """The newest mail with this subject, once the worker has sent it."""
        return eventually(lambda: [m for m in self.mails_to(address) if m["Subject"] == subject])[-1]


def eventually[T](look: Callable[[], T]) -> T:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError("It did not happen in the time that a patient person waits.")
        time.sleep(0.1)
    return found


def reloads_until(someone: Person, there: Locator) -> None:
    """Look at the page again and again until `there` is on it."""

    def look() -> bool:
        someone.page.reload()
        return bool(there.is_visible())

    eventually(look)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _service_url(variable: str, path: str) -> str:
    """The test run's own server, with another database of it."""
    return f"{os.environ[variable].rpartition('/')[0]}/{path}"


def _own_valkey() -> str:
    """No worker may take another site's tasks, nor those of the other tests, which use the first."""
    return _service_url("REDIS_URL", str(1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 15))


@pytest.fixture(scope="session")
def site(django_db_blocker) -> Iterator[Site]:
    # Each test process runs a site of its own, in a folder of its own.
    name = f"live_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with django_db_blocker.unblock():
        database.clone(name)
    var_dir = Path(os.environ["VAR_DIR"])
    folder = var_dir / name
    shutil.rmtree(folder / "mail", ignore_errors=True)
    folder.mkdir(exist_ok=True)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    env = os.environ | {
        "VAR_DIR": str(folder),
        # One folder for all sites and all runs, because collecting these files takes longer than the tests.
        "STATIC_ROOT": str(var_dir / "live_static"),
        "DATABASE_URL": _service_url("DATABASE_URL", name),
        "REDIS_URL": _own_valkey(),
        "LOAD_DEMO": "1",
        # Where "Leave this site" leads: the tests have no other site to go to.
        "EXIT_URL": f"{url}/healthz",
    }
    log = folder / "server.log"
    with (var_dir / "live.lock").open("a") as turn:
        # Two sites that start at once would collect the static files into each other's hands.
        fcntl.flock(turn, fcntl.LOCK_EX)
        with log.open("wb") as output:
            server = subprocess.Popen(
                [sys.executable, "-m", "supportsite.local", "server", "--port", str(port)],
                cwd=ROOT,
                env=env,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        eventually(lambda: f"answers at {url}" in log.read_text() or server.poll() is not None)
    try:
        assert server.poll() is None, log.read_text()[-3000:]
        yield Site(url, folder, env)
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0, log.read_text()[-3000:]


def _chromium(own: str) -> str | None:
    """Debian's Chromium or another one that is installed, else the one that Playwright downloaded."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or (own if Path(own).exists() else None)


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    """Closed before another module's tests run, because Django refuses the database beside Playwright's loop."""
    del site  # which must be up first, for the same reason
    with sync_playwright() as playwright:
        program = _chromium(playwright.chromium.executable_path)
        if program is None:
            missing = (
                "NO BROWSER: install Chromium (Debian: apt-get install chromium), or run: playwright install chromium"
            )
            if os.environ.get("CI") == "true":
                pytest.fail(missing)
            pytest.skip(missing)
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                  "--disable-sync", "--no-first-run"],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture
def person(browser: Browser, site: Site) -> Iterator[Callable[[], Person]]:
    """People with a browser each. When they are done, nothing they saw may have gone wrong on the way."""
    people: list[Person] = []

    def arrive(*, javascript: bool = True, width: int = 390) -> Person:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 844},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        people.append(Person(context.new_page(), demo_password=PASSWORD, javascript=javascript))
        return people[-1]

    yield arrive
    for number, someone in enumerate(people):
        someone.page.screenshot(path=site.folder / f"last-seen-{number}.png")
        someone.page.context.close()
    assert [trouble for someone in people for trouble in someone.troubles] == []
