"""What screening noticed, shown in the words it noticed it in. Spans may overlap, touch, or lie outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Span(NamedTuple):
    """Characters `start` to `end` of a text, `end` not included; `words` say what is noticed there."""

    start: int
    end: int
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of text with all that was noticed about it. Nothing for most of them."""

    text: str
    numbers: Sequence[int] = ()
    words: Sequence[str] = ()


def stretches(text: str, spans: Iterable[Span]) -> Sequence[Stretch]:
    """`text` cut wherever a span begins or ends: joined together the pieces are the text, character by character."""
    inside = [span for span in (_clipped(span, len(text)) for span in spans) if span.start < span.end]
    cuts = sorted({0, len(text), *(place for span in inside for place in (span.start, span.end))})
    pieces = []
    for start, end in pairwise(cuts):
        over = [span for span in inside if span.start <= start and end <= span.end]
        numbers = tuple(dict.fromkeys(span.number for span in over))
        pieces.append(Stretch(text[start:end], numbers, tuple(dict.fromkeys(span.words for span in over))))
    return pieces


def _clipped(span: Span, length: int) -> Span:
    return span._replace(start=max(0, span.start), end=min(span.end, length))
