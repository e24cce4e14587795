"""Posts, as moderation sees them."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast
from uuid import UUID

from django.db.models import F, Model
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from forums import access
from forums.disguise import name_for
from forums.models import Post, Thread, Visibility
from forums.services import threads
from forums.services.visibility import APPROVE, set_visibility
from members.models import Member
from moderation.registry import Action, Alias, Subject, register


class SetVisibility(Action):
    """Show or fold one post."""

    visibility: ClassVar[Visibility]

    def apply(self, subject: Model, *, actor: Member) -> bool:
        del actor
        return set_visibility(post=cast("Post", subject), visibility=self.visibility)


class Approve(SetVisibility):
    key = APPROVE
    label = _("Leave it as it is")
    visibility = Visibility.VISIBLE


class Show(Approve):
    label = _("Show it to members")


class LeaveOpen(Approve):
    """Of a thread whose author asked for it to be closed."""

    label = _("Leave it as it is, open to replies")

    def apply(self, subject: Model, *, actor: Member) -> bool:
        left = threads.leave_open(actor=actor, thread=cast("Post", subject).thread)
        return super().apply(subject, actor=actor) or left


class CloseAsAsked(Action):
    key = "close-as-asked"
    label = _("Close the thread, as its author asked")

    def apply(self, subject: Model, *, actor: Member) -> bool:
        return threads.close_as_asked(actor=actor, thread=cast("Post", subject).thread)


class LockThread(Action):
    key = "lock"
    label = _("Close the thread to new replies")
    statement = "Your thread was closed to new replies. What is in it stays and can be read."

    def apply(self, subject: Model, *, actor: Member) -> bool:
        return threads.lock_by_decision(actor=actor, thread=cast("Post", subject).thread)


class Keep(Action):
    key = "keep"
    label = _("Keep it hidden")

    def apply(self, subject: Model, *, actor: Member) -> bool:  # noqa: ARG002 - as every action
        return False


class KeepTakenBack(Keep):
    label = _("Leave it taken back")


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
            case Visibility.VISIBLE if subject.number == 1:
                return [*self._about_replies(subject.thread), hide]
            case Visibility.VISIBLE:
                return [Approve(), hide]
            case Visibility.HELD:
                return [Show(), hide]
            case Visibility.WITHDRAWN:
                # Shown again only by who wrote it; hidden, it does not come back by their undo.
                return [KeepTakenBack(), hide]
            case _:
                return [Keep(), Show()]

    def _about_replies(self, thread: Thread) -> Sequence[Action]:
        if thread.is_closed:
            return [Approve()]
        if thread.closing_asked_at is not None:
            return [CloseAsAsked(), LeaveOpen(), LockThread()]
        return [Approve(), LockThread()]

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

    def aliases(self, subject_ids: Sequence[int]) -> Mapping[int, Alias]:
        """What the authors of anonymous threads wrote in them."""
        disguised = Post.objects.filter(pk__in=subject_ids, author=F("thread__author"))
        return {
            pk: Alias(name_for(disguise), thread)
            for pk, disguise, thread in disguised.values_list("pk", "thread__disguise", "thread")
            if disguise is not None
        }

    def author_door(self, subject: Post) -> str:
        disguised = subject.thread.is_anonymous and subject.author_id == subject.thread.author_id
        return reverse("thread_author", args=[subject.thread.public_id]) if disguised else ""

    def url(self, subject: Post) -> str:
        return reverse("post", args=[subject.public_id])

    def context(self, subject: Post) -> dict[str, object]:
        """The post in full, whatever its state, with up to two posts before and after it."""
        return {"posts": access.around(subject), "post": subject}
