import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import text

ZERO_WIDTH_JOINER = "\N{ZERO WIDTH JOINER}"
ACUTE = "\N{COMBINING ACUTE ACCENT}"

# Plain letters, what can be piled on them, and what cannot be seen.
awkward = st.text(
    alphabet="ae \n\r\t\x00\x7f\u00ad\u0301\u0316\u0489\u200b\u200d\u200f\u202e\u2066\ufeff한ᄀ\u1161é", max_size=40
)


@given(awkward)
@example("e\u200b\u0301")
@example("\u200b \u200b x")
def test_making_text_safe_twice_is_making_it_safe_once(typed):
    once = text.normalise(typed)
    assert text.normalise(once) == once


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Po", "Zs"]), max_size=60))
def test_ordinary_words_say_the_same_afterwards(typed):
    assert text.normalise(typed) == unicodedata.normalize("NFC", typed).strip()


@pytest.mark.parametrize(
    "emoji",
    ["👩‍❤️‍👩", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🧑🏽‍🚀", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "❤️"],
    ids=["couple", "family", "rainbow", "astronaut", "keycap", "scotland", "heart"],
)
def test_emoji_stay_whole(emoji):
    assert text.normalise(f"thank you {emoji}") == f"thank you {emoji}"


def test_piled_up_marks_are_cut_to_what_writing_needs():
    assert text.normalise("e" + ACUTE * 300).count(ACUTE) <= 3
    assert len(text.normalise(("H" + "\u0316\u0489\u0317" * 30) * 10)) < 50


def test_hidden_characters_cannot_split_a_word_or_turn_a_line_around():
    assert text.normalise("ki\u200bll \u202emyself\u202c\u2066 \ufefftoday\u00ad") == "kill myself today"


def test_line_ends_are_the_same_from_every_machine_and_the_edges_are_trimmed():
    assert text.normalise("  one\r\ntwo\rthree\n\x00\x1b ") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1", 1),
        ("999999999", 999_999_999),
        ("007", 7),
        ("0", None),
        ("-1", None),
        ("+1", None),
        ("1.5", None),
        ("1e3", None),
        (" 1", None),
        ("abc", None),
        ("", None),
        ("٣", None),
        ("²", None),
        ("999999999999", None),
        (None, None),
    ],
)
def test_only_a_number_that_a_page_can_have_is_one(typed, number):
    assert text.positive_int(typed) == number


def test_persian_spelling_is_kept_and_the_same_character_between_other_letters_is_not():
    assert text.normalise("می\u200cخواهم") == "می\u200cخواهم"
    assert text.normalise("k\u200cill") == "kill"
    assert text.normalise("a\u061cb") == "ab"
