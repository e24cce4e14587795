"""Posts, as moderation sees them."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast
from uuid import UUID

from django.db.models import Model
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from forums import access
from forums.models import Post, Visibility
from forums.services.visibility import set_visibility
from members.models import Member
from moderation.registry import Action, Subject, register


class SetVisibility(Action):
    """Show or fold one post."""

    visibility: ClassVar[Visibility]

    def apply(self, subject: Model, *, actor: Member) -> bool:
        del actor
        return set_visibility(post=cast("Post", subject), visibility=self.visibility)


class Approve(SetVisibility):
    key = "approve"
    label = _("Leave it as it is")
    visibility = Visibility.VISIBLE


class Show(Approve):
    label = _("Show it to members")


class Keep(Action):
    key = "keep"
    label = _("Keep it hidden")

    def apply(self, subject: Model, *, actor: Member) -> bool:  # noqa: ARG002 - as every action
        return False


class Hide(SetVisibility):
    key = "hide"
    label = _("Hide the post")
    statement = "Your post was hidden. Other members see that a post was here, and not its text."
    visibility = Visibility.HIDDEN


class HideThread(Hide):
    label = _("Hide the thread with all its replies")
    statement = "Your thread was hidden. Other members do not see it any more."


@register(Post)
class PostSubject(Subject[Post]):
    kind = "post"
    template = "forums/_post_subject.html"

    def actions(self, subject: Post) -> Sequence[Action]:
        hide = HideThread() if subject.number == 1 else Hide()
        match subject.visibility:
            case Visibility.VISIBLE:
                return [Approve(), hide]
            case Visibility.HELD:
                return [Show(), hide]
            case _:
                return [Keep(), Show()]

    def state(self, subject: Post) -> str:
        return str(Visibility(subject.visibility).label)

    def get(self, subject_id: int) -> Post | None:
        return Post.objects.select_related("thread__board", "author").filter(pk=subject_id).first()

    def find_for(self, member: Member, public_id: UUID) -> Post:
        post = access.get_post_for(member, public_id)
        if post.visibility != Visibility.VISIBLE or post.author_id == member.pk:
            raise Http404
        return post

    def author(self, subject: Post) -> Member:
        return subject.author

    def snapshot(self, subject: Post) -> str:
        return f"{subject.thread.title}\n\n{subject.body}" if subject.number == 1 else subject.body

    def titles(self, subject_ids: Sequence[int]) -> Mapping[int, str]:
        return dict(Post.objects.filter(pk__in=subject_ids).values_list("pk", "thread__title"))

    def url(self, subject: Post) -> str:
        return reverse("post", args=[subject.public_id])

    def context(self, subject: Post) -> dict[str, object]:
        """The post in full, whatever its state, with up to two posts before and after it."""
        return {"posts": access.around(subject), "post": subject}
