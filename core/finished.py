"""Whole pages that are kept finished, with holes for what is one reader's alone.

Whoever keeps one names in `made_from` all that went into it: marks of what the database said for this reader just now
(core.built.Found), and whatever else the code that makes the page decides by. So a page is given out again only
where it would be made again in the same words, and what changed since is another page.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate, chain, pairwise
from threading import Lock
from typing import Protocol
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from isal import isal_zlib

from core.deflated import Blank, Deflated, Piece, joined

# None stays None. Bytes and what is packed are HTML, as another of these gives it.
type Value = str | int | UUID | bytes | Deflated | None
type Values = Mapping[str, Value]

_IDLE = 600


class _Sized(Protocol):
    used: float

    @property
    def size(self) -> int:
        """In bytes."""


class _Kept[P: _Sized]:
    """What was asked for last, of `most` bytes together as it is kept.

    What nobody asked for in ten minutes is let go of with the next one that somebody does, so that words that were
    taken away are soon not in memory either.
    """

    def __init__(self, *, most: int) -> None:
        self._most, self._bytes = most, 0
        self._made: OrderedDict[Hashable, P] = OrderedDict()
        self._lock = Lock()

    def _find(self, key: Hashable, make: Callable[[], P]) -> P:
        # Where DEBUG is on, changes of templates are to be seen at once.
        page = (None if settings.DEBUG else self._made.get(key)) or make()
        self._use(key, page)
        return page

    @property
    def _oldest(self) -> P:
        return next(iter(self._made.values()))

    def _use(self, key: Hashable, page: P) -> None:
        with self._lock:
            page.used = time.monotonic()
            if self._made.get(key) is not page:
                self._bytes += page.size - (self._made[key].size if key in self._made else 0)
                self._made[key] = page
            self._made.move_to_end(key)
            while self._made and (self._bytes > self._most or self._oldest.used < page.used - _IDLE):
                self._bytes -= self._made.popitem(last=False)[1].size


class Finished(_Kept["_Page"]):
    """Pages with several holes, for what is of different lengths."""

    def fill(self, made_from: Hashable, values: Values, make: Callable[[Values], str]) -> list[Piece]:
        """What `make(values)` says, in UTF-8. Where the page is kept already, `make` is not asked.

        values: what the page shows and decides nothing by, but whether there is none or an empty text; always under the
        same names in the same order. Texts are escaped where they are not safe already.
        """
        key = (made_from, get_language(), *[_form(value) for value in values.values()])
        page = self._find(key, lambda: _with_holes(values, make))
        return page.filled([_written(value) for value in values.values()])


class FinishedPart(_Kept["_Part"]):
    """Parts of pages in which one word is left blank, in as many places as it stands. They go out as they are kept."""

    def fill(self, made_from: Hashable, word: str, make: Callable[[str], str]) -> Deflated:
        """What `make(word)` says, in UTF-8. Where the part is kept already, `make` is not asked.

        word: letters and digits that nothing is decided by, always as many of them; "" where none stands in it.
        """
        key = (made_from, get_language(), len(word))
        return self._find(key, lambda: _Part(_with_blank(word, make))).blank.filled(word.encode())


@dataclass(slots=True)
class _Page:
    """A fifth of the texts' size, because they are kept packed; to unpack them takes a sixtieth of a millisecond."""

    packed: bytes
    # Where the texts end, and the holes between them.
    ends: list[int]
    holes: list[int]
    used: float = 0

    @property
    def size(self) -> int:
        return len(self.packed)

    def filled(self, written: Sequence[Piece]) -> list[Piece]:
        whole = isal_zlib.decompress(self.packed, bufsize=self.ends[-1] + 1)
        parts: list[Piece] = [b""] * (2 * len(self.ends) - 1)
        parts[::2] = [whole[start:end] for start, end in pairwise([0, *self.ends])]
        parts[1::2] = [written[hole] for hole in self.holes]
        return joined(parts)


@dataclass(slots=True)
class _Part:
    blank: Blank
    used: float = 0

    @property
    def size(self) -> int:
        return self.blank.size


def _with_blank(word: str, make: Callable[[str], str]) -> Blank:
    mark = secrets.token_hex(len(word))[: len(word)]
    said = make(mark)
    return Blank([text.encode() for text in (said.split(mark) if mark else [said])], len(word))


def _with_holes(values: Values, make: Callable[[Values], str]) -> _Page:
    marked = {name: _mark_like(value) for name, value in values.items()}
    texts, holes = [make(marked)], list[int]()
    for place, mark in enumerate(marked.values()):
        if mark:
            texts, holes = _split(texts, holes, str(mark), place)
    encoded = [text.encode() for text in texts]
    return _Page(isal_zlib.compress(b"".join(encoded), 1), list(accumulate(map(len, encoded))), holes)


def _split(texts: list[str], holes: list[int], mark: str, place: int) -> tuple[list[str], list[int]]:
    """At each `mark`, too, which is the hole `place`."""
    apart = [text.split(mark) for text in texts]
    between = [[place] * (len(pieces) - 1) + [hole] for pieces, hole in zip(apart, [*holes, place], strict=True)]
    return list(chain.from_iterable(apart)), list(chain.from_iterable(between))[:-1]


def _form(value: Value) -> bool | None:
    """By which a page may decide: that there is none, or nothing in it."""
    return None if value is None else isinstance(value, int | UUID) or bool(value)


def _mark_like(value: Value) -> Value:
    """In place of a value, while a page is made. Nobody can guess one, so no words on a page hold any by chance or
    because somebody wrote them."""
    if isinstance(value, str | bytes | Deflated):
        return mark_safe(secrets.token_hex(20)) if value else ""  # noqa: S308 - letters and digits
    if isinstance(value, UUID):
        return uuid4()
    return None if value is None else 10**30 + secrets.randbelow(10**30)


def _written(value: Value) -> Piece:
    if isinstance(value, bytes | Deflated):
        return value
    if isinstance(value, SafeString):
        return value.encode()
    return b"" if value is None else (escape(value) if isinstance(value, str) else str(value)).encode()
