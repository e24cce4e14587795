"""What a moderator wrote to a member, on a page of its own, with help first."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import unsent
from members.requests import MemberRequest
from moderation import access
from moderation.forms.crisis import AnswerForm
from moderation.models import StaffMessage
from moderation.services import messages as words


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def message(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = access.get_message_for(request.user, public_id)
    if request.method == "GET":
        return _page(request, found, AnswerForm(initial=unsent.take(request)))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    if words.answer(member=request.user, message=found, text=form.cleaned_data["text"]):
        messages.success(request, _("Thank you for answering. A moderator reads it now."))
        return redirect("staff_message", public_id)
    form.add_error(None, _("You had answered already, so this was not sent. Your words are still below."))
    return _page(request, access.get_message_for(request.user, public_id), form, status=409)


def _page(request: MemberRequest, found: StaffMessage, form: AnswerForm, status: int = 200) -> HttpResponse:
    context = {"message": found, "form": form, "answering": found.answered_at is None or form.is_bound}
    return render(request, "moderation/message.html", context, status=status)
