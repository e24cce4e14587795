"""What a match of a pattern can begin with.

Tables have hundreds of phrases, and nearly all texts have none of them. To try each at every letter of a text takes
a hundred times longer than to look up which of its words one could begin with.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

# Python's own reading of a pattern. What is not understood of it counts as "anything", with which no match is lost.
_read: Any = import_module("re._parser").parse

# Of a word whose end is left open, the first letters count. Of more beginnings than so many nothing is known.
OPEN, _MOST = 3, 400
# Stands for any of them: one that begins a word is enough to look it up, for few words do.
DIGIT = "0"
_DIGITS = re.compile(r"\d")

# The first letters of a match, and whether nothing is known of what follows them.
type _Letters = tuple[str, bool]
_ANYTHING: frozenset[_Letters] = frozenset({("", True)})
_NO_WIDTH = frozenset({"AT", "ASSERT", "ASSERT_NOT"})
_NO_LETTER_FOLLOWS = repr(_read(r"(?!\w)")[0])


def beginnings(pattern: re.Pattern[str]) -> frozenset[str]:
    """With one of which every match begins, where there is one space between two words: a word and the space behind
    it, the first OPEN letters of one, or DIGIT. Empty where a match can begin with anything."""
    if pattern.flags & (re.IGNORECASE | re.VERBOSE):
        return frozenset()
    found = frozenset(_first_word(letters) for letters, _is_open in _in_a_row(_read(pattern.pattern)))
    return frozenset() if "" in found else found


def telling(pattern: re.Pattern[str]) -> frozenset[str]:
    """Of which every match has one in it; empty where that is not known."""
    return frozenset() if pattern.flags & (re.IGNORECASE | re.VERBOSE) else _told(_read(pattern.pattern))


def _told(items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """Of all that has to be there, what fewest texts have: the longest letters in a row."""
    found: list[frozenset[str]] = []
    row = ""
    for kind, value in [*items, ("END", None)]:
        if str(kind) == "LITERAL":
            row += chr(value)
            continue
        found += [frozenset({row}), _told_by(str(kind), value)]
        row = ""
    known = [some for some in found if "" not in some]
    return max(known, key=lambda some: (min(map(len, some), default=0), -len(some)), default=frozenset())


def _told_by(kind: str, value: Any) -> frozenset[str]:
    if kind == "BRANCH":
        branches = [_told(branch) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    if kind == "SUBPATTERN":
        _group, flags_on, _flags_off, inside = value
        return frozenset() if flags_on else _told(inside)
    return _told(value[2]) if kind == "MAX_REPEAT" and value[0] else frozenset()


class Index:
    """Of many patterns at once, where in a text each could begin: one look a word, however many patterns there are."""

    def __init__(self) -> None:
        # By the first letters, and by whole words.
        self._open: dict[str, frozenset[int]] = {}
        self._whole: dict[str, frozenset[int]] = {}
        self._count = 0

    def add(self, words: Collection[str]) -> int:
        """The number of a pattern with these `beginnings`."""
        self._count += 1
        for word in words:
            known = self._whole if word.endswith(" ") else self._open
            letters = word.removesuffix(" ")
            known[letters] = known.get(letters, frozenset()) | {self._count}
        return self._count

    def places(self, words: Sequence[str]) -> Mapping[int, Sequence[int]]:
        """By the number of each pattern that could begin anywhere in these words with one space between two, the places
        in their order."""
        places: defaultdict[int, list[int]] = defaultdict(list)
        opening, whole, start = self._open.get, self._whole.get, 0
        for word in words:
            found = opening(word[:OPEN])
            if (more := whole(word)) is not None:
                found = more if found is None else found | more
            if not word.isalpha() and _DIGITS.search(word):
                found = self._with_digits(_DIGITS.sub(DIGIT, word))
            if found is not None:
                for number in found:
                    places[number].append(start)
            start += len(word) + 1
        return places

    def _with_digits(self, word: str) -> frozenset[int]:
        none = frozenset[int]()
        first = self._open.get(DIGIT, none) if word.startswith(DIGIT) else none
        return self._open.get(word[:OPEN], none) | self._whole.get(word, none) | first


# Of all patterns that are looked for in texts.
INDEX = Index()


def _first_word(letters: str) -> str:
    word, space, _rest = letters.partition(" ")
    if space:
        return word and word + space
    if len(letters) >= OPEN:
        return letters[:OPEN]
    return DIGIT if letters.startswith(DIGIT) else ""


def _in_a_row(items: Iterable[tuple[Any, Any]]) -> frozenset[_Letters]:
    sofar: frozenset[_Letters] = frozenset({("", False)})
    for item in items:
        following = _after(item)
        longer = {
            (before + letters, is_open or " " in before + letters)
            for before, is_done in sofar
            for letters, is_open in (_ANYTHING if is_done else following)
        }
        if len(longer) > _MOST:
            return frozenset((before, True) for before, _is_done in sofar)
        sofar = frozenset(longer)
    return sofar


def _after(item: tuple[Any, Any]) -> frozenset[_Letters]:
    kind, value = str(item[0]), item[1]
    if repr(item) == _NO_LETTER_FOLLOWS:
        return frozenset({(" ", True)})
    if kind in _NO_WIDTH:
        return frozenset({("", False)})
    if kind in ("LITERAL", "IN"):
        return _one_of(value if kind == "IN" else [item])
    if kind == "BRANCH":
        return frozenset().union(*(_in_a_row(branch) for branch in value[1]))
    if kind == "SUBPATTERN":
        _group, flags_on, _flags_off, inside = value
        return _ANYTHING if flags_on else _in_a_row(inside)
    return _repeated(*value) if kind == "MAX_REPEAT" else _ANYTHING


def _one_of(letters: Iterable[tuple[Any, Any]]) -> frozenset[_Letters]:
    found: set[_Letters] = set()
    for kind, value in letters:
        if str(kind) == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            found.add((DIGIT, False))
            continue
        first, last = value if str(kind) == "RANGE" else (value, value)
        if str(kind) not in ("LITERAL", "RANGE") or last - first > _MOST:
            return _ANYTHING
        found |= {(_DIGITS.sub(DIGIT, chr(code)), False) for code in range(first, last + 1)}
    return frozenset(found)


def _repeated(least: int, most: int, items: Iterable[tuple[Any, Any]]) -> frozenset[_Letters]:
    once = _in_a_row(items)
    if most > 1:
        once = frozenset((letters, True) for letters, _is_open in once)
    return once if least else once | {("", False)}
