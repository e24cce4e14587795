"""Whether a reader meets what somebody else wrote at once (M7): in threads, lists, search, questions and answers.

A mute keeps nothing of a disguised author away, or it would tell who it is.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import TypeGuard

from django.utils.translation import gettext_lazy

from members.access.boundaries import NONE as NO_LINES
from members.access.boundaries import Boundaries, boundaries_of
from members.filters import Keeps, readable
from members.models import Member


class Kept(StrEnum):
    """Why a reader does not meet words at once. HIDDEN ones they do not meet at all."""

    NOT = ""
    MUTED = "muted"
    FOLDED = "folded"
    HIDDEN = "hidden"

    @property
    def line(self) -> str:
        return str(_LINES[self])


_LINES = {
    Kept.NOT: "",
    Kept.MUTED: gettext_lazy("By somebody you muted."),
    Kept.FOLDED: gettext_lazy("Holds words that you filter."),
    Kept.HIDDEN: gettext_lazy("Not shown: it holds words that you filter."),
}


def draws_lines(viewer: object) -> TypeGuard[Member]:
    """Whether any may be found for `viewer` where they are asked for. No query.

    Moderators read everything as it is, so that nothing is kept from whoever looks after it.
    """
    return isinstance(viewer, Member) and bool(viewer.boundaries_mark) and not viewer.is_moderator


def lines_of(viewer: object) -> Boundaries:
    """None of them for visitors and moderators."""
    return boundaries_of(viewer) if draws_lines(viewer) else NO_LINES


def kept(
    lines: Boundaries, *, author_id: int | None, viewer_id: int | None, disguised: bool, texts: Collection[str]
) -> Kept:
    """For one post or thread; `texts` may be HTML. One's own is never kept from oneself."""
    if author_id is not None and author_id == viewer_id:
        return Kept.NOT
    found = lines.look(*map(readable, texts)) if lines.filters else Keeps.NOTHING
    if found == Keeps.HIDDEN:
        return Kept.HIDDEN
    if not disguised and author_id in lines.muted:
        return Kept.MUTED
    return Kept.FOLDED if found == Keeps.FOLDED else Kept.NOT
