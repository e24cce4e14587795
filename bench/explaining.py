"""EXPLAIN every query of the hot pages, and fail where one reads a big table from end to end.

    bench/explain --posts 1000000 [--pages thread,board] [--json FILE]

Queries that read are run once more with ANALYZE and BUFFERS, on a connection of their own; those that write or lock are
only planned. The community is loaded first if it is not there yet.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import stage
from bench.loading import load
from bench.running import COPY, leave_copy, move_to_copy
from bench.shape import Shape

# A smaller table is read as a whole because that is quickest.
BIG_ROWS = 20_000
_READS = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"\bFOR (?:NO KEY )?(?:UPDATE|SHARE)\b|\bINSERT INTO\b|\bUPDATE\b.*\bSET\b|\bDELETE FROM\b", re.DOTALL
)
_PLANNED = re.compile(r"\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Plan:
    """Of one query. Times in milliseconds, None where it was only planned. `whole`: big tables read from end to end."""

    page: str
    sql: str
    milliseconds: float | None
    buffers: int
    rows: int
    whole: Sequence[str]
    tree: Mapping[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000, help="default: 100000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", default="", help="only these, with commas between them")
    parser.add_argument("--json", type=Path, help="write the plans in full")
    parser.add_argument("--big", type=int, default=BIG_ROWS, help=f"rows of a big table (default: {BIG_ROWS})")
    asked = parser.parse_args()
    shape = Shape(asked.posts, asked.seed)
    with stage.open_stage() as where:
        if where.is_loaded(shape):
            stage.use(where.environment(shape.database))
        else:
            load(where, shape)
        move_to_copy(where, shape, where.environment(COPY))
        try:
            plans = list(explain(shape, [name for name in asked.pages.split(",") if name], asked.big))
        finally:
            leave_copy(where)
    print(table(plans))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(plan) for plan in plans], indent=2) + "\n")
    bad = [plan for plan in plans if plan.whole]
    for plan in bad:
        print(f"\n{plan.page} reads {', '.join(plan.whole)} from end to end:\n  {plan.sql}", file=sys.stderr)
    return 1 if bad else 0


def explain(shape: Shape, wanted: Sequence[str], big: int) -> Iterator[Plan]:
    """Of each page the queries of one request, after two others that warm up what is kept between requests."""
    from django.core.cache import cache
    from django.db import connection

    from bench import within
    from bench.cast import Cast
    from bench.pages import Pages
    from bench.wsgi import lift_limits

    cache.clear()
    lift_limits()
    pages = Pages(Cast(shape), shape.seed).all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [big])
        large = {row[0] for row in cursor.fetchall()}
        # Planned as for a table in steady use, with what the setting up has changed.
        cursor.execute("ANALYZE")
    beside = connection.copy()
    try:
        for name in wanted or pages:
            first, second, asked = pages[name].take(3)
            within.ask(first)
            within.ask(second)
            explainer = Explainer(name, beside, large)
            with connection.execute_wrapper(explainer):
                within.ask(asked)
            yield from explainer.plans
    finally:
        beside.close()


class Explainer:
    """Sees every query of a connection on its way, and asks another connection how PostgreSQL would go about it."""

    def __init__(self, page: str, beside: Any, large: set[str]) -> None:
        self.page, self.beside, self.large = page, beside, large
        self.plans: list[Plan] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Mapping[str, Any]) -> Any:
        done = execute(sql, params, many, context)
        if not many and _PLANNED.match(sql):
            self.plans.append(self._plan(sql, params))
        return done

    def _plan(self, sql: str, params: Any) -> Plan:
        reads = _READS.match(sql) and not _CHANGES.search(sql)
        how = "ANALYZE, BUFFERS, FORMAT JSON" if reads else "FORMAT JSON"
        with self.beside.cursor() as cursor:
            cursor.execute(f"EXPLAIN ({how}) {sql}", params)
            (found,) = cursor.fetchone()
        (top,) = json.loads(found) if isinstance(found, str) else found
        tree = top["Plan"]
        return Plan(
            self.page,
            " ".join(sql.split()),
            top.get("Execution Time"),
            tree.get("Shared Hit Blocks", 0) + tree.get("Shared Read Blocks", 0),
            tree.get("Actual Rows", tree["Plan Rows"]),
            sorted({node["Relation Name"] for node in _nodes(tree) if self._reads_whole(node)}),
            tree,
        )

    def _reads_whole(self, node: Mapping[str, Any]) -> bool:
        """One that stops after the first rows it needs has not read the whole."""
        if not node["Node Type"].endswith("Seq Scan") or node["Relation Name"] not in self.large:
            return False
        return bool(node.get("Actual Loops", 1))


def _nodes(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield tree
    for part in tree.get("Plans", ()):
        yield from _nodes(part)


def table(plans: Sequence[Plan]) -> str:
    lines = ["", "| page | query | ms | buffers | rows | how |", "|---|---|---|---|---|---|"]
    for plan in plans:
        ways = dict.fromkeys(
            f"{node['Node Type']} {node.get('Index Name') or node['Relation Name']}"
            for node in _nodes(plan.tree)
            if "Relation Name" in node or "Index Name" in node
        )
        took = "–" if plan.milliseconds is None else f"{plan.milliseconds:.2f}"
        lines.append(
            f"| {plan.page} | {_about(plan.sql)} | {took} | {plan.buffers} | {plan.rows:g} | {', '.join(ways)} |"
        )
    return "\n".join(lines)


def _about(sql: str) -> str:
    """Enough to know a query by."""
    verb = sql.split(" ", 1)[0]
    tables = list(dict.fromkeys(re.findall(r'(?:FROM|JOIN|INTO|UPDATE) "(\w+)"', sql)))
    return f"{verb} {', '.join(tables[:3])}{' …' if len(tables) > 3 else ''}"


if __name__ == "__main__":
    sys.exit(main())
