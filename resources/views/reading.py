"""What members do with a page: keep it, take it along, and tell curators about it."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pace, unsent
from members.requests import MemberRequest
from moderation.asking import AskFirstError, ToAsk, to_ask
from resources import whole
from resources.access import library as access
from resources.access import reading
from resources.before_posting import Before, before_posting, while_writing
from resources.country import chosen, remember
from resources.forms.reading import CorrectionForm, OpinionForm
from resources.helplines import Country, countries
from resources.models import ArticlePage, Remark
from resources.services import remarks, saving
from resources.views.asking import REACHED_OUT

REMARKS_AN_HOUR = 30
# Each is as much work as some dozens of pages.
COPIES_AN_HOUR = 10
_TOO_MANY = gettext_lazy("That was a lot in one hour. Your words are still here; you could send them later.")


@require_POST
def save(request: MemberRequest, slug: str) -> HttpResponse:
    article = access.get_article(slug)
    if "forget" in request.POST:
        saving.forget_article(member=request.user, page_id=article.pk)
        messages.success(request, _("It is no longer saved."))
    else:
        saving.save_article(member=request.user, article=article)
        messages.success(request, _("Saved. You find it under “Saved” whenever you like; nobody else sees it."))
    return redirect(access.address(article.slug))


@require_safe
def saved(request: MemberRequest) -> HttpResponse:
    page = reading.saved_page(request.user, request.GET.get("after"))
    return render(request, "resources/saved.html", {"page": page})


@require_POST
def forget(request: MemberRequest, page_id: int) -> HttpResponse:
    saving.forget_article(member=request.user, page_id=page_id)
    messages.success(request, _("It is no longer saved."))
    return redirect("saved")


@require_safe
def copy(request: MemberRequest) -> HttpResponse:
    """All that is saved in one file that needs no connection. It is made now, kept nowhere, and cached by nobody."""
    if not pace.within("copy", request.user.pk, limit=COPIES_AN_HOUR):
        messages.info(request, _("You made several copies in this hour. The last one is still good; try again later."))
        return redirect("saved")
    articles = reading.saved_for_copy(request.user)
    if not articles:
        messages.info(request, _("Nothing is saved yet, so there is nothing to take along."))
        return redirect("saved")
    context = {
        "articles": [(article, whole.to_take_along(article, request)) for article in articles],
        "country": chosen(request),
        "style": whole.style(),
        "help_url": whole.absolute("/help-now/"),
        "made_on": timezone.localdate(),
    }
    # Nothing in its name says what it is about.
    headers = {"Content-Disposition": 'attachment; filename="reading.html"'}
    return HttpResponse(render_to_string("resources/copy.html", context), headers=headers)


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def opinion(request: MemberRequest, slug: str) -> HttpResponse:
    """Whether it helped: one press is enough, and words are welcome."""
    article = access.get_article(slug)
    said = reading.opinion_of(request.user, article)
    if request.method != "POST":
        initial = {"kind": said.kind, "words": said.text} if said else {"kind": Remark.Kind.HELPED}
        return _opinion_page(request, article, OpinionForm(initial=initial | unsent.take(request)), said)
    if "take_back" in request.POST:
        remarks.take_back_opinion(member=request.user, article=article)
        messages.success(request, _("What you said about this page is taken back."))
        return redirect(access.address(article.slug))
    form = OpinionForm(request.POST)
    if "show_lines" in request.POST:
        return _show_lines(request, form, lambda before: _opinion_page(request, article, form, said, before=before))
    if not pace.within("remark", request.user.pk, limit=REMARKS_AN_HOUR):
        form.add_error(None, _TOO_MANY)
        return _opinion_page(request, article, form, said, status=429)
    if not form.is_valid():
        return _opinion_page(request, article, form, said, status=422)
    return _give_opinion(request, article, form, said)


def _give_opinion(request: MemberRequest, article: ArticlePage, form: OpinionForm, said: Remark | None) -> HttpResponse:
    words = form.cleaned_data["words"] if "words" in request.POST else None
    try:
        remarks.give_opinion(
            member=request.user,
            article=article,
            helped=form.cleaned_data["kind"] == Remark.Kind.HELPED,
            words=words,
            **_answered(request, form),
        )
    except AskFirstError as error:
        form.ask_about(error.to_ask.marks)
        return _opinion_page(request, article, form, said, 409, before=_before(error.to_ask, chosen(request)))
    if words is None:
        messages.success(request, _("The curators will see it, without your name. Nobody else does."))
        return redirect("article_opinion", article.slug)
    messages.success(request, _("Thank you. The curators read it, without your name."))
    _say_who_comes(request)
    return redirect(access.address(article.slug))


def _opinion_page(
    request: MemberRequest,
    article: ArticlePage,
    form: OpinionForm,
    said: Remark | None,
    status: int = 200,
    *,
    before: Before | None = None,
) -> HttpResponse:
    context = {"page": article, "url": access.address(article.slug), "form": form, "said": said, "before": before}
    return _private(render(request, "resources/opinion.html", context, status=status))


@unsent.keeps_words
@require_http_methods(["GET", "POST"])
def correction(request: MemberRequest, slug: str) -> HttpResponse:
    article = access.get_article(slug)
    if request.method != "POST":
        initial = {"submission": uuid.uuid4()} | unsent.take(request)
        return _correction_page(request, article, CorrectionForm(initial=initial))
    form = CorrectionForm(request.POST)
    if "show_lines" in request.POST:
        return _show_lines(request, form, lambda before: _correction_page(request, article, form, before=before))
    if not pace.within("remark", request.user.pk, limit=REMARKS_AN_HOUR):
        form.add_error(None, _TOO_MANY)
        return _correction_page(request, article, form, status=429)
    if not form.is_valid():
        return _correction_page(request, article, form, status=422)
    try:
        remarks.suggest_correction(
            member=request.user,
            article=article,
            words=form.cleaned_data["words"],
            submission=form.cleaned_data["submission"],
            **_answered(request, form),
        )
    except AskFirstError as error:
        form.ask_about(error.to_ask.marks)
        return _correction_page(request, article, form, 409, before=_before(error.to_ask, chosen(request)))
    messages.success(request, _("Thank you. A curator looks at it, and may answer you here."))
    _say_who_comes(request)
    return redirect("article_correction", slug)


def _correction_page(
    request: MemberRequest,
    article: ArticlePage,
    form: CorrectionForm,
    status: int = 200,
    *,
    before: Before | None = None,
) -> HttpResponse:
    told = reading.corrections_of(request.user, article)
    context = {"page": article, "url": access.address(article.slug), "form": form, "told": told, "before": before}
    return _private(render(request, "resources/correction.html", context, status=status))


# --- where there is danger in the words


def _answered(request: MemberRequest, form: OpinionForm | CorrectionForm) -> dict[str, Any]:
    """What the writer was asked about, and whether they would like a moderator to write to them."""
    return {"asked": form.was_asked, "reach_out": "reach_out" in request.POST}


def _before(found: ToAsk, country: Country | None) -> Before:
    """Nothing is held, because nobody but curators reads it."""
    return replace(before_posting(found, country, reach_only=False), held="", about_others=False)


def _show_lines(
    request: MemberRequest, form: OpinionForm | CorrectionForm, page: Callable[[Before], HttpResponse]
) -> HttpResponse:
    """The same with the lines of the country that was chosen just now, which the browser remembers."""
    country = countries().get(request.POST.get("country", "")) or chosen(request)
    found = to_ask(remarks.screen(form.typed), form.typed, ())
    form.ask_about(found.marks if found else ())
    response = page(_before(found, country) if found else while_writing(country))
    if country:
        remember(response, country)
    return response


def _say_who_comes(request: MemberRequest) -> None:
    if "reach_out" in request.POST:
        messages.info(request, REACHED_OUT)


def _private(response: HttpResponse) -> HttpResponse:
    """These addresses stand among those that search engines find."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
