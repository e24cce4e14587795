"""A page of the library away from its place: on paper, in large letters, or in a file that needs no connection."""

import re
from html import escape
from pathlib import Path

import nh3
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from resources.models import ArticlePage

# What the templates of all kinds of pages have around their words.
_WORDS = re.compile(r"<article\b[^>]*\bclass=\"[^\"]*\barticle\b[^\"]*\"[^>]*>(.*)</article>", re.DOTALL)
_PICTURE = re.compile(r"<img\b[^>]*>")
_ALT = re.compile(r"\balt=(?:\"([^\"]*)\"|'([^']*)')")
_HREF = re.compile(r'href="/(?!/)')
_TAGS = {
    "h1", "h2", "h3", "h4", "p", "br", "em", "strong", "b", "i", "ul", "ol", "li", "blockquote", "a", "dl", "dt", "dd",
    "section", "header", "details", "summary", "figure", "figcaption", "time", "cite", "div", "span", "hr", "table",
    "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_GONE = {"script", "style", "form", "button", "video", "audio", "iframe", "svg", "template", "nav"}


def words_of(article: ArticlePage, request: HttpRequest) -> SafeString:
    """The page from its heading to its sources, as its own template writes it."""
    context = article.get_context(request) | {"plain": True}
    html = render_to_string(article.get_template(request), context, request)
    found = _WORDS.search(html)
    return mark_safe(found[1] if found else "")  # noqa: S308 - made by the page's own template


def to_take_along(article: ArticlePage, request: HttpRequest) -> SafeString:
    """The same without anything that would load or send something; a picture is told in its words."""
    html = _PICTURE.sub(_told, words_of(article, request))
    clean = nh3.clean(
        html, tags=_TAGS, clean_content_tags=_GONE, attributes={"a": {"href"}, "*": {"lang", "dir"}},
        url_schemes={"http", "https", "tel", "sms", "mailto"}, link_rel=None,
    )  # fmt: skip
    return mark_safe(_HREF.sub(f'href="{escape(absolute("/"))}', clean))  # noqa: S308 - cleaned one line above


def _told(picture: re.Match[str]) -> str:
    alt = _ALT.search(picture[0])
    words = (alt[1] or alt[2] or "") if alt else ""
    return f"<p>{escape(_('Picture:'))} {words}</p>" if words else ""


def absolute(path: str) -> str:
    return str(settings.SITE_URL).rstrip("/") + path


def style() -> SafeString:
    """Written into the file, because beside it there is nothing."""
    found = finders.find("css/copy.css") or str(Path(settings.STATIC_ROOT) / "css/copy.css")
    return mark_safe(f"<style>{Path(found).read_text(encoding='utf-8')}</style>")  # noqa: S308 - a file of ours
