"""Boards, threads and posts, and what search reads of them."""

import datetime as dt
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from django.conf import settings
from django.db import connection

from bench import words
from bench.copying import copy, go_on_counting, hurry, insert, text, uuid7, without_indexes
from bench.shape import (
    BIG,
    BOARDS,
    EVEN_POOL,
    FOLLOWED,
    LONG,
    POOL,
    RARE_EVERY,
    SQL_MIXED,
    Shape,
    has_rare_word,
    mixed,
    pool_index,
)
from bench.timeline import Timeline
from core.notes import ContentNote
from forums.models import Board, Post, SearchEntry, SupportType, Thread, Visibility
from forums.services import search

_POST = (
    "id", "public_id", "thread_id", "number", "author_id", "body", "body_html", "visibility", "reply_to", "created_at",
    "version", "edited_at", "thanked_at", "withdrawn_at",
)  # fmt: skip
_THREAD = (
    "id", "public_id", "board_id", "author_id", "disguise", "title", "slug", "support_type", "content_notes", "state",
    "slow_minutes", "visibility", "pinned_until", "last_number", "created_at", "last_post_at", "answered_at",
    "author_wrote_last",
)  # fmt: skip
_HIDDEN = {0: Visibility.HIDDEN, 1: Visibility.FOLDED, 2: Visibility.REMOVED, 3: Visibility.WITHDRAWN}


def fill(shape: Shape, line: Timeline, *, began: dt.datetime, processes: int, told: Callable[[str], None]) -> None:
    began_ms = int(began.timestamp() * 1000)
    boards()
    writer = words.Writer(shape.seed)
    titles = [writer.title() for _ in range(5000)]
    copy(Thread, _THREAD, _threads(shape, line, titles, began_ms))
    told("boards and threads")
    pool = writer.pool()
    told("bodies")
    with without_indexes(Post):
        _share_out(shape, line, pool, began_ms, processes)
        told("posts")
    told("their indexes")
    go_on_counting(Board, Thread, Post)
    with without_indexes(SearchEntry):
        index(shape, line)
        told("what search reads")
    told("its indexes")


def boards() -> None:
    names = {BIG: "Everyday", FOLLOWED: "News of this place", LONG: "Evenings"}
    Board.objects.bulk_create(
        Board(
            pk=key,
            slug=f"board-{key}",
            title=names.get(key, f"Board {key}"),
            purpose="For what is on your mind, in your own words, at your own pace.",
            guidelines="Speak for yourself. Ask before you advise.",
            audience=Board.Audience.EVERYONE if key == BOARDS else Board.Audience.MEMBERS,
            content_notes=[ContentNote.LOSS] if key == BOARDS - 1 else [],
            position=key,
        )
        for key in range(1, BOARDS + 1)
    )


def _when(ms: int) -> str:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC).isoformat()


def _threads(shape: Shape, line: Timeline, titles: Sequence[str], began: int) -> Iterator[str]:
    supports, notes, null = SupportType.values, ContentNote.values, "\\N"
    latest = shape.threads - max(shape.threads // 100, 10)
    for index_, (board, author, size) in enumerate(
        zip(line.thread_board, line.thread_author, line.thread_size, strict=True)
    ):
        key = index_ + 1
        luck = mixed(key, 5)
        title = titles[luck % len(titles)]
        if luck % 50 == 1:
            title = f"{title} {words.rare_word(luck)}"
        created, last = began + line.thread_created[index_], began + line.thread_last[index_]
        answered = _when(began + line.thread_answered[index_]) if line.thread_answered[index_] else null
        chosen = notes[luck % len(notes)] if luck % 4 == 0 else ""
        pinned = _when(last + 90 * 24 * 3600 * 1000) if board == BIG and index_ > latest and luck % 97 == 0 else null
        slow = luck % 500 == 7 and size < shape.long_thread
        state = "slow" if slow else "locked" if luck % 60 == 11 and index_ not in line.waiting else "open"
        if index_ == line.long_thread:
            chosen, state = "", "open"
        yield "\t".join(
            (
                str(key), uuid7(created, key), str(board), str(author),
                str(luck % 1_000_000) if luck % 12 == 5 else null, title, Thread.slug_for(title),
                supports[luck % len(supports)], "{" + chosen + "}", state, "5" if slow else null,
                Visibility.HIDDEN if luck % 700 == 3 and index_ != line.long_thread else Visibility.VISIBLE,
                pinned, str(size), _when(created), _when(last), answered,
                "t" if line.thread_last_author[index_] == author else "f",
            )
        )  # fmt: skip


# --- posts, by several processes --------------------------------------------------------------------------------


def _share_out(shape: Shape, line: Timeline, pool: Sequence[words.Body], began: int, processes: int) -> None:
    """Each process sends its share of the posts over a connection of its own."""
    bounds = [shape.posts * part // processes for part in range(processes + 1)]
    if processes == 1:
        _send(line, pool, began, *bounds)
        return
    connection.close()
    # Forked, so that the lists of the whole history need not be sent to them.
    context = multiprocessing.get_context("fork")
    crew = [context.Process(target=_send, args=(line, pool, began, first, end)) for first, end in pairwise(bounds)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    if any(one.exitcode for one in crew):
        raise SystemExit("A process that loads posts has failed; its last words are above.")
    hurry()


def _send(line: Timeline, pool: Sequence[words.Body], began: int, first: int, end: int) -> None:
    hurry()
    copy(Post, _POST, _posts(line, pool, began, first, end))


def _posts(line: Timeline, pool: Sequence[words.Body], began: int, first: int, end: int) -> Iterator[str]:
    null = "\\N"
    ready = [f"{text(body.body)}\t{text(body.html)}" for body in pool]
    for rank in range(first, end):
        key, thread, number = rank + 1, line.post_thread[rank], line.post_number[rank]
        at, luck, in_long = began + line.post_at[rank], mixed(key, 3), thread == line.long_thread
        when = _when(at)
        body = ready[pool_index(key, in_long_thread=in_long)]
        if has_rare_word(key, in_long_thread=in_long):
            rare = words.with_rare_word(pool[pool_index(key, in_long_thread=in_long)], words.rare_word(key))
            body = f"{text(rare.body)}\t{text(rare.html)}"
        seen = _HIDDEN.get(luck % 1000, Visibility.VISIBLE) if number > 1 else Visibility.VISIBLE
        edited = luck % 20 == 9
        yield (
            f"{key}\t{uuid7(at, key)}\t{thread + 1}\t{number}\t{line.post_author[rank]}\t{body}\t{seen}\t"
            f"{1 + luck % (number - 1) if number > 2 and luck % 3 == 0 else null}\t{when}\t"
            f"{2 if edited else 1}\t{when if edited else null}\t"
            f"{when if number > 1 and luck % 50 == 3 else null}\t{when if seen == Visibility.WITHDRAWN else null}"
        )


# --- search -------------------------------------------------------------------------------------------------------


def index(shape: Shape, line: Timeline) -> None:
    """What the site itself would write, without reading each body anew: many posts have the same one.

    One post of each body is indexed by the site's own service. The others get a copy of that, opening posts with the
    words of their title before it. Posts with words of their own are indexed like the first ones.
    """
    posts, entries, threads = (model._meta.db_table for model in (Post, SearchEntry, Thread))
    body = SQL_MIXED.format(number="p.id", salt=1)
    long_thread = line.long_thread + 1
    which = f"CASE WHEN p.thread_id = {long_thread} THEN {body} %% {EVEN_POOL} ELSE {body} %% {POOL} END"
    rare = f"p.thread_id <> {long_thread} AND {SQL_MIXED.format(number='p.id', salt=2)} %% {RARE_EVERY} = 0"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE pooled AS SELECT min(p.id) AS id, {which} AS body FROM {posts} p "
            f"WHERE p.number > 1 AND NOT ({rare}) GROUP BY 2",
            {},
        )
        cursor.execute("SELECT id FROM pooled ORDER BY id")
        firsts = [row[0] for row in cursor.fetchall()]
    search._index(Post.objects.filter(pk__in=firsts))  # one query instead of two thousand
    title = "setweight(to_tsvector(%(language)s::regconfig, translate(t.title, './\\@:_', '      ')), 'A')"
    insert(
        SearchEntry,
        {
            "post_id": "p.id",
            "at": "p.created_at",
            "vector": f"CASE WHEN p.number = 1 THEN {title} || e.vector ELSE e.vector END",
        },
        f"FROM {posts} p JOIN {threads} t ON t.id = p.thread_id JOIN pooled ON pooled.body = {which} "
        f"JOIN {entries} e ON e.post_id = pooled.id WHERE NOT ({rare}) "
        f"AND NOT EXISTS (SELECT FROM pooled done WHERE done.id = p.id) ORDER BY p.id",
        {"language": settings.SEARCH_LANGUAGE},
    )
    search.index_missing(limit=shape.posts)
    search.rebuild_words()
