"""One spelling for what is written in twenty, and the way back to the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.screening.folding import fold
from moderation.screening.languages import mistyped
from moderation.screening.languages.english import ENGLISH
from moderation.screening.normal import Normal, _kept, _plain, normalise


def normal(text: str) -> Normal:
    return normalise(text, ENGLISH.spelling)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I'm FINE", "im fine"),
        ("don’t", "dont"),
        ("One. Two!\n\nThree", "one . two . three"),
        ("k1ll", "kill"),
        ("k i l l", "kill"),
        ("k.i.l.l", "kill"),
        ("k-i-l-l  m-y-s-e-l-f", "kill myself"),
        ("killlll", "kill"),
        ("dieeee", "die"),
        ("sooooo", "so"),
        ("feeeel", "feel"),
        ("su!c!de", "suicide"),
        ("s*icide", "suicide"),
        ("suicde", "suicide"),
        ("myslef", "myself"),
        ("my self", "myself"),
        ("gonna", "going to"),
        ("kms", "kill myself"),
        ("ｋｉｌｌ", "kill"),
        ("kíll", "kill"),
        ("k\u200bill", "kill"),
        ("suісіdе", "suicide"),
        ("ﬁne", "fine"),
        ("unalive", "unalive"),
        ("ovredose", "overdose"),
    ],
)
def test_one_spelling(text, words):
    assert normal(text).text == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the 2nd of May", "the 2nd of may"),
        ("20mg at 5pm", "20mg at 5pm"),
        ("the B.B.C. team", "the b b c . team"),
        ("a b c", "a b c"),
        ("well!then", "well . then"),
        ("me@home", "me home"),
        ("covid19", "covid19"),
        ("book keeper", "book keeper"),
        ("Привет мир", "привет мир"),
        ("good", "good"),
        ("overdose, overdosed", "overdose overdosed"),
        ("a mediation, exiting", "a mediation exiting"),
    ],
)
def test_what_is_no_disguise_stays(text, words):
    assert normal(text).text == words


@pytest.mark.parametrize(
    ("text", "words", "pointed_at"),
    [
        ("so: k i l l, you see", "kill", "k i l l"),
        ("I am gonna go", "going to", "gonna"),
        ("ｋｉｌｌ it", "kill", "ｋｉｌｌ"),
        ("you su!c!de note", "suicide note", "su!c!de note"),
        ("a ﬁne day", "fine", "ﬁne"),
        ("é k\u0301ill é", "kill", "k\u0301ill"),
        ("my, self", "myself", "my, self"),
    ],
)
def test_words_know_where_they_stand(text, words, pointed_at):
    found = normal(text)
    start = found.text.index(words)
    first, last = found.span(start, start + len(words))
    assert text[first:last] == pointed_at


def test_a_sentence_ends_at_its_stop():
    found = normal("One two. Three four! Five")
    start = found.text.index("four")
    first, last = found.sentence(start, start + 4)
    assert found.text[first:last] == "three four"


def test_a_long_word_is_often_mistyped_in_these_ways():
    assert {"wrod", "wor", "woord"} <= mistyped("word")
    assert "word" not in mistyped("word")


@given(st.text(max_size=300))
def test_folding_keeps_the_way_back(text):
    folded, places = fold(text)
    assert len(folded) == len(places)
    assert list(places) == sorted(places)
    assert all(0 <= place < max(len(text), 1) for place in places)


@given(st.text(alphabet=st.sampled_from("kilsucde myf1!*$.-'’éß ﬁ\n𝐝"), max_size=200) | st.text(max_size=300))
def test_every_word_of_any_text_stands_somewhere_in_it_and_in_order(text):
    found = normal(text)
    assert list(found.spans) == sorted(found.spans)
    for at, (start, end) in zip(found.starts, found.spans, strict=True):
        assert 0 <= start < end <= len(text)
        assert at == 0 or found.text[at - 1] == " "
    assert found.text == found.text.strip()
    assert "  " not in found.text
    if found.text:
        assert found.span(0, len(found.text)) == (found.spans[0][0], found.spans[-1][1])


PLAIN = [
    "don't",
    "my",
    "self",
    "sui",
    "cide",
    "u",
    "kill",
    "k i l l",
    "she'll'l",
    "soo",
    "ll'l",
    "killll",
    "...",
    ". ?",
    "!",
]


@given(st.lists(st.sampled_from(PLAIN) | st.text("abu'. ", max_size=5), max_size=10).map(" ".join))
def test_a_plain_text_reads_as_it_does_letter_by_letter(text):
    whole = [word for word, _start, _end in _kept(fold(text)[0], ENGLISH.spelling)]
    assert normal(text).text == " ".join(whole)
    assert len(normal(text).starts) == normal(text).length == len(whole)


def test_most_texts_are_plain():
    assert _plain(fold("I don't know... It's late, and I'm tired! Good night.")[0], ENGLISH.spelling)
