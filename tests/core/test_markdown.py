"""What members write is shown to people who trust the page: it may be pretty, it may not do anything."""

import re

import pytest
from hypothesis import given, settings
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


_LINES = st.sampled_from(["", "a", "Ab c", "é", "1.", "- b", "***", "d.", "“e”", "  f", "g  ", "x" * 900])
_CHARACTERS = st.text(alphabet="ab é.,!?'\"()-:/#~|=+1\n\t>&*`\u00a0\u2028\u200d🙂", max_size=60)


@given(st.one_of(_CHARACTERS, st.lists(_LINES, max_size=8).map("\n".join)))
def test_words_without_markup_become_what_the_parser_makes_of_them(body):
    assert markdown.render(body) == markdown._rendered(body)


def test_most_of_what_people_write_needs_no_parser(monkeypatch):
    monkeypatch.setattr(markdown, "_rendered", None)
    html = markdown.render('It’s late (again).\n\n"Why?" – I don\'t know; 2 hours, 50 % awake…\nGood night 🙂')
    assert html == (
        '<p>It’s late (again).</p>\n<p>"Why?" – I don\'t know; 2 hours, 50 % awake…<br>\nGood night 🙂</p>\n'
    )


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


# --- addresses: plain links, no weight, nothing that runs


@pytest.mark.parametrize(
    "hostile",
    [
        "<vbscript:msgbox>",
        "<data:text/html,x>",
        "[here](<javascript:alert(1)>)",
        "[here](&#106;avascript:alert(1))",
        "[here](java\\script:alert(1))",
        "[here](%6Aavascript:alert(1))",
        "[here](\u0001javascript:alert(1))",
        "[here](file:///etc/passwd)",
        "[here](ftp://example.org)",
        "[here](tel:123)",
        "[ref]: javascript:alert(1)\n\n[ref]",
        "[![x](javascript:alert(1))](javascript:alert(2))",
    ],
)
def test_no_address_runs_or_leads_out_of_the_web(hostile):
    html = markdown.render(hostile)
    assert tags_in(html) <= ALLOWED
    # Without a scheme it is a page of ours, or of nobody.
    schemes = re.findall(r'href="([a-zA-Z][a-zA-Z0-9+.-]*):', html)
    assert set(schemes) <= {"http", "https", "mailto"}


def hrefs(body):
    return re.findall(r'href="([^"]*)"', markdown.render(body))


def test_an_address_is_a_link_in_angle_brackets_and_as_it_was_pasted():
    html = markdown.render("<https://example.org/a> and https://example.org/b")
    assert html.count('rel="nofollow ugc noopener"') == 2
    assert re.findall(r">(https[^<]*)</a>", html) == ["https://example.org/a", "https://example.org/b"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("See https://example.org/a.", "https://example.org/a"),
        ("(https://example.org/a)", "https://example.org/a"),
        ("https://example.org/a_(b)", "https://example.org/a_(b)"),
        ("(see https://example.org/a_(b))!?", "https://example.org/a_(b)"),
        ("**https://example.org/a** is *new*", "https://example.org/a"),
        ("_https://example.org/a_b_c_", "https://example.org/a_b_c"),
        ("https://example.org/*a*b", "https://example.org/*a*b"),
        ("“https://example.org/a”, she said", "https://example.org/a"),
        ("HTTP://Example.org/A?b=c#d…", "HTTP://Example.org/A?b=c#d"),
        ("> https://example.org/a\n> quoted", "https://example.org/a"),
        ("1. https://example.org:8443/~a/,b;", "https://example.org:8443/~a/,b"),
        ("https://example.org/a\nhere", "https://example.org/a"),
        ("https://例え.jp/。次", "https://xn--r8jz45g.jp/"),
    ],
)
def test_what_follows_a_pasted_address_is_no_part_of_it(typed, address):
    assert hrefs(typed) == [address]


@pytest.mark.parametrize(
    "typed",
    [
        "javascript://example.org/%0aalert(1)",
        "xhttp://example.org",
        "ftp://example.org",
        "example.org and www.example.org",
        "http:// and https://.",
        "http:/example.org",
        "http\\://example.org",
        "`https://example.org`",
        "    https://example.org",
        "someone@example.org",
        "https://" + "a" * 3_000,
    ],
)
def test_nothing_is_guessed_to_be_an_address(typed):
    assert "<a" not in markdown.render(typed)


def test_an_address_in_the_words_of_a_link_makes_no_second_link():
    assert hrefs("[https://example.org/a](https://example.org/b)") == ["https://example.org/b"]
    assert hrefs("[see https://example.org/a now](https://example.org/b).") == ["https://example.org/b"]
    assert hrefs("[here](javascript:alert(1)) https://example.org/a") == ["https://example.org/a"]
    assert hrefs("https://example.org/javascript:alert(1)") == ["https://example.org/javascript:alert(1)"]
    assert hrefs('https://example.org/"onmouseover="alert(1)') == ["https://example.org/"]
    assert hrefs("https://example.org/<script>alert(1)</script>") == ["https://example.org/"]


def test_a_picture_is_a_name_and_an_address_at_most():
    html = markdown.render("![a picture](https://example.org/x.png)")
    assert "<img" not in html
    assert "a picture" in html


def test_a_definition_is_shown_as_it_was_typed():
    assert markdown.render("[1]: example.org").strip() == "<p>[1]: example.org</p>"
    assert markdown.plain(markdown.render("[1]: https://example.org")) == "[1]: https://example.org"


# --- texts that are made to be slow


def _full(unit):
    return (unit * 20_000)[:20_000]


# Each of them took the parser many times as long as prose does, or millions of steps.
BOMBS = {
    "brackets": _full("["),
    "brackets that close far away": "[" * 10_000 + "](a)" * 2_500,
    "pictures": _full("!["),
    "references": _full("[a]["),
    "links that do not end": _full("[a](b"),
    "links with long addresses that do not end": _full("[a](b" + "c" * 300),
    "stars and brackets": _full("*["),
    "emphasis in emphasis": "**" * 4_999 + "a" + "**" * 4_999,
    "emphasis of all kinds": _full("*a **b _c __d "),
    "emphasis that does not end": _full("a**b"),
    "quotes in lists in quotes": _full("> *\n\\\n"),
    "a quote that goes on": "> " * 19 + "a\n" + _full("b\n")[:19_000],
    "quotes line by line": _full("> " * 19 + "a\n\n"),
    "quotes in quotes": _full(">"),
    "lists in lists": "".join(" " * (n % 100) + "- a\n" for n in range(400))[:20_000],
    "lists of nothing": _full("-\n"),
    "numbers": _full("1.\n\n"),
    "backticks": _full("`a"),
    "short lines": _full("a\n"),
    "addresses": _full("<http://a>"),
    "pasted addresses": _full("http://a "),
    "pasted addresses without a space": _full("http://a"),
    "pasted addresses of what has to be written otherwise": _full("http://ä" + "é" * 1_900 + " "),
    "a pasted address and many brackets": "http://a" + ")" * 19_000,
    "entities": _full("&amp;"),
    "references and what they stand for": "".join(f"[a{n}]: b\n" for n in range(900)) + _full("[a1]")[:9_000],
}


@pytest.fixture
def steps(monkeypatch):
    """What the parser spent, rule by rule, without an end to it. `steps(body)` gives the sum."""

    def count(body):
        spent = []
        monkeypatch.setattr(markdown, "_spend", lambda _env, number: spent.append(number))
        markdown._parser.parse(body, {})
        return sum(spent)

    return count


@pytest.mark.parametrize("bomb", ["brackets", "quotes line by line", "links that do not end"])
def test_these_texts_would_be_slow_without_a_bound(steps, bomb):
    assert steps(BOMBS[bomb][:4_000]) > markdown.MAX_STEPS


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_text_that_is_made_to_be_slow_costs_no_more_than_the_bound_and_stays_readable(monkeypatch, bomb):
    assert len(BOMBS[bomb]) <= 20_000
    spent = []
    spend = markdown._spend

    def counted(env, number):
        spent.append(number)
        spend(env, number)

    monkeypatch.setattr(markdown, "_spend", counted)
    html = markdown.render(BOMBS[bomb])
    # One step may be a large one; after it the parser stops.
    assert sum(spent[:-1]) <= markdown.MAX_STEPS
    assert html.startswith("<")
    assert tags_in(html) <= ALLOWED


def test_what_is_too_much_work_is_shown_as_it_was_typed():
    html = markdown.render("**words**\n" + BOMBS["brackets"][:19_000])
    assert html.startswith("<p>**words**<br>[[[")


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([*"*_[]()<>`!\\#-+ \n\t&;:a1.", "](a)", "> ", "- ", "1. ", "```\n", "<http://a>"]), max_size=12
    )
)
def test_no_unit_however_often_it_is_repeated_goes_past_the_bound(unit):
    body = _full("".join(unit)) if unit else ""
    html = markdown.render(body)
    assert tags_in(html) <= ALLOWED


@pytest.mark.parametrize(
    "ordinary",
    [
        "I slept four hours. It is *odd* how loud a house is. See [this](https://example.org/a?b=c), **really**.\n\n",
        "you wrote that it was loud\nand that it does not stop\n\n> it is loud\n\nYes. Me too.\n\n",
        "- one thing\n- another thing that is longer than the first one was\n",
        "今日はとても疲れました。でも少し話せてよかった。\n\n",
        "اليوم كان صعبا جدا ولكنني هنا.\n\n",
    ],
)
def test_the_longest_post_of_ordinary_words_is_far_from_the_bound(steps, ordinary):
    assert steps(_full(ordinary)) < markdown.MAX_STEPS * 0.8


# --- what an author says themselves


def test_own_words_are_those_outside_quotes_and_code():
    body = "Mine *too*.\n\n> theirs\n> > and theirs\n\n- mine `code` again\n\n```\ncode\n```\n\n    code\n"
    assert markdown.own_words(body).split() == ["Mine", "*too*.", "mine", "again"]


def test_plain_words_of_html_are_one_line_also_where_it_was_cut_off():
    html = markdown.render("**One** & <two>\nthree\n\n- four\n- [five](https://example.org)")
    assert markdown.plain(html) == "One & <two> three four five"
    for end in range(len(html)):
        assert "<a" not in markdown.plain(html[:end])
