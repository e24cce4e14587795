from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import moderation.access
from core import pace, unsent
from core.ahead import finds_first
from core.text import positive_int
from forums import access, cards, composing, library, starters
from forums.forms import PostingForm, ReplyForm, ThreadForm
from forums.models import Board, Post, SupportType, Thread, Visibility
from forums.services import drafts, posts
from forums.views.asking import (
    REACHED_OUT,
    Show,
    answers,
    ask_first,
    asks_to_reach_out,
    reach_only,
    show_lines,
    why_held,
)
from forums.views.reading import is_closed_for
from forums.views.shared import at, crumbs, gives_words_back, post_address
from members.requests import MemberRequest
from moderation.asking import AskFirstError

# Far above what a person writes, far below what a script does.
THREADS_AN_HOUR, REPLIES_AN_HOUR = 12, 90
# A draft is saved every few seconds while somebody types, in several tabs perhaps.
SAVES_AN_HOUR, PREVIEWS_AN_HOUR = 2000, 2000

type Button[F: PostingForm] = Callable[[MemberRequest, Thread | Board, F, Show[F]], HttpResponse]


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
@gives_words_back
def new_thread(request: MemberRequest, slug: str) -> HttpResponse:
    board = access.get_board_for(request.user, slug)

    def show(form: ThreadForm, status: int = 200, **more: Any) -> HttpResponse:
        return _thread_page(request, board, form, status, **more)

    if request.method == "GET":
        return _open_thread(request, board, show)
    form = ThreadForm(request.POST)
    if (instead := _instead_of_posting(request, board, form, show)) is not None:
        return instead
    if wrong := _not_ready(request, form, "thread", limit=THREADS_AN_HOUR):
        return show(form, status=wrong)
    post = partial(
        posts.start_thread,
        board=board,
        title=form.cleaned_data["title"],
        support_type=SupportType(form.cleaned_data["support_type"]),
        content_notes=form.cleaned_data["content_notes"],
        no_reply_needed=form.cleaned_data["no_reply_needed"],
        anonymous=form.cleaned_data["anonymous"],
    )
    return _post(request, board, form, show, post)


def _open_thread(request: MemberRequest, board: Board, show: Show[ThreadForm]) -> HttpResponse:
    if kept := unsent.take(request):
        return show(ThreadForm(initial=kept))
    draft = access.draft_in(request.user, board)
    return show(ThreadForm.from_draft(draft), is_draft=draft is not None)


def _thread_page(request: MemberRequest, board: Board, form: ThreadForm, status: int, **more: Any) -> HttpResponse:
    first = composing.read_first(request.user, board)
    context = {
        "board": board,
        "composer": composing.thread_composer(request.user, board, form, read_first=first, **more),
        "limit": moderation.access.standing_sanction(request.user),
        "crumbs": crumbs(board),
    }
    return render(request, "forums/new_thread.html", context, status=status)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
@gives_words_back
@finds_first
def reply(request: MemberRequest, public_id: UUID) -> HttpResponse:
    thread, raised = access.get_standing_thread_for(request.user, public_id)
    return _reply_where_joined(request, thread, raised) if raised else _reply(request, thread)


def _reply(request: MemberRequest, thread: Thread) -> HttpResponse:
    def show(form: ReplyForm, status: int = 200, **more: Any) -> HttpResponse:
        return _reply_page(request, thread, form, status, **more)

    if request.method == "GET":
        return _open_reply(request, thread, show)
    form = ReplyForm(request.POST)
    if (instead := _instead_of_posting(request, thread, form, show)) is not None:
        return instead
    if wrong := _not_ready(request, form, "reply", limit=REPLIES_AN_HOUR):
        return show(form, status=wrong)
    if news := _news(request, thread, form):
        return show(form.afresh(announced=1, seen=thread.last_number), status=409, news=news)
    post = partial(posts.post_reply, thread=thread, reply_to=form.cleaned_data["reply_to"])
    return _post(request, thread, form, show, post)


def _reply_where_joined(request: MemberRequest, thread: Thread, raised: int) -> HttpResponse:
    """For whoever answers what is a part of `thread` now, its numbers `raised`: the composer that is there."""
    kept: dict[str, Any] = unsent.take(request) if request.method == "GET" else request.POST.dict()
    number = positive_int(str(kept.get("reply_to") or request.GET.get("to") or ""))
    moved = {"reply_to": number + raised} if number else {}
    if request.method == "POST":
        form = ReplyForm(QueryDict(urlencode(kept | moved))).say(access.joined_meanwhile())
        return _reply_page(request, thread, form, 409)
    if kept:
        return _reply_page(request, thread, ReplyForm(initial=kept | moved), 200)
    query = request.GET.copy()
    if number:
        query["to"] = str(number + raised)
    return redirect(f"{composing.composer_of(thread)}{'?' if query else ''}{query.urlencode()}")


def _open_reply(request: MemberRequest, thread: Thread, show: Show[ReplyForm]) -> HttpResponse:
    """With the words that waited for the sign-in, or those of the draft; and with what the address asks for.

    A thread that this reader has folded is opened on its own page first; a draft is there, too.
    """
    shown: dict[str, Any] = {"seen": thread.last_number}
    if kept := unsent.take(request):
        return show(ReplyForm(initial=shown | kept))
    number = positive_int(request.GET.get("to"))
    if is_closed_for(request, thread):
        return redirect(post_address(thread, number or 1))
    draft = access.draft_in(request.user, thread)
    form = ReplyForm.from_draft(draft, **shown)
    begun = form.words
    if number:
        quoted = _quoted(request, thread, number) if "quote" in request.GET else ""
        form = form.afresh(reply_to=number, body=composing.with_quote(begun, quoted))
    if shared := library.link_asked_for(request.GET.get("article")):
        form = form.afresh(body=composing.with_quote(form.words, shared))
    is_quoted = form.words != begun
    return show(form, is_draft=draft is not None and not is_quoted, is_quoted=is_quoted)


def _quoted(request: MemberRequest, thread: Thread, number: int) -> str:
    """A post as a quotation; "" when there is none that this reader can read."""
    row = access.post_row(request.user, thread, number)
    words = access.words_of(request.user, row) if row else None
    return composing.quote(row.author_name, words) if row and words else ""


def _reply_page(
    request: MemberRequest,
    thread: Thread,
    form: ReplyForm,
    status: int,
    news: list[access.PostRow] | None = None,
    **more: Any,
) -> HttpResponse:
    """The composer on a page of its own, under the post that is answered; not under what this reader has folded."""
    number = form.answers or 1
    answered = None if is_closed_for(request, thread) else access.post_row(request.user, thread, number)
    first = composing.read_first(request.user, thread)
    context = {
        "thread": thread,
        "composer": composing.reply_composer(request.user, thread, form, read_first=first, **more),
        "limit": moderation.access.standing_sanction(request.user),
        "answered": cards.card(answered) if answered else "",
        "news": [cards.card(row) for row in news or []],
        "crumbs": [*crumbs(thread.board), (thread.title, post_address(thread, number))],
    }
    return render(request, "forums/reply.html", context, status=status)


def _not_ready(request: MemberRequest, form: PostingForm, what: str, *, limit: int) -> int:
    """The status that says why the form cannot be posted as it is; 0 when it can."""
    if not pace.within(what, request.user.pk, limit=limit):
        form.too_many()
        return 429
    return 0 if form.is_valid() else 422


def _news(request: MemberRequest, thread: Thread, form: ReplyForm) -> list[access.PostRow]:
    """What others wrote while this reply was written, told once; nothing when it was posted before or cannot be.

    Nor to whoever has the thread folded, and would not want to read it.
    """
    if form.was_announced or form.last_seen is None or thread.is_closed or is_closed_for(request, thread):
        return []
    news = access.posts_since(request.user, thread, form.last_seen)
    return [] if news and access.is_posted(request.user, form.mark) else list(news)


# --- the composer's other buttons, which work without JavaScript


def _instead_of_posting[F: PostingForm](
    request: MemberRequest, place: Thread | Board, form: F, show: Show[F]
) -> HttpResponse | None:
    """What was asked for where it was not posting; None where it was."""
    if unsent.is_by_another(request):
        sentence = _("This page was opened by somebody else. You are signed in as %(name)s now. Nothing was sent.")
        return show(form.say(sentence % {"name": request.user.username}), status=409)
    begun_with = request.POST.get("starter")
    phrase = starters.phrase(composing.starters_in(request.user, place), begun_with) if begun_with else None
    pressed = next((name for name in _BUTTONS if name in request.POST), None)
    if pressed is None and phrase is None:
        return None
    if pressed != "save" and not pace.within("preview", request.user.pk, limit=PREVIEWS_AN_HOUR):
        return show(form.too_many(), status=429)
    if pressed is None:
        return show(form.afresh(body=starters.added(form.words, phrase or "")), starters_open=True)
    return _BUTTONS[pressed](request, place, form, show)


def _preview[F: PostingForm](request: MemberRequest, place: Thread | Board, form: F, show: Show[F]) -> HttpResponse:
    del request, place
    return show(form.afresh(), preview=composing.preview(form.words))


def _join[F: PostingForm](request: MemberRequest, place: Thread | Board, form: F, show: Show[F]) -> HttpResponse:
    """The words of the form and those of the draft, one after the other."""
    draft = access.draft_in(request.user, place)
    if draft is None:
        return show(form.afresh())
    both = "\n\n".join(part for part in (form.words.rstrip(), draft["body"]) if part)
    return show(form.afresh(body=both, sequence=draft["sequence"]))


def _show_lines[F: PostingForm](request: MemberRequest, place: Thread | Board, form: F, show: Show[F]) -> HttpResponse:
    return show_lines(request, form, show, board=place.board if isinstance(place, Thread) else place)


def _reach_only[F: PostingForm](request: MemberRequest, place: Thread | Board, form: F, show: Show[F]) -> HttpResponse:
    """The draft is kept, and a moderator is asked to write to whoever wrote it."""
    reach_only(request)
    return _save(request, place, form, show)


def _save[F: PostingForm](request: MemberRequest, place: Thread | Board, form: F, show: Show[F]) -> HttpResponse:
    if not pace.within("draft", request.user.pk, limit=SAVES_AN_HOUR):
        return show(form.too_many(), status=429)
    try:
        saved = drafts.save_draft(member=request.user, place=place, **form.begun)
    except drafts.StaleDraftError as error:
        # Saved once more from this page, it is the newest, and on purpose.
        return show(form.afresh(sequence=error.newer.sequence), status=409, newer=error.newer)
    except drafts.CannotKeepError as error:
        return show(form.say(str(error)), status=422)
    except drafts.PostedAlreadyError:
        messages.info(request, _("This was posted already, so there is no draft of it any more."))
        return redirect(place)
    if saved.at is None:
        messages.info(request, _("There were no words in it, so no draft is kept."))
    else:
        messages.success(request, _("Your draft is saved. You can go on here, or later from your drafts."))
    return redirect(composing.composer_of(place))


_BUTTONS: dict[str, Button[Any]] = {
    "save": _save,
    "join": _join,
    "preview": _preview,
    "show_lines": _show_lines,
    "reach_only": _reach_only,
}


@require_POST
def preview(request: MemberRequest) -> HttpResponse:
    """A piece of a page: the words as a post would show them."""
    if not pace.within("preview", request.user.pk, limit=PREVIEWS_AN_HOUR):
        return HttpResponse(status=429)
    found = composing.preview(request.POST.get("body", ""))
    status = 422 if found.problem else 200
    return render(request, "forums/_composer_preview.html", {"preview": found}, status=status)


# --- posting


def _post[F: PostingForm](
    request: MemberRequest, place: Thread | Board, form: F, show: Show[F], post: Callable[..., Post]
) -> HttpResponse:
    try:
        made = post(
            author=request.user,
            body=form.cleaned_data["body"],
            submission=form.mark,
            sequence=form.builds_on,
            **answers(request, form),
        )
    except AskFirstError as error:
        return ask_first(request, form, show, error.to_ask)
    except access.CannotPostError as error:
        if isinstance(place, Thread):
            # Out of sight since the request began, nothing of it is shown any more, and the words are given back.
            access.get_standing_thread_for(request.user, place.public_id)
        form.refuse(str(error))
        return show(form, status=409)
    return _posted(request, made, place)


def _posted(request: MemberRequest, made: Post, place: Thread | Board) -> HttpResponse:
    if made.visibility == Visibility.HELD:
        messages.info(request, why_held(made), extra_tags=at(made))
    if asks_to_reach_out(request):
        messages.info(request, REACHED_OUT, extra_tags=at(made))
    if access.has_draft_in(request.user, place) if made.leaves_draft is None else made.leaves_draft:
        other = _("It is posted. Other words that you saved elsewhere meanwhile are in your drafts.")
        messages.info(request, other, extra_tags=at(made))
    return HttpResponseRedirect(post_address(made.thread, made.number))
