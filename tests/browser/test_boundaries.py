"""Lines that one draws around oneself: a block during an open conversation, a mute, words that one filters (M7)."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import eventually
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.services]

MINE, THEIRS, THIRD = "The kettle is on at six.", "Mine is on at five.", "We keep a flask for it."


@pytest.fixture(params=[True, False], ids=["the other with JavaScript", "the other without JavaScript"])
def parties(request, person):
    """windowseat blocks, patchwork is blocked, copperkey talks with both."""
    javascript = request.param
    people = (person(width=1280), person(javascript=javascript), person())
    for someone, name in zip(people, ("windowseat", "patchwork", "copperkey"), strict=True):
        someone.sign_in(name)
    return people


def test_two_who_are_parted_do_not_meet_and_only_one_of_them_knows(parties: tuple[Person, Person, Person]):
    one, other, third = parties
    title = f"Kettles and flasks, {'one' if other.javascript else 'two'}"
    thread = _talk(one, other, third, title)
    other.open(thread)
    other.page.fill("[name=body]", "I was just about to say something.")

    _block_from_the_profile(one, thread)

    _is_no_trace_for(one, thread, title, name="patchwork", said=THEIRS)
    _writes_on_and_notices_nothing(other, third, thread)
    _is_no_trace_for(other, thread, title, name="windowseat", said=MINE)
    _hears_nothing(one, other, third, thread)

    one.open("/settings/")
    one.follow("People you blocked or muted")
    one.press("Take the block back of patchwork")
    assert one.sees("Your block is taken back.")
    one.open(thread)
    assert one.page.get_by_text("I was just about to say something.").is_visible()
    other.open(thread)
    assert other.page.locator("#post-2").get_by_text(MINE).is_visible()


def _talk(one: Person, other: Person, third: Person, title: str) -> str:
    """A thread of somebody else's, in which both wrote."""
    thread = _begin(third, title, THIRD)
    for someone, words in ((one, MINE), (other, THEIRS)):
        _reply(someone, thread, words)
    _reply(third, thread, f"> patchwork wrote:\n>\n> {THEIRS}\n\nBoth are early, @windowseat.")
    return thread


def _begin(someone: Person, title: str, words: str) -> str:
    someone.open("/boards/today/new/")
    page = someone.page
    page.get_by_label("Just listening", exact=True).check()
    page.fill("[name=title]", title)
    page.fill("[name=body]", words)
    someone.press("Post thread")
    return str(page.url).partition("#")[0]


def _reply(someone: Person, thread: str, words: str) -> None:
    someone.open(thread)
    someone.page.fill("[name=body]", words)
    someone.press("Post reply")
    if someone.page.get_by_text("Nothing is posted yet.").count():
        someone.press("Post reply")


def _block_from_the_profile(one: Person, thread: str) -> None:
    one.open(thread)
    one.page.locator("#post-3 .post-author a").click()
    expect(one.page.get_by_role("heading", level=1)).to_have_text("patchwork")
    one.look()
    one.follow("Mute or block")
    one.press("Block")
    assert one.sees("You and they do not meet here any more. Nobody is told.")
    assert one.page.locator(".people-list").get_by_text("patchwork", exact=True).is_visible()


def _is_no_trace_for(someone: Person, thread: str, title: str, *, name: str, said: str) -> None:
    """Not in the thread nor in what a third person wrote there, not in search, not at the board, not in news."""
    someone.open(thread)
    expect(someone.page.get_by_role("heading", level=1)).to_have_text(title)
    assert someone.page.locator("#post-1").get_by_text(THIRD).is_visible()
    for path in (thread, "/boards/today/", "/waiting/", f"/search/?q={name}", "/search/?q=kettle", "/updates/", "/"):
        someone.open(path)
        shown = someone.page.content().replace(f'value="{name}"', "").replace(f"“{name}”", "")
        assert said not in shown, path
        assert name not in shown, path


def _writes_on_and_notices_nothing(other: Person, third: Person, thread: str) -> None:
    """The words in the open form are posted, and who is not parted from them reads and answers them."""
    other.press("Post reply")
    if other.page.get_by_text("Nothing is posted yet.").count():
        other.press("Post reply")
    mine = other.page.locator("article.post", has_text="I was just about to say something.")
    expect(mine).to_be_visible()
    assert not other.page.locator(".error-summary, .messages-error, [role=alert]").count()
    third.open(thread)
    assert third.page.get_by_text("I was just about to say something.").is_visible()


def _hears_nothing(one: Person, other: Person, third: Person, thread: str) -> None:
    """Named by both, they hear of the third person only: two would stand together in one line."""
    if _new(one):
        one.press("Mark all as read")
    _reply(other, thread, "Are you there, @windowseat?")
    _reply(third, thread, "You are both there, @windowseat.")
    new = eventually(lambda: _new(one))
    assert [line.startswith("Somebody mentioned you") for line in new] == [True]


def _new(someone: Person) -> list[str]:
    someone.open("/updates/")
    lines: list[str] = someone.page.locator("section[aria-labelledby=new] .notice-row a").all_inner_texts()
    return lines


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_one_would_rather_not_meet_is_folded_or_not_there(person, javascript):
    writer, reader = person(), person(javascript=javascript)
    writer.sign_in("longway")
    reader.sign_in("velvetmoss")
    mark = "first" if javascript else "second"
    thread = _begin(writer, f"The {mark} ladder", "It stands by the wall.")
    _reply(writer, thread, "A marmalade sky.")
    _reply(writer, thread, "The barometer fell.")

    _filter(reader, "MARMALADE", "Fold them")
    _filter(reader, "the barometer", "Do not show them")
    page = reader.page
    reader.open(thread)
    words = page.get_by_text("A marmalade sky.")
    assert not words.is_visible()
    fold = page.locator("#post-2 .post-kept > summary")
    expect(fold).to_contain_text("Holds words that you filter.")
    fold.press("Enter")
    assert words.is_visible()
    reader.look(again=True)
    assert page.locator("#post-3").get_by_text("Not shown: it holds words that you filter.").is_visible()
    assert "barometer" not in page.content()
    assert "barometer" not in _found(reader, "barometer fell")

    reader.open(thread)
    page.locator("#post-1 .post-more summary").click()
    reader.follow("Mute or block this person")
    reader.press("Mute")
    expect(page.get_by_text("Nobody is told.").first).to_be_visible()
    reader.open("/boards/today/")
    row = page.locator("details.folded-title", has_text=f"The {mark} ladder")
    expect(row.locator("summary")).to_contain_text("By somebody you muted.")
    reader.look(again=True)
    writer.open(thread)
    assert writer.page.get_by_text("The barometer fell.").is_visible()

    reader.open("/settings/people/")
    reader.press("Read them again (longway)")
    reader.open("/settings/words/")
    for phrase in ("MARMALADE", "the barometer"):
        page.locator(".words-closed summary").click()
        reader.press(f"Take out “{phrase}”")
    reader.open(thread)
    assert page.get_by_text("The barometer fell.").is_visible()


def _filter(reader: Person, phrase: str, how: str) -> None:
    reader.open("/settings/words/")
    reader.page.fill("[name=phrase]", phrase)
    reader.page.get_by_label(how).check()
    reader.press("Filter this")
    assert reader.sees("Kept. It counts from now on")


def _found(reader: Person, words: str) -> str:
    reader.open("/search/")
    reader.page.fill("main [name=q]", words)
    with reader.page.expect_navigation():
        reader.page.locator("main [type=submit]").first.click()
    reader.look()
    return "\n".join(reader.page.locator(".search-hit").all_inner_texts())
