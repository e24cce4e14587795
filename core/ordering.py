"""Rows that people put in order by hand, in their column `position`."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _


def with_neighbours[R](rows: Sequence[R]) -> list[tuple[R, R | None, R | None]]:
    """Each with the one above and the one below it."""
    return list(zip(rows, [None, *rows], [*rows[1:], None], strict=False))


def asked_place(sent: QueryDict) -> tuple[str, bool]:
    """What `components/move_buttons.html` sends: beside which row, and whether before it."""
    before = "before" in sent
    return sent.get("before" if before else "after", ""), before


def in_words(moved: str, beside: str, *, before: bool) -> str:
    """Where it stands now, for whoever moved it."""
    said = _("“%(title)s” stands before “%(other)s”.") if before else _("“%(title)s” stands after “%(other)s”.")
    return said % {"title": moved, "other": beside}


def move_beside[M: Model](rows: QuerySet[M], *, moved: M, beside: M, before: bool) -> Sequence[M]:
    """Put `moved` directly before or after `beside`; the new order, or nothing where that changed none.

    It names the neighbour and not a number of steps, so that the same wish twice, by two people at once or a second
    click, comes true once. In the caller's transaction. Locks all `rows`; three queries.
    """
    # By key, so that two who move at once do not wait for each other; the order is read once the locks are there.
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    standing: list[Any] = list(rows.order_by("position", "pk"))
    order = [each for each in standing if each != moved]
    if moved not in standing or beside not in order:
        return []
    order.insert(order.index(beside) + (0 if before else 1), standing[standing.index(moved)])
    if order == standing:
        return []
    for position, each in enumerate(order):
        each.position = position
    rows.model._default_manager.bulk_update(order, ["position"])  # noqa: SLF001 - of whatever model
    return order
