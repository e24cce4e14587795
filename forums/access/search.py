"""Finding posts by their words, as one reader may find them.

See docs/decisions/search-in-postgresql.md for the reasons behind the numbers.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.contrib.postgres.search import SearchQueryCombinable, SearchRank, TrigramWordSimilarity
from django.db.models import BigIntegerField, F, FloatField, Func, QuerySet, Value
from django.db.models.functions import Cast, Greatest, Ln

from core.pagination import Page, keyset_page
from forums.access import search_terms, spelling
from forums.access.search_hits import Hit, hits
from forums.models import Post, SearchEntry, Thread, Viewer, Visibility

RESULTS_A_PAGE = 20
# Only the newest matches are ranked, so that a word that everybody uses costs little.
CANDIDATES = 2000
# Fewer where several have to be looked at for each that counts.
NARROWED_CANDIDATES = 500
# A post that is this much older comes equal when it fits twice as well.
HALF_VALUE = dt.timedelta(days=180)
# A whole word counts four times as much as the beginning of another one.
WHOLE_WORD = 3.0


@dataclass(frozen=True)
class SearchQuery:
    """What is looked for: words as typed, and where. `mine` keeps to what the reader wrote."""

    words: str
    board: str = ""
    support_type: str = ""
    since: dt.datetime | None = None
    mine: bool = False

    @cached_property
    def terms(self) -> Sequence[search_terms.Term]:
        return search_terms.first_words(search_terms.parse(self.words))

    @property
    def is_cut(self) -> bool:
        """Whether more was typed than is looked for."""
        return set(self.terms) != set(search_terms.parse(self.words))


@dataclass(frozen=True)
class Found:
    """A page of hits; `instead` are the words that found them where those that were typed found nothing, and
    `by_title` is true where only titles come close to them."""

    page: Page[Hit]
    instead: str | None = None
    by_title: bool = False


def find_posts(viewer: Viewer, query: SearchQuery, cursor: str | None) -> Found:
    """What `viewer` finds by `query`, and where that is nothing, by what they may have meant to type.

    Two queries, at most five where nothing is found at once. A correction is only told with something found.
    """
    page = search_posts(viewer, query, cursor)
    if page.items or not page.is_first:
        return Found(page)
    if meant := spelling.corrected(query.terms):
        instead = replace(query, words=" ".join(map(str, meant)))
        if (page := search_posts(viewer, instead, None)).items:
            return Found(page, instead=instead.words)
    page = _by_title(viewer, query)
    return Found(page, by_title=bool(page.items))


def search_posts(viewer: Viewer, query: SearchQuery, cursor: str | None) -> Page[Hit]:
    """One page of posts that `viewer` may see and meets in lists, those that fit best and are newest first.

    Two queries, one where nothing is found; their work is bounded by CANDIDATES.
    """
    wanted = search_terms.wanted(query.terms)
    begun, whole = (search_terms.any_word(query.terms, prefix=prefix) for prefix in (True, False))
    if wanted is None or begun is None or whole is None:
        return Page([], None)
    newest = SearchEntry.objects.filter(post__in=_newest(viewer, query, wanted))
    ranked = newest.filter(post__in=_posts(viewer, query)).annotate(score=_score(begun, whole))
    page = keyset_page(
        ranked.values("post_id", "score"), order=["-score", "-post_id"], size=RESULTS_A_PAGE, cursor=cursor
    )
    return replace(page, items=hits(viewer, [row["post_id"] for row in page.items], query.terms))


def _newest(viewer: Viewer, query: SearchQuery, wanted: SearchQueryCombinable) -> QuerySet[SearchEntry, int]:
    """The newest CANDIDATES posts with the wanted words, whoever may see them.

    PostgreSQL walks back from the newest post where a word is in many of them, and asks the index where it is in
    few. So what narrows the search down stands here, and what nearly every post passes does not.
    """
    entries = SearchEntry.objects.filter(vector=wanted)
    for unwanted in search_terms.unwanted(query.terms):
        entries = entries.exclude(vector=unwanted)
    # How rare a phrase is nobody knows beforehand, only how rare its words are: a sum is in no order of the table, so
    # phrases are always looked up in the index.
    key = F("post_id") + 0 if any(term.is_phrase for term in query.terms) else F("post_id")
    bound = NARROWED_CANDIDATES if query.board or query.support_type else CANDIDATES
    return _narrowed(entries, viewer, query).order_by(key.desc()).values_list("post_id", flat=True)[:bound]


def _narrowed(entries: QuerySet[SearchEntry], viewer: Viewer, query: SearchQuery) -> QuerySet[SearchEntry]:
    if query.board:
        entries = entries.filter(post__thread__board__slug=query.board)
    if query.support_type:
        entries = entries.filter(post__thread__support_type=query.support_type)
    return entries.filter(post__author=viewer.pk) if query.mine else entries


def _posts(viewer: Viewer, query: SearchQuery) -> QuerySet[Post]:
    """What may be found at all: words that everybody who meets the thread in lists can read there."""
    threads = Thread.objects.listed_for(viewer).filter(visibility=Visibility.VISIBLE)
    posts = Post.objects.readable_by(viewer).filter(thread__in=threads, visibility=Visibility.VISIBLE)
    # The newest were taken first, so a date can be looked at last.
    return posts.filter(created_at__gte=query.since) if query.since else posts


def _score(begun: SearchQueryCombinable, whole: SearchQueryCombinable) -> Cast:
    """When the post was written, in seconds, and HALF_VALUE more each time that it fits twice as well.

    Nothing in it changes with the hour at which somebody searches, so the pages of one search fit together.
    """
    fits = SearchRank(F("vector"), begun, normalization=1) + Value(WHOLE_WORD) * SearchRank(
        F("vector"), whole, normalization=1
    )
    doublings = Ln(Greatest(Cast(fits, FloatField()), Value(1e-6))) / Value(math.log(2))
    written = Func(F("at"), template="EXTRACT(EPOCH FROM %(expressions)s)::float8", output_field=FloatField())
    return Cast(written + doublings * Value(HALF_VALUE.total_seconds()), BigIntegerField())


def _by_title(viewer: Viewer, query: SearchQuery) -> Page[Hit]:
    """The opening posts of threads whose title has something like the typed words in it, the likest first."""
    words = " ".join(term.text for term in query.terms if not term.is_unwanted)
    if not words:
        return Page([], None)
    titles = SearchEntry.objects.filter(post__number=1, post__thread__title__trigram_word_similar=words)
    alike = _narrowed(titles, viewer, query).filter(post__in=_posts(viewer, query))
    likest = alike.annotate(near=TrigramWordSimilarity(words, "post__thread__title")).order_by("-near", "-post_id")
    return Page(hits(viewer, list(likest.values_list("post_id", flat=True)[:RESULTS_A_PAGE]), query.terms), None)
