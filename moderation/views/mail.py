"""Why did they, or did they not, get a mail? For administrators whom somebody asks."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.requests import MemberRequest
from moderation import access
from moderation.services import mail


@require_GET
def mails(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    who = request.GET.get("who", "").strip()[:30]
    seen = mail.see_mails(actor=request.user, name=who, cursor=request.GET.get("after")) if who else None
    context = {"who": who, "seen": seen, "keep": f"{urlencode({'who': who})}&"}
    return render(request, "moderation/mail.html", context)
