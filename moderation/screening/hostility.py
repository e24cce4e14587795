"""Words that hurt somebody here: told to their author as a question before posting. Threats are held.

One unkind word is a slip, or about somebody who is not here. A text counts as hostile where several signs come
together and somebody is spoken to: the signs are added up, as for spam.
"""

import re
from collections.abc import Iterator

from moderation.models import Priority
from moderation.screening.languages import Hostility
from moderation.screening.normal import Normal
from moderation.screening.patterns import compiled, compiled_table
from moderation.screening.verdict import HOSTILITY, Action, Found

# How grave at least, what it asks for, and the class of the case it opens.
_RULES: dict[str, tuple[float, Action, Priority | None]] = {
    "threat": (0.9, Action.HOLD, Priority.DANGER),
    "slur": (0.8, Action.ASK, Priority.ABUSE),
    "insult": (0.6, Action.ASK, None),
    "contempt": (0.2, Action.ASK, None),
    "invalidates": (0.4, Action.ASK, None),
}
# A threat may follow "I", and is a report only right after "he said"; all else that follows "I" or "she said" is one.
_ANYBODYS = frozenset({"threat"})
# From here a text is called hostile; below, its author is only asked whether it will help.
HOSTILE = 0.5
_HOSTILE_SUM = 4.0
# What belittles a mind weighs most: readers call "ignorant" hostile more often than "shameful".
_HARSH = {"mind": 2.0, "name": 1.0, "scorn": 1.0, "blame": 0.5}
_MOST_OF_HARSH = 4.0
_SPOKEN_TO, _SPOKEN_TO_AGAIN, _ASKED, _MOCKED = 1.0, 0.5, 1.0, 0.5
_SIGNS_OF_RULES = {"threat": 1.0, "slur": 1.0, "insult": 1.0, "contempt": 0.5, "invalidates": 0.0}
# Characters before and after the sentence with a harsh word: beyond, another matter has begun.
_NEIGHBOURHOOD = 60
# Denying what somebody feels is mostly meant well: asked about, and never called hostile whatever stands beside it.
_MOSTLY_MEANT_WELL = frozenset({"invalidates"})
_MOST_OF_ONE_RULE = 10
_BEFORE = 80
_QUOTES = '"“”„«»'
_LONGEST_QUOTE = 200

type _Match = tuple[re.Match[str], str]  # with its rule


class Detector:
    """Screens for one language."""

    def __init__(self, table: Hostility) -> None:
        self._rules = compiled_table(table.rules, table.words)
        self._harsh = compiled_table(table.harsh, table.words)
        self._mocking = compiled(table.mocking, table.words).pattern
        self._unaddressed = compiled(table.unaddressed, table.words).pattern
        self._addressed = compiled(table.addressed, table.words).pattern
        self._not_meant = compiled(table.not_meant, table.words).pattern
        self._reported = compiled(table.reported, table.words, template=r"\b(?:%s)(?: \w+){0,3} $").pattern
        self._denied = compiled(table.denied, table.words, template=r"\b(?:%s)(?: \w+){0,2} $").pattern
        self._playful = compiled(table.playful, table.words).pattern

    def screen(self, normal: Normal) -> list[Found]:
        found = [
            (match, rule)
            for rule, phrases in self._rules.items()
            for match in phrases.some(normal, _MOST_OF_ONE_RULE)
            if self._is_meant(normal, match, rule)
        ]
        sum_, worst = self._worst(normal, found)
        if worst is not None and sum_ >= _HOSTILE_SUM and all(rule in _MOSTLY_MEANT_WELL for _match, rule in found):
            found.append((worst, "contempt"))
        return [_found(normal, match, rule, HOSTILE * sum_ / _HOSTILE_SUM) for match, rule in found]

    def _worst(self, normal: Normal, found: list[_Match]) -> tuple[float, re.Match[str] | None]:
        """The passage where most speaks for hostility: how much, and its harsh word."""
        harsh = list(self._harsh_words(normal))
        centres = [match for match, weight in harsh if weight >= 1.0]
        return max(((self._sum(normal, one, harsh, found), one) for one in centres), key=_first, default=(0.0, None))

    def _sum(
        self, normal: Normal, centre: re.Match[str], harsh: list[tuple[re.Match[str], float]], found: list[_Match]
    ) -> float:
        """How much speaks for hostility around a harsh word; 0 where nobody is spoken to."""
        start, end = normal.sentence(centre.start(), centre.end())
        start, end = max(0, start - _NEIGHBOURHOOD), min(len(normal.text), end + _NEIGHBOURHOOD)
        spoken_to = sum(1 for _ in self._addressed.finditer(normal.text, start, end))
        if not spoken_to:
            return 0.0
        first, last = normal.span(start, end)
        return (
            min(_MOST_OF_HARSH, sum(weight for match, weight in harsh if start <= match.start() < end))
            + _SPOKEN_TO
            + _SPOKEN_TO_AGAIN * (spoken_to > 1)
            + _ASKED * ("?" in normal.source[first : last + 2])
            + _MOCKED * (self._mocking.search(normal.text, start, end) is not None)
            + sum(
                _SIGNS_OF_RULES[rule]
                for rule in sorted({rule for match, rule in found if start <= match.start() < end})
            )
        )

    def _harsh_words(self, normal: Normal) -> Iterator[tuple[re.Match[str], float]]:
        for name, phrases in self._harsh.items():
            for match in phrases.some(normal, _MOST_OF_ONE_RULE):
                if self._is_about_the_addressed(normal, match):
                    yield match, _HARSH[name]

    def _is_about_the_addressed(self, normal: Normal, match: re.Match[str]) -> bool:
        start, _end = normal.sentence(match.start(), match.end())
        nearest = max(start, match.start() - _BEFORE)
        somebody_else, the_addressed = (
            max((one.start() for one in pattern.finditer(normal.text, nearest, match.start())), default=-1)
            for pattern in (self._unaddressed, self._addressed)
        )
        return somebody_else <= the_addressed and not self._is_unsaid(normal, match)

    def _is_meant(self, normal: Normal, match: re.Match[str], rule: str) -> bool:
        start, _end = normal.sentence(match.start(), match.end())
        before = normal.text[max(start, match.start() - _BEFORE) : match.start()]
        told = self._reported if rule in _ANYBODYS else self._not_meant
        if told.search(before):
            return False
        return not self._is_unsaid(normal, match)

    def _is_unsaid(self, normal: Normal, match: re.Match[str]) -> bool:
        """Whether it is denied, in play, or quoted."""
        start, end = normal.sentence(match.start(), match.end())
        before = normal.text[max(start, match.start() - _BEFORE) : match.start()]
        return (
            self._denied.search(before) is not None
            or self._playful.search(normal.text, start, min(end + 20, len(normal.text))) is not None
            or _is_quoted(normal.source, *normal.span(match.start(), match.end()))
        )


def _first(pair: tuple[float, object]) -> float:
    return pair[0]


def _found(normal: Normal, match: re.Match[str], rule: str, sum_: float) -> Found:
    severity, action, priority = _RULES[rule]
    if rule not in _MOSTLY_MEANT_WELL:
        severity = round(min(1.0, max(severity, sum_)), 2)
    return Found(HOSTILITY, rule, severity, *normal.span(match.start(), match.end()), action, priority)


def _is_quoted(source: str, start: int, end: int) -> bool:
    """Whether a quotation mark stands on either side in the same line, as around what somebody else said."""
    before = source[max(0, start - _LONGEST_QUOTE) : start].rpartition("\n")[2]
    after = source[end : end + _LONGEST_QUOTE].partition("\n")[0]
    opened = sum(before.count(mark) for mark in _QUOTES) % 2 == 1
    return opened and any(mark in after for mark in _QUOTES)
