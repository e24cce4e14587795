"""Showing and folding posts, on a moderator's decision."""

from django.db import transaction
from django.utils import timezone

from forums import access
from forums.models import Post, Thread, Visibility
from forums.services import telling
from forums.services.threads import answers_anew, lock_thread_of

# The decisions by which a moderator lets readers have a post.
LET_PASS = frozenset({"approve", "warn", "edit", "notes", "lock", "slow", "move", "close-as-asked"})


@transaction.atomic
def set_visibility(*, post: Post, visibility: Visibility) -> bool:
    """Show or fold `post`; the opening post takes its thread along. Says whether anything changed.

    A thread or reply that is shown for the first time is news; a reply that is hidden no longer counts as an answer,
    so the thread waits again. What its author took back is never shown again by anybody else. Locks thread and post.
    """
    thread = lock_thread_of(post)
    locked = Post.objects.select_related("author").select_for_update(of=("self",), no_key=True).get(pk=post.pk)
    if visibility == Visibility.VISIBLE and locked.withdrawn_at is not None:
        visibility = Visibility.WITHDRAWN
    # A line in the place of a moved post stays one.
    if locked.visibility in (visibility, Visibility.MOVED):
        return False
    apply_visibility(thread, locked, visibility)
    if visibility == Visibility.VISIBLE:
        _tell_of(thread, locked)
    return True


@transaction.atomic
def fold(post: Post) -> bool:
    """Put a line in the place of a visible `post` until a moderator has looked. Says whether anything changed.

    Its author and moderators read on. An opening post that nobody has answered takes its thread along; where others
    answered, their words and the way to the author stay. Locks thread and post.
    """
    thread = lock_thread_of(post)
    locked = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if locked.visibility != Visibility.VISIBLE:
        return False
    apply_visibility(thread, locked, Visibility.FOLDED)
    return True


def apply_visibility(thread: Thread, post: Post, visibility: Visibility) -> None:
    """Write the state of `post`, and what its thread row says because of it. The caller has locked both."""
    Post.objects.filter(pk=post.pk).update(visibility=visibility)
    if post.number == 1:
        Thread.objects.filter(pk=thread.pk).update(visibility=_of_thread(thread, visibility))
    else:
        count_answers(thread)


def _of_thread(thread: Thread, of_opening: Visibility) -> Visibility:
    if of_opening not in (Visibility.WITHDRAWN, Visibility.FOLDED):
        return of_opening
    if access.is_answered(thread):
        return Visibility.VISIBLE
    return Visibility.HELD if of_opening == Visibility.FOLDED else of_opening


def count_answers(thread: Thread) -> None:
    """Whether `thread` was answered and whose turn it is, from its visible posts. The caller has locked it."""
    Thread.objects.filter(pk=thread.pk).update(**answers_anew(thread))


def _tell_of(thread: Thread, post: Post) -> None:
    """An event exists once, so what was shown before is not news again. `post` is as it was before it was shown."""
    was_held = post.visibility == Visibility.HELD
    if post.number > 1:
        if was_held:
            Thread.objects.filter(pk=thread.pk).update(last_post_at=timezone.now())
        telling.tell_of_reply(post, naming=was_held)
    elif was_held:
        telling.tell_of_thread(thread)
        telling.tell_of_gathering(thread)
        telling.tell_mentioned(post)
