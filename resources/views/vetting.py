"""How the library is kept true: for readers, and for the curators who retire a page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from members.requests import MemberRequest
from resources import curating
from resources.access.vetting import get_page_to_keep
from resources.forms.retiring import RetireForm
from resources.models import REVIEW_EVERY
from resources.models.vetting import CHECKLIST
from resources.services import retiring


@require_safe
@login_not_required
def how_we_check(request: HttpRequest) -> HttpResponse:
    """What the words about evidence mean, and what a page has gone through before it is there."""
    context = {"checklist": list(CHECKLIST.values()), "months": REVIEW_EVERY.days // 30}
    return render(request, "resources/how_we_check.html", context)


@require_http_methods(["GET", "POST"])
def retire(request: MemberRequest, pk: int) -> HttpResponse:
    page = get_page_to_keep(request.user, pk)
    form = RetireForm(request.POST or None, page=page)
    if request.method == "POST" and form.is_valid():
        try:
            retiring.retire(actor=request.user, page=page, **form.cleaned_data)
        except retiring.CannotRetire:
            form.add_error("instead", _("That page was retired meanwhile. Choose another, or none."))
        else:
            messages.success(request, _("The page says that it is no longer recommended."))
            return redirect(curating.editor(page.pk))
    context = {"page": page, "form": form}
    return render(request, "resources/curate/retire.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def recommend_again(request: MemberRequest, pk: int) -> HttpResponse:
    page = get_page_to_keep(request.user, pk)
    retiring.recommend_again(actor=request.user, page=page)
    messages.success(request, _("The page is recommended again."))
    return redirect(curating.editor(page.pk))
