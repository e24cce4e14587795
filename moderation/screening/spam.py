"""Selling, baiting and promising.

A sum of signs, for each alone is said by honest people too. Links count more from somebody new; what has been
posted before counts by itself. Which texts those were, the caller knows.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from moderation.models import Priority
from moderation.screening import numbers, similarity
from moderation.screening.languages import Spam
from moderation.screening.normal import Normal
from moderation.screening.patterns import compiled
from moderation.screening.verdict import SPAM, Action, Found

IS_SPAM = 1.0
# Who writes a page uses every word once; who sells is short.
_SHORT, _MORE_PER_WORD, _MOST = 60, 0.01, 2.0
_LINK = re.compile(
    r"https?://[^\s<>()]{3,300}|\bwww\.[^\s<>()]{3,200}|\b[\w-]{2,40}\.(?:com|co\.uk|net|info|biz|shop|xyz|online|site|top|club)\b(?:/[^\s<>()]{0,200})?",
    re.IGNORECASE,
)
_HAS_LINK = re.compile(r"://|\.\S")
_SHORTENED = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|is\.gd|ow\.ly|cutt\.ly|rebrand\.ly|shorturl\.at|rb\.gy|lnkd\.in|amzn\.to)/",
    re.IGNORECASE,
)
_AFFILIATE = re.compile(
    r"[?&](?:ref|ref_?id|aff|aff_?id|affiliate|affiliate_?id|partner|partner_?id|referral|referrer|refcode|invite|invite_?code|promo|coupon|"
    r"clickid|irclickid|hop|tag=[\w-]+-2\d|utm_(?:source|medium|campaign))=?[\w%.-]{0,80}",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[£$€]\s?\d|(?<![\d.,])\d[\d,.]{0,12}\s?[£€$]")
_LONG_NUMBER = re.compile(r"(?<!\d)(?:0\d{9,11}|8\d{4}|\+?44\d{10})(?!\d)")
_CAPITALS = re.compile(r"\b[A-Z]{4,}\b")
_LINK_WEIGHT, _NEWCOMERS_LINK, _SHORTENED_WEIGHT, _AFFILIATE_WEIGHT, _REPEATED = 0.4, 0.6, 0.6, 1.0, 1.0
_MONEY_WEIGHT, _NUMBER_WEIGHT, _CAPITALS_WEIGHT = 0.3, 0.4, 0.2
# "Text SHOUT to 85258, it is free" sells nothing.
_OF_HELPLINES = frozenset({"call-to-action", "number-to-call", "long-number", "free", "urgent"})


@dataclass(frozen=True, slots=True)
class _Sign:
    rule: str
    weight: float
    start: int
    end: int


class Detector:
    """Screens for one language; what is the same in all of them is looked for once, with the first."""

    def __init__(self, table: Spam) -> None:
        self._helplines = compiled(table.helplines, table.words)
        self._signs = {name: (sign.weight, compiled(sign.said, table.words)) for name, sign in table.signs.items()}

    def screen(self, normal: Normal, *, newcomer: bool, earlier: Collection[str]) -> list[Found]:
        signs = [*self._in_words(normal), *_in_source(normal.source, newcomer=newcomer)]
        if self._helplines.first(normal):
            signs = [sign for sign in signs if sign.rule not in _OF_HELPLINES]
        if earlier and similarity.repeats_any(normal.source, earlier):
            signs.append(_Sign("posted-before", _REPEATED, 0, len(normal.source)))
        sum_ = sum(sign.weight for sign in signs)
        beyond = max(0, normal.length - _SHORT)
        if sum_ < min(_MOST, IS_SPAM + _MORE_PER_WORD * beyond) and all(sign.weight < IS_SPAM for sign in signs):
            return _told(signs, newcomer=newcomer)
        action = Action.HOLD if newcomer else Action.ASK
        severity = round(min(1.0, sum_ / (2 * IS_SPAM)), 2)
        return [Found(SPAM, sign.rule, severity, sign.start, sign.end, action, Priority.OTHER) for sign in signs]

    def _in_words(self, normal: Normal) -> Iterator[_Sign]:
        for name, (weight, phrases) in self._signs.items():
            if (match := phrases.first(normal)) is not None:
                yield _Sign(name, weight, *normal.span(match.start(), match.end()))


def _told(signs: list[_Sign], *, newcomer: bool) -> list[Found]:
    """Too little for spam. Somebody new is asked about a link all the same: they may not know the rule."""
    return [
        Found(SPAM, sign.rule, 0.3, sign.start, sign.end, Action.ASK)
        for sign in signs
        if newcomer and sign.rule == "link"
    ]


def _in_source(text: str, *, newcomer: bool) -> Iterator[_Sign]:
    has_slash, has_digit = "/" in text, numbers.A_DIGIT.search(text) is not None
    for rule, weight, pattern, may_be_there in (
        ("link", _NEWCOMERS_LINK if newcomer else _LINK_WEIGHT, _LINK, _HAS_LINK.search(text) is not None),
        ("shortened-link", _SHORTENED_WEIGHT, _SHORTENED, has_slash),
        ("affiliate-link", _AFFILIATE_WEIGHT, _AFFILIATE, True),
        ("money-sign", _MONEY_WEIGHT, _MONEY, has_digit),
        ("long-number", _NUMBER_WEIGHT, _LONG_NUMBER, has_digit),
    ):
        if may_be_there and (match := pattern.search(text)) is not None:
            yield _Sign(rule, weight, match.start(), match.end())
    if len(capitals := list(_CAPITALS.finditer(text[:2000]))) >= 2 and not text.isupper():
        yield _Sign("capitals", _CAPITALS_WEIGHT, capitals[0].start(), capitals[0].end())
    if (part := similarity.repeated_part(text)) is not None:
        yield _Sign("repeats-itself", _REPEATED, *part)
