"""The community guidelines: read by everybody, written by administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import unsent
from core.changes import changes
from core.ordering import asked_place, in_words, with_neighbours
from core.trails import manage_trail
from members.requests import MemberRequest
from moderation import access
from moderation.forms import RuleForm
from moderation.models import Rule
from moderation.services import rules


@require_GET
@login_not_required
def guidelines(request: HttpRequest) -> HttpResponse:
    return render(request, "moderation/guidelines.html", {"guidelines": access.guidelines()})


@require_GET
@login_not_required
def guideline(request: HttpRequest, slug: str) -> HttpResponse:
    """How one guideline came to read as it does."""
    rule = access.get_rule(slug)
    context = {
        "rule": rule,
        "changes": access.changes_of(rule),
        "crumbs": [(_("Guidelines"), reverse("guidelines"))],
    }
    return render(request, "moderation/guideline.html", context)


# --- for administrators; for everybody else these pages are not there


@require_GET
def rule_list(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    found = access.guidelines(retired=True)
    standing = [each for each in found if each.rule.is_active]
    context = {
        "rows": with_neighbours(standing),
        "retired": [each for each in found if not each.rule.is_active],
        "crumbs": manage_trail(),
    }
    return render(request, "moderation/manage/rules.html", context)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def new_rule(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    if request.method == "GET":
        return _rule_page(request, None, RuleForm(initial=unsent.take(request), is_new=True))
    form = RuleForm(request.POST, is_new=True)
    if not form.is_valid():
        return _rule_page(request, None, form, status=422)
    made = rules.add_rule(actor=request.user, **form.cleaned_data)
    messages.success(request, _("“%(title)s” stands last now; you can move it up.") % {"title": made.title})
    return redirect("manage_rules")


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def rule(request: MemberRequest, slug: str) -> HttpResponse:
    access.check_admin(request.user)
    found = access.get_rule(slug)
    if request.method == "GET":
        saved = {name: getattr(found, name) for name in ("title", "text", "is_active", "version")}
        return _rule_page(request, found, RuleForm(initial=unsent.take(request) or saved))
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _rule_page(request, found, form, status=422)
    try:
        changed = rules.change_rule(actor=request.user, rule=found, **form.cleaned_data)
    except rules.RuleChangedError:
        now = access.get_rule(slug)
        form.refuse(
            _(
                "Somebody else saved a change while this form was open. What is saved now stands above the form. Save "
                "again to replace it with yours."
            ),
            version=now.version,
        )
        return _rule_page(request, now, form, status=409, is_theirs=True)
    messages.success(request, _("Saved.") if changed else _("Nothing was different, so nothing was changed."))
    return redirect(reverse("manage_rules") + f"#rule-{found.slug}")


def _rule_page(
    request: MemberRequest, found: Rule | None, form: RuleForm, *, status: int = 200, is_theirs: bool = False
) -> HttpResponse:
    """`is_theirs`: what is saved is a colleague's, and shown beside what the form makes of it."""
    context = {
        "rule": found,
        "form": form,
        "between": changes(found.text, str(form["text"].value() or "")) if found and is_theirs else None,
        "history": access.changes_of(found) if found else [],
        "crumbs": manage_trail((_("Guidelines"), reverse("manage_rules"))),
    }
    return render(request, "moderation/manage/rule.html", context, status=status)


@require_POST
def move_rule(request: MemberRequest, slug: str) -> HttpResponse:
    """`before` or `after` names the guideline that it is put beside."""
    access.check_admin(request.user)
    found = access.get_rule(slug)
    place, before = asked_place(request.POST)
    beside = access.find_rule(place)
    if beside is None:
        messages.warning(request, _("The guidelines have changed meanwhile, so nothing was moved. Please look again."))
    elif rules.move_rule(actor=request.user, rule=found, beside=beside, before=before):
        messages.success(request, in_words(found.title, beside.title, before=before))
    return redirect(reverse("manage_rules") + f"#rule-{found.slug}")
