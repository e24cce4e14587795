"""Which news a member may see."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
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
    """Newest first, seen or not. One query."""
    notices = Notice.objects.filter(recipient=member).select_related("event")
    return keyset_page(notices, order=["-id"], size=PAGE_SIZE, cursor=cursor)


def get_notice_for(member: Member, public_id: UUID) -> Notice:
    """Raises Http404 when it is somebody else's."""
    notice = Notice.objects.filter(recipient=member, public_id=public_id).select_related("event").first()
    if notice is None:
        raise Http404
    return notice


def is_visible(notice: Notice, member: Member) -> bool:
    """Whether `member` may still see what the notice is about. One query."""
    kind = kinds.get(notice.event.kind)
    return kind is not None and bool(kind.visible([notice.event.target_id], member))


def rows_for(member: Member, notices: Sequence[Notice]) -> list[dict[str, Any]]:
    """Those of `notices` that `member` may still see, with their sentences. Two queries a kind of news."""
    targets: dict[str, set[int]] = defaultdict(set)
    for notice in notices:
        targets[notice.event.kind].add(notice.event.target_id)
    lines: dict[tuple[str, int], str] = {}
    for key, ids in targets.items():
        if (kind := kinds.get(key)) is not None:
            said = kind.lines(kind.visible(ids, member))
            lines |= {(key, target_id): line for target_id, line in said.items()}
    return [
        {"public_id": notice.public_id, "line": line, "new": notice.read_at is None, "at": notice.created_at}
        for notice in notices
        if (line := lines.get((notice.event.kind, notice.event.target_id))) is not None
    ]
