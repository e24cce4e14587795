"""The moderators' pages as one desk, and what everybody finds at the foot of every page."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.models import Case
from tests.pages import soup, words

DESK = ("queue", "appeals", "much_blocked", "figures")


def ways(part) -> set[str]:
    return {link["href"] for link in part.find_all("a", href=True)}


@pytest.mark.parametrize("page", DESK)
def test_every_page_of_the_desk_leads_to_every_other_and_says_where_one_is(sign_in, moderator, page):
    desk = soup(sign_in(moderator).get(reverse(page))).find("nav", class_="tabs")
    assert ways(desk) == {reverse(each) for each in DESK}
    assert [link["href"] for link in desk.find_all(attrs={"aria-current": "page"})] == [reverse(page)]


def test_the_log_is_on_the_desk_of_administrators(sign_in, admin):
    client = sign_in(admin)
    assert reverse("log") in ways(soup(client.get(reverse("queue"))))
    assert reverse("queue") in ways(soup(client.get(reverse("log"))).find("nav", class_="tabs"))


def test_an_administrator_who_does_not_moderate_is_shown_no_page_that_they_cannot_open(sign_in, admin):
    admin.is_moderator = False
    admin.save(update_fields=["is_moderator"])
    client = sign_in(admin)
    assert ways(soup(client.get(reverse("log"))).find("nav", class_="tabs")) == {
        reverse("staff_looks"),
        reverse("log"),
    }
    assert reverse("log") in ways(soup(client.get(reverse("manage"))))


@pytest.mark.parametrize("page", ["home", "help_now", "transparency"])
def test_guidelines_figures_and_the_public_form_are_at_the_foot_of_every_page(client, db, page):
    foot = soup(client.get(reverse(page))).find("footer")
    assert ways(foot) >= {reverse("guidelines"), reverse("transparency"), reverse("report_outside")}


def test_whoever_decides_is_led_to_what_is_missing(sign_in, moderator, claim, case):
    page = soup(claim(moderator, case))
    address = reverse("decide", args=[case.public_id])
    assert page.find("form", action=f"{address}#decide")
    assert page.find("a", href="#decide")
    answer = sign_in(moderator).post(address, {"action": "hide", "version": case.version})
    assert answer.status_code == 422
    assert "A restriction needs the rule it rests on." in soup(answer).find(id="decide").get_text()


def test_no_clock_of_a_case_says_that_there_are_no_minutes(sign_in, moderator, case):
    browser = sign_in(moderator)
    for due_at, said in (
        (timezone.now(), "Overdue by 1 minute"),
        (timezone.now() + dt.timedelta(seconds=40), "due in 1 minute"),
    ):
        Case.objects.update(due_at=due_at)
        for page in (reverse("queue"), reverse("case", args=[case.public_id])):
            assert said in words(browser.get(page)).replace("\xa0", " ")
