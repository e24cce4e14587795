"""What somebody typed into the search field, as conditions for PostgreSQL. Any input gives a valid condition."""

import datetime as dt
import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib.postgres import search as fts
from django.db.models import BigIntegerField, Expression, F, FloatField, Func, TextField, Value
from django.db.models.functions import Cast, Greatest, Left, Ln

from core import text

# What stands in a search beyond so many words, those in quotes too, is not looked for.
MOST_WORDS = 12
# From three letters on, the beginning of a word is enough.
PREFIX_FROM = 3
# A post that is this much older comes equal when it fits twice as well.
HALF_VALUE = dt.timedelta(days=180)
# A whole word counts four times as much as the beginning of another one.
WHOLE_WORD = 3.0
# As many characters of a post are indexed. A tsvector holds 1 MB: four bytes a letter, twice where words are joined
# by hyphens, and eight for each word's place stay below it.
INDEXED_CHARACTERS = 40_000
# PostgreSQL would take “tired.Really” for the name of a host and “panic/anxiety” for a file, one word each.
_JOINERS = "./\\@:_"
# What has a meaning in a tsquery means nothing here.
_BLANKS = str.maketrans(dict.fromkeys(_JOINERS + "()[]|&!*<>\n\t", " ") | dict.fromkeys("“”„«»", '"'))
_TERM = re.compile(r'([-−–]?)(?:"([^"]*)"?|([^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a quoted phrase, to be found or (with a minus before it) not to be found."""

    text: str
    is_phrase: bool = False
    is_unwanted: bool = False

    def __str__(self) -> str:
        return ("-" if self.is_unwanted else "") + (f'"{self.text}"' if self.is_phrase else self.text)


@dataclass(frozen=True)
class SearchQuery:
    """What is looked for: words as typed, and where. `mine` keeps to what the reader wrote."""

    words: str
    board: str = ""
    support_type: str = ""
    since: dt.datetime | None = None
    mine: bool = False

    @functools.cached_property
    def terms(self) -> Sequence[Term]:
        return first_words(parse(self.words))

    @property
    def is_cut(self) -> bool:
        """Whether more was typed than is looked for."""
        return set(self.terms) != set(parse(self.words))


def parse(typed: str) -> Sequence[Term]:
    """The terms of a search, in order and each once; those without a letter or digit are left out."""
    terms: dict[tuple[str, bool, bool], Term] = {}
    for minus, phrase, word in _TERM.findall(text.normalise(typed).translate(_BLANKS)):
        found = " ".join(phrase.split()) or word.strip("-−–'’")
        if any(map(str.isalnum, found)):
            term = Term(found, is_phrase=bool(phrase), is_unwanted=bool(minus))
            terms.setdefault((term.text.lower(), term.is_phrase, term.is_unwanted), term)
    return list(terms.values())


def first_words(terms: Sequence[Term]) -> Sequence[Term]:
    """The terms up to MOST_WORDS words, the wanted ones first; a phrase that goes beyond them loses its end.

    Each word costs its share with every post that has it.
    """
    first: list[Term] = []
    left = MOST_WORDS
    for term in sorted(terms, key=lambda term: term.is_unwanted):
        words = term.text.split()[:left]
        left -= len(words)
        if words:
            first.append(replace(term, text=" ".join(words)))
    return first


@dataclass(frozen=True)
class Typed:
    """The terms as texts for PostgreSQL's `to_tsquery`. `begun`: all that are wanted, words also by their beginning;
    `whole`: all of them, words in whatever form. `any_begun` and `any_whole`: any of their words, for ranking.

    Of words that all have to be there PostgreSQL compares every place of one with every place of each other one, which
    in a long post that says them again and again takes as long as a hundred searches.
    """

    begun: str
    whole: str
    any_begun: str
    any_whole: str
    # Any term that is not wanted; "" where there is none.
    unwanted: str
    # The longest word or phrase, as it is typed: where it stands, there may be something to show.
    longest: str


def typed(terms: Sequence[Term]) -> Typed | None:
    """None where nothing is wanted."""
    wanted = [term for term in terms if not term.is_unwanted]
    # A phrase may hold signs that stand by themselves.
    said = [Term(word) for term in wanted for word in term.text.split() if any(map(str.isalnum, word))]
    if not said:
        return None
    return Typed(
        begun=" & ".join(_lexeme(term, begun=True) for term in wanted),
        whole=" & ".join(map(_lexeme, wanted)),
        any_begun=" | ".join(_lexeme(word, begun=True) for word in said),
        any_whole=" | ".join(map(_lexeme, said)),
        unwanted=" | ".join(_lexeme(term) for term in terms if term.is_unwanted),
        longest=max((term.text for term in wanted), key=len).lower(),
    )


def _lexeme(term: Term, *, begun: bool = False) -> str:
    """Quoted, so that no sign in it has a meaning. Words in one pair of quotes have to stand side by side."""
    is_begun = begun and not term.is_phrase and len(term.text) >= PREFIX_FROM
    return fts.quote_lexeme(term.text) + (":*" if is_begun else "")


def tsquery(text: str) -> fts.SearchQuery:
    """One of the texts of `Typed`."""
    return fts.SearchQuery(text, search_type="raw", config=settings.SEARCH_LANGUAGE)


def score(any_begun: Expression, any_whole: Expression) -> Expression:
    """Of an entry: when its post was written, in seconds, and HALF_VALUE more each time that it fits twice as well.

    Nothing in it changes with the hour at which somebody searches, so the pages of one search fit together.
    """
    fits = fts.SearchRank(F("vector"), any_begun, normalization=1) + Value(WHOLE_WORD) * fts.SearchRank(
        F("vector"), any_whole, normalization=1
    )
    doublings = Ln(Greatest(Cast(fits, FloatField()), Value(1e-6))) / Value(math.log(2))
    written = Func(F("at"), template="EXTRACT(EPOCH FROM %(expressions)s)::float8", output_field=FloatField())
    return Cast(written + doublings * Value(HALF_VALUE.total_seconds()), BigIntegerField())


def readable(html: str | Expression) -> Expression:
    """The words of a rendered post (a field or expression): no tags, no link targets, no bare addresses."""
    in_a_line = _replaced(html, "</?(?:a|em|strong|code)(?: [^>]*)?>", "")
    return Left(_replaced(in_a_line, r"<[^>]*>|https?://[^\s<]+", " "), INDEXED_CHARACTERS, output_field=TextField())


def apart(words: str | Expression) -> Expression:
    """`words` (a field or expression) with a space in place of what would join two of them."""
    return _function("translate", words, _JOINERS, " " * len(_JOINERS))


def without(words: Expression, characters: str) -> Expression:
    return _function("translate", words, characters, "")


def vector(words: str | Expression, *, weight: str) -> fts.SearchVector:
    """The tsvector of `words` in the site's language."""
    return fts.SearchVector(apart(words), weight=weight, config=settings.SEARCH_LANGUAGE)


def _replaced(words: str | Expression, pattern: str, by: str) -> Expression:
    return _function("regexp_replace", words, pattern, by, "g")


def _function(name: str, words: str | Expression, *arguments: str) -> Expression:
    expression = F(words) if isinstance(words, str) else words
    return Func(expression, *map(Value, arguments), function=name, output_field=TextField())
