"""When a line is open: how it is written, and what is said of it at any hour."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources import opening

DUBLIN = "Europe/Dublin"


def at(text: str, zone: str = DUBLIN) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def said(hours: str, when: dt.datetime, zone: str = DUBLIN) -> str:
    return opening.in_words(opening.parse(hours), zone, when)


@pytest.mark.parametrize(
    ("hours", "when", "words"),
    [
        ("always", "2026-11-22T03:00", "Open now."),
        ("Mon-Sun 10:00-22:00", "2026-11-22T10:00", "Open now, until 22:00, Dublin time."),
        ("Mon-Sun 10:00-22:00", "2026-11-22T21:59", "Open now, until 22:00, Dublin time."),
        ("Mon-Sun 10:00-22:00", "2026-11-22T22:00", "Closed now. Opens tomorrow at 10:00, Dublin time."),
        ("Mon-Sun 10:00-22:00", "2026-11-22T09:59", "Closed now. Opens today at 10:00, Dublin time."),
        # A Sunday evening.
        ("Tue 13:00-17:00", "2026-11-22T20:00", "Closed now. Opens on Tuesday at 13:00, Dublin time."),
        ("Sun 13:00-17:00", "2026-11-22T20:00", "Closed now. Opens on Sunday at 13:00, Dublin time."),
        # Past midnight: what opened on Saturday is open on Sunday.
        ("Sat 18:00-02:00", "2026-11-22T01:30", "Open now, until 02:00, Dublin time."),
        ("Sat 18:00-02:00", "2026-11-22T02:00", "Closed now. Opens on Saturday at 18:00, Dublin time."),
        ("Sun 00:00-24:00", "2026-11-22T23:30", "Open now, until 00:00, Dublin time."),
        ("Mon 8:30-12:30; Mon 13:30-16:00", "2026-11-23T13:00", "Closed now. Opens today at 13:30, Dublin time."),
        ("", "2026-11-22T12:00", ""),
    ],
)
def test_what_is_said_at_an_hour(hours, when, words):
    assert said(hours, at(when)) == words


def test_the_clock_is_that_of_the_line_not_that_of_the_reader():
    noon_in_sydney = at("2026-11-23T12:00", "Australia/Sydney")
    assert noon_in_sydney.astimezone(dt.UTC).weekday() == 0
    assert said("Mon 9:00-17:00", noon_in_sydney, "Australia/Sydney").startswith("Open now, until 17:00, Sydney")
    assert said("Mon 9:00-17:00", noon_in_sydney, "America/New_York").startswith("Closed now. Opens tomorrow at 09:00")


def test_hours_hold_when_the_clocks_change():
    # In Dublin the clocks go back at two on this Sunday, and forward at one on that one.
    for sunday in ("2026-10-25", "2027-03-28"):
        assert said("Sun 9:00-17:00", at(f"{sunday}T16:30")) == "Open now, until 17:00, Dublin time."
        assert said("Sun 9:00-17:00", at(f"{sunday}T08:30")) == "Closed now. Opens today at 09:00, Dublin time."


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Always", "always"),
        ("Monday-Thursday 9:00-17:00", "Mon-Thu 09:00-17:00"),
        ("mon, wed-fri 9:00 – 17:00\nSat 10:00-12:00", "Mon, Wed-Fri 09:00-17:00; Sat 10:00-12:00"),
        ("Sat-Mon 09:00-10:00", "Mon, Sat-Sun 09:00-10:00"),
        ("", ""),
    ],
)
def test_people_write_hours_in_several_ways(written, kept):
    understood = opening.parse(written)
    assert str(understood) == kept
    assert opening.parse(kept) == understood
    assert opening.from_json(understood.as_json()) == understood


@pytest.mark.parametrize("written", ["24/7", "Mon 9-17", "Mon 25:00-26:00", "Moonday 9:00-17:00", "9:00-17:00", "Mon"])
def test_what_is_not_understood_is_named(written):
    with pytest.raises(ValueError, match=r"“.+” is n"):
        opening.parse(written)


ROWS = st.builds(
    opening.Row,
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)


@given(
    rows=st.lists(ROWS, min_size=1, max_size=3),
    now=st.integers(1_735_689_600, 1_900_000_000).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC)),
    zone=st.sampled_from([DUBLIN, "Asia/Kolkata", "America/St_Johns", "Pacific/Auckland", "UTC"]),
)
def test_a_line_with_hours_is_open_or_says_when_it_opens(rows, now, zone):
    hours = opening.Opening(rows=tuple(rows))
    place = ZoneInfo(zone)
    until, opens = hours.until(now, place), hours.next(now, place)
    assert until is None or until > now
    assert opens is None or opens > now
    assert until or opens
    assert opening.in_words(hours, zone, now).startswith("Open now, until" if until else "Closed now. Opens")
    assert opening.parse(str(hours)) == hours
