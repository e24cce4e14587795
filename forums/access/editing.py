"""Who may change or take back their words, for how long, and who reads what they were before."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

import moderation.access
from core.pagination import Page, keyset_page
from forums.access.posts import get_post_for
from forums.access.writing import CannotPostError, check_can_write
from forums.boundaries import without
from forums.models import Post, PostRevision, Thread, Viewer, Visibility
from members.kept import lines_of
from members.models import Member

# For so long after it was posted, a slip is mended without a mark.
GRACE = dt.timedelta(minutes=5)
# For so long what was taken back can be put back; then it is erased.
TAKEN_BACK_FOR = dt.timedelta(days=7)
VERSIONS_A_PAGE = 5
_STANDING = (Visibility.VISIBLE, Visibility.HELD, Visibility.FOLDED)


class EditedMeanwhileError(Exception):
    """The words were changed in another tab or on another device since the form was shown. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Version:
    """The words of a post from one time to another. `title`: of an opening post."""

    number: int
    title: str
    body: str
    written_at: dt.datetime
    is_public: bool = True


def get_own_post(member: Member, public_id: UUID) -> Post:
    """For its author, whatever became of its thread: their words stay theirs. See `is_in_sight`.

    Raises Http404 for who may not see it, PermissionDenied for the others. With thread, board and author, in one query.
    """
    own = Post.objects.select_related("thread__board", "author").filter(author=member, public_id=public_id).first()
    if own is None:
        get_post_for(member, public_id)
        raise PermissionDenied
    return own


def get_own_post_in_sight(member: Member, public_id: UUID) -> Post:
    """The same where its author can also read it. Raises Http404, too, where they no longer see the thread."""
    post = get_own_post(member, public_id)
    if not is_in_sight(member, post.thread):
        raise Http404
    return post


def is_in_sight(member: Member, thread: Thread) -> bool:
    """Whether `member` can open `thread`: it may be hidden, behind a block, on a board closed to them. One query."""
    return Thread.objects.visible_to(member).filter(pk=thread.pk).exists()


def is_standing(visibility: str) -> bool:
    """Whether the words are there, for readers or for a moderator to look at first."""
    return visibility in _STANDING


def check_can_edit(author: Member, post: Post) -> None:
    """Raises CannotPostError with a sentence. One query. Reads the post's thread and its board.

    Slow mode does not matter: nothing is added.
    """
    if post.visibility in (Visibility.HIDDEN, Visibility.REMOVED):
        raise CannotPostError(
            _("A moderator has hidden this post meanwhile, so it was not changed. Your words are still below.")
        )
    if not is_standing(post.visibility):
        raise CannotPostError(_("This post is not here any more, so it was not changed. Your words are still below."))
    if post.thread.is_closed:
        raise CannotPostError(_("This thread is closed, so your post was not changed. Your words are still below."))
    check_can_write(author)


def check_can_withdraw(post: Post) -> None:
    """Raises CannotPostError with a sentence. No query. A closed thread or a silence keeps nobody from it."""
    if not is_standing(post.visibility):
        raise CannotPostError(_("A moderator has hidden this post meanwhile. Nothing was changed."))


def check_can_put_back(post: Post) -> None:
    """Raises CannotPostError with a sentence. No query."""
    if post.visibility != Visibility.WITHDRAWN:
        raise CannotPostError(_("A moderator has hidden this post meanwhile, so it was not put back."))
    if not post.body or not is_within_undo(post.withdrawn_at):
        raise CannotPostError(_("These words were taken back more than seven days ago, so they are gone."))


def is_within_undo(withdrawn_at: dt.datetime | None) -> bool:
    return withdrawn_at is not None and timezone.now() < withdrawn_at + TAKEN_BACK_FOR


def is_answered(thread: Thread) -> bool:
    """Whether words of others can be read in it. One query."""
    answers = thread.posts.filter(visibility=Visibility.VISIBLE, number__gt=1)
    return answers.exclude(author=thread.author_id).exists()


def get_post_with_history(viewer: Viewer, public_id: UUID) -> Post:
    """A post whose words `viewer` can read. Raises Http404."""
    post = get_post_for(viewer, public_id)
    if isinstance(viewer, Member) and viewer.is_moderator and post.visibility != Visibility.REMOVED:
        return post
    if not is_standing(post.visibility) or (post.visibility == Visibility.FOLDED and post.author_id != viewer.pk):
        raise Http404
    return post


def edited_by_moderators(post: Post) -> Sequence[dt.datetime]:
    """When a decision that stands changed its words, the latest first. One query; none where nothing was changed."""
    if post.edited_at is None:
        return []
    return [decision.decided_at for decision in moderation.access.times_done("post", post.pk, "edit")]


def earlier_versions(viewer: Viewer, post: Post, cursor: str | None) -> Page[Version]:
    """What the words were before each public change, the newest first; before any change for moderators and for who
    wrote them. One query."""
    page = keyset_page(_shown_to(viewer, post), order=["-id"], size=VERSIONS_A_PAGE, cursor=cursor)
    return Page([_as_met(viewer, _version(row)) for row in page.items], page.next_cursor, page.is_first)


def shows_more_to_moderators(viewer: Member, post: Post, versions: Sequence[Version]) -> bool:
    """Whether `viewer` reads in `versions` what only moderators and its author can. No query."""
    if not viewer.is_moderator or viewer.pk == post.author_id:
        return False
    return any(not version.is_public or post.visibility != Visibility.VISIBLE for version in versions)


def version_after(viewer: Viewer, post: Post, version: Version) -> Version:
    """What `version` became, as far as `viewer` may know: the next one of `earlier_versions`, or what stands now."""
    later = _shown_to(viewer, post).filter(version__gt=version.number).order_by("version").first()
    return _as_met(viewer, _version(later) if later else standing_version(post))


def _as_met(viewer: Viewer, version: Version) -> Version:
    """Without the words of whoever a block keeps from `viewer`."""
    return dataclasses.replace(version, body=without(version.body, lines_of(viewer).parted))


def standing_version(post: Post) -> Version:
    """What stands now. Reads the thread of an opening post."""
    title = post.thread.title if post.number == 1 else ""
    return Version(post.version, title, post.body, post.edited_at or post.created_at)


def _shown_to(viewer: Viewer, post: Post) -> QuerySet[PostRevision]:
    """All of them to moderators and to who wrote them: what a moderator took out is kept for its author."""
    earlier = PostRevision.objects.filter(post=post)
    sees_all = isinstance(viewer, Member) and (viewer.is_moderator or viewer.pk == post.author_id)
    return earlier if sees_all else earlier.filter(is_public=True)


def _version(row: PostRevision) -> Version:
    return Version(row.version, row.title, row.body, row.written_at, row.is_public)
