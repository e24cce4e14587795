"""What moderators tell each other about a case."""

import re
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

import notifications.services
from core import text
from members.models import Member
from moderation.access.moderators import moderating_at
from moderation.models import Case, CaseNote
from moderation.news_desk import NAMED_IN_NOTE
from moderation.services import audit

# Whoever is named after the tenth is not told.
AT_MOST = 10
# A pseudonym, and not a part of an address or of a longer word.
_NAME = re.compile(r"(?<![\w@/.+-])@([A-Za-z0-9](?:[A-Za-z0-9_-]{0,28}[A-Za-z0-9])?)(?![A-Za-z0-9]|[_-]+[A-Za-z0-9])")


@transaction.atomic
def add_note(*, author: Member, case: Case, words: str) -> CaseNote:
    """Keep a note. Colleagues whom it names as @name are told that there is one, and not what it says."""
    note = CaseNote.objects.create(case=case, author=author, text=text.normalise(words))
    colleagues = list(_moderators(_names_in(note.text)).exclude(pk__in=(author.pk, case.author_id)))
    note.mentioned.set(colleagues)
    audit.record(actor=author, verb="note", case=case.pk, note=note.pk)
    if colleagues:
        notifications.services.record(kind=NAMED_IN_NOTE, target_id=note.pk, actor=author, group_id=case.pk)
    return note


def _names_in(words: str) -> Collection[str]:
    return list(dict.fromkeys(name.lower() for name in _NAME.findall(words)))[:AT_MOST]


def _moderators(names: Collection[str]) -> QuerySet[Member]:
    """Nobody else is told that a case exists, whoever is named."""
    named = Member.objects.alias(lower=Lower("username")).filter(lower__in=names)
    return named.filter(moderating_at(timezone.now()))
