"""How long ago something was: in steps that are the same for everybody, and say how long they last."""

import datetime as dt

import pytest
from django.utils import translation

from core.ago import Asked, words_last

NOW = dt.datetime(2031, 3, 31, 15, 30, 45, 123456, tzinfo=dt.UTC)
SPACE = "\N{NO-BREAK SPACE}"


def ago(**span):
    return Asked(NOW).ago(NOW - dt.timedelta(**span)).replace(SPACE, " ")


def waited(**span):
    return Asked(NOW).waited(NOW - dt.timedelta(**span)).replace(SPACE, " ")


def test_it_is_said_in_words():
    assert ago() == ago(seconds=59) == "now"
    assert ago(seconds=60) == "a minute ago"
    assert ago(minutes=59, seconds=59) == "59 minutes ago"
    assert ago(minutes=119) == "an hour ago"
    assert ago(hours=23, minutes=59) == "23 hours ago"
    assert ago(hours=27, minutes=59) == "1 day, 3 hours ago"
    assert ago(days=6, hours=23, minutes=59) == "6 days, 23 hours ago"
    assert ago(days=10) == "1 week, 3 days ago"
    # From 1 February and from the last day of February 2030 on.
    assert ago(days=58) == "1 month, 4 weeks ago"
    assert ago(days=396) == "1 year, 1 month ago"


def test_how_long_somebody_waited_is_said_more_shortly():
    assert waited() == "0 minutes"
    assert waited(minutes=7) == "7 minutes"
    assert waited(hours=3, minutes=20) == "3 hours"
    assert waited(days=10) == "1 week"
    assert waited(days=58) == "1 month"


def test_what_lies_a_moment_ahead_is_now():
    """The clocks of two machines differ."""
    ahead = NOW + dt.timedelta(seconds=3)
    assert Asked(NOW).ago(ahead) == "now"
    assert words_last(ahead, NOW) == (NOW, ahead + dt.timedelta(minutes=1))


def test_it_is_said_in_the_language_of_who_asks():
    english = ago(hours=3)
    with translation.override("de"):
        assert ago(hours=3) != english
    assert ago(hours=3) == english


@pytest.mark.parametrize("minutes", [0, 3, 59, 60, 61, 600, 1439, 1440, 5000, 10079, 10080, 40000, 90000, 600000])
def test_words_last_as_long_as_it_is_said(minutes):
    moment = NOW - dt.timedelta(minutes=minutes, seconds=17)
    since, until = words_last(moment, NOW)
    assert since <= NOW < until
    last = until - dt.timedelta(microseconds=1)
    for say in ("ago", "waited"):
        said = {getattr(Asked(now), say)(moment) for now in (since, NOW, last)}
        assert len(said) == 1
    assert words_last(moment, since)[0] == words_last(moment, last)[0] == since
    assert words_last(moment, until)[0] == until


def test_the_next_words_come_when_they_are_due():
    moment = NOW - dt.timedelta(minutes=3)
    _since, until = words_last(moment, NOW)
    assert Asked(until).ago(moment).replace(SPACE, " ") == "4 minutes ago"
