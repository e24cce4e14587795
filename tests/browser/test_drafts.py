"""Words on their way between a form, this device and the server: none is lost, and none overwrites another's."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import eventually
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.services]

SOON = 15_000


@pytest.fixture
def pebble(person) -> Person:
    someone: Person = person()
    someone.sign_in("pebble")
    return someone


def _thread_with_posts(someone: Person) -> str:
    """The address of a thread in which somebody has answered and that is open."""
    page = someone.page
    page.goto("/boards/nights/")
    for address in [str(link.get_attribute("href")) for link in page.locator(".thread-row .cover-link").all()]:
        page.goto(address)
        if page.locator("#post-2 .post-links > a").count() and page.locator("[name=body]").count():
            return str(page.url).partition("#")[0]
    raise AssertionError("The demo community has no open conversation.")


def _kept_on_this_device(someone: Person) -> None:
    eventually(lambda: someone.page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('words:'))"))


def _clear(someone: Person) -> None:
    someone.page.fill("[name=body]", "")
    expect(someone.page.locator("[data-draft-status]")).to_be_empty(timeout=SOON)


def test_whoever_presses_reply_in_the_middle_of_a_sentence_still_answers_that_post(pebble):
    thread = _thread_with_posts(pebble)
    page = pebble.page
    page.fill("[name=body]", "What you say about the stairs")
    _kept_on_this_device(pebble)
    with page.expect_navigation():
        page.locator("#post-2 .post-links > a").click()
    expect(page.locator("[name=body]")).to_have_value("What you say about the stairs")
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved", timeout=SOON)
    assert page.input_value("[name=reply_to]") == "2"
    page.goto(thread)
    assert page.input_value("[name=reply_to]") == "2", "The draft knows it, too."
    pebble.press("Post reply")
    assert page.locator(".post").last.get_by_text("replying to").is_visible()


@pytest.mark.parametrize("chosen", ["Keep mine as the newest", "Load the newer one"])
def test_a_stale_tab_overwrites_nothing_and_the_person_chooses(pebble, chosen):
    thread = _thread_with_posts(pebble)
    first = pebble.page
    second = first.context.new_page()
    second.goto(thread)
    first.fill("[name=body]", "Written in the first tab")
    expect(first.locator("[data-draft-status]")).to_contain_text("Saved", timeout=SOON)

    second.fill("[name=body]", "Written in the second tab")
    newer = second.locator("[data-other-words]")
    expect(newer.locator("p")).to_contain_text("A newer version was saved in another tab", timeout=SOON)
    expect(newer.locator("textarea")).to_have_value("Written in the first tab")
    # Nothing was overwritten: neither here nor there.
    expect(second.locator("[name=body]")).to_have_value("Written in the second tab")
    first.reload()
    expect(first.locator("[name=body]")).to_have_value("Written in the first tab")

    newer.get_by_role("button", name=chosen).click()
    kept = "Written in the second tab" if chosen.startswith("Keep") else "Written in the first tab"
    expect(second.locator("[name=body]")).to_have_value(kept)
    expect(second.locator("[data-draft-status]")).to_contain_text("Saved", timeout=SOON)
    if chosen.startswith("Load"):
        expect(newer.locator("textarea")).to_have_value("Written in the second tab")
    first.reload()
    expect(first.locator("[name=body]")).to_have_value(kept)
    second.close()
    _clear(pebble)


def test_words_typed_without_a_connection_are_kept_here_and_come_back(pebble):
    thread = _thread_with_posts(pebble)
    page = pebble.page
    status = page.locator("[data-draft-status]")
    with pebble.offline():
        page.fill("[name=body]", "Typed in a tunnel")
        expect(status).to_have_text("Not saved yet, kept on this device.", timeout=SOON)
        # Long enough for a save that cannot come through.
        expect(page.locator(".visually-hidden", has_text="kept on this device")).to_have_count(1, timeout=SOON)
    expect(status).to_contain_text("Saved", timeout=SOON)
    page.goto("/boards/")
    page.goto(thread)
    expect(page.locator("[name=body]")).to_have_value("Typed in a tunnel")
    _clear(pebble)


def test_words_whose_page_was_closed_without_a_connection_come_back(pebble):
    thread = _thread_with_posts(pebble)
    page = pebble.page
    with pebble.offline():
        page.fill("[name=body]", "Typed in a tunnel")
        _kept_on_this_device(pebble)
        page.goto("about:blank")
    page.goto(thread)
    expect(page.locator("[name=body]")).to_have_value("Typed in a tunnel")
    _clear(pebble)


def _post_and_edit(someone: Person, words: str) -> None:
    """Post `words` below the thread that is open, and open them to change them."""
    page = someone.page
    page.fill("[name=body]", words)
    someone.press("Post reply")
    if page.get_by_text("Nothing is posted yet.").count():
        someone.press("Post reply")
    post = page.locator(".post").filter(has_text=words).last
    post.locator(".post-more summary").click()
    with page.expect_navigation():
        post.get_by_role("link", name="Edit").click()


def test_an_edit_that_was_not_saved_is_still_on_this_device(pebble):
    _thread_with_posts(pebble)
    page = pebble.page
    _post_and_edit(pebble, "A first version of this.")
    edit = page.url
    page.fill("[name=body]", "A second version of this.")
    _kept_on_this_device(pebble)
    page.goto("/boards/")
    page.goto(edit)
    expect(page.locator("[name=body]")).to_have_value("A second version of this.")
    expect(page.get_by_text("Words that this device had kept are here again.").first).to_be_visible()
    pebble.press("Save changes")
    assert page.get_by_text("A second version of this.").is_visible()
    page.goto(edit)
    page.wait_for_load_state()
    expect(page.locator("[name=body]")).to_have_value("A second version of this.")
    assert not page.get_by_text("Words that this device had kept").count()
    assert not page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('words:')).length")


def test_an_edit_made_of_words_that_changed_elsewhere_is_not_put_over_them(pebble):
    """The copy belongs to one version: over a later one it is shown beside it, and the person chooses."""
    _thread_with_posts(pebble)
    page = pebble.page
    page.fill("[name=body]", "One version of this.")
    pebble.press("Post reply")
    if page.get_by_text("Nothing is posted yet.").count():
        pebble.press("Post reply")
    post = page.locator(".post").filter(has_text="One version of this.").last
    post.locator(".post-more summary").click()
    with page.expect_navigation():
        post.get_by_role("link", name="Edit").click()
    edit = page.url
    page.fill("[name=body]", "Not saved.")
    _kept_on_this_device(pebble)
    elsewhere = page.context.browser.new_context(
        storage_state=page.context.storage_state(indexed_db=False) | {"origins": []}
    )
    other = elsewhere.new_page()
    other.goto(edit)
    other.fill("[name=body]", "Saved on another device.")
    other.get_by_role("button", name=re.compile("Save changes")).click()
    other.wait_for_url("**#post-*")
    elsewhere.close()
    page.goto("/boards/")
    page.goto(edit)
    expect(page.locator("[name=body]")).to_have_value("Saved on another device.")
    before = page.locator("[data-other-words]")
    expect(before.locator("textarea")).to_have_value("Not saved.")


def test_a_reply_that_cannot_be_posted_says_so_where_one_looks(pebble):
    _thread_with_posts(pebble)
    page = pebble.page
    page.fill("[name=body]", "x" * 20_001)
    expect(page.get_by_text("1 character too many").first).to_be_visible()
    pebble.press("Post reply")
    expect(page.locator(".error-summary")).to_be_in_viewport()
    assert page.evaluate("scrollY") > 0
    _clear(pebble)


def test_what_came_of_an_edit_is_said_where_one_lands(pebble):
    _thread_with_posts(pebble)
    page = pebble.page
    _post_and_edit(pebble, "A line.")
    page.fill("[name=body]", "A better line.")
    pebble.press("Save changes")
    expect(page.get_by_text("Your words are changed.")).to_be_in_viewport()
    expect(page.get_by_text("A better line.")).to_be_in_viewport()
