"""What a moderator's decision changes about a post and its thread, and how it is taken back after an appeal.

Each verb locks the thread, then the post, is a part of the transaction in which the decision takes effect, and says
what has to be remembered to take it back. Nothing goes to the log from here, and nobody is told: the decision does
both. Taking back changes only what still is as the decision left it.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import moderation.access
from core import text
from core.notes import ContentNote
from forums.access.care import CannotChangeError, check_reach, check_stands
from forums.models import Board, Post, PostRevision, Thread, Visibility
from forums.services import revisions, search
from forums.services.threads import CLOSED, check_moderator, lock, lock_thread_of
from forums.services.visibility import set_visibility
from members.models import Member
from moderation.services import cases

ERASED_AT_ONCE = 500
HIDE, REMOVE, SLOW = "hide", "remove", "slow"
_KIND = "post"


# --- the words


@transaction.atomic
def correct(*, actor: Member, post: Post, title: str, body: str) -> dict[str, Any]:
    """Put `body`, and of an opening post `title`, in the place of the author's words. {} where they say that already.

    The earlier words are kept for their author and moderators. Readers see that the post was edited, and no earlier
    version: what had to go may stand in those, too.
    """
    check_moderator(actor)
    locked = _lock(post)
    title, body = text.normalise(title).replace("\n", " "), text.normalise(body)
    if body == locked.body and (locked.number > 1 or title == locked.thread.title):
        return {}
    earlier = PostRevision.objects.filter(post=locked, is_public=True)
    public = list(earlier.values_list("version", flat=True))
    earlier.update(is_public=False)
    revisions.keep(locked, is_public=False)
    revisions.put(locked, title=title, body=body, edited_at=timezone.now())
    edited_at = locked.edited_at.isoformat() if locked.edited_at else None
    search.index_post(Post.objects.select_related("thread").get(pk=locked.pk))
    return {"version": locked.version, "public": public, "edited_at": edited_at}


@transaction.atomic
def uncorrect(*, actor: Member, post: Post, before: dict[str, Any]) -> bool:
    """The author's words again, unless they were changed since."""
    check_moderator(actor)
    locked = _lock(post)
    kept = PostRevision.objects.filter(post=locked, version=before["version"]).first()
    if kept is None or locked.version != before["version"] + 1:
        return False
    title = kept.title or locked.thread.title
    if locked.number == 1 and locked.thread.title_before:
        # Its author took it back since: their title comes with their words, when they put them back.
        Thread.objects.filter(pk=locked.thread_id).update(title_before=title)
        title = locked.thread.title
    revisions.keep(locked, is_public=False)
    revisions.put(locked, title=title, body=kept.body, edited_at=locked.edited_at)
    PostRevision.objects.filter(post=locked, version__in=before["public"]).update(is_public=True)
    search.index_post(Post.objects.select_related("thread").get(pk=locked.pk))
    return True


def _lock(post: Post) -> Post:
    thread = lock_thread_of(post)
    locked = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    locked.thread = thread
    return locked


# --- who reads them


@transaction.atomic
def show_again(*, actor: Member, post: Post, hidden: Visibility, before: Visibility, unread: bool = False) -> bool:
    """If the post still is `hidden`: what was hidden `before` and by a decision that stands is hidden again. What its
    author took back before stays so. Where its words are `unread`, they wait in the case that keeps them from readers.

    Locks that case first.
    """
    check_moderator(actor)
    waiting = cases.waiting_to_be_read(kind=_KIND, subject_ids=[post.pk]) if unread else ()
    if _lock(post).visibility != hidden:
        return False
    shown = Visibility.HELD if waiting else Visibility.VISIBLE
    stays = before == Visibility.HIDDEN and moderation.access.times_done(_KIND, post.pk, HIDE)
    return set_visibility(post=post, visibility=Visibility.HIDDEN if stays else shown)


def erase_removed(*, limit: int = ERASED_AT_ONCE) -> int:
    """Erase for good the words that were removed so long ago that nobody can appeal any more. Not while an appeal or
    another case about them is open. In batches, each a transaction of its own; says how many posts were erased."""
    erased, after, goes_on = 0, 0, True
    while goes_on:
        ids, after = moderation.access.past_appeal(_KIND, REMOVE, after=after, limit=limit)
        goes_on = bool(after)
        erased += _erase(ids)
    return erased


@transaction.atomic
def _erase(post_ids: Collection[int]) -> int:
    """Five queries. Locks the posts, so that none is shown again meanwhile."""
    removed = Post.objects.filter(pk__in=post_ids, visibility=Visibility.REMOVED).exclude(body="")
    ids = set(removed.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    ids -= moderation.access.with_open_case(_KIND, ids)
    if not ids:
        return 0
    PostRevision.objects.filter(post__in=ids).update(title="", body="")
    search.unindex(ids)
    opened = Thread.objects.filter(posts__in=ids, posts__number=1, visibility=Visibility.REMOVED)
    Thread.objects.filter(pk__in=list(opened.values_list("pk", flat=True))).update(
        title=_("Removed by a moderator"), slug="thread", title_before=""
    )
    return Post.objects.filter(pk__in=ids).update(body="", body_html="")


# --- the thread


@transaction.atomic
def set_state(*, actor: Member, thread: Thread, state: Thread.State, minutes: int | None = None) -> dict[str, Any]:
    """Closed to replies, or slow; closing settles what the author asked for. {} where it is so already.

    Raises:
        CannotChangeError: the thread was joined to another one, or is closed.
    """
    check_moderator(actor)
    locked = _lock_standing(thread)
    if (locked.state, locked.slow_minutes) == (state, minutes):
        return {}
    if locked.state in CLOSED:
        raise CannotChangeError(_("The thread is closed meanwhile. Nothing was changed."))
    _write_state(locked, state, minutes)
    became = [state.value, minutes]
    return {"thread": locked.pk, "state": locked.state, "minutes": locked.slow_minutes, "became": became}


@transaction.atomic
def give_state_back(*, actor: Member, post: Post, before: dict[str, Any]) -> bool:
    """The one that it had before. Open, if it had come by a decision that was taken back meanwhile."""
    check_moderator(actor)
    locked = _lock_same(post.thread, before)
    if locked is None or [locked.state, locked.slow_minutes] != before["became"]:
        return False
    state, minutes = before["state"], before["minutes"]
    if state == Thread.State.SLOW and _was_taken_back(post, SLOW, [state, minutes]):
        state, minutes = Thread.State.OPEN, None
    _write_state(locked, Thread.State(state), minutes)
    return True


def _was_taken_back(post: Post, action: str, became: list[Any]) -> bool:
    """Whether `action` brought the thread to that state, and no decision that did still stands."""

    def led_here(*, replaced: bool) -> bool:
        done = moderation.access.times_done(_KIND, post.pk, action, replaced=replaced)
        return any((decision.options.get("before") or {}).get("became") == became for decision in done)

    return led_here(replaced=True) and not led_here(replaced=False)


def _write_state(thread: Thread, state: Thread.State, minutes: int | None) -> None:
    changed: dict[str, Any] = {"state": state, "slow_minutes": minutes}
    if state in CLOSED:
        changed["closing_asked_at"] = None
    Thread.objects.filter(pk=thread.pk).update(**changed)


@transaction.atomic
def add_notes(*, actor: Member, thread: Thread, notes: Sequence[str]) -> dict[str, Any]:
    """With which of the content notes are new to the thread. {} where none is."""
    check_moderator(actor)
    locked = _lock_standing(thread)
    new = [note.value for note in ContentNote if note.value in notes and note.value not in locked.content_notes]
    if new:
        Thread.objects.filter(pk=locked.pk).update(content_notes=[*locked.content_notes, *new])
    return {"thread": locked.pk, "notes": new} if new else {}


@transaction.atomic
def take_notes_away(*, actor: Member, thread: Thread, before: dict[str, Any]) -> bool:
    check_moderator(actor)
    locked = _lock_same(thread, before)
    if locked is None:
        return False
    left = [note for note in locked.content_notes if note not in before["notes"]]
    if left == locked.content_notes:
        return False
    return bool(Thread.objects.filter(pk=locked.pk).update(content_notes=left))


@transaction.atomic
def move(*, actor: Member, thread: Thread, board: Board, wider: bool) -> dict[str, Any]:
    """Onto another board; its address stays. {} where it stands there already.

    Raises:
        CannotChangeError: the thread was joined to another one, the board is closed, or more people could read it
            there and that is not `wider`.
    """
    check_moderator(actor)
    locked = _lock_standing(thread)
    if locked.board_id == board.pk:
        return {}
    if board.is_archived:
        raise CannotChangeError(_("That board is closed. Nothing was changed."))
    check_reach(locked.board, board, wider=wider)
    Thread.objects.filter(pk=locked.pk).update(board=board)
    return {"thread": locked.pk, "board": locked.board_id, "became": board.pk, "last_number": locked.last_number}


@transaction.atomic
def move_back(*, actor: Member, thread: Thread, before: dict[str, Any]) -> bool:
    """Unless it was moved on since, the board that it came from is closed, or others wrote in it since for fewer
    readers than it has there."""
    check_moderator(actor)
    locked = _lock_same(thread, before)
    came_from = Board.objects.filter(pk=before["board"], is_archived=False).first()
    if locked is None or locked.board_id != before["became"] or came_from is None:
        return False
    since = Post.objects.filter(thread=locked, number__gt=before["last_number"]).exclude(author=locked.author_id)
    try:
        check_reach(locked.board, came_from, wider=not since.exists())
    except CannotChangeError:
        return False
    return bool(Thread.objects.filter(pk=locked.pk).update(board=came_from))


def _lock_same(thread: Thread, before: dict[str, Any]) -> Thread | None:
    """If it is the one that the decision was about: its opening post may stand in another one since."""
    locked = lock(thread.pk)[thread.pk]
    return locked if locked.pk == before["thread"] and locked.merged_into_id is None else None


def _lock_standing(thread: Thread) -> Thread:
    locked = lock(thread.pk)[thread.pk]
    check_stands(locked)
    return locked
