"""Thanking for a reply, which only the two of them ever see (M4)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

import notifications.services
from forums.models import Post, Thread, Visibility
from forums.news_posts import THANKED
from members.models import Member


@transaction.atomic
def thank(*, member: Member, post: Post, on: bool) -> bool:
    """The thread's author thanks for somebody else's reply, or takes it back. Says whether anything changed.

    The other one hears of it once, however often it is taken back and given again. In an archived thread nothing
    changes any more. Reads the thread.
    """
    if post.thread.author_id != member.pk or post.author_id == member.pk:
        raise PermissionDenied
    if post.thread.state == Thread.State.ARCHIVED:
        return False
    reply = Post.objects.filter(pk=post.pk, visibility=Visibility.VISIBLE, thanked_at__isnull=on)
    if not reply.update(thanked_at=timezone.now() if on else None):
        return False
    if on:
        notifications.services.record(kind=THANKED, target_id=post.pk, actor=member, group_id=post.thread_id)
    return True
