"""What an export holds. Each app registers its sections (`exports.py` of the app), so that nothing above has to be
known here.

Everything that leads to a member is in a section, or on the list of what is left out, with the reason.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from members.models import Export, Member
from members.retention import Words

KEPT = dt.timedelta(days=7)
# What is not ready after so long failed, and can be asked for anew.
GIVEN_UP = dt.timedelta(days=1)
# So many rows are in memory at a time, whatever somebody wrote.
ROWS_AT_ONCE = 500

type Row = Mapping[str, object]


@dataclass(frozen=True)
class Section:
    """One file of JSON, and the pages that say the same for reading.

    `covers`: which ways lead from a model to the member, as in “forums.Post.author”, or the label of a model that
    hangs on one of these, as in “forums.PostRevision”. `rows` yields, and holds at most ROWS_AT_ONCE of them. `labels`
    are for the pages; a key without one is shown as it is.
    """

    key: str
    title: Words
    covers: tuple[str, ...]
    rows: Callable[[Member], Iterator[Row]]
    labels: Mapping[str, Words] = field(default_factory=dict)


_sections: dict[str, Section] = {}
_left_out: dict[str, Words] = {}
_ready: list[Callable[[Export], None]] = []


def register(section: Section) -> Section:
    _sections[section.key] = section
    return section


def leave_out(reasons: Mapping[str, Words]) -> None:
    """What is in no export, and why. The keys are as in `Section.covers`."""
    _left_out.update(reasons)


def sections() -> Sequence[Section]:
    return list(_sections.values())


def left_out() -> Mapping[str, Words]:
    return dict(_left_out)


def when_ready(tell: Callable[[Export], None]) -> None:
    """Have `tell` called in the transaction in which an export becomes ready."""
    _ready.append(tell)


def tell_ready(export: Export) -> None:
    for tell in _ready:
        tell(export)


def stream(rows: "QuerySet[Any, Any]", **names: str) -> Iterator[Row]:
    """The fields of `rows`, by the names they have in the export, a part at a time."""
    fields = list(names.values())
    for values in rows.values_list(*fields).iterator(chunk_size=ROWS_AT_ONCE):
        yield dict(zip(names, values, strict=True))
