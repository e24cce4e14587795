"""Who is here."""

from members.models.arriving import AddressChange, Consent, Invitation, KnownDevice, TakenName
from members.models.boundaries import Block, BlockQuerySet, KeywordFilter, Mute
from members.models.leaving import Export, Leaving
from members.models.member import AVATARS, Member, MemberManager

__all__ = [
    "AVATARS",
    "AddressChange",
    "Block",
    "BlockQuerySet",
    "Consent",
    "Export",
    "Invitation",
    "KeywordFilter",
    "KnownDevice",
    "Leaving",
    "Member",
    "MemberManager",
    "Mute",
    "TakenName",
]
