from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from members.requests import MemberRequest
from notifications import access, kinds, services


@require_GET
def notices(request: MemberRequest) -> HttpResponse:
    page = access.notices_for(request.user, request.GET.get("after"))
    rows = access.rows_for(request.user, page.items)
    # What may no longer be seen is not news, so that the mark in the header does not point at nothing.
    services.settle(page.items, shown={row["public_id"] for row in rows})
    return render(request, "notifications/notices.html", {"rows": rows, "page": page})


@require_GET
def notice(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Where a mail's link leads: the address says nothing, the page behind it does."""
    found = access.get_notice_for(request.user, public_id)
    services.mark_read(found)
    kind = kinds.get(found.event.kind)
    if kind is None or not access.is_visible(found, request.user):
        return render(request, "notifications/gone.html", status=410)
    return redirect(kind.url(found.event))


@require_POST
def mark_all_read(request: MemberRequest) -> HttpResponse:
    services.mark_all_read(request.user)
    return redirect("notices")
