"""Pages that are kept finished: given out again in the same words, with what is each reader's own put in."""

from collections.abc import Callable
from secrets import token_hex
from uuid import UUID, uuid4

import pytest
from django.test import override_settings
from django.utils.safestring import mark_safe

from core.deflated import plain
from core.finished import Finished, FinishedPart, Values


@pytest.fixture(autouse=True)
def finished_pages_say_what_they_would_say_now():
    """Here pages count how often they are made."""


class Page:
    """Says what it is given, and how often it was asked."""

    def __init__(self, words: str = "") -> None:
        self.words, self.made = words, 0

    def __call__(self, given: Values) -> str:
        self.made += 1
        name, avatar, form = map(str, given.values())
        greeting = f"Hello {name}, " if name else "Hello, "
        return f"<p>{greeting}{self.words} {avatar} {name} {form}</p>"


def said(kept: Finished, made_from: str | tuple[str, int], values: Values, make: Callable[[Values], str]) -> str:
    return plain(kept.fill(made_from, values, make)).decode()


def given(name: str, avatar: int = 7, form: UUID | None = None) -> dict[str, str | int | UUID | None]:
    return {"name": name, "avatar": avatar, "form": form}


def test_a_page_is_made_once_and_filled_in_for_each_reader():
    kept, page, form = Finished(most=10_000), Page("words"), uuid4()
    assert said(kept, "a", given("<ivy>", 3, form), page) == f"<p>Hello &lt;ivy&gt;, words 3 &lt;ivy&gt; {form}</p>"
    assert said(kept, "a", given(mark_safe("<b>"), 12, form), page) == f"<p>Hello <b>, words 12 <b> {form}</p>"
    assert page.made == 1


def test_what_it_is_made_from_is_another_page():
    kept = Finished(most=10_000)
    assert "one" in said(kept, ("thread", 1), given("ivy"), Page("one"))
    assert "two" in said(kept, ("thread", 2), given("ivy"), Page("two"))
    assert "one" in said(kept, ("thread", 1), given("ivy"), Page("three"))


def test_a_page_that_decides_by_an_empty_value_is_another_page():
    kept, page = Finished(most=10_000), Page()
    kept.fill("a", given("ivy"), page)
    assert said(kept, "a", given(""), page).startswith("<p>Hello, ")
    assert page.made == 2


def test_words_on_a_page_are_never_taken_for_a_hole():
    """What somebody could try who knows how holes are marked: no two pages mark them alike."""
    kept, seen = Finished(most=10_000), []

    def page(values: Values) -> str:
        seen.append(str(values["name"]))
        return f"{seen[-1]} says {' '.join(seen[:-1])}"

    kept.fill("a", given("ivy"), page)
    marks = str(seen[0])
    assert said(kept, "b", given("ivy"), page) == f"ivy says {marks}"


def test_html_from_another_one_is_put_in_as_it_is():
    kept = Finished(most=10_000)
    posts = "<p>“Ünlit”</p>".encode()
    assert said(kept, "a", {"posts": posts}, lambda marked: f"<div>{marked['posts']!s}</div>") == (
        "<div><p>“Ünlit”</p></div>"
    )


def test_a_part_is_made_once_and_goes_out_packed_with_the_word_in_it():
    parts, made = FinishedPart(most=10_000), list[str]()

    def part(word: str) -> str:
        made.append(word)
        return "".join(f"<form>{word}</form><p>“{nth}”</p>" for nth in range(30))

    first, second = parts.fill("a", "a" * 64, part), parts.fill("a", "b" * 64, part)
    assert (first.plain().decode(), second.plain().decode()) == (part("a" * 64), part("b" * 64))
    assert len([word for word in made if word not in ("a" * 64, "b" * 64)]) == 1
    kept = Finished(most=10_000)
    page = kept.fill(
        "a", {"name": "ivy", "posts": second}, lambda given: "<p>" + "".join(map(str, given.values())) + "</p>"
    )
    assert page == [b"<p>ivy", second, b"</p>"]


def test_a_part_without_a_word_is_made_once():
    parts, made = FinishedPart(most=10_000), list[str]()

    def part(word: str) -> str:
        made.append(word)
        return "<p>It is odd how loud a house is at three.</p>"

    assert parts.fill("a", "", part).plain() == parts.fill("a", "", part).plain() == part("").encode()
    assert len(made) == 2


def test_a_part_with_a_word_of_another_length_is_another_part():
    parts = FinishedPart(most=10_000)
    assert parts.fill("a", "a" * 64, str).plain() == b"a" * 64
    assert parts.fill("a", "a" * 40, str).plain() == b"a" * 40


def test_it_holds_so_many_bytes_and_lets_go_of_what_was_asked_for_longest_ago():
    kept, pages = Finished(most=250), {name: Page(token_hex(40)) for name in "abc"}
    for name in ("a", "b", "a", "c", "a", "b"):
        kept.fill(name, given("ivy"), pages[name])
    assert {name: page.made for name, page in pages.items()} == {"a": 1, "b": 2, "c": 1}


def test_a_page_larger_than_all_that_may_be_kept_is_given_out_all_the_same():
    kept, page = Finished(most=20), Page("x" * 80)
    assert kept.fill("a", given("ivy"), page) == kept.fill("a", given("ivy"), page)
    assert page.made == 2


def test_what_nobody_asked_for_in_ten_minutes_is_let_go_of(monkeypatch):
    kept, pages, now = Finished(most=10_000), {name: Page("x") for name in "ab"}, 1000.0
    monkeypatch.setattr("core.finished.time.monotonic", lambda: now)
    kept.fill("a", given("ivy"), pages["a"])
    now += 599
    kept.fill("a", given("ivy"), pages["a"])
    now += 601
    kept.fill("b", given("ivy"), pages["b"])
    kept.fill("a", given("ivy"), pages["a"])
    assert {name: page.made for name, page in pages.items()} == {"a": 2, "b": 1}


@override_settings(DEBUG=True)
def test_whoever_works_on_templates_sees_each_change():
    kept, page = Finished(most=10_000), Page()
    kept.fill("a", given("ivy"), page)
    kept.fill("a", given("ivy"), page)
    assert page.made >= 2
