"""What a thread's page says around its posts: whose turn it is, in what state the thread is, what is folded and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import notes
from forums import access
from forums.models import Thread, Viewer
from forums.rows import is_folded, unwanted_notes
from members.models import Member


def waits_for(viewer: Viewer, thread: Thread) -> str:
    """Whose turn it is, in words; empty where nobody can reply any more. Reads board and author."""
    if thread.is_closed:
        return ""
    if thread.no_reply_needed:
        return _waits_for_nobody(thread)
    if thread.answered_at is None:
        return _("Waits for a first reply")
    if not thread.author_wrote_last:
        return _("Answered")
    return _waits_for_others(viewer, thread)


def _waits_for_others(viewer: Viewer, thread: Thread) -> str:
    if thread.author_id == viewer.pk:
        return _("You wrote last; a reply may come")
    return _("%(name)s wrote last; a reply is welcome") % {"name": access.author_of(thread).name}


def _waits_for_nobody(thread: Thread) -> str:
    closes_at = access.gathering_closes_at(thread)
    if closes_at is None:
        return _("No reply needed. It only wanted to be said.")
    if closes_at <= timezone.now():  # and a moderator let it go on
        return _("A check-in. Say a line, or read along.")
    until = date_format(timezone.localtime(closes_at), "l j F, H:i e")
    return _("A check-in. Say a line, or read along. It is open until %(until)s.") % {"until": until}


def name_here(member: Member, thread: Thread) -> str:
    """The name under which `member` would write in `thread`. Reads the author."""
    return access.author_of(thread).name if member.pk == thread.author_id else member.username


def disguise_of(member: Member, thread: Thread) -> str:
    """That name where it is not their own, "" where it is. Reads the author of an anonymous thread."""
    return name_here(member, thread) if thread.is_anonymous and member.pk == thread.author_id else ""


def states(thread: Thread) -> Sequence[tuple[str, str]]:
    """An icon's name and a line for each thing out of the ordinary. Reads the board."""
    lines = []
    if thread.pinned_until is not None and thread.pinned_until > timezone.now():
        until = date_format(timezone.localtime(thread.pinned_until), "j F")
        lines.append(("pin", _("Pinned until %(day)s") % {"day": until}))
    if thread.state == Thread.State.ARCHIVED or thread.board.is_archived:
        lines.append(("lock", _("Archived, for reading")))
    elif thread.is_closed:
        lines.append(("lock", _("Closed to new replies")))
    elif thread.state == Thread.State.SLOW:
        minutes = thread.slow_minutes or 0
        slow = ngettext(
            "Slow mode: one reply a minute from each person",
            "Slow mode: %(minutes)s minutes between two replies from one person",
            minutes,
        )
        lines.append(("clock", slow % {"minutes": minutes}))
    return lines


@dataclass(frozen=True)
class Fold:
    """Why a reader finds a thread folded. `hidden`: they chose not to meet it in lists at all."""

    touches: str
    hidden: bool


def fold_for(viewer: Viewer, thread: Thread) -> Fold | None:
    """None when this reader sees the thread as it is. One's own never folds. Reads the board."""
    if not is_folded(thread.all_notes, viewer, own=thread.author_id == viewer.pk):
        return None
    touched = unwanted_notes(viewer).intersection(thread.all_notes)
    hidden = isinstance(viewer, Member) and not touched.isdisjoint(viewer.hidden_notes)
    return Fold(get_text_list(list(notes.labels(touched)), _("and")), hidden=hidden)


def divider_before(posts: Sequence[access.PostRow], first: int, last_read: int, member: Member) -> int | None:
    """The number of the post above which “new since you were here” stands, in the window that begins with `first`.

    None on a first visit, where all is new, and in windows beyond the one where the reader left off.
    """
    if last_read < 1 or first > last_read + 1:
        return None
    return next((post.number for post in posts if post.number > last_read and post.author_id != member.pk), None)


def number_in(typed: str | None, *, last: int) -> int:
    """The number that somebody typed to go there, within 1..`last`; 1 where it is none."""
    number = (typed or "").strip(" #")
    if not number.isascii() or not number.isdigit():
        return 1
    return min(max(1, int(number[:10])), max(1, last))
