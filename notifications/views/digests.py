"""A digest on the site, where its mail does not say more."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.requests import MemberRequest
from notifications import access, digests


@require_safe
def digest(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """As it is now: what was read meanwhile is gone from it."""
    found = access.get_digest_for(request.user, public_id)
    return render(request, "notifications/digest_page.html", {"sections": digests.gather(request.user, found.since)})
