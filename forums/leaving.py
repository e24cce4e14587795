"""Somebody leaves: what of it concerns threads and posts."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from forums.services import leaving
from members.leaving import Part, register
from members.models import Member


def _says(member: Member) -> Sequence[str]:
    if not leaving.hosts_gatherings(member):
        return ()
    return [_("You host a gathering. It opens no more until an administrator finds another host for it.")]


register(Part("forums", hide=leaving.hide, restore=leaving.restore, finish=leaving.finish, says=_says))
