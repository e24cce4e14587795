"""Whatever is typed, there is a verdict, its signals stand in the text, and there is no end of neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import screening
from moderation.screening import Action, Found, Verdict, read_first

WORDS = st.sampled_from(
    [
        *("I", "you", "he", "my", "kill", "die", "want", "to", "going", "not", "never", "if", "suicide", "pills", "12"),
        *("+44", "20", "7946", "0018", "www.example.org", "robin@example.org", "GB82", "WEST", "free", "call", "won"),
        *("idiot", "stop", "taking", "mg", "goodbye", "everyone", ".", "!", "\n", '"', "k1ll", "k", "i", "l", "how"),
        *(
            "many",
            "does",
            "it",
            "take",
            "myself",
            "tonight",
            "gun",
            "stupid",
            "fool",
            "said",
            "that",
            "took",
            "@",
            "#1234",
            "kýs",
        ),
    ]
)
TEXTS = st.text(max_size=400) | st.lists(WORDS, max_size=80).map(" ".join)


@given(TEXTS, st.booleans())
def test_any_text_has_a_verdict(text, newcomer):
    verdict = screening.screen(text, newcomer=newcomer)
    assert 0 <= verdict.severity <= 1
    for signal in verdict.signals:
        assert 0 <= signal.start < signal.end <= len(text)
        assert 0 <= signal.severity <= 1
        assert len(signal.rule) <= 40
        assert len(signal.kind) <= 20
    assert verdict.is_raised == any(signal.priority is not None for signal in verdict.of_kind(screening.CRISIS))
    if verdict.holds:
        assert verdict.priority is not None


@given(TEXTS)
def test_the_same_text_has_the_same_verdict(text):
    assert screening.screen(text) == screening.screen(text)


LONGEST = 20_000


@pytest.mark.parametrize(
    "part",
    [
        "I am going to kill myself ",
        "how many to ",
        "a ",
        "a-",
        "1",
        "1 ",
        "(1)",
        "@",
        "a@b.",
        "k*ll ",
        "*a",
        "k i l l ",
        "my name is Ab Cd ",
        "12 a b c d ",
        "www.",
        "\n",
        ".",
        "ﬁ",
        "a\u0301",
        "GB82 ",
        "?ref=a&",
        "you stupid fool? ",
        "i took 20 to 30 or ",
        "everyone would be be ",
        "he said that the ",
        "lost a b to ",
        "ssn is is 1 ",
        "a(at)b(dot)",
    ],
)
def test_the_longest_text_there_can_be_has_few_signals_whatever_it_repeats(part):
    # One that took time beyond its length would not end here.
    text = (part * LONGEST)[:LONGEST]
    assert len(screening.screen(text).signals) < 250


def test_the_gravest_signal_decides_the_class():
    verdict = Verdict((Found("spam", "prize", 0.5, 0, 1, Action.ASK),)).plus(read_first("newcomers"))
    assert verdict.priority == 4
    assert verdict.holds
    assert screening.screen("I want to die").plus(read_first("newcomers")).priority == 1


def test_being_read_first_is_nothing_to_ask_the_author_about():
    assert Verdict().plus(read_first("everyone")).asks == ()


def test_nothing_noticed_is_nothing_to_do():
    verdict = screening.screen("The kettle is on. How was your day?")
    assert verdict.signals == ()
    assert verdict.priority is None
    assert not verdict.holds
    assert verdict.severity < 0.25
    assert not verdict.is_raised
