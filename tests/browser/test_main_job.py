"""What the site is for, from joining to a decision about a post, as people do it."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import reloads_until

pytestmark = [pytest.mark.browser, pytest.mark.services]

UPDATE = "You have an update"
TITLE = "The kettle took an hour today"


def _link_in(mail) -> str:
    found = re.search(r"https?://\S+", mail.get_body(("plain",)).get_content())
    assert found, mail
    return found.group(0)


def _choose(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).check()


def test_people_join_talk_report_decide_and_learn(site, person):
    newcomer = person()
    _join(newcomer, site)
    _forget_the_password(newcomer, site)

    thread = _start_a_thread(newcomer)
    willow = person()
    _answer(willow, thread)
    _hear_of_it_once(newcomer, site)

    reporter = person()
    _report(reporter, thread)
    moderator = person()
    _hide(moderator)

    _everybody_sees_the_tombstone([newcomer, reporter], thread)
    _the_author_reads_why(willow, site)
    _help_and_the_way_out(newcomer)


def _join(newcomer, site) -> None:
    """Pseudonym, e-mail, password, and what to agree to; the page says where the mail is; the address must be confirmed
    first. The small steps at the beginning can wait."""
    newcomer.open("/")
    newcomer.follow("Join")
    page = newcomer.page
    page.fill("[name=username]", "hopscotch")
    page.fill("[name=email]", "hopscotch@example.org")
    page.fill("[name=password1]", "a quiet corner seat")
    page.check("[name=age]")
    page.check("[name=health]")
    newcomer.press("Join")
    assert newcomer.sees(str(site.folder / "mail"))
    mail = site.wait_for_mail("hopscotch@example.org", "Please confirm your e-mail address")
    newcomer.open(_link_in(mail))
    newcomer.press("Yes, confirm it")
    newcomer.sign_in("hopscotch", "a quiet corner seat")
    assert newcomer.sees("Welcome, hopscotch")
    newcomer.press("Leave the rest for another day")
    assert newcomer.sees("Hello, hopscotch")


def _sign_out(someone) -> None:
    someone.page.get_by_text("Menu", exact=True).click()
    someone.press("Sign out")


def _forget_the_password(newcomer, site) -> None:
    _sign_out(newcomer)
    newcomer.open("/accounts/login/")
    newcomer.follow("I forgot my password")
    newcomer.page.fill("[name=email]", "hopscotch@example.org")
    newcomer.press("Send me the link")
    newcomer.open(_link_in(site.wait_for_mail("hopscotch@example.org", "The link you asked for")))
    newcomer.page.fill("[name=password1]", "another quiet seat")
    newcomer.page.fill("[name=password2]", "another quiet seat")
    newcomer.press("Save the new password")
    assert newcomer.sees("Hello, hopscotch")
    _sign_out(newcomer)
    newcomer.sign_in("hopscotch", "another quiet seat")
    assert newcomer.sees("Hello, hopscotch")


def _start_a_thread(newcomer) -> str:
    newcomer.open("/boards/")
    newcomer.follow("Getting through today")
    newcomer.follow("Start a thread")
    page = newcomer.page
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", "I stood **beside it** until it boiled.")
    _choose(page, "Just listening")
    newcomer.press("Post thread")
    assert newcomer.sees("I stood beside it until it boiled.")
    assert newcomer.sees("You would like to be heard.")
    return str(page.url).partition("#")[0]


def _answer(willow, thread: str) -> None:
    willow.sign_in("willow")
    willow.open("/boards/nights/")
    willow.follow("A lamp for whoever is up tonight")
    willow.follow("Read on")
    willow.open(thread)
    willow.page.fill("[name=body]", "An hour is an hour. You should just buy a better kettle.")
    willow.press("Post reply")
    assert willow.sees("You should just buy a better kettle.")
    heard = willow.page.locator("#post-1").get_by_role("button", name="I hear you")
    heard.click()
    willow.page.wait_for_selector("#post-1 [aria-pressed=true]")
    willow.open(thread)
    assert willow.page.locator("#post-1 [aria-pressed=true]").inner_text() == "I hear you"


def _hear_of_it_once(newcomer, site) -> None:
    """One mail, from the worker, that says nothing of what it is about."""
    mail = site.wait_for_mail("hopscotch@example.org", UPDATE)
    whole = mail.as_string()
    for secret in ("kettle", "willow", "Getting through today", "depress", "threads/"):
        assert secret not in whole
    newcomer.open(_link_in(mail))
    assert newcomer.sees("An hour is an hour.")
    assert newcomer.page.locator("#post-2 .mark-new").is_visible()
    assert newcomer.page.locator("#post-1").get_by_text("willow").is_visible()
    assert len([m for m in site.mails_to("hopscotch@example.org") if m["Subject"] == UPDATE]) == 1


def _report(reporter, thread: str) -> None:
    reporter.sign_in("pebble")
    reporter.open(thread)
    reporter.page.locator("#post-2 summary").click()
    with reporter.page.expect_navigation():
        reporter.page.locator("#post-2").get_by_role("link", name="Report this post").click()
    reporter.look()
    reporter.page.check("[name=reason][value=advice]")
    reporter.page.fill("[name=note]", "Only listening was asked for.")
    reporter.press("Send report")
    assert reporter.sees("A moderator will look at it")


def _hide(moderator) -> None:
    moderator.sign_in("juniper")
    moderator.open("/moderation/")
    page = moderator.page
    moderator.follow(TITLE)
    moderator.press("Claim this case")
    assert moderator.sees("Only listening was asked for.")
    _choose(page, "Hide the post")
    moderator.press("Decide")
    assert moderator.sees("A restriction needs the rule it rests on.")
    page.select_option("[name=rule]", label="Speak from your own experience")
    page.fill("[name=reason]", "Advice was given where listening was asked for.")
    moderator.press("Decide")
    assert moderator.sees("Decided: Hide the post.")
    assert not page.get_by_role("link", name=TITLE).is_visible()


def _everybody_sees_the_tombstone(people, thread: str) -> None:
    """For twelve seconds the moderator could undo it; then it is so for everybody."""
    for someone in people:
        someone.open(thread)
        reloads_until(someone, someone.page.locator("#post-2").get_by_text("hid this post"))
        assert "better kettle" not in someone.page.content()


def _the_author_reads_why(willow, site) -> None:
    willow.open(_link_in(site.wait_for_mail("willow@demo.invalid", UPDATE)))
    for words in (
        "Your post was hidden.",
        "Speak from your own experience",
        "Advice was given where listening was asked for.",
        "a report by a member",
        "You should just buy a better kettle.",
    ):
        assert willow.sees(words), words
    assert "pebble" not in willow.page.content()


def _help_and_the_way_out(newcomer) -> None:
    """M9: help in one step, and a way out that leaves nothing behind it."""
    page = newcomer.page
    newcomer.open("/boards/")
    newcomer.follow("Get help now")
    page.select_option("[name=country]", "GB")
    newcomer.press("Show help there")
    assert page.get_by_role("link", name="116 123").get_attribute("href") == "tel:116123"
    newcomer.open("/boards/today/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Leave this site"
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/healthz")
    page.go_back()
    assert "/boards/today/" not in page.url
