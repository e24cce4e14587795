"""Lines to call or text: the file, the links, what is said of lines that nobody has checked."""

import dataclasses
import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.test import Client

from core.wording import LOUD
from resources import helplines, opening, phones
from resources.helplines import Channel, Helpline
from tests import pages
from tests.resources.language import never_said

COUNTRIES = helplines.shipped()
LINES = [(code, line) for code, country in COUNTRIES.items() for line in country.helplines]
CHANNELS = [
    pytest.param(line, way, id=f"{code} {line.name} {way.kind}") for code, line in LINES for way in line.channels
]
NOT_CHECKED = "Not yet checked by a person here. The number may have changed."


@pytest.fixture(autouse=True)
def nothing_made_ahead(settings, tmp_path):
    settings.HELP_DIR = str(tmp_path / "help")


def a_line(**changes) -> Helpline:
    return dataclasses.replace(COUNTRIES["GB"].helplines[0], **changes)


def shown(line: Helpline) -> str:
    return render_to_string("components/helpline.html", {"line": line})


def test_every_country_has_an_emergency_number_and_a_line():
    for code, country in COUNTRIES.items():
        if code != helplines.ELSEWHERE:
            assert re.fullmatch(r"\d{3}", country.emergency_dial), code
            assert country.helplines, code
    assert list(COUNTRIES)[-1] == helplines.ELSEWHERE


def test_every_line_says_for_whom_when_in_which_languages_at_what_cost_and_where_that_is_written():
    for code, line in LINES:
        for field in ("name", "who_for", "hours", "cost", "source"):
            assert getattr(line, field).strip(), f"{code} {line.name}: {field}"
        assert line.languages, f"{code} {line.name}"
        assert re.match(r"https?://", line.source), f"{code} {line.name}"
        assert line.channels or code == helplines.ELSEWHERE, f"{code} {line.name}"
        if line.hours_tz:
            ZoneInfo(line.hours_tz)
        assert bool(line.opening.always) == line.hours.startswith("24 hours a day, every day"), f"{code} {line.name}"


def test_no_line_is_in_a_country_twice():
    for code, country in COUNTRIES.items():
        names = [line.name for line in country.helplines]
        assert len(names) == len(set(names)), code


def test_the_lines_speak_as_the_site_does():
    text = helplines.FILE.read_text(encoding="utf-8")
    assert not never_said(text)
    assert not LOUD.search(text)


@pytest.mark.parametrize(("line", "way"), CHANNELS)
def test_what_is_dialled_is_what_is_read(line, way):
    if way.kind == "chat":
        assert way.dial.startswith("https://")
        assert way.display in way.dial
        return
    assert re.fullmatch(r"\+?\d{3,15}", way.dial)
    read = re.sub(r"[^\d+]", "", way.display)
    # “988, then press 1”: what comes after the comma is pressed later.
    assert read == way.dial or (", " in way.display and read.startswith(way.dial))


@pytest.mark.parametrize(("line", "way"), CHANNELS)
def test_the_link_does_what_it_says(line, way):
    expected = {
        "call": f"tel:{way.dial}",
        "text": f"sms:{way.dial}" + (f"?&body={way.body}" if way.body else ""),
        "chat": way.dial,
    }
    assert way.href == expected[way.kind]


@pytest.mark.parametrize(("line", "way"), CHANNELS)
def test_short_numbers_stay_short(line, way):
    digits = re.sub(r"\D", "", way.display.partition(",")[0])
    if way.kind != "chat" and len(digits) <= 6:
        assert way.dial == digits


def test_a_word_to_text_survives_the_address():
    way = Channel("text", "50808", "50808", body="HELLO & help")
    assert way.href == "sms:50808?&body=HELLO%20%26%20help"
    assert "Text HELLO &amp; help to 50808" in shown(a_line(channels=(way,)))


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (Channel("call", "116 123", "116123"), "Call 116 123"),
        (Channel("text", "85258", "85258", "SHOUT"), "Text SHOUT to 85258"),
        (Channel("text", "988", "988"), "Text 988"),
        (Channel("chat", "113.nl", "https://www.113.nl/"), "Chat: 113.nl"),
    ],
)
def test_each_button_says_what_it_does(way, words):
    assert words in shown(a_line(channels=(way,)))


def test_following_a_chat_does_not_say_where_one_came_from():
    way = Channel("chat", "113.nl", "https://www.113.nl/")
    assert 'rel="noopener noreferrer"' in shown(a_line(channels=(way,)))


def test_no_line_passes_for_checked_before_a_person_signed_for_it():
    for code, line in LINES:
        assert not line.verified, f"{code} {line.name}: who checked it?"


def test_the_page_says_of_every_line_that_nobody_has_checked_it():
    for code, country in COUNTRIES.items():
        page = Client().get("/help-now/", {"country": code})
        assert pages.words(page).count(NOT_CHECKED) == len(country.helplines), code


def test_a_line_that_somebody_checked_says_until_when():
    today = dt.datetime.now(dt.UTC).date()
    line = a_line(verified_on=today, review_by=today + dt.timedelta(days=200))
    assert line.verified
    assert "Checked by a person. To be checked again by" in shown(line)
    assert NOT_CHECKED not in shown(line)


def test_a_check_that_is_too_old_counts_no_longer():
    today = dt.datetime.now(dt.UTC).date()
    line = a_line(verified_on=today - dt.timedelta(days=400), review_by=today - dt.timedelta(days=1))
    assert not line.verified
    assert "Was to be checked again by" in shown(line)
    assert "The number may have changed." in shown(line)
    assert "Checked by a person" not in shown(line)
    assert a_line(verified_on=today, review_by=today).verified


def test_three_lines_come_first_and_the_rest_on_request():
    country = COUNTRIES["GB"]
    page = pages.soup(Client().get("/help-now/?country=GB"))
    first = page.select(".help-part > .stack h3")
    more = page.select("details .stack h3")
    assert [heading.get_text() for heading in first] == [line.name for line in country.helplines[:3]]
    assert [heading.get_text() for heading in more] == [line.name for line in country.helplines[3:]]


def test_the_country_is_remembered_until_the_browser_is_closed_and_no_script_can_read_it():
    client = Client()
    client.get("/help-now/?country=NZ")
    cookie = client.cookies["country"]
    assert cookie.value == "NZ"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert not cookie["expires"]
    assert "Someone to talk to: New Zealand" in pages.words(client.get("/help-now/"))


def test_another_choice_replaces_the_first():
    client = Client()
    client.get("/help-now/?country=NZ")
    client.get("/help-now/?country=NL")
    assert "Someone to talk to: Netherlands" in pages.words(client.get("/help-now/"))


def test_a_country_that_is_not_in_the_file_keeps_the_one_chosen_before():
    client = Client()
    client.get("/help-now/?country=NZ")
    page = client.get("/help-now/?country=ZZ")
    assert "Someone to talk to: New Zealand" in pages.words(page)
    assert client.cookies["country"].value == "NZ"


@pytest.mark.parametrize("cookie", ["", "ZZ", "<script>", "GB;", "x" * 5000])
def test_a_cookie_that_makes_no_sense_is_passed_over(cookie):
    client = Client()
    client.cookies["country"] = cookie
    page = client.get("/help-now/")
    assert page.status_code == 200
    assert "Call your local emergency number" in pages.words(page) or "United Kingdom" in pages.words(page)
    assert "<script>" not in page.text.partition("<main")[2]


def test_help_is_only_looked_at():
    assert Client().post("/help-now/", {"country": "NZ"}).status_code == 405
    assert Client().head("/help-now/").status_code == 200


def test_a_line_leads_to_where_its_facts_are_written_without_saying_where_one_came_from():
    html = shown(a_line(source="https://www.samaritans.org/"))
    assert '<a href="https://www.samaritans.org/" rel="noopener noreferrer">samaritans.org</a>' in html


def test_a_line_says_whether_it_is_open_now():
    assert "Open now." in shown(a_line(opening=opening.parse("always")))
    timed = shown(a_line(opening=opening.parse("Mon-Sun 10:00-22:00"), hours_tz="Europe/Dublin"))
    assert "Dublin time." in timed
    assert "open-now" not in shown(a_line(opening=opening.UNKNOWN))


@pytest.mark.parametrize(("line", "way"), CHANNELS)
def test_what_is_dialled_can_be_reached_from_there(line, way):
    country = next(code for code, each in LINES if each is line)
    assert not phones.problem(kind=way.kind, display=way.display, dial=way.dial, country=country)


@pytest.mark.parametrize(
    ("display", "dial", "country", "words"),
    [
        ("0808 808 800", "0808808800", "GB", "lost or gained a digit"),
        ("0808 808 80000", "080880880000", "GB", "lost or gained a digit"),
        ("116 123", "116124", "GB", "not the same number"),
        ("116 123", "116 123", "GB", "only digits"),
        ("+44 116 123", "+44116123", "GB", "lost or gained a digit"),
        ("988; rm", "988;rm", "US", "only digits"),
        ("116 123", "116123", "XX", "lost or gained a digit"),
    ],
)
def test_a_number_that_cannot_be_right_is_noticed(display, dial, country, words):
    assert words in phones.problem(kind="call", display=display, dial=dial, country=country)


@pytest.mark.parametrize("address", ["http://a.example", "javascript:alert(1)", "https://", "116123", "https://[bad"])
def test_a_chat_is_an_address_that_nobody_else_reads_along(address):
    assert "no address of a chat" in phones.problem(kind="chat", display="Chat", dial=address, country="GB")
