"""What somebody may have meant to type."""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import QuerySet, Value

from forums.access.search_terms import Term
from forums.models import SearchWord

# Shorter words have too many neighbours; and a search has few words.
SHORTEST, MOST_WORDS, NEIGHBOURS = 4, 8, 20


def corrected(terms: Sequence[Term]) -> Sequence[Term] | None:
    """The same terms with each word that nobody uses replaced by the nearest that people here do use; None
    where there is none. One query.

    Says nothing about who may see the word: show it only together with something that was found by it.
    """
    typed = sorted({term.text.lower() for term in terms if _can_be_wrong(term)})[:MOST_WORDS]
    meant = _nearest(typed) if typed else {}
    if not meant:
        return None
    return [
        replace(term, text=meant[term.text.lower()]) if _can_be_wrong(term) and term.text.lower() in meant else term
        for term in terms
    ]


def _can_be_wrong(term: Term) -> bool:
    return len(term.text) >= SHORTEST and not term.is_phrase and not term.is_unwanted


def _nearest(typed: Sequence[str]) -> dict[str, str]:
    """The word that is meant for each typed one, where the two differ: the nearest, or one that begins like it."""
    first, *others = [_neighbours(word) for word in typed]
    found: dict[str, tuple[int, float, str]] = {}
    for word, near, similarity in first.union(*others, all=True):
        # A stem can be shorter than what was typed of a word: “medication” is indexed as “medic”.
        away = 1 if near.startswith(word) and near != word else slips(word, near)
        if away <= slips_allowed(word):
            found[word] = min(found.get(word, (away, -similarity, near)), (away, -similarity, near))
    return {word: near for word, (away, _similarity, near) in found.items() if away}


def _neighbours(word: str) -> QuerySet[SearchWord, tuple[str, str, float]]:
    alike = SearchWord.objects.filter(word__trigram_similar=word)
    nearest = alike.annotate(typed=Value(word), similarity=TrigramSimilarity("word", word))
    return nearest.order_by("-similarity", "word").values_list("typed", "word", "similarity")[:NEIGHBOURS]


def slips_allowed(word: str) -> int:
    """One in short words and two in others, as Elasticsearch's “fuzziness: AUTO” has it."""
    return 1 if len(word) <= 5 else 2


def slips(one: str, other: str) -> int:
    """How many letters were left out, added, exchanged or swapped with their neighbour between two words.

    The optimal string alignment distance: four in five mistyped words differ by one such slip (Damerau 1964).
    """
    before = last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, letter_there in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != letter_there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == letter_there:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
