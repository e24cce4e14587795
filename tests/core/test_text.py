import unicodedata

import pytest
from hypothesis import example, given, settings
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


@given(st.text(alphabet="ab \n\r\t\x00\x0b\x1c\x7f", max_size=20))
def test_plain_letters_are_made_safe_among_themselves_as_they_are_among_others(typed):
    assert text.normalise(typed) == text.normalise(f"é{typed}é")[1:-1].strip()


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


@pytest.mark.parametrize(
    "hidden",
    [
        "ki\u200dll",  # a joiner between letters
        "ki\ufe0fll",  # a variation selector that has nothing to vary
        "ki\U000e0061ll",  # a letter of flags, without a flag
        "ki\u034fll",  # a joiner of graphemes
        "ki\u3164ll",  # a filler that looks like nothing
        "ki\u180ell",  # a vowel separator
        "ki\u2062ll",  # an invisible times
        "ki\x85\x86ll".replace("\x85", ""),  # a control character of the second set
    ],
)
def test_what_cannot_be_seen_splits_no_word(hidden):
    assert text.normalise(hidden) == "kill"


@pytest.mark.parametrize(
    "spelled",
    ["क्\u200dष", "ക്\u200d", "ශ්\u200dරී", "نامه\u200cای", "ה\u05b8\u05d9\u05b0", "ที่นี่", "ཧཱུྃ"],
    ids=["devanagari", "malayalam", "sinhala", "persian", "hebrew", "thai", "tibetan"],
)
def test_scripts_that_need_joiners_and_marks_keep_them(spelled):
    assert text.normalise(spelled) == unicodedata.normalize("NFC", spelled)


def test_marks_of_a_script_cannot_be_piled_up_without_end_either():
    assert len(text.normalise("ก" + "\u0e49" * 200)) <= 7


@pytest.mark.parametrize("flag", ["🇮🇪", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🏳️‍🌈", "🏴‍☠️"])
def test_flags_stay_whole(flag):
    assert text.normalise(flag) == flag


@pytest.mark.parametrize("skin", ["👋🏿", "👩🏽‍🤝‍👨🏻", "🧑🏾‍❤️‍🧑🏼"])
def test_skin_tones_stay(skin):
    assert text.normalise(f"hello {skin}") == f"hello {skin}"


def test_text_that_runs_both_ways_keeps_its_words_and_loses_what_turns_them_around():
    assert text.normalise("קראתי \u202eword\u202c את the book") == "קראתי word את the book"


@settings(max_examples=300)
@given(
    st.text(
        alphabet="a1❤👩🏽🏴\u200c\u200d\ufe0e\ufe0f\u20e3\U000e0067\U000e007f\u064b\u094dकم\u05b0\u0e49\u0345",
        max_size=30,
    )
)
def test_safe_text_stays_as_it_is_also_where_emoji_and_scripts_meet(typed):
    once = text.normalise(typed)
    assert text.normalise(once) == once


def test_a_heap_of_marks_is_not_sorted_for_ever(monkeypatch):
    longest = 0
    normal = unicodedata.normalize

    def noted(form, value):
        nonlocal longest
        rows = "".join("m" if unicodedata.combining(character) else " " for character in value).split()
        longest = max([longest, *map(len, rows)])
        return normal(form, value)

    monkeypatch.setattr(unicodedata, "normalize", noted)
    text.normalise("a" + "\u0345\u0301" * 9_000)
    assert longest <= 30
