"""Rows in bulk: COPY and INSERT … SELECT with every column that a model has, indexes made afterwards."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Field, JSONField, Model
from psycopg import sql

ROWS_AT_A_TIME = 2000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"


def text(value: str) -> str:
    """As COPY reads it."""
    return value.translate(_ESCAPES)


def array_text(values: Collection[str]) -> str:
    return "{" + ",".join(values) + "}"


def uuid7(at_ms: int, low: int) -> str:
    """Ordered by time, as those that PostgreSQL makes. `low` is what looks like chance in it."""
    high = low * 0x9E3779B97F4A7C15 % (1 << 74)
    return f"{at_ms << 80 | 7 << 76 | (high >> 62) << 64 | 2 << 62 | high & (1 << 62) - 1:032x}"


def table(model: type[Model]) -> str:
    return model._meta.db_table


def constants(model: type[Model], given: Collection[str]) -> dict[str, Any]:
    """What every row has in the columns that are not `given`: the model's defaults, where the database has none."""
    fields: list[Field[Any, Any]] = [field for field in model._meta.concrete_fields if not field.generated]
    unknown = set(given) - {field.column for field in fields}
    if unknown:
        raise ValueError(f"{model.__name__} has no columns {unknown}.")
    return {
        str(field.column): _plain(field, field.get_default())
        for field in fields
        if field.column not in given and not field.has_db_default() and not field.null and not field.primary_key
    }


def _plain(field: "Field[Any, Any]", value: Any) -> Any:
    if value is None:
        raise ValueError(f"{field} needs a value.")
    if isinstance(field, JSONField):
        return json.dumps(value)
    return array_text(value) if isinstance(field, ArrayField) else value


def _as_text(value: Any) -> str:
    match value:
        case bool():
            return "t" if value else "f"
        case str():
            return text(value)
        case dt.datetime() | dt.date():
            return value.isoformat()
        case UUID():
            return value.hex
        case _:
            return str(value)


def copy(model: type[Model], columns: Sequence[str], lines: Iterable[str]) -> None:
    """`lines`: the values of `columns`, escaped, with tabs between them. The other columns have their defaults."""
    same = constants(model, columns)
    tail = "".join(f"\t{_as_text(value)}" for value in same.values()) + "\n"
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table(model)), sql.SQL(", ").join(map(sql.Identifier, (*columns, *same)))
    )
    with connection.cursor() as cursor, cursor.copy(into) as copying:
        for some in batched(lines, ROWS_AT_A_TIME):
            copying.write(tail.join(some) + tail)


def insert(model: type[Model], values: Mapping[str, str], rest: str, params: Mapping[str, Any] | None = None) -> int:
    """INSERT with a SELECT of SQL expressions by column, and `rest` behind it. Says how many rows that made."""
    same = constants(model, values)
    columns = sql.SQL(", ").join(map(sql.Identifier, (*values, *same)))
    chosen: list[sql.Composable] = [sql.SQL(expression) for expression in values.values()]
    chosen += [sql.Literal(value) for value in same.values()]
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} {}").format(
        sql.Identifier(table(model)),
        columns,
        sql.SQL(", ").join(chosen),
        sql.SQL(rest),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params or {})
        return int(cursor.rowcount)


# --- around it ----------------------------------------------------------------------------------------------------


def hurry() -> None:
    """From now on nothing on this connection waits for the disk, and references are looked at afterwards
    (`lost_references`), not row by row."""
    settings = {
        "synchronous_commit": "off",
        "session_replication_role": "replica",
        "work_mem": "128MB",
        "maintenance_work_mem": "512MB",
    }
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute(f"SET {name} = '{value}'")


@contextmanager
def without_indexes(*models: type[Model]) -> Iterator[None]:
    """The tables keep their primary keys; other indexes are made when the rows are there."""
    tables = [table(model) for model in models]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c "
            "WHERE c.contype = 'u' AND c.conrelid = ANY(%s::regclass[]) ORDER BY c.conname",
            [tables],
        )
        uniques = cursor.fetchall()
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "WHERE i.indrelid = ANY(%s::regclass[]) AND NOT EXISTS "
            "(SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('u', 'p', 'x')) "
            "ORDER BY 1",
            [tables],
        )
        indexes = cursor.fetchall()
        for on, name, _definition in uniques:
            cursor.execute(f'ALTER TABLE {on} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for on, name, definition in uniques:
            cursor.execute(f'ALTER TABLE {on} ADD CONSTRAINT "{name}" {definition}')
        for _name, definition in indexes:
            cursor.execute(definition)


def go_on_counting(*models: type[Model]) -> None:
    """Rows that the site makes come behind the highest key that was written down."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table(model)}', 'id'), max(id)) FROM {table(model)}"
            )


def lost_references(models: Iterable[type[Model]]) -> list[str]:
    """Foreign keys that lead nowhere, which the database did not look at while it was filled."""
    lost = []
    with connection.cursor() as cursor:
        for model in models:
            for field in model._meta.concrete_fields:
                if not field.remote_field or not field.db_constraint:  # type: ignore[attr-defined]
                    continue
                there = field.remote_field.model._meta
                cursor.execute(
                    f'SELECT EXISTS (SELECT FROM {table(model)} here WHERE "{field.column}" IS NOT NULL AND NOT EXISTS '
                    f'(SELECT FROM {there.db_table} there WHERE there."{there.pk.column}" = here."{field.column}"))'
                )
                if cursor.fetchone()[0]:
                    lost.append(f"{table(model)}.{field.column}")
    return lost
