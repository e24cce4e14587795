"""What tells who somebody is, or how to reach them elsewhere.

Asked about before it is posted, for it may be the author's to share. Held: numbers that open an account or an
identity, and data of somebody else.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

import phonenumbers

from moderation.models import Priority
from moderation.screening import numbers, personal_patterns
from moderation.screening.languages import Personal
from moderation.screening.patterns import some
from moderation.screening.verdict import PERSONAL, Action, Found

# Whose numbers are recognised without a country code: where this site's members mostly are.
PHONE_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "IN", "AU", "ZA", "SE", "BR")
HELD = frozenset({"identity-number", "card"})
_MOST_CANDIDATES = 25
_NEAR = 45
_SEVERITY = {
    "identity-number": 0.9,
    "card": 0.9,
    "bank-account": 0.8,
    "street-address": 0.7,
    "phone": 0.7,
    "e-mail": 0.6,
}
# What word processors make of a hyphen.
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


class _Place(NamedTuple):
    rule: str
    start: int
    end: int


type _Finder = Callable[[str], Iterator[_Place]]


class Detector:
    """Screens for one language. Numbers are the same in all of them; the words beside them are not."""

    def __init__(self, table: Personal) -> None:
        self._said = personal_patterns.of(table)
        self._not_surnames = table.not_surnames
        self._finders: tuple[_Finder, ...] = (
            self._emails,
            self._accounts,
            self._cards,
            self._identities,
            self._computers,
            self._phones,
            self._addresses,
            self._profiles,
            self._names,
        )
        # All that the others find has a digit in it.
        self._without_digits: tuple[_Finder, ...] = (self._emails, self._computers, self._profiles, self._names)

    def screen(self, text: str) -> list[Found]:
        """The signals. What a graver finder has taken is not looked at again by the next."""
        plain = _same_length(text)
        taken: list[_Place] = []
        for finder in self._finders if numbers.A_DIGIT.search(plain) else self._without_digits:
            for place in finder(plain):
                if not any(place.start < other.end and other.start < place.end for other in taken):
                    taken.append(place)
        return [self._found(plain, place) for place in sorted(taken, key=lambda place: place.start)]

    def _found(self, text: str, place: _Place) -> Found:
        severity = _SEVERITY.get(place.rule, 0.5)
        theirs = place.rule != "name" and self._said_before(self._said.of_another, text, place.start)
        if theirs or place.rule in HELD:
            rule = f"{place.rule}-of-another" if theirs else place.rule
            return Found(PERSONAL, rule, severity, place.start, place.end, Action.HOLD, Priority.ABUSE)
        return Found(PERSONAL, place.rule, severity, place.start, place.end, Action.ASK)

    def _said_before(self, words: re.Pattern[str], text: str, start: int) -> bool:
        line = text.rfind("\n", 0, start) + 1
        return words.search(text, max(line, start - _NEAR), start) is not None

    def _emails(self, text: str) -> Iterator[_Place]:
        if "@" in text:
            yield from _all("e-mail", personal_patterns.EMAIL, text)
        if personal_patterns.AT_A_PROVIDER.search(text):
            yield from _all("e-mail", personal_patterns.EMAIL_IN_WORDS, text)

    def _accounts(self, text: str) -> Iterator[_Place]:
        for match in some(personal_patterns.IBAN_START, text, _MOST_CANDIDATES):
            end = _end_of_account(text, match.start())
            if end is not None and numbers.is_iban(text[match.start() : end]):
                yield _Place("bank-account", match.start(), end)

    def _cards(self, text: str) -> Iterator[_Place]:
        for match in some(personal_patterns.LONG_NUMBER, text, _MOST_CANDIDATES):
            if numbers.is_card(match[0]) or self._said_before(self._said.says_card, text, match.start()):
                yield _Place("card", match.start(), match.end())

    def _identities(self, text: str) -> Iterator[_Place]:
        for match in some(personal_patterns.US_SOCIAL, text, _MOST_CANDIDATES):
            if numbers.is_us_social_security(match[0]):
                yield _Place("identity-number", match.start(), match.end())
        for match in some(personal_patterns.UK_INSURANCE, text, _MOST_CANDIDATES):
            if numbers.is_uk_national_insurance(match[0]):
                yield _Place("identity-number", match.start(), match.end())
        for match in some(self._said.identity, text, _MOST_CANDIDATES):
            if not personal_patterns.DATE.fullmatch(match["it"]):
                yield _Place("identity-number", match.start("it"), match.end("it"))

    def _computers(self, text: str) -> Iterator[_Place]:
        dotted = [personal_patterns.IP4] if "." in text and numbers.A_DIGIT.search(text) else []
        for pattern in [*dotted, personal_patterns.IP6] if ":" in text else dotted:
            for match in some(pattern, text, _MOST_CANDIDATES):
                if numbers.is_ip(match[0]):
                    yield _Place("ip-address", match.start(), match.end())

    def _phones(self, text: str) -> Iterator[_Place]:
        for match in some(personal_patterns.NUMBER, text, _MOST_CANDIDATES):
            if self._is_phone(match[0], said=self._said_before(self._said.says_phone, text, match.start())):
                yield _Place("phone", match.start(), match.end())

    def _is_phone(self, number: str, *, said: bool) -> bool:
        count = len(numbers.digits(number))
        if not 7 <= count <= 15 or personal_patterns.DATE.fullmatch(number.strip()) or _is_free_of_charge(number):
            return False
        if said:
            return True
        if number.startswith(("+", "00")):
            return _is_possible(number.replace("00", "+", 1) if number.startswith("00") else number)
        grouped = len(re.findall(r"\d+", number)) > 1
        return (count >= 9 if grouped else count >= 10) and any(_is_valid(number, region) for region in PHONE_REGIONS)

    def _addresses(self, text: str) -> Iterator[_Place]:
        return _all("street-address", self._said.street, text)

    def _profiles(self, text: str) -> Iterator[_Place]:
        if "/" in text:
            yield from _all("profile-link", personal_patterns.PROFILE, text)
        if "#" in text:
            yield from _all("messenger-handle", personal_patterns.DISCORD_TAG, text)
        for match in some(self._said.handle, text, _MOST_CANDIDATES):
            yield _Place("messenger-handle", match.start(), match.end())

    def _names(self, text: str) -> Iterator[_Place]:
        for match in some(self._said.name, text, _MOST_CANDIDATES):
            found = next(name for name in ("it", "title", "initial") if match[name])
            words = {word.lower().strip(".,") for word in match[found].split()}
            if words.isdisjoint(self._not_surnames):
                yield _Place("name", match.start(found), match.end(found))


def _same_length(text: str) -> str:
    """Digits, letters and hyphens in their plain forms, each where it stood."""
    if text.isascii():
        return text
    return "".join(
        plain if len(plain := unicodedata.normalize("NFKC", character)) == 1 else character for character in text
    ).translate(_HYPHENS)


def _all(rule: str, pattern: re.Pattern[str], text: str) -> Iterator[_Place]:
    return (_Place(rule, match.start(), match.end()) for match in some(pattern, text, _MOST_CANDIDATES))


def _end_of_account(text: str, start: int) -> int | None:
    """Where an account number ends that begins at `start`: its country says how long it is."""
    left = numbers.iban_length(text[start : start + 2])
    at = start
    while left and at < len(text):
        if text[at].isalnum():
            left -= 1
        elif text[at] not in " -" or not text[at - 1].isalnum():
            return None
        at += 1
    return at if at > start and not left and not text[at : at + 1].isalnum() else None


def _is_possible(number: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def _is_free_of_charge(number: str) -> bool:
    """A number that costs the caller nothing is a service's, mostly a help line's, and nobody's own."""
    return any(_type_of(number, region) == phonenumbers.PhoneNumberType.TOLL_FREE for region in ("GB", "US"))


def _type_of(number: str, region: str) -> int | None:
    try:
        return phonenumbers.number_type(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return None


def _is_valid(number: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False
