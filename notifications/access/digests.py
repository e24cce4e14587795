"""Which digests a member may open."""

from uuid import UUID

from django.http import Http404

from members.models import Member
from notifications.models import Digest, Wishes


def wishes_for(digest: Digest) -> Wishes:
    """Those of its member. No query where they came with it (`member__wishes`), else one or two."""
    try:
        return digest.member.wishes
    except Wishes.DoesNotExist:
        return Wishes(member=digest.member)


def get_digest_for(member: Member, public_id: UUID) -> Digest:
    """Raises Http404 when it is somebody else's. One query."""
    digest = Digest.objects.filter(member=member, public_id=public_id).first()
    if digest is None:
        raise Http404
    return digest
