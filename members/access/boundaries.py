"""What a member drew lines around, ready to be asked for with every page (M7).

Kept in the process under the mark of the member's row, which is loaded with each request and changes with each of
these lines (members.services.boundaries). So what did not change costs no query, and nothing old is ever asked.
"""

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower
from django.http import Http404

from members.filters import Filters, Keeps, Phrase
from members.models import Block, KeywordFilter, Leaving, Member, Mute
from members.names import shown

# So many members' lines are kept in each process; an expression of 500 long phrases takes some four megabytes.
_KEPT = 128


@dataclass(frozen=True)
class Boundaries:
    """muted: ids of members. parted: the names, in lower case, of those on the other side of a block."""

    muted: frozenset[int] = frozenset()
    parted: frozenset[str] = frozenset()
    filters: Filters = field(default_factory=Filters)

    def look(self, *texts: str) -> Keeps:
        return self.filters.look(*texts)


NONE = Boundaries()


def boundaries_of(viewer: object) -> Boundaries:
    """Without a query for visitors, for who never drew a line, and where they were asked for before; else three."""
    if not isinstance(viewer, Member) or not viewer.boundaries_mark:
        return NONE
    return _boundaries(viewer.pk, viewer.boundaries_mark)


@functools.lru_cache(maxsize=_KEPT)
def _boundaries(member_id: int, _mark: int) -> Boundaries:
    rows = KeywordFilter.objects.filter(member=member_id).values_list("folded", "whole_word", "hides")
    return Boundaries(
        muted=frozenset(Mute.objects.filter(muter=member_id).values_list("muted_id", flat=True)),
        parted=frozenset(_parted(member_id)),
        filters=Filters(Phrase(folded, whole_word, hides) for folded, whole_word, hides in rows),
    )


def _parted(member_id: int) -> Collection[str]:
    """Of who is leaving, the name that still stands in what others quoted, until it is taken out there."""
    mine = Block.objects.filter(blocker=member_id).annotate(name=_name_in_words("blocked"))
    theirs = Block.objects.filter(blocked=member_id).annotate(name=_name_in_words("blocker"))
    return mine.values_list("name", flat=True).union(theirs.values_list("name", flat=True))


def _name_in_words(who: str) -> Lower:
    going = Leaving.objects.filter(member=OuterRef(f"{who}_id"), undone_at=None).exclude(name_before="")
    return Lower(Coalesce(Subquery(going.values("name_before")[:1]), F(f"{who}__username")))


def kept_from(member_ids: Collection[int], author_id: int | None, *texts: str) -> set[int]:
    """Those of the members who muted this author, or whose filters keep these words from them; never moderators.

    One query, and three for each of those who draw lines and were not asked for theirs before.
    """
    drawn = Member.objects.filter(pk__in=member_ids, is_moderator=False).exclude(boundaries_mark=0)
    found = ((member.pk, boundaries_of(member)) for member in drawn)
    return {pk for pk, lines in found if author_id in lines.muted or lines.look(*texts)}


# --- one's own lists --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a list of one's own."""

    public_id: UUID
    name: str


def blocked_by(member: Member) -> Sequence[Person]:
    """Whom `member` blocked, the latest first. Never who blocked them. One query."""
    rows = Block.objects.filter(blocker=member).order_by("-id")
    return [Person(key, shown(name)) for key, name in rows.values_list("blocked__public_id", "blocked__username")]


def muted_by(member: Member) -> Sequence[Person]:
    """Whom `member` muted, the latest first; less those whom a block parts from them. One query."""
    rows = Mute.objects.filter(muter=member).exclude(muted__in=Block.objects.ids_around(member)).order_by("-id")
    return [Person(key, shown(name)) for key, name in rows.values_list("muted__public_id", "muted__username")]


def filters_of(member: Member) -> Sequence[KeywordFilter]:
    """In the order of the alphabet. One query, bounded by PHRASES_MAX."""
    return list(KeywordFilter.objects.filter(member=member).order_by("folded", "id"))


def get_filter_of(member: Member, pk: int) -> KeywordFilter:
    """Raises Http404 when it is not theirs."""
    found = KeywordFilter.objects.filter(member=member, pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_member_for(viewer: Member, public_id: UUID) -> Member:
    """Somebody who is here, and whom no block parts from `viewer`; oneself as well. One query. Raises Http404.

    Moderators find everybody, so that nobody can hide from them.
    """
    here = Member.objects.filter(public_id=public_id, is_active=True, leaves_at=None)
    if not viewer.is_moderator:
        here = here.exclude(pk__in=Block.objects.ids_around(viewer))
    if (found := here.first()) is None:
        raise Http404
    return found


def get_blocked_by(member: Member, public_id: UUID) -> Member:
    """Somebody whom `member` blocked. Raises Http404, also where only the other blocked them."""
    found = Member.objects.filter(public_id=public_id, blocks_met__blocker=member).first()
    if found is None:
        raise Http404
    return found


def get_muted_by(member: Member, public_id: UUID) -> Member:
    """Somebody whom `member` muted. Raises Http404."""
    found = Member.objects.filter(public_id=public_id, pk__in=Mute.objects.filter(muter=member).values("muted")).first()
    if found is None:
        raise Http404
    return found


def is_muted(member: Member, other: Member) -> bool:
    return Mute.objects.filter(muter=member, muted=other).exists()
