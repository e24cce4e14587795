"""Who may write where, and why not."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

import moderation.access
from forums.models import Board, Post, Thread, Visibility
from members.models import Member
from moderation.models import Sanction

# Whoever has fewer posts that others can read is new here, for boards that read newcomers' posts first.
NEWCOMER_POSTS = 3


class CannotPostError(Exception):
    """The member may read here but not write now. The message is a sentence for them; their text is kept."""


def may_start(member: Member, board: Board) -> bool:
    """Whether a way to start a thread is shown at all. No query."""
    if board.is_archived:
        return False
    return board.starters == Board.Starters.MEMBERS or member.is_moderator or member.is_staff


def check_can_start(member: Member, board: Board) -> None:
    """Raises CannotPostError when the board is closed or the member may not post. One query."""
    if board.is_archived:
        raise CannotPostError(_("This board is closed, so nothing was posted. Your words are still below."))
    if not may_start(member, board):
        raise CannotPostError(
            _("On this board moderators start the threads. Everybody can reply. Your words are still below.")
        )
    check_can_write(member)


def check_can_write(member: Member) -> None:
    """Raises CannotPostError while a moderator's decision keeps `member` from posting. One query."""
    sanction = moderation.access.standing_sanction(member)
    if sanction is not None:
        raise CannotPostError(_sentence(sanction))


def check_can_reply(member: Member, thread: Thread) -> None:
    """Raises CannotPostError when the thread is closed or out of sight, slow mode asks to wait, or the member may not
    post.

    Two queries, and one more in a slow thread. Reads the board.
    """
    if thread.merged_into_id is not None:
        raise CannotPostError(joined_meanwhile())
    if not Thread.objects.visible_to(member).filter(pk=thread.pk).exists():
        raise CannotPostError(_("This thread is not there for you any more, so your reply was not posted."))
    if thread.is_closed:
        raise CannotPostError(_("This thread is closed, so your reply was not posted. Your words are still below."))
    if (until := slow_until(member, thread)) is not None:
        raise CannotPostError(
            _("This thread is in slow mode. You can reply again at %(time)s. Your words are still below.")
            % {"time": date_format(localtime(until), "H:i e")}
        )
    check_can_write(member)


def joined_meanwhile() -> str:
    return _(
        "This thread was joined to another one meanwhile, so your reply was not posted. Your words are still below."
    )


def slow_until(member: Member, thread: Thread) -> dt.datetime | None:
    """When `member` can reply again in a slow thread; None for now. Moderators do not wait. One query at most."""
    if thread.state != Thread.State.SLOW or member.is_moderator:
        return None
    mine = Post.objects.filter(thread=thread, author=member).order_by("-number")
    last = mine.values_list("created_at", flat=True).first()
    if last is None:
        return None
    until = last + dt.timedelta(minutes=thread.slow_minutes or 0)
    return until if until > timezone.now() else None


def is_newcomer(member: Member) -> bool:
    """Whether fewer than NEWCOMER_POSTS posts of theirs can be read by others. One query, bounded."""
    readable = Post.objects.filter(author=member, visibility=Visibility.VISIBLE).values_list("pk", flat=True)
    return len(readable[:NEWCOMER_POSTS]) < NEWCOMER_POSTS


def is_read_first(member: Member, board: Board) -> bool:
    """Whether a moderator reads what `member` writes in `board` before others do. One query at most."""
    if member.is_moderator or member.is_staff or board.hold_first == Board.HoldFirst.NEVER:
        return False
    return board.hold_first == Board.HoldFirst.ALL or is_newcomer(member)


def _sentence(sanction: Sanction) -> str:
    if sanction.ends_at is None:
        return _("You cannot post at the moment, by a moderator's decision. You can read, and your words are kept.")
    until = date_format(localtime(sanction.ends_at), "j F Y, H:i e")
    return _("You cannot post until %(until)s, by a moderator's decision. Your words are still below.") % {
        "until": until
    }
