"""Unkind words. All sentences were written for these tables."""

import pytest

from moderation import screening
from moderation.models import Priority
from moderation.screening import HOSTILITY, Action
from moderation.screening.hostility import HOSTILE

FOUND = [
    ("You are an idiot.", "insult", "You are an idiot"),
    ("you stupid clown", "insult", "you stupid clown"),
    ("What a loser.", "contempt", "What a loser"),
    ("Back under your bridge", "contempt", "Back under your bridge"),
    ("Nobody asked for your opinion", "contempt", "Nobody asked for your"),
    ("You have no shame.", "contempt", "You have no shame"),
    ("oh just shut up", "insult", "shut up"),
    ("fuck off", "insult", "fuck off"),
    ("you are a m0ron", "insult", None),
    ("You people disgust me", "contempt", "You people"),
    ("Get a life.", "contempt", "Get a life"),
    ("Did you even read the post?", "contempt", "Did you even read"),
    ("Just snap out of it.", "invalidates", "Just snap out of it"),
    ("Others have it worse, you know.", "invalidates", "Others have it worse"),
    ("It's all in your head.", "invalidates", "It's all in your head"),
    ("Stop feeling sorry for yourself", "invalidates", "Stop feeling sorry for yourself"),
    ("You're just being dramatic", "invalidates", "You're just being dramatic"),
    ("Man up!", "invalidates", "Man up"),
    ("Happiness is a choice", "invalidates", "Happiness is a choice"),
    ("You have nothing to be depressed about", "invalidates", "You have nothing to be depressed"),
    ("There are people starving in the world", "invalidates", None),
    ("I will kill you", "threat", "I will kill you"),
    ("im going to find you and hurt you", "threat", None),
    ("I know where you live.", "threat", "I know where you live"),
    ("Watch your back", "threat", "Watch your back"),
    ("I am going to stab my boss tomorrow", "threat", "I am going to stab my boss"),
    ("hope you get raped", "threat", "hope you get raped"),
]

KIND = [
    "You are not an idiot, you are tired.",
    "I'm such an idiot, I forgot the milk.",
    "I feel like a complete loser next to them.",
    "My dad says that I should just snap out of it.",
    "People keep telling me that others have it worse, and it never helps.",
    'Somebody wrote "just get over it" under my first post here.',
    "She called me a stupid cow and I cried in the lift.",
    "I can't just snap out of it, I wish I could.",
    "You aren't being dramatic.",
    "Please don't think that you are worthless.",
    "It isn't your fault.",
    "You have no idea how much this helped me.",
    "You deserve it, every bit of it.",
    "There are people like you all over the world, awake right now.",
    "I'll kill you at chess next time, haha",
    "The match was brutal, they will destroy us, what a team",
    "If you were stupid you would not be asking this.",
    "We all feel stupid sometimes.",
    "I'm going to beat this illness.",
    "I will hurt less one day, I think.",
    "That film was complete garbage.",
    "Take your time, nobody is counting.",
    "I was so stupid and naive to trust him. Did you ever feel like that?",
    "You are not stupid and you are not naive. Did he ever say sorry?",
    "Don't do anything stupid. Is somebody with you?",
    "They are ignorant fools at that office, and I told them so. I hope that you get your money.",
    "I feel pathetic, stupid and lazy. What helped you?",
    "He said that I will kill you if you leave me.",
    "She screamed I'm going to kill you, and threw the plate.",
    "I'm afraid that I will hurt my baby.",
    "I know where he works and I take the other road.",
    "I am going to hurt her when I tell her that I'm moving out.",
]
# Said to somebody, with more than one sign of it.
HOSTILE_TEXTS = [
    "You are an idiot.",
    "Shut up.",
    "You stupid, ignorant people make me laugh.",
    "Are you really so naive, or do you only repeat what the other sheep say?",
    "Oh, another clueless rant. Do you ever think before you type?",
    "Only a simpleton would post your childish nonsense.",
    "Is that ignorance, or are you delusional?",
    "I will find you.",
    "what a tranny",
]
NOT_HOSTILE_TEXTS = [
    "Get a life.",
    "What a loser.",
    "That law is stupid.",
    "Just snap out of it.",
    "Did you even read the post?",
    "Your comment is nonsense.",
    "The minister is an ignorant, clueless fool.",
    "Stop whining.",
    "My mother called me stupid, ignorant and lazy. How do you live with that?",
]


@pytest.mark.parametrize(("text", "rule", "words"), FOUND)
def test_unkind_words_are_named_and_pointed_at(text, rule, words):
    found = {signal.rule: text[signal.start : signal.end] for signal in screening.screen(text).of_kind(HOSTILITY)}
    assert rule in found
    assert words is None or found[rule] == words


@pytest.mark.parametrize("text", KIND)
def test_kind_words_and_reports_of_unkind_ones_are_not(text):
    assert screening.screen(text).of_kind(HOSTILITY) == ()


@pytest.mark.parametrize(("text", "rule", "_words"), FOUND)
def test_threats_are_held_and_all_else_is_a_question(text, rule, _words):
    verdict = screening.screen(text)
    assert verdict.holds is (rule == "threat")
    assert (verdict.priority == Priority.DANGER) is (rule == "threat")
    assert all(signal.action >= Action.ASK for signal in verdict.of_kind(HOSTILITY))


def test_a_slur_opens_a_case_and_is_asked_about():
    verdict = screening.screen("what a tranny")
    assert verdict.priority == Priority.ABUSE
    assert not verdict.holds
    assert [signal.rule for signal in verdict.asks] == ["slur"]


def severity(text: str) -> float:
    return max((signal.severity for signal in screening.screen(text).of_kind(HOSTILITY)), default=0.0)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_what_belittles_the_one_spoken_to_counts_as_hostile(text):
    assert severity(text) >= HOSTILE


@pytest.mark.parametrize("text", NOT_HOSTILE_TEXTS)
def test_one_sharp_word_does_not(text):
    assert severity(text) < HOSTILE


def test_contempt_beside_harsh_words_is_graver():
    assert severity("Get a life.") < severity("Get a life, you ignorant clown.")


def test_harsh_words_far_apart_do_not_add_up():
    far = " We walked along the river for an hour and nobody said much about it." * 3
    near, apart = (
        f"That was a stupid answer.{between} An ignorant one.{between} Can you do better?" for between in ("", far)
    )
    assert severity(near) >= HOSTILE > severity(apart)


def test_a_hostile_text_without_a_known_phrase_is_asked_about_at_its_harsh_word():
    text = "You write the most inane drivel."
    (found,) = screening.screen(text).of_kind(HOSTILITY)
    assert (found.rule, text[found.start : found.end], found.action) == ("contempt", "inane", Action.ASK)
