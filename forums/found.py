"""What a search found as finished HTML, from stencils (core.stencils): nothing of a hit or a reader is kept."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.template.defaultfilters import date
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core import notes
from core.addresses import address
from core.stencils import Stencils
from forums import access
from forums.access import Hit
from forums.forms.search import SearchForm
from forums.models import Board
from forums.rows import is_folded
from members.models import Member
from resources.access.library import ArticleRow

_HITS = Stencils(
    lambda hit: render_to_string("components/search_hit.html", {"hit": hit, "level": "h3"}),
    kept=300,
)
_ARTICLES = Stencils(
    lambda article: render_to_string("components/article_card.html", {"article": article, "level": "h3"}),
    kept=50,
)
_FORMS = Stencils(lambda asked: form_fields(_form(asked)), kept=50)
_ASKED = ("board", "support", "since", "mine")


@dataclass(frozen=True, slots=True)
class Here:
    """Where a reader's clock and language are. Asked once a page."""

    zone: dt.tzinfo = field(default_factory=timezone.get_current_timezone)
    language: str | None = field(default_factory=get_language)


def hits(member: Member, found: Sequence[Hit]) -> SafeString:
    here = Here()
    return mark_safe("".join([_hit(member, hit, here) for hit in found]))  # noqa: S308 - finished HTML


def _hit(member: Member, hit: Hit, here: Here) -> SafeString:
    written, written_iso = _day(hit.written_at, here.zone, here.language)
    return _HITS.fill(
        {
            "is_opening": hit.number == 1,
            "support_type": hit.support_type.value,
            "support_label": str(hit.support_type.label),
            "notes": tuple(map(str, notes.labels(hit.touched))),
            "kept_line": hit.kept.line,
            "folded": bool(hit.kept) or is_folded(hit.touched, member, own=hit.in_own_thread),
            "is_disguised": hit.author.is_disguised,
        },
        {
            "url": address("post", hit.public_id),
            "title": hit.title,
            "number": hit.number,
            "passage": marked(hit.passage),
            "author_name": hit.author.name,
            "board_title": hit.board_title,
            "written": written,
            "written_iso": written_iso,
        },
        language=here.language,
    )


@functools.lru_cache(maxsize=2048)
def _day(moment: dt.datetime, zone: dt.tzinfo, _language: str | None) -> tuple[str, str]:
    """By the reader's clock, for people and for machines."""
    local = timezone.localtime(moment, zone)
    return date(local, "j F Y"), date(local, "c")


def marked(passage: str) -> SafeString:
    """The passage as HTML: members' words escaped first, then what was found put between marks."""
    html = escape(passage).replace(access.MARK_START, "<mark>").replace(access.MARK_STOP, "</mark>")
    return mark_safe(html)  # noqa: S308 - escaped above; the marks are taken out of members' words by the query


def articles(found: Sequence[ArticleRow]) -> list[SafeString]:
    """The card of each page of the library."""
    return [
        _ARTICLES.fill(
            {
                "kind": article.kind,
                "is_retired": article.is_retired,
                "is_out_of_date": article.is_out_of_date,
                "is_unchecked": article.is_unchecked,
            },
            {"url": article.url, "title": article.title, "summary": article.summary, "takes": article.takes},
        )
        for article in found
    ]


def valid_form(form: SearchForm, boards: Sequence[Board]) -> SafeString:
    """The fields of a form in which nothing is wrong, as `form_fields` has them."""
    asked = {name: form.data.get(name, "") for name in _ASKED}
    shape = {**asked, "boards": tuple((board.slug, board.title) for board in boards)}
    return _FORMS.fill(shape, {"q": form.data.get("q", "")})


def _form(asked: Mapping[str, Any]) -> SearchForm:
    data = QueryDict(mutable=True)
    data.update({name: asked[name] for name in ("q", *_ASKED) if asked[name]})
    return SearchForm(data, boards=[Board(slug=slug, title=title) for slug, title in asked["boards"]])


def form_fields(form: SearchForm) -> SafeString:
    return render_to_string("forums/_search_fields.html", {"form": form})
