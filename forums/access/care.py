"""Who may change what about a thread, and what was done with it."""

import hashlib
import re
from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

import moderation.access
from forums.access.threads import Standing, get_thread_for, merged_target, opened_thread, standing
from forums.deeds import PREFIX, Deed
from forums.models import Board, Post, Thread, Viewer, Visibility
from members.models import Block, Member
from moderation.models import AuditEntry

DEEDS_SHOWN, DEEDS_LOOKED_AT = 10, 200
# How far words reach; from one to the next, people can read them who could not before.
_REACH = {Board.Audience.STAFF: 0, Board.Audience.MEMBERS: 1, Board.Audience.EVERYONE: 2}
_PUBLIC_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class CannotChangeError(Exception):
    """The thread cannot be changed in this way now. The message is a sentence for the person; nothing was changed."""


def get_own_thread(member: Member, public_id: UUID) -> Thread:
    """For its author. Raises Http404 for who may not see it, PermissionDenied for the others."""
    thread = get_thread_for(member, public_id)
    if thread.author_id != member.pk:
        raise PermissionDenied
    return thread


def get_standing_thread_for(viewer: Viewer, public_id: UUID) -> tuple[Thread, int]:
    """The thread and 0, or that which it was joined to and how far its numbers were raised. Raises Http404.

    One query, four for a thread that was joined to another one.
    """
    thread, raised, _standing = open_thread(viewer, public_id)
    return thread, raised


def open_thread(viewer: Viewer, public_id: UUID) -> tuple[Thread, int, Standing]:
    """The same with how the viewer stands to it, for which one that was joined to another asks a query more."""
    try:
        thread, stands = opened_thread(viewer, public_id)
    except Http404:
        if (target := merged_target(viewer, public_id)) is None:
            raise
        return *target, standing(viewer, target[0]) if isinstance(viewer, Member) else Standing()
    return thread, 0, stands


def get_thread_to_moderate(moderator: Member, public_id: UUID) -> tuple[Thread, int]:
    """The same for moderators; raises Http404 for everybody else."""
    moderation.access.check_moderator(moderator)
    return get_standing_thread_for(moderator, public_id)


def get_disguised_thread(moderator: Member, public_id: UUID) -> Thread:
    """A thread whose author only a logged look can name. Raises Http404, also for who does not moderate."""
    moderation.access.check_moderator(moderator)
    thread = get_thread_for(moderator, public_id)
    if not thread.is_anonymous:
        raise Http404
    return thread


def find_thread(moderator: Member, text: str) -> Thread | None:
    """The thread whose address or id a moderator typed, or the one that it was joined to."""
    found = _PUBLIC_ID.search(text)
    if found is None:
        return None
    try:
        return get_standing_thread_for(moderator, UUID(found[0]))[0]
    except Http404:
        return None


def thread_version(thread: Thread) -> str:
    """Another one after each change that moderators make here, so that nobody overwrites what they did not see."""
    parts = (
        thread.state,
        thread.slow_minutes,
        thread.pinned_until,
        thread.support_type,
        thread.content_notes,
        thread.board_id,
        thread.merged_into_id,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def check_stands(thread: Thread) -> None:
    """Raises CannotChangeError when the locked `thread` has become a part of another one."""
    if thread.merged_into_id is not None:
        raise CannotChangeError(_("This thread was joined to another one meanwhile. Nothing was changed."))


def check_unchanged(thread: Thread, version: str, *, by: Member) -> None:
    """Raises CannotChangeError. `thread` is locked, `version` is what the moderator was looking at."""
    check_stands(thread)
    check_not_about_oneself(thread, by)
    if version != thread_version(thread):
        raise CannotChangeError(
            _("Somebody changed this thread meanwhile. Nothing was done. Please look again; your words are below.")
        )


def check_not_about_oneself(thread: Thread, moderator: Member) -> None:
    """Raises CannotChangeError for who started `thread` themselves, once a colleague did or decided something there.

    Three queries for one's own thread, none for others.
    """
    if thread.author_id != moderator.pk:
        return
    opening = Post.objects.get(thread=thread, number=1)
    deeds = moderation.access.entries_about(opening, verbs=PREFIX, limit=1)
    by_colleague = any(deed.actor_id not in (None, moderator.pk) for deed in deeds)
    if by_colleague or moderation.access.has_restriction(opening):
        raise CannotChangeError(
            _("You started this thread, and a colleague has acted here. So a colleague decides. Nothing was changed.")
        )


def takes_case(moderator: Member, thread: Thread) -> moderation.access.TakesCase | None:
    """Why `moderator` closes, slows down or moves somebody else's thread only by a decision in a case; None where a
    light hand will do. Two queries."""
    if thread.author_id == moderator.pk:
        return None
    opening = Post.objects.filter(thread=thread, number=1).first()
    return moderation.access.takes_case(moderator, opening) if opening else None


def check_light_hand(thread: Thread, moderator: Member) -> None:
    """Raises CannotChangeError where it takes a case. The page leads to it."""
    if (why := takes_case(moderator, thread)) is not None:
        raise CannotChangeError(f"{why.sentence} {_('Nothing was changed.')}")


def check_reach(old: Board, new: Board, *, wider: bool) -> None:
    """Raises CannotChangeError when more people could read the words in `new` and nobody confirmed that."""
    if _reach(new) > _reach(old) and not wider:
        raise CannotChangeError(
            _(
                "People who could not read it before will be able to. Nothing was changed. If that is right, tick the "
                "box that says so, and send it again."
            )
        )


def is_narrower(old: Board, new: Board) -> bool:
    """Whether fewer people can read words in `new`."""
    return _reach(new) < _reach(old)


def _reach(board: Board) -> int:
    return _REACH[Board.Audience(board.audience)]


def check_can_merge(thread: Thread, target: Thread) -> None:
    """Raises CannotChangeError with the reason why `thread` cannot become a part of `target`. One query."""
    if thread.pk == target.pk:
        raise CannotChangeError(_("This is the same thread. Nothing was changed."))
    if target.merged_into_id is not None:
        raise CannotChangeError(_("That thread was joined to another one meanwhile. Nothing was changed."))
    if thread.is_anonymous or target.is_anonymous:
        raise CannotChangeError(
            _("An anonymous thread stays by itself: its author’s name here belongs to it alone. Nothing was changed.")
        )
    if not thread.visibility == target.visibility == Visibility.VISIBLE:
        raise CannotChangeError(_("Both threads have to be open to readers first. Nothing was changed."))
    # Whoever is blocked by the other thread's author would lose sight of their own words.
    if Block.objects.filter(
        blocker__in=[thread.author_id, target.author_id], blocked__in=[thread.author_id, target.author_id]
    ).exists():
        raise CannotChangeError(_("One of the two authors could not read the joined thread. Nothing was changed."))


def check_can_split(thread: Thread, first: Post | None) -> Post:
    """The post with which a new thread can begin; `first` is the first that was chosen. Raises CannotChangeError."""
    if thread.is_anonymous:
        raise CannotChangeError(
            _("An anonymous thread stays together: its author’s name here belongs to it alone. Nothing was changed.")
        )
    if thread.visibility != Visibility.VISIBLE:
        raise CannotChangeError(_("The thread has to be open to readers first. Nothing was changed."))
    if first is None:
        raise CannotChangeError(_("There are no such posts here. Nothing was changed."))
    if first.number == 1:
        raise CannotChangeError(_("The opening post stays: it is what the thread is about. Nothing was changed."))
    if first.visibility != Visibility.VISIBLE:
        raise CannotChangeError(
            _("The first of these posts cannot be read, so no thread can begin with it. Nothing was changed.")
        )
    return first


def deeds_in(thread: Thread) -> Sequence[AuditEntry]:
    """What moderators did with the thread, the latest first. Two queries."""
    return _deeds(thread, DEEDS_SHOWN)


def deeds_told_in(thread: Thread) -> Sequence[AuditEntry]:
    """Those of them that changed something for the author. The reason of the others is for colleagues. Two queries."""
    told = [entry for entry in _deeds(thread, DEEDS_LOOKED_AT) if Deed(entry.verb).sentence]
    return told[:DEEDS_SHOWN]


def notes_by_moderators(thread: Thread) -> set[str]:
    """Of the thread's content notes those that a moderator set; its author can only add to these. Two queries."""
    by_moderators: set[str] = set()
    for entry in reversed(_deeds(thread, DEEDS_LOOKED_AT, verbs=Deed.REQUEST.value)):
        before, after = (set(entry.details.get(when, {}).get("content_notes", [])) for when in ("before", "after"))
        by_moderators = (by_moderators | (after - before)) & after
    return by_moderators & set(thread.content_notes)


def _deeds(thread: Thread, limit: int, *, verbs: str = PREFIX) -> Sequence[AuditEntry]:
    opening = Post.objects.filter(thread=thread, number=1).first()
    return moderation.access.entries_about(opening, verbs=verbs, limit=limit) if opening else []
