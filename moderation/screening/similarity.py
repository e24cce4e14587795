"""Whether two texts say nearly the same: for what is posted again and again. No storage."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence

_WORD, _LINE_END = re.compile(r"\w+"), re.compile(r"[\n.!?]+")
_RUN = 3  # words that make one shingle
_KEPT = 64  # the smallest marks stand for all: a sketch of constant size (Broder 1997)
_FEWEST_WORDS = 6
NEARLY = 0.6


def fingerprint(text: str) -> frozenset[int]:
    """A mark of constant size that texts share as far as they share runs of words. Empty for short texts.

    "Thank you, that helps" is said by many; only longer texts are worth comparing.
    """
    return frozenset(_runs(text))


def _runs(text: str) -> dict[int, tuple[str, ...]]:
    """Each mark of the fingerprint, and the words that it stands for."""
    words = _WORD.findall(text.casefold())
    if len(words) < _FEWEST_WORDS:
        return {}
    marks = [zlib.crc32(word.encode()) for word in words]
    # Of numbers, Python's own hash is the same in every process.
    shingles = map(hash, zip(*(marks[at:] for at in range(_RUN)), strict=False))
    runs = dict(zip(shingles, zip(*(words[at:] for at in range(_RUN)), strict=False), strict=True))
    return {mark: runs[mark] for mark in sorted(runs)[:_KEPT]}


def near_duplicate(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether the texts of two fingerprints share most of their runs of words."""
    shared = one & other
    if len(shared) < NEARLY * max(len(one), len(other), 1):
        return False
    smallest = set(sorted(one | other)[:_KEPT])
    return len(smallest & shared) >= NEARLY * len(smallest)


def repeats_any(text: str, earlier: Iterable[str]) -> bool:
    """Whether `text` says nearly the same as one of `earlier`.

    Most texts have little in common with others: that is seen by looking for some of their words, in a tenth of the
    time that another fingerprint takes.
    """
    runs = _runs(text)
    mark, telling = frozenset(runs), [max(run, key=len) for run in runs.values()]
    return any(
        _may_share(telling, other.casefold()) and near_duplicate(mark, fingerprint(other)) for other in earlier if mark
    )


def _may_share(telling: Sequence[str], other: str) -> bool:
    """Whether `other`, in small letters, may have enough runs of words, each of which has its `telling` word."""
    lacking = 0
    for word in telling:
        if word not in other:
            lacking += 1
            if len(telling) - lacking < NEARLY * len(telling):
                return False
    return True


def repeated_part(text: str) -> tuple[int, int] | None:
    """Where a line of some length stands that `text` repeats at least three times; None if none does."""
    lines = [line.strip() for line in _LINE_END.split(text)]
    if len({line.casefold() for line in lines}) > len(lines) - 2:
        return None
    counts = Counter(line.casefold() for line in lines if len(_WORD.findall(line)) >= _RUN)
    if not counts:
        return None
    line, count = counts.most_common(1)[0]
    if count < 3:
        return None
    first = next(each for each in lines if each.casefold() == line)
    start = text.index(first)
    return start, start + len(first)
