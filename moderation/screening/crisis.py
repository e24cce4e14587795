"""Danger to oneself: what is stated, how present it is, and whose it is.

A text is scored like a regression done by hand. Each statement has a weight (`weights.py`); the gravest counts in
full and the others in part; then follow who is spoken of, feelings, and recovery. The sum orders texts. A text is
raised only if it states something: dark feelings alone weigh, and never raise or hold.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from moderation.models import Priority
from moderation.screening import weights
from moderation.screening.languages import Crisis
from moderation.screening.normal import Normal
from moderation.screening.patterns import compiled, compiled_table
from moderation.screening.stance import Cues, Reading, Stance
from moderation.screening.verdict import CRISIS, Action, Found

# More of the same in one text tells nothing new, and a long text must not cost without end.
_MOST_OF_ONE_RULE = 20
_AROUND = 160


@dataclass(frozen=True, slots=True)
class _Statement:
    rule: str
    weight: float
    start: int  # in the normal form
    end: int


class Detector:
    """Screens for one language. Compiled once; `screen` keeps no state."""

    def __init__(self, table: Crisis) -> None:
        self._acts = compiled_table(table.acts, table.words)
        self._statements = compiled_table(table.statements, table.words)
        self._feelings = compiled_table(table.feelings, table.words)
        self._contexts = compiled_table(table.contexts, table.words)
        self._cues = Cues(table.cues, table.first_person)
        self._own = compiled(table.own, table.words).pattern
        self._first_person = table.first_person
        self._second_person = table.second_person

    def screen(self, normal: Normal) -> tuple[list[Found], float]:
        """The signals, and how grave the whole text is, from 0 to 1."""
        stated = _without_overlaps([*self._acted(normal), *self._said(normal)])
        recovering = self._contexts["recovery"].first(normal) is not None
        sum_ = self._sum(normal, stated, recovering=recovering)
        raised = _is_raised(stated, sum_, says_i=not normal.words.isdisjoint(self._first_person))
        order = sum_ + (weights.RAISED if raised else 0.0)
        severity = round(_logistic((order - weights.MIDDLE) / weights.SPREAD), 4)
        return [_found(normal, each, raised=raised) for each in stated], severity

    def _acted(self, normal: Normal) -> Iterable[_Statement]:
        for act, phrases in self._acts.items():
            for match in phrases.some(normal, _MOST_OF_ONE_RULE):
                read = self._read(normal, match)
                around = self._around(normal, match)
                weight = weights.ACTS[act].get(read.stance, 0.0) * _factor(around)
                if act == "die" and read.stance in weights.SAID_OF_ANYTHING:
                    weight *= weights.PANIC if "panic" in around else 1.0
                    weight *= 1.0 if read.first_person else weights.NOT_MEANT[Stance.OTHER]
                yield _Statement(f"{read.stance}-{act}", weight, read.start, match.end())

    def _said(self, normal: Normal) -> Iterable[_Statement]:
        for rule, phrases in self._statements.items():
            for match in phrases.some(normal, _MOST_OF_ONE_RULE):
                weight = weights.STATEMENTS[rule]
                if rule not in weights.ABOUT_ANYBODY:
                    read = self._read(normal, match, may_be_own=rule not in weights.DONE_BY_ANYBODY)
                    weight *= weights.NOT_MEANT.get(read.stance, 1.0)
                    if rule in weights.NEEDS_FIRST_PERSON and not read.first_person:
                        weight *= weights.NOT_MEANT[Stance.OTHER]
                elif rule in weights.DANGER_TO_OTHERS and self._refused(normal, match):
                    weight *= weights.NOT_MEANT[Stance.NOT]
                yield _Statement(rule, weight * _factor(self._around(normal, match)), match.start(), match.end())

    def _read(self, normal: Normal, match: re.Match[str], *, may_be_own: bool = True) -> Reading:
        sentence, _end = normal.sentence(match.start(), match.end())
        own = may_be_own and self._own.search(match[0]) is not None
        return self._cues.read(normal.text, sentence, match.start(), own=own)

    def _refused(self, normal: Normal, match: re.Match[str]) -> bool:
        sentence, _end = normal.sentence(match.start(), match.end())
        before = self._cues.kinds(normal.text, max(sentence, match.start() - _AROUND), match.start())
        return not before.isdisjoint({"not", "may"})

    def _around(self, normal: Normal, match: re.Match[str]) -> set[str]:
        """What else its sentence says: long past, a song, a joke, panic."""
        start, end = normal.sentence(match.start(), match.end())
        near = max(start, match.start() - _AROUND), min(end, match.end() + _AROUND)
        around = f"{normal.text[near[0] : match.start()]}  {normal.text[match.end() : near[1]]}"
        is_in = {name for name, phrases in self._contexts.items() if phrases.pattern.search(around)}
        if self._contexts["art"].first(normal):
            is_in.add("art")
        if "recent" in is_in:
            is_in.discard("past")
        if "past" in is_in and self._contexts["recovery"].first(normal):
            is_in.add("recovered")
        return is_in

    def _sum(self, normal: Normal, stated: list[_Statement], *, recovering: bool) -> float:
        heaviest = stated[0].weight if stated else 0.0
        others = sum(each.weight for each in stated[1:])
        felt = sum(
            weights.FEELINGS[name] * sum(1 for _ in phrases.some(normal, weights.MOST_OF_ONE_FEELING))
            for name, phrases in self._feelings.items()
        )
        return (
            weights.BIAS
            + heaviest
            + min(weights.MOST_OF_OTHERS, weights.OTHERS * others)
            + felt
            + weights.SPEAKS_OF_ONESELF * self._of_oneself(normal)
            + (weights.RECOVERY if recovering else 0.0)
        )

    def _of_oneself(self, normal: Normal) -> float:
        """Words for oneself less words for whom one talks to, as a share of the words."""
        words = [word for word in normal.text.split() if word != "."]
        first = sum(word in self._first_person for word in words)
        second = sum(word in self._second_person for word in words)
        return (first - second) / (len(words) + weights.SHORT_TEXT)


def _factor(around: set[str]) -> float:
    return math.prod(weights.CONTEXTS.get(name, 1.0) for name in sorted(around))


def _without_overlaps(stated: Iterable[_Statement]) -> list[_Statement]:
    """The gravest first; what says the same words again with less weight is left out."""
    kept: list[_Statement] = []
    for each in sorted(stated, key=lambda one: (-one.weight, one.start, one.rule)):
        if each.weight >= weights.WORTH_KEEPING and not any(
            each.start < other.end and other.start < each.end for other in kept
        ):
            kept.append(each)
    return kept


def _is_raised(stated: list[_Statement], sum_: float, *, says_i: bool) -> bool:
    heaviest = stated[0].weight if stated else 0.0
    if heaviest < weights.SPEAKS_FOR_ITSELF and not says_i:
        return False
    return heaviest >= weights.ALWAYS_RAISED or (heaviest >= weights.MAY_RAISE and sum_ >= 0)


def _found(normal: Normal, each: _Statement, *, raised: bool) -> Found:
    start, end = normal.span(each.start, each.end)
    plain = raised and each.weight >= weights.MAY_RAISE
    action, priority = Action.NOTE, None
    if plain:
        priority = Priority.DANGER if each.rule in weights.DANGER_TO_OTHERS else Priority.CRISIS
        if each.rule in weights.HELD and each.weight >= weights.MAY_HOLD:
            action = Action.HOLD
    return Found(CRISIS, each.rule, round(1 - math.exp(-each.weight / weights.GRADE), 2), start, end, action, priority)


def _logistic(number: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, number))))
