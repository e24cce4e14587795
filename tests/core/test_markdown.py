"""What members write is shown to people who trust the page: it may be pretty, it may not do anything."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import markdown

ALLOWED = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "hr", "a"}


def tags_in(html: str) -> set[str]:
    return set(re.findall(r"</?([a-zA-Z][\w-]*)", html))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<svg onload="alert(1)">',
        '<a href="javascript:alert(1)">here</a>',
        "[here](javascript:alert(1))",
        "[here](JaVaScRiPt:alert(1))",
        "[here](java\nscript:alert(1))",
        "[here](data:text/html;base64,PHNjcmlwdD4=)",
        "[here](vbscript:msgbox)",
        "<javascript:alert(1)>",
        '[here](https://example.org "x\\" onmouseover=\\"alert(1)")',
        "![a picture](https://example.org/tracker.png)",
        "![a picture][ref]\n\n[ref]: https://example.org/tracker.png",
        "<style>body { display: none }</style>",
        "<iframe src=https://example.org></iframe>",
        '<p style="position:fixed" id="post-1" class="btn">over everything</p>',
        "<!-- <b> --!><script>alert(1)</script>",
        "`<script>alert(1)</script>`",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_hostile_markdown_comes_out_harmless(hostile):
    html = markdown.render(hostile)
    assert tags_in(html) <= ALLOWED
    attributes = re.findall(r"<\w+\s([^>]*)>", html)
    for written in attributes:
        assert re.fullmatch(r'href="(https?:|mailto:)?[^":]*" rel="nofollow ugc noopener"', written), written


@given(st.text(alphabet="<>&\"'()[]!:/=` \n*_#abcjs", max_size=120))
def test_whatever_is_typed_only_harmless_tags_come_out(body):
    html = markdown.render(body)
    assert tags_in(html) <= ALLOWED
    assert "javascript:" not in html.lower() or "<a" not in html


def test_links_carry_no_weight_and_no_way_back():
    html = markdown.render("[a page](https://example.org/page) and [a mail](mailto:someone@example.org)")
    assert html.count('rel="nofollow ugc noopener"') == 2
    assert 'href="https://example.org/page"' in html


def test_what_people_write_with_is_kept():
    html = markdown.render("**bold** and *soft*\nnext line\n\n> quoted\n\n- one\n- two\n\n1. first\n\n`word`\n\n---")
    for wanted in ("<strong>bold</strong>", "<em>soft</em>", "<br>", "<blockquote>", "<li>one</li>", "<ol>", "<hr>"):
        assert wanted in html


def test_a_post_cannot_shout_over_its_page():
    assert "<h" not in markdown.render("# A heading\n\nAnother\n=======\n\nand\n---\n").replace("<hr>", "")


def test_an_article_may_have_headings_and_nothing_else_more():
    html = markdown.render_article(
        "## What helps\n\n### At night\n\n<script>alert(1)</script> ![x](https://example.org/x)"
    )
    assert "<h2>What helps</h2>" in html
    assert "<h3>At night</h3>" in html
    assert tags_in(html) <= ALLOWED | {"h2", "h3"}


def test_a_post_of_nothing_but_quotes_and_brackets_is_still_a_post():
    assert markdown.render(">" * 5000 + "deep")
    assert markdown.render("[" * 5000)
    assert markdown.render("*a " * 5000)
