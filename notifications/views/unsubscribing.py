"""Turning mails off by a link in one of them, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import pace
from members.requests import ReaderRequest, pace_key
from notifications import access, kinds, links
from notifications.services import wishes as choosing

# Links that are not ours, by one address. Those that are ours are never refused: a provider presses them for many.
GUESSES_AN_HOUR = 30


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: ReaderRequest, token: str) -> HttpResponse:
    """GET says what the link turns off, and changes nothing: scanners open every link in a mail. POST turns it off.

    A provider's button sends such a POST without cookies (RFC 8058), so no form's token is asked for. The signed
    address is what allows it.
    """
    found = links.read(token)
    member = access.member_of_link(found) if found else None
    if found is None or member is None:
        status = 410 if pace.within("news-off", pace_key(request), limit=GUESSES_AN_HOUR) else 429
        return render(request, "notifications/off_expired.html", status=status)
    what = links.ALL if request.POST.get("all") == "1" else found.what
    # Mails name their kind to those only who chose contents in them; so does what stands behind a link in one.
    is_told = request.user == member or access.wishes_of(member).content_in_mail
    kind = kinds.get(what) if is_told else None
    context = {"what": what, "kind": kind, "all": links.ALL, "digest": links.DIGEST, "token": token}
    if request.method == "POST":
        choosing.turn_off(member=member, what=what)
        return render(request, "notifications/off_done.html", context)
    return render(request, "notifications/off.html", context)
