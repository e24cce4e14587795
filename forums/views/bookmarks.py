"""What members keep to find again, with notes to themselves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import unsent
from forums import access
from forums.forms.editing import NoteForm
from forums.keepsakes import bookmark_rows
from forums.models import Bookmark
from forums.services import bookmarks
from members.requests import MemberRequest


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    page = access.bookmarks_page(request.user, request.GET.get("after"))
    return render(request, "forums/bookmarks.html", {"rows": bookmark_rows(request.user, page.items), "page": page})


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def note(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The note beside the bookmark of one post, which may be gone by now."""
    found = access.get_bookmark_for(request.user, public_id)
    if request.method != "POST":
        return _note_page(request, found, NoteForm(initial={"note": found.note} | unsent.take(request)))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _note_page(request, found, form, status=422)
    bookmarks.write_note(bookmark=found, note=form.cleaned_data["note"])
    messages.success(request, _("Your note is kept."))
    return redirect("bookmarks")


def _note_page(request: MemberRequest, found: Bookmark, form: NoteForm, status: int = 200) -> HttpResponse:
    row: dict[str, Any] = {
        "id": found.pk, "post_id": found.post_id, "post__public_id": found.post.public_id, "note": found.note
    }  # fmt: skip
    context = {"row": bookmark_rows(request.user, [row])[0], "form": form}
    return render(request, "forums/bookmark.html", context, status=status)


@require_POST
def remove(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_bookmark_for(request.user, public_id)
    bookmarks.remove_bookmark(member=request.user, post=found.post)
    messages.success(request, _("The bookmark is removed."))
    return redirect("bookmarks")
