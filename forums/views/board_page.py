"""A board's page: a page of its threads as one member sees them.

What is said of a board's threads is the same for many members and for a while, and stays finished (core.finished) under
all that it was made from: the rows that the database gave for this member just now, what their lines, notes and name
make of these, and until when words about time are the same. The page around it says little of its own, and is kept
once for all boards.
"""

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.addresses import address
from core.finished import Finished, FinishedPart
from core.stencils import Stencils
from forums import access, shell
from forums.models import Board, Level, SupportType
from forums.rows import Looks, thread_list, thread_rows, unwanted_notes
from forums.views.shared import crumbs, is_findable, let_be_found
from members.kept import draws_lines
from members.models import Member
from members.requests import MemberRequest, ReaderRequest, is_member

TEMPLATE = "forums/board.html"
PAGE = shell.stencils(TEMPLATE, kept=20)
_LISTS = Stencils(lambda context: render_to_string("forums/_board_threads.html", context), kept=20)
# In each process, packed: some three hundred pages of threads, and what is around them.
_FINISHED_LISTS, _FINISHED = FinishedPart(most=1_000_000), Finished(most=100_000)
# Of so many of them, by their rows, how long they say the same.
_LASTING_AT_MOST = 500
_lasting: dict[Hashable, tuple[dt.datetime, dt.datetime]] = {}


@dataclass(frozen=True, slots=True)
class BoardPage:
    """asked: the kind of support that threads are shown for; None for all of them."""

    viewer: Member | Any
    board: Board
    level: Level | None
    gatherings: Sequence[Any]
    threads: access.ThreadsPage
    asked: SupportType | None

    def answer(self, request: ReaderRequest) -> HttpResponse:
        if is_member(request) and not get_messages(request):
            return self._finished(request)
        shape, values = self._shape(request), {**self._values(), "threads": self._threads()}
        response = render(request, TEMPLATE, {**shape, **values, "crumbs": crumbs()})
        return let_be_found(response) if shape["findable"] else response

    def _finished(self, request: MemberRequest) -> HttpResponse:
        shape = self._shape(request)
        threads = _FINISHED_LISTS.fill(self._made_from(), "", lambda _nothing: self._threads())
        return shell.finished_page(
            request,
            _FINISHED,
            tuple(shape.values()),
            {**shell.given(request), **self._values(), "threads": threads},
            lambda frame, given: PAGE.fill({**shape, **frame}, {**given, "crumbs": crumbs()}),
        )

    def _made_from(self) -> tuple[Hashable, ...]:
        """What `_threads` says something by."""
        viewer, threads = self.viewer, self.threads
        drawn = (viewer.pk, viewer.boundaries_mark) if draws_lines(viewer) else None
        own = viewer.pk if threads.has_own else None
        rows = (threads.made_from, threads.is_first, _since(threads))
        return *rows, own, drawn, frozenset(unwanted_notes(viewer)), self.asked, self._may_start

    def _shape(self, request: ReaderRequest) -> dict[str, Hashable]:
        return {
            "is_archived": self.board.is_archived,
            "level": self.level,
            "may_start": self._may_start,
            "findable": is_findable(request, self.board),
            "asked": self.asked,
            "support_types": tuple(SupportType),
        }

    def _values(self) -> dict[str, str]:
        board = self.board
        coming = {"gatherings": self.gatherings}
        return {
            "title": board.title,
            "purpose": board.purpose,
            "address": board.get_absolute_url(),
            "new_url": address("new_thread", board.slug) if self._may_start else "",
            "follow_url": address("follow_board", board.slug),
            "gatherings": render_to_string("forums/_gatherings.html", coming) if self.gatherings else "",
        }

    @property
    def _may_start(self) -> bool:
        return isinstance(self.viewer, Member) and access.may_start(self.viewer, self.board)

    def _threads(self) -> SafeString:
        """The page of threads, and the way on. No query."""
        threads = self.threads
        rows = thread_rows(self.viewer, threads.items, now=threads.now)
        kind = f"support={self.asked.value}&" if self.asked else ""
        more = f"?{kind}after={threads.next_cursor}" if threads.next_cursor else ""
        shape = {"asked": self.asked, "may_start": self._may_start}
        return _LISTS.fill(shape, {"rows": thread_list(rows, Looks(show_new=True)), "more": more})


def _since(threads: access.ThreadsPage) -> dt.datetime:
    """From when on these rows say what they say now, about time as well."""
    lasts = _lasting.get(threads.made_from)
    if lasts is None or not lasts[0] <= threads.now < lasts[1]:
        if len(_lasting) >= _LASTING_AT_MOST:
            _lasting.clear()
        lasts = _lasting[threads.made_from] = threads.lasts
    return lasts[0]
