"""Drafts: everybody's own, and nobody else's."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Func, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject, Left, NullIf
from django.http import Http404

from core.pagination import Page, keyset_page
from forums.asked import ask
from forums.models import Board, Draft, Post, Thread
from members.models import Member

DRAFTS_A_PAGE = 20
# What a list shows of a draft's words.
BEGINNING = 240
_KEPT_FIELDS = ("id", "body", "fields", "sequence", "updated_at")


def drafts_in(member: Member, place: Thread | Board) -> Q:
    """Which draft is meant: the reply in a thread, or the thread for a board."""
    return Q(member=member, thread=place) if isinstance(place, Thread) else Q(member=member, board=place)


def draft_in(member: Member, place: Thread | Board) -> Mapping[str, Any] | None:
    """What `member` began to write there: body, fields, sequence, submission. One query."""
    drafts = Draft.objects.filter(drafts_in(member, place))
    return drafts.values("body", "fields", "sequence", "submission").first()


def has_draft_in(member: Member, place: Thread | Board) -> bool:
    """Whether `member` began to write there. One query."""
    return bool(ask(_of_place, member, {"thread" if isinstance(place, Thread) else "board": place.pk}))


def _of_place(reader: Member, **place: int) -> QuerySet[Any, Any]:
    return Draft.objects.filter(member=reader, **place).values_list("id")[:1]


@dataclass(frozen=True, slots=True)
class Begun:
    """What `member` began to write there, whether its form was posted, and whether they have as many drafts as one can
    have."""

    draft: Draft | None
    is_posted: bool
    are_too_many: bool


def begun_in(member: Member, place: Thread | Board, *, submission: UUID | None, at_most: int) -> Begun:
    """One query."""
    left_open: dict[str, Any] = {"thread" if isinstance(place, Thread) else "board": place.pk}
    if submission is not None:
        left_open["submission"] = submission
    ((kept, is_posted, are_too_many),) = ask(_begun, member, left_open, at_most=at_most)
    return Begun(_draft(member, json.loads(kept)) if kept else None, is_posted, are_too_many)


def _begun(
    reader: Member, *, thread: int = 0, board: int = 0, submission: UUID | None = None, at_most: int
) -> QuerySet[Any, Any]:
    drafts = Draft.objects.filter(member=reader)
    there = drafts.filter(thread=thread) if thread else drafts.filter(board=board)
    kept = Cast(JSONObject(**{name: name for name in _KEPT_FIELDS}), TextField())
    is_posted = Exists(Post.objects.filter(author=reader, submission=submission)) if submission else Value(False)  # noqa: FBT003 - SQL's own
    are_too_many = Exists(drafts.order_by("id")[at_most - 1 : at_most])
    return Member.objects.filter(pk=reader.pk).values_list(Subquery(there.values(kept=kept)), is_posted, are_too_many)


def _draft(member: Member, kept: Mapping[str, Any]) -> Draft:
    return Draft(**{**kept, "updated_at": dt.datetime.fromisoformat(kept["updated_at"])}, member=member)


def get_draft_for(member: Member, public_id: UUID) -> Draft:
    """Raises Http404 when it is somebody else's. One query, and one each for what it was written for."""
    draft = Draft.objects.filter(member=member, public_id=public_id).first()
    if draft is None:
        raise Http404
    return draft


def drafts_page(member: Member, cursor: str | None) -> Page[dict[str, Any]]:
    """The newest first, as dicts with the beginning of the words. One query."""
    drafts = Draft.objects.filter(member=member).annotate(beginning=Left(_own_words(), BEGINNING))
    rows = drafts.values("id", "public_id", "beginning", "fields", "updated_at", "thread_id", "board_id")
    return keyset_page(rows, order=["-updated_at", "-id"], size=DRAFTS_A_PAGE, cursor=cursor)


def _own_words() -> Coalesce:
    """A draft's words without what it quotes; all of them where it only quotes so far."""
    quoted, lines = Value(r"^ {0,3}>.*\n?"), Value("gn")
    own = Func(F("body"), quoted, Value(""), lines, function="regexp_replace", output_field=TextField())
    edges = Value(" \n\r\t")
    return Coalesce(NullIf(Func(own, edges, function="btrim", output_field=TextField()), Value("")), F("body"))


def places_of(member: Member, drafts: Sequence[Mapping[str, Any]]) -> Mapping[tuple[str, int], Thread | Board]:
    """The threads and boards of these drafts that `member` can still open, by kind and key. Two queries."""
    threads = Thread.objects.visible_to(member).filter(pk__in=[row["thread_id"] for row in drafts if row["thread_id"]])
    boards = Board.objects.visible_to(member).filter(pk__in=[row["board_id"] for row in drafts if row["board_id"]])
    open_threads: dict[tuple[str, int], Thread | Board] = {("thread", thread.pk): thread for thread in threads}
    return open_threads | {("board", board.pk): board for board in boards}
