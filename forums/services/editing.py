"""Changing one's own words."""

import copy
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import text
from forums import access
from forums.models import Post, Visibility
from forums.services import posts, revisions, search
from forums.services.threads import lock_thread_of
from forums.services.visibility import apply_visibility
from members.models import Member
from moderation import asking, screening
from moderation.services import cases


@transaction.atomic(durable=True)
def edit_post(
    *,
    author: Member,
    post: Post,
    version: int,
    body: str,
    title: str = "",
    asked: Collection[str] | None = None,
    reach_out: bool = False,
) -> bool:
    """Put `body`, and of an opening post `title`, in the place of the words of `version`. Says whether they differ.

    The earlier words are kept; readers see them if they could read them for longer than the grace time. The new
    ones are screened like those of a new post: what is held waits for a moderator, and so does what was held before,
    whatever it says now. Asked about is only what the words say that they did not say before; `asked` and `reach_out`
    are as in `posts.begin_thread`.

    Locks the case about it, as a decision does, then the thread and the post.

    Raises:
        CannotPostError: the post was hidden or the thread closed meanwhile, or the author may not write now.
        EditedMeanwhileError: the words are no longer those of `version`.
        AskFirstError: there is something new in them that their author was not `asked` about.
    """
    wanted = _Words(title=text.normalise(title).replace("\n", " "), body=text.normalise(body))
    words = wanted.screened(post)
    disguised = access.is_disguised(author, post.thread)
    screen = posts.screener(author=author, board=post.thread.board, like=words, besides=post.pk, disguised=disguised)
    verdict = screen(screening.look(words))
    if asked is not None:
        before = _Words(title=post.thread.title, body=post.body).screened(post)
        asking.check(verdict, words, {*asked, *asking.marks_of(screen(screening.look(before)), before)})
    if reach_out:
        verdict = verdict.plus(screening.asks_for_help())
    cases.words_changed(subject=post)
    cases.open_for_signals(subject=wanted.put_into(post), verdict=verdict)
    thread = lock_thread_of(post)
    locked = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    locked.thread = thread
    if locked.author_id != author.pk:
        raise PermissionDenied
    if wanted.are_those_of(locked):
        # A case that was opened or joined for nothing; not so where somebody asks for help.
        transaction.set_rollback(not reach_out)
        return False
    access.check_can_edit(author, locked)
    if locked.version != version:
        raise access.EditedMeanwhileError
    now = timezone.now()
    is_marked = locked.visibility == Visibility.VISIBLE and now - locked.created_at > access.GRACE
    revisions.keep(locked, is_public=is_marked)
    edited_at = now if is_marked else locked.edited_at
    revisions.put(locked, title=wanted.title, body=wanted.body, edited_at=edited_at)
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
