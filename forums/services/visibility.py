"""Showing and folding posts, on a moderator's decision."""

from django.db import transaction
from django.utils import timezone

import notifications.services
from forums.models import Post, Thread, Visibility
from forums.news import NEW_REPLY


@transaction.atomic
def set_visibility(*, post: Post, visibility: Visibility) -> bool:
    """Show or fold `post`; the opening post takes its thread along. Says whether anything changed.

    A reply that is shown for the first time is news; one that is hidden no longer counts as an answer, so the
    thread waits again. Locks thread and post.
    """
    thread = Thread.objects.select_for_update(no_key=True).get(pk=post.thread_id)
    locked = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if locked.visibility == visibility:
        return False
    Post.objects.filter(pk=locked.pk).update(visibility=visibility)
    if locked.number == 1:
        Thread.objects.filter(pk=thread.pk).update(visibility=visibility)
        return True
    answers = thread.posts.filter(visibility=Visibility.VISIBLE).exclude(author=thread.author_id)
    first = answers.order_by("number").values_list("created_at", flat=True).first()
    Thread.objects.filter(pk=thread.pk).update(answered_at=first)
    if visibility == Visibility.VISIBLE and locked.visibility == Visibility.HELD:
        Thread.objects.filter(pk=thread.pk).update(last_post_at=timezone.now())
    if visibility == Visibility.VISIBLE:
        # An event exists once, so a reply that was shown before is not news again.
        notifications.services.record(kind=NEW_REPLY, target_id=locked.pk, actor=locked.author)
    return True
