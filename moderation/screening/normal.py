"""A text as plain words, so that a table needs one spelling for what people write in twenty.

`k i l l`, `k1ll`, `kíll`, `KILL` and `killll` all read `kill`; each word knows where it stands in the text.
Every step is one pass over the text, so the work grows with its length and no faster.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from operator import itemgetter

from moderation.screening.beginnings import INDEX
from moderation.screening.folding import as_latin, fold
from moderation.screening.languages import Spelling

STOP = "."
_LETTER = r"[^\W_]"
_TOKEN = re.compile(
    # Letters set apart: "k i l l", "k.i.l.l", "k-y-s".
    rf"(?P<apart>(?<!{_LETTER})[a-z](?:[ ._*\-]{{1,3}}[a-z]){{2,40}}(?!{_LETTER}))"
    # A word, with signs that stand for letters inside it.
    rf"|(?P<word>[@$]?{_LETTER}+(?:[@$*!|']+{_LETTER}+)*)"
    r"|(?P<stop>[.!?…;:\n\r\u2028\u2029]+)"
)
_FIRST = itemgetter(0)
_PARTS = re.compile(rf"{_LETTER}+|[!?]")
_SIGNS = frozenset("@$*!|")
_REPEATED = re.compile(r"(.)\1{2,}")
_REPEATED_LETTER = re.compile(rf"({_LETTER})\1{{2}}")
_AS_LETTER = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l"}
)
_ONE_AS_L = {**_AS_LETTER, ord("1"): "l", ord("!"): "l"}
# A word in its usual spelling, and where it stands in the folded text.
type _Token = tuple[str, int, int]
_SHORTEST_DISGUISE, _LONGEST_DISGUISE = 3, 30


@dataclass(frozen=True)
class Normal:
    """The words of `source` in `text`, one space between two, a full stop of its own between sentences.

    `begun` says where the patterns of INDEX could begin, by their numbers. Where words stand is looked up once it is
    asked: in most texts nothing is found.
    """

    source: str
    spelling: Spelling
    text: str
    length: int  # in words and stops
    words: frozenset[str]
    begun: Mapping[int, Sequence[int]]

    @cached_property
    def starts(self) -> Sequence[int]:
        """In `text`."""
        return list(accumulate([len(word) + 1 for word, _start, _end in self._tokens], initial=0))[:-1]

    @cached_property
    def spans(self) -> Sequence[tuple[int, int]]:
        """In `source`."""
        _folded, places = fold(self.source)
        return [(places[start], places[end - 1] + 1) for _word, start, end in self._tokens]

    @cached_property
    def _tokens(self) -> Sequence[_Token]:
        return _kept(fold(self.source)[0], self.spelling)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the words that `text[start:end]` touches stand in `source`."""
        if not self.spans:
            return 0, 0
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_left(self.starts, end) - 1, first)
        return self.spans[first][0], self.spans[last][1]

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The bounds in `text` of the sentence around `text[start:end]`."""
        before = self.text.rfind(" . ", 0, start)
        after = self.text.find(" . ", end)
        return (0 if before < 0 else before + 3), (len(self.text) if after < 0 else after)


def normalise(text: str, spelling: Spelling) -> Normal:
    folded, _places = fold(text)
    kept = _plain(folded, spelling) or [word for word, _start, _end in _kept(folded, spelling)]
    normal = " ".join(kept)
    words = normal.split(" ")
    return Normal(text, spelling, normal, len(kept), frozenset(words if normal else ()), INDEX.places(words))


def _plain(folded: str, spelling: Spelling) -> list[str] | None:
    """What `_kept` finds in most texts, without their places: those in which each word stands by itself, of letters
    that are not repeated. None for others."""
    bare = folded.replace("'", "")
    if not folded.isascii() or _REPEATED_LETTER.search(bare):
        return None
    found = _TOKEN.findall(folded)
    words = [word.replace("'", "") if "'" in word else word for _apart, word, _stop in found]
    if not "".join(words).isalpha() or any(map(_FIRST, found)):
        return None
    words = [spelling.usual.get(word, word) if word else STOP for word in words]
    return _without_idle_stops(words, words) if spelling.split.keys().isdisjoint(pairwise(words)) else None


def _kept(folded: str, spelling: Spelling) -> list[_Token]:
    tokens = list(_joined(_tokens(folded, spelling), spelling))
    return _without_idle_stops(tokens, [word for word, _start, _end in tokens])


def _without_idle_stops[T](tokens: Sequence[T], words: Sequence[str]) -> list[T]:
    """One stop in a row, and none at the beginning."""
    pairs = pairwise([STOP, *words])
    return [token for token, (before, word) in zip(tokens, pairs, strict=True) if word != STOP or before != STOP]


def _tokens(folded: str, spelling: Spelling) -> list[_Token]:
    # In most texts no letter is repeated, and most words are plain ones.
    usual, is_plain = spelling.usual, _REPEATED.search(folded) is None
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(folded):
        kind, word = match.lastgroup, match[0]
        if kind == "word" and is_plain and word.isalpha() and word.isascii():
            tokens.append((usual.get(word, word), *match.span()))
        elif kind == "stop":
            tokens.append((STOP, *match.span()))
        elif kind == "apart":
            tokens += _set_apart(match, spelling)
        else:
            tokens += _word(word, match.start(), spelling)
    return tokens


def _word(raw: str, start: int, spelling: Spelling) -> Iterator[_Token]:
    end = start + len(raw)
    word = raw.replace("'", "") if "'" in raw else raw
    if word.isalpha():
        yield spelled(as_latin(word), spelling), start, end
    elif (meant := _undisguised(word, spelling)) is not None:
        yield meant, start, end
    elif _SIGNS.isdisjoint(word):
        yield spelled(as_latin(word), spelling), start, end
    else:
        # The signs were no letters after all: "well!then".
        for part in _PARTS.finditer(raw):
            plain = STOP if part[0] in "!?" else spelled(as_latin(part[0]), spelling)
            yield plain, start + part.start(), start + part.end()


def spelled(word: str, spelling: Spelling) -> str:
    """`word` in its usual spelling, repeated letters taken out."""
    if (usual := spelling.usual.get(word)) is not None:
        return usual
    if word in spelling.known or not _REPEATED.search(word):
        return word
    for fewer in (_REPEATED.sub(r"\1\1", word), _REPEATED.sub(r"\1", word)):
        if fewer in spelling.known:
            return fewer
        if (usual := spelling.usual.get(fewer)) is not None:
            return usual
    return _REPEATED.sub(r"\1", word)


def _undisguised(word: str, spelling: Spelling) -> str | None:
    """The sensitive word that digits and signs stand in for; None when there is none."""
    if not _SHORTEST_DISGUISE <= len(word) <= _LONGEST_DISGUISE or word.isdigit():
        return None
    for table in (_AS_LETTER, _ONE_AS_L):
        plain = spelled(word.translate(table), spelling)
        if plain in spelling.sensitive:
            return plain
    if "*" in word:
        pattern = re.compile("".join("[a-z]" if character == "*" else re.escape(character) for character in word))
        return next((meant for meant in spelling.starred if pattern.fullmatch(meant)), None)
    return None


def _set_apart(match: re.Match[str], spelling: Spelling) -> Iterator[_Token]:
    letters = [(match.start() + at, character) for at, character in enumerate(match[0]) if character.isalpha()]
    lengths = _cut("".join(letter for _at, letter in letters), spelling)
    at = 0
    for length in lengths:
        word = "".join(letter for _place, letter in letters[at : at + length])
        yield spelling.usual.get(word, word), letters[at][0], letters[at + length - 1][0] + 1
        at += length


def _cut(letters: str, spelling: Spelling) -> list[int]:
    """Lengths of the words that `letters` run together; single letters unless one of them is sensitive."""
    best: list[list[int] | None] = [[], *([None] * len(letters))]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 12), end):
            before, word = best[start], letters[start:end]
            if before is None or (word not in spelling.sensitive and word not in spelling.little):
                continue
            current = best[end]
            if current is None or len(before) + 1 < len(current):
                best[end] = [*before, end - start]
    cut = best[-1] or []
    at, sensitive = 0, False
    for length in cut:
        sensitive = sensitive or letters[at : at + length] in spelling.sensitive
        at += length
    return cut if sensitive else [1] * len(letters)


def _joined(tokens: Iterable[_Token], spelling: Spelling) -> Iterator[_Token]:
    """The tokens, two that belong together as one: "my self", "sui cide"."""
    held: _Token | None = None
    for token in tokens:
        if held is not None and (whole := spelling.split.get((held[0], token[0]))) is not None:
            held = (whole, held[1], token[2])
            continue
        if held is not None:
            yield held
        held = token
    if held is not None:
        yield held
