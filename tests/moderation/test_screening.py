import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import screening

CURLY = "\N{RIGHT SINGLE QUOTATION MARK}"


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("I want to die", "wants-to-die"),
        ("some nights i just wish I was dead.", "wants-to-die"),
        ("I'm going to kill myself", "plans-to-end-life"),
        (f"I{CURLY}m planning to end my life", "plans-to-end-life"),
        ("I will end it all", "will-end-life"),
        ("Ill kill myself", "will-end-life"),
        ("This is goodbye.\n\nI love you, everyone.", "goodbye"),
    ],
)
def test_plain_statements_of_danger_are_noticed(words, rule):
    verdict = screening.screen(f"Hello. {words} Yes.")
    assert [found.rule for found in verdict.signals] == [rule]
    assert verdict.priority == 1
    assert verdict.holds is (rule == "goodbye")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "I want to dive",
        "He wants to die out",
        "Goodbye for now",
        "this is goodbye to sugar",
        "killing time",
        "end it",
    ],
)
def test_other_words_are_not(words):
    verdict = screening.screen(words)
    assert verdict.priority is None
    assert not verdict.holds


@given(st.text(max_size=200), st.sampled_from(["I want to die", "This is goodbye, forever"]))
def test_a_signal_points_at_the_words_that_were_noticed(before, words):
    text = f"{before} {words}"
    found = screening.screen(text).signals[-1]
    assert text[found.start : found.end] in text
    assert 0 <= found.start < found.end <= len(text)
    assert text[found.start : found.end].lower().startswith(("i ", "this is"))
