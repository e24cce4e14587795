"""What of the forum's news still needs telling, and how news speak of a thread."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

import notifications.access
from core import notes
from forums.models import BoardFollow, Level, Post, Reaction, ReadMark, Thread, ThreadFollow, Visibility
from members.models import Member
from notifications import kinds
from notifications.models import Channel

_MUTED = Q(level=Level.MUTE)


def posts_over(post_ids: Collection[int], member: Member) -> Mapping[int, kinds.Over]:
    """Those of the posts that `member` has read in their thread, or whose thread they muted since. One query."""
    rows = _with_wishes(Post.objects.filter(pk__in=post_ids), member, thread="thread_id", board="thread__board_id")
    return _over(rows, _MUTED | Q(read__gte=F("number")))


def untold_posts(member: Member) -> QuerySet[Any]:
    """What `member` can read and wants to meet in news (`mentions.readable`), less what is over."""
    posts = Post.objects.readable_by(member).heard_by(member).filter(visibility=Visibility.VISIBLE)
    listed = posts.filter(thread__in=Thread.objects.listed_for(member))
    rows = _with_wishes(listed, member, thread="thread_id", board="thread__board_id").exclude(level=Level.MUTE)
    return rows.filter(Q(read=None) | Q(read__lt=F("number")))


def threads_over(thread_ids: Collection[int], member: Member) -> Mapping[int, kinds.Over]:
    """Those of the threads that `member` has opened, or muted since. One query."""
    rows = _with_wishes(Thread.objects.filter(pk__in=thread_ids), member, thread="pk", board="board_id")
    return _over(rows, _MUTED | Q(read__gte=1))


def muted_posts(post_ids: Collection[int], member: Member) -> Mapping[int, kinds.Over]:
    """The same for news about one's own posts, which one has read: those whose thread one muted since. One query."""
    rows = _with_wishes(Post.objects.filter(pk__in=post_ids), member, thread="thread_id", board="thread__board_id")
    return _over(rows, _MUTED)


def muted_reactions(reaction_ids: Collection[int], member: Member) -> Mapping[int, kinds.Over]:
    """Those whose post stands in a thread that `member` muted since. One query."""
    reactions = Reaction.objects.filter(pk__in=reaction_ids)
    rows = _with_wishes(reactions, member, thread="post__thread_id", board="post__thread__board_id")
    return _over(rows, _MUTED)


def muted_threads(thread_ids: Collection[int], member: Member) -> Mapping[int, kinds.Over]:
    """Those of one's own threads that one muted since. One query."""
    rows = _with_wishes(Thread.objects.filter(pk__in=thread_ids), member, thread="pk", board="board_id")
    return _over(rows, _MUTED)


def _with_wishes(rows: QuerySet[Any], member: Member, *, thread: str, board: str) -> QuerySet[Any, Any]:
    """With how much `member` wants to hear there, the thread's level before its board's, and how far they read."""
    of_thread = ThreadFollow.objects.filter(member=member, thread=OuterRef(thread)).values("level")
    of_board = BoardFollow.objects.filter(member=member, board=OuterRef(board)).values("level")
    read = ReadMark.objects.filter(member=member, thread=OuterRef(thread)).values("last_read_number")
    level = Coalesce(Subquery(of_thread), Subquery(of_board), Value(""))
    found: QuerySet[Any, Any] = rows.annotate(level=level, read=Subquery(read))
    return found


def _over(rows: QuerySet[Any, Any], is_over: Q) -> Mapping[int, kinds.Over]:
    found = rows.filter(is_over).values_list("pk", "level")
    return {pk: kinds.Over.MUTED if level == Level.MUTE else kinds.Over.READ for pk, level in found}


def reached_by(kind: str, member_ids: Collection[int]) -> set[int]:
    """Those of the members who chose to hear at all of news of this kind, and so need none of another about the same.
    One query where there are any."""
    known = kinds.get(kind)
    if known is None or not member_ids:
        return set()
    channels = notifications.access.channels_of(list(member_ids), known)
    return {pk for pk, channel in channels.items() if channel != Channel.NOTHING}


def place(title: str, touched: Sequence[str]) -> str:
    """A title that its author put a content note on stays folded here: the list does not know who folds what."""
    if touched:
        return _("a thread that touches on: %(notes)s") % {"notes": spoken(touched)}
    return _("“%(title)s”") % {"title": title}


def placed(line: str, post_ids: Collection[int]) -> dict[int, str]:
    """The same sentence about each of these posts, with its own `place`. One query."""
    rows = Post.objects.filter(pk__in=post_ids).values_list(
        "pk", "thread__title", "thread__content_notes", "thread__board__content_notes"
    )
    return {pk: line % {"place": place(title, [*own, *of_board])} for pk, title, own, of_board in rows}


def spoken(touched: Sequence[str]) -> str:
    return ", ".join(notes.labels(touched))
