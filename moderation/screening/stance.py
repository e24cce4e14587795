"""Whether words of danger are planned, wished, feared, refused, long past, or somebody else's.

Read from the cues that stand between the beginning of the sentence and the act: "I am *not* *going to* …",
"I *cannot stop* *thinking about* …", "*he* *told me to* …". The nearest decides, with three exceptions: what presses
or holds back stays whatever follows it, a "not" turns the next one round, and an idiom ("I don't know") is no "not".
"""

import enum
import re
from collections.abc import Collection
from dataclasses import dataclass

from moderation.screening.languages import Table


class Stance(enum.StrEnum):
    """How somebody stands to an act. The values are parts of rule names that moderators read."""

    PLANS = "plans-to"
    WILL = "will"
    PRESSED = "is-close-to"
    WANTS = "wants-to"
    HELD = "is-held-back-from"
    THINKS = "thinks-of"
    TRIED = "tried-to"
    WANTED = "wanted-to"
    WAS_GOING = "was-going-to"
    MAY = "may"
    BARE = "speaks-of"
    TOLD = "was-told-to"
    NOT = "does-not"
    OTHER = "somebody-else"


_KINDS = {
    "plan": Stance.PLANS,
    "will": Stance.WILL,
    "pressed": Stance.PRESSED,
    "want": Stance.WANTS,
    "held": Stance.HELD,
    "think": Stance.THINKS,
    "tried": Stance.TRIED,
    "wanted": Stance.WANTED,
    "was_going": Stance.WAS_GOING,
    "may": Stance.MAY,
    "told": Stance.TOLD,
}
_OTHERS = frozenset({"other", "fate"})
# Whatever comes between them and the act, these decide.
_LASTING = frozenset({Stance.PRESSED, Stance.HELD, Stance.TOLD})
# "I don't want to …" refuses; "I don't sleep and want to …" does not.
_REACH_OF_NOT = 3
_REACH_OF_A_CUE = 7
_WORDS_LOOKED_AT = 16


@dataclass(frozen=True, slots=True)
class Reading:
    stance: Stance
    first_person: bool
    start: int  # where the statement begins: at its "I", or at its first cue


@dataclass(slots=True)
class _Sofar:
    """What has been read of a sentence, from its beginning towards the act."""

    start: int
    stance: Stance = Stance.BARE
    found_at: int = -1
    first_person: bool = False
    somebody_else: bool = False
    refused_at: int = -1

    @property
    def lasts(self) -> bool:
        return self.stance in _LASTING


class Cues:
    """The cues of one language, compiled. The first kind named wins where two begin at one word."""

    def __init__(self, cues: Table, first_person: Collection[str]) -> None:
        named = "|".join(f"(?P<{kind}>{'|'.join(said)})" for kind, said in cues.items())
        self._pattern = re.compile(rf"\b(?:{named})\b")
        self._first_person = re.compile(rf"\b(?:{'|'.join(sorted(first_person))})\b")

    def kinds(self, text: str, start: int, end: int) -> set[str]:
        return {str(match.lastgroup) for match in self._pattern.finditer(text, start, end)}

    def read(self, text: str, sentence: int, act: int, *, own: bool = False) -> Reading:
        """What stands in `text` between `sentence`, where one begins, and `act`, where the act begins.

        `own`: the act itself says whose it is ("myself"), so that nobody else's can be meant.
        """
        sofar = _Sofar(start=act)
        for match in self._pattern.finditer(text, _begin(text, sentence, act), act):
            kind = str(match.lastgroup)
            if kind == "first":
                sofar.first_person, sofar.somebody_else, sofar.start = True, False, match.start()
            elif kind in _OTHERS:
                sofar.somebody_else, sofar.first_person = True, sofar.first_person and own
            elif kind == "not":
                sofar.refused_at = match.end()
            elif kind in _KINDS and not sofar.lasts:
                self._take(sofar, match, _KINDS[kind])
        return Reading(_decided(sofar, text, act, own=own), sofar.first_person, sofar.start)

    def _take(self, sofar: _Sofar, match: re.Match[str], stance: Stance) -> None:
        refused = sofar.refused_at >= 0 and _words(match.string, sofar.refused_at, match.start()) <= _REACH_OF_NOT
        sofar.stance = Stance.NOT if refused else stance
        sofar.refused_at = -1 if refused else sofar.refused_at
        sofar.found_at = match.end()
        one = self._first_person.search(match[0])
        if not sofar.first_person:
            sofar.start = min(sofar.start, match.start() + (one.start() if one else 0))
        sofar.first_person = sofar.first_person or one is not None or stance in _LASTING - {Stance.TOLD}


def _decided(sofar: _Sofar, text: str, act: int, *, own: bool) -> Stance:
    stance = sofar.stance
    if not sofar.lasts:
        if sofar.refused_at >= 0 and _words(text, sofar.refused_at, act) <= _REACH_OF_NOT:
            stance = Stance.NOT
        elif sofar.found_at >= 0 and _words(text, sofar.found_at, act) > _REACH_OF_A_CUE:
            stance = Stance.BARE
    if sofar.somebody_else and not sofar.first_person and not own and stance is not Stance.TOLD:
        stance = Stance.OTHER
    return stance


def _begin(text: str, sentence: int, act: int) -> int:
    begin = act
    for _ in range(_WORDS_LOOKED_AT):
        space = text.rfind(" ", sentence, max(begin - 1, sentence))
        if space < 0:
            return sentence
        begin = space + 1
    return begin


def _words(text: str, start: int, end: int) -> int:
    return text[start:end].count(" ") - 1 if end > start else 0
