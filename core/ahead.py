"""What a page is about to ask of the database, asked together with its first query.

To go to PostgreSQL and back takes about as long as finding a few rows. A page that asks one thing after the other is
guessed to ask what it asked when it was last made at this address, for this reader. A guess decides nothing: what it
brought is there for whoever asks the same query with the same values before the page is answered, and nobody else ever
sees it.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import inf
from threading import Lock, local
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from core import prepared
from core.prepared import Found, ask_with

type Asked = tuple[str, tuple[Any, ...]]

# Addresses of pages, some 300 bytes each, and how long one may be.
_MOST, _LENGTH = 1000, 200
_here = local()


@dataclass(slots=True)
class _Page:
    """One that is being made. `given` is what differs each time: the key of whoever is thought to ask for it, and what
    `address` leaves open. Only the first `most` queries are asked in this way."""

    address: str
    given: Mapping[str, Hashable]
    most: float = inf
    asked: list[Asked] = field(default_factory=list)
    found: dict[Asked, Found] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        return len(self.asked) >= self.most

    def ask(self, sql: str, values: tuple[Any, ...]) -> Found:
        guesses = [] if self.asked else _LEARNT.of(self.address, self.given)
        self.asked.append((sql, values))
        found, *others = ask_with(sql, values, guesses)
        self.found |= zip(guesses, others, strict=False)
        return found


def ask(sql: str, values: tuple[Any, ...], *, using: str) -> Found:
    """As core.prepared does it, for queries that read. One that was guessed is there already."""
    page: _Page | None = getattr(_here, "page", None)
    if page is None or page.is_over or using != DEFAULT_DB_ALIAS or any(isinstance(value, list) for value in values):
        return prepared.ask(sql, values, using=using)
    if (sql, values) in page.found:
        page.asked.append((sql, values))
        return page.found.pop((sql, values))
    return page.ask(sql, values)


@contextmanager
def of_page() -> Iterator[None]:
    """A page is made here: nothing of it is left afterwards but what it asked for."""
    _here.page = None
    try:
        yield
    finally:
        if _here.page is not None:
            _LEARNT.note(_here.page)
        _here.page = None


def expect(address: str, *, reader: int) -> None:
    """It is the page at `address`, which only reads until it has asked all that it shows. Within `of_page` and before
    its first query."""
    if len(address) <= _LENGTH:
        _here.page = _Page(address, {"reader": reader})


def expect_deed(route: str, *, reader: int, given: Mapping[str, Hashable]) -> None:
    """It is something that `reader` does at `route`, in whose place stands what is `given`. Whatever is done may change
    all that is asked afterwards, so only what it first asks is guessed: what it is done to."""
    _here.page = _Page(route, {"reader": reader, **given}, most=2)


def finds_first[View: Callable[..., object]](view: View) -> View:
    """Marks a view of a form that is sent often: before all else it finds what its address names, and until then it
    changes nothing."""
    view.finds_first = True  # type: ignore[attr-defined]
    return view


class _Learnt:
    """What pages asked for after their first query, which has the clock and the session in it."""

    def __init__(self) -> None:
        self._by_address: OrderedDict[str, Sequence[Asked]] = OrderedDict()
        self._lock = Lock()

    def of(self, address: str, given: Mapping[str, Hashable]) -> list[Asked]:
        known = self._by_address.get(address, ())
        return [(sql, tuple(_filled(value, given) for value in values)) for sql, values in known]

    def note(self, page: _Page) -> None:
        # What is asked as of now is never asked again.
        asked = [query for query in page.asked[1:] if not any(isinstance(value, dt.date) for value in query[1])]
        known = [(sql, tuple(map(partial(_left_open, page.given), values))) for sql, values in asked]
        with self._lock:
            self._by_address[page.address] = known
            self._by_address.move_to_end(page.address)
            if len(self._by_address) > _MOST:
                self._by_address.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Blank:
    """Stands where a value did that was given by this name."""

    name: str


def _left_open(given: Mapping[str, Hashable], value: Hashable) -> Any:
    """True is 1 as well, and no member."""
    names = (name for name, one in given.items() if type(value) is type(one) and value == one)
    name = next(names, None)
    return value if name is None else _Blank(name)


def _filled(value: Any, given: Mapping[str, Hashable]) -> Any:
    return given[value.name] if type(value) is _Blank else value


_LEARNT = _Learnt()
