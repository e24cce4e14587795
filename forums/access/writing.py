"""Who may write where, and why not."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Length
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
REPEATS_FROM, REPEATS_AMONG, REPEATS_WITHIN = 120, 20, dt.timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class Writer:
    """What screening has to know of whoever writes."""

    is_newcomer: bool
    is_held_first: bool
    watched: tuple[dt.datetime, ...]


def writer(member: Member) -> Writer:
    """One query. Staff are never new here."""
    readable = Post.objects.filter(author=OuterRef("pk"), visibility=Visibility.VISIBLE)
    held_first = Sanction.objects.filter(
        moderation.access.running_at(timezone.now()), member=OuterRef("pk"), kind=Sanction.Kind.HELD_FIRST
    )
    asked = Member.objects.filter(pk=member.pk).values_list(
        ArraySubquery(readable.values("pk")[:NEWCOMER_POSTS]),
        Exists(held_first),
        moderation.access.watched_stamp(),
    )
    posts, is_held_first, watched = asked.get()
    is_staff = member.is_moderator or member.is_staff
    return Writer(
        is_newcomer=not is_staff and len(posts) < NEWCOMER_POSTS,
        is_held_first=is_held_first,
        watched=tuple(watched),
    )


def read_first_for(who: Writer, member: Member, board: Board, *, disguised: bool = False) -> str:
    """Why a moderator reads what `member` writes in `board` before others do: a rule of `wording`; "" if none does.

    Behind a disguise only what counts for the board: another reason would tell whose words they are.
    """
    if who.is_held_first and not disguised:
        return "author"
    if member.is_moderator or member.is_staff or board.hold_first == Board.HoldFirst.NEVER:
        return ""
    return board.hold_first if board.hold_first == Board.HoldFirst.ALL or who.is_newcomer else ""


def is_read_first(member: Member, place: Thread | Board) -> bool:
    """Whether a moderator reads what `member` writes there before others do. One query."""
    if isinstance(place, Board):
        return bool(read_first_for(writer(member), member, place))
    return bool(read_first_for(writer(member), member, place.board, disguised=is_disguised(member, place)))


def is_disguised(member: Member, thread: Thread) -> bool:
    """Whether `member` has another name in `thread`. No query."""
    return thread.is_anonymous and thread.author_id == member.pk


def check_can_disguise(author: Member, board: Board) -> None:
    """Raises CannotPostError while a moderator reads first what `author` writes, by a decision about them: held where
    others' words are not, a thread without a name would tell whose it is. One query."""
    if board.hold_first != Board.HoldFirst.ALL and moderation.access.is_held_first(author):
        raise CannotPostError(
            _(
                "For now a moderator reads what you write before others do, and in a thread without your name that "
                "would tell them whose it is. So nothing was posted. Your words are still below; you could post them "
                "with your name, or keep them until that time is over."
            )
        )


def lately_posted(member: Member, *, like: str, besides: int | None = None) -> list[str]:
    """What `member` posted within a day and is about as long as `like`, to tell whether they repeat themselves.

    Not what they took back: whoever does that and posts it elsewhere does not repeat it. One query, bounded; none
    for short texts, which are rightly said again ("I am here"), and none for staff, whose gatherings are.
    """
    if len(like) < REPEATS_FROM or member.is_moderator or member.is_staff:
        return []
    since = timezone.now() - REPEATS_WITHIN
    mine = Post.objects.filter(author=member, created_at__gte=since).exclude(
        visibility__in=(Visibility.WITHDRAWN, Visibility.MOVED)
    )
    if besides is not None:
        mine = mine.exclude(pk=besides)
    alike = mine.annotate(length=Length("body")).filter(length__gte=len(like) // 2, length__lte=len(like) * 2)
    return list(alike.order_by(F("created_at").desc(), "-pk").values_list("body", flat=True)[:REPEATS_AMONG])


def _sentence(sanction: Sanction) -> str:
    if sanction.ends_at is None:
        return _("You cannot post at the moment, by a moderator's decision. You can read, and your words are kept.")
    until = date_format(localtime(sanction.ends_at), "j F Y, H:i e")
    return _("You cannot post until %(until)s, by a moderator's decision. Your words are still below.") % {
        "until": until
    }
