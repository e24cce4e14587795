"""What of the forum's news still needs telling, and how news speak of a thread."""

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import notifications.access
from core import notes
from core.later import ByKey
from forums.models import BoardFollow, Level, Post, Reaction, ReadMark, Thread, ThreadFollow, Visibility
from forums.models.posts import PostQuerySet
from forums.models.threads import ThreadQuerySet
from members.kept import draws_lines
from members.models import Block, Member, Mute
from notifications import kinds
from notifications.models import Channel

_MUTED = Q(level=Level.MUTE)


# --- what members meet in news, but for what their filters find in its words


def posts_for(member: Member) -> PostQuerySet:
    """Posts that `member` may read, in threads that lists show them, and of nobody whom they muted."""
    posts = Post.objects.readable_by(member).heard_by(member).filter(visibility=Visibility.VISIBLE)
    return posts.filter(thread__in=Thread.objects.listed_for(member))


def threads_for(member: Member) -> ThreadQuerySet:
    """Threads that lists show `member`, of nobody whom they muted."""
    return Thread.objects.listed_for(member).heard_by(member).filter(visibility=Visibility.VISIBLE)


def reactions_for(member: Member) -> QuerySet[Reaction]:
    """To posts of `member` that they can read, as `access.responses_for` shows them: what the thread's disguised author
    gave stays, whoever blocked whom. No filter keeps one's own words from oneself."""
    disguised = Q(post__thread__disguise__isnull=False, member=F("post__thread__author"))
    unblocked = ~Q(member__in=Block.objects.ids_around(member)) | disguised
    given = Reaction.objects.filter(unblocked, post__author=member, post__in=posts_for(member))
    if not draws_lines(member):
        return given
    unmuted = ~Q(member__in=Mute.objects.filter(muter=member).values("muted"))
    return given.filter(unmuted | disguised)


# --- what is over


def posts_over(post_ids: Collection[int], member: Member) -> Mapping[int, kinds.Over]:
    """Those of the posts that `member` has read in their thread, or whose thread they muted since. One query."""
    rows = with_wishes(Post.objects.filter(pk__in=post_ids), member, thread="thread_id", board="thread__board_id")
    return _over(rows, _MUTED | Q(read__gte=F("number")))


def untold_posts(member: Member) -> QuerySet[Any]:
    """`posts_for`, less what is over."""
    wished = with_wishes(posts_for(member), member, thread="thread_id", board="thread__board_id")
    return wished.exclude(level=Level.MUTE).filter(Q(read=None) | Q(read__lt=F("number")))


def threads_over(thread_ids: Collection[int], member: Member) -> Mapping[int, kinds.Over]:
    """Those of the threads that `member` has opened, or muted since. One query."""
    rows = with_wishes(Thread.objects.filter(pk__in=thread_ids), member, thread="pk", board="board_id")
    return _over(rows, _MUTED | Q(read__gte=1))


def muted_posts(post_ids: Collection[int], member: Member) -> Mapping[int, kinds.Over]:
    """The same for news about one's own posts, which one has read: those whose thread one muted since. One query."""
    rows = with_wishes(Post.objects.filter(pk__in=post_ids), member, thread="thread_id", board="thread__board_id")
    return _over(rows, _MUTED)


def muted_reactions(reaction_ids: Collection[int], member: Member) -> Mapping[int, kinds.Over]:
    """Those whose post stands in a thread that `member` muted since. One query."""
    reactions = Reaction.objects.filter(pk__in=reaction_ids)
    rows = with_wishes(reactions, member, thread="post__thread_id", board="post__thread__board_id")
    return _over(rows, _MUTED)


def muted_threads(thread_ids: Collection[int], member: Member) -> Mapping[int, kinds.Over]:
    """Those of one's own threads that one muted since. One query."""
    rows = with_wishes(Thread.objects.filter(pk__in=thread_ids), member, thread="pk", board="board_id")
    return _over(rows, _MUTED)


def with_wishes(rows: QuerySet[Any], member: Member, *, thread: str, board: str) -> QuerySet[Any, Any]:
    """With how much `member` wants to hear there, the thread's level before its board's, and how far they read."""
    of_thread = ThreadFollow.objects.filter(member=member, thread=OuterRef(thread)).values("level")
    of_board = BoardFollow.objects.filter(member=member, board=OuterRef(board)).values("level")
    read = ReadMark.objects.filter(member=member, thread=OuterRef(thread)).values("last_read_number")
    level = Coalesce(Subquery(of_thread), Subquery(of_board), Value(""))
    found: QuerySet[Any, Any] = rows.annotate(level=level, read=Subquery(read))
    return found


def _over(rows: QuerySet[Any, Any], is_over: Q) -> Mapping[int, kinds.Over]:
    return ByKey(rows.filter(is_over).values_list("pk", "level"), _why_over)


def _why_over(level: str) -> kinds.Over:
    """That it is muted counts first, for then it is not shown at all."""
    return kinds.Over.MUTED if level == Level.MUTE else kinds.Over.READ


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


def spoken(touched: Sequence[str]) -> str:
    return _spoken(tuple(touched), get_language())


@functools.lru_cache(maxsize=256)
def _spoken(touched: tuple[str, ...], _language: str | None) -> str:
    return ", ".join(notes.labels(touched))
