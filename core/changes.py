"""What changed between two texts, for people to read."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed", "gap"]

# Comparing looks at every part, and at every pair of like parts, again for each stretch that it finds. So many looks at
# most for one comparison, and for all that a page shows; beyond them the parts are shown as replaced.
LOOKS_AT_ONCE, LOOKS_A_PAGE = 400_000, 1_000_000
# What even the smallest comparison costs.
_LOOKS_TO_BEGIN = 100
# Sentences that have less in common are other sentences: mixed word by word nobody could read them.
ALIKE = 0.45
# Of longer stretches that stayed, only so much is shown beside a change.
AROUND = 160

# Each with the space before it, so that what is added at the end is nothing but an addition.
_LINE = re.compile(r"\n*[^\n]+|\n+")
_SENTENCE = re.compile(r"[^.!?…]*[.!?…]+|[^.!?…]+")
_WORD = re.compile(r"\s*\w+|\s*[^\w\s]+|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. A `gap` stands for words that stayed and are not shown."""

    kind: Kind
    text: str = ""


class Budget:
    """The looks that are left for all comparisons of one page."""

    def __init__(self, looks: int = LOOKS_A_PAGE) -> None:
        self.left = looks

    def allows(self, looks: int) -> bool:
        """Whether a comparison may cost that much. If so, it is taken away."""
        if looks > min(self.left, LOOKS_AT_ONCE):
            return False
        self.left -= looks
        return True


def changes(before: str, after: str, budget: Budget | None = None) -> Sequence[Piece]:
    """The pieces in the order in which they are read. The work is bounded for texts of any kind.

    Lines are compared first, in those that changed the sentences, and in sentences that are alike the words.
    """
    pieces = _joined(_compared(before, after, (_LINE, _SENTENCE, _WORD), budget or Budget()))
    return list(_shortened(list(_joined(_apart(list(pieces))))))


def _compared(before: str, after: str, levels: Sequence[re.Pattern[str]], budget: Budget) -> Iterator[Piece]:
    if not levels or not before or not after:
        yield from _replaced(before, after)
        return
    old, new = levels[0].findall(before), levels[0].findall(after)
    head, tail = _ends_alike(old, new)
    between = list(_between(old[head : len(old) - tail], new[head : len(new) - tail], levels, budget))
    pieces = [Piece("same", "".join(new[:head])), *between, Piece("same", "".join(new[len(new) - tail :]))]
    is_last = len(levels) == 1
    yield from _replaced(before, after) if is_last and not _are_alike(pieces, before, after) else pieces


def _are_alike(pieces: Sequence[Piece], before: str, after: str) -> bool:
    kept = sum(len(piece.text) for piece in pieces if piece.kind == "same")
    return 2 * kept >= ALIKE * (len(before) + len(after))


def _ends_alike(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many parts both begin with, and end with."""
    shorter = min(len(old), len(new))
    head = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    rest = shorter - head
    return head, next((place for place in range(rest) if old[-1 - place] != new[-1 - place]), rest)


def _between(
    old: Sequence[str], new: Sequence[str], levels: Sequence[re.Pattern[str]], budget: Budget
) -> Iterator[Piece]:
    before, after = "".join(old), "".join(new)
    if not old or not new or not budget.allows(_looks(old, new)):
        # Of too many parts the finer ones would be even more.
        yield from _replaced(before, after)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, come = "".join(old[i1:i2]), "".join(new[j1:j2])
        if tag == "equal":
            yield Piece("same", come)
        else:
            yield from _compared(gone, come, levels[1:], budget)


def _replaced(before: str, after: str) -> Iterator[Piece]:
    yield Piece("removed", before)
    yield Piece("added", after)


def _looks(old: Sequence[str], new: Sequence[str]) -> int:
    """At most as many as SequenceMatcher takes: it goes through all pairs for each stretch that it finds, and the
    stretches are fewer than the parts of the shorter text."""
    there = Counter(new)
    pairs = sum(number * there[part] for part, number in Counter(old).items())
    return _LOOKS_TO_BEGIN + (len(old) + len(new) + pairs) * min(len(old), len(new))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece, without empty ones."""
    kind: Kind = "same"
    text = ""
    for piece in pieces:
        if piece.kind == kind or not piece.text:
            text += piece.text
            continue
        if text:
            yield Piece(kind, text)
        kind, text = piece.kind, piece.text
    if text:
        yield Piece(kind, text)


def _apart(pieces: list[Piece]) -> Iterator[Piece]:
    """The same, with the space before a change left out of it, where that makes no difference."""
    for place, piece in enumerate(pieces):
        space = piece.text[: len(piece.text) - len(piece.text.lstrip())]
        follower = pieces[place + 1] if place + 1 < len(pieces) else None
        if piece.kind == "same" or not follower or not space or not follower.text.startswith(space):
            yield piece
            continue
        yield Piece("same", space)
        # What comes instead loses its space, too; what stays gives its own to the change.
        rest = piece.text[len(space) :] + (space if follower.kind == "same" else "")
        pieces[place + 1] = replace(follower, text=follower.text[len(space) :])
        yield replace(piece, text=rest)


def _shortened(pieces: Sequence[Piece]) -> Iterator[Piece]:
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        if piece.kind != "same":
            yield piece
            continue
        head = 0 if place == 0 and last else AROUND
        tail = 0 if place == last and last else AROUND
        yield from _cut(piece.text, head, tail)


def _cut(text: str, head: int, tail: int) -> Iterator[Piece]:
    """The first `head` and the last `tail` characters, to the next word, if that leaves out a good deal."""
    if len(text) <= head + tail + AROUND:
        yield Piece("same", text)
        return
    start = text.rfind(" ", 0, head) + 1 if head else 0
    space = text.find(" ", len(text) - tail) if tail else -1
    if start:
        yield Piece("same", text[:start])
    yield Piece("gap")
    if tail:
        yield Piece("same", text[space + 1 if space >= 0 else len(text) - tail :])
