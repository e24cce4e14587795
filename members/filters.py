"""Looking words through for what a member would rather not meet (M7).

Words and phrases are compared without case and accents. All of a member's become one expression of RE2, whose work
grows with the length of what is looked through and not with how many phrases there are.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import re2

_TAG = re.compile(r"<[^>]*>")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# What Unicode puts over and under Latin, Greek, Cyrillic, Hebrew and Arabic letters.
_MARKS = re.compile(
    r"[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\ufe0e\ufe0f"
    # And what nobody sees: soft hyphens, signs of no width, and those for the direction of writing.
    r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
)
_NOT_LETTERS = re.compile(r"([^\w\x00-\x7f]+)")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_EDGE = rb"[^a-z0-9_\x80-\xff]"
# What an expression may need; 500 of the longest phrases stay below half of it.
_MEMORY = 8 * 1024 * 1024


class Keeps(StrEnum):
    """What becomes of words in which a phrase was found."""

    NOTHING = ""
    FOLDED = "fold"
    HIDDEN = "hide"


def folded(words: str) -> str:
    """As words are compared: without case and accents, with single spaces, and signs apart from letters."""
    if not words.isascii():
        words = _NOT_ASCII.sub(_plain, words)
    return " ".join(words.lower().split())


def _plain(found: re.Match[str]) -> str:
    apart = _MARKS.sub("", unicodedata.normalize("NFKD", found.group().translate(_QUOTES)))
    return _NOT_LETTERS.sub(r" \1 ", apart.casefold())


def readable(body_html: str) -> str:
    """The words of a post without their marks. What stands in one word stays one: only blocks end words."""
    return html.unescape(_TAG.sub("", body_html))


@dataclass(frozen=True, slots=True)
class Phrase:
    """`folded`: as `folded` makes it."""

    folded: str
    whole_word: bool = True
    hides: bool = False


class Filters:
    """All phrases of one member, ready to look words through."""

    def __init__(self, phrases: Iterable[Phrase] = ()) -> None:
        known = list(phrases)
        self._hiding = _expression(phrase for phrase in known if phrase.hides)
        self._folding = _expression(phrase for phrase in known if not phrase.hides)

    def __bool__(self) -> bool:
        return self._hiding is not None or self._folding is not None

    def look(self, *texts: str) -> Keeps:
        """What becomes of words, which may be in several parts. Hiding counts before folding."""
        if not self:
            return Keeps.NOTHING
        words = f" {folded(' '.join(texts))} ".encode()
        if self._hiding is not None and self._hiding.search(words):
            return Keeps.HIDDEN
        return Keeps.FOLDED if self._folding is not None and self._folding.search(words) else Keeps.NOTHING


def _expression(phrases: Iterable[Phrase]) -> Any:
    """Of bytes, so that RE2 reads the words as they are. None where there is nothing to look for."""
    parts = [_part(phrase) for phrase in phrases if phrase.folded]
    if not parts:
        return None
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = _MEMORY
    options.never_capture = True
    options.log_errors = False
    return re2.compile(b"|".join(parts), options)


def _part(phrase: Phrase) -> bytes:
    """Words stand between spaces (`look`), and whatever is not ASCII and touches a letter is one (`folded`)."""
    words: bytes = re2.escape(phrase.folded.encode())
    if not phrase.whole_word:
        return words
    first, last = phrase.folded[0], phrase.folded[-1]
    before = _EDGE if first.isalnum() or first == "_" else b""
    after = _EDGE if last.isalnum() or last == "_" else b""
    return before + words + after
