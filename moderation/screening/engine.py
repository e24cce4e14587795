"""The detectors of all languages that this site reads, together."""

from collections.abc import Collection, Sequence

from moderation.screening import crisis, hostility, medical, personal, spam, watched
from moderation.screening.languages import Language
from moderation.screening.languages.english import ENGLISH
from moderation.screening.normal import normalise
from moderation.screening.verdict import Verdict
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

    def screen(self, text: str, *, newcomer: bool, earlier: Collection[str], watches: Sequence[Watch]) -> Verdict:
        normal = normalise(text, self.language.spelling)
        in_danger, severity = self._crisis.screen(normal)
        signals = [
            *in_danger,
            *self._hostility.screen(normal),
            *self._personal.screen(text),
            *self._spam.screen(normal, newcomer=newcomer, earlier=earlier),
            *self._medical.screen(normal),
            *watched.screen(normal, watches),
        ]
        return Verdict(tuple(sorted(signals, key=lambda signal: (signal.start, signal.end))), severity)


_SCREENS = tuple(Screen(language) for language in SPOKEN)


def screen(
    text: str,
    *,
    newcomer: bool = False,
    earlier: Collection[str] = (),
    watches: Sequence[Watch] = (),
) -> Verdict:
    """The verdict on `text`. In process; no query; work grows with the length of the text and no faster.

    `newcomer` says that the author is new here, `earlier` is what they posted lately, `watches` what
    admins watch.
    """
    verdicts = [each.screen(text, newcomer=newcomer, earlier=earlier, watches=watches) for each in _SCREENS]
    # Two languages may see the same number or link.
    signals = dict.fromkeys(signal for verdict in verdicts for signal in verdict.signals)
    return Verdict(tuple(signals), max(verdict.severity for verdict in verdicts))
