"""What the forum tells members about replies and new threads, and moderators about threads that wait."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import moderation.access
from core.later import Ids
from forums import access, glances, hearing
from forums.mentions import mentioned_ids, reached, readable
from forums.models import BoardFollow, Level, Occurrence, Post, Thread, ThreadFollow
from forums.quotes import quoted_ids
from members.kept import lines_of
from members.models import Member
from notifications import kinds
from notifications.models import Channel, Event

# --- a reply ----------------------------------------------------------------------------------------------------


def _concerned(event: Event, after: int, limit: int) -> kinds.Reached:
    """Who hears of a reply because they follow its thread or its board. Five queries, and those for whom it names.

    What somebody chose for the thread counts before what they chose for its board. Left out are those who are parted
    from it by a block, so that not even the mark of news shows that it is there, and those whom it names, answers or
    quotes, for they hear of that; its author is left out by whoever asks.
    """
    post = Post.objects.select_related("thread").filter(pk=event.target_id).first()
    if post is None:
        return kinds.page_of([], limit)
    follows = ThreadFollow.objects.filter(thread=post.thread_id)
    muting = follows.filter(level=Level.MUTE).values("member_id")
    of_thread = follows.filter(level=Level.ALL)
    of_board = BoardFollow.objects.filter(board=post.thread.board_id, level=Level.ALL).exclude(member__in=muting)
    page = next_of([(of_thread, "member_id"), (of_board, "member_id")], after, limit)
    told_otherwise = hearing.reached_by("mentioned", mentioned_ids(post))
    told_otherwise |= hearing.reached_by("quoted", quoted_ids(post)) | set(answered(post))
    return page._replace(told=reached(page.told, post) - told_otherwise)


def next_of(audiences: Sequence[tuple[QuerySet[Any], str]], after: int, limit: int) -> kinds.Reached:
    """One page of the members in all of them together, in each under the name of a field. A query each, whose rows are
    no more than a page."""
    found: set[int] = set()
    for rows, field in audiences:
        page = rows.filter(**{f"{field}__gt": after}).order_by(field).values_list(field, flat=True).distinct()
        found |= set(page[:limit])
    return kinds.page_of(found, limit)


def _addressed(event: Event) -> Iterable[int]:
    """Whose words it answers. Whoever is named or quoted in it as well hears of that only as of an answer."""
    post = Post.objects.select_related("thread").filter(pk=event.target_id).first()
    return reached(set(answered(post)), post) if post else set()


def answered(post: Post) -> QuerySet[Post, int]:
    """Whose words `post` answers, unless they want to hear nothing here.

    A reply that names no post answers the opening one; its author hears of that only where they follow.
    """
    of_thread = ThreadFollow.objects.filter(thread=post.thread_id, member=OuterRef("author_id")).values("level")
    of_board = BoardFollow.objects.filter(board=post.thread.board_id, member=OuterRef("author_id")).values("level")
    found = (
        Post.objects.filter(thread=post.thread_id, number=post.reply_to or 1)
        .alias(follows=Subquery(of_thread), level=Coalesce(Subquery(of_thread), Subquery(of_board), Value("")))
        .exclude(level=Level.MUTE)
    )
    if post.reply_to is None:
        found = found.filter(follows__in=[Level.ALL, Level.REPLIES])
    return found.values_list("author_id", flat=True)


_REPLY = glances.POSTS.lines(lambda said: _("Somebody replied in %(place)s.") % {"place": said.place})
_REPLIES = glances.POSTS.lines(lambda said: _("There are replies in %(place)s.") % {"place": said.place})


def post_address(event: Event) -> str:
    return reverse("post", args=[Post.objects.only("public_id").get(pk=event.target_id).public_id])


NEW_REPLY = kinds.register(
    kinds.Kind(
        key="new_reply",
        label=gettext_lazy("A reply in a thread or board I follow"),
        audience=_concerned,
        visible=readable,
        over=hearing.posts_over,
        untold=hearing.untold_posts,
        url=post_address,
        sights=glances.sights,
        lines=_REPLY,
        grouped=_REPLIES,
        digest_line=gettext_lazy("There are new words in a thread that you follow."),
        group="thread",
    )
)
REPLIED_TO_YOU = kinds.register(
    kinds.Kind(
        key="replied_to_you",
        label=gettext_lazy("A reply to me"),
        audience=kinds.few(_addressed),
        visible=readable,
        over=hearing.posts_over,
        untold=hearing.untold_posts,
        url=post_address,
        sights=glances.sights,
        lines=_REPLY,
        grouped=_REPLIES,
        default=Channel.MAIL,
        digest_line=gettext_lazy("Somebody answered you."),
        group="thread",
    )
)


# --- a thread ---------------------------------------------------------------------------------------------------


def _board_followers(event: Event, after: int, limit: int) -> kinds.Reached:
    """But for those whom the opening post names, and those parted from its author by a block.

    Nobody for a gathering: that it opened is news of its own.
    """
    opening = Post.objects.select_related("thread").filter(thread=event.target_id, number=1).first()
    if opening is None or Occurrence.objects.filter(thread=event.target_id).exists():
        return kinds.page_of([], limit)
    follows = BoardFollow.objects.filter(board=opening.thread.board_id, level=Level.ALL)
    page = next_of([(follows, "member_id")], after, limit)
    named = hearing.reached_by("mentioned", mentioned_ids(opening))
    return page._replace(told=reached(page.told, opening) - named)


def _listed(thread_ids: Collection[int], member: Member) -> Collection[int]:
    return wanted(hearing.threads_for(member).filter(pk__in=thread_ids), member)


def wanted(threads: QuerySet[Thread, Any], member: Member) -> Collection[int]:
    """Those whose titles no filter of `member` keeps from them."""
    lines = lines_of(member)
    if not lines.filters:
        return Ids(threads)
    return Ids(threads, "pk", "author_id", "title", keeps=lambda by, title: by == member.pk or not lines.look(title))


def thread_address(event: Event) -> str:
    return Thread.objects.only("public_id", "slug").get(pk=event.target_id).get_absolute_url()


NEW_THREAD = kinds.register(
    kinds.Kind(
        key="new_thread",
        label=gettext_lazy("A new thread on a board I follow"),
        audience=_board_followers,
        visible=_listed,
        over=hearing.threads_over,
        url=thread_address,
        sights=glances.sights,
        lines=glances.THREADS.lines(lambda said: _("There is a new thread on “%(board)s”.") % {"board": said.detail}),
        grouped=glances.THREADS.lines(lambda said: _("There are new threads on “%(board)s”.") % {"board": said.detail}),
        digest_line=gettext_lazy("There is a new thread on a board that you follow."),
    )
)


# --- a thread that nobody has answered for long -----------------------------------------------------------------


def _moderators(event: Event) -> Iterable[int]:
    """All but its author, whose own thread it may be."""
    moderating = moderation.access.moderating_at(timezone.now())
    moderators = Member.objects.filter(moderating).exclude(threads=event.target_id)
    return set(moderators.values_list("pk", flat=True))


def _still_waiting(thread_ids: Collection[int], member: Member) -> Collection[int]:
    """Somebody has answered: nothing is left to tell. Content notes that a moderator hides leave nobody out."""
    if not moderation.access.moderates_now(member):
        return ()
    return Ids(access.unheard_threads(Thread.objects.visible_to(member).filter(pk__in=thread_ids)))


_WAITS = gettext_lazy("A thread on “%(board)s” has waited for a reply for more than 12 hours.")
_SEVERAL_WAIT = gettext_lazy("Threads on “%(board)s” have waited for a reply for more than 12 hours.")
WAITING_LONG = kinds.register(
    kinds.Kind(
        key="waiting_long",
        audience=kinds.few(_moderators),
        visible=_still_waiting,
        url=thread_address,
        lines=glances.THREADS.lines(lambda said: str(_WAITS) % {"board": said.detail}),
        grouped=glances.THREADS.lines(lambda said: str(_SEVERAL_WAIT) % {"board": said.detail}),
        label=gettext_lazy("A thread has waited for a reply for more than 12 hours"),
        for_whom=kinds.moderators,
    )
)
