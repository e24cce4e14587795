"""Danger to oneself. All sentences were written for these tables."""

import pytest

from moderation import screening
from moderation.models import Priority
from moderation.screening.languages.english import ENGLISH
from moderation.screening.weights import ACTS, CONTEXTS, DANGER_TO_OTHERS, FEELINGS, HELD, STATEMENTS
from tests.moderation.screening.distress import DANGER, SAFE
from tests.moderation.screening.misread import MISREAD
from tests.moderation.screening.stressed import STRESSED
from tests.moderation.screening.voices import IN_DANGER

# What is said, the rule that a moderator reads, and whether a person reads first.
STATED = [
    ("I am going to kill myself tomorrow", "plans-to-end-life", False),
    ("ive decided to end my life", "plans-to-end-life", False),
    ("I will hang myself", "will-end-life", False),
    ("I need to kill myself", "wants-to-end-life", False),
    ("I feel like killing myself", "wants-to-end-life", False),
    ("I can't stop thinking about ending my life", "is-close-to-end-life", False),
    ("The only reason I haven't killed myself is my daughter", "is-held-back-from-end-life", False),
    ("I wish I had the courage to kill myself", "is-held-back-from-end-life", False),
    ("I keep thinking about suicide", "thinks-of-suicide", False),
    ("I tried to hang myself last week", "tried-to-end-life", False),
    ("honestly I just want to die", "wants-to-die", False),
    ("I hope I never wake up", "wants-to-die", False),
    ("I don't want to live any more", "wants-not-to-live", False),
    ("I wish I had never been born", "wants-not-to-live", False),
    ("I have no reason to live", "no-reason-to-live", False),
    ("I feel suicidal tonight", "is-suicidal", False),
    ("Suicide is the only answer for me", "suicide-is-the-way-out", False),
    ("I'll do it tonight, my last night alive", "plans", False),
    ("I have the pills in front of me", "means-at-hand", False),
    ("I am holding the gun to my head", "means-at-hand", False),
    ("I just took forty paracetamol", "took-overdose", True),
    (
        "I swallowed a whole bottle of painkillers just now, I just swallowed a whole bottle of pills",
        "took-overdose",
        True,
    ),
    ("This is my goodbye. I love you all, everyone", "goodbye", True),
    ("By the time you read this I will be dead", "goodbye", True),
    ("I won't be here tomorrow", "goodbye", True),
    ("Goodbye cruel world", "goodbye", True),
    ("How many sleeping pills does it take to die?", "asks-how", True),
    ("What is the most painless way to kill yourself?", "asks-how", True),
    ("what's the lethal dose of ibuprofen", "asks-how", True),
    ("Just take thirty of those and you will never wake up, it is painless and you will die", "gives-method", True),
    ("Looking for a suicide pact", "pact", True),
    ("Does anybody want to die together with me", "pact", True),
    ("Just kill yourself already", "urges-another", True),
    ("kys", "urges-another", True),
]

DISGUISED = [
    "i want to k1ll myself",
    "I want to k.i.l.l m.y.s.e.l.f",
    "i want to k i l l m y s e l f",
    "I WANT TO DIEEEEE",
    "i wannnna dieee",
    "I want to kíll mysélf",
    "I want to kіll mуself",  # two Cyrillic letters
    "I want to 𝐝𝐢𝐞",
    "I want to kill my self",
    "im gonna unalive myself",
    "i want 2 k*ll myself, i want to k*ll myself",
    "I want to commit su!cide",
    "i want to commit sucide",
    "thinking about su1c1de all day",
    "i am sui cidal, i feel suicidal",
    "I want to d\u00adi\u200be",
]

# Words of danger in which nobody here is in danger.
NOT_DANGER = {
    "denied": [
        "I don't want to die.",
        "I would never kill myself.",
        "I'm not going to kill myself, I promise.",
        "I am not suicidal.",
        "no i do not want to end my life",
        "I have never wanted to kill myself.",
    ],
    "long past and over": [
        "Ten years ago I wanted to kill myself. Today I am grateful that I am still here.",
        "I used to want to die. I'm glad I didn't.",
        "Back then I thought about suicide a lot. In recovery now, and the mornings are mine again.",
        "When I was sixteen I tried to die, years ago. Things got better, slowly, and I am better.",
    ],
    "somebody else": [
        "My uncle killed himself when my mother was small.",
        "She said she wants to die and I do not know what to say to her.",
        "He wants to commit suicide and his parents laugh at him.",
        "Many people think about suicide at some point in their lives.",
        "Who else lost somebody to suicide?",
        "His ex told him that she would kill herself.",
    ],
    "talking to somebody in danger": [
        "You wrote that you want to die. Are you safe where you are?",
        "Please don't kill yourself, we would miss your jokes about the bus.",
        "If you think about ending your life, you could ring somebody tonight.",
        "You don't have to die to make this stop. You could tell one person.",
    ],
    "stories and songs": [
        "In my novel the captain says that he is going to kill himself, and then the ship turns.",
        "In the last episode the villain wants to die and nobody lets him.",
        "The song is called something like I want to die, the lyrics are silly.",
        "The character in this film says goodbye to everyone and walks into the sea.",
    ],
    "figures of speech": [
        "I am dying of boredom in this queue.",
        "I nearly died laughing.",
        "This heat is killing me.",
        "My phone is about to die.",
        "I'm dying to know how it went.",
        "I would kill for a coffee.",
        "It was so embarrassing that I wanted to die lol",
        "We killed it at the rehearsal.",
        "My feet are killing me and I'm dead tired.",
        "The deadline is tonight, wish me luck.",
        "I could murder a sandwich.",
        "dead serious about the cake",
    ],
    "other goodbyes": [
        "Goodbye for now, I am off to bed.",
        "I said goodbye to my grandmother at the station.",
        "This is goodbye to the old sofa.",
        "Goodbye everyone, see you on Monday.",
        "I won't be here on Thursday because of the dentist.",
    ],
    "naming the subject": [
        "This thread touches on suicide.",
        "Self-harm",
        "A leaflet on suicide prevention lies in the waiting room.",
    ],
    "other doses and means": [
        "I take 20 mg of citalopram and it makes me sleepy.",
        "How many tablets do I take with food?",
        "How long does it take to get an appointment?",
        "What is the best way to get through the first week?",
        "I forgot my pills this morning.",
        "I bought a rope for the tent.",
        "I just took two paracetamol for my headache.",
        "The best way to end a letter is with your name.",
    ],
    "dark feelings alone": [
        "Everything is hopeless and I am worthless and nobody cares.",
        "I can't do this any more. I am so tired of everything.",
        "I feel empty, trapped and alone, and I hate myself.",
        "What's the point of any of it? Nothing will ever get better.",
    ],
}


@pytest.mark.parametrize(("words", "rule", "holds"), STATED)
def test_what_is_stated_is_named_and_opens_a_case(words, rule, holds):
    verdict = screening.screen(words)
    found = {signal.rule: signal for signal in verdict.of_kind(screening.CRISIS)}
    assert rule in found
    assert verdict.priority == (Priority.DANGER if rule in DANGER_TO_OTHERS else Priority.CRISIS)
    assert verdict.is_raised
    assert verdict.holds is holds


@pytest.mark.parametrize(("words", "rule", "_holds"), STATED)
def test_a_signal_points_at_words_in_the_middle_of_a_text(words, rule, _holds):
    before, after = "Hello all.\n\nA long day, and a cold one. ", ". Rain again."
    text = f"{before}{words}{after}"
    for signal in screening.screen(text).of_kind(screening.CRISIS):
        if signal.rule == rule:
            assert len(before) <= signal.start < signal.end <= len(text) - len(after) + 1


@pytest.mark.parametrize("words", [*DANGER, *IN_DANGER])
def test_people_in_danger_are_noticed(words):
    verdict = screening.screen(words)
    assert verdict.is_raised
    assert verdict.priority == Priority.CRISIS


@pytest.mark.parametrize("words", DISGUISED)
def test_disguised_and_mistyped_words_are_read(words):
    assert screening.screen(words).priority == Priority.CRISIS


@pytest.mark.parametrize("words", [words for table in NOT_DANGER.values() for words in table])
def test_other_words_are_not_raised(words):
    verdict = screening.screen(words)
    raised = [(signal.rule, signal.severity) for signal in verdict.signals if signal.priority is not None]
    assert raised == []
    assert not verdict.holds
    assert not verdict.is_raised


@pytest.mark.parametrize("words", [words for table in MISREAD.values() for words in table])
def test_violence_illness_and_grief_are_not_read_as_danger_to_oneself(words):
    verdict = screening.screen(words)
    assert verdict.priority is None, verdict.signals
    assert not verdict.holds


@pytest.mark.parametrize("text", [*SAFE, *STRESSED])
def test_hard_days_without_danger_are_not_raised(text):
    verdict = screening.screen(text)
    assert verdict.priority is None, verdict.signals
    assert not verdict.holds


def test_gravity_is_graded_from_a_thought_over_a_wish_to_a_plan():
    severities = [
        screening.screen(f"{words} I sit on the bed and I look at the wall.").severity
        for words in (
            "I am cold.",
            "I sometimes think about killing myself.",
            "I want to kill myself.",
            "I am going to kill myself tonight. I bought a rope.",
        )
    ]
    assert severities == sorted(set(severities))


def test_the_same_words_weigh_less_when_they_are_long_past():
    now = screening.screen("I want to kill myself.").severity
    then = screening.screen("Years ago, at school, I wanted to kill myself.").severity
    over = screening.screen("Years ago, at school, I wanted to kill myself. I am glad I am still here.").severity
    assert over < then < now


def test_somebody_elses_weapon_is_not_ones_own_means():
    rules = [
        {signal.rule for signal in screening.screen(text).signals if signal.priority is not None}
        for text in ("I am holding the gun to my head.", "He was holding the gun to my head.")
    ]
    assert rules == [{"means-at-hand"}, set()]


def test_an_overdose_takes_more_than_the_daily_pills():
    assert screening.screen("I just took all of my pills.").holds
    assert not screening.screen("I just took my pills.").holds


def test_who_is_asked_about_danger_does_not_say_it_but_may_go_on_to():
    assert not screening.screen("She asked if I want to die.").is_raised
    assert screening.screen("She asked if I was fine and I said that I want to die.").is_raised


def test_dark_feelings_never_hold_a_text_however_many():
    assert not screening.screen("I am hopeless, worthless, a burden, alone, trapped and so tired. " * 50).holds


def test_every_rule_has_a_weight_and_every_weight_a_rule():
    table = ENGLISH.crisis
    assert set(table.acts) == set(ACTS)
    assert set(table.statements) == set(STATEMENTS)
    assert set(table.feelings) == set(FEELINGS)
    assert {*CONTEXTS, "recent", "recovery", "panic"} - {"recovered"} <= {*table.contexts}
    assert set(STATEMENTS) >= HELD


def test_rules_fit_the_column_that_keeps_them():
    stances = {stance for weights in ACTS.values() for stance in weights}
    assert all(len(f"{stance}-{act}") <= 40 for stance in stances for act in ACTS)
