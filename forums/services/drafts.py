"""Keeping words that are not posted yet (M12)."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import text
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
    left of what was posted. Four queries.

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
    _lock(member)
    if access.is_posted(member, submission):
        raise PostedAlreadyError
    draft = Draft.objects.filter(access.drafts_in(member, place)).first()
    has_words = bool(text.normalise(body) or text.normalise(str(kept.get("title", ""))))
    if draft is None:
        return _begin(member, place, body, kept, submission) if has_words else Saved()
    if draft.sequence != sequence:
        if (draft.body, draft.fields) == (body, kept):
            return Saved(draft.sequence, draft.updated_at)
        raise StaleDraftError(draft)
    if not has_words:
        draft.delete()
        return Saved()
    draft.body, draft.fields, draft.submission = body, kept, submission
    draft.sequence, draft.updated_at = draft.sequence + 1, timezone.now()
    draft.save(update_fields=["body", "fields", "submission", "sequence", "updated_at"])
    return Saved(draft.sequence, draft.updated_at)


@transaction.atomic
def add_to_reply(*, member: Member, thread: Thread, words: str) -> Saved:
    """Put `words` behind what `member` began to write in the thread, once, however often it is asked for."""
    _lock(member)
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
    _lock(draft.member)
    deleted, _by_model = Draft.objects.filter(pk=draft.pk).delete()
    return bool(deleted)


def drop_posted(*, member: Member, place: Thread | Board, body: str, sequence: int, submission: UUID | None) -> bool:
    """Delete the draft of what was posted. Call inside the posting transaction. Two queries.

    It is the one that the form began or continued, or has the same words. What another tab or device wrote
    meanwhile stays a draft.
    """
    _lock(member)
    same = Q(body=body) | Q(sequence=sequence)
    if submission is not None:
        same |= Q(submission=submission)
    deleted, _by_model = Draft.objects.filter(access.drafts_in(member, place)).filter(same).delete()
    return bool(deleted)


def _too_long(body: str) -> str:
    sentence = _("This is %(length)s characters long; a draft holds %(max)s. You could keep it in two parts.")
    return sentence % {"length": len(body), "max": Draft.BODY_MAX}


def _lock(member: Member) -> None:
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=member.pk)


def _begin(member: Member, place: Thread | Board, body: str, fields: dict[str, Any], submission: UUID | None) -> Saved:
    if Draft.objects.filter(member=member)[AT_MOST - 1 : AT_MOST].exists():
        raise TooManyDraftsError(
            _("You have %(max)s drafts, and more are not kept. These words are on this page only; delete one first.")
            % {"max": AT_MOST}
        )
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
