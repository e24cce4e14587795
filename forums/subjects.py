"""Posts, as moderation sees them."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast
from uuid import UUID

from django.db.models import Model
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


class Hide(SetVisibility):
    key = "hide"
    label = _("Hide the post")
    statement = "Your post was hidden. Other members see that a post was here, and not its text."
    visibility = Visibility.HIDDEN


@register(Post)
class PostSubject(Subject[Post]):
    kind = "post"
    template = "forums/_post_subject.html"
    actions = [Approve(), Hide()]

    def get(self, subject_id: int) -> Post | None:
        return Post.objects.select_related("thread__board", "author").filter(pk=subject_id).first()

    def find_for(self, member: Member, public_id: UUID) -> Post:
        return access.get_post_for(member, public_id)

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
