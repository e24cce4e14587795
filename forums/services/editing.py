"""Changing one's own words."""

import copy
import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import markdown, text
from forums import access
from forums.models import Post, PostRevision, Thread, Visibility
from forums.services import posts, search
from forums.services.threads import lock_thread_of
from forums.services.visibility import apply_visibility
from members.models import Member
from moderation.services import cases


@transaction.atomic(durable=True)
def edit_post(*, author: Member, post: Post, version: int, body: str, title: str = "") -> bool:
    """Put `body`, and of an opening post `title`, in the place of the words of `version`. Says whether they differ.

    The earlier words are kept; readers see them if they could read them for longer than the grace time. The new
    ones are screened like those of a new post: what is held waits for a moderator, and so does what was held before,
    whatever it says now.

    Locks the case about it, as a decision does, then the thread and the post.

    Raises:
        CannotPostError: the post was hidden or the thread closed meanwhile, or the author may not write now.
        EditedMeanwhileError: the words are no longer those of `version`.
    """
    wanted = _Words(title=text.normalise(title).replace("\n", " "), body=text.normalise(body))
    verdict = posts.screen(wanted.screened(post), author=author, board=post.thread.board)
    cases.words_changed(subject=post)
    cases.open_for_signals(subject=wanted.put_into(post), verdict=verdict)
    thread = lock_thread_of(post)
    locked = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    locked.thread = thread
    if locked.author_id != author.pk:
        raise PermissionDenied
    if wanted.are_those_of(locked):
        # A case that was opened or joined for nothing.
        transaction.set_rollback(True)
        return False
    access.check_can_edit(author, locked)
    if locked.version != version:
        raise access.EditedMeanwhileError
    now = timezone.now()
    is_marked = locked.visibility == Visibility.VISIBLE and now - locked.created_at > access.GRACE
    _keep(locked, is_public=is_marked)
    wanted.replace(locked, edited_at=now if is_marked else locked.edited_at)
    if verdict.holds and locked.visibility == Visibility.VISIBLE:
        apply_visibility(thread, locked, Visibility.HELD)
    search.index_post(locked)
    return True


@dataclass(frozen=True, slots=True)
class _Words:
    """What the author wants a post to say. `title` counts for an opening post only."""

    title: str
    body: str

    def screened(self, post: Post) -> str:
        return f"{self.title}\n\n{self.body}" if post.number == 1 else self.body

    def put_into(self, post: Post) -> Post:
        """A copy of `post` that says it, for the moderators' snapshot; nothing is saved."""
        changed = copy.copy(post)
        changed.body = self.body
        if post.number == 1:
            changed.thread = copy.copy(post.thread)
            changed.thread.title = self.title
        return changed

    def are_those_of(self, post: Post) -> bool:
        return self.body == post.body and (post.number > 1 or self.title == post.thread.title)

    def replace(self, post: Post, *, edited_at: dt.datetime | None) -> None:
        Post.objects.filter(pk=post.pk).update(
            body=self.body, body_html=markdown.render(self.body), version=post.version + 1, edited_at=edited_at
        )
        if post.number == 1 and self.title != post.thread.title:
            Thread.objects.filter(pk=post.thread_id).update(title=self.title, slug=Thread.slug_for(self.title))


def _keep(post: Post, *, is_public: bool) -> None:
    """The words as they are, before they change. What a moderator has yet to read was never public."""
    before = PostRevision.objects.filter(post=post, version=post.version - 1)
    written_at = before.values_list("replaced_at", flat=True).first() or post.created_at
    PostRevision.objects.create(
        post=post,
        version=post.version,
        title=post.thread.title if post.number == 1 else "",
        body=post.body,
        is_public=is_public,
        written_at=written_at,
    )
