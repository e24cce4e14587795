"""Changes to several tables that do not depend on each other, made in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from core import prepared


@dataclass(frozen=True, slots=True)
class Change:
    """An INSERT, UPDATE or DELETE. What it returns can be asked for by its `name`."""

    sql: str
    params: Sequence[Any]
    name: str = ""


@cache
def table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - public by Django's word


def change(one: Change) -> int:
    """How many rows were changed. One query."""
    with connection.cursor() as cursor:
        cursor.execute(one.sql, one.params)
        return int(cursor.rowcount)


def make(
    model: type[Model], one: Change, changes: Sequence[Change], *, gives: str, is_last: bool = False
) -> tuple[Any, ...]:
    """Make a row of `model`, and all `changes` that come with it. Gives the columns `gives`. One query.

    `one` is an INSERT that returns its row. In all else the name of the table stands for that row alone: each
    change sees the tables as they were before the others, and the table itself does not have it yet. `is_last` as in
    `core.prepared.ask_in_turn`.
    """
    sql = f"WITH {table(model)} AS ({one.sql}), {_parts(changes)} SELECT {gives} FROM {table(model)}"  # noqa: S608 - names of ours
    query = sql, [param for each in (one, *changes) for param in each.params]
    (made,) = prepared.ask_in_turn([query], is_last=is_last)
    (row,) = made.rows()
    return row


def _parts(changes: Sequence[Change]) -> str:
    return ", ".join(f"{one.name or f'change_{nth}'} AS ({one.sql})" for nth, one in enumerate(changes))
