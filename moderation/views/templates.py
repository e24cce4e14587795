"""Where administrators keep the words that moderators begin with. For everybody else these pages are not there."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import unsent
from core.ordering import asked_place, with_neighbours
from core.text import positive_int
from core.trails import manage_trail
from members.requests import MemberRequest
from moderation import access
from moderation.forms.desk import TemplateForm
from moderation.models import Template
from moderation.services import templates

_MEANWHILE = gettext_lazy(
    "Somebody else changed this template while the form was open. What is saved now stands above the form. Save "
    "again to replace it with yours."
)


@require_GET
def template_list(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    groups = [(purpose, _rows(purpose, access.all_templates())) for purpose in Template.Purpose]
    return render(request, "moderation/manage/templates.html", {"groups": groups, "crumbs": manage_trail()})


def _rows(
    purpose: Template.Purpose, every: Sequence[Template]
) -> Sequence[tuple[Template, Template | None, Template | None]]:
    """Each with the one above and the one below it; retired ones stand below, with neither."""
    used = [row for row in every if row.purpose == purpose and row.is_active]
    retired = [(row, None, None) for row in every if row.purpose == purpose and not row.is_active]
    return [*with_neighbours(used), *retired]


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def new_template(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    if request.method == "GET":
        usual = {"purpose": request.GET.get("purpose", "")}
        return _page(request, None, TemplateForm(initial=unsent.take(request) or usual, is_new=True))
    form = TemplateForm(request.POST, is_new=True)
    if not form.is_valid():
        return _page(request, None, form, status=422)
    made = templates.add_template(actor=request.user, **form.cleaned_data)
    messages.success(request, _("“%(title)s” is there.") % {"title": made.title})
    return redirect("manage_templates")


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def template(request: MemberRequest, pk: int) -> HttpResponse:
    access.check_admin(request.user)
    found = access.get_template(pk)
    if request.method == "GET":
        saved = {"title": found.title, "text": found.text, "is_active": found.is_active}
        saved["mark"] = access.template_mark(found)
        return _page(request, found, TemplateForm(initial=unsent.take(request) or saved, is_new=False))
    form = TemplateForm(request.POST, is_new=False)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        changed = templates.change_template(actor=request.user, template=found, **form.cleaned_data)
    except access.TemplateChangedError:
        theirs = access.get_template(pk)
        form.data = {**request.POST.dict(), "mark": access.template_mark(theirs)}
        form.add_error(None, _MEANWHILE)
        return _page(request, theirs, form, status=409, theirs=theirs)
    messages.success(request, _("Saved.") if changed else _("Nothing was different, so nothing was changed."))
    return redirect("manage_templates")


def _page(
    request: MemberRequest, found: Template | None, form: TemplateForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    crumbs = manage_trail((_("Templates"), reverse("manage_templates")))
    context = {"template": found, "form": form, "crumbs": crumbs, **more}
    return render(request, "moderation/manage/template.html", context, status=status)


@require_POST
def move_template(request: MemberRequest, pk: int) -> HttpResponse:
    """`before` or `after` names the template that it is put beside."""
    access.check_admin(request.user)
    found = access.get_template(pk)
    place, before = asked_place(request.POST)
    beside = access.find_template(positive_int(place), Template.Purpose(found.purpose))
    if beside is None:
        messages.warning(request, _("The templates have changed meanwhile, so nothing was moved. Please look again."))
    else:
        templates.move_template(actor=request.user, template=found, beside=beside, before=before)
    return redirect(reverse("manage_templates") + f"#template-{found.pk}")
