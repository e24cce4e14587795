from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

import notifications.access
from forums import access
from forums.rows import WAITING, board_cards, thread_list, thread_rows
from members.models import Member

WAITING_SHOWN = 3


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, Member):
        return render(request, "home_visitor.html", {"open_boards": access.boards_for(request.user)})
    if request.user.low_energy:
        return redirect("gently")
    context = {
        "boards": board_cards(request.user),
        "waiting": thread_list(thread_rows(request.user, access.longest_waits(request.user, WAITING_SHOWN)), WAITING),
        "gatherings": access.next_gatherings(request.user),
        "offer_digest": notifications.access.offers_digest(request.user),
    }
    return render(request, "home.html", context)
