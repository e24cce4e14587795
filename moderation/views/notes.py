"""What moderators tell each other about a case."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core import unsent
from members.requests import MemberRequest
from moderation import access
from moderation.forms.desk import NoteForm
from moderation.services import claims, notes
from moderation.views.cases import case_page, decision_form


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def add(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """By GET, after signing in again, back to the case with the words that were sent here."""
    access.check_moderator(request.user)
    if request.method == "GET":
        return redirect(reverse("case", args=[public_id]) + "#notes")
    found = access.get_case(request.user, public_id)
    claims.renew(moderator=request.user, case=found)
    form = NoteForm(request.POST)
    if not form.is_valid():
        file = access.get_file(request.user, public_id)
        return case_page(request, file, decision_form(request, file), status=422, note_form=form)
    note = notes.add_note(author=request.user, case=found, words=form.cleaned_data["words"])
    return redirect(reverse("case", args=[public_id]) + f"#note-{note.pk}")
