"""Which posts with the wanted words are looked at, and the best of them that a reader may see.

One statement, whose work hardly grows with the number of posts that have the words. The newest posts are read one by
one: what many people write about is found there. Where that is too little, older ones are asked for from the index,
from the newest span to the oldest, first by whole words, because beginnings of words cost the index more, and until
there are enough. All of these are ranked by what stands in their entries. Who may see them is looked up last, from
the best one on, until a page is full.

Each step is fenced off with LIMIT, OFFSET or MATERIALIZED. Left alone, PostgreSQL trusts its guess at how rare words
are, and where it is wrong, it reads a million posts.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.contrib.postgres.search import SearchQueryField
from django.db import connection
from django.db.models import BooleanField, Model, QuerySet
from django.db.models.expressions import RawSQL

from forums.access.search_terms import SearchQuery, Typed, score, tsquery
from forums.models import IN_SPANS, SPANS, Board, Post, SearchEntry, Thread, Viewer

# So many posts are read one by one, until so many of them match; of a board the last ones in so many threads.
NEWEST, MOST = 1 << SPANS[0], 500
NEWEST_THREADS, OF_EACH = 200, 50
# One's own posts are all read.
MOST_OWN = 2000
# With so many matches among them, older posts are left alone; else so many older matches are taken at most. Whether a
# match is on the board or of the support type that was chosen is looked up for each, so a few pages have to do there.
ENOUGH, OLDER = 200, 300
NARROWED_ENOUGH, NARROWED_OLDER = 60, 100

type Sql = tuple[str, Sequence[Any]]
_ALL: Sql = ("TRUE", ())

_BEST = """
WITH typed AS MATERIALIZED (
    SELECT {begun} AS begun, {whole} AS whole, {any_begun} AS any_begun, {any_whole} AS any_whole,
        {unwanted} AS unwanted
),
tip AS MATERIALIZED (SELECT max(post_id) AS id FROM {entries}),
newest AS MATERIALIZED (
    SELECT post_id, at, {score} AS score
    FROM ({newest}) AS {entries}
    WHERE vector @@ (SELECT begun FROM typed) AND {others} AND {among_newest}
    LIMIT {most}
),
slice AS MATERIALIZED (
    SELECT turn, wanted, tip.id - behind AS upto, tip.id - until AS beyond, (
        SELECT array_agg(span << 3 | nth)
        FROM generate_series(greatest(tip.id - until, 0) >> digits, (tip.id - behind) >> digits) AS span
    ) AS spans
    FROM tip, (VALUES {turns}) AS turns (turn, wanted), (VALUES {slices}) AS slices (behind, until, digits, nth)
    ORDER BY turn, behind
),
older AS MATERIALIZED (
    SELECT found.post_id, found.at, found.score
    FROM slice CROSS JOIN LATERAL (
        SELECT post_id, at, {score} AS score
        FROM {entries}
        WHERE {in_spans} && slice.spans AND vector @@ slice.wanted
            AND NOT (slice.turn > 1 AND vector @@ (SELECT whole FROM typed))
            AND post_id + 0 <= slice.upto AND post_id + 0 > slice.beyond AND {others} AND {among}
        ORDER BY post_id + 0 DESC LIMIT {older}
    ) AS found
    WHERE (SELECT count(*) FROM newest) < {enough}
    LIMIT {older}
)
SELECT candidate.post_id
FROM (
    SELECT * FROM (SELECT * FROM newest UNION SELECT * FROM older) AS ranked
    WHERE {here} ORDER BY score DESC, post_id DESC OFFSET 0
) AS candidate
WHERE {seen}
ORDER BY candidate.score DESC, candidate.post_id DESC LIMIT {number}
"""
_NEWEST = "SELECT * FROM {entries} WHERE post_id > (SELECT id FROM tip) - {read} ORDER BY post_id DESC LIMIT {read}"
_LAST_IN_THREADS = """
SELECT entry.* FROM ({threads}) AS thread (id)
CROSS JOIN LATERAL (SELECT id FROM {posts} WHERE thread_id = thread.id ORDER BY number DESC LIMIT {each}) AS post
CROSS JOIN LATERAL (SELECT * FROM {entries} WHERE post_id = post.id OFFSET 0) AS entry
"""
_OWN = """
SELECT entry.* FROM ({own}) AS post (id)
CROSS JOIN LATERAL (SELECT * FROM {entries} WHERE post_id = post.id OFFSET 0) AS entry
"""


def best(
    viewer: Viewer,
    query: SearchQuery,
    typed: Typed,
    *,
    seen: QuerySet[Post],
    after: tuple[int, int] | None,
    number: int,
) -> RawSQL:
    """Whether a post is among the `number` best ones of `seen`, as a condition.

    Best are those with the highest score, and of the same score the newest. `after`: the score and the key of the last
    one on the page before. Of `query` it matters where to look.
    """
    once, twice = "(1, (SELECT whole FROM typed))", ", (2, (SELECT begun FROM typed))"
    parts = _newest(viewer, query) | {
        "begun": _compiled(tsquery(typed.begun)),
        "whole": _compiled(tsquery(typed.whole)),
        "any_begun": _compiled(tsquery(typed.any_begun)),
        "any_whole": _compiled(tsquery(typed.any_whole)),
        "unwanted": _compiled(tsquery(typed.unwanted)) if typed.unwanted else ("NULL::tsquery", ()),
        "entries": (_name(SearchEntry), ()),
        "posts": (_name(Post), ()),
        "score": _compiled(score(_typed("any_begun"), _typed("any_whole"))),
        "in_spans": _compiled(IN_SPANS),
        "others": ("NOT vector @@ (SELECT unwanted FROM typed)", ()) if typed.unwanted else _ALL,
        "among": _among(query),
        "turns": (once if typed.begun == typed.whole else once + twice, ()),
        "slices": _slices(behind=0 if query.board else NEWEST),
        "here": _here(query, after),
        "seen": _is_one_of(seen, "candidate.post_id"),
        "number": (str(number), ()),
    }
    sql, params = _filled(_BEST, parts)
    return RawSQL(f"{_name(Post)}.id = ANY (ARRAY ({sql}))", params, output_field=BooleanField())  # noqa: S611 - of compiled parts


def _typed(name: str) -> RawSQL:
    """Made once: where the same statement is asked again with other words, PostgreSQL makes it for each row else."""
    return RawSQL(f"(SELECT {name} FROM typed)", (), output_field=SearchQueryField())  # noqa: S608, S611 - a name of ours


def _newest(viewer: Viewer, query: SearchQuery) -> dict[str, Sql]:
    """What is read one by one, and how many matches there make up for older ones."""
    if query.mine:
        own = _posts(query).filter(author=viewer.pk).order_by("-pk").values("pk")
        bounds = {"enough": ("0", ()), "older": ("0", ()), "most": (str(MOST_OWN), ())}
        return bounds | {"newest": (_OWN, ()), "own": own.query.sql_with_params(), "among_newest": _ALL}
    few = {"most": (str(MOST), ()), "enough": (str(NARROWED_ENOUGH), ()), "older": (str(NARROWED_OLDER), ())}
    if query.board:
        last = _threads(query).order_by("-last_post_at", "-pk").values("pk")[:NEWEST_THREADS]
        newest = {"newest": (_LAST_IN_THREADS, ()), "threads": last.query.sql_with_params(), "each": (str(OF_EACH), ())}
        return few | newest | {"among_newest": _ALL}
    many = {"most": (str(MOST), ()), "enough": (str(ENOUGH), ()), "older": (str(OLDER), ())}
    read = {"newest": (_NEWEST, ()), "read": (str(NEWEST), ()), "among_newest": _among(query)}
    return (few if query.support_type else many) | read


def _threads(query: SearchQuery) -> QuerySet[Thread]:
    threads = Thread.objects.all()
    if query.board:
        threads = threads.filter(board=Board.objects.filter(slug=query.board).values("pk")[:1])
    return threads.filter(support_type=query.support_type) if query.support_type else threads


def _posts(query: SearchQuery) -> QuerySet[Post]:
    is_narrowed = query.board or query.support_type
    return Post.objects.filter(thread__in=_threads(query)) if is_narrowed else Post.objects.all()


def _among(query: SearchQuery) -> Sql:
    """Whether an entry is of a post to which the search is narrowed down."""
    is_narrowed = query.board or query.support_type
    return _is_one_of(_posts(query), f"{_name(SearchEntry)}.post_id") if is_narrowed else _ALL


def _is_one_of(posts: QuerySet[Post], key: str) -> Sql:
    """Looked up for one key at a time: a subquery with a value is never turned into a join."""
    sql, params = posts.filter(pk=RawSQL(key, ())).values("pk").query.sql_with_params()  # noqa: S611 - a column of ours
    return f"({sql}) IS NOT NULL", params


def _slices(*, behind: int) -> Sql:
    """How far behind the newest post slices begin and end, and by which spans they are found: four or so of each."""
    edges = [behind, *(1 << digits for digits in SPANS[1:]), 1 << 62]
    rows = [(*edge, digits, nth) for nth, (edge, digits) in enumerate(zip(pairwise(edges), SPANS, strict=True))]
    return ", ".join(str(row) for row in rows), ()


def _here(query: SearchQuery, after: tuple[int, int] | None) -> Sql:
    """Whether a match is on this page or behind it. The newest were looked at first, so dates can come last."""
    conditions, params = ["TRUE"], list[Any]()
    if query.since:
        conditions.append("at >= %s")
        params.append(query.since)
    if after:
        conditions.append("(score, post_id) < (%s, %s)")
        params += after
    return " AND ".join(conditions), params


def _name(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - public by Django's word


def _compiled(expression: Any) -> Sql:
    """`expression` about an entry. Parts of the table bear its name, so it fits them as well."""
    query = SearchEntry.objects.all().query
    sql, params = query.get_compiler(connection=connection).compile(expression.resolve_expression(query))
    return sql, tuple(params)


def _filled(template: str, parts: Mapping[str, Sql]) -> Sql:
    """`template` with the parts that it names, and these with theirs; the values in the order of their places."""
    filled: list[Any] = []
    pieces = re.split(r"\{(\w+)\}", template)
    for nth, piece in enumerate(pieces):
        if nth % 2:
            sql, params = parts[piece]
            sql, inner = _filled(sql, parts)
            pieces[nth] = sql
            filled += [*inner, *params]
    return "".join(pieces), filled
