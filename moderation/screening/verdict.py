"""What screening hands over: signals, and what follows from them."""

import enum
from dataclasses import dataclass, field

from moderation.models import Priority


class Action(enum.IntEnum):
    """What a signal asks for. A machine never does more than hold (T4)."""

    NOTE = 1  # for moderators, if a case is opened, by its own `priority` or by something else
    ASK = 2  # shown to the author, who decides
    HOLD = 3  # a person reads first


@dataclass(frozen=True, slots=True)
class Found:
    """One signal: `severity` from 0 to 1, `start` and `end` in characters of the screened text.

    `priority` is the class of the case that it opens; None for what is worth telling but not worth a case.
    """

    kind: str
    rule: str
    severity: float
    start: int
    end: int
    action: Action = Action.NOTE
    priority: Priority | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from the signals. A verdict that `holds` keeps the text from readers until a person looks.

    `severity` orders texts from 0 to 1 by how much of danger to oneself they speak, for figures. Nothing happens
    because of it: what does, follows from the signals.
    """

    signals: tuple[Found, ...] = field(default_factory=tuple)
    severity: float = 0.0

    @property
    def priority(self) -> Priority | None:
        """The gravest class among the signals; None when nothing needs a case."""
        return min((signal.priority for signal in self.signals if signal.priority is not None), default=None)

    @property
    def holds(self) -> bool:
        return any(signal.action is Action.HOLD for signal in self.signals)

    @property
    def is_raised(self) -> bool:
        """Whether it speaks of present danger, so that its author is asked whether they are safe (M10)."""
        return any(signal.priority is not None for signal in self.of_kind(CRISIS))

    @property
    def asks(self) -> tuple[Found, ...]:
        """What the author is told and asked about before it is posted."""
        return tuple(signal for signal in self.signals if signal.action >= Action.ASK and signal.kind != READ_FIRST)

    def of_kind(self, kind: str) -> tuple[Found, ...]:
        return tuple(signal for signal in self.signals if signal.kind == kind)

    def plus(self, *more: Found) -> "Verdict":
        return Verdict((*self.signals, *more), self.severity)


CRISIS = "crisis"
PERSONAL = "personal"
HOSTILITY = "hostility"
SPAM = "spam"
MEDICAL = "medical"
WATCHED = "watched"
# Not something in the text: the place asks for every text, or every newcomer's, to be read first.
READ_FIRST = "read-first"
# Not something in the text either: its author asks for it to be closed, or for a moderator to write to them.
CLOSING_ASKED = "closing-asked"
ASKS_FOR_HELP = "asks-for-help"


def read_first(rule: str) -> Found:
    """The signal that a text is held because of where it was posted, or by whom."""
    return Found(READ_FIRST, rule, 0.0, 0, 0, Action.HOLD, Priority.OTHER)


def asks_for_help() -> Found:
    """The signal that the author wants a moderator to write to them."""
    return Found(ASKS_FOR_HELP, "by-author", 1.0, 0, 0, Action.NOTE, Priority.CRISIS)


def closing_asked() -> Verdict:
    """Nothing to worry about: the author's wish, for the moderators' one queue."""
    return Verdict((Found(CLOSING_ASKED, "by-author", 0.0, 0, 0, Action.NOTE, Priority.OTHER),))
