"""What members choose: how far each kind of news goes, when mails come, and what waits."""

import datetime as dt
import zoneinfo
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import clocks
from forums.news import NEW_REPLY, NEW_THREAD, REPLIED_TO_YOU
from members.models import Member
from moderation.news import DECISION_ABOUT_YOU
from notifications import access, kinds
from notifications.models import Channel, Choice, Delivery, Event, Notice, Rhythm, Sending, Wishes
from notifications.services import returns
from notifications.services import wishes as choosing
from tests import factories
from tests.at_once import at_once
from tests.members.test_second_factor import asks_for, new_says_yes, old_says, proven
from tests.pages import soup, value_of, words

PAGE = reverse("news_wishes")
BERLIN = "Europe/Berlin"
# hypothesis adds the zone itself.
FIRST, LAST = dt.datetime(2011, 1, 1), dt.datetime(2030, 1, 1)  # noqa: DTZ001


def filled_in(page):
    """What the form would send as it stands."""
    form = soup(page).find("form", class_="wishes")
    data = {field["name"]: field.get("value", "") for field in form.select("input:not([type=radio], [type=checkbox])")}
    data |= {field["name"]: field["value"] for field in form.select("input[type=radio][checked]")}
    data |= {field["name"]: "on" for field in form.select("input[type=checkbox][checked]")}
    for select in form.find_all("select"):
        chosen = select.find("option", selected=True) or select.find("option")
        data[select["name"]] = chosen["value"]
    return data


@pytest.fixture
def keep(sign_in):
    """Open the page, change some of the fields, and send it."""

    def send(member, **changed):
        browser = sign_in(member)
        return browser.post(PAGE, filled_in(browser.get(PAGE)) | changed)

    return send


def kept(member) -> Any:
    return Wishes.objects.get(member=member)


def planned(member, wishes, now) -> Any:
    return access.next_digest_at(member, wishes, now)


def channel(member, kind):
    return access.channel_of(member, kind)


# --- how far each kind goes -------------------------------------------------------------------------------------


def test_nothing_is_kept_of_what_somebody_left_as_it_was(keep, member):
    assert keep(member).status_code == 302
    assert not Choice.objects.exists()
    wishes = kept(member)
    assert (wishes.rhythm, wishes.next_digest_at, wishes.quiet_from, wishes.content_in_mail) == (
        "off",
        None,
        None,
        False,
    )


def test_the_calm_defaults_are_what_the_page_shows(sign_in, member):
    page = sign_in(member).get(PAGE)
    assert value_of(page, "kind_replied_to_you") == ["mail"]
    assert value_of(page, "kind_new_reply") == ["site"]
    assert value_of(page, "rhythm") == ["off"]


def test_each_kind_goes_as_far_as_its_member_says(keep, member, other_member):
    keep(member, kind_new_reply="mail", kind_replied_to_you="nothing", kind_new_thread="digest")
    assert channel(member, NEW_REPLY) == Channel.MAIL
    assert channel(member, REPLIED_TO_YOU) == Channel.NOTHING
    assert channel(member, NEW_THREAD) == Channel.DIGEST
    assert channel(other_member, REPLIED_TO_YOU) == Channel.MAIL
    keep(member, kind_new_reply="site")
    assert channel(member, NEW_REPLY) == Channel.SITE
    assert Choice.objects.filter(member=member).count() == 2


def test_what_nobody_may_miss_cannot_be_turned_off_altogether(keep, sign_in, member):
    select = soup(sign_in(member).get(PAGE)).find(attrs={"name": "kind_decision_about_you"})
    assert [option["value"] for option in select.find_all("option")] == ["site", "digest", "mail"]
    answer = keep(member, kind_decision_about_you="nothing")
    assert answer.status_code == 422
    assert channel(member, DECISION_ABOUT_YOU) == Channel.MAIL


def test_only_moderators_find_what_is_for_moderators(sign_in, member, moderator):
    assert not soup(sign_in(member).get(PAGE)).find(attrs={"name": "kind_queue_overdue"})
    page = sign_in(moderator).get(PAGE)
    assert soup(page).find(attrs={"name": "kind_queue_overdue"})
    assert "Moderating" in words(page)


def test_every_kind_that_has_a_name_is_under_one_heading(sign_in, moderator):
    offered = {kind.key for kind in kinds.offered_to(moderator)}
    selects = soup(sign_in(moderator).get(PAGE)).select(".kinds select")
    assert sorted(select["name"].removeprefix("kind_") for select in selects) == sorted(offered)


def test_the_usual_ways_come_back_in_one_press(keep, sign_in, member):
    keep(member, kind_new_reply="mail", rhythm="daily")
    browser = sign_in(member)
    for _twice in range(2):
        assert browser.post(reverse("news_usual")).status_code == 302
    assert channel(member, NEW_REPLY) == Channel.SITE
    assert kept(member).rhythm == Rhythm.DAILY


def test_nobody_chooses_for_somebody_else_and_visitors_sign_in_first(keep, visitor, member, other_member):
    keep(other_member, kind_new_reply="mail")
    assert channel(member, NEW_REPLY) == Channel.SITE
    for name in ("news_wishes", "news_mails"):
        assert visitor.get(reverse(name)).headers["Location"].startswith("/accounts/login/")
    for name in ("news_usual", "news_mail", "news_away", "news_address", "news_digest"):
        assert visitor.post(reverse(name)).headers["Location"].startswith("/accounts/login/")
        assert visitor.get(reverse(name)).status_code == 302


def test_buttons_change_nothing_when_their_address_is_only_opened(sign_in, member):
    browser = sign_in(member)
    for name in ("news_usual", "news_mail", "news_away", "news_address", "news_digest"):
        assert browser.get(reverse(name)).status_code == 405
    assert not Wishes.objects.exists()


def test_a_suspended_member_still_chooses(keep, member):
    Member.objects.filter(pk=member.pk).update(suspended_until=factories.now() + dt.timedelta(days=3))
    member.refresh_from_db()
    assert keep(member, kind_new_reply="mail").status_code == 302
    assert channel(member, NEW_REPLY) == Channel.MAIL


def test_two_tabs_that_keep_at_the_same_instant_leave_one_of_the_two(shared_database):
    member = factories.MemberFactory()

    def keeping(how):
        plan = choosing.Plan(
            channels={NEW_REPLY.key: how, NEW_THREAD.key: how}, time_zone="", quiet_from=None, quiet_until=None,
            rhythm=Rhythm.OFF, digest_hour=9, digest_weekday=6, content_in_mail=False,
        )  # fmt: skip
        return lambda: choosing.set_wishes(member=Member.objects.get(pk=member.pk), plan=plan)

    at_once(*[keeping(how) for how in (Channel.MAIL, Channel.DIGEST, Channel.NOTHING)])
    kept = Choice.objects.filter(member=member).values_list("channel", flat=True)
    assert len(kept) == 2
    assert len(set(kept)) == 1


# --- mails ------------------------------------------------------------------------------------------------------


def test_all_mails_off_and_on_again(keep, sign_in, member):
    keep(member, rhythm="daily")
    browser = sign_in(member)
    page = browser.post(reverse("news_mail"), {"on": "0"}, follow=True)
    assert "All mails are off" in words(page)
    assert kept(member).next_digest_at is None
    browser.post(reverse("news_mail"), {"on": "0"})
    page = browser.post(reverse("news_mail"), {"on": "1"}, follow=True)
    assert "Turn all mails off" in words(page)
    wishes = kept(member)
    assert wishes.mail_off is False
    assert wishes.next_digest_at > timezone.now()


def test_what_mails_say_is_chosen_after_reading_what_that_means(keep, sign_in, member):
    assert "everybody who can see your mails" in words(sign_in(member).get(PAGE))
    keep(member, content_in_mail="on")
    assert kept(member).content_in_mail is True


@pytest.mark.parametrize("trouble", ["bounced_at", "complained_at"])
def test_trouble_with_the_address_is_told_where_it_can_be_mended(sign_in, member, other_member, trouble):
    Wishes.objects.create(member=member, soft_bounces=5, **{trouble: factories.now()})
    browser = sign_in(member)
    for address in (PAGE, reverse("notices")):
        page = browser.get(address)
        assert soup(page).find(id="address-trouble")
        assert soup(page).find("a", href=reverse("account_email"))
        assert not soup(sign_in(other_member).get(address)).find(id="address-trouble")
    page = browser.post(reverse("news_address"), follow=True)
    assert not soup(page).find(id="address-trouble")
    assert kept(member).soft_bounces == 0


def test_an_address_that_keeps_coming_back_is_not_tried_without_end(sign_in, member):
    browser = sign_in(member)
    for _time in range(3):
        returns.bounced(member=member, status="5.1.1", mark=f"{_time}")
        browser.post(reverse("news_address"))
        assert kept(member).bounced_at is None
    returns.bounced(member=member, status="5.1.1", mark="again")
    page = browser.post(reverse("news_address"), follow=True)
    assert "Nothing was changed" in words(page)
    assert kept(member).bounced_at is not None


def test_another_address_begins_anew_once_both_mailboxes_said_so(member, mailoutbox):
    returns.bounced(member=member, status="5.1.1", mark="one")
    browser = proven(member)
    asks_for(browser)
    new_says_yes(browser, mailoutbox)
    assert kept(member).bounced_at is not None
    old_says("yes", member, mailoutbox)
    member.refresh_from_db()
    assert member.email == "new@example.org"
    assert kept(member).bounced_at is None


# --- stepping back ----------------------------------------------------------------------------------------------


def test_stepping_back_without_an_end_and_coming_back(sign_in, member):
    browser = sign_in(member)
    page = browser.post(reverse("news_away"), {"on": "1"}, follow=True)
    assert "until you say that you are here again" in words(page)
    began = kept(member).stepped_back_at
    browser.post(reverse("news_away"), {"on": "1"})
    assert kept(member).stepped_back_at == began
    page = browser.post(reverse("news_away"), {"on": "0"}, follow=True)
    assert "You could let all news wait" in words(page)
    browser.post(reverse("news_away"), {"on": "0"})
    assert kept(member).stepped_back_at is None


def test_stepping_back_ends_by_itself_when_the_day_of_return_begins_where_the_member_is(sign_in, member):
    Member.objects.filter(pk=member.pk).update(time_zone="Pacific/Auckland")
    browser = sign_in(member)
    zone = zoneinfo.ZoneInfo("Pacific/Auckland")
    day = timezone.now().astimezone(zone).date() + dt.timedelta(days=5)
    page = browser.post(reverse("news_away"), {"on": "1", "until": day.isoformat()}, follow=True)
    wishes = kept(member)
    assert wishes.back_at.astimezone(zone) == dt.datetime.combine(day, dt.time.min, zone)
    assert f"{day.day} {day:%B %Y}" in words(page)
    assert access.stepping_back_until(wishes, wishes.back_at - dt.timedelta(seconds=1)) == wishes.back_at
    assert access.stepping_back_until(wishes, wishes.back_at) is None


@pytest.mark.parametrize("days", [-1, 0, 5000])
def test_a_day_of_return_lies_ahead(sign_in, member, days):
    day = timezone.localdate() + dt.timedelta(days=days)
    answer = sign_in(member).post(reverse("news_away"), {"on": "1", "until": day.isoformat()})
    assert answer.status_code == 422
    assert value_of(answer, "until") == day.isoformat()
    assert not Wishes.objects.filter(stepped_back_at__isnull=False).exists()


def test_mails_that_waited_are_looked_at_when_somebody_comes_back_early(member, other_member):
    for who in (member, other_member):
        choosing.step_back(member=who, until=None)
        event = Event.objects.create(kind=REPLIED_TO_YOU.key, target_id=who.pk)
        notice = Notice.objects.create(event=event, recipient=who)
        later = factories.now() + dt.timedelta(days=1)
        Delivery.objects.create(notice=notice, channel="email", reason=Sending.Reason.STEPPING_BACK, due_at=later)
    choosing.come_back(member=member)
    now = timezone.now()
    assert Delivery.objects.get(notice__recipient=member).due_at <= now
    assert Delivery.objects.get(notice__recipient=other_member).due_at > now


# --- the digest -------------------------------------------------------------------------------------------------


def test_a_digest_is_planned_for_the_hour_on_the_members_wall(keep, member):
    keep(member, rhythm="weekly", digest_hour="7", digest_weekday="2", time_zone="America/New_York")
    at = kept(member).next_digest_at.astimezone(zoneinfo.ZoneInfo("America/New_York"))
    assert (at.hour, at.minute, at.weekday()) == (7, 0, 2)
    assert at > timezone.now()


def test_keeping_the_page_as_it_is_does_not_move_the_next_digest(keep, member):
    keep(member, rhythm="daily")
    later = factories.now() + dt.timedelta(days=20)
    Wishes.objects.update(next_digest_at=later)
    keep(member, content_in_mail="on")
    assert kept(member).next_digest_at == later
    keep(member, digest_hour="17")
    assert kept(member).next_digest_at < later


def test_moving_to_another_time_zone_moves_the_digest(keep, member):
    keep(member, rhythm="daily", time_zone="Asia/Tokyo")
    tokyo = kept(member).next_digest_at
    keep(member, time_zone="Europe/Lisbon")
    assert kept(member).next_digest_at != tokyo


def test_a_digest_that_ended_while_somebody_was_away_begins_again_when_they_choose(keep, member):
    keep(member, rhythm="daily")
    Wishes.objects.update(next_digest_at=None, goodbye_at=factories.now())
    keep(member)
    wishes = kept(member)
    assert wishes.goodbye_at is None
    assert wishes.next_digest_at is not None


DAILY = Wishes(rhythm=Rhythm.DAILY, digest_hour=2)
SUNDAYS = Wishes(rhythm=Rhythm.WEEKLY, digest_hour=2, digest_weekday=6)


@pytest.mark.parametrize(
    ("wishes", "now", "expected"),
    [
        # 2 o'clock is skipped on 29 March 2026, and the gap ends at 3; it is shown twice on 25 October.
        (DAILY, "2026-03-28T12:00+01:00", "2026-03-29T03:00+02:00"),
        (DAILY, "2026-03-29T03:00+02:00", "2026-03-30T02:00+02:00"),
        (DAILY, "2026-10-24T12:00+02:00", "2026-10-25T02:00+02:00"),
        (DAILY, "2026-10-25T02:00+02:00", "2026-10-26T02:00+01:00"),
        (SUNDAYS, "2026-10-24T12:00+02:00", "2026-10-25T02:00+02:00"),
        (SUNDAYS, "2026-10-25T02:30+01:00", "2026-11-01T02:00+01:00"),
    ],
)
def test_digests_come_once_on_days_when_clocks_are_changed(wishes, now, expected):
    somebody = Member(time_zone=BERLIN)
    at = access.next_digest_at(somebody, wishes, dt.datetime.fromisoformat(now))
    assert at == dt.datetime.fromisoformat(expected)


@given(
    zone=st.sampled_from(
        [BERLIN, "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
    ),
    hour=st.integers(0, 23),
    start=st.datetimes(FIRST, LAST, timezones=st.just(dt.UTC)),
)
def test_a_daily_digest_comes_on_each_day_there_is_and_never_twice(zone, hour, start):
    somebody, wishes = Member(time_zone=zone), Wishes(rhythm=Rhythm.DAILY, digest_hour=hour)
    days, at = [], start
    for _time in range(8):
        at = planned(somebody, wishes, at)
        days.append(at.astimezone(zoneinfo.ZoneInfo(zone)).date())
    between = [days[0] + dt.timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)]
    assert days == [day for day in between if clocks.exists(day, zoneinfo.ZoneInfo(zone))]


def test_no_digest_is_planned_for_who_wants_none_or_no_mail():
    now = timezone.now()
    assert access.next_digest_at(Member(), Wishes(), now) is None
    assert access.next_digest_at(Member(), Wishes(rhythm=Rhythm.DAILY, mail_off=True), now) is None


# --- newcomers --------------------------------------------------------------------------------------------------


def test_a_newcomer_is_asked_once_whether_they_want_a_digest(sign_in, newcomer, member):
    browser = sign_in(newcomer)
    assert soup(browser.get(reverse("home"))).find(id="digest-offer")
    page = browser.post(reverse("news_digest"), {"rhythm": "weekly"}, follow=True)
    assert not soup(page).find(id="digest-offer")
    wishes = kept(newcomer)
    assert wishes.rhythm == Rhythm.WEEKLY
    assert wishes.next_digest_at is not None
    assert not soup(sign_in(member).get(reverse("home"))).find(id="digest-offer")


def test_a_newcomer_who_wants_none_is_not_asked_again(sign_in, newcomer):
    browser = sign_in(newcomer)
    page = browser.post(reverse("news_digest"), {"rhythm": "off"}, follow=True)
    assert "No digest, then" in words(page)
    assert not soup(page).find(id="digest-offer")
    assert kept(newcomer).next_digest_at is None


def test_nonsense_for_an_answer_changes_nothing(sign_in, newcomer):
    assert sign_in(newcomer).post(reverse("news_digest"), {"rhythm": "hourly"}).status_code == 302
    assert not Wishes.objects.exists()


# --- the clock --------------------------------------------------------------------------------------------------


def test_times_on_pages_are_those_of_the_members_clock_and_of_nobody_elses(sign_in, member, other_member, scene):
    Member.objects.filter(pk=member.pk).update(time_zone="Asia/Kathmandu")
    at = scene.opening.created_at
    here = at.astimezone(zoneinfo.ZoneInfo("Asia/Kathmandu"))
    address = scene.thread.get_absolute_url()
    assert f"{here:%H:%M} +0545" in words(sign_in(member).get(address))
    assert "+0545" not in words(sign_in(other_member).get(address))
    assert timezone.get_current_timezone_name() == timezone.get_default_timezone_name()


def test_a_zone_that_the_machine_does_not_know_breaks_no_page(sign_in, keep, member, scene):
    Member.objects.filter(pk=member.pk).update(time_zone="Middle-earth/Bree")
    member.refresh_from_db()
    browser = sign_in(member)
    assert browser.get(scene.thread.get_absolute_url()).status_code == 200
    assert browser.get(PAGE).status_code == 200
    assert keep(member, rhythm="daily").status_code == 302
    member.refresh_from_db()
    assert member.time_zone == ""


def test_a_zone_that_is_none_is_refused_and_nothing_is_kept(keep, member):
    answer = keep(member, time_zone="Middle-earth/Bree", kind_new_reply="mail")
    assert answer.status_code == 422
    assert "This server does not know that time zone" in words(answer)
    assert not Choice.objects.exists()


def test_help_and_the_way_out_ask_nothing_about_the_clock(sign_in, member, django_assert_num_queries):
    Member.objects.filter(pk=member.pk).update(time_zone=BERLIN)
    browser = sign_in(member)
    for name in ("help_now", "leave"):
        with django_assert_num_queries(0):
            browser.get(reverse(name))
