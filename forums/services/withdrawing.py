"""Taking one's own words back, putting them back again, and erasing them when that time is over."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

import moderation.access
from forums import access
from forums.models import Post, PostRevision, Thread, Visibility
from forums.services import search
from forums.services.threads import lock_thread_of
from forums.services.visibility import LET_PASS, count_answers
from members.models import Member
from moderation.services import cases

ERASED_AT_ONCE = 200
_KIND = "post"


@transaction.atomic
def withdraw(*, author: Member, post: Post) -> bool:
    """Leave a line in the place of `post`, which its author alone can put back. Says whether anything changed.

    An opening post that nobody else has answered takes its thread along, with what else its author wrote there.
    Where others' words stand, they stay, and only the title goes. Whoever is about to decide about it looks again.
    Locks the cases about it, as a decision does, then thread and post.

    Raises:
        CannotPostError: a moderator has hidden the post meanwhile.
    """
    together = Post.objects.filter(thread=post.thread_id, author=author) if post.number == 1 else Post.objects.none()
    cases.any_changed(kind=_KIND, subject_ids=[post.pk, *together.values_list("pk", flat=True)])
    thread = lock_thread_of(post)
    locked = _own(author, post)
    if locked.visibility == Visibility.WITHDRAWN:
        # Nobody has to look again at what is as it was.
        transaction.set_rollback(True)
        return False
    access.check_can_withdraw(locked)
    alone = locked.number == 1 and not access.is_answered(thread)
    standing = [Visibility.VISIBLE, Visibility.HELD, Visibility.FOLDED]
    own = Post.objects.filter(thread=thread, author=author, visibility__in=standing)
    taken = own if alone else own.filter(pk=locked.pk)
    taken.update(visibility=Visibility.WITHDRAWN, withdrawn_at=timezone.now())
    if locked.number == 1:
        take_title(thread, visibility=Visibility.WITHDRAWN if alone else Visibility.VISIBLE)
    count_answers(thread)
    return True


def _own(author: Member, post: Post) -> Post:
    locked = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if locked.author_id != author.pk:
        raise PermissionDenied
    return locked


def take_title(thread: Thread, *, visibility: Visibility) -> None:
    """With the opening post that was taken back. The caller has locked the thread."""
    Thread.objects.filter(pk=thread.pk).update(
        title=_("Taken back by its author"), slug="thread", title_before=thread.title, visibility=visibility
    )
    search.index_opening(thread)


@transaction.atomic
def put_back(*, author: Member, post: Post) -> bool:
    """Undo `withdraw`, for the post and what was taken back along with it. Says whether anything changed.

    What waited for a moderator waits again, also where the case was closed meanwhile and nobody decided to show it.
    Locks the cases about them, then thread and post.

    Raises:
        CannotPostError: a moderator has hidden the post meanwhile, or the time for it is over.
    """
    taken_together = list(_taken_together(post).select_related("thread", "author"))
    together = [each.pk for each in taken_together]
    waiting = cases.waiting_to_be_read(kind=_KIND, subject_ids=together)
    closed = [each for each in taken_together if each.visibility == Visibility.WITHDRAWN and each.pk not in waiting]
    waiting |= cases.reopen_kept(subjects=closed, passing=LET_PASS)
    thread = lock_thread_of(post)
    locked = _own(author, post)
    if access.is_standing(locked.visibility):
        # A case that was opened again for nothing.
        transaction.set_rollback(True)
        return False
    access.check_can_put_back(locked)
    taken = Post.objects.filter(pk__in=together, visibility=Visibility.WITHDRAWN)
    opening = taken.filter(thread=thread, number=1).first()
    taken.filter(pk__in=waiting).update(visibility=Visibility.HELD, withdrawn_at=None)
    taken.update(visibility=Visibility.VISIBLE, withdrawn_at=None)
    if opening is not None:
        give_title(thread, is_held=opening.pk in waiting)
    count_answers(thread)
    return True


def _taken_together(post: Post) -> QuerySet[Post]:
    """Whatever one press took back: it has one time."""
    return Post.objects.filter(
        thread=post.thread_id, author=post.author_id, withdrawn_at=post.withdrawn_at, withdrawn_at__isnull=False
    )


def give_title(thread: Thread, *, is_held: bool) -> None:
    """The title again, with the opening post that was put back. The caller has locked the thread."""
    title = thread.title_before or thread.title
    shown = Visibility.HELD if is_held else Visibility.VISIBLE
    Thread.objects.filter(pk=thread.pk).update(
        title=title, slug=Thread.slug_for(title), title_before="", visibility=shown
    )
    search.index_opening(thread)


def erase_withdrawn(*, before: dt.datetime | None = None) -> int:
    """Erase for good what was taken back before `before`: by default, whatever nobody can put back any more.

    Not while a case about it is open, so that whoever decides can read what it is about. In batches, each a
    transaction of its own; says how many posts were erased. Run again, it goes on where it was stopped.
    """
    before = before or timezone.now() - access.TAKEN_BACK_FOR
    after, erased = Q(), 0
    while batch := _to_erase(before).filter(after).order_by("withdrawn_at", "id")[:ERASED_AT_ONCE]:
        ids = [post.pk for post in batch]
        erased += _erase(ids, before)
        last = batch[len(ids) - 1]
        after = Q(withdrawn_at__gt=last.withdrawn_at) | Q(withdrawn_at=last.withdrawn_at, pk__gt=last.pk)
    return erased


def _to_erase(before: dt.datetime) -> QuerySet[Post]:
    """Who is leaving can still come back, and then their words do, however long ago they left."""
    over = Post.objects.filter(visibility=Visibility.WITHDRAWN, withdrawn_at__lt=before).exclude(body="")
    return over.exclude(author__leaves_at__isnull=False, author__is_active=True)


@transaction.atomic
def _erase(post_ids: list[int], before: dt.datetime) -> int:
    """Five queries. Locks the posts, so that none is put back meanwhile."""
    locked = _to_erase(before).filter(pk__in=post_ids).order_by("pk").select_for_update(no_key=True, of=("self",))
    ids = set(locked.values_list("pk", flat=True)) - moderation.access.with_open_case(_KIND, post_ids)
    PostRevision.objects.filter(post__in=ids).update(title="", body="")
    search.unindex(ids)
    erased = Post.objects.filter(pk__in=ids)
    # An opening post may stand in another thread by now, which its own was joined to.
    opened = Q(thread=OuterRef("pk"), number=1) | Q(
        thread=OuterRef("merged_into"), number=OuterRef("merged_offset") + 1
    )
    Thread.objects.filter(Exists(erased.filter(opened))).exclude(title_before="").update(title_before="")
    return erased.update(body="", body_html="")
