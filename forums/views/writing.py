from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import pace, unsent
from core.text import positive_int
from forums import access, cards
from forums.forms import ReplyForm, ThreadForm
from forums.models import Board, SupportType, Thread, Visibility
from forums.services import posts
from forums.views.shared import crumbs, post_address
from members.requests import MemberRequest

# Far above what a person writes, far below what a script does.
THREADS_AN_HOUR, REPLIES_AN_HOUR = 12, 90


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def new_thread(request: MemberRequest, slug: str) -> HttpResponse:
    board = access.get_board_for(request.user, slug)
    if request.method == "GET":
        return _composer(request, board, ThreadForm(initial=unsent.take(request)))
    form = ThreadForm(request.POST)
    if not pace.within("thread", request.user.pk, limit=THREADS_AN_HOUR):
        return _composer(request, board, form.too_many(), status=429)
    if not form.is_valid():
        return _composer(request, board, form, status=422)
    try:
        made = posts.start_thread(
            author=request.user,
            board=board,
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            support_type=SupportType(form.cleaned_data["support_type"]),
            content_notes=form.cleaned_data["content_notes"],
            no_reply_needed=form.cleaned_data["no_reply_needed"],
            submission=form.submission_id,
        )
    except access.CannotPostError as error:
        form.refuse(str(error))
        return _composer(request, board, form, status=409)
    _say_held(request, made.visibility)
    return redirect(post_address(made.thread, made.number))


def _composer(request: MemberRequest, board: Board, form: ThreadForm, status: int = 200) -> HttpResponse:
    context = {"board": board, "form": form, "crumbs": crumbs(board)}
    return render(request, "forums/new_thread.html", context, status=status)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def reply(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_thread_for(request.user, public_id)
    if request.method == "GET":
        initial = {"reply_to": positive_int(request.GET.get("to"))} | unsent.take(request)
        return _reply_page(request, found, ReplyForm(initial=initial))
    form = ReplyForm(request.POST)
    if not pace.within("reply", request.user.pk, limit=REPLIES_AN_HOUR):
        return _reply_page(request, found, form.too_many(), status=429)
    if not form.is_valid():
        return _reply_page(request, found, form, status=422)
    try:
        made = posts.post_reply(
            author=request.user,
            thread=found,
            body=form.cleaned_data["body"],
            reply_to=form.cleaned_data["reply_to"],
            submission=form.submission_id,
        )
    except access.CannotPostError as error:
        form.refuse(str(error))
        return _reply_page(request, found, form, status=409)
    _say_held(request, made.visibility)
    return redirect(post_address(made.thread, made.number))


def _reply_page(request: MemberRequest, thread: Thread, form: ReplyForm, status: int = 200) -> HttpResponse:
    """The composer on a page of its own, under the post that is answered."""
    number = positive_int(str(form["reply_to"].value() or "")) or 1
    answered = access.post_row(request.user, thread, number)
    context = {
        "thread": thread,
        "form": form,
        "answered": cards.card(answered) if answered else "",
        "crumbs": [*crumbs(thread.board), (thread.title, post_address(thread, number))],
    }
    return render(request, "forums/reply.html", context, status=status)


def _say_held(request: MemberRequest, visibility: str) -> None:
    if visibility == Visibility.HELD:
        messages.info(
            request,
            _("Your words are kept. A moderator reads them first, soon, because they may mean that you are in danger."),
        )
