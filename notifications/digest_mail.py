"""The parts of a digest as its mail shows them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from members.models import Member
from notifications import digests
from notifications.digests import Filled, Item
from notifications.models import Digest


def parts(digest: Digest, member: Member, *, told: bool) -> Sequence[Mapping[str, Any]]:
    """For notifications/digest.*; nothing where there is no news. `told`: contents may stand in mails."""
    page = reverse("digest", args=[digest.public_id])
    return [_part(filled, page, told=told) for filled in digests.gather(member, digest.since)]


def _part(filled: Filled, page: str, *, told: bool) -> Mapping[str, Any]:
    section = filled.section
    rows = [(str(item.line), item.url) for item in filled.items] if told else _plain(filled, page)
    rest = reverse(section.rest) if filled.has_more and section.rest else ""
    return {
        "title": section.title,
        "rows": [{"line": line, "url": settings.SITE_URL + path} for line, path in rows],
        "rest_url": settings.SITE_URL + rest if rest else "",
    }


def _plain(filled: Filled, page: str) -> Iterable[tuple[str, str]]:
    """What would be said twice is said once, and leads to the page that tells them apart. So does what would tell in
    its very address what it is about."""
    by_line: dict[str, list[Item]] = {}
    for item in filled.items:
        by_line.setdefault(item.plain, []).append(item)
    on_page = f"{page}#{filled.section.key}"
    for line, items in by_line.items():
        yield line, on_page if len(items) > 1 or items[0].url_tells else items[0].url
