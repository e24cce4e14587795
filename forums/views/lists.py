from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from forums import access
from forums.rows import thread_rows
from members.requests import MemberRequest


@require_GET
def waiting(request: MemberRequest) -> HttpResponse:
    page = access.waiting_page(request.user, request.GET.get("after"))
    rows = thread_rows(request.user, page.items)
    return render(request, "forums/waiting.html", {"rows": rows, "page": page})
