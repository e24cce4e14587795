from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import members.services
from core.text import positive_int
from forums import access, pages
from forums.forms.reading import ReadingForm, Showing
from forums.models import Thread
from forums.views.shared import page_address
from members.requests import MemberRequest, ReaderRequest, is_member

# The threads that a member unfolded since they signed in; the latest few are enough to go on reading.
_OPENED, _OPENED_AT_MOST = "opened", 20


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "forums/preferences.html", {"form": ReadingForm(request.user)})
    form = ReadingForm(request.user, request.POST)
    if not form.is_valid():
        return render(request, "forums/preferences.html", {"form": form}, status=422)
    members.services.set_reading(
        member=request.user,
        folded=form.notes_to(Showing.FOLD),
        hidden=form.notes_to(Showing.HIDE),
        low_energy=form.cleaned_data["low_energy"],
        follow_on_posting=form.cleaned_data["follow_on_posting"],
    )
    # A new choice is true at once, also for what was opened before it.
    request.session.pop(_OPENED, None)
    messages.success(request, _("Kept. The site shows itself to you like this from now on."))
    return redirect("reading_preferences")


@require_POST
def open_thread(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Unfold a thread for this member until they sign out, so that it stays open when they answer or turn a page.

    A button and not a link: nobody can lead somebody else past their own fold with an address. The posts are not
    in the folded page at all, so that a thread counts as read only for those who opened it, and no link to one of
    its posts opens it unasked, as browsers do with a closed <details>.
    """
    found = access.get_thread_for(request.user, public_id)
    opened = [one for one in request.session.get(_OPENED, []) if one != str(found.public_id)]
    request.session[_OPENED] = [*opened, str(found.public_id)][-_OPENED_AT_MOST:]
    return redirect(page_address(found, positive_int(request.GET.get("page")) or 1))


def is_opened(request: ReaderRequest, thread: Thread) -> bool:
    """Whether this reader unfolded `thread`. Visitors have no session, so for them its address says so."""
    if is_member(request):
        return str(thread.public_id) in request.session.get(_OPENED, [])
    return "show" in request.GET


def is_closed_for(request: ReaderRequest, thread: Thread) -> bool:
    """Whether this reader folds `thread` and has not opened it: nothing of its posts is on any page for them."""
    return pages.fold_for(request.user, thread) is not None and not is_opened(request, thread)
