"""Taking a name out of what others wrote."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from members.leaving import AT_ONCE

# Puts the changed texts, by the names of their fields, into the place of the row's. The row is locked.
type Write = Callable[[Any, dict[str, str]], None]


def plainly(row: Model, changed: dict[str, str]) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**changed)  # noqa: SLF001 - public by Django's word


def rewrite(
    rows: "QuerySet[Any]",
    fields: Sequence[str],
    *,
    name: str,
    cleaned: Callable[[str], str],
    write: Write = plainly,
) -> int:
    """Put `cleaned` texts in the place of those in which `name` is found. Says how many rows were changed.

    Goes once through the rows, in batches by their key, each a transaction of its own. Run again, it finds nothing.
    """
    having = Q()
    for field in fields:
        having |= Q(**{f"{field}__icontains": name})
    after, changed = 0, 0
    while keys := list(rows.filter(having, pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        changed += _some(rows.model, keys, fields, cleaned=cleaned, write=write)
        after = keys[-1]
    return changed


@transaction.atomic
def _some(
    model: type[Model], keys: Sequence[int], fields: Sequence[str], *, cleaned: Callable[[str], str], write: Write
) -> int:
    """Locks the rows, so that an edit at the same time is not overwritten."""
    locked = model._default_manager.filter(pk__in=keys).order_by("pk")  # noqa: SLF001 - public by Django's word
    count = 0
    for row in locked.select_for_update(no_key=True):
        changed = {field: new for field in fields if (new := cleaned(getattr(row, field))) != getattr(row, field)}
        if changed:
            write(row, changed)
            count += 1
    return count
