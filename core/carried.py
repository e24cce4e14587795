"""Rows of one table as a value in a row of another query, so that one query brings what a page is made of."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Model, QuerySet, Subquery
from django.db.models.functions import JSONArray

from core.loaded import loaded

type _Field = models.Field[Any, Any]

# What JSON can say, and what comes back as it was. Django's relations hold keys, which are numbers here.
_READ: Mapping[type[_Field], Callable[[str], Any]] = {
    models.DateTimeField: dt.datetime.fromisoformat,
    models.DateField: dt.date.fromisoformat,
    models.UUIDField: UUID,
}
_PLAIN = (
    models.IntegerField,
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.FloatField,
    models.JSONField,
    models.ForeignKey,
    ArrayField,
)


@dataclass
class _Part:
    """One object of a row: where it is linked from the first, and which of the row's values are its own."""

    model: type[Model]
    path: tuple[str, ...]
    fields: list[_Field]
    first: int = 0
    reads: list[tuple[int, Callable[[str], Any]]] = field(default_factory=list)

    @cached_property
    def names(self) -> list[str]:
        return [each.attname for each in self.fields]

    @cached_property
    def key(self) -> int:
        """Which of its values says whether there is a row at all."""
        return next(place for place, each in enumerate(self.fields) if each.primary_key)


class Carried[M: Model]:
    """Objects of `model` with the fields `names`, as in `values_list`: `text`, `author__username`. Others are loaded
    when they are asked for.

    Raises TypeError for a field whose values JSON cannot keep.
    """

    def __init__(self, model: type[M], *names: str) -> None:
        self._parts = _parts(model, names)
        self.columns = ["__".join((*part.path, each.attname)) for part in self._parts for each in part.fields]

    def row(self, *more: Any) -> JSONArray:
        """One row as a value, with `more` expressions behind it."""
        return JSONArray(*self.columns, *more)

    def all(self, rows: QuerySet[M], *more: Any, limit: int | None = None) -> ArraySubquery:
        """All rows in their order, as one value. `rows` name the outer query by OuterRef."""
        return ArraySubquery(rows.values(carried=self.row(*more))[:limit])

    def one(self, rows: QuerySet[M], *more: Any) -> Subquery:
        """The first row, as one value; null where there is none."""
        return Subquery(rows.values(carried=self.row(*more))[:1])

    def objects(self, values: Sequence[Sequence[Any]] | None) -> list[M]:
        return [self.made(value) for value in values or ()]

    def with_more(self, values: Sequence[Sequence[Any]] | None) -> list[tuple[M, Sequence[Any]]]:
        """Each with what stands behind it."""
        return [self.one_with_more(value) for value in values or ()]

    def one_with_more(self, value: Sequence[Any]) -> tuple[M, Sequence[Any]]:
        return self.made(value), value[len(self.columns) :]

    def object(self, value: Sequence[Any] | None) -> M | None:
        return self.made(value) if value else None

    def made(self, value: Sequence[Any]) -> M:
        made: dict[tuple[str, ...], Any] = {}
        for part in self._parts:
            made[part.path] = found = _object(part, value)
            if part.path and (parent := made[part.path[:-1]]) is not None:
                parent._meta.get_field(part.path[-1]).set_cached_value(parent, found)  # noqa: SLF001 - public by Django's word
        whole: M = made[()]
        return whole


def whole(model: type[Model], *paths: str, but: Sequence[str] = ()) -> list[str]:
    """The names of all fields of `model` and of the rows that `paths` lead to, but those named in `but`."""
    names = []
    for path in ("", *paths):
        prefix = f"{path}__" if path else ""
        at = _model_at(model, path.split("__") if path else ())
        fields = [f"{prefix}{each.attname}" for each in at._meta.concrete_fields]  # noqa: SLF001 - public by Django's word
        names += [name for name in fields if name not in but]
    return names


def _object(part: _Part, value: Sequence[Any]) -> Any:
    values = list(value[part.first : part.first + len(part.fields)])
    for place, read in part.reads:
        if values[place] is not None:
            values[place] = read(values[place])
    return None if values[part.key] is None else loaded(part.model, part.names, values)


def _parts(model: type[Model], names: Sequence[str]) -> list[_Part]:
    """Objects before those that they link to; the fields of each in the model's order."""
    wanted: dict[tuple[str, ...], set[str]] = {(): set()}
    for name in names:
        *links, last = name.split("__")
        for depth, link in enumerate(links):
            wanted.setdefault(tuple(links[:depth]), set()).add(link)
        wanted.setdefault(tuple(links), set()).add(last)
    parts, first = [], 0
    for path, lasts in sorted(wanted.items(), key=lambda each: len(each[0])):
        at = _model_at(model, path)
        known = [each for each in at._meta.concrete_fields if each.primary_key or {each.name, each.attname} & lasts]  # noqa: SLF001
        parts.append(_Part(at, path, known, first, _reads(known)))
        first += len(known)
    return parts


def _reads(fields: Sequence[_Field]) -> list[tuple[int, Callable[[str], Any]]]:
    reads = []
    for place, each in enumerate(fields):
        read = next((read for kind, read in _READ.items() if isinstance(each, kind)), None)
        if read is not None:
            reads.append((place, read))
        elif not isinstance(each, _PLAIN):
            raise TypeError(f"{each} cannot be carried: JSON does not keep its values as they are.")
    return reads


def _model_at(model: type[Model], path: Sequence[str]) -> type[Model]:
    for name in path:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]  # noqa: SLF001
    return model
