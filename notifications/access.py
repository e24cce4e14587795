"""Which news a member may see."""

from uuid import UUID

from django.http import Http404

from core.pagination import Page, keyset_page
from members.models import Member
from notifications import kinds
from notifications.models import Notice

PAGE_SIZE = 20


def has_news(member: Member) -> bool:
    """Whether anything is unread. One index look-up, never a number."""
    return Notice.objects.filter(recipient=member, read_at=None).exists()


def notices_for(member: Member, cursor: str | None) -> Page[Notice]:
    """Newest first. Two queries and what each kind's `wanted` asks."""
    notices = Notice.objects.filter(recipient=member).select_related("event")
    return keyset_page(notices, order=["-id"], size=PAGE_SIZE, cursor=cursor)


def get_notice_for(member: Member, public_id: UUID) -> Notice:
    """Raises Http404 when it is somebody else's."""
    notice = Notice.objects.filter(recipient=member, public_id=public_id).select_related("event").first()
    if notice is None:
        raise Http404
    return notice


def still_wanted(notice: Notice, member: Member) -> bool:
    kind = kinds.get(notice.event.kind)
    return kind is not None and kind.wanted(notice.event, member)
