"""What the forum tells members."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from forums.models import Post, Visibility
from members.models import Member
from notifications import kinds
from notifications.models import Event


def _post(event: Event) -> Post | None:
    return Post.objects.select_related("thread").filter(pk=event.target_id).first()


def _concerned(event: Event) -> Iterable[int]:
    """The thread's author and the author of the post that was answered."""
    post = _post(event)
    if post is None:
        return set()
    answered = Post.objects.filter(thread=post.thread_id, number=post.reply_to or 1)
    return {post.thread.author_id, *answered.values_list("author_id", flat=True)}


def _can_read(event: Event, member: Member) -> bool:
    return Post.objects.visible_to(member).filter(pk=event.target_id, visibility=Visibility.VISIBLE).exists()


def _line(event: Event) -> str:
    post = _post(event)
    return _("Somebody replied in “%(title)s”.") % {"title": post.thread.title if post else ""}


NEW_REPLY = kinds.register(
    kinds.Kind(
        key="new_reply",
        audience=_concerned,
        wanted=_can_read,
        url=lambda event: reverse("post", args=[Post.objects.only("public_id").get(pk=event.target_id).public_id]),
        line=_line,
        mail_now=True,
    )
)
