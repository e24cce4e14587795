"""Somebody leaves: what of it concerns moderators."""

from members.leaving import Part, register
from moderation.services import leaving

register(Part("moderation", begin=leaving.begin, hide=leaving.hide, finish=leaving.finish, says=leaving.says))
