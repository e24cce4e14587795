"""Whether two texts say nearly the same: for what is posted again and again. No storage; the caller keeps marks."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"\w+")
_RUN = 3  # words that make one shingle
_KEPT = 64  # the smallest marks stand for all: a sketch of constant size (Broder 1997)
_FEWEST_WORDS = 6
NEARLY = 0.6


def fingerprint(text: str) -> frozenset[int]:
    """A mark of constant size that texts share as far as they share runs of words. Empty for short texts.

    "Thank you, that helps" is said by many; only longer texts are worth comparing.
    """
    words = _WORD.findall(text.casefold())
    if len(words) < _FEWEST_WORDS:
        return frozenset()
    marks = [zlib.crc32(word.encode()) for word in words]
    # Of numbers, Python's own hash is the same in every process.
    shingles = {hash(run) for run in zip(*(marks[at:] for at in range(_RUN)), strict=False)}
    return frozenset(sorted(shingles)[:_KEPT])


def near_duplicate(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether the texts of two fingerprints share most of their runs of words."""
    shared = one & other
    if len(shared) < NEARLY * max(len(one), len(other), 1):
        return False
    smallest = set(sorted(one | other)[:_KEPT])
    return len(smallest & shared) >= NEARLY * len(smallest)


def repeats_any(text: str, earlier: Iterable[frozenset[int]]) -> bool:
    mark = fingerprint(text)
    return any(near_duplicate(mark, before) for before in earlier)


def repeated_part(text: str) -> tuple[int, int] | None:
    """Where a line of some length stands that `text` repeats at least three times; None if none does."""
    lines = [line.strip() for line in re.split(r"[\n.!?]+", text)]
    counts = Counter(line.casefold() for line in lines if len(_WORD.findall(line)) >= _RUN)
    if not counts:
        return None
    line, count = counts.most_common(1)[0]
    if count < 3:
        return None
    first = next(each for each in lines if each.casefold() == line)
    start = text.index(first)
    return start, start + len(first)
