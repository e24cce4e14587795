"""For whom queries are built that many readers ask (core.built)."""

from typing import Literal

from django.contrib.auth.models import AnonymousUser

from forums.models import Viewer
from members.models import Member
from members.stand_in import stand_in

# On which the rules of `visible_to` and `readable_by` depend, beside who it is.
ReadsAs = Literal["visitor", "member", "moderator"]


def reads_as(viewer: Viewer) -> ReadsAs:
    if not isinstance(viewer, Member):
        return "visitor"
    return "moderator" if viewer.is_moderator else "member"


def anybody(reads_as: ReadsAs, *, is_staff: bool = False) -> Viewer:
    """Somebody like that: the query is built for members.stand_in.READER in place of their number."""
    if reads_as == "visitor":
        return AnonymousUser()
    return stand_in({"is_moderator": reads_as == "moderator", "is_staff": is_staff})
