"""How many digests one worker makes and sends, with how much memory and how many queries.

    .venv/bin/python -m bench.digests [--members 2000] [--threads 20000]

A community is made in a database of its own, in which each member follows threads and has unread replies. Everybody's
hour strikes at once. Beat's task makes the digests; then a real Celery worker of one process sends them, through the
real broker, to a real mail server that throws them away. The processor's time is what counts: wall time on a busy
machine says little.
"""

import argparse
import asyncio
import datetime as dt
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from multiprocessing import Process, Queue
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from supportsite import embedded

if TYPE_CHECKING:
    from members.models import Member

ROOT = Path(__file__).resolve().parent.parent
DAY = 24 * 3600
PLANNED_A_DAY = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--members", type=int, default=2000, help="who get a digest (default: 2000)")
    parser.add_argument("--threads", type=int, default=20_000, help="on the whole site (default: 20000)")
    options = parser.parse_args()
    var_dir = Path(os.environ.get("VAR_DIR") or tempfile.mkdtemp(prefix="bench-"))
    with embedded.scratch_services(var_dir / "bench") as urls, mail_server() as port:
        os.environ |= urls | {
            "SITE_MODE": "local",
            "DJANGO_SETTINGS_MODULE": "supportsite.settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAILS_A_MINUTE": "1000000",
            "LOG_LEVEL": "WARNING",
            "CELERY_QUEUE": "mail",
        }
        import django

        django.setup()
        use_fresh_database()
        show(measure(options.members, options.threads))


# --- around it ----------------------------------------------------------------------------------------------------


def _serve(ports: "Queue[int]") -> None:
    """A mail server that takes everything and keeps nothing."""
    from aiosmtpd.handlers import Sink
    from aiosmtpd.smtp import SMTP

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Sink(), hostname="bench"), "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextmanager
def mail_server() -> Iterator[int]:
    ports: Queue[int] = Queue()
    server = Process(target=_serve, args=(ports,), daemon=True)
    server.start()
    try:
        yield ports.get(timeout=30)
    finally:
        server.terminate()


def use_fresh_database() -> None:
    """An empty one on the same server, also for the worker."""
    from django.conf import settings
    from django.db import connection

    with connection._nodb_cursor() as server:  # as Django's own tests do
        server.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
        server.execute("CREATE DATABASE bench")
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = "bench"
    os.environ["DATABASE_URL"] = os.environ["DATABASE_URL"].rpartition("/")[0] + "/bench"


# --- the community ------------------------------------------------------------------------------------------------


def fill(members: int, threads: int) -> "list[Member]":
    """Five posts a thread; each member started one thread, follows twenty, and has ten replies unread."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from forums.models import Board, Gathering, Post, ReadMark, SupportType, Thread, ThreadFollow
    from forums.news import REPLIED_TO_YOU
    from members.models import Member
    from notifications.models import Event, Notice, Rhythm, Wishes

    call_command("migrate", interactive=False, verbosity=0)
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    people = Member.objects.bulk_create(
        Member(username=f"m{n}", email=f"m{n}@example.org", time_zone="UTC", seen_on=now.date(), password="!")
        for n in range(members)
    )
    host = Member.objects.create(username="host", email="host@example.org", is_moderator=True, password="!")
    boards = Board.objects.bulk_create(Board(slug=f"b{n}", title=f"Board {n}", purpose="To talk") for n in range(8))
    Gathering.objects.bulk_create(
        Gathering(
            board=board, host=host, title="Check-in", body="How are you?", support_type=SupportType.LISTENING,
            weekdays=[0, 1, 2, 3, 4, 5, 6], opens_at=dt.time(19), time_zone="Europe/London", closes_after_hours=3,
            starts_on=dt.date(2026, 1, 1),
        )
        for board in boards[:3]
    )  # fmt: skip
    started = Thread.objects.bulk_create(
        (
            Thread(
                board=boards[n % 8], author=people[n % members], title=f"A thread of some words, number {n}",
                slug=f"a-thread-{n}", support_type=SupportType.values[n % 3], last_number=5,
                created_at=now - dt.timedelta(days=9, minutes=n % 9000),
                last_post_at=now - dt.timedelta(minutes=n % 2800), answered_at=now,
            )
            for n in range(threads)
        ),
        batch_size=5000,
    )  # fmt: skip
    posts = Post.objects.bulk_create(
        (
            Post(
                thread=thread, number=number, author=people[(n + (number - 1) * 7) % members],
                body="It has been a long week. " * 8, body_html="<p>It has been a long week.</p>" * 8,
                created_at=thread.last_post_at - dt.timedelta(minutes=5 - number),
            )
            for n, thread in enumerate(started)
            for number in range(1, 6)
        ),
        batch_size=5000,
    )  # fmt: skip
    Thread.objects.bulk_create(
        Thread(
            board=boards[n % 8], author=people[n], title=f"Nobody has answered {n}", slug=f"nobody-{n}",
            support_type=SupportType.values[n % 3], last_number=1, created_at=now - dt.timedelta(hours=n % 20),
        )
        for n in range(min(60, members))
    )  # fmt: skip
    ThreadFollow.objects.bulk_create(
        (
            ThreadFollow(member=member, thread=started[(n * 31 + step * 997) % threads], level="all")
            for n, member in enumerate(people)
            for step in range(20)
        ),
        batch_size=5000,
        ignore_conflicts=True,
    )
    ReadMark.objects.bulk_create(
        (
            ReadMark(member=member, thread=started[(n * 31 + step * 997) % threads], last_read_number=2 + step % 4)
            for n, member in enumerate(people)
            for step in range(20)
        ),
        batch_size=5000,
        ignore_conflicts=True,
    )
    told = Event.objects.bulk_create(
        (
            Event(kind=REPLIED_TO_YOU.key, target_id=post.pk, group_id=post.thread_id, expanded_at=now)
            for post in posts[4 :: max(1, 5 * threads // (members * 10))]
        ),
        batch_size=5000,
    )
    Notice.objects.bulk_create(
        (Notice(event=event, recipient=people[n % members], in_digest=True) for n, event in enumerate(told)),
        batch_size=5000,
    )
    articles()
    Wishes.objects.bulk_create(
        Wishes(
            member=member, rhythm=Rhythm.DAILY, digest_hour=hour.hour, next_digest_at=hour,
            content_in_mail=n % 2 == 0,
        )
        for n, member in enumerate(people)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return people


def articles() -> None:
    from resources.models import ArticlePage
    from resources.services.starter import prepare_library

    index = prepare_library()
    for number in range(12):
        page = ArticlePage(
            title=f"Article {number}", summary="What helps.", topic="connection", evidence="early", body=[], sources=[],
            review_by=dt.date.max.replace(month=1),
        )  # fmt: skip
        index.add_child(instance=page)


# --- the measurement ----------------------------------------------------------------------------------------------


def measure(members: int, threads: int) -> dict[str, str]:
    from django.db import connection

    from notifications import services
    from notifications.models import Digest

    began = time.monotonic()
    fill(members, threads)
    filled = time.monotonic() - began
    numbers = {
        "members due at once": f"{members}",
        "threads, posts": f"{threads}, {5 * threads}",
        "community made in": f"{filled:.0f} s",
    }
    before = cpu(os.getpid()), postgres_cpu()
    waiting: list[int] = []
    began = time.monotonic()
    while (batch := services.make_due_digests()).looked_at:
        waiting += batch.waiting
    made = Digest.objects.count()
    numbers["digests made a second (claimed, planned, written)"] = f"{made / (time.monotonic() - began):.0f}"
    numbers["  processor, this process + PostgreSQL"] = (
        f"{(cpu(os.getpid()) - before[0]) / made * 1000:.2f} + {(postgres_cpu() - before[1]) / made * 1000:.2f} ms each"
    )
    sample, waiting = waiting[:40], waiting[40:]
    numbers |= queries(sample)
    connection.close()
    return numbers | sent_by_a_worker(waiting)


def queries(digest_ids: Sequence[int]) -> dict[str, str]:
    """Of some digests, sent from this process."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from notifications import digests, services
    from notifications.models import Digest

    services.send_digest(digest_ids[0])  # what is asked once in minutes for everybody
    gathering, sending, sections = [], [], []
    for pk in digest_ids[1:]:
        digest = Digest.objects.select_related("member__wishes").get(pk=pk)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            sections.append(len(digests.gather(digest.member, digest.since)))
        gathering.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            assert services.send_digest(pk)
        sending.append(sum(1 for query in asked if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT"))))
    return {
        "parts of a digest, on average": f"{sum(sections) / len(sections):.1f} of 5",
        "queries to gather one, on average and at most": f"{sum(gathering) / len(gathering):.1f}, {max(gathering)}",
        "queries in all, with its state before and after sending": f"{sum(sending) / len(sending):.1f}, {max(sending)}",
    }


def sent_by_a_worker(waiting: Sequence[int]) -> dict[str, str]:
    from notifications.models import Digest, Sending
    from notifications.tasks import DIGESTS_AT_A_TIME, send_digests

    for some in batched(waiting, DIGESTS_AT_A_TIME):
        send_digests.delay(list(some))
    worker = subprocess.Popen(
        [
            sys.executable, "-m", "celery", "--app", "supportsite", "worker", "--queues", "mail", "--concurrency", "1",
            "--loglevel", "WARNING", "--without-gossip", "--without-mingle",
        ],
        cwd=ROOT,
    )  # fmt: skip
    left = Digest.objects.filter(state=Sending.State.WAITING)
    try:
        everybody = len(waiting)
        while left.count() > everybody * 0.98:  # it starts, and warms up
            time.sleep(0.2)
        first, began = left.count(), time.monotonic()
        cpu_before, postgres_before = family_cpu(worker.pid), postgres_cpu()
        while left.exists():
            time.sleep(0.5)
        seconds = time.monotonic() - began
        spent, postgres = family_cpu(worker.pid) - cpu_before, postgres_cpu() - postgres_before
        sending, watching = peaks(worker.pid)
    finally:
        worker.terminate()
        worker.wait(30)
    sent = Digest.objects.filter(state=Sending.State.SENT).count()
    rate, by_cpu = first / seconds, first / spent
    return {
        "sent": f"{sent}",
        "digests a second, one worker process": f"{rate:.1f}",
        "  processor, worker + PostgreSQL": f"{spent / first * 1000:.1f} + {postgres / first * 1000:.1f} ms each",
        "  a second, if a core were the worker's alone": f"{by_cpu:.1f}",
        "peak memory of the process that sends, and of its parent": f"{sending:.0f}, {watching:.0f} MB",
        "a day, one worker process": f"{rate * DAY:,.0f}",
        f"worker processes for {PLANNED_A_DAY:,} a day": f"{PLANNED_A_DAY / DAY / rate:.2f}",
    }


def cpu(pid: int) -> float:
    """Seconds."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def family_cpu(pid: int) -> float:
    return cpu(pid) + sum(cpu(child.pid) for child in psutil.Process(pid).children(recursive=True))


def postgres_cpu() -> float:
    """Of the server of this run, of the connections that are open, and of those that have ended."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = psutil.Process(cursor.fetchone()[0])
    server = mine.parent()
    if server is None:
        return cpu(mine.pid)
    ended = server.cpu_times()
    return family_cpu(server.pid) + float(ended.children_user + ended.children_system)


def peaks(pid: int) -> tuple[float, float]:
    """Of the process that works, and of the one that keeps it, in MB."""

    def peak(process: int) -> float:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        kilobytes: Any = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
        return int(kilobytes) / 1024

    (child,) = psutil.Process(pid).children()
    return peak(child.pid), peak(pid)


def show(numbers: dict[str, str]) -> None:
    print(f"\n| {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores | |\n|---|---|")
    for what, value in numbers.items():
        print(f"| {what} | {value} |")
    print(f"| (this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB) | |")


if __name__ == "__main__":
    main()
