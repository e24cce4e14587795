"""Pages that cost the same however deep they are: a cursor instead of OFFSET, no COUNT."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateTimeField, Q, QuerySet

# A cursor holds the values of a row, of which the longest is a title.
CURSOR_MAX = 3000


@dataclass(frozen=True)
class Page[T]:
    items: Sequence[T]
    next_cursor: str | None
    is_first: bool = True

    @property
    def is_last(self) -> bool:
        return self.next_cursor is None


def keyset_page(queryset: QuerySet[Any, Any], *, order: Sequence[str], size: int, cursor: str | None) -> Page[Any]:
    """One page of `queryset` in `order`, in one query of at most `size` + 1 rows.

    `order` names fields or annotations as `order_by` does and must end in a unique field; none may be null. Rows
    may be model objects or dicts from `.values()`. A cursor that somebody has tampered with gives the first page.
    """
    after = where_it_ended(queryset, order, cursor)
    return page_of(list(rows_after(queryset, order, after)[: size + 1]), order, size, is_first=after is None)


# The same in parts, where the rows come along with something else.


def where_it_ended(queryset: QuerySet[Any, Any], order: Sequence[str], cursor: str | None) -> Sequence[Any] | None:
    """The values in the row where the page before ended; None for the first page."""
    return read_cursor(cursor, [_field(queryset, name.removeprefix("-")) for name in order])


def rows_after(queryset: QuerySet[Any, Any], order: Sequence[str], after: Sequence[Any] | None) -> QuerySet[Any, Any]:
    """All rows from there on, in their order."""
    ordered = queryset.order_by(*order)
    if not ordered.totally_ordered:
        raise ValueError(f"{order} does not end in a unique field, so a page could repeat or skip rows.")
    return ordered if after is None else ordered.filter(_beyond(order, after))


def page_of(rows: Sequence[Any], order: Sequence[str], size: int, *, is_first: bool) -> Page[Any]:
    """From `size` + 1 rows, or from all that there are."""
    more = len(rows) > size
    return Page(rows[:size], cursor_after(rows[size - 1], order) if more else None, is_first=is_first)


def _field(queryset: QuerySet[Any, Any], name: str) -> Any:
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return annotation.output_field
    return queryset.model._meta.get_field(name)  # noqa: SLF001 - public by Django's word


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after `values`: later in the first field, or the same there and later in the next, and so on."""
    beyond, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, comparison = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        beyond |= same & Q(**{f"{field}__{comparison}": value})
        same &= Q(**{field: value})
    # The plain bound on the first field lets PostgreSQL start in the right place of the index.
    first, bound = (order[0][1:], "lte") if order[0].startswith("-") else (order[0], "gte")
    return Q(**{f"{first}__{bound}": values[0]}) & beyond


def cursor_after(row: Any, order: Sequence[str]) -> str:
    """Where to go on after `row`."""
    values = []
    for name in order:
        field = name.removeprefix("-")
        value = row[field] if isinstance(row, Mapping) else getattr(row, field)
        values.append({"t": value.isoformat()} if isinstance(value, dt.datetime) else value)
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, fields: Sequence[Any]) -> list[Any] | None:
    """The values that `cursor_after` put into `cursor`, for lists that no queryset can page; None where it did not."""
    if not cursor or len(cursor) > CURSOR_MAX:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [dt.datetime.fromisoformat(v["t"]) if isinstance(v, dict) else v for v in values]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
    usable = len(values) == len(fields) and all(map(_fits, values, fields))
    return values if usable else None


def _fits(value: Any, field: Any) -> bool:
    if isinstance(field, DateTimeField):
        return isinstance(value, dt.datetime) and value.tzinfo is not None
    if isinstance(field, CharField):
        return isinstance(value, str) and "\0" not in value and _is_text(value)
    return type(value) is int and -(2**63) <= value < 2**63


def _is_text(value: str) -> bool:
    """JSON can write down halves of characters, which no database keeps."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
