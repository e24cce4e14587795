from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import pace
from core.addresses import fixed
from forums import access, found, shell
from forums.forms.search import SearchForm
from forums.models import Board
from members.requests import MemberRequest
from resources.access import library

# More than a person asks, far less than a script.
SEARCHES_A_MINUTE = 40
# Beside what members wrote, and apart from it.
ARTICLES = 3

PAGE = shell.stencils("forums/search.html")


@require_safe
def search(request: MemberRequest) -> HttpResponse:
    """What is looked for stands in the address only: not in the page's title, and in no log of ours."""
    boards = access.boards_for(request.user)
    form = SearchForm(request.GET, boards=boards)
    if form.is_empty and form.is_valid():
        return _form_alone(request, form)
    if not pace.within("search", request.user.pk, limit=SEARCHES_A_MINUTE, seconds=60):
        form.too_many()
        return _form_alone(request, form, status=429)
    if not form.is_valid():
        return _form_alone(request, form, status=422)
    return _results(request, form, boards)


def _form_alone(request: MemberRequest, form: SearchForm, status: int = 200) -> HttpResponse:
    return render(request, "forums/search.html", {"fields": found.form_fields(form)}, status=status)


def _results(request: MemberRequest, form: SearchForm, boards: Sequence[Board]) -> HttpResponse:
    query = form.search_query()
    results = access.find_posts(request.user, query, request.GET.get("after"))
    page, typed = results.page, form.cleaned_data["q"]
    asked = {"q": results.instead or typed}
    kept = {name: form.data[name] for name in ("board", "support", "since", "mine") if form.data.get(name)}
    cards = found.articles(_articles(typed)) if page.is_first else []
    shape = {"found": True, "is_cut": query.is_cut, "by_title": results.by_title, "is_first": page.is_first}
    values: dict[str, Any] = {
        "fields": found.valid_form(form, boards),
        "typed": typed,
        "instead": results.instead or "",
        "hits": found.hits(request.user, page.items),
        "more": f"?{urlencode(asked | kept)}&after={page.next_cursor}" if page.next_cursor else "",
        "everywhere": f"?{urlencode(asked)}" if kept else "",
        "articles": cards,
        "library_url": f"{fixed('library')}?{urlencode({'q': typed})}" if cards else "",
    }
    if get_messages(request):
        return render(request, "forums/search.html", {**shape, **values})
    return shell.page(request, PAGE, shape, values)


def _articles(words: str) -> Sequence[library.ArticleRow]:
    """Pages of the library that have all the words, and are in date."""
    return library.find(words, limit=ARTICLES, only_suggested=True).rows
