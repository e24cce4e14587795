"""Showing and folding posts, on a moderator's decision."""

from django.db import transaction
from django.utils import timezone

import notifications.services
from forums.models import Post, Thread, Visibility
from forums.news import NEW_REPLY


@transaction.atomic
def set_visibility(*, post: Post, visibility: Visibility) -> bool:
    """Show or fold `post`; the opening post takes its thread along. Says whether anything changed.

    A held reply that is shown for the first time now counts as an answer, and is news. Locks the post row.
    """
    locked = Post.objects.select_for_update(of=("self",), no_key=True).select_related("thread").get(pk=post.pk)
    if locked.visibility == visibility:
        return False
    was_held = locked.visibility == Visibility.HELD
    Post.objects.filter(pk=locked.pk).update(visibility=visibility)
    if locked.number == 1:
        Thread.objects.filter(pk=locked.thread_id).update(visibility=visibility)
    elif was_held and visibility == Visibility.VISIBLE:
        others = Thread.objects.filter(pk=locked.thread_id, answered_at=None).exclude(author=locked.author_id)
        others.update(answered_at=locked.created_at)
        Thread.objects.filter(pk=locked.thread_id).update(last_post_at=timezone.now())
        notifications.services.record(kind=NEW_REPLY, target_id=locked.pk, actor=locked.author)
    return True
