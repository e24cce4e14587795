"""What an author is told and asked about before their words are posted.

They are asked once. The form that shows what was found carries marks of it; sent again, what it carries a mark of is
posted, and what came in since is asked about. Nothing is stored: whoever goes away leaves no trace of the question.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from moderation.screening import CRISIS, Action, Found, Verdict

# Whether they are safe is asked once a form, whatever else they write in it; and once more when words are held.
SAFE, SAFE_HELD = "safe", "safe-held"
_MARK_LENGTH = 12
# Far more than one text can hold of what is asked about.
MOST_MARKS = 500


@dataclass(frozen=True, slots=True)
class ToAsk:
    """What stands in `text` that its author has not been asked about. `marks` are what the form is to carry."""

    verdict: Verdict
    text: str
    is_calm: bool
    found: Sequence[Found]
    marks: frozenset[str]


class AskFirstError(Exception):
    """Nothing was posted: the author is asked about `to_ask` first."""

    def __init__(self, to_ask: ToAsk) -> None:
        super().__init__()
        self.to_ask = to_ask


def to_ask(verdict: Verdict, text: str, asked: Collection[str]) -> ToAsk | None:
    """What is to be asked about `text` by whoever was `asked` about these marks already; None for nothing."""
    safe = _marks_of_danger(verdict)
    found = {mark_of(signal, text): signal for signal in verdict.asks if signal.kind != CRISIS}
    new = [signal for mark, signal in found.items() if mark not in asked]
    is_calm = not safe.issubset(asked)
    if not new and not is_calm:
        return None
    # One question about the same words, however often they stand there.
    return ToAsk(verdict, text, is_calm, new, frozenset(found) | safe)


def check(verdict: Verdict, text: str, asked: Collection[str] | None) -> None:
    """Raises AskFirstError if there is something to ask. `asked` is None where nobody is there to answer."""
    if asked is not None and (first := to_ask(verdict, text, asked)) is not None:
        raise AskFirstError(first)


def marks_of(verdict: Verdict, text: str) -> frozenset[str]:
    """The marks of everything in `text` that would be asked about."""
    return _marks_of_danger(verdict) | {mark_of(signal, text) for signal in verdict.asks if signal.kind != CRISIS}


def mark_of(signal: Found, text: str) -> str:
    """The same words noticed for the same reason have the same mark, wherever they stand."""
    whole = (signal.start, signal.end) == (0, len(text))
    # What is noticed about a text as a whole is the same after a word of it was changed.
    words = "" if whole else " ".join(text[signal.start : signal.end].casefold().split()).strip(".,;:!?")
    said = f"{signal.kind}\0{signal.rule}\0{words}"
    return hashlib.sha256(said.encode()).hexdigest()[:_MARK_LENGTH]


def packed(marks: Collection[str]) -> str:
    """For a hidden field."""
    return " ".join(sorted(marks))


def unpacked(field: str) -> frozenset[str]:
    """What a form carries; whatever somebody made of it, it is marks or nothing."""
    return frozenset(mark for mark in field.split()[:MOST_MARKS] if len(mark) <= _MARK_LENGTH)


def _marks_of_danger(verdict: Verdict) -> frozenset[str]:
    if not verdict.is_raised:
        return frozenset()
    held = any(signal.action is Action.HOLD for signal in verdict.of_kind(CRISIS))
    return frozenset({SAFE, SAFE_HELD} if held else {SAFE})
