"""Where a member draws a line (M7). Nobody is ever told of one."""

import secrets
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from members.filters import folded
from members.models import Block, KeywordFilter, Member, Mute
from members.models.boundaries import FOLDED_MAX, PHRASES_MAX


class CannotFilterError(Exception):
    """Carries a sentence for whoever typed the words."""


@transaction.atomic
def block(*, blocker: Member, blocked: Member) -> bool:
    """Part the two for good, silently. Says whether anything changed.

    Raises:
        IntegrityError: somebody blocks themselves.
    """
    _block, created = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    if created:
        _mark_anew(blocker.pk, blocked.pk)
    return created


@transaction.atomic
def unblock(*, blocker: Member, blocked: Member) -> bool:
    """Take one's own block back; where the other blocked them, too, they stay parted. Says whether anything changed."""
    taken_back = _deleted(Block.objects.filter(blocker=blocker, blocked=blocked))
    if taken_back:
        _mark_anew(blocker.pk, blocked.pk)
    return taken_back


@transaction.atomic
def mute(*, muter: Member, muted: Member) -> bool:
    """Fold what `muted` writes, for `muter` alone, and tell them nothing of it. Says whether anything changed.

    Raises:
        IntegrityError: somebody mutes themselves.
    """
    _mute, created = Mute.objects.get_or_create(muter=muter, muted=muted)
    if created:
        _mark_anew(muter.pk)
    return created


@transaction.atomic
def unmute(*, muter: Member, muted: Member) -> bool:
    """Says whether anything changed."""
    taken_back = _deleted(Mute.objects.filter(muter=muter, muted=muted))
    if taken_back:
        _mark_anew(muter.pk)
    return taken_back


@transaction.atomic
def add_filter(*, member: Member, phrase: str, whole_word: bool, hides: bool) -> bool:
    """Keep words with `phrase` in them from `member`; the same phrase again changes how. Says whether anything changed.

    Locks the member's row, so that two at once stay within PHRASES_MAX.

    Raises:
        CannotFilterError: nothing of it is left to be looked for, or there are PHRASES_MAX.
    """
    looked_for = folded(phrase)
    if len(looked_for) > FOLDED_MAX:
        raise CannotFilterError(_("This is longer than what can be looked for. A part of it could be enough."))
    if not looked_for:
        raise CannotFilterError(_("There is nothing in this to look for. Write a word or a few."))
    Member.objects.select_for_update().only("pk").get(pk=member.pk)
    theirs = KeywordFilter.objects.filter(member=member)
    wanted = {"phrase": phrase, "whole_word": whole_word, "hides": hides}
    if theirs.filter(folded=looked_for, **wanted).exists():
        return False
    if theirs.exclude(folded=looked_for).count() >= PHRASES_MAX:
        raise CannotFilterError(
            _("There is room for %(most)s words and phrases. One would have to go first.") % {"most": PHRASES_MAX}
        )
    theirs.update_or_create(folded=looked_for, defaults=wanted | {"member": member})
    _mark_anew(member.pk)
    return True


@transaction.atomic
def remove_filter(*, member: Member, pk: int) -> bool:
    """Says whether anything changed."""
    gone = _deleted(KeywordFilter.objects.filter(member=member, pk=pk))
    if gone:
        _mark_anew(member.pk)
    return gone


def _deleted(rows: QuerySet[Any]) -> bool:
    return bool(rows.delete()[0])


def _mark_anew(*member_ids: int) -> None:
    """By chance and not by counting: what a transaction wrote that was taken back is never taken for what came after.

    In the order of the key, so that two who block each other at once do not wait for each other for ever.
    """
    for pk in sorted(member_ids):
        Member.objects.filter(pk=pk).update(boundaries_mark=secrets.randbelow(2**62) + 1)
