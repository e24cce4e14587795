"""The detectors of all languages that this site reads, together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from moderation.screening import crisis, hostility, medical, personal, spam, watched
from moderation.screening.languages import Language
from moderation.screening.languages.english import ENGLISH
from moderation.screening.normal import Normal, normalise
from moderation.screening.verdict import Found, Verdict
from moderation.screening.watched import Watch

SPOKEN = (ENGLISH,)


class Screen:
    """The detectors of one language, compiled."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._crisis = crisis.Detector(language.crisis)
        self._personal = personal.Detector(language.personal)
        self._hostility = hostility.Detector(language.hostility)
        self._spam = spam.Detector(language.spam)
        self._medical = medical.Detector(language.medical)

    def look(self, text: str) -> "_Seen":
        normal = normalise(text, self.language.spelling)
        in_danger, severity = self._crisis.screen(normal)
        found = [*in_danger, *self._hostility.screen(normal), *self._personal.screen(text)]
        return _Seen(self, normal, found, self._medical.screen(normal), severity)

    def judge(self, seen: "_Seen", *, newcomer: bool, earlier: Collection[str], watches: Sequence[Watch]) -> Verdict:
        signals = [
            *seen.found,
            *self._spam.screen(seen.normal, newcomer=newcomer, earlier=earlier),
            *seen.medical,
            *watched.screen(seen.normal, watches),
        ]
        return Verdict(tuple(sorted(signals, key=lambda signal: (signal.start, signal.end))), seen.severity)


@dataclass(frozen=True, slots=True)
class _Seen:
    """In one language, whoever wrote it."""

    screen: Screen
    normal: Normal
    found: Sequence[Found]
    medical: Sequence[Found]
    severity: float


@dataclass(frozen=True, slots=True)
class Looked:
    """A text that was looked through for all that does not depend on who wrote it: most of the work."""

    text: str
    _seen: Sequence[_Seen]

    def verdict(
        self, *, newcomer: bool = False, earlier: Collection[str] = (), watches: Sequence[Watch] = ()
    ) -> Verdict:
        """`newcomer` says that the author is new here, `earlier` is what they posted lately, `watches` what admins
        watch."""
        verdicts = [seen.screen.judge(seen, newcomer=newcomer, earlier=earlier, watches=watches) for seen in self._seen]
        # Two languages may see the same number or link.
        signals = dict.fromkeys(signal for verdict in verdicts for signal in verdict.signals)
        return Verdict(tuple(signals), max(verdict.severity for verdict in verdicts))


_SCREENS = tuple(Screen(language) for language in SPOKEN)


def look(text: str) -> Looked:
    """In process; no query; work grows with the length of the text and no faster."""
    return Looked(text, [each.look(text) for each in _SCREENS])


def screen(
    text: str,
    *,
    newcomer: bool = False,
    earlier: Collection[str] = (),
    watches: Sequence[Watch] = (),
) -> Verdict:
    """The verdict on `text`, at once; see `Looked.verdict`."""
    return look(text).verdict(newcomer=newcomer, earlier=earlier, watches=watches)
