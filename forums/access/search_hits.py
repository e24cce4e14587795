"""What is shown of a post that was found: whose it is, where it stands, and the passage that fits."""

import datetime as dt
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.search import SearchConfig, SearchQueryCombinable
from django.db.models import Expression, F, Func, JSONField, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from forums.access import search_terms
from forums.boundaries import without_html
from forums.disguise import Shown, shown
from forums.models import Post, SupportType, Viewer
from members.access.boundaries import Boundaries
from members.filters import readable
from members.kept import Kept, kept, lines_of

# Around found words in Hit.passage. Private to Unicode, and taken out of members' words.
MARK_START, MARK_STOP = "\ue000", "\ue001"
# Shorter posts are shown whole.
WHOLE_UP_TO = 200
# So many characters of a post are looked through for a passage, so many of them before the first place that fits.
_WINDOW, _BEFORE = 4000, 300
_EDGE = 40
_PUNCTUATION = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found. `passage` is text, not HTML, with MARK_START and MARK_STOP around what matched."""

    public_id: UUID
    number: int
    title: str
    author: Shown
    board_title: str
    support_type: SupportType
    touched: Sequence[str]
    written_at: dt.datetime
    in_own_thread: bool
    passage: str
    kept: Kept


FIELDS = (
    "pk", "public_id", "number", "author_id", "author__username", "author__public_id", "created_at",
    "thread__title", "thread__author_id", "thread__disguise", "thread__support_type", "thread__content_notes",
    "thread__board__title", "thread__board__content_notes", "score", "passage", "whole",
)  # fmt: skip


def rows(posts: QuerySet[Post], typed: search_terms.Typed, *, whole: bool) -> QuerySet[Post, tuple[Any, ...]]:
    """What `hits` needs of the posts of one page, as FIELDS; they have a score. Passages are looked for in these posts
    only. `whole`: with all their words, for a reader who may not meet some of them.
    """
    words = search_terms.without(search_terms.readable("body_html"), MARK_START + MARK_STOP)
    passage = _Passage(words, search_terms.tsquery(typed.begun), typed.longest)
    return posts.annotate(passage=passage, whole=F("body_html") if whole else Value("")).values_list(*FIELDS)


def needs_whole(viewer: Viewer) -> bool:
    """Whether there may be something in the words of a post that this reader does not meet."""
    lines = lines_of(viewer)
    return bool(lines.filters or lines.parted)


def hits(viewer: Viewer, found: Sequence[tuple[Any, ...]]) -> Sequence[Hit]:
    """What is shown of these `rows`, in their order, less those that the reader's filters hide."""
    lines = lines_of(viewer)
    shown_of = [_hit(viewer, dict(zip(FIELDS, row, strict=True)), lines) for row in found]
    return [hit for hit in shown_of if hit.kept != Kept.HIDDEN]


class _Passage(Func):
    """Of `words`, the passage that fits `wanted` best, and their edges: {"found": …, "beginning": …, "end": …}.

    The words are made once, and looked through in a window only, because that costs more than finding the post: from
    their beginning, or from shortly before `near` where that first comes late. Where nothing in the window fits, its
    beginning is the passage.
    """

    output_field = JSONField()

    def __init__(self, words: Expression, wanted: SearchQueryCombinable, near: str) -> None:
        marks = f'StartSel="{MARK_START}", StopSel="{MARK_STOP}"'
        parts = f'{marks}, MaxWords=32, MinWords=16, MaxFragments=2, FragmentDelimiter=" … "'
        language = SearchConfig(settings.SEARCH_LANGUAGE)
        super().__init__(language, wanted, Value(f"{marks}, HighlightAll=true"), Value(parts), Value(near), words)

    def as_sql(self, compiler: SQLCompiler, *_connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:
        compiled = [compiler.compile(expression) for expression in self.get_source_expressions()]
        language, wanted, whole, parts, near, words = [sql for sql, _params in compiled]
        # OFFSET keeps PostgreSQL from working an expression out anew wherever it is used.
        made = f"SELECT {near}::text AS near, {words} AS words OFFSET 0"
        placed = f"SELECT words, strpos(lower(words), near) AS place FROM ({made}) AS made OFFSET 0"  # noqa: S608 - of compiled parts
        begin = f"CASE WHEN place > {_WINDOW - _BEFORE} THEN place - {_BEFORE} ELSE 1 END"
        options = f"CASE WHEN length(words) <= {WHOLE_UP_TO} THEN {whole} ELSE {parts} END"
        found = f"ts_headline({language}, substr(words, {begin}, {_WINDOW}), {wanted}, {options})"
        edges = f"'beginning', left(words, {_EDGE}), 'end', right(words, {_EDGE})"
        sql = f"(SELECT jsonb_build_object('found', {found}, {edges}) FROM ({placed}) AS placed)"  # noqa: S608 - as above
        return sql, tuple(param for _sql, params in compiled for param in params)


def _hit(viewer: Viewer, row: Mapping[str, Any], lines: Boundaries) -> Hit:
    starter = row["author_id"] == row["thread__author_id"]
    disguise = row["thread__disguise"] if starter else None
    return Hit(
        public_id=row["public_id"],
        number=row["number"],
        title=row["thread__title"],
        author=shown(
            name=row["author__username"],
            public_id=row["author__public_id"],
            disguise=disguise,
        ),
        board_title=row["thread__board__title"],
        support_type=SupportType(row["thread__support_type"]),
        touched=[*row["thread__content_notes"], *row["thread__board__content_notes"]],
        written_at=row["created_at"],
        in_own_thread=row["thread__author_id"] == viewer.pk,
        passage=_passage(row, lines),
        kept=kept(
            lines,
            author_id=row["author_id"],
            viewer_id=viewer.pk,
            disguised=disguise is not None,
            texts=[row["thread__title"], row["whole"]],
        ),
    )


def _passage(row: Mapping[str, Any], lines: Boundaries) -> str:
    """What fits best; where somebody from beyond a block is quoted or named in the post, how the rest of it begins."""
    html_words = row["whole"]
    left = without_html(html_words, lines.parted)
    if left != html_words:
        words = _line(readable(left))
        return words if len(words) <= WHOLE_UP_TO else words[:WHOLE_UP_TO].rpartition(" ")[0] + " …"
    passage = json.loads(row["passage"]) if isinstance(row["passage"], str) else row["passage"]
    return _with_edges(*[_line(passage[part]) for part in ("found", "beginning", "end")])


def _line(words: str) -> str:
    return " ".join(html.unescape(words).split())


def _with_edges(passage: str, beginning: str, end: str) -> str:
    """`passage` with an ellipsis where the post begins before it and where it goes on after it."""
    bare = passage.replace(MARK_START, "").replace(MARK_STOP, "")
    # PostgreSQL gives a passage from a word to a word, without the full stop; so punctuation does not count.
    first, last = _PUNCTUATION.sub("", beginning)[:15], _PUNCTUATION.sub("", end)[-15:]
    words = _PUNCTUATION.sub("", bare)
    before = "" if words.startswith(first) else "… "
    after = "" if words.endswith(last) else " …"
    return before + passage + after
