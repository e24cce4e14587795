from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.views import serve

from core import pace
from members.requests import ReaderRequest, pace_key
from resources import whole
from resources.access import library as access
from resources.forms.reading import LibraryForm
from resources.models import Kind, Need, Topic

# More than a person asks, far less than a script.
SEARCHES_A_MINUTE = 40


@login_not_required
@require_safe
def library(request: ReaderRequest) -> HttpResponse:
    """The front, a list by need, topic or kind, or what was looked for: as the address says, and it says all of it."""
    chosen = LibraryForm(request.GET).chosen()
    if chosen["words"]:
        return _found(request, chosen["words"])
    if chosen["need"] or chosen["topic"] or chosen["kind"]:
        return _list(request, need=chosen["need"], topic=chosen["topic"], kind=chosen["kind"])
    context = {"intro": access.intro(), "topics": access.front(), "needs": Need.choices, "kinds": Kind.choices}
    return render(request, "resources/index.html", context)


def _list(request: ReaderRequest, *, need: Need | None, topic: Topic | None, kind: Kind | None) -> HttpResponse:
    page = access.page_of_articles(need=need, topic=topic, kind=kind, cursor=request.GET.get("after"))
    place = {"need": need, "topic": topic}
    context: dict[str, Any] = {
        "page": page,
        "heading": (need or topic or kind or Topic.BODY).label,
        "kind": kind,
        "keep": _keep(**place, kind=kind),
        "everything": _keep(**place).rstrip("&"),
        "kinds": [(one, f"?{_keep(**place, kind=one)}".rstrip("&")) for one in Kind],
        "by_kind_only": kind is not None and need is None and topic is None,
    }
    return render(request, "resources/list.html", context)


def _keep(**chosen: str | None) -> str:
    kept = urlencode({name: str(value) for name, value in chosen.items() if value})
    return f"{kept}&" if kept else ""


def _found(request: ReaderRequest, words: str) -> HttpResponse:
    """What is looked for stands in the address only: not in the page's title, and in no log of ours."""
    if not pace.within("library-search", pace_key(request), limit=SEARCHES_A_MINUTE, seconds=60):
        return render(request, "resources/found.html", {"words": words, "too_many": True}, status=429)
    return render(request, "resources/found.html", {"words": words, "found": access.find(words)})


@login_not_required
def article(request: HttpRequest, path: str) -> HttpResponseBase:
    """A page of the library. Wagtail's own way to it asks six queries; this one asks two, and leaves to Wagtail what
    is somewhere else, or what a curator keeps from some readers."""
    found = access.whole_article(path.removesuffix("/"))
    if found is None:
        answer: HttpResponseBase = serve(request, path)
        return answer
    for hook in hooks.get_hooks("before_serve_page"):
        if isinstance(instead := hook(found, request, [], {}), HttpResponse):
            return instead
    page: HttpResponseBase = found.serve(request)
    return page


@login_not_required
@require_safe
def plain(request: HttpRequest, slug: str) -> HttpResponse:
    """A page without what is around it: to print, or in large letters."""
    article = access.get_article(slug).specific
    context = {"page": article, "words": whole.words_of(article, request), "large": request.GET.get("size") == "large"}
    response = render(request, "resources/plain.html", context)
    # The page itself is what a search engine finds.
    response.headers["X-Robots-Tag"] = "noindex"
    return response
