"""Words that admins watch."""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.http import Http404

from members.models import Member
from moderation.models import WatchedWords
from moderation.screening import Action, watched
from moderation.screening.engine import SPOKEN
from moderation.screening.watched import RefusedPatternError, Watch

log = logging.getLogger(__name__)

FIELDS = ("label", "kind", "expression", "action", "is_active")
type Stamp = tuple[dt.datetime, ...]
# What was compiled last, and of which state of the table. Exchanged as one, so that threads need no lock.
_compiled: tuple[Stamp, Sequence[Watch]] = ((), ())


class WordsChangedError(Exception):
    """Somebody else saved another state of these words after the form was shown."""


class LabelTakenError(Exception):
    """Other watched words have this label."""


def check_admin(member: Member) -> None:
    """Raises Http404 for everybody else: members are not told that the page exists."""
    if not (member.is_active and (member.is_staff or member.is_superuser)):
        raise Http404


def watched_stamp() -> ArraySubquery:
    """For an annotation in a query that is made anyway: what `watches` compares to see whether anything changed.

    When each was changed, rather than the latest time: of two changes at once, the earlier one may be seen last.
    """
    return ArraySubquery(WatchedWords.objects.order_by("pk").values("changed_at"))


def watches(stamp: Sequence[dt.datetime]) -> Sequence[Watch]:
    """The words that are watched, compiled. No query while `stamp` is that of the time before, else one."""
    global _compiled  # noqa: PLW0603 - a cache of one value
    known, compiled = _compiled
    if known == tuple(stamp):
        return compiled
    compiled = [
        watch for words in WatchedWords.objects.filter(is_active=True).order_by("pk") if (watch := _safe(words))
    ]
    _compiled = (tuple(stamp), compiled)
    return compiled


def compile_watch(*, label: str, kind: str, expression: str, action: int) -> Watch:
    """Raises RefusedPatternError, with a sentence for the admin."""
    if kind == WatchedWords.Kind.PATTERN:
        return watched.pattern(expression, rule=label, action=Action(action))
    return watched.phrase(expression, rule=label, action=Action(action), spelling=SPOKEN[0].spelling)


def _safe(words: WatchedWords) -> Watch | None:
    try:
        return compile_watch(label=words.label, kind=words.kind, expression=words.expression, action=words.action)
    except RefusedPatternError:
        # It was fine when it was saved. Whoever posts now is not the one to be troubled with it.
        log.exception("The watched words with id %s can no longer be read and are left out.", words.pk)
        return None


def watched_words() -> Sequence[WatchedWords]:
    """All of them by label, retired ones last. One query."""
    return list(WatchedWords.objects.select_related("changed_by").order_by("-is_active", "label", "pk"))


def get_watched_words(pk: int) -> WatchedWords:
    """Raises Http404."""
    if (found := WatchedWords.objects.filter(pk=pk).first()) is None:
        raise Http404
    return found


def watched_values(words: WatchedWords) -> dict[str, Any]:
    """What admins set, as the log can keep it."""
    return {name: getattr(words, name) for name in FIELDS}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs: the value before and the value after."""
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def words_version(words: WatchedWords) -> str:
    """For a form: which state it was filled with."""
    return words.changed_at.isoformat()
