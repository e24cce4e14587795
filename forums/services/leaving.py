"""What becomes of threads and posts when somebody leaves."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

import moderation.access
from core import markdown
from forums import access, disguise
from forums.models import (
    BoardFollow,
    Bookmark,
    Draft,
    Gathering,
    Post,
    PostRevision,
    Reaction,
    ReadMark,
    Thread,
    ThreadFollow,
    Visibility,
    WaitingOffer,
)
from forums.models.threads import TITLE_MAX
from forums.services import search, withdrawing
from forums.services.visibility import LET_PASS, count_answers
from members import names
from members.leaving import AT_ONCE
from members.models import Leaving, Member
from members.rewriting import plainly, rewrite
from moderation.services import cases

_KIND = "post"
_STANDING = (Visibility.VISIBLE, Visibility.HELD, Visibility.FOLDED)


def hide(leaving: Leaving, limit: int) -> int:
    """Take back the next posts, with the titles of threads that they open, and stop the check-ins of their host.

    As if their author had, at the time when they left: that time tells them from what was taken back before.
    """
    stopped = Gathering.objects.filter(host=leaving.member_id, is_active=True).update(is_active=False)
    if leaving.way == Leaving.Way.KEEP_WORDS:
        return stopped
    mine = Post.objects.filter(author=leaving.member_id, visibility__in=_STANDING)
    posts = list(mine.order_by("thread_id", "number")[:limit])
    ids = [post.pk for post in posts]
    cases.any_changed(kind=_KIND, subject_ids=ids)
    threads = _lock_threads(posts)
    Post.objects.filter(pk__in=ids, visibility__in=_STANDING).update(
        visibility=Visibility.WITHDRAWN, withdrawn_at=leaving.asked_at
    )
    opened = {post.thread_id for post in posts if post.number == 1}
    for thread in threads:
        if thread.pk in opened:
            alone = not access.is_answered(thread)
            withdrawing.take_title(thread, visibility=Visibility.WITHDRAWN if alone else Visibility.VISIBLE)
        count_answers(thread)
    return len(ids) + stopped


def restore(leaving: Leaving, limit: int) -> int:
    """Put the next of them back. What waited for a moderator waits again, as when its author puts it back."""
    taken = Post.objects.filter(
        author=leaving.member_id, visibility=Visibility.WITHDRAWN, withdrawn_at=leaving.asked_at
    )
    posts = list(taken.select_related("thread", "author").order_by("thread_id", "number")[:limit])
    ids = [post.pk for post in posts]
    waiting = cases.waiting_to_be_read(kind=_KIND, subject_ids=ids)
    closed = [post for post in posts if post.pk not in waiting]
    waiting |= cases.reopen_kept(subjects=closed, passing=LET_PASS)
    threads = _lock_threads(posts)
    again = Post.objects.filter(pk__in=ids, visibility=Visibility.WITHDRAWN)
    again.filter(pk__in=waiting).update(visibility=Visibility.HELD, withdrawn_at=None)
    again.update(visibility=Visibility.VISIBLE, withdrawn_at=None)
    opened = {post.thread_id: post.pk for post in posts if post.number == 1}
    for thread in threads:
        if thread.pk in opened:
            withdrawing.give_title(thread, is_held=opened[thread.pk] in waiting)
        count_answers(thread)
    return len(ids)


def _lock_threads(posts: Collection[Post]) -> Sequence[Thread]:
    threads = Thread.objects.filter(pk__in={post.thread_id for post in posts})
    return list(threads.select_for_update(of=("self",), no_key=True).order_by("pk"))


# --- for good


def finish(leaving: Leaving) -> bool:
    """Erase what nobody needs, the words where they are to go, and the name in the words of others. Says whether
    nothing waits for a case that is open."""
    for model in (Draft, Bookmark, Reaction, ReadMark, ThreadFollow, BoardFollow, WaitingOffer):
        model._default_manager.filter(member=leaving.member_id).delete()  # noqa: SLF001 - public by Django's word
    if leaving.name_before:
        take_name_out(leaving.name_before, with_words=leaving.way == Leaving.Way.REMOVE_ALL)
    if leaving.way == Leaving.Way.REMOVE_ALL:
        _take_disguised_words_out(leaving.member)
    return leaving.way == Leaving.Way.KEEP_WORDS or _erase_words(leaving.member)


def _erase_words(member: Member) -> bool:
    """Not while a case about them is open, so that whoever decides can read what it is about."""
    after, waits = 0, False
    while ids := list(_with_words(member, after).values_list("pk", flat=True)[:AT_ONCE]):
        waits |= _erase(ids)
        after = ids[-1]
    if not waits:
        _erase_titles(member)
    return not waits


def _erase_titles(member: Member) -> None:
    """Also of threads whose opening post stands somewhere else today: they lead there, and kept the title."""
    said = _("Taken back by its author")
    for thread in Thread.objects.filter(author=member).exclude(title=said, title_before="").order_by("pk"):
        Thread.objects.filter(pk=thread.pk).update(title=said, slug="thread", title_before="")
        search.index_opening(thread)


def _with_words(member: Member, after: int) -> QuerySet[Post]:
    return Post.objects.filter(author=member, pk__gt=after).exclude(body="").order_by("pk")


@transaction.atomic
def _erase(post_ids: Sequence[int]) -> bool:
    """One batch: six queries. Says whether some had to stay."""
    locked = Post.objects.filter(pk__in=post_ids).order_by("pk").select_for_update(no_key=True)
    ids = set(locked.values_list("pk", flat=True)) - moderation.access.with_open_case(_KIND, post_ids)
    PostRevision.objects.filter(post__in=ids).update(title="", body="")
    search.unindex(ids)
    posts = Post.objects.filter(pk__in=ids)
    Thread.objects.filter(Exists(posts.filter(thread=OuterRef("pk"), number=1))).update(
        title=_("Taken back by its author"), slug="thread", title_before=""
    )
    posts.update(body="", body_html="")
    return len(ids) < len(post_ids)


def take_name_out(name: str, *, with_words: bool = False) -> None:
    """Where others called or quoted somebody by `name`, in posts, their earlier texts, titles and drafts.

    `with_words`: what was quoted goes, too. Reads the tables once from end to end, in batches.
    """

    def cleaned(text: str) -> str:
        return names.without(name, names.without_words(name, text) if with_words else text)

    rewrite(Post.objects.all(), ["body"], name=name, cleaned=cleaned, write=_write_post)
    rewrite(PostRevision.objects.all(), ["title", "body"], name=name, cleaned=cleaned, write=_write_revision)
    rewrite(Thread.objects.all(), ["title", "title_before"], name=name, cleaned=cleaned, write=_write_thread)
    rewrite(Draft.objects.all(), ["body"], name=name, cleaned=cleaned)
    rewrite(Bookmark.objects.all(), ["note"], name=name, cleaned=cleaned, write=_write_note)
    _rewrite_fields_of_drafts(name, cleaned)


def _rewrite_fields_of_drafts(name: str, cleaned: Callable[[str], str]) -> None:
    """The title of a thread that somebody has begun to write, say. Drafts are few, and kept for a month."""
    for draft in Draft.objects.filter(fields__icontains=name).order_by("pk").iterator(chunk_size=AT_ONCE):
        new = {key: cleaned(value) if isinstance(value, str) else value for key, value in draft.fields.items()}
        # Not over what its writer saved meanwhile; that is found the next time.
        Draft.objects.filter(pk=draft.pk, sequence=draft.sequence).update(fields=new)


def _take_disguised_words_out(member: Member) -> None:
    """Behind a disguise they were quoted by that name, and only there."""
    for thread in Thread.objects.filter(author=member).exclude(disguise=None).order_by("pk"):
        name = disguise.name_for(thread.disguise or 0)
        cleaned = partial(names.without_words, name)
        rewrite(Post.objects.filter(thread=thread), ["body"], name=name, cleaned=cleaned, write=_write_post)
        rewrite(PostRevision.objects.filter(post__thread=thread), ["body"], name=name, cleaned=cleaned)


def _write_revision(row: PostRevision, changed: dict[str, str]) -> None:
    plainly(row, {field: text[:TITLE_MAX] if field == "title" else text for field, text in changed.items()})


def _write_note(row: Bookmark, changed: dict[str, str]) -> None:
    plainly(row, {field: text[: Bookmark.NOTE_MAX] for field, text in changed.items()})


def _write_post(post: Post, changed: dict[str, str]) -> None:
    plainly(post, changed | {"body_html": markdown.render(changed["body"])})
    search.index_post(post)


def _write_thread(thread: Thread, changed: dict[str, str]) -> None:
    shortened = {field: text[:TITLE_MAX] for field, text in changed.items()}
    if "title" in shortened:
        shortened["slug"] = Thread.slug_for(shortened["title"])
    plainly(thread, shortened)
    search.index_opening(thread)


def hosts_gatherings(member: Member) -> bool:
    return Gathering.objects.filter(host=member, is_active=True).exists()
