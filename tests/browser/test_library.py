"""A page of the library from its first draft to the day on which something better takes its place."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site, reloads_until
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.services]

TITLE = "Short walks"
PAST = "This article is past its review date. It may be out of date."
# The tasks by which the site keeps up with the days, as the worker runs them.
EACH_DAY = """
import datetime as dt
from django.db.models import F
from resources import tasks
from resources.models import ArticlePage
gone = dt.timedelta(days={days})
ArticlePage.objects.filter(title="{title}").update(reviewed_on=F("reviewed_on") - gone, review_by=F("review_by") - gone)
tasks.tell_reviews_due()
tasks.look_after_readers()
"""


def test_two_curators_publish_a_page_that_grows_old_is_read_again_and_is_retired(site, person):
    author, reviewer, visitor, reader = person(width=1280), person(width=1280), person(), person()
    author.sign_in("linden")
    _write_an_article(author)
    visitor.open("/resources/")
    assert not visitor.sees(TITLE)

    reviewer.sign_in("rowan")
    _approve(reviewer)
    visitor.open("/resources/")
    visitor.follow(TITLE)
    for words in (
        "A short walk is still a walk.",
        "Checked by rowan",
        "peer support worker",
        "Early: few or small studies",
        "Walking and mood",
    ):
        assert visitor.sees(words), words

    _days_go_by(site, 0)
    reader.sign_in("pebble")
    thread = _start_a_thread(reader)
    address = _save(reader)
    assert _suggested_to(reader, thread) == {"thread", "search", "front"}

    _read_what_is_new(author)
    _days_go_by(site, 366)
    _is_out_of_date(visitor, address)
    assert _suggested_to(reader, thread) == set()
    _hear_that_it_is_to_be_reviewed(author)
    _choose_action(author.page, "Submit to Vetting")
    author.page.wait_for_url(re.compile(r"/curate/pages/\d+/$"))
    _approve(reviewer)
    _days_go_by(site, 0)
    visitor.open(address)
    assert not visitor.sees(PAST)
    assert _suggested_to(reader, thread) == {"thread", "search", "front"}

    _retire(author)
    _days_go_by(site, 0)
    assert _suggested_to(reader, thread) == set()
    _is_led_on(reader)


def _write_an_article(author: Person) -> None:
    author.open("/curate/")
    page = author.page
    page.goto("/curate/pages/")
    page.locator("a[href$='/add_subpage/']").first.click()
    page.get_by_role("link", name="Article page", exact=True).click()
    page.fill("#id_title", TITLE)
    page.fill("#id_summary", "Why ten minutes outside can be enough.")
    page.select_option("#id_topic", "body-and-mind")
    page.get_by_title("Insert a block").first.click()
    page.get_by_role("option", name="Text", exact=True).click()
    page.locator(".public-DraftEditor-content").click()
    page.keyboard.type("A short walk is still a walk.")
    page.select_option("#id_evidence", "early")
    page.get_by_title("Insert a block").last.click()
    page.fill("[name=sources-0-value-title]", "Walking and mood")
    page.fill("[name=sources-0-value-publisher]", "A journal")
    page.fill("[name=sources-0-value-year]", "2020")
    page.select_option("[name=sources-0-value-kind]", "trial")
    _choose_action(page, "Submit to Vetting")
    page.wait_for_url(re.compile(r"/curate/pages/\d+/$"))
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="More actions").click()
    assert page.get_by_role("button", name="Cancel workflow").is_visible()
    assert not page.get_by_role("button", name=re.compile("Approve|Publish")).is_visible()


def _approve(reviewer: Person) -> None:
    reviewer.open("/curate/")
    page = reviewer.page
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_url(re.compile(r"/edit/$"))
    _choose_action(page, "Approve and Publish")
    asked = page.get_by_role("dialog")
    asked.get_by_label("How readers see you").fill("peer support worker")
    for question in asked.get_by_role("checkbox").all():
        question.check()
    asked.locator("button[type=submit]").click()
    page.wait_for_url(re.compile(r"/curate/(pages/\d+/)?$"))


def _choose_action(page: Page, name: str) -> None:
    # Until Wagtail's script is there, each of these buttons saves a draft.
    page.wait_for_load_state("networkidle")
    # And until its editor of text has put what it holds into the form, that is empty.
    page.wait_for_function("() => document.querySelector('[name=body-0-value]')?.value.includes('A short walk')")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name=name, exact=True).click()


def _days_go_by(site: Site, days: int) -> None:
    """For the page: what was checked today was checked so many days ago."""
    site.manage("shell", "--command", EACH_DAY.format(days=days, title=TITLE))


def _start_a_thread(reader: Person) -> str:
    reader.open("/boards/today/")
    reader.follow("Start a thread")
    page = reader.page
    page.fill("[name=title]", "Which short walks do you take?")
    page.fill("[name=body]", "Mine goes around the block.")
    page.get_by_label("Ideas welcome", exact=True).check()
    reader.press("Post thread")
    return str(page.url).partition("#")[0]


def _save(reader: Person) -> str:
    reader.open("/resources/")
    reader.follow(TITLE)
    reader.press("Save for later")
    return str(reader.page.url).partition("#")[0]


def _suggested_to(reader: Person, thread: str) -> set[str]:
    """The places in which the site itself points to the page."""
    links = {}
    for place, address, links_there in (
        ("thread", thread, ".related-articles a"),
        ("search", "/search/?q=short+walks", ".library-found a"),
        ("front", "/resources/", ".library-topic a"),
    ):
        reader.open(address)
        links[place] = reader.page.locator(links_there, has_text=TITLE).count()
    return {place for place, found in links.items() if found}


def _is_out_of_date(visitor: Person, address: str) -> None:
    visitor.open(address)
    visitor.look(again=True)
    assert visitor.sees(PAST)
    assert visitor.sees("A short walk is still a walk."), "It can still be read."
    visitor.open("/resources/?q=short+walks")
    found = visitor.page.locator(".article-card", has_text=TITLE)
    expect(found).to_contain_text("Due to be read again")


def _hear(curator: Person, line: str) -> Locator:
    """The update that says `line`, once the worker has spread it."""
    curator.open("/updates/")
    update = curator.page.locator(".notice-row a", has_text=line)
    reloads_until(curator, update)
    return update


def _read_what_is_new(author: Person) -> None:
    _hear(author, "came with the site")
    author.press("Mark all as read")


def _hear_that_it_is_to_be_reviewed(author: Person) -> None:
    update = _hear(author, f"“{TITLE}” was to be reviewed")
    with author.page.expect_navigation():
        update.click()
    expect(author.page.locator("#id_title")).to_have_value(TITLE)


def _retire(author: Person) -> None:
    page = author.page
    page.goto("/curate/pages/")
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Actions", exact=True).click()
    page.get_by_role("link", name="No longer recommend", exact=True).click()
    page.get_by_role("button", name="Choose a page").click()
    page.get_by_role("link", name="Sleep and mental clarity").click()
    page.fill("[name=reason]", "The page about sleep says it, too.")
    page.get_by_role("button", name="No longer recommend", exact=True).click()
    page.wait_for_url(re.compile(r"/edit/$"))


def _is_led_on(reader: Person) -> None:
    """Who saved it still has it, with what took its place."""
    reader.open("/saved/")
    expect(reader.page.locator(".article-card", has_text=TITLE)).to_contain_text("No longer recommended here")
    reader.follow(TITLE)
    reader.look(again=True)
    assert reader.sees("Something newer has taken the place of this page.")
    reader.page.locator(".callout a").click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Sleep and mental clarity")


# --- reading aloud and printing: what the device can do, and nothing where it cannot

# Chromium without a head has no voice, so these bring their own.
VOICE = """
const voices = [{ lang: "en-GB", localService: LOCAL, name: "A voice" }];
window.said = [];
const speech = new EventTarget();
Object.assign(speech, {
  getVoices: () => voices,
  speak: (one) => { window.said.push(one.text); window.current = one; },
  pause: () => window.said.push("(pause)"),
  resume: () => window.said.push("(on)"),
  cancel: () => window.said.push("(silence)"),
});
Object.defineProperty(window, "speechSynthesis", { value: speech });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
NO_VOICE = "delete window.speechSynthesis; Object.defineProperty(window, 'speechSynthesis', { value: undefined });"
SLEEP = "/resources/sleep-and-mental-clarity/"


def test_a_page_is_read_aloud_by_a_voice_of_the_device_and_falls_silent_when_asked(person):
    reader = person()
    page = reader.page
    page.add_init_script(VOICE.replace("LOCAL", "true"))
    reader.open(SLEEP)
    listen = page.locator("[data-listen]")
    stop = page.get_by_role("button", name="Stop listening")
    expect(listen).to_have_text("Listen")
    expect(stop).to_be_hidden()
    listen.click()
    assert page.evaluate("window.said") == ["Sleep and mental clarity"]
    page.evaluate("window.current.onend()")
    assert page.evaluate("window.said.length") == 2
    expect(listen).to_have_text("Pause")
    listen.click()
    expect(listen).to_have_text("Go on")
    listen.click()
    assert page.evaluate("window.said.slice(2)") == ["(pause)", "(on)"]
    stop.click()
    expect(listen).to_have_text("Listen")
    expect(stop).to_be_hidden()
    assert page.evaluate("window.said.at(-1)") == "(silence)"


@pytest.mark.parametrize("script", [NO_VOICE, VOICE.replace("LOCAL", "false")])
def test_without_a_voice_of_the_device_itself_nothing_offers_to_listen(person, script):
    """Other voices would send the words to somebody else's server."""
    reader = person()
    reader.page.add_init_script(script)
    reader.open(SLEEP)
    expect(reader.page.locator("[data-listen]")).to_be_hidden()


def test_the_page_to_print_opens_the_print_of_the_browser(person):
    reader = person()
    reader.page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    reader.open(SLEEP)
    reader.follow("To print")
    reader.page.get_by_role("button", name="Print", exact=True).click()
    assert reader.page.evaluate("window.printed") == 1


def test_without_javascript_neither_is_there_and_everything_can_be_read(person):
    reader = person(javascript=False)
    reader.open(SLEEP)
    expect(reader.page.locator("[data-listen]")).to_be_hidden()
    expect(reader.page.locator("[data-listen-stop]")).to_be_hidden()
    reader.follow("To print")
    expect(reader.page.locator("[data-print]")).to_be_hidden()
    assert reader.sees("Depression often disturbs sleep.")
