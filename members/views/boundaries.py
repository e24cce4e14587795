from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.access import boundaries as access
from members.forms.boundaries import FilterForm
from members.requests import MemberRequest
from members.services import boundaries as services
from members.views.settings import crumbs


@require_safe
def people(request: MemberRequest) -> HttpResponse:
    context = {"blocked": access.blocked_by(request.user), "muted": access.muted_by(request.user), "crumbs": crumbs()}
    return render(request, "members/people.html", context)


@require_POST
def unblock(request: MemberRequest, public_id: UUID) -> HttpResponse:
    blocked = access.get_blocked_by(request.user, public_id)
    services.unblock(blocker=request.user, blocked=blocked)
    messages.success(request, _("Your block is taken back. Nobody was told of it, then or now."))
    return redirect("settings_people")


@require_POST
def unmute(request: MemberRequest, public_id: UUID) -> HttpResponse:
    muted = access.get_muted_by(request.user, public_id)
    services.unmute(muter=request.user, muted=muted)
    messages.success(request, _("You read and hear them as before."))
    return redirect("settings_people")


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: MemberRequest) -> HttpResponse:
    """The words that a member filters, and one more."""
    if request.method != "POST":
        return _words(request, FilterForm())
    form = FilterForm(request.POST)
    if not form.is_valid():
        return _words(request, form, status=422)
    try:
        services.add_filter(
            member=request.user,
            phrase=form.cleaned_data["phrase"],
            whole_word=form.cleaned_data["whole_word"],
            hides=form.hides,
        )
    except services.CannotFilterError as sentence:
        form.add_error("phrase", str(sentence))
        return _words(request, form, status=422)
    messages.success(request, _("Kept. It counts from now on, wherever others’ words are shown to you."))
    return redirect("settings_words")


def _words(request: MemberRequest, form: FilterForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "filters": access.filters_of(request.user), "crumbs": crumbs()}
    return render(request, "members/words.html", context, status=status)


@require_POST
def remove_words(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.get_filter_of(request.user, pk)
    services.remove_filter(member=request.user, pk=found.pk)
    messages.success(request, _("Taken out. Words with it are shown to you again."))
    return redirect("settings_words")
