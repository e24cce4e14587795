"""What stands above the buttons of a form before words are posted: forums/_before_posting.html is made of this."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from moderation import questions
from moderation.asking import ToAsk
from moderation.models import Priority
from moderation.screening import CRISIS, Action, Found, Verdict
from resources.helplines import Country, countries

QUOTES, QUOTE_MAX = 3, 160


@dataclass(frozen=True)
class Item:
    """One question: what was noticed, in which words, and why it matters."""

    noticed: str
    why: str
    quotes: Sequence[str]
    is_held: bool


@dataclass(frozen=True)
class Before:
    """`is_calm` asks whether the writer is safe; `about_others`: what was noticed is danger to somebody else.

    `held` says why a moderator reads it first. Where they post, they can ask a moderator to reach out; `reach_only`:
    also without posting.
    """

    # Whether it stands between the words and posting them; else it is only there, while somebody writes.
    asks: bool = True
    is_calm: bool = False
    about_others: bool = False
    held: str = ""
    country: Country | None = None
    items: Sequence[Item] = ()
    reach_only: bool = False
    countries: Sequence[tuple[str, str, bool]] = field(default_factory=tuple)


def before_posting(to_ask: ToAsk, country: Country | None, *, reach_only: bool) -> Before:
    """No query."""
    if not to_ask.is_calm:
        return Before(items=items(to_ask.found, to_ask.text))
    return Before(
        is_calm=True,
        about_others=_is_about_others(to_ask.verdict),
        held=questions.why_held(held_crisis(to_ask.verdict)),
        country=country,
        countries=choices(country),
        items=items(to_ask.found, to_ask.text),
        reach_only=reach_only,
    )


def while_writing(country: Country | None) -> Before:
    """The same while somebody still writes: no questions and no verdict, only who is there for them."""
    return Before(asks=False, is_calm=True, country=country, countries=choices(country))


def choices(country: Country | None) -> Sequence[tuple[str, str, bool]]:
    return [(each.code, each.name, each is country) for each in countries().values()]


def items(found: Iterable[Found], text: str) -> Sequence[Item]:
    """One for all that is asked in the same words, the held ones first; of the words themselves a few."""
    asked: dict[questions.Question, list[Found]] = {}
    for signal in found:
        asked.setdefault(questions.question(signal), []).append(signal)
    made = [
        Item(question.noticed, question.why, _quotes(signals, text), any(one.action is Action.HOLD for one in signals))
        for question, signals in asked.items()
    ]
    return sorted(made, key=lambda item: not item.is_held)


def held_crisis(verdict: Verdict) -> Collection[tuple[str, str]]:
    return {(signal.kind, signal.rule) for signal in verdict.of_kind(CRISIS) if signal.action is Action.HOLD}


def _is_about_others(verdict: Verdict) -> bool:
    """Whether everything that opens a case is danger to somebody else: methods told, somebody urged."""
    priorities = {signal.priority for signal in verdict.of_kind(CRISIS) if signal.priority is not None}
    return priorities == {Priority.DANGER}


def _quotes(signals: Iterable[Found], text: str) -> Sequence[str]:
    said = dict.fromkeys(" ".join(text[one.start : one.end].split()) for one in signals)
    return [_shortened(words) for words in said if words][:QUOTES]


def _shortened(words: str) -> str:
    return words if len(words) <= QUOTE_MAX else words[:QUOTE_MAX].rstrip() + "…"
