"""Three members talk, from an unfinished sentence to a thread that can be found again, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import eventually
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.services]

OPENING = "Today I counted the stairs"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_three_members_hold_a_conversation(person, javascript):
    willow, pebble, thimble = people = [person(javascript=javascript) for _member in range(3)]
    for someone, name in zip(people, ("willow", "pebble", "thimble"), strict=True):
        someone.sign_in(name)
    title = f"Stairs and lanterns, {'one' if javascript else 'two'}"
    _begin_and_leave_it(willow, title, javascript)
    thread = _go_on_with_the_draft(willow, title)

    _answer_while_another_answers(pebble, thimble, thread, javascript)
    _quote_and_look_before_posting(willow, thread, javascript)
    _write_through_an_ended_session(thimble, thread, javascript)
    _mend_and_take_back(pebble, thread)
    _keep_and_thank(willow, thread)
    _find_it_again(thimble, title)

    for someone in people:
        someone.open(thread)
        numbers = someone.page.locator("#posts .post-number").all_inner_texts()
        assert numbers == ["#1", "#2", "#3", "#4", "#5"], numbers


def _begin_and_leave_it(willow: Person, title: str, javascript: bool) -> None:
    """M12: what was begun is on the server before anybody says “saved”, and waits in the list of drafts."""
    willow.open("/boards/today/new/")
    page = willow.page
    page.get_by_label("Just listening", exact=True).check()
    page.fill("[name=title]", title)
    page.get_by_text("Words to begin with").click()
    page.get_by_role("button", name="Today I need…").first.click()
    body = page.locator("[name=body]")
    expect(body).to_have_value(re.compile("^Today I need "))
    body.fill(f"{OPENING}, **all of them**.")
    if javascript:
        expect(page.locator("[data-draft-status]")).to_contain_text("Saved", timeout=15_000)
    else:
        willow.press("Save draft")
    willow.open("/boards/")


def _go_on_with_the_draft(willow: Person, title: str) -> str:
    willow.open("/drafts/")
    page = willow.page
    row = page.locator(".draft-row", has_text=title)
    with page.expect_navigation():
        row.get_by_role("link", name="Go on writing").click()
    willow.look()
    assert page.input_value("[name=title]") == title
    assert page.get_by_label("Just listening", exact=True).is_checked()
    willow.press("Post thread")
    assert page.locator("#post-1 strong").inner_text() == "all of them"
    thread = str(page.url).partition("#")[0]
    willow.open("/drafts/")
    assert not page.locator(".draft-row", has_text=title).count()
    return thread


def _answer_while_another_answers(pebble: Person, thimble: Person, thread: str, javascript: bool) -> None:
    """What was added meanwhile is shown before the words are posted, and the words are there."""
    pebble.open(thread)
    pebble.page.fill("[name=body]", "I know those stairs.")
    thimble.open(thread)
    thimble.page.fill("[name=body]", "Forty-two here.")
    thimble.press("Post reply")
    assert thimble.page.locator("#post-2").get_by_text("Forty-two here.").is_visible()
    if javascript:
        pebble.page.locator("[name=body]").press_sequentially(" All of them.")
        expect(pebble.page.get_by_text("A new reply arrived while you were writing.")).to_be_visible(timeout=15_000)
    pebble.press("Post reply")
    assert pebble.sees("While you wrote, this was added. Nothing is posted yet.")
    assert pebble.sees("Forty-two here.")
    assert pebble.page.input_value("[name=body]").startswith("I know those stairs.")
    pebble.press("Post reply")
    assert pebble.page.locator("#post-3").get_by_text("I know those stairs.").is_visible()


def _quote_and_look_before_posting(willow: Person, thread: str, javascript: bool) -> None:
    """Where one left off is marked; a passage is quoted; the preview is what is posted then."""
    willow.open(thread)
    page = willow.page
    assert willow.sees("New since you were here")
    assert page.locator("#post-3 h2 .mark-new").is_visible()
    post = page.locator("#post-3")
    if javascript:
        post.locator(".post-text p").first.select_text()
    post.locator(".post-more summary").click()
    if javascript:
        post.get_by_text("Quote", exact=True).click()
    else:
        with page.expect_navigation():
            post.get_by_text("Quote", exact=True).click()
        willow.look()
    body = page.locator("[name=body]")
    expect(body).to_have_value(re.compile("> pebble wrote:\n>\n> I know those stairs."))
    body.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("It is **good** to hear that.")
    if javascript:
        page.get_by_role("button", name="Preview").click()
    else:
        willow.press("Preview")
    expect(page.locator("#preview strong")).to_have_text("good", timeout=10_000)
    willow.press("Post reply")
    mine = page.locator("#post-4")
    assert mine.locator("blockquote").get_by_text("I know those stairs.").is_visible()
    assert mine.locator("strong").inner_text() == "good"


def _write_through_an_ended_session(thimble: Person, thread: str, javascript: bool) -> None:
    """The session ends while the words are typed: sign in, they are there, and they are posted once."""
    thimble.open(thread)
    page = thimble.page
    page.context.clear_cookies(name="sessionid")
    page.fill("[name=body]", "Counting helps me, too.")
    if javascript:
        told = page.get_by_text("You are signed out; your words are kept on this device.").first
        expect(told).to_be_visible(timeout=15_000)
    thimble.press("Post reply")
    page.fill("[name=login]", "thimble")
    page.fill("[name=password]", thimble.demo_password)
    thimble.press("Sign in")
    expect(page.locator("[name=body]")).to_have_value("Counting helps me, too.")
    thimble.press("Post reply")
    if page.get_by_text("Nothing is posted yet.").count():
        thimble.press("Post reply")
    thimble.open(thread)
    assert page.get_by_text("Counting helps me, too.").count() == 1
    assert page.input_value("[name=body]") == ""


def _mend_and_take_back(pebble: Person, thread: str) -> None:
    pebble.open(thread)
    page = pebble.page
    _more(pebble, 3, "Edit")
    page.fill("[name=body]", "I know those stairs very well.")
    pebble.press("Save changes")
    post = page.locator("#post-3")
    assert post.get_by_text("I know those stairs very well.").is_visible()
    assert not post.get_by_text("edited", exact=True).count(), "In the first minutes a change shows no mark."
    _more(pebble, 3, "Take back")
    pebble.press("Take it back")
    assert page.locator("#post-3").get_by_text(re.compile("took (this post|these words) back")).first.is_visible()
    pebble.press("Put it back as post 3")
    pebble.open(thread)
    assert page.locator("#post-3").get_by_text("I know those stairs very well.").is_visible()


def _more(someone: Person, number: int, what: str) -> None:
    post = someone.page.locator(f"#post-{number}")
    post.locator(".post-more summary").click()
    with someone.page.expect_navigation():
        post.get_by_role("link", name=what).click()
    someone.look()


def _keep_and_thank(willow: Person, thread: str) -> None:
    page = willow.page
    willow.open(thread)
    for button in ("Thank you", "I hear you", "Bookmark"):
        pressed = page.locator("#post-2").get_by_role("button", name=button)
        pressed.click()
        expect(page.locator("#post-2").get_by_role("button", name=button)).to_have_attribute("aria-pressed", "true")
    willow.open("/bookmarks/")
    assert willow.sees("Forty-two here.")
    with page.expect_navigation():
        page.get_by_role("link", name="Add a note").first.click()
    page.fill("[name=note]", "The one with the number.")
    page.get_by_role("button", name=re.compile("Save|Keep")).first.click()
    willow.open("/bookmarks/")
    assert willow.sees("The one with the number.")


def _find_it_again(thimble: Person, title: str) -> None:
    """By a word of it in another form, and the place is muted from the thread's own page."""
    thimble.open("/search/")
    page = thimble.page
    page.fill("[name=q]", "counted lanterns")
    thimble.page.locator("main [type=submit]").first.click()
    eventually(lambda: page.get_by_role("link", name=title).count())
    thimble.look()
    with page.expect_navigation():
        page.get_by_role("link", name=title).first.click()
    thimble.look()
    page.locator(".thread-tools .follow summary").click()
    with page.expect_navigation():
        page.locator(".thread-tools .follow").get_by_role("button", name=re.compile("^Nothing")).click()
    assert page.locator(".thread-tools .follow summary").inner_text() == "Muted"
