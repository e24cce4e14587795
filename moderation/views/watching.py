"""Words that admins watch. For everybody else these pages are not there."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pace, unsent
from core.trails import manage_trail
from members.requests import MemberRequest
from moderation import access
from moderation.forms.watching import WatchedWordsForm
from moderation.models import WatchedWords
from moderation.services import watching

# Each looks through some hundred posts.
TRIALS_AN_HOUR = 240
_TAKEN = gettext_lazy("Other words have this name. Please choose another one.")
_NOTHING_TO_TRY_ON = gettext_lazy("Nothing was posted yet to try it on. Write a text or two that it should meet.")
_MEANWHILE = gettext_lazy(
    "Somebody else saved a change while this form was open. What is saved now stands above the form. Save again to "
    "replace it with yours."
)


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    found = access.watched_words()
    context = {
        "watched": [words for words in found if words.is_active],
        "retired": [words for words in found if not words.is_active],
        "crumbs": manage_trail(),
    }
    return render(request, "moderation/manage/words.html", context)


@unsent.keeps_words
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    access.check_admin(request.user)
    if request.method != "POST":
        return _page(request, None, WatchedWordsForm(initial=unsent.take(request)))
    form = WatchedWordsForm(request.POST)
    if "try" in request.POST:
        return _try(request, None, form)
    if not form.is_valid():
        return _page(request, None, form, status=422)
    if not form.is_tried(None):
        return _try(request, None, form, to_save=True)
    try:
        made = watching.add_words(actor=request.user, **form.values)
    except access.LabelTakenError:
        form.add_error("label", _TAKEN)
        return _page(request, None, form, status=422)
    messages.success(request, _("“%(label)s” is watched from now on.") % {"label": made.label})
    return redirect("manage_words")


@unsent.keeps_words
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: MemberRequest, pk: int) -> HttpResponse:
    access.check_admin(request.user)
    found = access.get_watched_words(pk)
    if request.method != "POST":
        saved = access.watched_values(found) | {"version": access.words_version(found)}
        return _page(request, found, WatchedWordsForm(initial=unsent.take(request) or saved))
    form = WatchedWordsForm(request.POST)
    if "try" in request.POST:
        return _try(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    if not form.is_tried(found):
        return _try(request, found, form, to_save=True)
    return _change(request, found, form)


def _change(request: MemberRequest, found: WatchedWords, form: WatchedWordsForm) -> HttpResponse:
    try:
        changed = watching.change_words(
            actor=request.user, words=found, version=form.cleaned_data["version"], values=form.values
        )
    except access.LabelTakenError:
        form.add_error("label", _TAKEN)
        return _page(request, found, form, status=422)
    except access.WordsChangedError:
        now = access.get_watched_words(found.pk)
        theirs = {name: value for name, value in access.watched_values(now).items() if name in form.values}
        differs = access.differences(theirs, form.values)
        form.refuse(_MEANWHILE, version=access.words_version(now))
        return _page(request, now, form, status=409, theirs={name: theirs[name] for name in differs})
    messages.success(request, _("Saved.") if changed else _("Nothing was different, so nothing was changed."))
    return redirect("manage_words")


def _try(
    request: MemberRequest, found: WatchedWords | None, form: WatchedWordsForm, *, to_save: bool = False
) -> HttpResponse:
    """What it would meet, before anything is saved. A name is not needed for that.

    The page carries a mark of what was tried, so that exactly that can be saved then.
    """
    if not pace.within("try-words", request.user.pk, limit=TRIALS_AN_HOUR):
        form.add_error(None, _("That was a lot of trying for one hour. Nothing was lost; try it a little later."))
        return _page(request, found, form, status=429)
    form.is_valid()
    if form.watch is None:
        return _page(request, found, form, status=422)
    tried = access.try_out(form.watch, form.sample_lines)
    if to_save and not tried.looked_at_any:
        form.add_error("samples", _NOTHING_TO_TRY_ON)
        return _page(request, found, form, status=422)
    typed = {name: form[name].value() for name in form.fields}
    afresh = WatchedWordsForm(initial=typed | {"tried": form.trial if tried.looked_at_any else ""})
    return _page(request, found, afresh, status=422 if to_save else 200, tried=tried, to_save=to_save)


@require_POST
def retire(request: MemberRequest, pk: int) -> HttpResponse:
    """`on` is 1 to watch again, anything else retires: the button says which, so a second click changes nothing."""
    access.check_admin(request.user)
    found = access.get_watched_words(pk)
    on = request.POST.get("on") == "1"
    if watching.set_watched(actor=request.user, words=found, on=on):
        said = _("“%(label)s” is watched again.") if on else _("“%(label)s” is not watched any more.")
        messages.success(request, said % {"label": found.label})
    return redirect("manage_words")


def _page(
    request: MemberRequest, found: WatchedWords | None, form: WatchedWordsForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """`theirs`: what a colleague saved meanwhile; `tried`: what it would meet, shown before it is saved (`to_save`)."""
    context = {
        "words": found,
        "form": form,
        "theirs": form.in_words(more.get("theirs") or {}),
        "tried": more.get("tried"),
        "to_save": more.get("to_save"),
        "crumbs": manage_trail((_("Words"), reverse("manage_words"))),
    }
    return render(request, "moderation/manage/word.html", context, status=status)
