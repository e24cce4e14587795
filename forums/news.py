"""What the forum tells members about threads and replies."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import moderation.access
from core import notes
from forums import access
from forums.mentions import mentioned_ids, readable, unblocked
from forums.models import BoardFollow, Level, Post, Thread, ThreadFollow, Visibility
from members.models import Member
from notifications import kinds
from notifications.models import Event

# --- a reply ----------------------------------------------------------------------------------------------------


def _concerned(event: Event) -> Iterable[int]:
    """Who hears of a reply: the followers of the thread, those of its board, and who was answered. Three queries.

    What somebody chose for the thread counts before what they chose for its board. Left out are those who are parted
    from it by a block, so that not even the mark of news shows that it is there, and those whom it names, for they
    hear of that; its author is left out by whoever asks.
    """
    post = Post.objects.select_related("thread").filter(pk=event.target_id).first()
    if post is None:
        return set()
    follows = ThreadFollow.objects.filter(thread=post.thread_id)
    muting = follows.filter(level=Level.MUTE).values("member_id")
    of_thread = follows.filter(level=Level.ALL).values_list("member_id", flat=True)
    of_board = BoardFollow.objects.filter(board=post.thread.board_id, level=Level.ALL).exclude(member__in=muting)
    hearing = of_thread.union(of_board.values_list("member_id", flat=True), _answered(post))
    return unblocked(set(hearing), post) - mentioned_ids(post)


def _answered(post: Post) -> QuerySet[Post, int]:
    """Whose words `post` answers, unless they want to hear nothing here.

    A reply that names no post answers the opening one; its author hears of that only where they follow.
    """
    of_thread = ThreadFollow.objects.filter(thread=post.thread_id, member=OuterRef("author_id")).values("level")
    of_board = BoardFollow.objects.filter(board=post.thread.board_id, member=OuterRef("author_id")).values("level")
    answered = (
        Post.objects.filter(thread=post.thread_id, number=post.reply_to or 1)
        .alias(follows=Subquery(of_thread), level=Coalesce(Subquery(of_thread), Subquery(of_board), Value("")))
        .exclude(level=Level.MUTE)
    )
    if post.reply_to is None:
        answered = answered.filter(follows__in=[Level.ALL, Level.REPLIES])
    return answered.values_list("author_id", flat=True)


def _reply_lines(post_ids: Collection[int]) -> dict[int, str]:
    posts = Post.objects.filter(pk__in=post_ids).values_list(
        "pk", "thread__title", "thread__content_notes", "thread__board__content_notes"
    )
    return {pk: _reply_line(title, [*own, *of_board]) for pk, title, own, of_board in posts}


def _reply_line(title: str, touched: Sequence[str]) -> str:
    """A title that its author put a content note on stays folded here: the list does not know who folds what."""
    if touched:
        return _("Somebody replied in a thread that touches on: %(notes)s.") % {"notes": _spoken(touched)}
    return _("Somebody replied in “%(title)s”.") % {"title": title}


def _spoken(touched: Sequence[str]) -> str:
    return ", ".join(notes.labels(touched))


def _post_address(event: Event) -> str:
    return reverse("post", args=[Post.objects.only("public_id").get(pk=event.target_id).public_id])


NEW_REPLY = kinds.register(
    kinds.Kind(
        key="new_reply", audience=_concerned, visible=readable, url=_post_address, lines=_reply_lines, mail_now=True
    )
)


# --- a thread ---------------------------------------------------------------------------------------------------


def _board_followers(event: Event) -> Iterable[int]:
    """But for those whom the opening post names, and those parted from its author by a block."""
    opening = Post.objects.select_related("thread").filter(thread=event.target_id, number=1).first()
    if opening is None:
        return set()
    follows = BoardFollow.objects.filter(board=opening.thread.board_id, level=Level.ALL)
    return unblocked(set(follows.values_list("member_id", flat=True)), opening) - mentioned_ids(opening)


def _listed(thread_ids: Collection[int], member: Member) -> set[int]:
    threads = Thread.objects.listed_for(member).filter(pk__in=thread_ids, visibility=Visibility.VISIBLE)
    return set(threads.values_list("pk", flat=True))


def _thread_lines(thread_ids: Collection[int]) -> dict[int, str]:
    boards = Thread.objects.filter(pk__in=thread_ids).values_list("pk", "board__title")
    return {pk: _("There is a new thread on “%(board)s”.") % {"board": board} for pk, board in boards}


def _thread_address(event: Event) -> str:
    return Thread.objects.only("public_id", "slug").get(pk=event.target_id).get_absolute_url()


NEW_THREAD = kinds.register(
    kinds.Kind(key="new_thread", audience=_board_followers, visible=_listed, url=_thread_address, lines=_thread_lines)
)


# --- a thread that nobody has answered for long -----------------------------------------------------------------


def _moderators(event: Event) -> Iterable[int]:
    """All but its author, whose own thread it may be."""
    moderating = moderation.access.moderating_at(timezone.now())
    moderators = Member.objects.filter(moderating).exclude(threads=event.target_id)
    return set(moderators.values_list("pk", flat=True))


def _still_waiting(thread_ids: Collection[int], member: Member) -> set[int]:
    """Somebody has answered: nothing is left to tell. Content notes that a moderator hides leave nobody out."""
    if not moderation.access.moderates_now(member):
        return set()
    visible = Thread.objects.visible_to(member).filter(pk__in=thread_ids)
    return set(access.unheard_threads(visible).values_list("pk", flat=True))


def _waiting_lines(thread_ids: Collection[int]) -> dict[int, str]:
    boards = Thread.objects.filter(pk__in=thread_ids).values_list("pk", "board__title")
    line = _("A thread on “%(board)s” has waited for a reply for more than 12 hours.")
    return {pk: line % {"board": board} for pk, board in boards}


WAITING_LONG = kinds.register(
    kinds.Kind(
        key="waiting_long",
        audience=_moderators,
        visible=_still_waiting,
        url=_thread_address,
        lines=_waiting_lines,
        mail_now=True,
    )
)
