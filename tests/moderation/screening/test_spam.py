"""Selling and baiting. All sentences were written for these tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import screening
from moderation.models import Priority
from moderation.screening import SPAM, Action
from moderation.screening.similarity import fingerprint, near_duplicate, repeated_part, repeats_any

FOUND = [
    "CONGRATULATIONS you have won a prize! Call 09061234567 now to claim",
    "Free entry in our weekly draw, txt WIN to 80880 to claim your voucher. T&Cs apply, 18+",
    "Message me on WhatsApp for my program, I have helped hundreds",
    "Dr Osei the spell caster brought my husband back",
    "This herbal remedy cured my depression completely in 7 days, order here",
    "Double your bitcoin with our trading platform",
    "Buy xanax online, no prescription needed, discreet shipping",
    "Great planner for anxious people: https://shop.example/planner?ref=wren20",
    "Limited offer: 50% off our course, sign up here https://bit.ly/3calm",
    "Hot singles in your area, chat now",
    "DM me for details about financial freedom",
    "I got rid of my anxiety naturally with this one simple trick",
    "Buy my calm candles today.\nBuy my calm candles today.\nBuy my calm candles today.",
]

HONEST = [
    "I won a small argument with my alarm clock today.",
    "The library is free and warm, and nobody asks why you are there.",
    "My sister sent me a voucher for the cinema and I went alone.",
    "You can call the surgery at eight, they answer quickly.",
    "I found this article helpful: https://www.example.org/sleep",
    "Text somebody you trust if the evening gets long.",
    "I lost my job and the money runs out in March.",
    "Has anybody tried the free sleep course of the health service?",
    "I bought the cheap one and it broke. Lesson learned.",
    "My landlord offers to fix the boiler every week, urgently he says.",
    "I cannot message people first, it takes me days.",
    "We are dating again, slowly, after the clinic.",
    "Text SHOUT to 85258, it is free and somebody answers at night.",
    "Please call the helpline now: 0800 555 0147. They are kind.",
    "I wrote to my MP about mental health funding and got a form letter back.",
]


@pytest.mark.parametrize("text", FOUND)
def test_spam_opens_a_case_and_is_asked_about(text):
    verdict = screening.screen(text)
    assert verdict.of_kind(SPAM)
    assert verdict.priority == Priority.OTHER
    for signal in verdict.of_kind(SPAM):
        assert signal.action is Action.ASK
        assert 0 <= signal.start < signal.end <= len(text)


@pytest.mark.parametrize("text", FOUND)
def test_spam_of_somebody_new_is_held(text):
    assert screening.screen(text, newcomer=True).holds


@pytest.mark.parametrize("text", HONEST)
def test_honest_posts_are_not_spam(text):
    assert screening.screen(text).of_kind(SPAM) == ()


@pytest.mark.parametrize("text", HONEST)
def test_honest_posts_of_somebody_new_are_not_held(text):
    assert not screening.screen(text, newcomer=True).holds


def test_only_somebody_new_is_asked_about_a_link():
    text = "I found this helpful: https://www.example.org/sleep"
    asked = screening.screen(text, newcomer=True)
    assert [(signal.rule, text[signal.start : signal.end]) for signal in asked.asks] == [
        ("link", "https://www.example.org/sleep")
    ]
    assert asked.priority is None
    assert screening.screen(text).asks == ()


def test_a_long_honest_story_may_use_every_word_once():
    story = (
        "I won a prize at school once and spent the cash on a cheap radio. Later there were urgent letters from the "
        "bank, and free time I had plenty of. "
        + " ".join(f"On day {day} I walked home in the rain and thought of nothing." for day in range(12))
    )
    assert screening.screen(story[:900]).of_kind(SPAM) == ()


POST = "Come and see my new page about how I turned everything around in thirty days with one small habit."


def test_what_was_posted_before_counts_by_itself():
    earlier = ["Something else entirely was written here by me on another evening.", POST]
    changed = POST.replace("thirty", "30").upper() + " Ask me."
    assert "posted-before" in {signal.rule for signal in screening.screen(changed, earlier=earlier).of_kind(SPAM)}
    assert screening.screen(changed, earlier=earlier[:1]).of_kind(SPAM) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (POST, POST, True),
        (POST, f"{POST} Hello.", True),
        (POST, "Thank you for writing this down, I read it twice and then once more to my cat.", False),
        ("thank you so much", "thank you so much", False),  # too short to tell
        ("", "", False),
    ],
)
def test_nearly_the_same(one, other, same):
    assert near_duplicate(fingerprint(one), fingerprint(other)) is same


@given(st.lists(st.sampled_from(POST.split()), min_size=6, max_size=60).map(" ".join), st.integers(0, 30))
def test_what_is_not_compared_in_full_says_nothing_of_the_same(text, kept):
    """Whatever part of it was posted before, in whatever letters."""
    words = text.split()
    others = [" ".join(words[:kept] + words[kept:][::-1]).upper(), POST, " ".join(words[kept:])]
    same = any(near_duplicate(fingerprint(text), fingerprint(other)) for other in others)
    assert repeats_any(text, others) is same


def test_a_fingerprint_does_not_grow_with_the_text():
    assert len(fingerprint(" ".join(str(number) for number in range(5000)))) == 64


def test_a_line_that_comes_again_and_again_is_pointed_at():
    text = "Hello.\nBuy my calm candles today.\nbuy my calm candles today!\nBuy my calm candles TODAY"
    found = repeated_part(text)
    assert found is not None
    assert text[slice(*found)] == "Buy my calm candles today"
    assert repeated_part("No.\nNo.\nNo.\nNo.") is None
