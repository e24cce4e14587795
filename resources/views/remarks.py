"""What readers told about the pages: for curators."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.requests import MemberRequest
from resources import curating
from resources.access import reading
from resources.forms.reading import AnswerForm
from resources.services import remarks as services


@require_safe
def remarks(request: MemberRequest) -> HttpResponse:
    """Those that nobody has read yet; with `?show=all` all of them."""
    curating.load()
    everything = request.GET.get("show") == "all"
    page = reading.remarks_page(request.user, request.GET.get("after"), only_new=not everything)
    context = {"page": page, "everything": everything, "keep": "show=all&" if everything else ""}
    return render(request, "resources/remarks.html", context)


@require_POST
def read(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A curator has read a remark, and may have answered it."""
    remark = reading.get_remark_for(request.user, public_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("The answer is too long to be sent. It is not saved; a shorter one fits."))
        return redirect("remarks")
    changed = services.mark_seen(curator=request.user, remark=remark, answer=form.cleaned_data["answer"])
    if not changed:
        messages.info(request, _("Another curator has looked at this already, so nothing was changed."))
    elif form.cleaned_data["answer"]:
        messages.success(request, _("Your answer is on its way."))
    else:
        messages.success(request, _("Marked as read."))
    return redirect("remarks")
