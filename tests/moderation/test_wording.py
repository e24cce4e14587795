"""No moderator and no author reads the name of a rule: every one that screening can give has words."""

import ast
import inspect
import re

import pytest

from moderation import questions, screening, wording
from moderation.models import Priority
from moderation.screening import (
    ASKS_FOR_HELP,
    CLOSING_ASKED,
    CRISIS,
    HOSTILITY,
    MEDICAL,
    PERSONAL,
    READ_FIRST,
    SPAM,
    WATCHED,
    Action,
    Found,
)
from moderation.screening import personal as personal_module
from moderation.screening import spam as spam_module
from moderation.screening.stance import Stance
from moderation.screening.weights import ACTS, HELD, STATEMENTS

IDENTIFIER = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")
PLAIN = {"e-mail"}


def names_in(module) -> set[str]:
    """The texts in the code of `module` that are written like a rule."""
    texts = (node.value for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)*", text)}


def rules():
    for language in screening.SPOKEN:
        yield from ((CRISIS, f"{stance}-{act}") for act in language.crisis.acts for stance in Stance)
        yield from ((CRISIS, rule) for rule in language.crisis.statements)
        yield from ((HOSTILITY, rule) for rule in language.hostility.rules)
        yield from ((MEDICAL, rule) for rule in language.medical.rules)
        yield from ((SPAM, rule) for rule in language.spam.signs)
    spam = {"link", "shortened-link", "affiliate-link", "money-sign", "long-number", "capitals", "posted-before"}
    yield from ((SPAM, rule) for rule in sorted(spam | {"repeats-itself"}))
    yield from ((PERSONAL, rule) for rule in PERSONAL_RULES)
    yield from ((PERSONAL, f"{rule}-of-another") for rule in PERSONAL_RULES)
    yield from ((READ_FIRST, rule) for rule in ("newcomers", "all", "author"))
    yield from ((kind, "by-author") for kind in (CLOSING_ASKED, ASKS_FOR_HELP))


PERSONAL_RULES = (
    "e-mail",
    "phone",
    "street-address",
    "name",
    "messenger-handle",
    "profile-link",
    "ip-address",
    "bank-account",
    "card",
    "identity-number",
)
ALL = sorted(set(rules()))


def test_the_rules_that_are_written_in_code_are_all_looked_at():
    known = {rule for _kind, rule in ALL}
    signs = {name for name in names_in(spam_module) if "-" in name and name not in {"number-to-call"}}
    assert signs <= known, signs - known
    data = {name for name in names_in(personal_module) if "-" in name}
    assert data - {"-of-another"} <= known, data - known
    assert {rule for stances in ACTS.values() for rule in stances} <= set(Stance)
    assert set(STATEMENTS) <= known


@pytest.mark.parametrize(("kind", "rule"), ALL)
def test_a_moderator_reads_every_rule_in_words(kind, rule):
    said = wording.in_words(kind, rule)
    assert said[:1].isupper()
    assert set(IDENTIFIER.findall(said)) <= PLAIN, said
    assert "%" not in said
    # Its own sentence, and not that of its kind with the rule behind it.
    assert not said.endswith(f": {rule.replace('-', ' ')}"), said


def test_no_two_rules_of_one_kind_read_the_same():
    said = [(kind, wording.in_words(kind, rule)) for kind, rule in ALL if kind != READ_FIRST]
    assert len(said) == len(set(said))


def test_why_something_is_read_first_tells_nothing_of_who_wrote_it():
    said = {wording.in_words(READ_FIRST, rule) for rule in ("newcomers", "all", "author", "a rule of tomorrow")}
    assert said == {"It is read before others see it"}


def test_the_label_of_watched_words_stays_as_the_admin_wrote_it():
    assert wording.in_words(WATCHED, "Blue-whale game").endswith("Blue-whale game")


def asked():
    """Every signal that asks or holds, crisis left out: there it is asked whether somebody is safe."""
    for kind, rule in ALL:
        if kind in (HOSTILITY, MEDICAL, PERSONAL, SPAM):
            for priority in (None, Priority.OTHER):
                yield Found(kind, rule, 0.5, 0, 1, Action.ASK, priority)
    yield Found(WATCHED, "Lanterns", 0.4, 0, 1, Action.ASK)


@pytest.mark.parametrize("signal", list(asked()), ids=lambda signal: f"{signal.kind}-{signal.rule}-{signal.priority}")
def test_an_author_is_asked_in_plain_and_kind_words(signal):
    question = questions.question(signal)
    for said in (question.noticed, question.why):
        assert said[:1].isupper()
        assert set(IDENTIFIER.findall(said)) <= PLAIN, said
        assert "%" not in said
        for never in ("!", "should", "must", "violat", "forbidden", "inappropriate", "Lanterns"):
            assert never not in said


@pytest.mark.parametrize("rule", sorted(HELD))
def test_the_author_of_held_words_of_danger_is_told_why(rule):
    assert "A moderator reads them first, soon, because" in questions.why_held({(CRISIS, rule)})


def test_what_is_about_the_author_comes_before_what_is_about_others():
    goodbye_and_method = {(CRISIS, "goodbye"), (CRISIS, "gives-method")}
    assert "that you are in danger" in questions.why_held(goodbye_and_method)
    assert "that you are in danger" in questions.why_held({(PERSONAL, "card"), (CRISIS, "goodbye")})
    assert "identity number" in questions.why_held({(PERSONAL, "card"), (WATCHED, "x")})
    assert questions.why_held(set()) == ""
    assert questions.why_held({(READ_FIRST, "all")}) == ""
