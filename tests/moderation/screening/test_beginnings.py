"""A phrase is looked for only where a word of the text begins it. What is found is what its pattern finds anywhere."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.screening.beginnings import beginnings, telling
from moderation.screening.languages import Language
from moderation.screening.languages.english import ENGLISH
from moderation.screening.normal import normalise
from moderation.screening.patterns import Phrases, compiled
from tests.moderation.screening import distress, misread, stressed, test_hostility, test_medical, test_spam, voices


def phrases_of(language: Language) -> Iterator[Phrases]:
    crisis, hostility, medical, spam = language.crisis, language.hostility, language.medical, language.spam
    for table, words in (
        ({**crisis.acts, **crisis.statements, **crisis.feelings, **crisis.contexts}, crisis.words),
        ({**hostility.rules, **hostility.harsh}, hostility.words),
        (medical.rules, medical.words),
        ({name: sign.said for name, sign in spam.signs.items()} | {"helplines": spam.helplines}, spam.words),
    ):
        yield from (compiled(said, words) for said in table.values())


PHRASES = list(phrases_of(ENGLISH))
WORDS = sorted({word for phrases in PHRASES for word in re.findall("[a-z0-9]+", phrases.pattern.pattern)})
LITTLE = [".", "i", "my", "to", "it", "40", "9", "7p", "100mg", "٣"]
FOUND = [*voices.IN_DANGER, *distress.SAFE, *distress.DANGER, *misread.MISREAD, *stressed.STRESSED, *test_spam.FOUND]
FOUND += [str(row[0]) for row in (*test_medical.FOUND, *test_hostility.FOUND)]


def check_same_is_found(text: str) -> int:
    normal = normalise(text, ENGLISH.spelling)
    number = 0
    for phrases in PHRASES:
        there = [match.span() for match in phrases.some(normal, 10)]
        assert there == [match.span() for match in phrases.pattern.finditer(normal.text)][:10]
        number += len(there)
    return number


def test_all_is_found_in_texts_that_hold_something():
    assert sum(check_same_is_found(str(text)) for text in FOUND) > len(FOUND)


@given(st.lists(st.sampled_from([*WORDS, *LITTLE]), max_size=40).map(" ".join) | st.text(max_size=80))
def test_all_is_found_in_any_text(text):
    check_same_is_found(text)


def test_most_phrases_are_looked_for_only_where_they_can_begin():
    assert sum(bool(phrases.beginnings) for phrases in PHRASES) > 0.8 * len(PHRASES)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\b(?:end it all|overdos(?:e|ing))(?!\w)", {"end ", "overdose ", "overdosing "}),
        (r"\b(?:the )?only way", {"the ", "only "}),
        (r"\bcommit\w* suicide", {"com", "commit "}),
        (r"(?<!not )(?:[ab]cd|xyz\w)\b", {"acd", "bcd", "xyz"}),
        (r"\d+ ?(?:mg|pills)|[89]\d{2}x|b\d\d", {"0", "b00"}),
        # Too little to look up, where the word may go on.
        (r"(?:to|end it)", set()),
        (r"(?:go|\w+ing) away", set()),
        (r"(?i:End) it", set()),
        (r"(?: ?so)? tired", set()),
        (r"x? ?", set()),
    ],
)
def test_what_a_match_begins_with(pattern, words):
    assert beginnings(re.compile(pattern)) == words


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        (r"\b(?:\w+ )?cut (?:deep|again)(?! hair)", {"cut "}),
        (r"\b(?:\w+ )?so (?:deep|again)(?! hair)", {"deep", "again"}),
        (r"\w*pills? (?:lined up|counted)", {"lined up", "counted"}),
        (r"\w*pills? ?(?:lined up|\w+ed)", {"pill"}),
        (r"(?<=i )\w+ (?:ago)+", {"ago"}),
        # In none of them is there anything that must be there.
        (r"(?:ago)?", set()),
        (r"(?:years|\w+)", set()),
        (r"\w+(?i:Ago)", set()),
        (r"(?!not)\d", set()),
    ],
)
def test_what_every_match_has_in_it(pattern, letters):
    assert telling(re.compile(pattern)) == letters


def test_of_nearly_all_other_phrases_it_is_known_what_tells_of_them():
    others = [phrases for phrases in PHRASES if not phrases.beginnings or phrases.telling]
    assert sum(phrases.telling is not None for phrases in others) >= 2
    assert sum(phrases.telling is None for phrases in others) <= 1
