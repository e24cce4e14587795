"""The languages that screening reads: tables of words and phrases, no code.

To add one, copy `english/`, translate its tables, and name it in `moderation.screening.engine.SPOKEN`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Alternatives, joined when they are compiled; by name.
type Alternatives = Sequence[str]
type Table = Mapping[str, Alternatives]


@dataclass(frozen=True, slots=True)
class Spelling:
    """How words are brought to one spelling.

    `sensitive` words are looked for behind digits, signs and spaces; only they are, so that "2nd" stays what it is.
    """

    usual: Mapping[str, str]
    sensitive: frozenset[str]
    starred: Sequence[str]
    little: frozenset[str]
    known: frozenset[str]
    split: Mapping[tuple[str, str], str]


def spelling(
    *, usual: Mapping[str, str], often_mistyped: Iterable[str], sensitive: str, little: str, known: str, split: str
) -> Spelling:
    """Word lists are strings with spaces between; `split` joins the halves of its words with a hyphen."""
    right_ones = frozenset(often_mistyped)
    misspelt = {wrong: right for right in sorted(right_ones) for wrong in mistyped(right) - right_ones}
    hard = frozenset(sensitive.split())
    return Spelling(
        usual={**misspelt, **usual},
        sensitive=hard,
        starred=sorted(hard),
        little=frozenset(little.split()),
        known=hard | frozenset(known.split()),
        split={
            (first, last): usual.get(first + last, first + last)
            for first, last in (pair.split("-") for pair in split.split())
        },
    )


def mistyped(word: str) -> set[str]:
    """`word` with one letter left out, two exchanged, or one typed twice. The first letter is mostly right."""
    left_out = {word[:at] + word[at + 1 :] for at in range(1, len(word))}
    exchanged = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)}
    twice = {word[:at] + word[at] + word[at:] for at in range(1, len(word))}
    return (left_out | exchanged | twice) - {word}


@dataclass(frozen=True, slots=True)
class Crisis:
    """What a language says about danger to oneself, as patterns over the normal form of a text.

    `acts` are things done to oneself; the `cues` that go before them say whether that is planned, wished,
    feared or long past. `statements` are whole by themselves. `feelings` weigh, but never raise a text alone.
    The names are those of `moderation.screening.weights`.
    """

    words: Table
    acts: Table
    cues: Table
    statements: Table
    feelings: Table
    contexts: Table
    own: Alternatives
    first_person: frozenset[str]
    second_person: frozenset[str]


@dataclass(frozen=True, slots=True)
class Personal:
    """Words, as patterns over the text itself, that say what a number or a name beside them is."""

    says_phone: Alternatives
    says_identity: Alternatives
    says_card: Alternatives
    says_handle: Alternatives
    says_name: Alternatives
    speaker: Alternatives
    between_handle: Alternatives
    of_another: Alternatives
    not_after_street: Alternatives
    titles: Alternatives
    streets: Alternatives
    ambiguous_streets: Alternatives
    foreign_streets: Alternatives
    foreign_endings: Alternatives
    units: Alternatives
    boxes: Alternatives
    lives: Alternatives
    not_surnames: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hostility:
    """Unkind words, as patterns over the normal form.

    `rules` are kinds of unkindness; `harsh` words, by what they belittle, and `mocking` ones make them worse.
    `not_meant` stands before, in the same sentence, where somebody tells of what was said to them or speaks of
    themselves; `reported` right before a threat of somebody else's; `denied` right before, where somebody is told that
    they are not so. Of `unaddressed` and `addressed`, what stands nearer before a harsh word says whom it is about.
    """

    words: Table
    rules: Table
    harsh: Table
    mocking: Alternatives
    unaddressed: Alternatives
    addressed: Alternatives
    not_meant: Alternatives
    reported: Alternatives
    denied: Alternatives
    playful: Alternatives


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of spam: how much it weighs, and its pattern over the normal form."""

    weight: float
    said: Alternatives


@dataclass(frozen=True, slots=True)
class Spam:
    """What selling and baiting sound like. `helplines` are what people here pass on with a number and a "call"."""

    words: Table
    signs: Mapping[str, Sign]
    helplines: Alternatives


@dataclass(frozen=True, slots=True)
class Medical:
    """Advice and claims about treatment, as patterns over the normal form.

    `own` stands before, in the same sentence, where somebody tells of themselves or of what a doctor said.
    """

    words: Table
    rules: Table
    own: Alternatives
    ask_a_doctor: Alternatives


@dataclass(frozen=True, slots=True)
class Language:
    """All tables of one language. `code` is its ISO 639 code."""

    code: str
    spelling: Spelling
    crisis: Crisis
    hostility: Hostility
    medical: Medical
    personal: Personal
    spam: Spam
