"""The clock on the wall, where it jumps, stops twice at one hour, or leaves out a day."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clocks import Occasion, WeeklyClock, exists, instant, zone_label, zones

DAILY = frozenset(range(7))


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def struck(day: str, at: str, zone: str) -> dt.datetime:
    return instant(dt.date.fromisoformat(day), dt.time.fromisoformat(at), ZoneInfo(zone))


# --- one time of one day


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        ("2026-01-15", "19:00", "Europe/London", "2026-01-15 19:00"),
        ("2026-07-15", "19:00", "Europe/London", "2026-07-15 18:00"),
        ("2026-01-15", "19:00", "America/New_York", "2026-01-16 00:00"),
        ("2026-01-15", "00:15", "Asia/Kathmandu", "2026-01-14 18:30"),  # 5:45 ahead
        ("2026-01-15", "08:00", "Australia/Lord_Howe", "2026-01-14 21:00"),
        ("2026-01-15", "08:00", "Pacific/Apia", "2026-01-14 19:00"),
    ],
)
def test_an_hour_of_the_clock_is_an_instant(day, at, zone, expected):
    assert struck(day, at, zone) == utc(expected)


@pytest.mark.parametrize(
    ("day", "at", "zone", "shown"),
    [
        ("2026-03-29", "01:00", "Europe/London", "02:00"),
        ("2026-03-29", "01:30", "Europe/London", "02:00"),
        ("2026-03-29", "01:59:59", "Europe/London", "02:00"),
        ("2026-03-08", "02:30", "America/New_York", "03:00"),
        ("2026-10-04", "02:10", "Australia/Lord_Howe", "02:30"),  # half an hour is left out there
    ],
)
def test_a_time_that_is_left_out_when_clocks_go_forward_is_the_first_one_after_it(day, at, zone, shown):
    struck_at = struck(day, at, zone)
    assert struck_at.astimezone(ZoneInfo(zone)).time() == dt.time.fromisoformat(shown)
    # The very first: a second before, the clock had not been changed.
    before = (struck_at - dt.timedelta(seconds=1)).astimezone(ZoneInfo(zone)).time()
    assert before < dt.time.fromisoformat(at)


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        ("2026-10-25", "01:30", "Europe/London", "2026-10-25 00:30"),
        ("2026-11-01", "01:30", "America/New_York", "2026-11-01 05:30"),
        ("2026-04-05", "01:45", "Australia/Lord_Howe", "2026-04-04 14:45"),
    ],
)
def test_a_time_that_comes_twice_when_clocks_go_back_is_the_first_of_both(day, at, zone, expected):
    assert struck(day, at, zone) == utc(expected)


@pytest.mark.parametrize(
    ("day", "zone"),
    [("2026-03-29", "Europe/London"), ("2026-03-08", "America/New_York"), ("2026-10-04", "Australia/Lord_Howe")],
)
def test_the_hours_around_a_change_keep_their_order(day, zone):
    times = [struck(day, f"{hour:02}:{minute:02}", zone) for hour in range(24) for minute in range(0, 60, 10)]
    assert times == sorted(times)


def test_a_day_that_a_country_left_out_does_not_exist():
    samoa = ZoneInfo("Pacific/Apia")
    days = [dt.date(2011, 12, day) for day in (29, 30, 31)]
    assert [exists(day, samoa) for day in days] == [True, False, True]
    assert all(exists(day, ZoneInfo("Europe/London")) for day in days)


@given(
    day=st.dates(dt.date(1975, 1, 1), dt.date(2037, 12, 31)),
    at=st.times().map(lambda time: time.replace(microsecond=0)),
    zone=st.sampled_from(
        ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
    ).map(ZoneInfo),
)
def test_whatever_the_day_and_the_place_the_clock_shows_the_time_or_the_end_of_a_gap(day, at, zone):
    struck_at = instant(day, at, zone)
    shown = struck_at.astimezone(zone)
    wanted = dt.datetime.combine(day, at)
    if shown.replace(tzinfo=None) == wanted:
        assert shown.fold == 0
    else:
        just_before = (struck_at - dt.timedelta(seconds=1)).astimezone(zone)
        assert just_before.replace(tzinfo=None) < wanted < shown.replace(tzinfo=None)
        assert offset(just_before) < offset(shown)


def offset(moment: dt.datetime) -> dt.timedelta:
    found = moment.utcoffset()
    assert found is not None
    return found


def latest_day(clock: WeeklyClock, now: dt.datetime) -> dt.date:
    found = clock.latest(now)
    assert found is not None
    return found.day


# --- each week


def test_the_latest_time_is_the_one_at_or_before_now():
    sundays = WeeklyClock(frozenset({6}), dt.time(19), ZoneInfo("Europe/London"))
    struck_at = utc("2026-11-22 19:00")
    for now, day in (
        (struck_at, dt.date(2026, 11, 22)),
        (struck_at - dt.timedelta(seconds=1), dt.date(2026, 11, 15)),
        (struck_at + dt.timedelta(days=6), dt.date(2026, 11, 22)),
    ):
        assert latest_day(sundays, now) == day


def test_the_day_is_the_local_one():
    evening = WeeklyClock(DAILY, dt.time(20), ZoneInfo("America/New_York"))
    assert evening.latest(utc("2026-11-23 01:30")) == Occasion(dt.date(2026, 11, 22), utc("2026-11-23 01:00"))


def test_an_hour_stays_an_hour_of_the_clock_when_summer_time_ends():
    evening = WeeklyClock(DAILY, dt.time(19), ZoneInfo("Europe/London"))
    coming = list(itertools.islice(evening.upcoming(utc("2026-10-23 20:00")), 3))
    assert [(occasion.day.day, occasion.at) for occasion in coming] == [
        (24, utc("2026-10-24 18:00")),
        (25, utc("2026-10-25 19:00")),
        (26, utc("2026-10-26 19:00")),
    ]


def test_a_night_in_which_an_hour_comes_twice_strikes_once():
    night = WeeklyClock(DAILY, dt.time(1, 30), ZoneInfo("Europe/London"))
    minutes = [utc("2026-10-24 22:00") + dt.timedelta(minutes=minute) for minute in range(6 * 60)]
    assert {latest_day(night, minute) for minute in minutes} == {dt.date(2026, 10, 24), dt.date(2026, 10, 25)}


def test_a_weekday_that_was_left_out_is_passed_over():
    fridays = WeeklyClock(frozenset({4}), dt.time(19), ZoneInfo("Pacific/Apia"))
    assert latest_day(fridays, utc("2011-12-31 12:00")) == dt.date(2011, 12, 23)
    assert next(fridays.upcoming(utc("2011-12-29 12:00"))).day == dt.date(2012, 1, 6)


def test_what_comes_is_after_now_and_not_before_the_first_day():
    weekly = WeeklyClock(frozenset({0, 3}), dt.time(9), ZoneInfo("Europe/London"))
    now = utc("2026-11-23 09:00")  # a Monday, and just struck
    assert next(weekly.upcoming(now)).day == dt.date(2026, 11, 26)
    assert next(weekly.upcoming(now, first_day=dt.date(2026, 12, 1))).day == dt.date(2026, 12, 3)
    assert next(weekly.upcoming(now - dt.timedelta(seconds=1))).day == dt.date(2026, 11, 23)


def test_a_clock_without_weekdays_never_strikes():
    never = WeeklyClock(frozenset(), dt.time(9), ZoneInfo("Europe/London"))
    assert never.latest(utc("2026-11-23 09:00")) is None
    assert list(never.upcoming(utc("2026-11-23 09:00"))) == []


# --- zones


def test_every_zone_of_the_machine_can_be_chosen_once():
    names = [name for _region, names in zones() for name in names]
    assert len(names) == len(set(names))
    assert available_timezones() - set(names) <= {"localtime", "posixrules", "Factory"}


@pytest.mark.parametrize(
    ("name", "label"),
    [("Europe/London", "London"), ("America/Argentina/Buenos_Aires", "Buenos Aires"), ("UTC", "UTC")],
)
def test_a_zone_is_called_by_its_city(name, label):
    assert zone_label(name) == label
