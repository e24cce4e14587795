"""Who may write where, and why not."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Length
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

import moderation.access
from core.carried import Carried, whole
from core.prepared import Query, ask_in_turn
from forums.asked import ask, query
from forums.models import Board, Post, Thread, Visibility
from members.models import Member

# Whoever has fewer posts that others can read is new here, for boards that read newcomers' posts first.
NEWCOMER_POSTS = 3
REPEATS_FROM, REPEATS_AMONG, REPEATS_WITHIN = 120, 20, dt.timedelta(days=1)

_THREAD = Carried(Thread, *whole(Thread, "board"))


class CannotPostError(Exception):
    """The member may read here but not write now. The message is a sentence for them; their text is kept."""


def may_start(member: Member, board: Board) -> bool:
    """Whether a way to start a thread is shown at all. No query."""
    if board.is_archived:
        return False
    return board.starters == Board.Starters.MEMBERS or member.is_moderator or member.is_staff


def check_can_start(member: Member, board: Board, who: "Writer") -> None:
    """Raises CannotPostError when the board is closed or the member may not post. No query."""
    if board.is_archived:
        raise CannotPostError(_("This board is closed, so nothing was posted. Your words are still below."))
    if not may_start(member, board):
        raise CannotPostError(
            _("On this board moderators start the threads. Everybody can reply. Your words are still below.")
        )
    _check_not_kept(who.kept_until)


def check_can_write(member: Member) -> None:
    """Raises CannotPostError while a moderator's decision keeps `member` from posting. One query."""
    found = Member.objects.filter(pk=member.pk).values_list(moderation.access.kept_from_posting(timezone.now()))
    _check_not_kept(found.get()[0])


def _check_not_kept(until: Sequence[dt.datetime | None]) -> None:
    if until:
        raise CannotPostError(_sentence(until[0]))


def check_can_reply(member: Member, thread: Thread, who: "Replier") -> None:
    """Raises CannotPostError when the thread is closed or out of sight, slow mode asks to wait, or the member may not
    post.

    No query. Reads the board.
    """
    if thread.merged_into_id is not None:
        raise CannotPostError(joined_meanwhile())
    if not who.sees_thread:
        raise CannotPostError(_("This thread is not there for you any more, so your reply was not posted."))
    if thread.is_closed:
        raise CannotPostError(_("This thread is closed, so your reply was not posted. Your words are still below."))
    if (until := _slow_until(member, thread, who.wrote_at)) is not None:
        raise CannotPostError(
            _("This thread is in slow mode. You can reply again at %(time)s. Your words are still below.")
            % {"time": date_format(localtime(until), "H:i e")}
        )
    _check_not_kept(who.kept_until)


def joined_meanwhile() -> str:
    return _(
        "This thread was joined to another one meanwhile, so your reply was not posted. Your words are still below."
    )


def _slow_until(member: Member, thread: Thread, wrote_at: dt.datetime | None) -> dt.datetime | None:
    """When `member` can reply again in a slow thread; None for now. Moderators do not wait."""
    if thread.state != Thread.State.SLOW or member.is_moderator or wrote_at is None:
        return None
    until = wrote_at + dt.timedelta(minutes=thread.slow_minutes or 0)
    return until if until > timezone.now() else None


# --- what is to be known of whoever writes


@dataclass(frozen=True, slots=True)
class Writer:
    """What screening has to know of whoever writes, and whether they may.

    `lately`: what they posted within a day and is about as long as what they write now. `kept_until`: when the decision
    that keeps them from posting ends, None for no end; almost nobody has one.
    """

    is_newcomer: bool
    is_held_first: bool
    watched: tuple[dt.datetime, ...]
    kept_until: Sequence[dt.datetime | None] = ()
    lately: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Replier(Writer):
    """The same of whoever replies, and how they stand to the thread: whether their form was posted before, whether
    they see it, and when they wrote last in it if it is slow."""

    is_posted: bool = False
    sees_thread: bool = False
    wrote_at: dt.datetime | None = None


def writer(member: Member, *, like: str = "", besides: int | None = None) -> Writer:
    """One query. `like` is what they are about to post; `besides` the post that they change.

    Staff are never new here, and nothing is too like what they wrote before: their gatherings are.
    """
    left_open, repeats = _left_open(member, like)
    if besides is not None and repeats:
        left_open["besides"] = besides
    (row,) = ask(_written, member, left_open)
    return Writer(**_of_writer(member, row))


def replier(
    member: Member, thread: Thread, *, like: str, submission: UUID | None, after: Query
) -> tuple[Replier, Thread]:
    """With the thread and its board as they are now, `after` the query that locks both: it gives a row. Two queries, in
    one message.

    Raises Thread.DoesNotExist where there is none to lock.
    """
    left_open, _repeats = _left_open(member, like)
    left_open["thread"] = thread.pk
    if submission is not None:
        left_open["submission"] = submission
    locked, found = ask_in_turn([after, query(_written, member, left_open)])
    if not locked.rows():
        raise Thread.DoesNotExist
    (row,) = found.rows()
    is_posted, sees_thread, wrote_at, now_there = row[5:]
    who = Replier(**_of_writer(member, row), is_posted=is_posted, sees_thread=sees_thread, wrote_at=wrote_at)
    return who, _THREAD.made(json.loads(now_there))


def _left_open(member: Member, like: str) -> tuple[dict[str, Any], bool]:
    """And whether they may repeat themselves: not in short texts, which are rightly said again ("I am here")."""
    now = timezone.now()
    if len(like) < REPEATS_FROM or member.is_moderator or member.is_staff:
        return {"now": now}, False
    return {"now": now, "since": now - REPEATS_WITHIN, "shortest": len(like) // 2, "longest": len(like) * 2}, True


def _of_writer(member: Member, row: Sequence[Any]) -> dict[str, Any]:
    posts, is_held_first, watched, kept_until, lately = row[:5]
    is_staff = member.is_moderator or member.is_staff
    return {
        "is_newcomer": not is_staff and len(posts) < NEWCOMER_POSTS,
        "is_held_first": is_held_first,
        "watched": tuple(watched),
        "kept_until": kept_until,
        "lately": lately,
    }


def _written(
    reader: Member,
    *,
    now: dt.datetime,
    thread: int = 0,
    submission: UUID | None = None,
    **like: Any,
) -> QuerySet[Any, Any]:
    """A row of five columns, of nine with `thread`."""
    readable = Post.objects.filter(author=OuterRef("pk"), visibility=Visibility.VISIBLE)
    asked: list[Any] = [
        ArraySubquery(readable.values("pk")[:NEWCOMER_POSTS]),
        moderation.access.held_first(now),
        moderation.access.watched_stamp(),
        moderation.access.kept_from_posting(now),
        ArraySubquery(_lately(reader, **like)) if like else Value([], ArrayField(TextField())),
    ]
    if thread:
        posted = Post.objects.filter(author=reader, submission=submission)
        mine = Post.objects.filter(thread=thread, author=reader).order_by("-number").values("created_at")
        there = Thread.objects.filter(pk=thread)
        asked += [
            Exists(posted) if submission else Value(False),  # noqa: FBT003 - SQL's own
            Exists(there.visible_to(reader)),
            # Looked for in slow threads only: in a long one it takes long.
            Case(When(Exists(there.filter(state=Thread.State.SLOW)), then=Subquery(mine[:1]))),
            Cast(_THREAD.one(there), TextField()),
        ]
    return Member.objects.filter(pk=reader.pk).values_list(*asked)


def _lately(
    reader: Member, *, since: dt.datetime, shortest: int, longest: int, besides: int | None = None
) -> QuerySet[Any, Any]:
    """Bounded. Not what they took back: whoever does that and posts it elsewhere does not repeat it."""
    mine = Post.objects.filter(author=reader, created_at__gte=since).exclude(
        visibility__in=(Visibility.WITHDRAWN, Visibility.MOVED)
    )
    if besides is not None:
        mine = mine.exclude(pk=besides)
    alike = mine.annotate(length=Length("body")).filter(length__gte=shortest, length__lte=longest)
    return alike.order_by(F("created_at").desc(), "-pk").values("body")[:REPEATS_AMONG]


# --- who reads it first


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


def _sentence(ends_at: dt.datetime | None) -> str:
    if ends_at is None:
        return _("You cannot post at the moment, by a moderator's decision. You can read, and your words are kept.")
    until = date_format(localtime(ends_at), "j F Y, H:i e")
    return _("You cannot post until %(until)s, by a moderator's decision. Your words are still below.") % {
        "until": until
    }
