from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forums import access
from forums.rows import WAITING, thread_list, thread_rows
from forums.services import waiting as services
from members.requests import MemberRequest


@require_safe
def waiting(request: MemberRequest) -> HttpResponse:
    """Who waits, the longest wait first. Members are offered one thread before the others; see services.waiting.

    Moderators look after the whole list, so they are offered none, and see first who has waited for long.
    """
    member, cursor = request.user, request.GET.get("after")
    offered = None
    if not member.is_moderator:
        offered = access.offered_to(member) if cursor else services.offer(member=member)
    page = access.waiting_page(member, cursor, leave_out=[offered["id"]] if offered else [])
    shown = [offered, *page.items] if offered and page.is_first else page.items
    rows = thread_rows(member, shown)
    long_ago = timezone.now() - access.LONG_WAIT
    waited_long = sum(row["created_at"] <= long_ago for row in page.items) if member.is_moderator else 0
    context = {
        "offered": thread_list(rows[:1], WAITING) if len(shown) > len(page.items) else None,
        "long_waits": thread_list(rows[:waited_long], WAITING),
        "rows": thread_list(rows[len(shown) - len(page.items) + waited_long :], WAITING),
        "page": page,
    }
    return render(request, "forums/waiting.html", context)


@require_POST
def another_waiting(request: MemberRequest) -> HttpResponse:
    if not services.offer_another(member=request.user):
        messages.info(request, _("There is no other one to offer at the moment."))
    return redirect("waiting")
