from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from core import notes, pace
from forums import access
from forums.forms.search import SearchForm
from forums.rows import is_folded
from members.models import Member
from members.requests import MemberRequest
from resources.access import library

# More than a person asks, far less than a script.
SEARCHES_A_MINUTE = 40
# Beside what members wrote, and apart from it.
ARTICLES = 3


@require_safe
def search(request: MemberRequest) -> HttpResponse:
    """What is looked for stands in the address only: not in the page's title, and in no log of ours."""
    form = SearchForm(request.GET, boards=access.boards_for(request.user))
    if form.is_empty and form.is_valid():
        return _page(request, form)
    if not pace.within("search", request.user.pk, limit=SEARCHES_A_MINUTE, seconds=60):
        form.too_many()
        return _page(request, form, status=429)
    if not form.is_valid():
        return _page(request, form, status=422)
    query = form.search_query()
    found = access.find_posts(request.user, query, request.GET.get("after"))
    return _page(request, form, found=found, is_cut=query.is_cut)


def _page(
    request: MemberRequest,
    form: SearchForm,
    *,
    found: access.Found | None = None,
    is_cut: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "is_cut": is_cut}
    if found is not None:
        words = found.instead or form.cleaned_data["q"]
        kept = {name: form.data[name] for name in ("board", "support", "since", "mine") if form.data.get(name)}
        context |= {
            "found": found,
            "typed": form.cleaned_data["q"],
            "hits": [_row(request.user, hit) for hit in found.page.items],
            "keep": urlencode({"q": words} | kept) + "&",
            "articles": _articles(form.cleaned_data["q"]) if found.page.is_first else (),
            "everywhere": f"?{urlencode({'q': words})}" if kept else "",
        }
    return render(request, "forums/search.html", context, status=status)


def _articles(words: str) -> Sequence[library.ArticleRow]:
    """Pages of the library that have all the words, and are in date."""
    return library.find(words, limit=ARTICLES, only_suggested=True).rows


def _row(member: Member, hit: access.Hit) -> dict[str, Any]:
    """A hit for components/search_hit.html."""
    return {
        "url": reverse("post", args=[hit.public_id]),
        "title": hit.title,
        "number": hit.number,
        "support_type": hit.support_type.value,
        "support_label": hit.support_type.label,
        "notes": notes.labels(hit.touched),
        "kept_line": hit.kept.line,
        "folded": bool(hit.kept) or is_folded(hit.touched, member, own=hit.in_own_thread),
        "passage": marked(hit.passage),
        "author_name": hit.author.name,
        "is_disguised": hit.author.is_disguised,
        "board_title": hit.board_title,
        "written_at": hit.written_at,
    }


def marked(passage: str) -> SafeString:
    """The passage as HTML: members' words escaped first, then what was found put between marks."""
    html = escape(passage).replace(access.MARK_START, "<mark>").replace(access.MARK_STOP, "</mark>")
    return mark_safe(html)  # noqa: S308 - escaped above; the marks are taken out of members' words by the query
