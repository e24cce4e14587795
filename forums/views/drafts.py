from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import pace, unsent
from core.ahead import finds_first
from core.tokens import page_token
from forums import access, composing
from forums.forms import PostingForm, ReplyForm, ThreadForm
from forums.models import Board, Thread
from forums.services import drafts, waiting
from forums.views.shared import post_address
from forums.views.writing import SAVES_AN_HOUR
from members.requests import MemberRequest


@require_GET
def index(request: MemberRequest) -> HttpResponse:
    page = access.drafts_page(request.user, request.GET.get("after"))
    rows = composing.draft_rows(request.user, page.items)
    return render(request, "forums/drafts.html", {"rows": rows, "page": page})


@require_GET
def draft(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The words of one draft, to read and to copy; also when what they were written for is not there any more."""
    found = access.get_draft_for(request.user, public_id)
    row = composing.draft_row(request.user, found)
    context = {"draft": found, "row": row, "crumbs": [(_("Drafts"), reverse("drafts"))]}
    return render(request, "forums/draft.html", context)


@require_POST
def delete(request: MemberRequest, public_id: UUID) -> HttpResponse:
    if drafts.delete_draft(draft=access.get_draft_for(request.user, public_id)):
        messages.success(request, _("The draft is deleted."))
    return redirect("drafts")


# --- what static/js/draft.js asks while somebody types


@require_POST
@finds_first
def save_reply(request: MemberRequest, public_id: UUID) -> JsonResponse:
    # A page that was open while its thread was joined to another one says the numbers from before.
    thread, raised = access.get_standing_thread_for(request.user, public_id)
    form = ReplyForm(request.POST).where_joined(raised)
    answer, status = _save(request, thread, form)
    waiting.keep(member=request.user, thread=thread)
    if form.last_seen is not None and (newer := access.others_since(request.user, thread, form.last_seen)):
        answer |= {"newer": True, "newer_at": post_address(thread, newer[0])}
    return JsonResponse(answer, status=status)


@require_POST
def save_thread(request: MemberRequest, slug: str) -> JsonResponse:
    answer, status = _save(request, access.get_board_for(request.user, slug), ThreadForm(request.POST))
    return JsonResponse(answer, status=status)


def _save(request: MemberRequest, place: Thread | Board, form: PostingForm) -> tuple[dict[str, Any], int]:
    """What became of it, and the status that goes with that."""
    if unsent.is_by_another(request):
        return {"other": True}, 409
    if not pace.within("draft", request.user.pk, limit=SAVES_AN_HOUR):
        return {"later": True}, 429
    try:
        saved = drafts.save_draft(member=request.user, place=place, **form.begun)
    except drafts.StaleDraftError as error:
        newer = error.newer
        return {"stale": True, "sequence": newer.sequence, "fields": {**newer.fields, "body": newer.body}}, 409
    except drafts.PostedAlreadyError:
        # Whoever writes on in that form writes something new.
        return {"posted": True, "sequence": 0, "submission": str(uuid4())}, 200
    except drafts.CannotKeepError as error:
        return {"problem": str(error)}, 422
    at = date_format(localtime(saved.at), "H:i e") if saved.at else None
    return {"sequence": saved.sequence, "saved": at, "newer": False}, 200


@require_GET
def who(request: MemberRequest) -> JsonResponse:
    """Who is signed in, without a name, and a fresh token: for a page that was open while somebody signed in again."""
    return JsonResponse({"writer": unsent.writer_of(request), "token": page_token(request)})
