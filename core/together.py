"""Changes to several tables that do not depend on each other, made in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Change:
    """An INSERT, UPDATE or DELETE."""

    sql: str
    params: Sequence[Any]


def table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - public by Django's word


def change(one: Change) -> int:
    """How many rows were changed. One query."""
    with connection.cursor() as cursor:
        cursor.execute(one.sql, one.params)
        return int(cursor.rowcount)


def change_all(changes: Sequence[Change]) -> None:
    """All of them or none. Each sees the tables as they were before the others. One query."""
    parts = ", ".join(f"change_{nth} AS ({one.sql})" for nth, one in enumerate(changes))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {parts} SELECT", [param for one in changes for param in one.params])
