"""Advice about treatment, and claims of cures: shown to the author with a word of caution, noted as "needs a source".

What somebody takes, and what their doctor said, is theirs to tell and no advice.
"""

import re

from moderation.models import Priority
from moderation.screening.languages import Medical
from moderation.screening.normal import Normal
from moderation.screening.patterns import compiled
from moderation.screening.verdict import MEDICAL, Action, Found

_RULES: dict[str, tuple[float, Action, Priority | None]] = {
    "stop-or-start-treatment": (0.7, Action.ASK, Priority.OTHER),
    "dose": (0.7, Action.ASK, Priority.OTHER),
    "claims-a-cure": (0.6, Action.ASK, Priority.OTHER),
    "against-treatment": (0.6, Action.ASK, Priority.OTHER),
    "recommends-a-remedy": (0.4, Action.ASK, None),
}
_WHOLE = r"(?<!\w)(?:%s)(?!\w)"  # a rule may begin with the stop before a sentence
_MOST_OF_ONE_RULE = 10
_BEFORE = 100


class Detector:
    """Screens for one language."""

    def __init__(self, table: Medical) -> None:
        self._rules = {name: compiled(said, table.words, template=_WHOLE) for name, said in table.rules.items()}
        self._own = compiled(table.own, table.words).pattern
        self._ask_a_doctor = compiled(table.ask_a_doctor, table.words).pattern

    def screen(self, normal: Normal) -> list[Found]:
        return [
            Found(MEDICAL, rule, severity, *normal.span(match.start(), match.end()), action, priority)
            for rule, (severity, action, priority) in _RULES.items()
            for match in self._rules[rule].some(normal, _MOST_OF_ONE_RULE)
            if self._is_advice(normal, match)
        ]

    def _is_advice(self, normal: Normal, match: re.Match[str]) -> bool:
        start, end = normal.sentence(match.start(), match.end())
        before = normal.text[max(start, match.start() - _BEFORE) : match.start()]
        return not self._own.search(before) and not self._ask_a_doctor.search(normal.text, start, end)
