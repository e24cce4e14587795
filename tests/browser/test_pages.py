"""Every page of the forum as everybody needs it: to axe in both schemes, on a narrow screen, and on paper."""

from collections import deque
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.services]

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINKS = "[...document.links].map((link) => link.href)"
# What is not ours, is walked elsewhere, or ends the walk.
ELSEWHERE = ("/accounts/", "/admin/", "/curate/", "/resources/", "/leave/", "/static/", "/documents/")
# What is saved as a file.
FILES = {"figures_csv", "transparency_csv", "saved_copy"}
# Each leads on at once.
WAYS = {"first_unread", "newest", "jump", "post", "notice"}

MEMBERS = {
    "home", "boards", "board", "new_thread", "waiting", "following", "my_threads", "drafts", "draft", "search",
    "reading_preferences", "gently_enough", "gentle_thread", "thread", "reply", "thread_care", "post_edit",
    "post_withdraw", "bookmarks", "bookmark", "notices", "guidelines", "flag", "my_reports",
    "decisions", "decision", "transparency", "report_outside",
}  # fmt: skip
MODERATORS = {
    "thread_moderate", "thread_author", "post_history", "queue", "case", "appeals", "appeal_judge",
    "much_blocked", "figures",
}  # fmt: skip
ADMINISTRATORS = {
    "manage", "manage_boards", "manage_board_new", "manage_board", "manage_gatherings", "manage_gathering_new",
    "manage_gathering", "manage_rules", "manage_rule_new", "manage_rule", "manage_words", "manage_words_new",
    "manage_templates", "manage_template_new", "manage_template", "log", "figures", "queue",
}  # fmt: skip


def _name(address: str) -> str | None:
    """What kind of page this is; None where it is none of ours."""
    path = urlsplit(address).path
    if path.startswith(ELSEWHERE):
        return None
    try:
        found = resolve(path).url_name
    except Resolver404:
        return None
    return found if isinstance(found, str) else None


def _walk(someone: Person, *beginnings: str) -> set[str]:
    """Follow the links, and look closely at one page of each kind. Says which kinds there were."""
    page = someone.page
    met: set[str] = set()
    here = urlsplit(page.url).netloc
    to_visit = deque(beginnings)
    while to_visit:
        address = to_visit.popleft()
        name = _name(address)
        if name is None or name in met | FILES:
            continue
        page.goto(address)
        met.add(name)
        someone.look(again=True)
        _fits_a_narrow_screen(someone)
        links = [link for link in page.evaluate(LINKS) if urlsplit(link).netloc == here]
        # Where such an address leads is a page of another kind.
        to_visit += [link for link in links if _name(link) not in WAYS]
    return met


def _fits_a_narrow_screen(someone: Person) -> None:
    """320 px is a phone at 100 %, and a screen of 1280 px at 400 %."""
    page = someone.page
    page.set_viewport_size({"width": 320, "height": 844})
    too_wide = page.evaluate(TOO_WIDE)
    page.set_viewport_size({"width": 390, "height": 844})
    if too_wide > 0:
        someone.troubles.append(f"{page.url} is {too_wide} px wider than 320 px")


def _write(willow: Person) -> str:
    """A thread behind a disguise with a post that was changed, a draft and a bookmark: what the walk comes by."""
    page = willow.page
    willow.open("/boards/today/new/")
    page.get_by_label("Just listening", exact=True).check()
    page.fill("[name=title]", "A walk along the shelves")
    page.fill("[name=body]", "One of each, please.")
    page.get_by_label("Post without my name").check()
    willow.press("Post thread")
    thread = str(page.url).partition("#")[0]
    page.locator("#post-1 .post-more summary").click()
    with page.expect_navigation():
        page.locator("#post-1").get_by_role("link", name="Edit").click()
    page.fill("[name=body]", "One of each, please. And two of some.")
    willow.press("Save changes")
    page.locator("#bookmark-1").click()
    expect(page.locator("#bookmark-1")).to_have_attribute("aria-pressed", "true")
    page.fill("[name=body]", "And one more thing")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved", timeout=15_000)
    return thread


def test_the_pages_of_a_member_and_of_those_who_look_after_the_place(person):
    willow = person()
    willow.sign_in("willow")
    thread = _write(willow)
    nights = "/boards/nights/"
    willow.page.goto(nights)
    willow.page.goto(_first_unfolded(willow))
    report = willow.page.locator("a[href^='/report/']").first.get_attribute("href")
    met = _walk(willow, thread, "/", "/gently/", nights, "/drafts/", "/bookmarks/", "/reading/", report, "/reports/")
    assert met >= MEMBERS
    for unusual in ("/search/?q=kettle", "/search/?q=xyzzyxx", "/following/?show=muted", f"{nights}?support=win"):
        willow.page.goto(unusual)
        willow.look(again=True)
        _fits_a_narrow_screen(willow)
    _a_folded_thread(willow)

    juniper = person()
    juniper.sign_in("juniper")
    assert _walk(juniper, thread, "/moderation/", "/waiting/") >= MODERATORS

    rowan = person()
    rowan.sign_in("rowan")
    assert _walk(rowan, "/manage/") >= ADMINISTRATORS


def _first_unfolded(someone: Person) -> str:
    link = someone.page.locator(".thread-row:not(:has(.folded-title)) .cover-link").first
    return str(link.get_attribute("href"))


def _a_folded_thread(willow: Person) -> None:
    page = willow.page
    page.goto("/boards/nights/")
    page.goto(str(page.locator(".thread-row:has(.folded-title) .cover-link").first.get_attribute("href")))
    expect(page.locator(".fold")).to_be_visible()
    willow.look(again=True)
    _fits_a_narrow_screen(willow)


def test_a_thread_on_paper_is_its_words(person):
    willow = person(width=1280)
    willow.sign_in("willow")
    page = willow.page
    page.goto("/boards/nights/")
    page.goto(_first_unfolded(willow))
    page.emulate_media(media="print")
    for words in ("h1", "#posts .post-text", "#posts .post-author"):
        expect(page.locator(words).first).to_be_visible()
    for machinery in (".strip", ".site-header", ".site-footer", ".composer", ".post-actions", ".thread-tools"):
        for part in page.locator(machinery).all():
            expect(part).to_be_hidden()
