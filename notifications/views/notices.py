"""The updates page, and the mark in the header."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from core.tokens import page_token
from members.requests import MemberRequest
from notifications import access, kinds, rows, services


@require_GET
def notices(request: MemberRequest) -> HttpResponse:
    """What is new first, then what was read before; a page further on when there is more."""
    cursor, of_new = request.GET.get("after"), "new" in request.GET
    updates = access.updates_for(request.user, cursor, of_new=of_new)
    services.settle(updates.done)
    wishes = access.wishes_of(request.user)
    context = {
        "updates": updates,
        "new": rows.notice_list(updates.new, after=(cursor or "") if of_new else "", token=page_token(request)),
        "earlier": rows.notice_list(updates.earlier),
        "wishes": wishes,
        "away": access.stepping_back_until(wishes, timezone.now()),
    }
    return render(request, "notifications/notices.html", context)


@require_GET
def notice(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Where a mail's link leads: the address says nothing, the page behind it does.

    For a row that stands for several (`all`), reading begins at the oldest of them.
    """
    found = access.get_notice_for(request.user, public_id)
    event = access.where_it_begins(found, request.user) if "all" in request.GET else None
    services.mark_read(found, together="all" in request.GET)
    kind = kinds.get(found.event.kind)
    if kind is None or (event is None and not access.is_visible(found, request.user)):
        return render(request, "notifications/gone.html", status=410)
    return redirect(kind.url(event or found.event))


@require_POST
def mark_read(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Without opening it."""
    services.mark_read(access.get_notice_for(request.user, public_id), together="all" in request.POST)
    after = request.POST.get("after", "")
    return redirect(f"{reverse('notices')}?{urlencode({'new': 1, 'after': after})}" if after else "notices")


@require_POST
def mark_all_read(request: MemberRequest) -> HttpResponse:
    """What has come since the page was made stays new."""
    newest = access.notice_named(request.user, request.POST.get("newest", ""))
    services.mark_all_read(request.user, up_to=newest)
    return redirect("notices")


@require_safe
def mark(request: MemberRequest) -> HttpResponse:
    """For a page that was left open: whether anything is new, in no number and no word."""
    return HttpResponse(status=200 if access.has_news(request.user) else 204)
