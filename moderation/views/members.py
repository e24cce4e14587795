"""Members as a whole, for moderators: whom many have blocked."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from members.requests import MemberRequest
from moderation import access
from moderation.services import members


@require_GET
def much_blocked(request: MemberRequest) -> HttpResponse:
    access.check_moderator(request.user)
    context = {
        "rows": members.see_much_blocked(actor=request.user),
        "days": access.BLOCKED_WITHIN.days,
    }
    return render(request, "moderation/blocked.html", context)


@require_POST
def look_into(request: MemberRequest, public_id: UUID) -> HttpResponse:
    access.check_moderator(request.user)
    member = access.get_member_to_look_into(request.user, public_id)
    return redirect("case", members.look_into(actor=request.user, member=member).public_id)
