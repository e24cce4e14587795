"""What several pages have in common: addresses, and who may come in."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Concatenate

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.addresses import address, fixed
from forums import access
from forums.forms import GIVEN_BACK
from forums.models import Board, Post, Thread
from members.requests import MemberRequest, ReaderRequest, is_member


def crumbs(board: Board | None = None) -> list[tuple[str, str]]:
    trail = [(_("Boards"), fixed("boards"))]
    return [*trail, (board.title, board.get_absolute_url())] if board else trail


def open_to_visitors[**P](
    view: Callable[Concatenate[ReaderRequest, P], HttpResponse],
) -> Callable[Concatenate[ReaderRequest, P], HttpResponse]:
    """For pages of boards that an administrator opened to everyone.

    Visitors are led to the sign-in page by whatever is not there for them, so that the answer does not tell
    whether it is there for others.
    """

    @wraps(view)
    def opened(request: ReaderRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if is_member(request):
                raise
            return redirect_to_login(request.get_full_path(), settings.LOGIN_PATH)

    opened.shows_members_more = True  # type: ignore[attr-defined]
    return login_not_required(opened)


def asks_ahead[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """For a page that is opened often, and asks the same for many (core.ahead)."""
    view.asks_ahead = True  # type: ignore[attr-defined]
    return view


def gives_words_back[**P](
    view: Callable[Concatenate[MemberRequest, P], HttpResponse],
) -> Callable[Concatenate[MemberRequest, P], HttpResponse]:
    """For forms with words: where the place that they were written for is not there any more, they are shown again.

    In the same way where there never was one, so that the page tells nothing of what became of it.
    """

    @wraps(view)
    def giving(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            title, body = (request.POST.get(name, "")[:GIVEN_BACK] for name in ("title", "body"))
            if not body.strip():
                raise
            context = {"written_title": title, "written": body}
            return render(request, "forums/words_back.html", context, status=404)

    return giving


def is_findable(request: ReaderRequest, board: Board) -> bool:
    """Whether search engines may show pages of `board`: only those that an administrator opened to everyone."""
    return board.audience == Board.Audience.EVERYONE and not is_member(request)


def let_be_found(response: HttpResponse) -> HttpResponse:
    """Search engines may show this page. Every other page says that they may not."""
    response.headers["X-Robots-Tag"] = "all"
    return response


def page_address(thread: Thread, page: int, *, shown: bool = False) -> str:
    """`shown`: what is folded for this visitor stays open."""
    asked = ([f"page={page}"] if page > 1 else []) + (["show=1"] if shown else [])
    return thread.get_absolute_url() + ("?" + "&".join(asked) if asked else "")


def pager(thread: Thread, window: access.Window, *, shown: bool = False) -> dict[str, str | None]:
    """Addresses for components/pager.html, each named `pages_…`."""

    def at_page(page: int) -> str:
        return page_address(thread, page, shown=shown)

    return {
        "pages_first": at_page(1),
        "pages_prev": at_page(window.page - 1) if window.page > 1 else None,
        "pages_next": at_page(window.page + 1) if not window.is_last else None,
        # Where visitors opened a fold, only pages keep it open.
        "pages_last": at_page(access.page_of(thread.last_number)) if shown else address("newest", thread.public_id),
        "pages_label": _span(window.first, window.ends) if window.ends else "",
    }


def _span(first: int, last: int) -> str:
    if first == last:
        return _("Post %(number)s") % {"number": first}
    return _("Posts %(first)s to %(last)s") % {"first": first, "last": last}


def post_address(thread: Thread, number: int) -> str:
    """Where post `number` is read: its window of the thread, and the post in it."""
    return f"{page_address(thread, access.page_of(number))}#post-{number}"


def at(post: Post) -> str:
    """The tag of a message that belongs to `post`: whoever is led there by the address reads it there."""
    return str(post.public_id)


def messages_at(
    request: HttpRequest, posts: Sequence[access.PostRow]
) -> tuple[Mapping[int, Sequence[Message]], Sequence[Message]]:
    """The messages that belong to one of `posts`, by its number, and those that stand above the page as ever."""
    numbers = {str(post.public_id): post.number for post in posts}
    placed: dict[int, list[Message]] = {}
    above: list[Message] = []
    for message in get_messages(request):
        number = numbers.get(message.extra_tags or "")
        (above if number is None else placed.setdefault(number, [])).append(message)
    return placed, above


def come_back(request: HttpRequest, otherwise: str) -> str:
    """Where a form wants to go on afterwards, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else otherwise
