"""Words that admins watch: phrases and patterns, each with what to do when it is met.

Phrases meet every spelling that `normal` knows. Patterns run on RE2, whose time grows with the text and no faster
whatever the pattern, so that nobody can bring the site down with one; what RE2 cannot do is refused with a sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import re2
from django.utils.translation import gettext as _

from moderation.models import Priority
from moderation.screening.folding import fold
from moderation.screening.languages import Spelling
from moderation.screening.normal import STOP, Normal, normalise
from moderation.screening.verdict import WATCHED, Action, Found

_WORD = re.compile(r"\S+")
LONGEST_PATTERN = 300
_MOST_MEMORY = 1 << 20
_MOST_MATCHES = 20
_SEVERITY = {Action.NOTE: 0.2, Action.ASK: 0.4, Action.HOLD: 0.6}
# What is noted for moderators has to reach one, and waits for nobody. What its author was asked about is theirs to say.
_PRIORITY = {Action.NOTE: Priority.OTHER, Action.ASK: None, Action.HOLD: Priority.OTHER}


class RefusedPatternError(ValueError):
    """A pattern or phrase that cannot be watched. Its text is for the admin who wrote it."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A compiled phrase or pattern. `rule` names it in cases: at most 40 characters."""

    rule: str
    action: Action
    words: tuple[str, ...] = ()
    compiled: Any = None

    def find(self, normal: Normal) -> list[tuple[int, int]]:
        """Where it stands in the source of `normal`; the first twenty."""
        found = self._words(normal) if self.words else self._matches(normal.source)
        return list(islice(found, _MOST_MATCHES))

    def _words(self, normal: Normal) -> Iterator[tuple[int, int]]:
        there = [(match[0], match.start(), match.end()) for match in _WORD.finditer(normal.text) if match[0] != STOP]
        for at in range(len(there) - len(self.words) + 1):
            if all(there[at + ahead][0] == word for ahead, word in enumerate(self.words)):
                yield normal.span(there[at][1], there[at + len(self.words) - 1][2])

    def _matches(self, text: str) -> Iterator[tuple[int, int]]:
        folded, places = fold(text)
        for match in self.compiled.finditer(folded):
            if match.end() > match.start():
                yield places[match.start()], places[match.end() - 1] + 1


def phrase(words: str, *, rule: str, action: Action, spelling: Spelling) -> Watch:
    """Watch for `words` in a row, in whatever spelling. Raises RefusedPatternError if they hold no word."""
    normal = normalise(words, spelling)
    wanted = tuple(word for word in normal.text.split() if word != STOP)
    if not wanted or len(words) > LONGEST_PATTERN:
        raise RefusedPatternError(_("Write at least one word, and at most 300 characters."))
    return Watch(rule, action, words=wanted)


def pattern(expression: str, *, rule: str, action: Action) -> Watch:
    """Watch for a regular expression, small letters or large.

    Raises:
        RefusedPatternError: too long, not understood, or it meets the empty text and with it every text.
    """
    if not expression.strip() or len(expression) > LONGEST_PATTERN:
        raise RefusedPatternError(_("Write a pattern of at most 300 characters."))
    compiled = _compile(expression)
    if compiled.search("") is not None:
        raise RefusedPatternError(_("This pattern is found in every text. Say more of what you look for."))
    return Watch(rule, action, compiled=compiled)


def _compile(expression: str) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MOST_MEMORY
    try:
        return re2.compile(expression, options)
    except re2.error as error:
        # Backreferences and look-around are what can run away; RE2 has neither.
        raise RefusedPatternError(
            _("This pattern cannot be watched: %(why)s. Looking ahead or behind and \\1 are not possible here.")
            % {"why": _why(error)}
        ) from error


def _why(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)


def screen(normal: Normal, watches: Sequence[Watch]) -> list[Found]:
    return [
        Found(WATCHED, watch.rule, _SEVERITY[watch.action], start, end, watch.action, _PRIORITY[watch.action])
        for watch in watches
        for start, end in watch.find(normal)
    ]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a watch would have done to one sample text."""

    sample: str
    spans: tuple[tuple[int, int], ...]


def try_out(watch: Watch, samples: Sequence[str], spelling: Spelling) -> list[Trial]:
    """How `watch` would meet each sample: shown to an admin before it is saved."""
    return [Trial(sample, tuple(watch.find(normalise(sample, spelling)))) for sample in samples]
