"""What a composer shows around the words: forums/_composer.html is made of this."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import markdown, text
from forums import access, pages, starters
from forums.forms import RAW_MAX, PostingForm, ReplyForm, ThreadForm
from forums.models import BODY_MAX, Board, Draft, Thread
from members.models import Member
from resources import before_posting

QUOTE_MAX = 600
ReadFirst = Literal["", "mine", "newcomers"]
_READ_FIRST: Mapping[str, ReadFirst] = {Board.HoldFirst.ALL: "mine", Board.HoldFirst.NEWCOMERS: "newcomers"}


@dataclass(frozen=True)
class Preview:
    """The words as a post would show them, or why not."""

    html: SafeString | None = None
    problem: str = ""


@dataclass(frozen=True)
class Composer:
    form: PostingForm
    board: Board
    action: str
    draft_url: str
    starters: Sequence[starters.Group]
    # The board's own, as HTML.
    guidelines: SafeString
    thread: Thread | None = None
    # Whether the words in the form are those of the draft on the server.
    is_draft: bool = False
    # Whether there is a quotation in it that nobody has answered yet.
    is_quoted: bool = False
    # Says that a moderator reads first: what the writer posts, what the board asks of some, or "".
    read_first: ReadFirst = ""
    preview: Preview | None = None
    # What another tab or device saved while these words were written.
    newer: Draft | None = None
    starters_open: bool = False
    # What the writer is asked before it is posted.
    before: before_posting.Before | None = None
    # The name that others see here, where it is another one than the writer's own.
    writes_as: str = ""

    @property
    def is_public(self) -> bool:
        return self.board.audience == Board.Audience.EVERYONE

    @property
    def is_closed(self) -> bool:
        return self.board.is_archived if self.thread is None else self.thread.is_closed


def reply_composer(member: Member, thread: Thread, form: ReplyForm, **more: Any) -> Composer:
    """No query; reads board and author."""
    return Composer(
        form=form,
        board=thread.board,
        thread=thread,
        action=composer_of(thread),
        draft_url=reverse("save_reply", args=[thread.public_id]),
        starters=starters_in(member, thread),
        guidelines=guidelines_of(thread.board),
        writes_as=pages.disguise_of(member, thread),
        **more,
    )


def thread_composer(member: Member, board: Board, form: ThreadForm, **more: Any) -> Composer:
    """No query."""
    return Composer(
        form=form,
        board=board,
        action=composer_of(board),
        draft_url=reverse("save_thread", args=[board.slug]),
        starters=starters_in(member, board),
        guidelines=guidelines_of(board),
        **more,
    )


def guidelines_of(board: Board) -> SafeString:
    return mark_safe(str(linebreaks(board.guidelines, autoescape=True)))  # noqa: S308 - escaped by the filter


def starters_in(member: Member, place: Thread | Board) -> Sequence[starters.Group]:
    if isinstance(place, Board):
        return starters.for_threads()
    return [starters.for_replies(place.support, own=place.author_id == member.pk)]


def inline_composer(member: Member, thread: Thread, standing: access.Standing) -> Composer:
    """The composer below a thread, with the draft that was begun. No query."""
    form = ReplyForm.from_draft(standing.draft, seen=thread.last_number)
    return reply_composer(
        member, thread, form, is_draft=standing.draft is not None, read_first=usually_read_first(thread)
    )


def usually_read_first(thread: Thread) -> ReadFirst:
    """What holds for everyone in its board: whether somebody is new there costs a query. Reads the board."""
    return _READ_FIRST.get(thread.board.hold_first, "")


def read_first(member: Member, place: Thread | Board) -> ReadFirst:
    """One query."""
    return "mine" if access.is_read_first(member, place) else ""


def composer_of(place: Thread | Board) -> str:
    """The page on which one writes there, with one's draft."""
    if isinstance(place, Thread):
        return reverse("reply", args=[place.public_id])
    return reverse("new_thread", args=[place.slug])


def preview(body: str) -> Preview:
    """`body` as it would be posted. The same renderer, the same limit."""
    words = body if len(body) > RAW_MAX else text.normalise(body)
    if not words:
        return Preview(problem=_("There are no words yet. One is enough."))
    if len(words) > BODY_MAX:
        return Preview(
            problem=_("This is %(length)s characters long; %(max)s fit. You could post it in two parts.")
            % {"length": len(words), "max": BODY_MAX}
        )
    return Preview(html=mark_safe(markdown.render(words)))  # noqa: S308 - sanitised by the renderer


def draft_rows(member: Member, drafts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Drafts of a list page, as forums/_draft_row.html shows them. Two queries."""
    places = access.places_of(member, drafts)
    return [_draft_row(row, places) for row in drafts]


def draft_row(member: Member, draft: Draft) -> dict[str, Any]:
    """The same for one draft."""
    names = ("public_id", "fields", "updated_at", "thread_id", "board_id")
    row = {name: getattr(draft, name) for name in names} | {"beginning": draft.body}
    return draft_rows(member, [row])[0]


def _draft_row(row: Mapping[str, Any], places: Mapping[tuple[str, int], Thread | Board]) -> dict[str, Any]:
    kind = "thread" if row["thread_id"] else "board"
    place = places.get((kind, row["thread_id"] or row["board_id"]))
    thread = place if isinstance(place, Thread) else None
    return {
        "public_id": row["public_id"],
        "beginning": row["beginning"],
        "is_cut": len(row["beginning"]) == access.BEGINNING,
        "saved_at": row["updated_at"],
        # The title that the draft itself has stays its writer's; that of a thread goes with the thread.
        "title": thread.title if thread else row["fields"].get("title", ""),
        "is_reply": kind == "thread",
        "board_title": place.title if isinstance(place, Board) else "",
        "go_on": composer_of(place) if place else "",
    }


def quote(name: str, body: str) -> str:
    """The post as a quotation: its own words without those that it quotes, shortened where it is long."""
    own = re.sub(r"^ {0,3}>.*\n?", "", body, flags=re.MULTILINE).strip() or body.strip()
    lines = [_("%(name)s wrote:") % {"name": name}, "", *_shortened(own).splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def with_quote(words: str, quoted: str) -> str:
    """`words` and then `quoted`, which stands there once however often the page is opened."""
    if quoted.strip() in words:
        return words
    return f"{words.rstrip()}\n\n{quoted}" if words.strip() else quoted


def _shortened(words: str) -> str:
    """Up to QUOTE_MAX characters: whole paragraphs, else whole sentences, else whole words."""
    if len(words) <= QUOTE_MAX:
        return words
    head = words[:QUOTE_MAX]
    for end in (r"\n\s*\n", r"(?<=[.!?])\s", r"\s"):
        cuts = [match.start() for match in re.finditer(end, head)]
        if cuts and cuts[-1] >= QUOTE_MAX // 3:
            return head[: cuts[-1]].rstrip() + " …"
    return head + "…"
