"""What authors do with their own posts, and how everybody sees that they did."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pace, unsent
from core.changes import Budget, changes
from forums import access, cards, composing, pages
from forums.forms.editing import EditForm, OpeningEditForm
from forums.models import Post, Visibility
from forums.services import editing, withdrawing
from forums.views.asking import REACHED_OUT, answers, ask_first, asks_to_reach_out, reach_only, show_lines, why_held
from forums.views.reading import is_closed_for
from forums.views.shared import at, crumbs, gives_words_back, open_to_visitors, post_address
from forums.views.writing import PREVIEWS_AN_HOUR
from members.models import Member
from members.requests import MemberRequest, ReaderRequest, pace_key
from moderation.asking import AskFirstError
from moderation.services import doors

# Far above what a person does, far below what a script does.
EDITS_AN_HOUR = 60
# One post, back and forth. Nobody is kept from taking back all they wrote.
TURNS_AN_HOUR = 30
# A look costs far more than that of other pages. Visitors who share an address share it.
LOOKS_BACK_AN_HOUR = 240


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
@gives_words_back
def edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    if request.method != "POST":
        found = access.get_own_post_in_sight(request.user, public_id)
        if not access.is_standing(found.visibility):
            raise Http404
        form = EditForm.of(found)
        form.initial = dict(form.initial) | unsent.take(request)
        return _edit_page(request, found, form)
    # Whatever became of the post meanwhile, the words come back.
    found = access.get_own_post_in_sight(request.user, public_id)
    form = OpeningEditForm(request.POST) if found.number == 1 else EditForm(request.POST)
    does, limit = ("preview", PREVIEWS_AN_HOUR) if "preview" in request.POST else ("edit", EDITS_AN_HOUR)
    if not pace.within(does, request.user.pk, limit=limit):
        return _edit_page(request, found, form.too_many(), status=429)
    if (instead := _instead_of_saving(request, found, form)) is not None:
        return instead
    if not form.is_valid():
        return _edit_page(request, found, form, status=422)
    return _change(request, found, form)


def _instead_of_saving(request: MemberRequest, found: Post, form: EditForm) -> HttpResponse | None:
    """What was asked for where it was not saving; None where it was."""
    if "preview" in request.POST:
        return _edit_page(request, found, form.afresh(), preview=composing.preview(form.words))
    if "show_lines" in request.POST:
        return show_lines(request, form, partial(_edit_page, request, found), board=found.thread.board)
    if "reach_only" in request.POST:
        reach_only(request)
        return _edit_page(request, found, form.afresh())
    return None


def _change(request: MemberRequest, found: Post, form: EditForm) -> HttpResponse:
    try:
        changed = editing.edit_post(
            author=request.user,
            post=found,
            version=form.builds_on,
            body=form.cleaned_data["body"],
            title=form.wanted_title,
            **answers(request, form),
        )
    except AskFirstError as error:
        return ask_first(request, form, partial(_edit_page, request, found), error.to_ask)
    except access.CannotPostError as error:
        return _edit_page(request, found, form.say(str(error)), status=409)
    except access.EditedMeanwhileError:
        now = access.get_own_post(request.user, found.public_id)
        form.build_on(now.version)
        return _edit_page(request, now, form, status=409, standing=access.standing_version(now))
    now = access.get_own_post(request.user, found.public_id)
    _say_what_came_of_it(request, now, changed=changed)
    return redirect(post_address(now.thread, now.number))


def _say_what_came_of_it(request: MemberRequest, post: Post, *, changed: bool) -> None:
    if not changed:
        messages.info(request, _("These are the words that stood there, so nothing was changed."), extra_tags=at(post))
    elif post.visibility in (Visibility.HELD, Visibility.FOLDED):
        messages.info(request, why_held(post), extra_tags=at(post))
    else:
        messages.success(request, _("Your words are changed."), extra_tags=at(post))
    if asks_to_reach_out(request):
        messages.info(request, REACHED_OUT, extra_tags=at(post))


def _edit_page(request: MemberRequest, found: Post, form: EditForm, status: int = 200, **more: Any) -> HttpResponse:
    """`standing`: what another tab made of the words meanwhile; `preview`: the words as they would be shown."""
    context = {
        "post": found,
        "form": form,
        "writes_as": pages.disguise_of(request.user, found.thread),
        "grace_minutes": int(access.GRACE.total_seconds() // 60),
        "back": post_address(found.thread, found.number),
        "crumbs": [*crumbs(found.thread.board), (found.thread.title, post_address(found.thread, found.number))],
    }
    return render(request, "forums/edit.html", context | more, status=status)


@open_to_visitors
@require_safe
def history(request: ReaderRequest, public_id: UUID) -> HttpResponse:
    found = access.get_post_with_history(request.user, public_id)
    if is_closed_for(request, found.thread):
        return redirect(post_address(found.thread, found.number))
    context = {
        "post": found,
        "author_name": access.post_author(found).name,
        "by_moderators": access.edited_by_moderators(found),
        "back": post_address(found.thread, found.number),
        "crumbs": [*crumbs(found.thread.board), (found.thread.title, post_address(found.thread, found.number))],
    }
    if not pace.within("history", pace_key(request), limit=LOOKS_BACK_AN_HOUR):
        return render(request, "forums/history.html", context | {"too_many": True}, status=429)
    page = access.earlier_versions(request.user, found, request.GET.get("after"))
    if isinstance(request.user, Member) and access.shows_more_to_moderators(request.user, found, page.items):
        doors.note_versions(actor=request.user, author=found.author, post=found)
    context |= {"changes": _changes(request, found, page.items, is_first=page.is_first), "page": page}
    return render(request, "forums/history.html", context)


def _changes(
    request: ReaderRequest, post: Post, versions: Sequence[access.Version], *, is_first: bool
) -> list[dict[str, Any]]:
    """Each version compared with what it became. No query on the first page, one on the others."""
    if not versions:
        return []
    newest = access.standing_version(post) if is_first else access.version_after(request.user, post, versions[0])
    became = [newest, *versions[:-1]]
    budget = Budget()
    return [_change_between(before, after, budget) for before, after in zip(versions, became, strict=True)]


def _change_between(before: access.Version, after: access.Version, budget: Budget) -> dict[str, Any]:
    return {
        "at": after.written_at,
        "is_public": before.is_public,
        "title": changes(before.title, after.title, budget) if before.title != after.title else None,
        "body": changes(before.body, after.body, budget) if before.body != after.body else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A page that says what happens, and then it happens: also where their author no longer sees the thread.

    Then the page offers to put them back, too, because there is no other one that could.
    """
    found = access.get_own_post(request.user, public_id)
    if request.method != "POST":
        if access.is_standing(found.visibility):
            return _withdraw_page(request, found)
        if access.is_in_sight(request.user, found.thread) or (own := cards.taken_back(found)) is None:
            raise Http404
        return render(request, "forums/taken_back.html", own)
    if not _may_turn(request, found):
        return _back_to(request, public_id)
    try:
        withdrawing.withdraw(author=request.user, post=found)
    except access.CannotPostError as error:
        messages.warning(request, str(error), extra_tags=at(found))
    return _back_to(request, public_id)


def _withdraw_page(request: MemberRequest, found: Post) -> HttpResponse:
    opens = found.number == 1
    context = {
        "post": found,
        "whole_thread": opens and not access.is_answered(found.thread),
        "opens": opens,
        "days": access.TAKEN_BACK_FOR.days,
        "words": mark_safe(found.body_html),  # noqa: S308 - sanitised by the renderer
        "back": reverse("home"),
    }
    if access.is_in_sight(request.user, found.thread):
        back = post_address(found.thread, found.number)
        context |= {"back": back, "crumbs": [*crumbs(found.thread.board), (found.thread.title, back)]}
    return render(request, "forums/withdraw.html", context)


@require_POST
def put_back(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_own_post(request.user, public_id)
    if not _may_turn(request, found):
        return _back_to(request, public_id)
    try:
        if withdrawing.put_back(author=request.user, post=found):
            _say_where_it_stands(request, access.get_own_post(request.user, public_id))
    except access.CannotPostError as error:
        messages.warning(request, str(error), extra_tags=at(found))
    return _back_to(request, public_id)


def _may_turn(request: MemberRequest, post: Post) -> bool:
    """Whoever reads a case about it has to look again each time."""
    if pace.within("withdraw", post.pk, limit=TURNS_AN_HOUR):
        return True
    messages.warning(
        request,
        _("That was very often in a short time. Nothing was changed. Please wait a while."),
        extra_tags=at(post),
    )
    return False


def _say_where_it_stands(request: MemberRequest, post: Post) -> None:
    if post.visibility == Visibility.HELD:
        messages.info(
            request,
            _("Your words are kept where they stood. A moderator reads them before others do."),
            extra_tags=at(post),
        )
    else:
        messages.success(request, _("It stands where it stood."), extra_tags=at(post))


def _back_to(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Where the post stands, by the address that its thread has now; out of sight, where it can be put back."""
    found = access.get_own_post(request.user, public_id)
    if access.is_in_sight(request.user, found.thread):
        return redirect(post_address(found.thread, found.number))
    return redirect("post_withdraw", public_id) if cards.taken_back(found) else redirect("home")
