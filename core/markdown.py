"""Members' words as safe HTML.

markdown-it-py turns CommonMark into HTML with raw HTML and images switched off; nh3 then keeps only the
tags below. Nothing that is not text leaves this module: no embeds, no remote images, no ids, no classes.

What the slowest texts cost, and why pasted addresses have a rule of our own: docs/decisions/words-as-html.md.
"""

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from html import unescape
from typing import Any

import nh3
from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

LINK_REL = "nofollow ugc noopener"
TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "hr", "a", "h3", "h4"}
URL_SCHEMES = {"http", "https", "mailto"}

# An address as people paste it: up to a space, or to what stands around addresses and in none of them. What ends a
# sentence or a pair of brackets around it is not a part of it.
_BARE_ADDRESS = re.compile(r"://[^\W_][^\s<>\"`\[\]{}|\\^“”„«»‹›（）。、，「」]*")
_SCHEME_BEFORE = re.compile(r"(?:^|\W)(https?)$", re.IGNORECASE)
_AFTER_ADDRESSES = frozenset(".,;:!?'’‘*_~…！？")
ADDRESS_MAX = 2000

# Bounds the work of a post made of brackets or quotes only.
MAX_NESTING = 20
# How much one post may ask of the parser, in rules tried: 20,000 characters of prose take 8,000 to 22,000. Some texts
# made to be slow would take millions; they are shown as they were typed.
MAX_STEPS = 28_000
ADDRESS_STEPS = 20
_STEPS = "steps"

# Paragraphs of which the parser makes nothing but paragraphs, and in which nh3 finds nothing: lines that begin with a
# letter or an opening mark and end without a space, of characters that are markup nowhere. Short enough to stay below
# MAX_STEPS.
_PLAIN = re.compile(r"(?=[^\W\d_]|[\"'(“‘„«¿¡])(?:[^\\`*_\[\]<>&\n]|\n{1,2}(?:[^\W\d_]|[\"'(“‘„«¿¡]))+")
_PLAIN_MAX = 2500
_SPACE_AT_END = re.compile(r" (?:\n|\Z)")

_BLOCK_END = re.compile(r"<(?:br|hr|/p|/li|/pre|/h\d)>")
_SPACE = re.compile(r"\s")
_SOMETHING_TO_READ = re.compile(r"(?:^|>)[^<]*[^<\s]")


class _TooMuchError(Exception):
    """The text asks for more steps than a post may take."""


def _spend(env: MutableMapping[str, Any], steps: int) -> None:
    env[_STEPS] = env.get(_STEPS, 0) + steps
    if env[_STEPS] > MAX_STEPS:
        raise _TooMuchError


def _bare_address(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
    """A rule of the parser: http:// and https:// typed out make a link, as in angle brackets. Nothing is guessed.

    Tried at a colon, with the scheme waiting as text before it; not inside another link's words.
    """
    if silent or state.linkLevel > 0 or state.src[state.pos] != ":":
        return False
    scheme = _SCHEME_BEFORE.search(state.pending[-6:])
    found = _BARE_ADDRESS.match(state.src, state.pos, min(state.posMax, state.pos + ADDRESS_MAX + 1))
    if scheme is None or found is None:
        return False
    _spend(state.env, ADDRESS_STEPS)
    rest = _without_what_follows(found.group())
    href = state.md.normalizeLink(scheme[1] + rest)
    if len(rest) > ADDRESS_MAX or not state.md.validateLink(href):
        return False
    state.pending = state.pending[: -len(scheme[1])]
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = scheme[1] + rest
    state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True


def _without_what_follows(address: str) -> str:
    surplus = address.count(")") - address.count("(")
    end = len(address)
    while address[end - 1] in _AFTER_ADDRESSES or (address[end - 1] == ")" and surplus > 0):
        surplus -= address[end - 1] == ")"
        end -= 1
    return address[:end]


def _bounded(parser: MarkdownIt) -> MarkdownIt:
    """Count the steps of `parser`, a rule tried being one; the weights follow what the parts cost in time."""
    for block_rule in parser.block.ruler.__rules__:
        block_rule.fn = _counted_block(block_rule.fn)
    for inline_rule in parser.inline.ruler.__rules__:
        count = _counted_link if inline_rule.name == "link" else _counted_inline
        inline_rule.fn = count(inline_rule.fn)
    for second_rule in parser.inline.ruler2.__rules__:
        second_rule.fn = _counted_second(second_rule.fn)
    skip = parser.inline.skipToken

    def counted_skip(state: StateInline) -> None:
        _spend(state.env, 1)
        skip(state)

    parser.inline.skipToken = counted_skip  # type: ignore[method-assign]
    return parser


def _counted_block(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    def counted(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
        _spend(state.env, 1)
        before = len(state.tokens)
        matched = rule(state, start, end, silent)
        if matched:
            _spend(state.env, 4 + (len(state.tokens) - before) // 2)
        return matched

    return counted


def _counted_inline(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def counted(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
        _spend(state.env, 1)
        matched = rule(state, silent)
        if matched:
            _spend(state.env, ADDRESS_STEPS if state.src[state.pos - 1] == ">" else 1)  # one in angle brackets
        return matched

    return counted


def _counted_link(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Every opening bracket may have the parser read on to the end of the word, in vain."""

    def counted(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
        _spend(state.env, 1)
        if state.src[state.pos] == "[":
            end = _SPACE.search(state.src, state.pos)
            _spend(state.env, 12 + ((end.start() if end else len(state.src)) - state.pos) // 16)
        return rule(state, silent)

    return counted


def _counted_second(rule: Callable[[StateInline], None]) -> Callable[[StateInline], None]:
    """Emphasis is paired once a paragraph has been read."""

    def counted(state: StateInline) -> None:
        _spend(state.env, len(state.delimiters) + len(state.tokens) // 2)
        rule(state)

    return counted


def _posts_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": MAX_NESTING}).disable(
        ["image", "html_block", "html_inline", "heading", "lheading", "reference"]
    )
    parser.inline.ruler.after("text", "bare_address", _bare_address)
    return _bounded(parser)


_parser = _posts_parser()
_article_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).disable(
    ["image", "html_block", "html_inline"]
)


def render(body: str) -> str:
    """`body` (CommonMark) as sanitised HTML. Headings stay plain text: a post may not shout over its page.

    The work is bounded, whatever is typed: beyond MAX_STEPS the words stand as they are. What has no markup in it, as
    most of what people write, is not parsed.
    """
    return _paragraphs(body) if _is_plain(body) else _rendered(body)


def _is_plain(body: str) -> bool:
    return (
        len(body) <= _PLAIN_MAX
        and _PLAIN.fullmatch(body) is not None
        and "://" not in body
        and body.replace("\n", "").isprintable()
        and _SPACE_AT_END.search(body) is None
    )


def _paragraphs(body: str) -> str:
    inside = body.replace("\n\n", "</p>\0<p>").replace("\n", "<br>\n").replace("\0", "\n")
    return f"<p>{inside}</p>\n"


def _rendered(body: str) -> str:
    tokens = _parsed(body)
    if tokens is None:
        return _as_typed(body)
    html = _clean(_parser.renderer.render(tokens, _parser.options, {}), TAGS)
    # Nested too deep, markdown-it drops what is inside; and a line that only defines something shows nothing.
    too_deep = any(token.level >= MAX_NESTING - 1 for token in tokens)
    if too_deep or (body and not _SOMETHING_TO_READ.search(html)):
        return _as_typed(body)
    return html


def _parsed(body: str) -> list[Token] | None:
    """None when it would take more than MAX_STEPS."""
    try:
        return _parser.parse(body, {})
    except _TooMuchError:
        return None


def _as_typed(body: str) -> str:
    return f"<p>{escape(body)}</p>".replace("\n", "<br>")


def own_words(body: str) -> str:
    """What its author says in `body` themselves, as plain text: neither what they quote nor code."""
    tokens = _parsed(body)
    return body if tokens is None else "\n".join(_own(tokens))


def _own(tokens: Iterable[Token]) -> Iterator[str]:
    quotes = 0
    for token in tokens:
        if token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type == "inline" and not quotes:
            yield "".join(_typed(part) for part in token.children or ())


def _typed(part: Token) -> str:
    """The underscores of a name are markup to the parser."""
    if part.tag in ("em", "strong"):
        return part.markup
    return part.content if part.type == "text" else " "


def plain(html: str) -> str:
    """The words of rendered HTML in one line, also of a piece that was cut off anywhere."""
    apart = _BLOCK_END.sub(" ", html)
    return " ".join(unescape(nh3.clean(apart, tags=set())).split())


def render_article(body: str) -> str:
    """The same for vetted articles, which may carry second and third level headings."""
    return _clean(_article_parser.render(body), TAGS | {"h2"})


def _clean(html: str, tags: set[str]) -> str:
    # "*" is every tag: nh3 would leave title and lang.
    attributes: dict[str, set[str]] = {"a": {"href"}, "*": set()}
    return nh3.clean(html, tags=tags, attributes=attributes, url_schemes=URL_SCHEMES, link_rel=LINK_REL)
