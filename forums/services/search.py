"""Keeping what search reads in step with what people wrote."""

import functools
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Exists, F, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from core.together import Change, change, table
from forums.access import search_terms
from forums.models import Board, Post, SearchEntry, SearchWord, Thread, Visibility

# Words that several people use: of what three posts by two people have, nobody can be recognised.
WORD_IN_POSTS, WORD_BY_PEOPLE = 3, 2
WORDS_FROM_NEWEST = 50_000
_TITLE = Case(When(number=1, then=F("thread__title")), default=Value(""), output_field=TextField())


def index_post(post: Post) -> None:
    """Make `post` be found by the words it has in the database now: call it after they are saved.

    An opening post is found by its thread's title, too. One query, in the caller's transaction.
    """
    _index(Post.objects.filter(pk=post.pk))


def indexing_made() -> Change:
    """The same of a post that `core.together.make` makes."""
    return _indexing_made(settings.SEARCH_LANGUAGE)


@functools.cache
def _indexing_made(_language: str) -> Change:
    return Change(*_written(Post.objects.all()))


def index_opening(thread: Thread) -> None:
    """The same for the opening post of `thread`, whose title has changed."""
    _index(Post.objects.filter(thread=thread, number=1))


def unindex(post_ids: Collection[int]) -> int:
    """Keep nothing of posts whose words are erased for good. Says of how many there was something. One query."""
    deleted, _by_model = SearchEntry.objects.filter(post__in=post_ids).delete()
    return deleted


def index_missing(*, limit: int, batch: int = 500) -> int:
    """Index the oldest `limit` posts that have no entry: after an update, a restored dump, a bulk load.

    Says how many there were. Each batch is a transaction of its own, so a stop in between loses nothing.
    """
    lacking = Post.objects.filter(~Exists(SearchEntry.objects.filter(post=OuterRef("pk"))))
    missing = list(lacking.order_by("pk").values_list("pk", flat=True)[:limit])
    for start in range(0, len(missing), batch):
        # Who wrote an entry meanwhile knew newer words.
        _index(Post.objects.filter(pk__in=missing[start : start + batch]), overwrite=False)
    return len(missing)


@transaction.atomic
def reindex(*, after: int, batch: int = 500) -> int | None:
    """Index the next posts after the key `after` anew, because the language has changed. Gives the last key, None
    at the end. Locks these posts, so that an edit at the same time is not overwritten with the words before it."""
    some = Post.objects.filter(pk__gt=after).order_by("pk")
    keys = list(some.select_for_update(no_key=True).values_list("pk", flat=True)[:batch])
    if keys:
        _index(Post.objects.filter(pk__in=keys))
    return keys[-1] if keys else None


def _index(posts: QuerySet[Post], *, overwrite: bool = True) -> None:
    change(Change(*_written(posts, overwrite=overwrite)))


def _written(posts: QuerySet[Post], *, overwrite: bool = True) -> tuple[str, Sequence[Any]]:
    words = search_terms.vector(_TITLE, weight="A") + search_terms.vector(
        search_terms.readable("body_html"), weight="B"
    )
    select, params = posts.values_list("pk", words, "created_at").query.sql_with_params()
    known = "UPDATE SET vector = EXCLUDED.vector, at = EXCLUDED.at" if overwrite else "NOTHING"
    sql = f"INSERT INTO {table(SearchEntry)} (post_id, vector, at) {select} ON CONFLICT (post_id) DO {known}"
    return sql, params


@transaction.atomic
def rebuild_words() -> int:
    """Make the vocabulary that mistyped words are compared with from the newest posts. Says how many words it has.

    Only of posts that every member may read, only words of letters, and only those that several people use: a rare
    word may be a name. Reads WORDS_FROM_NEWEST posts whatever the site's size.
    """
    select, params = _readable_by_all().query.sql_with_params()
    words = table(SearchWord)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {words}")  # noqa: S608 - a table of ours
        cursor.execute(
            f"INSERT INTO {words} (word) SELECT used.lexeme FROM ({select}) AS post (author, words), "  # noqa: S608
            "LATERAL unnest(to_tsvector('simple', post.words)) AS used "
            "WHERE length(used.lexeme) BETWEEN 4 AND 24 AND used.lexeme !~ '[^[:alpha:]]' "
            "GROUP BY used.lexeme HAVING count(*) >= %s AND count(DISTINCT post.author) >= %s ON CONFLICT DO NOTHING",
            [*params, WORD_IN_POSTS, WORD_BY_PEOPLE],
        )
        return int(cursor.rowcount)


def _readable_by_all() -> QuerySet[Post, tuple[int, str]]:
    posts = Post.objects.filter(
        visibility=Visibility.VISIBLE, thread__visibility=Visibility.VISIBLE, thread__merged_into=None
    ).exclude(thread__board__audience=Board.Audience.STAFF)
    body = search_terms.readable("body_html")
    words = search_terms.apart(Concat(_TITLE, Value(" ", output_field=TextField()), body))
    return posts.order_by("-pk").values_list("author_id", words)[:WORDS_FROM_NEWEST]
