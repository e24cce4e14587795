"""Where administrators plan boards and gatherings. For everybody else these pages are not there."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import markdown, unsent
from core.ordering import asked_place, in_words, with_neighbours
from core.trails import manage_trail
from forums import access
from forums.forms.managing import BoardForm, GatheringForm
from forums.models import Board, Gathering
from forums.services import boards, gatherings
from members.requests import MemberRequest

_TAKEN = gettext_lazy("This address belongs to another board. Please choose another one.")
_MEANWHILE = gettext_lazy(
    "Somebody else saved a change while this form was open. What is saved now stands above the form. Save again to "
    "replace it with yours."
)


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    return render(request, "forums/manage/index.html")


# --- boards


@require_GET
def board_list(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    context = {"rows": with_neighbours(access.boards_in_order()), "crumbs": manage_trail()}
    return render(request, "forums/manage/boards.html", context)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def new_board(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    if request.method == "GET":
        return _board_page(request, None, BoardForm(initial=unsent.take(request)))
    form = BoardForm(request.POST)
    if not form.is_valid():
        return _board_page(request, None, form, status=422)
    try:
        made = boards.create_board(actor=request.user, values=form.planned)
    except access.SlugTakenError:
        form.add_error("slug", _TAKEN)
        return _board_page(request, None, form, status=422)
    messages.success(request, _("“%(title)s” is there. It stands last; you can move it up.") % {"title": made.title})
    return redirect("manage_boards")


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def board(request: MemberRequest, slug: str) -> HttpResponse:
    access.check_admin(request.user)
    found = access.get_managed_board(slug)
    values = access.board_values(found)
    asked: dict[str, Any] = {"board": found, "has_threads": access.has_threads(found)}
    if request.method == "GET":
        saved = values | {"version": access.version_of(values)}
        return _board_page(request, found, BoardForm(initial=unsent.take(request) or saved, **asked))
    form = BoardForm(request.POST, **asked)
    if not form.is_valid():
        return _board_page(request, found, form, status=422)
    try:
        changed = boards.change_board(
            actor=request.user, board=found, version=form.cleaned_data["version"], values=form.planned
        )
    except access.SlugTakenError:
        form.add_error("slug", _TAKEN)
        return _board_page(request, found, form, status=422)
    except access.ChangedMeanwhileError:
        theirs = access.board_values(access.get_managed_board(slug))
        differs = access.changed_values(theirs, access.board_values(Board(**form.planned)))
        form.refuse(_MEANWHILE, version=access.version_of(theirs))
        return _board_page(request, found, form, status=409, theirs={name: theirs[name] for name in differs})
    messages.success(request, _("Saved.") if changed else _("Nothing was different, so nothing was changed."))
    return redirect("manage_boards")


def _board_page(
    request: MemberRequest, found: Board | None, form: BoardForm, *, status: int = 200, theirs: Any = None
) -> HttpResponse:
    context = {
        "board": found,
        "form": form,
        "theirs": form.in_words(theirs or {}),
        "crumbs": manage_trail((_("Boards"), reverse("manage_boards"))),
    }
    return render(request, "forums/manage/board.html", context, status=status)


@require_POST
def move_board(request: MemberRequest, slug: str) -> HttpResponse:
    """`before` or `after` names the board that it is put beside."""
    access.check_admin(request.user)
    found = access.get_managed_board(slug)
    place, before = asked_place(request.POST)
    beside = access.find_board(place)
    if beside is None:
        messages.warning(request, _("The boards have changed meanwhile, so nothing was moved. Please look again."))
    elif boards.move_board(actor=request.user, board=found, beside=beside, before=before):
        messages.success(request, in_words(found.title, beside.title, before=before))
    return redirect(reverse("manage_boards") + f"#board-{found.slug}")


# --- gatherings


@require_GET
def gathering_list(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    page = access.gatherings_page(request.GET.get("after"))
    context = {"rows": access.gathering_rows(page.items), "page": page, "crumbs": manage_trail()}
    return render(request, "forums/manage/gatherings.html", context)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def new_gathering(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    if request.method == "GET":
        usual = {"host": request.user.username, "time_zone": settings.TIME_ZONE}
        return _gathering_page(request, None, GatheringForm(initial=unsent.take(request) or usual))
    form = GatheringForm(request.POST)
    if not form.is_valid():
        return _gathering_page(request, None, form, status=422)
    if "preview" in request.POST:
        return _gathering_page(request, None, form)
    made = gatherings.create_gathering(actor=request.user, values=form.planned)
    messages.success(request, _("The gathering is planned. Below you see when it opens."))
    return redirect("manage_gathering", made.pk)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def gathering(request: MemberRequest, pk: int) -> HttpResponse:
    access.check_admin(request.user)
    found = access.get_gathering(pk)
    values = access.gathering_values(found)
    if request.method == "GET":
        saved = values | {"version": access.version_of(values)}
        return _gathering_page(request, found, GatheringForm(initial=unsent.take(request) or saved))
    form = GatheringForm(request.POST)
    if not form.is_valid():
        return _gathering_page(request, found, form, status=422)
    if "preview" in request.POST:
        return _gathering_page(request, found, form)
    try:
        changed = gatherings.change_gathering(
            actor=request.user, gathering=found, version=form.cleaned_data["version"], values=form.planned
        )
    except access.ChangedMeanwhileError:
        theirs = access.gathering_values(access.get_gathering(pk))
        differs = access.changed_values(theirs, access.gathering_values(Gathering(**form.planned)))
        form.refuse(_MEANWHILE, version=access.version_of(theirs))
        return _gathering_page(request, found, form, status=409, theirs={name: theirs[name] for name in differs})
    messages.success(request, _("Saved.") if changed else _("Nothing was different, so nothing was changed."))
    return redirect("manage_gathering", pk)


def _gathering_page(
    request: MemberRequest,
    found: Gathering | None,
    form: GatheringForm,
    *,
    status: int = 200,
    theirs: Any = None,
) -> HttpResponse:
    context = {
        "gathering": found,
        "form": form,
        "theirs": form.in_words(theirs or {}),
        "problem": access.gathering_problems([found])[found.pk] if found else "",
        "openings": access.openings_in_words(found, access.last_opened_day(found)) if found else [],
        # Sanitised by the renderer, as posts are.
        "preview": mark_safe(markdown.render(str(form["body"].value() or ""))),  # noqa: S308
        "crumbs": manage_trail((_("Gatherings"), reverse("manage_gatherings"))),
    }
    return render(request, "forums/manage/gathering.html", context, status=status)


@require_POST
def pause_gathering(request: MemberRequest, pk: int) -> HttpResponse:
    """`active` is 1 to resume, anything else pauses: the button says which, so a second click changes nothing."""
    access.check_admin(request.user)
    found = access.get_gathering(pk)
    active = request.POST.get("active") == "1"
    if gatherings.set_active(actor=request.user, gathering=found, active=active):
        said = _("It is planned again.") if active else _("Paused. No new thread opens until you resume it.")
        messages.success(request, said)
    return redirect("manage_gathering", pk)
