"""Measure the site as it runs in production, as shares of a Django "hello world" under the same server.

    bench/run --posts 100000 --json speed.json

The community is loaded first if it is not there yet, and measured on a copy, so that each run begins with the same.
docs/performance.md says how to read the table.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench import client, report, site, stage
from bench.digests import mail_server
from bench.loading import load
from bench.shape import Shape
from bench.urls import HELLO

COPY = "bench_run"
CONNECTIONS = 8
HELLO_SECONDS = 2
# More than any page answers in a second; a write is never sent twice.
MOST_WRITES_A_SECOND = 600
MEMORY_REQUESTS = 10_000


@dataclass
class Measured:
    """Of one page, one entry a run."""

    shares: list[float] = field(default_factory=list)
    answers: list[client.Answers] = field(default_factory=list)
    used: list[site.Used] = field(default_factory=list)
    megabytes: float = 0.0
    queries: int = 0


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000, help="default: 100000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write everything that was measured")
    parser.add_argument("--pages", default="", help="only these, with commas between them")
    parser.add_argument("--seconds", type=float, default=5, help="each run of a page (default: 5)")
    parser.add_argument("--runs", type=int, default=3, help="of each page; the median counts (default: 3)")
    parser.add_argument("--connections", type=int, default=CONNECTIONS, help=f"at once (default: {CONNECTIONS})")
    parser.add_argument("--no-tasks", action="store_true", help="pages and writes only")
    parser.add_argument("--no-memory", action="store_true", help=f"leave out the {MEMORY_REQUESTS} requests at the end")
    return parser.parse_args(arguments)


def main() -> None:
    asked = options()
    shape = Shape(asked.posts, asked.seed)
    with stage.open_stage() as where, mail_server() as mail_port:
        if where.is_loaded(shape):
            stage.use(where.environment(shape.database))
        else:
            load(where, shape)
        port = site.free_port()
        environment = where.environment(COPY, mail_port=mail_port, port=port)
        move_to_copy(where, shape, environment)
        try:
            result = measure(where, shape, environment, port, asked)
        finally:
            leave_copy(where)
    print(report.table(result))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2) + "\n")
        print(f"\nWritten to {asked.json}.")


def move_to_copy(where: stage.Stage, shape: Shape, environment: Mapping[str, str]) -> None:
    """What is measured changes the data; the next run begins with the same ones."""
    import os

    from django.conf import settings
    from django.db import connection

    connection.close()
    where.create(COPY, copy_of=shape.database)
    os.environ.update(environment)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = COPY
    mailers: dict[str, Any] = settings.MAILERS
    mailers["default"]["OPTIONS"]["port"] = int(environment["EMAIL_URL"].rpartition(":")[2])


def leave_copy(where: stage.Stage) -> None:
    from django.db import connection

    connection.close()
    where.drop(COPY)


def measure(
    where: stage.Stage, shape: Shape, environment: Mapping[str, str], port: int, asked: argparse.Namespace
) -> dict[str, Any]:
    from django.core.cache import cache
    from django.core.management import call_command

    from bench import tasks, within
    from bench.cast import Cast
    from bench.pages import Pages
    from bench.wsgi import lift_limits

    cache.clear()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("render_help", verbosity=0)
    lift_limits()
    pages = Pages(Cast(shape), shape.seed).all()
    wanted = [name for name in asked.pages.split(",") if name] or list(pages)
    if unknown := set(wanted) - set(pages):
        raise SystemExit(f"There are no pages {', '.join(sorted(unknown))}. There are: {', '.join(pages)}")
    measured = {name: Measured(queries=within.count(pages[name]).queries) for name in wanted}
    hello = Measured()
    with site.running(where, environment, port) as running:
        running.pause_worker()
        bench = _Bench(running, asked, hello)
        bench.warm([request for name in wanted if not pages[name].once for request in pages[name].take(10)])
        begun_with = running.megabytes()
        for nth in range(asked.runs):
            print(f"Run {nth + 1} of {asked.runs} ...", flush=True)
            for name in wanted:
                bench.run(pages[name], measured[name])
        memory = {"after_warming_up": begun_with, "after_everything": running.megabytes()}
        if not asked.no_memory and "thread" in pages:
            memory |= bench.many(pages["thread"])
    done = {} if asked.no_tasks else tasks.measure(shape)
    return report.result(shape, asked, hello=hello, pages=measured, memory=memory, tasks=done)


class _Bench:
    def __init__(self, running: site.Site, asked: argparse.Namespace, hello: Measured) -> None:
        self.running, self.asked, self.hello = running, asked, hello
        self.hello_request = [client.Request(HELLO, gzip=False)]

    def _send(self, requests: Sequence[client.Request], seconds: float, *, once: bool = False) -> client.Answers:
        return client.run(
            requests, port=self.running.port, seconds=seconds, connections=self.asked.connections, once=once
        )

    def warm(self, requests: Sequence[client.Request]) -> None:
        """Until each thread of each web process has compiled what it keeps."""
        self._send(self.hello_request, 1)
        if requests:
            self._send(requests, max(5.0, self.asked.seconds))

    def run(self, page: Any, measured: Measured) -> None:
        """The page between two runs of the yardstick, so that what else the machine does counts for both."""
        requests = page.take(round(MOST_WRITES_A_SECOND * self.asked.seconds) if page.once else 400)
        if not requests:
            print(f"  {page.name}: this community is too small for another run", file=sys.stderr)
            return
        before = self._yardstick()
        used = self.running.used()
        answers = self._send(requests, self.asked.seconds, once=page.once)
        measured.used.append(self.running.used().since(used))
        after = self._yardstick()
        measured.answers.append(answers)
        measured.shares.append(answers.rate / ((before + after) / 2))
        measured.megabytes = self.running.megabytes()
        if answers.refused or answers.broken:
            print(f"  {page.name}: {answers.refused} answers refused, {answers.broken} broken", file=sys.stderr)

    def _yardstick(self) -> float:
        used = self.running.used()
        answers = self._send(self.hello_request, min(HELLO_SECONDS, self.asked.seconds))
        self.hello.answers.append(answers)
        self.hello.used.append(self.running.used().since(used))
        return answers.rate

    def many(self, page: Any) -> dict[str, float]:
        """Thread pages, until each web worker has answered as many as it would be restarted for elsewhere."""
        sent = 0
        requests = page.take(400)
        while sent < MEMORY_REQUESTS:
            sent += self._send(requests, 10).requests
            if not sent:
                break
        return {"after_many_threads": self.running.megabytes(), "many": sent}


def medians(measured: Measured) -> tuple[float, client.Answers]:
    """The median share, and the answers of the run that had it."""
    middle = median(measured.shares)
    at = min(range(len(measured.shares)), key=lambda run: abs(measured.shares[run] - middle))
    return middle, measured.answers[at]


if __name__ == "__main__":
    main()
