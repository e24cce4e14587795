"""Members' words as safe HTML.

markdown-it-py turns CommonMark into HTML with raw HTML and images switched off; nh3 then keeps only the
tags below. Nothing that is not text leaves this module: no embeds, no remote images, no ids, no classes.
"""

import nh3
from django.utils.html import escape
from markdown_it import MarkdownIt

LINK_REL = "nofollow ugc noopener"
TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "hr", "a", "h3", "h4"}
URL_SCHEMES = {"http", "https", "mailto"}

# Bounds the work of a post made of brackets or quotes only.
MAX_NESTING = 20
_parser = MarkdownIt(
    "commonmark", {"html": False, "linkify": False, "breaks": True, "maxNesting": MAX_NESTING}
).disable(["image", "html_block", "html_inline", "heading", "lheading", "reference"])
_article_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).disable(
    ["image", "html_block", "html_inline"]
)


def render(body: str) -> str:
    """`body` (CommonMark) as sanitised HTML. Headings stay plain text: a post may not shout over its page."""
    tokens = _parser.parse(body)
    html = _clean(_parser.renderer.render(tokens, _parser.options, {}), TAGS)
    # Nested too deep, markdown-it drops what is inside; and a line that only defines something shows nothing.
    too_deep = any(token.level >= MAX_NESTING - 1 for token in tokens)
    if too_deep or (body and not nh3.clean(html, tags=set()).strip()):
        return f"<p>{escape(body)}</p>".replace("\n", "<br>")
    return html


def render_article(body: str) -> str:
    """The same for vetted articles, which may carry second and third level headings."""
    return _clean(_article_parser.render(body), TAGS | {"h2"})


def _clean(html: str, tags: set[str]) -> str:
    # "*" is every tag: nh3 would leave title and lang.
    attributes: dict[str, set[str]] = {"a": {"href"}, "*": set()}
    return nh3.clean(html, tags=tags, attributes=attributes, url_schemes=URL_SCHEMES, link_rel=LINK_REL)
