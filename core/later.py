"""Queries that are not asked yet, so that several of them can be asked as one."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

type Rows = Sequence[Sequence[Any]]


class Later[T]:
    """What `make` finds in the rows of `query`, which has `values_list`. Asked when it is first looked at.

    Rows are as JSON says them: a day is a text.
    """

    def __init__(self, query: QuerySet[Any, Any], make: Callable[[Rows], T]) -> None:
        self.query, self.make = query, make
        self._found: list[T] = []

    @property
    def is_asked(self) -> bool:
        return bool(self._found)

    @property
    def found(self) -> T:
        ask_together([self])
        return self._found[0]

    def take(self, rows: Rows) -> None:
        self._found = [self.make(rows)]


class Ids(Later[frozenset[int]], AbstractSet[int]):
    """Keys that a query finds, in its column `name`; of these, those for whose `others` `keeps` says so."""

    def __init__(
        self, query: QuerySet[Any, Any], name: str = "pk", *others: str, keeps: Callable[..., bool] | None = None
    ) -> None:
        def kept(rows: Rows) -> frozenset[int]:
            return frozenset(key for key, *rest in rows if keeps is None or keeps(*rest))

        super().__init__(query.values_list(name, *others), kept)

    @classmethod
    def _from_iterable[S](cls, it: Iterable[S]) -> set[S]:
        return set(it)

    def __contains__(self, key: object) -> bool:
        return key in self.found

    def __iter__(self) -> Iterator[int]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


class ByKey[V](Later[dict[int, V]], Mapping[int, V]):
    """What `say` makes of each row, by the key in its first column."""

    def __init__(self, query: QuerySet[Any, Any], say: Callable[..., V]) -> None:
        super().__init__(query, lambda rows: {key: say(*rest) for key, *rest in rows})

    def __getitem__(self, key: int) -> V:
        return self.found[key]

    def __iter__(self) -> Iterator[int]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def ask_together(some: Iterable[object]) -> None:
    """Those of `some` that are queries, and were not asked yet. One query, however many they are; none for none."""
    waiting = [each for each in some if isinstance(each, Later) and not each.is_asked]
    packed = [part for nth, each in enumerate(waiting) if (part := _packed(nth, each.query)) is not None]
    rows: list[list[Sequence[Any]]] = [[] for _each in waiting]
    if packed:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(sql for sql, _ in packed), [value for _, params in packed for value in params]
            )
            for nth, row in cursor:
                rows[nth].append(json.loads(row))
    for each, its_own in zip(waiting, rows, strict=True):
        each.take(its_own)


def _packed(nth: int, query: QuerySet[Any, Any]) -> tuple[str, Sequence[Any]] | None:
    """Each row as one value, beside the number of its query. None for a query that can find nothing."""
    compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    names = ", ".join(f"c{column}" for column in range(len(compiler.select)))
    return f"SELECT {nth}, jsonb_build_array({names})::text FROM ({sql}) AS part_{nth} ({names})", params  # noqa: S608 - the ORM's
