"""What a thread asks for, and the states that moderators give it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

import moderation.access
import notifications.services
from forums.access.care import check_light_hand, check_stands, check_unchanged, notes_by_moderators
from forums.deeds import Deed
from forums.models import ContentNote, Post, SupportType, Thread, Visibility
from forums.models.posts import PostQuerySet
from forums.news_care import THREAD_CARED_FOR
from members.models import Member
from moderation import screening
from moderation.models import AuditEntry, Look
from moderation.services import audit, cases, doors

_STATE_DEEDS = {
    Thread.State.OPEN: Deed.OPEN,
    Thread.State.SLOW: Deed.SLOW,
    Thread.State.LOCKED: Deed.LOCK,
    Thread.State.ARCHIVED: Deed.ARCHIVE,
}
CLOSED = (Thread.State.LOCKED, Thread.State.ARCHIVED)


def lock(*thread_ids: int) -> dict[int, Thread]:
    """The rows with their boards, locked in one order, so that two who take the same two never wait for each other."""
    rows = Thread.objects.select_for_update(of=("self",), no_key=True).select_related("board")
    return {thread.pk: thread for thread in rows.filter(pk__in=thread_ids).order_by("pk")}


def lock_thread_of(post: Post) -> Thread:
    """The thread in which `post` stands, locked. A post can be moved between the look and the lock; then look again."""
    while True:
        thread_id = Post.objects.values_list("thread_id", flat=True).get(pk=post.pk)
        thread = lock(thread_id)[thread_id]
        if Post.objects.filter(pk=post.pk, thread=thread_id).exists():
            return thread


def record(
    deed: Deed, *, actor: Member, thread: Thread, reason: str, subject: Post | None = None, **details: object
) -> AuditEntry:
    """Into the log, in the caller's transaction. About the thread's opening post unless another `subject` is given."""
    subject = subject or Post.objects.get(thread=thread, number=1)
    return audit.record(actor=actor, verb=deed.value, subject=subject, thread=thread.pk, reason=reason, **details)


def tell_author(entry: AuditEntry) -> None:
    notifications.services.record(kind=THREAD_CARED_FOR, target_id=entry.pk, actor=entry.actor)


def check_moderator(actor: Member) -> None:
    if not moderation.access.moderates_now(actor):
        raise PermissionDenied


def count_anew(thread: Thread) -> dict[str, Any]:
    """What a thread row says of its visible posts, from the posts: for after some came or went. Three queries."""
    latest = _visible(thread).aggregate(at=Max("created_at"))["at"]
    return answers_anew(thread) | {"last_post_at": latest or thread.created_at}


def answers_anew(thread: Thread) -> dict[str, Any]:
    """Of that, whether it was answered and whose turn it is, for where its place in lists stays. Two queries."""
    answers = _visible(thread).exclude(author=thread.author_id).order_by("number")
    first = answers.values_list("created_at", flat=True).first()
    return {"answered_at": first, "author_wrote_last": author_wrote_last(thread)}


def author_wrote_last(thread: Thread) -> bool:
    """One query."""
    authors = _visible(thread).order_by("-number").values_list("author_id", flat=True)
    return authors.first() in (None, thread.author_id)


def _visible(thread: Thread) -> PostQuerySet:
    return Post.objects.filter(thread=thread, visibility=Visibility.VISIBLE)


@transaction.atomic
def see_author(*, actor: Member, thread: Thread, reason: str) -> str:
    """The name of whoever is behind the disguise. Every look goes to the log, with its reason (T7), and is told
    to them once no case about them is open."""
    check_moderator(actor)
    opening = Post.objects.select_related("author").get(thread=thread, number=1)
    doors.record_look(
        actor=actor,
        member=opening.author,
        door=Look.Door.AUTHOR,
        reason=reason,
        subject=opening,
        details={"thread": thread.pk},
    )
    return opening.author.shown_name


# --- by the author --------------------------------------------------------------------------------------------


@transaction.atomic
def change_request(
    *,
    author: Member,
    thread: Thread,
    support_type: SupportType,
    content_notes: Sequence[str],
    no_reply_needed: bool,
) -> bool:
    """What the author asks for, and what the thread touches. Says whether anything changed. Locks the thread.

    Content notes that a moderator set stay, whatever the author chooses.

    Raises:
        CannotChangeError: the thread was joined to another one meanwhile.
    """
    if author.pk != thread.author_id:
        raise PermissionDenied
    locked = lock(thread.pk)[thread.pk]
    check_stands(locked)
    notes = {*content_notes, *notes_by_moderators(locked)}
    wanted = {
        "support_type": support_type,
        "content_notes": [note.value for note in ContentNote if note in notes],
        "no_reply_needed": no_reply_needed,
    }
    if all(getattr(locked, name) == value for name, value in wanted.items()):
        return False
    return bool(Thread.objects.filter(pk=thread.pk).update(**wanted))


@transaction.atomic
def ask_to_close(*, author: Member, thread: Thread) -> bool:
    """Tell the moderators, in their one queue, that the author wants no more replies. Once until it is settled.

    Locks the case before the thread, as a decision does. Nothing goes to the log, which must not name the
    author of an anonymous thread.
    """
    if author.pk != thread.author_id:
        raise PermissionDenied
    opening = Post.objects.select_related("thread", "author").get(thread=thread, number=1)
    cases.open_for_signals(subject=opening, verdict=screening.closing_asked())
    closable = Thread.objects.filter(pk=thread.pk, closing_asked_at=None, merged_into=None).exclude(state__in=CLOSED)
    if asked := closable.update(closing_asked_at=timezone.now()):
        return bool(asked)
    # The case that was opened or joined for nothing.
    transaction.set_rollback(True)
    return False


def take_back_asking(*, author: Member, thread: Thread) -> bool:
    """The case stays for a moderator to look at; it no longer offers to close the thread as asked."""
    if author.pk != thread.author_id:
        raise PermissionDenied
    asked = Thread.objects.filter(pk=thread.pk, closing_asked_at__isnull=False)
    return bool(asked.update(closing_asked_at=None))


# --- by moderators --------------------------------------------------------------------------------------------
# Each says whether anything changed, locks the thread, writes the log in the same transaction, and tells the author.
# `version` is the one of the thread that the moderator was looking at (`access.thread_version`). Each raises
# CannotChangeError when it has changed meanwhile.


@transaction.atomic
def set_state(
    *,
    actor: Member,
    thread: Thread,
    state: Thread.State,
    reason: str,
    version: str,
    slow_minutes: int | None = None,
) -> bool:
    """Open, slow, closed or archived. Closing settles what the author asked for.

    Raises:
        CannotChangeError: also where more than opening it takes a case, and its author did not ask for it.
    """
    check_moderator(actor)
    minutes = slow_minutes if state == Thread.State.SLOW else None
    locked = lock(thread.pk)[thread.pk]
    if (locked.state, locked.slow_minutes) == (state, minutes):
        return False
    check_unchanged(locked, version, by=actor)
    as_asked = state in CLOSED and locked.closing_asked_at is not None
    if state != Thread.State.OPEN and not as_asked:
        check_light_hand(locked, actor)
    _set_state(locked, state, minutes)
    tell_author(record(_STATE_DEEDS[state], actor=actor, thread=locked, reason=reason, minutes=minutes))
    return True


def _set_state(thread: Thread, state: Thread.State, minutes: int | None = None) -> None:
    changed: dict[str, Any] = {"state": state, "slow_minutes": minutes}
    if state in CLOSED:
        changed["closing_asked_at"] = None
    Thread.objects.filter(pk=thread.pk).update(**changed)


@transaction.atomic
def close_as_asked(*, actor: Member, thread: Thread) -> bool:
    """Close to new replies because the author wants it: nothing is held against them."""
    check_moderator(actor)
    locked = lock(thread.pk)[thread.pk]
    if locked.closing_asked_at is None or locked.state in CLOSED:
        return False
    _set_state(locked, Thread.State.LOCKED)
    tell_author(record(Deed.CLOSE_AS_ASKED, actor=actor, thread=locked, reason=""))
    return True


@transaction.atomic
def leave_open(*, actor: Member, thread: Thread) -> bool:
    """Settle the author's wish to close the thread without closing it. They can ask again."""
    check_moderator(actor)
    locked = lock(thread.pk)[thread.pk]
    if locked.closing_asked_at is None:
        return False
    Thread.objects.filter(pk=locked.pk).update(closing_asked_at=None)
    tell_author(record(Deed.LEAVE_OPEN, actor=actor, thread=locked, reason=""))
    return True


@transaction.atomic
def set_pin(*, actor: Member, thread: Thread, until: dt.datetime | None, reason: str, version: str) -> bool:
    """Keep the thread at the top of its board until then; None ends it. Nothing changes for the author."""
    check_moderator(actor)
    locked = lock(thread.pk)[thread.pk]
    if locked.pinned_until == until:
        return False
    check_unchanged(locked, version, by=actor)
    Thread.objects.filter(pk=locked.pk).update(pinned_until=until)
    ends = until.isoformat() if until else None
    record(Deed.PIN if until else Deed.UNPIN, actor=actor, thread=locked, reason=reason, until=ends)
    return True


@transaction.atomic
def set_request(
    *,
    actor: Member,
    thread: Thread,
    support_type: SupportType,
    content_notes: Sequence[str],
    reason: str,
    version: str,
) -> bool:
    """Support type and content notes, on the author's behalf."""
    check_moderator(actor)
    locked = lock(thread.pk)[thread.pk]
    wanted = {"support_type": str(support_type), "content_notes": list(content_notes)}
    before = {"support_type": locked.support_type, "content_notes": locked.content_notes}
    if wanted == before:
        return False
    check_unchanged(locked, version, by=actor)
    Thread.objects.filter(pk=locked.pk).update(**wanted)
    tell_author(record(Deed.REQUEST, actor=actor, thread=locked, reason=reason, before=before, after=wanted))
    return True
