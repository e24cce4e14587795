"""What is shown of a post that was found: whose it is, where it stands, and the passage that fits."""

import datetime as dt
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.search import SearchHeadline, SearchQueryCombinable
from django.db.models import Case, Expression, When
from django.db.models.functions import Left, Length, Right
from django.db.models.lookups import LessThanOrEqual

from forums.access import search_terms
from forums.disguise import Shown, shown
from forums.models import Post, SupportType, Viewer

# Around found words in Hit.passage. Private to Unicode, and taken out of members' words.
MARK_START, MARK_STOP = "\ue000", "\ue001"
# Shorter posts are shown whole.
WHOLE_UP_TO = 200
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


def hits(viewer: Viewer, ids: Sequence[int], wanted: SearchQueryCombinable) -> Sequence[Hit]:
    """The hits of one page, in the order of `ids`. One query; passages are looked for in these posts only."""
    if not ids:
        return []
    words = search_terms.without(search_terms.readable("body_html"), MARK_START + MARK_STOP)
    rows = Post.objects.filter(pk__in=ids).values(
        "pk", "public_id", "number", "author_id", "author__username", "author__public_id", "created_at",
        "thread__title", "thread__author_id", "thread__disguise", "thread__support_type", "thread__content_notes",
        "thread__board__title", "thread__board__content_notes",
        passage=_passage(words, wanted), beginning=Left(words, _EDGE), end=Right(words, _EDGE),
    )  # fmt: skip
    by_id = {row["pk"]: row for row in rows}
    return [_hit(viewer, by_id[pk]) for pk in ids if pk in by_id]


def _passage(words: Expression, wanted: SearchQueryCombinable) -> Case:
    marks = {"config": settings.SEARCH_LANGUAGE, "start_sel": MARK_START, "stop_sel": MARK_STOP}
    return Case(
        When(
            LessThanOrEqual(Length(words), WHOLE_UP_TO),
            then=SearchHeadline(words, wanted, highlight_all=True, **marks),
        ),
        default=SearchHeadline(
            words, wanted, max_words=32, min_words=16, max_fragments=2, fragment_delimiter=" … ", **marks
        ),
    )


def _hit(viewer: Viewer, row: Mapping[str, Any]) -> Hit:
    starter = row["author_id"] == row["thread__author_id"]
    return Hit(
        public_id=row["public_id"],
        number=row["number"],
        title=row["thread__title"],
        author=shown(
            name=row["author__username"],
            public_id=row["author__public_id"],
            disguise=row["thread__disguise"] if starter else None,
        ),
        board_title=row["thread__board__title"],
        support_type=SupportType(row["thread__support_type"]),
        touched=[*row["thread__content_notes"], *row["thread__board__content_notes"]],
        written_at=row["created_at"],
        in_own_thread=row["thread__author_id"] == viewer.pk,
        passage=_with_edges(*map(_line, (row["passage"], row["beginning"], row["end"]))),
    )


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
