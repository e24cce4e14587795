"""Real workers are killed at any moment, again and again, while news comes in, and everybody hears of all of it, once.

PostgreSQL, Valkey, the workers and the mail server are real ones. Only time is made to pass: what a dead worker held
is free after some minutes, which nobody waits for here.
"""

import datetime as dt
import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core import enqueuing
from forums.models import Board, BoardFollow, Level, SupportType, Thread
from forums.news import NEW_REPLY, NEW_THREAD, REPLIED_TO_YOU
from forums.services import following, posts
from members.models import Member
from notifications import tasks
from notifications.models import Channel, Choice, Delivery, Event, Notice
from supportsite import local_valkey
from supportsite.celery import app as celery_app
from tests import factories

pytestmark = pytest.mark.services
ROOT = Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("KILL_SEED", "20"))
ROUNDS = 13
REPLIES_A_ROUND = 3
FOLLOWERS = 3
CROWD, CROWD_ROUNDS = 1_200, (2, 8)
BROKER_AWAY, DATABASE_RESTARTS = (6,), (4, 10)
PATIENCE_SECONDS = 90


# --- the parts -------------------------------------------------------------------------------------------------


class MailServer:
    """Takes every mail, and thinks for a moment, so that a worker may die between the words and the answer."""

    def __init__(self, chance: random.Random) -> None:
        self.taken: Counter[str] = Counter()
        self.is_asked = threading.Event()
        self.port = 0
        self._chance = chance

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken[message_from_bytes(envelope.original_content or b"")["Message-ID"]] += 1
        self.is_asked.set()
        # On the loop's own thread: whoever waits for an answer waits for it.
        time.sleep(self._chance.uniform(0, 0.06))
        return "250 OK"


@pytest.fixture
def mail_server(caplog: pytest.LogCaptureFixture) -> Iterator[Any]:
    caplog.set_level(logging.ERROR, logger="mail.log")
    handler = MailServer(random.Random(SEED))
    controller = Controller(handler, hostname="127.0.0.1", port=local_valkey.free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@dataclass
class Broker:
    """A Valkey that forgets everything when it stops, and comes back where it was."""

    folder: Path
    url: str = ""
    identity: Any = None

    def start(self) -> None:
        if not self.url:
            self.identity, self.url = local_valkey.start(self.folder, durable=False)
        else:
            self.identity = local_valkey.try_start(self.folder, self.url, durable=False)

    def stop(self) -> None:
        local_valkey.stop_server(self.identity)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """This process's tasks go there, too."""
    server = Broker(tmp_path / "valkey")
    server.start()
    app: Any = celery_app
    before = app.conf.broker_write_url
    app.conf.broker_write_url = server.url
    app.amqp._producer_pool = app._pool = None
    enqueuing.first_of.cache_clear()
    yield server
    app.amqp._producer_pool = app._pool = None
    enqueuing.first_of.cache_clear()
    app.conf.broker_write_url = before
    server.stop()


@dataclass
class Workers:
    """Two at a time, each with two processes that work."""

    nursery: "subprocess.Popen[str]"
    groups: list[int] = field(default_factory=list)

    def start(self) -> None:
        assert self.nursery.stdin
        assert self.nursery.stdout
        for _worker in range(2):
            self.nursery.stdin.write("another\n")
            self.nursery.stdin.flush()
            self.groups.append(int(self.nursery.stdout.readline()))

    def kill(self) -> None:
        """Whatever they are doing, and whomever they began. Comes back when none of them is left."""
        for group in self.groups:
            os.killpg(group, signal.SIGKILL)
        eventually(lambda: not any(_alive(group) for group in self.groups))
        self.groups.clear()


def _alive(group: int) -> bool:
    return any(_group_of(process) == group for process in psutil.pids())


def _group_of(pid: int) -> int | None:
    try:
        return None if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE else os.getpgid(pid)
    except (psutil.NoSuchProcess, ProcessLookupError, PermissionError):
        return None


@pytest.fixture
def workers(shared_database: None, broker: Broker, mail_server: Any, tmp_path: Path) -> Iterator[Workers]:
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    env = os.environ | {
        "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
        "REDIS_URL": broker.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
    }
    log = tmp_path / "workers.log"
    with log.open("w") as said:
        nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.notifications.nursery"],
            cwd=ROOT,
            env=env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        found = Workers(nursery)
        yield found
        found.kill()
        nursery.kill()
        nursery.communicate()
    print(log.read_text()[-4000:])  # noqa: T201 - shown where the test fails


def eventually(happens: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < deadline, "It did not happen in the time that a patient person waits."
        time.sleep(0.02)


# --- who is there, and what happens ----------------------------------------------------------------------------


@dataclass
class Community:
    """`expected`: whom each event concerns, by who they are and not by what the site finds out."""

    threads: list[Thread]
    readers: dict[int, set[int]]
    writer: Member
    board: Board
    crowd: set[int]
    expected: dict[tuple[str, int], set[int]] = field(default_factory=dict)

    def reply(self, thread: Thread) -> None:
        post = posts.post_reply(author=self.writer, thread=thread, body="Here with you.")
        self.expected[REPLIED_TO_YOU.key, post.pk] = {thread.author_id}
        self.expected[NEW_REPLY.key, post.pk] = self.readers[thread.pk]

    def open_thread(self) -> None:
        post = posts.start_thread(
            author=self.writer, board=self.board, title="For all", body="Hello.", support_type=SupportType.LISTENING
        )
        self.expected[NEW_THREAD.key, post.thread_id] = self.crowd


def build() -> Community:
    """A thread for each reply, and everybody in one thread: of a second reply in it no mail would tell. All want theirs
    at once."""
    threads, readers = [], {}
    for _thread in range(ROUNDS * REPLIES_A_ROUND):
        thread = factories.ThreadFactory()
        followers = factories.MemberFactory.create_batch(FOLLOWERS)
        for follower in followers:
            following.set_thread_level(member=follower, thread=thread, level=Level.ALL)
            Choice.objects.create(member=follower, kind=NEW_REPLY.key, channel=Channel.MAIL)
        threads.append(thread)
        readers[thread.pk] = {follower.pk for follower in followers}
    board = factories.BoardFactory()
    crowd = Member.objects.bulk_create(
        [Member(username=f"crowd{number}", email=f"crowd{number}@example.org") for number in range(CROWD)]
    )
    BoardFollow.objects.bulk_create([BoardFollow(member=one, board=board, level=Level.ALL) for one in crowd])
    # Does not follow what they write in.
    writer = factories.MemberFactory(username="writer", follow_on_posting=False)
    return Community(threads, readers, writer, board, {one.pk for one in crowd})


def let_time_pass(*, killed_at: dt.datetime) -> None:
    """What was held by those who were killed, or put off, is due; what somebody holds since then is not."""
    past = timezone.now() - dt.timedelta(hours=1)
    Event.objects.filter(expanded_at=None).update(due_at=past)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    waiting.filter(began_at__lt=killed_at).update(began_at=past)
    waiting.filter(Q(began_at=None) | Q(began_at=past)).update(due_at=past)


def progress() -> tuple[int, int]:
    return Notice.objects.count(), Delivery.objects.exclude(state=Delivery.State.WAITING).count()


def _has_moved(before: tuple[int, int]) -> bool:
    return progress() != before


def restart_database() -> None:
    """As its users notice it: every connection but this one is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


# --- the test --------------------------------------------------------------------------------------------------


def test_whatever_is_killed_whenever_everybody_hears_of_everything_once(
    workers: Workers, broker: Broker, mail_server: Any
) -> None:
    chance = random.Random(SEED)
    community = build()
    killed_at = timezone.now()
    restarts = 0
    for number in range(ROUNDS):
        workers.start()
        if number in BROKER_AWAY:
            broker.stop()
        before = progress()
        for _reply in range(REPLIES_A_ROUND):
            community.reply(community.threads.pop())
        if number in CROWD_ROUNDS:
            community.open_thread()
        if number in BROKER_AWAY:
            broker.start()
            tasks.broker.away_until = 0.0
        let_time_pass(killed_at=killed_at)
        tasks.sweep_outbox()
        # Every other time somebody dies while the mail server thinks.
        mail_server.is_asked.clear()
        eventually(mail_server.is_asked.is_set if number % 2 else partial(_has_moved, before))
        if number in DATABASE_RESTARTS:
            restart_database()
            restarts += 1
        time.sleep(chance.uniform(0, 0.05 if number % 2 else 0.3))
        killed_at = timezone.now()
        workers.kill()
    workers.start()
    finish(killed_at)
    told = Counter(Notice.objects.values_list("event__kind", "event__target_id", "recipient"))
    expected = Counter((*event, pk) for event, recipients in community.expected.items() for pk in recipients)
    deliveries = list(Delivery.objects.values_list("token", "state", "reason", "maybe_twice"))
    taken = {token: mail_server.taken[f"<{token.hex}@localhost>"] for token, *_rest in deliveries}
    print(  # noqa: T201 - the numbers are what it is for
        f"\nseed {SEED}: {2 * ROUNDS} workers killed in {ROUNDS} rounds, Valkey stopped {len(BROKER_AWAY)} time,"
        f" the database's connections cut {restarts} times;"
        f" {len(community.expected)} events, {sum(told.values())} notices, {len(deliveries)} mails,"
        f" {sum(maybe for *_rest, maybe in deliveries)} of them marked as possibly sent twice,"
        f" {sum(count > 1 for count in taken.values())} taken twice"
    )
    assert told == expected
    assert set(told.values()) == {1}
    assert not Event.objects.filter(expanded_at=None).exists()
    by_mail = [pk for (kind, _target, pk) in expected if kind != NEW_THREAD.key]
    assert len(deliveries) == len(by_mail)
    assert {(state, reason) for _token, state, reason, _maybe in deliveries} == {("sent", "")}
    assert all(taken.values())
    # Whatever came twice says that it may have.
    assert all(maybe for token, _state, _reason, maybe in deliveries if taken[token] > 1)
    assert sum(mail_server.taken.values()) == sum(taken.values())


def finish(killed_at: dt.datetime) -> None:
    """The last workers live, and each minute's sweep finds what is left."""

    def is_done() -> bool:
        waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
        if not Event.objects.filter(expanded_at=None).exists() and not waiting.exists():
            return True
        let_time_pass(killed_at=killed_at)
        tasks.sweep_outbox()
        time.sleep(0.5)
        return False

    eventually(is_done)
