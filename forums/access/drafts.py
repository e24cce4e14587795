"""Drafts: everybody's own, and nobody else's."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.http import Http404

from core.pagination import Page, keyset_page
from forums.models import Board, Draft, Thread
from members.models import Member

DRAFTS_A_PAGE = 20
# What a list shows of a draft's words.
BEGINNING = 240


def drafts_in(member: Member, place: Thread | Board) -> Q:
    """Which draft is meant: the reply in a thread, or the thread for a board."""
    return Q(member=member, thread=place) if isinstance(place, Thread) else Q(member=member, board=place)


def draft_in(member: Member, place: Thread | Board) -> Mapping[str, Any] | None:
    """What `member` began to write there: body, fields, sequence, submission. One query."""
    drafts = Draft.objects.filter(drafts_in(member, place))
    return drafts.values("body", "fields", "sequence", "submission").first()


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
