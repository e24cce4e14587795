"""Words that admins watch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import screening
from moderation.models import Priority
from moderation.screening import WATCHED, Action, watched
from moderation.screening.languages.english import ENGLISH
from moderation.screening.watched import RefusedPatternError

SPELLING = ENGLISH.spelling


def phrase(words: str, action: Action = Action.NOTE) -> watched.Watch:
    return watched.phrase(words, rule="watched-1", action=action, spelling=SPELLING)


def pattern(expression: str, action: Action = Action.NOTE) -> watched.Watch:
    return watched.pattern(expression, rule="watched-1", action=action)


def met(watch: watched.Watch, text: str) -> list[str]:
    found = screening.screen(text, watches=[watch]).of_kind(WATCHED)
    return [text[signal.start : signal.end] for signal in found]


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("blue whale", "The Blue Whale game is back", ["Blue Whale"]),
        ("blue whale", "the b l u e whale", []),  # only words of danger are looked for behind spaces
        ("blue whale", "blue whales", []),
        ("thinspo", "THINSPO. thínspo, thinspo!", ["THINSPO", "thínspo", "thinspo"]),
        ("kill", "k1ll", ["k1ll"]),
        ("don't eat", "dont eat, do not eat", ["dont eat"]),
        ("skip dinner", "skip. Dinner", ["skip. Dinner"]),
    ],
)
def test_a_phrase_meets_whole_words_in_any_spelling(words, text, found):
    assert met(phrase(words), text) == found


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        (r"\bthin(?:spo|spiration)\b", "Thinspiration and thinspo", ["Thinspiration", "thinspo"]),
        (r"under \d{3,4} calories", "UNDER 500 CALORIES", ["UNDER 500 CALORIES"]),
        ("caf[eé]", "Café", ["Café"]),
        (r"a+b", "xaab", ["aab"]),
        (r"x*y?", "abc", None),
    ],
)
def test_a_pattern_meets_small_letters_and_large(expression, text, found):
    if found is None:
        with pytest.raises(RefusedPatternError, match="every text"):
            pattern(expression)
    else:
        assert met(pattern(expression), text) == found


@pytest.mark.parametrize(
    "expression", [r"(a)\1", "(?=a)", "(?<!a)b", "(", "[z-a]", "(?:a{1000}){1000}", "", " ", "x" * 301]
)
def test_patterns_that_could_run_away_or_say_nothing_are_refused_with_a_reason(expression):
    with pytest.raises(RefusedPatternError) as refused:
        pattern(expression)
    assert len(str(refused.value)) > 20


@pytest.mark.parametrize("words", ["", "...", " \n", "word " * 100])
def test_a_phrase_needs_a_word(words):
    with pytest.raises(RefusedPatternError):
        phrase(words)


def test_a_pattern_that_runs_away_elsewhere_ends_here():
    # Exponential for an engine that backtracks: this test would not end.
    watch = pattern(r"^(\w+\s?)*\d$")
    assert met(watch, "word " * 4000 + "!") == []


@pytest.mark.parametrize(
    ("action", "holds", "asks", "priority"),
    [
        (Action.NOTE, False, 0, Priority.OTHER),
        (Action.ASK, False, 1, None),
        (Action.HOLD, True, 1, Priority.OTHER),
    ],
)
def test_an_admin_chooses_what_follows(action, holds, asks, priority):
    verdict = screening.screen("the blue whale game", watches=[phrase("blue whale", action)])
    assert (verdict.holds, len(verdict.asks), verdict.priority) == (holds, asks, priority)


def test_a_watch_is_tried_out_before_it_is_saved():
    trials = watched.try_out(phrase("blue whale"), ["a blue whale", "a red whale"], SPELLING)
    assert [(trial.sample, trial.spans) for trial in trials] == [("a blue whale", ((2, 12),)), ("a red whale", ())]


def test_at_most_twenty_places_are_told():
    assert len(met(pattern("a"), "a" * 500)) == 20


@given(st.text(max_size=60), st.text(max_size=120))
def test_any_pattern_is_refused_or_works_on_any_text(expression, text):
    try:
        watch = pattern(expression)
    except RefusedPatternError:
        return
    for words in met(watch, text):
        assert words
