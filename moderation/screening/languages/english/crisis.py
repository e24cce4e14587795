"""English: danger to oneself."""

from moderation.screening.languages import Crisis
from moderation.screening.languages.english.crisis_acts import ACTS, CUES
from moderation.screening.languages.english.crisis_contexts import CONTEXTS, FEELINGS
from moderation.screening.languages.english.crisis_farewells import FAREWELLS_AND_METHODS
from moderation.screening.languages.english.crisis_statements import STATEMENTS
from moderation.screening.languages.english.crisis_words import WORDS

TABLE = Crisis(
    words=WORDS,
    acts=ACTS,
    cues=CUES,
    statements=STATEMENTS | FAREWELLS_AND_METHODS,
    feelings=FEELINGS,
    contexts=CONTEXTS,
    own=("myself|my|i|im|ive|ill|me",),
    first_person=frozenset({"i", "im", "ive", "id", "ill", "me", "my", "myself", "mine"}),
    second_person=frozenset({"you", "your", "youre", "youve", "youll", "youd", "yourself", "yours"}),
)
