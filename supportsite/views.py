from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forums import access
from forums.rows import thread_rows
from members.models import Member


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, Member):
        return render(request, "home_visitor.html")
    waiting = access.waiting_page(request.user, None)
    context = {
        "boards": access.boards_for(request.user),
        "waiting": thread_rows(request.user, waiting.items[:3]),
    }
    return render(request, "home.html", context)
