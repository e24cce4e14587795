"""Addresses that several pages lead to."""

from django.urls import reverse
from django.utils.translation import gettext as _

from forums import access
from forums.models import Board, Thread


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
