"""Keeping words that are not posted yet (M12)."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from core import text
from core.together import Change, change, table
from forums import access
from forums.models import Board, Draft, Thread
from members.models import Member

# More than a person begins. One draft a place, and there are as many places as threads.
AT_MOST = 200
_FIRST_BELOW = 900_000_000


class StaleDraftError(Exception):
    """Newer words were saved from another tab or device. Nothing was overwritten; `newer` is the draft that stays."""

    def __init__(self, newer: Draft) -> None:
        super().__init__()
        self.newer = newer


class PostedAlreadyError(Exception):
    """The form that these words come from was posted meanwhile."""


class CannotKeepError(Exception):
    """No draft can be kept of this. The message is a sentence for the member."""


class DraftTooLongError(CannotKeepError):
    """It is more than a draft holds."""


class TooManyDraftsError(CannotKeepError):
    """The member has as many drafts as one can have."""


@dataclass(frozen=True)
class Saved:
    """Which save the next one builds on, and when it was; 0 and None when there is nothing to keep."""

    sequence: int = 0
    at: dt.datetime | None = None


@transaction.atomic
def save_draft(
    *,
    member: Member,
    place: Thread | Board,
    body: str,
    fields: Mapping[str, Any] | None = None,
    sequence: int = 0,
    submission: UUID | None = None,
) -> Saved:
    """Keep what `member` writes in a thread, or for a new thread in a board. Without words the draft goes.

    `sequence` is that of the save which these words build on, 0 for the first. The same words twice are saved
    once. Locks the member's row, as posting does before it drops the draft: whichever comes first, no draft is
    left of what was posted. Three queries.

    Raises:
        StaleDraftError: another tab or device saved other words meanwhile.
        PostedAlreadyError: `submission` was posted.
        DraftTooLongError: it is more than a draft holds.
        TooManyDraftsError: it would be one more than a member can have.
    """
    body = _storable(body)
    kept = {name: _storable(value) for name, value in (fields or {}).items() if value}
    if len(body) > Draft.BODY_MAX:
        raise DraftTooLongError(_too_long(body))
    lock(member)
    # Asked after the lock is there, or what another tab saved or posted a moment ago would not be seen.
    begun = access.begun_in(member, place, submission=submission, at_most=AT_MOST)
    if begun.is_posted:
        raise PostedAlreadyError
    draft = begun.draft
    has_words = bool(text.normalise(body) or text.normalise(str(kept.get("title", ""))))
    if draft is None:
        if not has_words:
            return Saved()
        if begun.are_too_many:
            raise TooManyDraftsError(_too_many())
        return _begin(member, place, body, kept, submission)
    if draft.sequence != sequence:
        if (draft.body, draft.fields) == (body, kept):
            return Saved(draft.sequence, draft.updated_at)
        raise StaleDraftError(draft)
    if not has_words:
        draft.delete()
        return Saved()
    saved = Saved(draft.sequence + 1, timezone.now())
    change(
        Change(
            f"UPDATE {table(Draft)} SET body = %s, fields = %s, submission = %s, sequence = %s, updated_at = %s"  # noqa: S608 - a table of ours
            " WHERE id = %s",
            [body, Jsonb(kept), submission, saved.sequence, saved.at, draft.pk],
        )
    )
    return saved


@transaction.atomic
def add_to_reply(*, member: Member, thread: Thread, words: str) -> Saved:
    """Put `words` behind what `member` began to write in the thread, once, however often it is asked for."""
    lock(member)
    draft = Draft.objects.filter(access.drafts_in(member, thread)).first()
    begun = draft.body if draft else ""
    if words.strip() in begun:
        return Saved(draft.sequence, draft.updated_at) if draft else Saved()
    body = f"{begun.rstrip()}\n\n{words}" if begun.strip() else words
    kept = {"fields": draft.fields, "sequence": draft.sequence, "submission": draft.submission} if draft else {}
    return save_draft(member=member, place=thread, body=body, **kept)


@transaction.atomic
def delete_draft(*, draft: Draft) -> bool:
    """Throw a draft away, on its member's wish. Says whether it was still there."""
    lock(draft.member)
    deleted, _by_model = Draft.objects.filter(pk=draft.pk).delete()
    return bool(deleted)


@dataclass(frozen=True, slots=True)
class Posted:
    """Which draft is that of what is posted: the one that its form began or continued, or that has the same words. What
    another tab or device wrote meanwhile stays a draft. For use inside the posting transaction, after `lock`."""

    member: Member
    place: Thread | Board
    _: KW_ONLY
    body: str
    sequence: int
    submission: UUID | None

    @property
    def dropping(self) -> Change:
        where, params = self._where("IS TRUE")
        return Change(f"DELETE FROM {table(Draft)} WHERE {where}", params)  # noqa: S608 - names of ours

    @property
    def leaving(self) -> Change:
        """As a part of the same query: gives a row where another draft stays."""
        where, params = self._where("IS NOT TRUE")
        return Change(f"SELECT id FROM {table(Draft)} WHERE {where}", params, name="left_over")  # noqa: S608 - names of ours

    def _where(self, said: str) -> tuple[str, Sequence[Any]]:
        there = "thread_id" if isinstance(self.place, Thread) else "board_id"
        where = f"member_id = %s AND {there} = %s AND (body = %s OR sequence = %s OR submission = %s) {said}"
        return where, [self.member.pk, self.place.pk, self.body, self.sequence, self.submission]


def lock(member: Member) -> None:
    """Until the transaction ends, so that saving and posting come one after the other. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table(Member)} WHERE id = %s FOR NO KEY UPDATE", [member.pk])  # noqa: S608 - a table of ours
        if cursor.fetchone() is None:
            raise Member.DoesNotExist


def _too_long(body: str) -> str:
    sentence = _("This is %(length)s characters long; a draft holds %(max)s. You could keep it in two parts.")
    return sentence % {"length": len(body), "max": Draft.BODY_MAX}


def _too_many() -> str:
    sentence = _("You have %(max)s drafts, and more are not kept. These words are on this page only; delete one first.")
    return sentence % {"max": AT_MOST}


def _begin(member: Member, place: Thread | Board, body: str, fields: dict[str, Any], submission: UUID | None) -> Saved:
    where = {"thread": place} if isinstance(place, Thread) else {"board": place}
    # Not 1: a tab left open since an earlier draft of the same place would pass for up to date.
    first = 1 + secrets.randbelow(_FIRST_BELOW)
    now = timezone.now()
    Draft.objects.create(
        member=member, body=body, fields=fields, sequence=first, submission=submission, updated_at=now, **where
    )
    return Saved(first, now)


def _storable[T](value: T) -> T | str:
    """Text with one kind of line ends and without what PostgreSQL cannot hold; anything else as it is."""
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
