"""What the forum tells members."""

from collections.abc import Collection, Iterable

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


def _readable(post_ids: Collection[int], member: Member) -> set[int]:
    posts = Post.objects.visible_to(member).filter(pk__in=post_ids, visibility=Visibility.VISIBLE)
    return set(posts.values_list("pk", flat=True))


def _lines(post_ids: Collection[int]) -> dict[int, str]:
    titles = Post.objects.filter(pk__in=post_ids).values_list("pk", "thread__title")
    return {pk: _("Somebody replied in “%(title)s”.") % {"title": title} for pk, title in titles}


NEW_REPLY = kinds.register(
    kinds.Kind(
        key="new_reply",
        audience=_concerned,
        visible=_readable,
        url=lambda event: reverse("post", args=[Post.objects.only("public_id").get(pk=event.target_id).public_id]),
        lines=_lines,
        mail_now=True,
    )
)
