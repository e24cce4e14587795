"""Being told how long one has been here, for who asked (M6), and pages that are all called the same."""

from typing import Any

import pytest
from django.urls import reverse

from members import sitting
from members.models import Member
from tests import pages

SAID = "You have been here for 30 minutes."


@pytest.fixture
def clock(monkeypatch):
    """Minutes by hand."""
    at = {"now": 1_000_000.0}
    monkeypatch.setattr("supportsite.middleware_pace.time.time", lambda: at["now"])

    def go_on(minutes):
        at["now"] += minutes * 60

    return go_on


@pytest.fixture
def reading(sign_in, member):
    Member.objects.filter(pk=member.pk).update(session_minutes=30)
    browser = sign_in(member)
    return lambda **how: pages.words(browser.get(reverse("boards"), **how))


def test_they_are_told_once_at_the_first_page_after_their_minutes(reading, clock):
    said = []
    for _page in range(9):
        said.append(SAID in reading())
        clock(10)
    assert said == [False, False, False, True, False, False, False, False, False]


def test_after_a_pause_the_time_begins_anew(reading, clock):
    assert SAID not in reading()
    clock(21)
    assert SAID not in reading()
    clock(15)
    assert SAID not in reading()
    clock(15)
    assert SAID in reading()


def test_what_a_page_asks_for_by_itself_is_told_nothing(reading, clock):
    reading()
    clock(15)
    reading()
    clock(16)
    assert SAID not in reading(headers={"HX-Request": "true"})
    assert SAID not in reading(headers={"Sec-Fetch-Mode": "cors"})
    assert SAID in reading()


def test_nobody_is_told_who_did_not_ask(sign_in, member, clock):
    browser = sign_in(member)
    for _page in range(6):
        assert "You have been here" not in browser.get(reverse("boards")).text
        clock(15)
    assert "sitting" not in browser.session


def test_a_session_is_written_once_a_minute_at_most():
    session: dict[str, Any] = {}
    written = 0
    for second in range(0, 600, 5):
        before = dict(session)
        sitting.is_time(session, minutes=30, now=1000.0 + second)
        written += session != before
    assert written == 10


@pytest.mark.parametrize(("sent", "kept"), [("45", 45), ("", None)])
def test_the_minutes_are_chosen_or_taken_back(sent, kept, sign_in, member):
    Member.objects.filter(pk=member.pk).update(session_minutes=30)
    sign_in(member).post(reverse("settings_pages"), {"session_minutes": sent})
    member.refresh_from_db()
    assert member.session_minutes == kept


def test_minutes_that_are_not_on_offer_are_refused(sign_in, member):
    assert sign_in(member).post(reverse("settings_pages"), {"session_minutes": "7"}).status_code == 422


def test_every_page_is_called_the_same_for_who_wants_that(scene, sign_in, member):
    browser = sign_in(member)
    assert pages.soup(browser.get(reverse("settings"))).title.get_text() == "Settings · Alongside"
    browser.post(reverse("settings_pages"), {"session_minutes": "", "plain_titles": "on"})
    for address in (reverse("settings"), scene.thread.get_absolute_url(), reverse("account_email"), reverse("home")):
        assert pages.soup(browser.get(address)).title.get_text() == "Alongside"
