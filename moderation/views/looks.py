"""What staff see that others cannot: the door for administrators, and the page on which members read who used one."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core import unsent
from members.recently import recently_signed_in
from members.requests import MemberRequest
from moderation import access
from moderation.forms.looks import LookForm
from moderation.services import doors


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def index(request: MemberRequest) -> HttpResponseBase:
    """For everybody but administrators it is not there; they prove once more that it is them."""
    access.check_admin(request.user)
    return _index(request)


@recently_signed_in
def _index(request: MemberRequest) -> HttpResponse:
    form = LookForm(request.POST) if request.method == "POST" else LookForm(initial=unsent.take(request))
    if form.is_bound and form.is_valid():
        look = doors.look(actor=request.user, **form.cleaned_data)
        if look is not None:
            return redirect("staff_look", look.pk)
    context = {"form": form, "nobody": form.is_bound and form.is_valid()}
    return render(request, "moderation/looks.html", context, status=422 if form.is_bound else 200)


@require_GET
def look(request: MemberRequest, pk: int) -> HttpResponseBase:
    access.check_admin(request.user)
    return _look(request, pk)


@recently_signed_in
def _look(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.get_look(request.user, pk)
    context = {"look": found, "name": found.member.username, **access.seen_in(found, request.GET.get("after"))}
    return render(request, "moderation/look.html", context)


@require_GET
def mine(request: MemberRequest) -> HttpResponse:
    """Who looked at what about the member."""
    context = {"page": access.looks_at(request.user, request.GET.get("after")), "contact": settings.CONTACT_EMAIL}
    return render(request, "moderation/my_looks.html", context)
