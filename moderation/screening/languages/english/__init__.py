"""English: the tables together."""

from moderation.screening.languages import Language
from moderation.screening.languages.english import crisis, hostility, medical, personal, spam
from moderation.screening.languages.english.words import SPELLING

ENGLISH = Language(
    code="en",
    spelling=SPELLING,
    crisis=crisis.TABLE,
    hostility=hostility.TABLE,
    medical=medical.TABLE,
    personal=personal.TABLE,
    spam=spam.TABLE,
)
