"""What can be noticed in a text before anybody reads it: in process, no network.

One detector stands here so far: plain statements of present danger to oneself. It raises a case for a person
to read first; it never blocks, hides or deletes (M10).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from moderation.models import Priority


@dataclass(frozen=True)
class Found:
    """One signal: `severity` from 0 to 1, `start` and `end` in characters of the screened text."""

    kind: str
    rule: str
    severity: float
    start: int
    end: int


@dataclass(frozen=True)
class Verdict:
    """What follows from the signals. A verdict that `holds` keeps the text from readers until a person looks."""

    signals: tuple[Found, ...] = field(default_factory=tuple)

    @property
    def priority(self) -> Priority | None:
        """The gravest class among the signals; None when there are none."""
        return min((_PRIORITIES.get(signal.kind, Priority.OTHER) for signal in self.signals), default=None)

    @property
    def holds(self) -> bool:
        return any(holds(signal.kind, signal.rule) for signal in self.signals)

    def plus(self, *more: Found) -> "Verdict":
        return Verdict((*self.signals, *more))


# Not something in the text: the place asks for every text, or every newcomer's, to be read first.
READ_FIRST = "read-first"
# Not something in the text either: its author asks for it to be closed.
CLOSING_ASKED = "closing-asked"
_PRIORITIES = {"crisis": Priority.CRISIS}


def holds(kind: str, rule: str) -> bool:
    """Whether a signal keeps a text from readers until a person has looked."""
    return rule == "goodbye" or kind == READ_FIRST


def read_first(rule: str) -> Found:
    """The signal that a text is held because of where it was posted, or by whom."""
    return Found(READ_FIRST, rule, 0.0, 0, 0)


def closing_asked() -> Verdict:
    """Nothing to worry about: the author's wish, for the moderators' one queue."""
    return Verdict((Found(CLOSING_ASKED, "by-author", 0.0, 0, 0),))


_APOSTROPHE = "['\u2019]?"
_END_LIFE = "(?:kill myself|end my life|end it all)"
_CRISIS = {
    "wants-to-die": r"\bI (?:really |just )?(?:want|wish) (?:to die|I was dead|I were dead)\b",
    "plans-to-end-life": rf"\bI(?:{_APOSTROPHE}m| am) (?:going|about|planning) to {_END_LIFE}\b",
    "will-end-life": rf"\bI(?:{_APOSTROPHE}ll| will) {_END_LIFE}\b",
    "goodbye": r"\bthis is (?:my )?goodbye\b.{0,80}\b(?:forever|for good|everyone)\b",
}
_COMPILED = {rule: re.compile(pattern, re.IGNORECASE | re.DOTALL) for rule, pattern in _CRISIS.items()}
_SEVERITY = {"wants-to-die": 0.7, "plans-to-end-life": 0.9, "will-end-life": 0.9, "goodbye": 0.9}


def screen(text: str) -> Verdict:
    """The verdict on `text`. Linear in its length; no query."""
    return Verdict(tuple(_crisis(text)))


def _crisis(text: str) -> Iterator[Found]:
    for rule, pattern in _COMPILED.items():
        for match in pattern.finditer(text):
            yield Found("crisis", rule, _SEVERITY[rule], match.start(), match.end())


_WORDS = {
    ("crisis", "wants-to-die"): _("Words of wanting to die"),
    ("crisis", "plans-to-end-life"): _("Words of a plan to end one’s life"),
    ("crisis", "will-end-life"): _("Words of being about to end one’s life"),
    ("crisis", "goodbye"): _("Words that may be a goodbye"),
    (READ_FIRST, "newcomers"): _("The board reads newcomers’ posts first, and its author is new here"),
    (READ_FIRST, "all"): _("The board reads every post first"),
}


def in_words(kind: str, rule: str) -> str:
    """What a signal is about, for the moderator who reads the case."""
    return str(_WORDS.get((kind, rule), f"{kind}: {rule}"))
