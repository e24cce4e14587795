"""Advice about treatment. All sentences were written for these tables."""

import pytest

from moderation import screening
from moderation.models import Priority
from moderation.screening import MEDICAL, Action

FOUND = [
    ("You should stop taking your antidepressants.", "stop-or-start-treatment"),
    ("Just come off the meds", "stop-or-start-treatment"),
    ("You don't need medication", "stop-or-start-treatment"),
    ("Stop taking sertraline and go outside.", "stop-or-start-treatment"),
    ("Don't take those pills.", "stop-or-start-treatment"),
    ("You can quit cold turkey", "stop-or-start-treatment"),
    ("You should take 50 mg before bed", "dose"),
    ("Double your dose", "dose"),
    ("Try 300 mg of it", "dose"),
    ("Vitamin D cures depression", "claims-a-cure"),
    ("This diet cured my anxiety", "claims-a-cure"),
    ("St John's wort works better than pills", "claims-a-cure"),
    ("Antidepressants are poison", "against-treatment"),
    ("Big pharma wants you sick", "against-treatment"),
    ("Therapy is a scam", "against-treatment"),
    ("You should try microdosing", "recommends-a-remedy"),
    ("Have you tried magnesium?", "recommends-a-remedy"),
]

OWN = [
    "I take 20 mg of citalopram in the morning.",
    "My doctor told me to stop taking sertraline slowly.",
    "I stopped my tablets in May and it was a mistake.",
    "Please don't stop your tablets without asking your doctor.",
    "You could ask your pharmacist whether you should take 50 mg.",
    "She said that you should stop taking your pills, and I was shocked.",
    "Should I take my pills with food?",
    "My psychiatrist wants me to try lithium.",
    "I am scared of starting antidepressants.",
    "There is no cure for Mondays.",
    "Take ten minutes for yourself.",
    "The medication makes me sleepy and I sleep through the alarm.",
    "Therapy is hard work for me.",
]


@pytest.mark.parametrize(("text", "rule"), FOUND)
def test_advice_about_treatment_is_shown_to_its_author(text, rule):
    verdict = screening.screen(text)
    found = {signal.rule: signal for signal in verdict.of_kind(MEDICAL)}
    assert rule in found
    assert found[rule].action is Action.ASK
    assert not verdict.holds
    assert verdict.priority == (None if rule == "recommends-a-remedy" else Priority.OTHER)
    assert 0 <= found[rule].start < found[rule].end <= len(text)


@pytest.mark.parametrize("text", OWN)
def test_what_somebody_takes_and_what_their_doctor_said_is_no_advice(text):
    assert screening.screen(text).of_kind(MEDICAL) == ()
