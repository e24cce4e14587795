"""Finding posts by their words, as one reader may find them.

See docs/decisions/search-in-postgresql.md for the reasons behind the numbers.
"""

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery

from core.built import BuiltByRules
from core.pagination import Page, cursor_after, read_cursor
from forums.access import search_candidates, search_terms, spelling
from forums.access.search_hits import FIELDS, Hit, hits, needs_whole, rows
from forums.access.search_terms import SearchQuery, Typed
from forums.models import Post, SearchEntry, Thread, Viewer, Visibility
from members.models import Member
from members.stand_in import READER, rules_of, stand_in

RESULTS_A_PAGE = 20


@dataclass(frozen=True)
class Found:
    """A page of hits; `instead` are the words that found them where those that were typed found nothing, and
    `by_title` is true where only titles come close to them."""

    page: Page[Hit]
    instead: str | None = None
    by_title: bool = False


def find_posts(viewer: Member, query: SearchQuery, cursor: str | None) -> Found:
    """What `viewer` finds by `query`, and where that is nothing, by what they may have meant to type.

    One query, at most four where nothing is found at once. A correction is only told with something found.
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


def search_posts(viewer: Member, query: SearchQuery, cursor: str | None) -> Page[Hit]:
    """One page of posts that `viewer` may see and meets in lists, those that fit best and are newest first.

    One query, whose work search_candidates bounds.
    """
    typed = search_terms.typed(query.terms)
    if typed is None:
        return Page([], None)
    after = read_cursor(cursor, [BigIntegerField(), BigIntegerField()])
    score, key = after or (None, None)
    values = {"reader": viewer.pk, "board": query.board, "since": query.since, "score": score, "key": key}
    found = _BEST.rows(
        values | asdict(typed),
        **rules_of(viewer),
        board=bool(query.board),
        support_type=query.support_type,
        since=query.since is not None,
        mine=query.mine,
        onward=after is not None,
        begins=typed.begun != typed.whole,
        leaves_out=bool(typed.unwanted),
        whole=needs_whole(viewer),
    )
    found.sort(key=_rank, reverse=True)
    more = _cursor(found[RESULTS_A_PAGE - 1]) if len(found) > RESULTS_A_PAGE else None
    return Page(hits(viewer, found[:RESULTS_A_PAGE]), more, is_first=after is None)


def _best(
    *,
    board: bool,
    support_type: str,
    since: bool,
    mine: bool,
    onward: bool,
    begins: bool,
    leaves_out: bool,
    whole: bool,
    **rules: Hashable,
) -> QuerySet[Post, tuple[Any, ...]]:
    viewer = stand_in(rules)
    typed = replace(
        _TYPED, begun=_TYPED.begun if begins else _TYPED.whole, unwanted=_TYPED.unwanted if leaves_out else ""
    )
    where = SearchQuery("", _BOARD if board else "", support_type, _SINCE if since else None, mine)
    after = (_SCORE, _KEY) if onward else None
    best = search_candidates.best(viewer, where, typed, seen=_seen(viewer), after=after, number=RESULTS_A_PAGE + 1)
    score = search_terms.score(search_terms.tsquery(typed.any_begun), search_terms.tsquery(typed.any_whole))
    of_post = SearchEntry.objects.filter(post=OuterRef("pk")).values(score=score)
    return rows(Post.objects.filter(best).annotate(score=Subquery(of_post)), typed, whole=whole)


# Nobody typed these words, no post has these numbers, and nothing was written then.
_TYPED = Typed(*[f"blank {field.name} blank" for field in fields(Typed)])
_BOARD, _SINCE = "blank board blank", dt.datetime(1913, 5, 7, 11, 13, 17, tzinfo=dt.UTC)
_SCORE, _KEY = -(2**50) - 8191, -(2**51) - 8191
_BLANKS = {"reader": READER, "board": _BOARD, "since": _SINCE, "score": _SCORE, "key": _KEY} | asdict(_TYPED)
# What moderators find does not depend on who they are.
_BEST = BuiltByRules(_best, _BLANKS, always="any_whole")


def _rank(row: Sequence[Any]) -> tuple[float, int]:
    return row[FIELDS.index("score")], row[FIELDS.index("pk")]


def _cursor(row: Sequence[Any]) -> str:
    return cursor_after(dict(zip(FIELDS, row, strict=True)), ["-score", "-pk"])


def _seen(viewer: Viewer) -> QuerySet[Post]:
    """What may be found at all: words that everybody who meets the thread in lists can read there."""
    threads = Thread.objects.listed_for(viewer).filter(visibility=Visibility.VISIBLE)
    return Post.objects.readable_by(viewer).filter(thread__in=threads, visibility=Visibility.VISIBLE)


def _by_title(viewer: Member, query: SearchQuery) -> Page[Hit]:
    """The opening posts of threads whose title has something like the typed words in it, the likest first."""
    typed = search_terms.typed(query.terms)
    if typed is None:
        return Page([], None)
    words = " ".join(term.text for term in query.terms if not term.is_unwanted)
    titles = _narrowed(_seen(viewer), viewer, query).filter(number=1, thread__title__trigram_word_similar=words)
    near = TrigramWordSimilarity(words, "thread__title")
    likest = titles.annotate(score=near).order_by("-score", "-pk").values("pk")[:RESULTS_A_PAGE]
    found = rows(Post.objects.filter(pk__in=likest).annotate(score=near), typed, whole=needs_whole(viewer))
    return Page(hits(viewer, sorted(found, key=_rank, reverse=True)), None)


def _narrowed(posts: QuerySet[Post], viewer: Member, query: SearchQuery) -> QuerySet[Post]:
    if query.board:
        posts = posts.filter(thread__board__slug=query.board)
    if query.support_type:
        posts = posts.filter(thread__support_type=query.support_type)
    if query.since:
        posts = posts.filter(created_at__gte=query.since)
    return posts.filter(author=viewer.pk) if query.mine else posts
