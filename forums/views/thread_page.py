"""A thread's page: one window of its posts as one reader sees it.

Most members see a window in the same words, and where it was made for one of them before, it is there (core.finished).
For everybody else it comes from a stencil, and where something is to be said besides, from the template.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.finished import Finished, FinishedPart, Values
from forums import access, cards, library, pages, shell
from forums.models import Thread, Viewer
from forums.services import reading
from forums.views.composer import empty_composer, inline_composer
from forums.views.shared import crumbs, is_findable, let_be_found, messages_at, pager, post_address
from members.models import Member
from members.requests import MemberRequest, ReaderRequest, is_member

TEMPLATE = "forums/thread.html"
PAGE = shell.stencils(TEMPLATE)
# In each process: the posts of some seven hundred windows, and what is around them in as many threads.
_FINISHED_POSTS, _FINISHED = FinishedPart(most=6_000_000), Finished(most=1_000_000)

type _Said = Mapping[int, Sequence[Message]]
type _Related = Sequence[library.Related]


def head_shape(viewer: Viewer, thread: Thread, standing: access.Standing, *, findable: bool = False) -> dict[str, Any]:
    """What stands above the posts: what the template decides by."""
    own = thread.author_id == viewer.pk
    return {
        "findable": findable,
        "support": thread.support,
        "meaning": thread.support.wish if own else thread.support.meaning,
        "own": own,
        "notes": tuple(thread.note_labels),
        "states": tuple(pages.states(thread)),
        "level": standing.level,
        "closing_asked": thread.closing_asked_at is not None,
        "moderates": isinstance(viewer, Member) and viewer.is_moderator,
    }


def head_values(viewer: Viewer, thread: Thread) -> dict[str, Any]:
    """And what it only shows."""
    return {
        "title": thread.title,
        "thread_id": thread.public_id,
        "crumbs": crumbs(thread.board),
        "waits_for": pages.waits_for(viewer, thread),
    }


def window_page(
    request: ReaderRequest, thread: Thread, page: int, standing: access.Standing, *, unfolded: bool
) -> HttpResponse:
    """The window `page`, of a thread that this reader sees as it is, or `unfolded`. It counts as read."""
    window = access.posts_window(request.user, thread, page)
    related = tuple(library.related_to(thread)) if window.is_last else ()
    if is_member(request):
        return _Reading(request.user, thread, window, standing, related).answer(request)
    findable = is_findable(request, thread.board) and not unfolded
    shape = head_shape(request.user, thread, standing, findable=findable)
    said, above = messages_at(request, window.posts)
    posts = _joined(window, cards.plain_cards(thread, window.posts), said)
    more = {**_ends(thread, window), **pager(thread, window, shown=unfolded), "related": _also(related)}
    context = {**shape, **head_values(request.user, thread), **more, "posts": posts, "messages": above}
    response = render(request, TEMPLATE, context)
    return let_be_found(response) if findable else response


def _ends(thread: Thread, window: access.Window) -> dict[str, Any]:
    """What stands below the posts: its shape."""
    closed = ("archived" if thread.state == Thread.State.ARCHIVED else "closed") if thread.is_closed else ""
    return {"is_last": window.is_last, "is_only": window.is_only, "closed": closed}


def _also(related: _Related) -> SafeString:
    return render_to_string("forums/_related.html", {"related": related}) if related else SafeString()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A member before a window of posts."""

    member: Member
    thread: Thread
    window: access.Window
    standing: access.Standing
    related: _Related

    def answer(self, request: MemberRequest) -> HttpResponse:
        self._read_on()
        if len(get_messages(request)):
            said, above = messages_at(request, self.window.posts)
            context = {**self._shape(), **self._values(request, said), "messages": above}
            return render(request, TEMPLATE, context | {"csrf_token": shell.token(request)})
        if self._is_for_many():
            return self._finished(request)
        return shell.page(request, PAGE, self._shape(), self._values(request))

    def _read_on(self) -> None:
        end = min(self.window.last, self.thread.last_number)
        if end > self.standing.last_read:
            reading.raise_read_mark(member=self.member, thread=self.thread, seen=self.window.seen, end=end)

    # --- the page for this member alone

    def _shape(self) -> dict[str, Any]:
        above = head_shape(self.member, self.thread, self.standing)
        return {**above, **_ends(self.thread, self.window), "caught_up": self._caught_up}

    @property
    def _caught_up(self) -> bool:
        return self.window.is_last and self.standing.last_read >= self.window.first - 1

    def _values(self, request: MemberRequest, said: _Said | None = None) -> dict[str, Any]:
        composer = "" if self.thread.is_closed else inline_composer(request, self.thread, self.standing)
        posts = self._posts(shell.token(request), said)
        return {**head_values(self.member, self.thread), **self._ways(), "related": _also(self.related),
                "posts": posts, "composer": composer}  # fmt: skip

    def _ways(self) -> dict[str, str | None]:
        # Whoever jumped over posts is told where they left off, because the mark has passed them now.
        left_off, first = self.standing.last_read, self.window.first
        jumped = post_address(self.thread, left_off + 1) if 0 < left_off < first - 1 else None
        return {**pager(self.thread, self.window), "left_off": jumped}

    def _posts(self, token: str, said: _Said | None = None) -> SafeString:
        """No query, but one where somebody responded to a post of the reader's own, and one where posts link to the
        library."""
        member, thread, window, left_off = self.member, self.thread, self.window, self.standing.last_read
        responses = access.responses_for(member, thread, window.posts)
        shown = cards.cards_for(member, thread, window.posts, responses, left_off, token=token)
        return _joined(window, shown, said or {}, pages.divider_before(window.posts, window.first, left_off, member))

    # --- the same from pages that are kept

    def _is_for_many(self) -> bool:
        """Nothing of it is the reader's own, changes by itself with time, or shows cards of the library, which change
        with it."""
        thread, window = self.thread, self.window
        alone = window.has_own or thread.author_id == self.member.pk or self.standing.draft is not None
        passes = thread.pinned_until is not None or getattr(thread, "occurrence", None) is not None
        return bool(thread.made_from) and not (alone or passes or window.has_links)

    def _finished(self, request: MemberRequest) -> HttpResponse:
        thread, window, given = self.thread, self.window, shell.given(request)
        # How far one had read beyond this window is the same to it.
        left_off, zone = min(self.standing.last_read, window.last), timezone.get_current_timezone()
        of_thread = (thread.pk, thread.title, thread.author_id, thread.disguise, thread.state, thread.is_closed)
        posts = _FINISHED_POSTS.fill((of_thread, window.made_from, left_off, zone), given["csrf_token"], self._posts)
        made_from = (
            *(thread.made_from, window.is_last, window.is_only, self._caught_up),
            *(self.standing.level, self.related, self.member.is_moderator),
        )
        values = {**given, **self._ways(), "submission": uuid4(), "posts": posts}
        return shell.finished_page(request, _FINISHED, made_from, values, self._around)

    def _around(self, frame: Mapping[str, Any], given: Values) -> str:
        """The page, of which everything that differs from window to window and from member to member is given."""
        values = head_values(self.member, self.thread)
        composer = "" if self.thread.is_closed else empty_composer(self.member, self.thread, given)
        more = {"related": _also(self.related), "composer": composer}
        return PAGE.fill({**self._shape(), **frame}, {**values, **given, **more})


def _joined(window: access.Window, shown: Sequence[SafeString], said: _Said, divider: int | None = None) -> SafeString:
    """The cards, with what was just said about a post and the line before the first new one above them."""
    parts: list[str] = []
    for post, card in zip(window.posts, shown, strict=True):
        if post.number == divider:
            parts.append(format_html('<p class="new-since">{}</p>', _("New since you were here")))
        if messages_here := said.get(post.number):
            parts.append(render_to_string("forums/_said_here.html", {"said": messages_here}))
        parts.append(card)
    return mark_safe("".join(parts))  # noqa: S308 - made by templates
