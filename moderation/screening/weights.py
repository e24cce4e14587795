"""The weights of the crisis detector, in log-odds.

How they came about: an order of gravity after the Columbia scale (a plan over a wish over a thought over a mention;
present over past) gave the first numbers. Those that are marked (*) were chosen from a coarse grid over 245 users whom
psychiatrists had labelled: mostly by half of them; the share of "I", the feelings and what being raised adds by both
halves. A wide plateau was preferred to its peak, and all were rounded. `docs/screening.md` says what they reach.
"""

from moderation.screening.stance import Stance

BIAS = 0.0  # (*)
SPEAKS_OF_ONESELF = 70.0  # (*) times the share of "I" less "you": 0.1 is usual when somebody tells of themselves
SHORT_TEXT = 40  # words that a text is taken to be longer, so that "I'm fine" is not all "I"
OTHERS, MOST_OF_OTHERS = 0.35, 1.2
RECOVERY = -0.5
RAISED = 1.5  # (*) more where a text is raised: in the order of texts only
MIDDLE, SPREAD = 6.0, 2.0  # a sum of 6 lies half-way between the ends of its range of severities
GRADE = 2.0  # the weight of one statement that has a severity of 0.63

WORTH_KEEPING = 0.15
MAY_RAISE = 0.3  # (*) the least statement that may raise a text, if the sum is 0 or more
SPEAKS_FOR_ITSELF = 1.0  # less than this is a mention, and nobody's where nobody says "I"
ALWAYS_RAISED = 2.3  # (*) plans, goodbyes, overdoses: whoever they are told to
MAY_HOLD = 1.5

_END_LIFE = {
    Stance.PLANS: 3.2,
    Stance.WILL: 3.0,
    Stance.PRESSED: 2.7,
    Stance.WANTS: 2.4,
    Stance.HELD: 2.2,
    Stance.THINKS: 1.9,
    Stance.TRIED: 2.4,
    Stance.WAS_GOING: 1.6,
    Stance.WANTED: 1.5,
    Stance.MAY: 1.3,
    Stance.BARE: 0.6,  # (*)
    Stance.TOLD: 0.2,
    Stance.NOT: 0.1,
    Stance.OTHER: 0.1,  # (*)
}
# "I am going to die" is said of illness, of panic and of laughter; "I want to die" is not.
_DIE = {
    Stance.PLANS: 1.2,
    Stance.WILL: 0.25,
    Stance.PRESSED: 2.0,
    Stance.WANTS: 2.05,
    Stance.HELD: 1.0,
    Stance.THINKS: 1.5,
    Stance.TRIED: 0.9,
    Stance.WANTED: 1.2,
    Stance.WAS_GOING: 0.3,
    Stance.MAY: 0.25,
    Stance.BARE: 0.25,
    Stance.NOT: 0.1,
}
ACTS = {
    "end-life": _END_LIFE,
    "suicide": {stance: weight * 0.8 for stance, weight in _END_LIFE.items()},
    "die": _DIE,
    "harm-self": {stance: weight * 0.65 for stance, weight in _END_LIFE.items()},
}
STATEMENTS = {
    "wants-not-to-live": 2.0,
    "no-reason-to-live": 1.6,
    "is-suicidal": 1.9,
    "suicide-is-the-way-out": 2.0,
    "plans": 3.0,
    "means-at-hand": 1.7,
    "took-overdose": 2.8,
    "attempted": 1.6,
    "has-attempted": 2.4,
    "goodbye": 3.2,
    "farewell": 1.0,
    "names-methods": 0.8,
    "speaks-of-means": 0.35,
    "close-to-it": 0.5,
    "settles-affairs": 0.28,
    "asks-how": 2.6,
    "gives-method": 2.6,
    "pact": 3.0,
    "urges-another": 2.6,
}
# These are read the same whoever they speak of.
ABOUT_ANYBODY = frozenset({"asks-how", "gives-method", "pact", "urges-another"})
NOT_MEANT = {Stance.NOT: 0.08, Stance.OTHER: 0.08, Stance.TOLD: 0.08}
# "My" in these is no proof: somebody else may hold a gun to my head.
DONE_BY_ANYBODY = frozenset({"means-at-hand"})
# These count for a fifth where nobody says "I".
NEEDS_FIRST_PERSON = frozenset({"speaks-of-means", "close-to-it", "names-methods"})
# A phone or a plant is about to die, and in a panic so is everybody: danger only where somebody says "I" and no fear.
SAID_OF_ANYTHING = frozenset(
    {Stance.PLANS, Stance.WILL, Stance.MAY, Stance.TRIED, Stance.WAS_GOING, Stance.HELD, Stance.BARE}
)
HELD = frozenset({"goodbye", "asks-how", "gives-method", "pact", "took-overdose", "urges-another"})
DANGER_TO_OTHERS = frozenset({"gives-method", "urges-another"})

# Of the weight of a statement, what is left when its sentence says so.
CONTEXTS = {
    "past": 0.5,
    "fiction": 0.2,
    "art": 0.5,
    "figure": 0.1,
    "laughs": 0.2,
    "dream": 0.1,
    "recovered": 0.3,
    "soon": 1.2,
}
PANIC = 0.2

FEELINGS = {"hopeless": 0.1, "burden": 0.1, "unbearable": 0.08, "alone": 0.05, "asks-for-help": 0.08}  # (*) as one
MOST_OF_ONE_FEELING = 3
