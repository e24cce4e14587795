from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import pace, unsent
from core.text import positive_int
from forums import access, cards
from forums.forms import ReactionForm, ReplyForm, ThreadForm
from forums.models import Board, ContentNote, SupportType, Thread, Visibility
from forums.services import posts, reading
from members.models import AVATARS, Member
from members.requests import MemberRequest

# Far above what a person writes, far below what a script does.
THREADS_AN_HOUR, REPLIES_AN_HOUR = 12, 90


@require_GET
def boards(request: MemberRequest) -> HttpResponse:
    return render(request, "forums/boards.html", {"boards": access.boards_for(request.user)})


@require_GET
def board(request: MemberRequest, slug: str) -> HttpResponse:
    found = access.get_board_for(request.user, slug)
    page = access.threads_page(request.user, found, request.GET.get("after"))
    rows = thread_rows(request.user, page.items)
    context = {"board": found, "rows": rows, "page": page, "crumbs": crumbs()}
    return render(request, "forums/board.html", context)


@require_GET
def waiting(request: MemberRequest) -> HttpResponse:
    page = access.waiting_page(request.user, request.GET.get("after"))
    rows = thread_rows(request.user, page.items)
    return render(request, "forums/waiting.html", {"rows": rows, "page": page})


@require_GET
def thread(request: MemberRequest, public_id: UUID, slug: str) -> HttpResponse:
    found = access.get_thread_for(request.user, public_id)
    if slug != found.slug:
        return redirect(found, permanent=True)
    last_read = access.last_read(request.user, found)
    return _thread_page(request, found, page=positive_int(request.GET.get("page")) or 1, last_read=last_read)


def _thread_page(request: MemberRequest, found: Thread, *, page: int, last_read: int) -> HttpResponse:
    window = access.posts_window(request.user, found, page)
    responses = access.responses_for(request.user, window.posts)
    shown = cards.cards_for(request, found, window.posts, responses, last_read)
    end = min(window.last, found.last_number)
    if end > last_read:
        seen = window.posts[-1].number if window.posts else window.first - 1
        reading.raise_read_mark(member=request.user, thread=found, seen=seen, end=end)
    context = {
        "thread": found,
        "cards": shown,
        "window": window,
        "pages": pager(found, window),
        "closed": found.is_closed,
        "form": ReplyForm(),
        "crumbs": crumbs(found.board),
    }
    return render(request, "forums/thread.html", context)


@require_GET
def first_unread(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_thread_for(request.user, public_id)
    number = min(access.last_read(request.user, found) + 1, found.last_number)
    return redirect(post_address(found, number))


@require_GET
def post(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A post's own address, which stays when the thread's pages move."""
    found = access.get_post_for(request.user, public_id)
    return redirect(post_address(found.thread, found.number))


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


@require_POST
def react(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_post_for(request.user, public_id)
    if found.visibility != Visibility.VISIBLE:
        raise Http404
    form = ReactionForm(request.POST)
    if form.is_valid() and found.author_id != request.user.pk:
        give, take = form.cleaned_data["give"], form.cleaned_data["take"]
        if give or take:
            reading.react(member=request.user, post=found, kind=give or take, on=bool(give))
    if not request.htmx:
        return redirect(post_address(found.thread, found.number))
    if (row := access.post_row(request.user, found.thread, found.number)) is None:
        raise Http404
    context = cards.actions_context(request.user, found.thread, row, access.responses_for(request.user, [row]))
    return render(request, "components/post_actions.html", context)


def crumbs(board: Board | None = None) -> list[tuple[str, str]]:
    trail = [(_("Boards"), reverse("boards"))]
    return [*trail, (board.title, board.get_absolute_url())] if board else trail


def pager(thread: Thread, window: access.Window) -> dict[str, str | None]:
    """Addresses for components/pager.html."""

    def address(page: int) -> str:
        return thread.get_absolute_url() + (f"?page={page}" if page > 1 else "")

    return {
        "first": address(1),
        "prev": address(window.page - 1) if window.page > 1 else None,
        "next": address(window.page + 1) if not window.is_last else None,
        "last": address(window.pages),
        "label": _("Posts %(first)s to %(last)s")
        % {"first": window.first, "last": min(window.last, thread.last_number)},
    }


def post_address(thread: Thread, number: int) -> str:
    """Where post `number` is read: its window of the thread, and the post in it."""
    page = access.page_of(number)
    query = f"?page={page}" if page > 1 else ""
    return f"{thread.get_absolute_url()}{query}#post-{number}"


def thread_rows(member: Member, threads: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Threads of a list page, ready for components/thread_row.html. One query for a member's read marks."""
    marks = access.read_marks(member, [row["id"] for row in threads])
    return [_thread_row(row, marks.get(row["id"])) for row in threads]


def _thread_row(row: Mapping[str, Any], last_read: int | None) -> dict[str, Any]:
    support = SupportType(row["support_type"])
    return {
        "url": reverse("thread", args=[row["public_id"], row["slug"]]),
        "unread_url": reverse("first_unread", args=[row["public_id"]]),
        "title": row["title"],
        "support_type": support.value,
        "support_label": support.label,
        "notes": [ContentNote(note).label for note in row["content_notes"]],
        "author_name": row["author__username"],
        "avatar": row["author__public_id"].int % AVATARS,
        "initial": row["author__username"][:1].upper(),
        "board_title": row["board__title"],
        "last_activity": row["last_post_at"],
        "waiting": row["answered_at"] is None and not row["no_reply_needed"] and row["state"] == Thread.State.OPEN,
        "unread": last_read is not None and last_read < row["last_number"],
        "new": last_read is None,
        "pinned": row["pinned_until"] is not None and row["pinned_until"] > timezone.now(),
        "locked": row["state"] == Thread.State.LOCKED,
    }
