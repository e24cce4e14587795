"""What words would have met, shown to an admin before they are watched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

from moderation import registry
from moderation.screening import watched
from moderation.screening.engine import SPOKEN
from moderation.screening.watched import Watch

LATEST = 200
SHOWN = 20
_BEFORE, _AFTER = 80, 160


@dataclass(frozen=True, slots=True)
class Met:
    """A text that was met: pieces, each with whether it is marked, and where it stands, if it stands anywhere."""

    pieces: Sequence[tuple[str, bool]]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """`samples`: each line of the pasted text with whether it was met; `posts`: the first of those that were."""

    samples: Sequence[tuple[bool, Met]]
    posts: Sequence[Met]
    posts_met: int
    posts_looked_at: int

    @property
    def looked_at_any(self) -> bool:
        return bool(self.samples or self.posts_looked_at)

    @property
    def posts_left_out(self) -> bool:
        return self.posts_met > len(self.posts)


def try_out(watch: Watch, samples: Sequence[str]) -> Tried:
    """Look for `watch` in `samples` and in what was lately posted. A query for each kind of subject."""
    said = _lately_read()
    trials = watched.try_out(watch, [text for text, _url in said], SPOKEN[0].spelling)
    met = [Met(_pieces(trial), url) for trial, (_text, url) in zip(trials, said, strict=True) if trial.spans]
    return Tried(
        samples=[(bool(trial.spans), Met(_pieces(trial))) for trial in _tried(watch, samples)],
        posts=met[:SHOWN],
        posts_met=len(met),
        posts_looked_at=len(said),
    )


def mark_of_trial(*, kind: str, expression: str) -> str:
    """What a form carries once these very words were tried, and nobody can make up."""
    return salted_hmac("moderation.trying", f"{kind}\0{expression}", algorithm="sha256").hexdigest()[:32]


def is_tried(mark: str, *, kind: str, expression: str) -> bool:
    return constant_time_compare(mark, mark_of_trial(kind=kind, expression=expression))


def _tried(watch: Watch, samples: Sequence[str]) -> Sequence[watched.Trial]:
    return watched.try_out(watch, samples, SPOKEN[0].spelling)


def _lately_read() -> Sequence[tuple[str, str]]:
    return [each for kind in registry.kinds() for each in kind.lately_read(LATEST)][:LATEST]


def _pieces(trial: watched.Trial) -> Sequence[tuple[str, bool]]:
    """The sample around the first words that were met, in pieces."""
    start = max(0, trial.spans[0][0] - _BEFORE) if trial.spans else 0
    end = min(len(trial.sample), (trial.spans[0][1] if trial.spans else 0) + _AFTER)
    pieces = [piece for piece in _cut(trial, start, end) if piece[0]]
    before = [("… ", False)] if start else []
    after = [(" …", False)] if end < len(trial.sample) else []
    return [*before, *pieces, *after]


def _cut(trial: watched.Trial, start: int, end: int) -> Iterator[tuple[str, bool]]:
    at = start
    for begin, stop in trial.spans:
        if begin < at or stop > end:
            continue
        yield trial.sample[at:begin], False
        yield trial.sample[begin:stop], True
        at = stop
    yield trial.sample[at:end], False


def sample_lines(text: Any) -> Sequence[str]:
    return [line for line in str(text or "").splitlines() if line.strip()]
