"""At the door: invitations, what there is to agree to, waiting, another address, and where one is signed in."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import access, services
from members.adapter import INVITATION
from members.forms import AgreeForm
from members.recently import recently_signed_in
from members.requests import MemberRequest, ReaderRequest
from members.views.settings import crumbs


@require_safe
@login_not_required
def invited(request: ReaderRequest, secret: str) -> HttpResponse:
    """The link of an invitation. It is kept until its bearer has signed up, and leaves the address bar at once."""
    if not access.is_good(secret):
        return render(request, "members/invitation_over.html", status=404)
    request.session[INVITATION] = secret
    return redirect("account_signup")


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: MemberRequest) -> HttpResponse:
    """What a member has not agreed to yet, in words that are new since then or that nobody asked them before."""
    asked = access.to_agree(request.user)
    if not asked and access.lacks_consent(request.user):
        # They said yes to each already; only what stands on their row did not know it.
        services.agree(member=request.user, kinds=[])
        return redirect(_next(request))
    form = AgreeForm(asked, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.agree(member=request.user, kinds=[one.kind for one in asked])
        return redirect(_next(request))
    context = {
        "form": form,
        "asked": asked,
        "agreed_before": access.agreed_before(request.user),
        "next": _next(request),
    }
    return render(request, "members/agree.html", context, status=422 if form.is_bound else 200)


@require_safe
def agreed(request: MemberRequest) -> HttpResponse:
    """What a member agreed to, in the words of then, and how to take it back."""
    return render(request, "members/agreed.html", {"agreed": access.agreed_to(request.user), "crumbs": crumbs()})


def _next(request: MemberRequest) -> str:
    """Where they were on their way to, if that is here."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else "/"


@require_safe
def waiting(request: MemberRequest) -> HttpResponse:
    """For somebody whom nobody has let in yet."""
    if not request.user.awaits_approval:
        return redirect("home")
    return render(request, "members/waiting.html", {"contact": settings.CONTACT_EMAIL})


@require_safe
def second_factor(request: MemberRequest) -> HttpResponse:
    """For staff whose pages stay closed until they have a second step to sign in."""
    return render(request, "members/second_factor.html")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def agree_email(request: ReaderRequest, key: str) -> HttpResponse:
    """The mailbox of the address that an account has says whether another one may take its place."""
    change = access.get_change(key)
    if change is None or request.method != "POST":
        context = {"change": change, "contact": settings.CONTACT_EMAIL}
        return render(request, "members/agree_email.html", context, status=404 if change is None else 200)
    if "no" in request.POST:
        services.stop_change(member=change.member)
        return render(request, "members/agree_email.html", {"stopped": True})
    done = services.old_mailbox_agrees(change=change) and _change(request, change.member_id, change.to)
    return render(request, "members/agree_email.html", {"agreed": True, "done": done})


def _change(request: ReaderRequest, member_id: int, to: str) -> bool:
    address = access.pending_address(member_id, to)
    return address is not None and get_adapter(request).change_address(request, address)


@require_POST
@recently_signed_in
def stop_email(request: MemberRequest) -> HttpResponse:
    """They keep the address that they have."""
    if services.stop_change(member=request.user):
        messages.success(request, _("Your address stays as it is."))
    return redirect("account_email")


@require_POST
def end_session(request: MemberRequest, pk: int) -> HttpResponse:
    """Sign out one other browser."""
    session = access.get_session(request.user, pk)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    session.end()
    messages.success(request, _("That browser is signed out."))
    return redirect("usersessions_list")
