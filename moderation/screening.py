"""What can be noticed in a text before anybody reads it: in process, no network.

One detector stands here so far: plain statements of present danger to oneself. It raises a case for a person
to read first; it never blocks, hides or deletes (M10).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

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
        return any(signal.rule == "goodbye" or signal.kind == READ_FIRST for signal in self.signals)

    def plus(self, *more: Found) -> "Verdict":
        return Verdict((*self.signals, *more))


# Not something in the text: the place asks for every text, or every newcomer's, to be read first.
READ_FIRST = "read-first"
_PRIORITIES = {"crisis": Priority.CRISIS}


def read_first(rule: str) -> Found:
    """The signal that a text is held because of where it was posted, or by whom."""
    return Found(READ_FIRST, rule, 0.0, 0, 0)


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
