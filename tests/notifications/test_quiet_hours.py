"""Quiet hours (M7): what can wait does, by the clock on the member's wall."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from forums.news import REPLIED_TO_YOU
from members.models import Member
from moderation.news_appeals import STAFF_MESSAGE
from notifications import access
from notifications.models import Delivery, Digest, Event, Notice, Sending, Wishes
from tests import factories
from tests.notifications.test_wishes import filled_in
from tests.pages import value_of, words

# hypothesis adds the zone itself.
FIRST, LAST = dt.datetime(2011, 1, 1), dt.datetime(2030, 1, 1)  # noqa: DTZ001
NIGHT = Wishes(quiet_from=dt.time(22), quiet_until=dt.time(7, 30))
NOON = Wishes(quiet_from=dt.time(12), quiet_until=dt.time(14))
# Inside the hour that clocks skip in spring and show twice in autumn.
SHORT = Wishes(quiet_from=dt.time(2, 15), quiet_until=dt.time(2, 45))


def quiet(wishes, now, zone="Europe/Berlin"):
    until = access.quiet_until(Member(time_zone=zone), wishes, dt.datetime.fromisoformat(now))
    return until.isoformat() if until else None


@pytest.mark.parametrize(
    ("wishes", "now", "until"),
    [
        (NIGHT, "2026-06-01T21:59:59+02:00", None),
        (NIGHT, "2026-06-01T22:00:00+02:00", "2026-06-02T05:30:00+00:00"),
        (NIGHT, "2026-06-02T07:29:59+02:00", "2026-06-02T05:30:00+00:00"),
        (NIGHT, "2026-06-02T07:30:00+02:00", None),
        (NOON, "2026-06-01T13:00:00+02:00", "2026-06-01T12:00:00+00:00"),
        (NOON, "2026-06-01T14:00:00+02:00", None),
        (Wishes(), "2026-06-01T03:00:00+02:00", None),
    ],
)
def test_mails_wait_from_the_beginning_to_the_end_and_not_longer(wishes, now, until):
    assert quiet(wishes, now) == until


@pytest.mark.parametrize(
    ("wishes", "now", "until"),
    [
        # A night that is an hour shorter, and one that is an hour longer.
        (NIGHT, "2026-03-29T01:59:00+01:00", "2026-03-29T05:30:00+00:00"),
        (NIGHT, "2026-10-25T02:30:00+01:00", "2026-10-25T06:30:00+00:00"),
        # Both ends are skipped, so there is no such time on that day.
        (SHORT, "2026-03-29T03:00:00+02:00", None),
        (SHORT, "2026-03-29T01:59:59+01:00", None),
        # Shown twice, it counts once.
        (SHORT, "2026-10-25T02:30:00+02:00", "2026-10-25T00:45:00+00:00"),
        (SHORT, "2026-10-25T02:30:00+01:00", None),
    ],
)
def test_when_clocks_are_changed_the_hours_are_still_those_on_the_wall(wishes, now, until):
    assert quiet(wishes, now) == until


def test_a_zone_that_the_machine_does_not_know_counts_as_the_sites():
    assert quiet(NIGHT, "2026-06-01T23:00:00+01:00", zone="Middle-earth/Bree") == "2026-06-02T06:30:00+00:00"


@given(
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Cairo"]),
    start=st.times(),
    end=st.times(),
    now=st.datetimes(FIRST, LAST, timezones=st.just(dt.UTC)),
)
def test_whatever_the_clock_does_nothing_waits_for_ever(zone, start, end, now):
    until = access.quiet_until(Member(time_zone=zone), Wishes(quiet_from=start, quiet_until=end), now)
    if until is not None:
        # The longest day there is: one that clocks make longer.
        assert now < until <= now + dt.timedelta(hours=26)


# --- choosing ---------------------------------------------------------------------------------------------------


@pytest.fixture
def keep(sign_in, member):
    def send(**changed):
        browser = sign_in(member)
        return browser.post(reverse("news_wishes"), filled_in(browser.get(reverse("news_wishes"))) | changed)

    return send


def test_quiet_hours_are_kept_and_shown_again(keep, sign_in, member):
    assert keep(quiet_from="22:00", quiet_until="07:30").status_code == 302
    page = sign_in(member).get(reverse("news_wishes"))
    assert (value_of(page, "quiet_from"), value_of(page, "quiet_until")) == ("22:00", "07:30")
    keep(quiet_from="", quiet_until="")
    assert Wishes.objects.get(member=member).quiet_from is None


@pytest.mark.parametrize(("start", "end"), [("22:00", ""), ("", "07:00"), ("07:00", "07:00"), ("25:00", "07:00")])
def test_half_an_answer_is_asked_about_and_what_was_typed_stays(keep, start, end):
    answer = keep(quiet_from=start, quiet_until=end, kind_new_reply="mail")
    assert answer.status_code == 422
    assert (value_of(answer, "quiet_from"), value_of(answer, "quiet_until")) == (start, end)
    assert value_of(answer, "kind_new_reply") == ["mail"]
    assert "Nothing was saved yet" in words(answer)


# --- what waits -------------------------------------------------------------------------------------------------


@pytest.fixture
def always_quiet(member):
    """As good as: all but one second of the day."""
    now = timezone.now().astimezone(access.zone_of(member))
    start = (now - dt.timedelta(hours=12)).time().replace(microsecond=0)
    end = (now - dt.timedelta(hours=12, seconds=1)).time().replace(microsecond=0)
    return Wishes.objects.create(member=member, quiet_from=start, quiet_until=end, rhythm="daily")


def held(sending, now) -> Any:
    return access.why_not(sending, now)


def delivery(member, kind, **fields):
    event = Event.objects.create(kind=kind.key, target_id=1)
    notice = Notice.objects.create(event=event, recipient=member, presses=kind.presses)
    return Delivery.objects.create(notice=notice, channel="email", **fields)


def test_digests_wait_and_words_from_moderators_do_not(always_quiet, member, monkeypatch):
    monkeypatch.setattr("notifications.access.reasons.is_visible", lambda _notice, _member: True)
    now = timezone.now()
    digest = Digest.objects.create(member=member, day=now.date())
    digest.refresh_from_db()
    waits = held(digest, now)
    assert (waits.reason, waits.until > now) == (Sending.Reason.QUIET, True)
    pressing = delivery(member, STAFF_MESSAGE)
    assert held(pressing, now) is None
    assert held(delivery(member, REPLIED_TO_YOU), now).reason == Sending.Reason.QUIET


def test_mails_that_wait_are_looked_at_again_when_the_hours_are_changed(always_quiet, keep, member):
    later = factories.now() + dt.timedelta(hours=8)
    waiting = delivery(member, REPLIED_TO_YOU, reason=Sending.Reason.QUIET, due_at=later)
    other = delivery(factories.MemberFactory(), STAFF_MESSAGE, reason=Sending.Reason.QUIET, due_at=later)
    keep(quiet_from="", quiet_until="")
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert waiting.due_at <= timezone.now()
    assert other.due_at == later
