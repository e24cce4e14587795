"""Words that admins watch: adding, changing and retiring them. Each change stands in the log with what was there."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from members.models import Member
from moderation import access
from moderation.models import WatchedWords
from moderation.services import audit


@transaction.atomic
def add_words(*, actor: Member, label: str, kind: str, expression: str, action: int) -> WatchedWords:
    """Watch for these words from the next text on that anybody posts. The same ones twice by one person are one.

    Raises:
        LabelTakenError: other words have the label, perhaps since a moment ago.
        RefusedPatternError: they cannot be watched.
    """
    _check(actor)
    access.compile_watch(label=label, kind=kind, expression=expression, action=action)
    words = WatchedWords(label=label, kind=kind, expression=expression, action=action, changed_by=actor)
    try:
        _save(words)
    except access.LabelTakenError:
        if (before := _added_before(words)) is None:
            raise
        return before
    audit.record(actor=actor, verb="watched-words-add", words=words.pk, values=access.watched_values(words))
    return words


@transaction.atomic
def change_words(*, actor: Member, words: WatchedWords, version: str, values: Mapping[str, Any]) -> bool:
    """Give `words` these values, as `access.watched_values`; say whether any was another one. Locks the row.

    Raises:
        WordsChangedError: they are no longer those of `version`, nor these.
        LabelTakenError: other words have the label.
        RefusedPatternError: they cannot be watched.
    """
    _check(actor)
    locked = WatchedWords.objects.select_for_update().get(pk=words.pk)
    before = access.watched_values(locked)
    theirs = {name: before[name] for name in values}
    if access.words_version(locked) != version and access.differences(theirs, values):
        raise access.WordsChangedError
    for name, value in values.items():
        setattr(locked, name, value)
    after = access.watched_values(locked)
    access.compile_watch(**{name: after[name] for name in ("label", "kind", "expression", "action")})
    changed = access.differences(before, after)
    if changed:
        locked.changed_by = actor
        _save(locked)
        audit.record(actor=actor, verb="watched-words-change", words=locked.pk, changes=changed)
    return bool(changed)


@transaction.atomic
def set_watched(*, actor: Member, words: WatchedWords, on: bool) -> bool:
    """Watch for `words`, or no longer. Says whether that changed anything. They are kept either way."""
    _check(actor)
    locked = WatchedWords.objects.select_for_update().get(pk=words.pk)
    if locked.is_active == on:
        return False
    locked.is_active, locked.changed_by = on, actor
    _save(locked)
    audit.record(actor=actor, verb="watched-words-resume" if on else "watched-words-retire", words=locked.pk)
    return True


def _check(actor: Member) -> None:
    if not (actor.is_staff or actor.is_superuser):
        raise PermissionDenied


def _added_before(words: WatchedWords) -> WatchedWords | None:
    """A form sent twice."""
    return WatchedWords.objects.filter(**access.watched_values(words), changed_by=words.changed_by).first()


def _save(words: WatchedWords) -> None:
    try:
        with transaction.atomic():
            words.save()
    except IntegrityError as error:
        if WatchedWords.objects.filter(label=words.label).exclude(pk=words.pk).exists():
            raise access.LabelTakenError from error
        raise
