"""What somebody typed into the search field, as conditions for PostgreSQL. Any input gives a valid condition."""

import functools
import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib.postgres import search as fts
from django.db.models import Expression, F, Func, TextField, Value
from django.db.models.functions import Left

from core import text

# What stands in a search beyond so many words, those in quotes too, is not looked for.
MOST_WORDS = 12
# From three letters on, the beginning of a word is enough.
PREFIX_FROM = 3
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


def wanted(terms: Sequence[Term]) -> fts.SearchQueryCombinable | None:
    """What has all wanted terms, words also by their beginning. None where nothing is wanted."""
    parts = [_tsquery(term, prefix=True) for term in terms if not term.is_unwanted]
    return functools.reduce(operator.and_, parts) if parts else None


def any_word(terms: Sequence[Term], *, prefix: bool) -> fts.SearchQueryCombinable | None:
    """What has any word of the wanted terms, with `prefix` also by its beginning, else in whatever form. For ranking.

    Of words that all have to be there PostgreSQL compares every place of one with every place of each other one, which
    in a long post that says them again and again takes as long as a hundred searches.
    """
    # A phrase may hold signs that stand by themselves.
    said = [word for term in terms if not term.is_unwanted for word in term.text.split()]
    words = [Term(word) for word in said if any(map(str.isalnum, word))]
    parts = [_tsquery(word, prefix=prefix) for word in words]
    return functools.reduce(operator.or_, parts) if parts else None


def unwanted(terms: Sequence[Term]) -> Sequence[fts.SearchQuery]:
    return [_tsquery(term, prefix=False) for term in terms if term.is_unwanted]


def _tsquery(term: Term, *, prefix: bool) -> fts.SearchQuery:
    if term.is_phrase:
        return fts.SearchQuery(term.text, search_type="phrase", config=settings.SEARCH_LANGUAGE)
    lexeme = fts.Lexeme(term.text, prefix=prefix and len(term.text) >= PREFIX_FROM)
    return fts.SearchQuery(lexeme, config=settings.SEARCH_LANGUAGE)


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
