"""The mark of news on a page that stays open: asked for seldom, said once, and never again after signing out."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.services]

MINUTE = "01:00"


class Answers:
    """What the site says when it is asked, and how often it was."""

    def __init__(self, someone: Person) -> None:
        self.someone, self.status, self.asked = someone, 204, 0
        someone.page.route("**/updates/mark/", self._answer)

    def _answer(self, route: Route) -> None:
        self.asked += 1
        headers = {"Location": "/accounts/login/"} if self.status == 302 else {}
        route.fulfill(status=self.status, headers=headers, body="")


@pytest.fixture
def opened(person) -> tuple[Page, Answers]:
    """A page of somebody to whom nothing is new, whose clock the test turns."""
    someone: Person = person()
    someone.sign_in("pebble")
    page = someone.page
    answers = Answers(someone)
    page.goto("/updates/")
    if page.get_by_role("button", name="Mark all as read").is_visible():
        someone.press("Mark all as read")
    page.clock.install()
    page.goto("/boards/")
    return page, answers


def _wait(page: Page, answers: Answers, *, asked: int, minutes: str = MINUTE) -> None:
    page.clock.fast_forward(minutes)
    page.wait_for_timeout(200)
    assert answers.asked == asked


def test_news_lights_the_mark_and_is_said_once(opened):
    page, answers = opened
    region = page.locator("[data-news-mark]")
    mark = page.locator(".nav-wide [data-news] .news-dot")
    _wait(page, answers, asked=0, minutes="00:50")
    _wait(page, answers, asked=1, minutes="00:15")
    expect(mark).to_have_count(0)
    answers.status = 200
    _wait(page, answers, asked=2)
    expect(mark).to_have_count(1)
    expect(region).to_have_text("There is an update.")
    assert page.locator(".nav-wide [data-news]").text_content().split() == ["Updates", "new"]
    # It was read in another tab, and then there is more.
    answers.status = 204
    _wait(page, answers, asked=3)
    expect(mark).to_have_count(0)
    expect(region).to_be_empty()
    answers.status = 200
    _wait(page, answers, asked=4)
    expect(mark).to_have_count(1)
    expect(region).to_be_empty()


def test_after_errors_it_asks_less_and_less_often(opened):
    page, answers = opened
    answers.status = 503
    _wait(page, answers, asked=1)
    _wait(page, answers, asked=1)
    _wait(page, answers, asked=2)
    answers.status = 204
    _wait(page, answers, asked=2, minutes="03:30")
    _wait(page, answers, asked=3, minutes="00:31")
    _wait(page, answers, asked=4)
    # The browser mentions each by itself.
    answers.someone.troubles[:] = [trouble for trouble in answers.someone.troubles if "status of 503" not in trouble]


def test_once_nobody_is_signed_in_it_never_asks_again(opened):
    page, answers = opened
    answers.status = 302
    _wait(page, answers, asked=1)
    _wait(page, answers, asked=1, minutes="30:00")
    expect(page).to_have_url(page.url)


def test_nobody_is_asked_while_the_page_is_out_of_sight_or_offline(opened):
    page, answers = opened
    page.evaluate("""() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.away });
      window.away = true;
      document.dispatchEvent(new Event('visibilitychange'));
    }""")
    _wait(page, answers, asked=0, minutes="10:00")
    page.evaluate("() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')); }")
    _wait(page, answers, asked=1, minutes="00:01")
    page.context.set_offline(offline=True)
    _wait(page, answers, asked=1, minutes="10:00")
    page.context.set_offline(offline=False)
    _wait(page, answers, asked=2, minutes="00:01")


def test_a_device_with_another_clock_offers_it_and_chooses_nothing_by_itself(opened):
    page, _answers = opened
    page.goto("/news/")
    guess = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    zones = page.locator("[name=time_zone]")
    offer = page.get_by_role("button", name="Use that one")
    assert zones.input_value() == ""
    if page.locator(f"[name=time_zone] option[value='{guess}']").count() and guess != "Europe/London":
        offer.click()
        assert zones.input_value() == guess
    expect(offer).to_be_hidden()
