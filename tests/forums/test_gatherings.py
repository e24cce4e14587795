"""Check-ins that come back at the same hour (M6)."""

import datetime as dt
import logging
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forums import access
from forums.models import Gathering, Occurrence, Thread
from forums.services import gatherings, posts
from forums.tasks import run_gatherings
from moderation.models import AuditEntry
from supportsite.celery import app as celery_app
from tests import factories
from tests.at_once import at_once
from tests.pages import numbers, post, soup, titles, value_of, words

EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


# A Sunday in winter, when London's clocks show UTC.
EVENING = utc("2026-11-22 19:00")
A_MINUTE, AN_HOUR, A_DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def at(monkeypatch):
    """Let it be that time for whoever asks the clock."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def opened_between(start, end, every=dt.timedelta(minutes=15)):
    """The beats at which a thread was opened."""
    beats = [start + every * number for number in range((end - start) // every + 1)]
    return [beat for beat in beats if gatherings.open_due(beat)]


# --- opening


def test_a_thread_opens_when_the_hour_strikes_and_only_once(db):
    gathering = factories.GatheringFactory()
    assert gatherings.open_due(EVENING - A_MINUTE) == 1  # yesterday evening's, which is open until now
    assert gatherings.open_due(EVENING - A_MINUTE) == 0
    assert gatherings.open_due(EVENING) == 1
    assert [gatherings.open_due(EVENING + A_MINUTE * minute) for minute in range(5)] == [0] * 5
    assert [row.day.day for row in gathering.occurrences.order_by("day")] == [21, 22]


def test_the_thread_is_what_was_planned(db, sign_in, member):
    gathering = factories.GatheringFactory(support_type="win")
    gatherings.open_due(EVENING)
    thread = Thread.objects.get()
    assert thread.title == "Evening check-in, Sunday 22 November"
    assert (thread.author, thread.board, thread.support_type) == (gathering.host, gathering.board, "win")
    assert thread.occurrence.closes_at == EVENING + A_DAY
    page = sign_in(member).get(thread.get_absolute_url())
    assert numbers(page) == [1]
    assert "<strong>tonight</strong>" in str(post(page, 1))


def test_its_page_says_that_all_are_welcome_and_until_when(sign_in, member, at):
    factories.GatheringFactory()
    gatherings.open_due(EVENING)
    address = Thread.objects.get().get_absolute_url()
    browser = sign_in(member)
    at(EVENING + AN_HOUR)
    page = words(browser.get(address))
    assert "A check-in. Say a line, or read along. It is open until Monday 23 November, 19:00 GMT." in page
    assert "No reply needed" not in page
    at(EVENING + A_DAY)
    assert "Say a line, or read along." in words(browser.get(address))
    gatherings.close_due(EVENING + A_DAY)
    assert "A check-in." not in words(browser.get(address))


def test_a_gatherings_thread_costs_what_any_thread_costs(sign_in, member):
    def cost(thread):
        with CaptureQueriesContext(connection) as asked:
            sign_in(member).get(thread.get_absolute_url())
        return len(asked)

    factories.GatheringFactory()
    gatherings.open_due(EVENING)
    other = factories.ThreadFactory(no_reply_needed=True)
    assert cost(Thread.objects.get(occurrence__isnull=False)) == cost(other)


def test_a_check_in_is_not_somebody_who_waits_for_a_reply(db, sign_in, member):
    factories.GatheringFactory()
    gatherings.open_due(EVENING)
    assert titles(sign_in(member).get(reverse("waiting"))) == []


@pytest.mark.parametrize(
    ("zone", "opens_at", "first", "last", "expected"),
    [
        # Clocks go forward, and 01:30 is left out; back, and it comes twice.
        ("Europe/London", "01:30", "2026-03-28", "2026-03-30", ["03-28 01:30", "03-29 01:00", "03-30 00:30"]),
        ("Europe/London", "01:30", "2026-10-24", "2026-10-26", ["10-24 00:30", "10-25 00:30", "10-26 01:30"]),
        ("Europe/London", "19:00", "2026-10-24", "2026-10-26", ["10-24 18:00", "10-25 19:00", "10-26 19:00"]),
        ("America/New_York", "02:30", "2026-03-07", "2026-03-09", ["03-07 07:30", "03-08 07:00", "03-09 06:30"]),
        ("America/New_York", "01:30", "2026-10-31", "2026-11-02", ["10-31 05:30", "11-01 05:30", "11-02 06:30"]),
        # By half an hour.
        ("Australia/Lord_Howe", "02:15", "2026-10-03", "2026-10-05", ["10-02 15:45", "10-03 15:30", "10-04 15:15"]),
        ("Australia/Lord_Howe", "01:45", "2026-04-04", "2026-04-06", ["04-03 14:45", "04-04 14:45", "04-05 15:15"]),
        # A country that left out 30 December.
        ("Pacific/Apia", "19:00", "2011-12-28", "2011-12-31", ["12-29 05:00", "12-30 05:00", "12-31 05:00"]),
        ("Asia/Kathmandu", "06:45", "2026-11-22", "2026-11-23", ["11-22 01:00", "11-23 01:00"]),
    ],
)
def test_it_opens_once_a_day_whatever_is_done_to_the_clocks(db, zone, opens_at, first, last, expected):
    first_day, last_day = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    gathering = factories.GatheringFactory(
        time_zone=zone, opens_at=dt.time.fromisoformat(opens_at), starts_on=first_day
    )
    midnight = dt.datetime.combine(first_day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)
    end = dt.datetime.combine(last_day, dt.time(23, 45), ZoneInfo(zone)).astimezone(dt.UTC)
    assert [f"{beat:%m-%d %H:%M}" for beat in opened_between(midnight, end)] == expected
    days = list(gathering.occurrences.order_by("day").values_list("day", flat=True))
    assert days == [
        first_day + dt.timedelta(days=number)
        for number in range((last_day - first_day).days + 1)
        if first_day + dt.timedelta(days=number) != dt.date(2011, 12, 30)
    ]


def test_only_the_days_that_were_chosen(db):
    factories.GatheringFactory(weekdays=[1, 6])
    assert opened_between(EVENING, EVENING + 8 * A_DAY, every=AN_HOUR) == [
        EVENING,
        EVENING + 2 * A_DAY,
        EVENING + 7 * A_DAY,
    ]


def test_nothing_opens_before_the_plan_begins(db):
    factories.GatheringFactory(starts_on=dt.date(2026, 11, 24))
    assert opened_between(EVENING, EVENING + 2 * A_DAY, every=AN_HOUR) == [EVENING + 2 * A_DAY]


def test_after_an_outage_the_one_that_is_still_on_opens_and_no_older_one(db):
    gathering = factories.GatheringFactory()
    gatherings.open_due(EVENING)
    assert gatherings.open_due(EVENING + 5 * A_DAY + 3 * AN_HOUR) == 1
    assert [row.day.day for row in gathering.occurrences.order_by("day")] == [22, 27]
    # It closes when it would have closed.
    assert gathering.occurrences.get(day=dt.date(2026, 11, 27)).closes_at == EVENING + 6 * A_DAY


def test_what_would_be_over_already_is_not_opened_at_all(db):
    factories.GatheringFactory(closes_after_hours=2)
    assert gatherings.open_due(EVENING + 2 * AN_HOUR) == 0
    assert gatherings.open_due(EVENING + 2 * AN_HOUR - A_MINUTE) == 1


def test_two_gatherings_at_the_same_hour_both_open(db):
    board = factories.BoardFactory()
    factories.GatheringFactory(board=board, title="One")
    factories.GatheringFactory(board=board, title="Another")
    assert gatherings.open_due(EVENING) == 2


def test_two_beats_at_the_same_instant_open_it_once(shared_database):
    factories.GatheringFactory()
    assert sorted(at_once(*[lambda: gatherings.open_due(EVENING)] * 4)) == [0, 0, 0, 1]
    assert Thread.objects.count() == Occurrence.objects.count() == 1


def test_the_database_itself_knows_a_day_of_a_gathering_only_once(db):
    gathering = factories.GatheringFactory()
    gatherings.open_due(EVENING)
    again = {"gathering": gathering, "day": EVENING.date(), "closes_at": EVENING, "thread": factories.ThreadFactory()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.create(**again)


def test_a_beat_with_nothing_to_do_is_one_query(db, django_assert_num_queries):
    for number in range(3):
        factories.GatheringFactory(is_active=False)
        factories.GatheringFactory(weekdays=[0], title=f"Mondays {number}", closes_after_hours=1)
    with django_assert_num_queries(1):  # the active gatherings with the days that they last opened for
        assert gatherings.open_due(EVENING) == 0
    with django_assert_num_queries(1):  # what is over
        assert gatherings.close_due(EVENING) == 0


def test_the_beat_knows_the_task_and_the_task_does_both(db, at):
    entry = settings.CELERY_BEAT_SCHEDULE["gatherings"]
    assert entry["task"] in celery_app.tasks
    factories.GatheringFactory(closes_after_hours=1)
    at(EVENING)
    run_gatherings()
    assert Thread.objects.get().state == "open"
    at(EVENING + AN_HOUR)
    run_gatherings()
    assert Thread.objects.get().state == "locked"


# --- what keeps one from opening


def lost_role(gathering):
    gathering.host.is_moderator = False
    gathering.host.save()


def left(gathering):
    gathering.host.is_active = False
    gathering.host.save()


def archived(gathering):
    gathering.board.is_archived = True
    gathering.board.save()


def lost_zone(gathering):
    Gathering.objects.filter(pk=gathering.pk).update(time_zone="Atlantis/Capital")


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        (lost_role, "Its host is no longer a moderator or administrator."),
        (left, "Its host has left."),
        (archived, "Its board is archived."),
        (lost_zone, "This server does not know its time zone any more."),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_cannot_open_says_why_and_keeps_no_other_from_opening(db, sign_in, admin, caplog, happened, sentence):
    gathering = factories.GatheringFactory(title="Stuck")
    happened(gathering)
    factories.GatheringFactory(title="Fine")
    with caplog.at_level(logging.WARNING, "forums"):
        assert gatherings.open_due(EVENING) == 1
        gatherings.open_due(EVENING + A_MINUTE)
    assert [sentence in record.getMessage() for record in caplog.records] == [True]
    assert Thread.objects.get().title.startswith("Fine")
    browser = sign_in(admin)
    for address in (reverse("manage_gatherings"), reverse("manage_gathering", args=[gathering.pk])):
        assert sentence in words(browser.get(address))


def test_a_host_who_may_not_post_opens_nothing(db, caplog, sign_in, admin):
    gathering = factories.GatheringFactory()
    factories.SanctionFactory(member=gathering.host)
    with caplog.at_level(logging.WARNING, "forums"):
        assert gatherings.open_due(EVENING) == 0
    assert "You cannot post until" in caplog.text
    assert not Thread.objects.exists()
    for address in (reverse("manage_gatherings"), reverse("manage_gathering", args=[gathering.pk])):
        assert "Its host cannot post at the moment." in words(sign_in(admin).get(address))


def test_once_it_is_put_right_it_opens_as_long_as_it_would_be_on(db):
    gathering = factories.GatheringFactory()
    lost_role(gathering)
    assert gatherings.open_due(EVENING) == 0
    Gathering.objects.update(host=factories.MemberFactory(is_staff=True))
    assert gatherings.open_due(EVENING + AN_HOUR) == 1


def test_a_failure_leaves_nothing_half_done_and_keeps_no_other_from_opening(db, monkeypatch, caplog):
    factories.GatheringFactory(title="Broken")
    factories.GatheringFactory(title="Fine")
    begin = posts.begin_thread

    def breaks(**asked):
        made = begin(**asked)
        if asked["title"].startswith("Broken"):
            raise RuntimeError("the disk is full")
        return made

    monkeypatch.setattr(posts, "begin_thread", breaks)
    assert gatherings.open_due(EVENING) == 1
    assert [thread.title for thread in Thread.objects.all()] == ["Fine, Sunday 22 November"]
    assert "the disk is full" in caplog.text
    monkeypatch.undo()
    assert gatherings.open_due(EVENING + A_MINUTE) == 1


# --- closing


@pytest.fixture
def running(db):
    factories.GatheringFactory()
    gatherings.open_due(EVENING)
    return Thread.objects.get()


def test_a_thread_closes_when_its_time_is_over_and_keeps_late_words(running, sign_in, member):
    address = reverse("reply", args=[running.public_id])
    browser = sign_in(member)
    assert gatherings.close_due(EVENING + A_DAY - A_MINUTE) == 0
    assert browser.post(address, {"body": "A bit lighter."}).status_code == 302
    assert gatherings.close_due(EVENING + A_DAY) == 1
    late = browser.post(address, {"body": "One more thing."})
    assert late.status_code == 409
    assert value_of(late, "body") == "One more thing."
    assert numbers(browser.get(running.get_absolute_url())) == [1, 2]


def test_a_thread_that_a_moderator_opens_again_stays_open(running):
    gatherings.close_due(EVENING + A_DAY)
    Thread.objects.update(state="open")
    assert gatherings.close_due(EVENING + 2 * A_DAY) == 0
    assert Thread.objects.get().state == "open"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"state": "archived"}, "archived"),
        ({"state": "locked"}, "locked"),
        ({"state": "slow", "slow_minutes": 5}, "locked"),
    ],
    ids=["archived", "locked", "slow"],
)
def test_whatever_was_done_to_it_meanwhile_closing_fits(running, before, after):
    Thread.objects.update(**before)
    assert gatherings.close_due(EVENING + A_DAY) == 1
    running.refresh_from_db()
    assert (running.state, running.slow_minutes) == (after, None)
    assert running.occurrence.closed_at == EVENING + A_DAY


def test_a_long_list_is_closed_in_parts_the_longest_over_first(db, monkeypatch):
    gathering = factories.GatheringFactory()
    for number in range(3):
        gatherings.open_due(EVENING + number * A_DAY)
    monkeypatch.setattr(gatherings, "CLOSE_LIMIT", 2)
    later = EVENING + 9 * A_DAY
    assert [gatherings.close_due(later) for _ in range(3)] == [2, 1, 0]
    assert not gathering.occurrences.filter(closed_at=None).exists()


def test_two_beats_close_it_once(shared_database):
    factories.GatheringFactory()
    gatherings.open_due(EVENING)
    assert sorted(at_once(*[lambda: gatherings.close_due(EVENING + A_DAY)] * 3)) == [0, 0, 1]


# --- planning


def values(gathering, **changes):
    return {name: getattr(gathering, name) for name in access.GATHERING_FIELDS} | changes


def change(gathering, admin, **changes):
    gathering = access.get_gathering(gathering.pk)
    version = access.version_of(access.gathering_values(gathering))
    return gatherings.change_gathering(
        actor=admin, gathering=gathering, version=version, values=values(gathering, **changes)
    )


def test_a_new_plan_does_not_open_for_an_hour_that_has_passed(db, at, admin):
    at(EVENING + AN_HOUR)
    gatherings.create_gathering(actor=admin, values=values(factories.GatheringFactory(is_active=False)))
    assert gatherings.open_due(EVENING + AN_HOUR) == 0
    assert gatherings.open_due(EVENING + A_DAY) == 1


def test_a_new_plan_for_later_today_opens_today(db, at, admin):
    at(EVENING - AN_HOUR)
    gatherings.create_gathering(actor=admin, values=values(factories.GatheringFactory(is_active=False)))
    assert gatherings.open_due(EVENING - A_MINUTE) == 0
    assert gatherings.open_due(EVENING) == 1


def test_another_hour_on_the_same_day_does_not_open_it_twice(db, at, admin):
    gathering = factories.GatheringFactory(opens_at=dt.time(9))
    morning = EVENING - 10 * AN_HOUR
    assert gatherings.open_due(morning) == 1
    at(morning + AN_HOUR)
    change(gathering, admin, opens_at=dt.time(19))
    assert gatherings.open_due(EVENING) == 0
    assert gatherings.open_due(EVENING + A_DAY) == 1


@pytest.mark.parametrize(
    "changed",
    [{"weekdays": [5]}, {"opens_at": dt.time(8)}, {"closes_after_hours": 168}, {"time_zone": "Asia/Kathmandu"}],
    ids=lambda changed: next(iter(changed)),
)
def test_another_plan_brings_up_nothing_from_before_it_was_made(db, at, admin, changed):
    gathering = factories.GatheringFactory(weekdays=[6], closes_after_hours=30)
    at(EVENING - 8 * AN_HOUR)
    change(gathering, admin, **changed)
    assert gatherings.open_due(EVENING - 8 * AN_HOUR) == 0


def test_other_words_change_nothing_about_the_days(db, at, admin):
    gathering = factories.GatheringFactory()
    at(EVENING + A_MINUTE)
    assert change(gathering, admin, title="A quiet hour", body="Come in.")
    assert gatherings.open_due(EVENING + A_MINUTE) == 1
    assert Thread.objects.get().title == "A quiet hour, Sunday 22 November"


def test_while_it_is_paused_nothing_opens_and_nothing_is_caught_up_afterwards(db, at, admin):
    gathering = factories.GatheringFactory()
    at(EVENING - AN_HOUR)
    assert gatherings.set_active(actor=admin, gathering=gathering, active=False)
    assert not gatherings.set_active(actor=admin, gathering=gathering, active=False)
    assert gatherings.open_due(EVENING) == 0
    at(EVENING + AN_HOUR)
    assert gatherings.set_active(actor=admin, gathering=gathering, active=True)
    assert gatherings.open_due(EVENING + AN_HOUR) == 0
    assert gatherings.open_due(EVENING + A_DAY) == 1


def test_each_change_is_in_the_log_with_what_was_there_before(db, admin):
    gathering = factories.GatheringFactory()
    change(gathering, admin, opens_at=dt.time(20), weekdays=[0])
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb) == (admin, "gathering-change")
    assert entry.details["changes"] == {"opens_at": ["19:00", "20:00"], "weekdays": [EVERY_DAY, [0]]}
    assert not change(gathering, admin)
    assert AuditEntry.objects.count() == 1


# --- the pages


@pytest.fixture
def typed(admin):
    """The form as an administrator fills it."""
    return {
        "board": factories.BoardFactory(title="Nights").slug,
        "title": "Evening check-in",
        "body": "How is tonight?",
        "support_type": "listening",
        "weekdays": ["0", "6"],
        "opens_at": "19:00",
        "time_zone": "America/New_York",
        "closes_after_hours": "12",
        "host": admin.username,
    }


def test_an_administrator_plans_a_gathering_and_sees_when_it_opens(sign_in, admin, typed, at):
    at(EVENING)
    answer = sign_in(admin).post(reverse("manage_gathering_new"), typed, follow=True)
    gathering = Gathering.objects.get()
    assert (gathering.host, gathering.weekdays, gathering.closes_after_hours) == (admin, [0, 6], 12)
    section = soup(answer).find("h2", string="When it opens").parent
    assert [line.get_text() for line in section.find_all("li")] == [
        "Sunday 22 November, 19:00, New York time",
        "Monday 23 November, 19:00, New York time",
        "Sunday 29 November, 19:00, New York time",
    ]
    assert AuditEntry.objects.get().verb == "gathering-create"
    assert "Sunday 22 November, 19:00, New York time" in words(sign_in(admin).get(reverse("manage_gatherings")))


def test_the_sites_own_zone_and_oneself_are_proposed(sign_in, admin):
    page = sign_in(admin).get(reverse("manage_gathering_new"))
    assert value_of(page, "time_zone") == ["Europe/London"]
    assert value_of(page, "host") == [admin.username]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"weekdays": []}, "Choose one day at least."),
        ({"weekdays": ["7"]}, "7 is not one of the available choices"),
        ({"time_zone": "Atlantis/Capital"}, "Choose one of the list."),
        ({"closes_after_hours": "0"}, "greater than or equal to 1"),
        ({"closes_after_hours": "169"}, "less than or equal to 168"),
        ({"opens_at": "25:00"}, "Enter a valid time"),
        ({"title": " \u200b"}, "A gathering needs a title."),
        ({"body": "\u2066"}, "One sentence is enough."),
        ({"title": "x" * 81}, "at most 80 characters"),
        ({"host": "alder"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_lost(sign_in, admin, member, typed, wrong, sentence):
    answer = sign_in(admin).post(reverse("manage_gathering_new"), typed | wrong)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert value_of(answer, "closes_after_hours") == (typed | wrong)["closes_after_hours"]
    assert not Gathering.objects.exists()


def test_the_opening_words_can_be_read_before_they_are_saved(sign_in, admin, typed):
    body = "**Warm** <script>alert(1)</script>"
    page = sign_in(admin).post(reverse("manage_gathering_new"), typed | {"body": body, "preview": "1"})
    shown = str(soup(page).find("h2", string="How the opening words read").parent)
    assert "<strong>Warm</strong>" in shown
    assert "<script" not in shown
    assert value_of(page, "body") == body
    assert not Gathering.objects.exists()


def test_of_two_who_change_it_at_once_the_second_sees_what_the_first_saved(sign_in, admin, other_moderator, typed):
    browser = sign_in(admin)
    browser.post(reverse("manage_gathering_new"), typed)
    address = reverse("manage_gathering", args=[Gathering.objects.get().pk])
    version = value_of(browser.get(address), "version")
    browser.post(address, typed | {"title": "Late check-in", "host": "warden", "version": version})
    second = browser.post(address, typed | {"opens_at": "21:30", "version": version})
    assert second.status_code == 409
    assert value_of(second, "opens_at") == "21:30"
    theirs = soup(second).find("dl").get_text("|", strip=True)
    assert theirs == "Title|Late check-in|Opens at|19:00|Host|warden"
    assert Gathering.objects.get().title == "Late check-in"
    # Who has seen that may replace it.
    again = browser.post(address, typed | {"opens_at": "21:30", "version": value_of(second, "version")})
    assert again.status_code == 302
    assert Gathering.objects.get().title == typed["title"]


def test_a_button_pauses_and_another_resumes(sign_in, admin, db):
    gathering = factories.GatheringFactory()
    browser = sign_in(admin)
    address = reverse("manage_gathering_pause", args=[gathering.pk])
    for active, paused, verb in (("0", True, "gathering-pause"), ("1", False, "gathering-resume")):
        page = browser.post(address, {"active": active}, follow=True)
        browser.post(address, {"active": active})  # a second click
        assert ("It is paused" in words(page)) == paused
        assert ("Paused" in words(browser.get(reverse("manage_gatherings")))) == paused
        assert AuditEntry.objects.filter(verb=verb).count() == 1


def test_a_plan_whose_host_has_left_does_not_get_another_one_unasked(sign_in, admin):
    gathering = factories.GatheringFactory()
    left(gathering)
    page = sign_in(admin).get(reverse("manage_gathering", args=[gathering.pk]))
    assert value_of(page, "host") == []


def test_words_typed_in_a_session_that_had_ended_are_there_after_signing_in(client, admin, typed):
    address = reverse("manage_gathering_new")
    client.post(address, typed | {"body": "A long text."})
    client.force_login(admin)
    page = client.get(address)
    assert value_of(page, "body") == "A long text."
    assert value_of(page, "weekdays") == ["0", "6"]


def test_nobody_but_administrators_finds_the_pages(sign_in, visitor, member, moderator, curator, typed):
    gathering = factories.GatheringFactory()
    addresses = [
        reverse("manage_gathering_new"),
        reverse("manage_gathering", args=[gathering.pk]),
        reverse("manage_gathering_pause", args=[gathering.pk]),
    ]
    for address in addresses:
        for somebody in (member, moderator, curator):
            assert sign_in(somebody).post(address, typed).status_code == 404
        assert visitor.post(address, typed).headers["Location"].startswith("/accounts/login/")
    for somebody in (member, moderator, curator):
        assert sign_in(somebody).get(reverse("manage_gatherings")).status_code == 404
    assert Gathering.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_a_number_that_no_gathering_has_is_404(sign_in, admin):
    for pk in (0, 999, 10**30):
        assert sign_in(admin).get(f"/manage/gatherings/{pk}/").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(sign_in, admin):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            sign_in(admin).get(reverse("manage_gatherings"))
        return len(asked)

    factories.GatheringFactory()
    few = cost()
    for number in range(access.GATHERINGS_A_PAGE + 3):
        factories.GatheringFactory(title=f"Check-in {number}")
    assert cost() == few


# --- what members see of it


def told(browser, address):
    cache.clear()
    lines = soup(browser.get(address)).select(".gatherings li")
    return [" ".join(line.get_text().split()) for line in lines]


def test_members_see_what_opens_next_in_the_gatherings_own_time(sign_in, member, at):
    board = factories.BoardFactory(title="Nights")
    factories.GatheringFactory(board=board, time_zone="America/New_York")
    factories.GatheringFactory(board=board, title="Sunday tea", weekdays=[6], opens_at=dt.time(15))
    at(EVENING - AN_HOUR)
    expected = [
        "Evening check-in opens Sunday 22 November, 19:00, New York time",
        "Sunday tea opens Sunday 29 November, 15:00, London time",
    ]
    browser = sign_in(member)
    assert told(browser, board.get_absolute_url()) == expected
    assert told(browser, reverse("home")) == [f"{line}, on Nights" for line in expected]
    assert told(browser, factories.BoardFactory().get_absolute_url()) == []


def test_visitors_see_it_on_a_board_that_everyone_can_read(db, visitor, at):
    gathering = factories.GatheringFactory(board__audience="everyone")
    at(EVENING - AN_HOUR)
    expected = ["Evening check-in opens Sunday 22 November, 19:00, London time"]
    assert told(visitor, gathering.board.get_absolute_url()) == expected


def test_one_that_is_open_leads_to_its_thread_until_it_closes(sign_in, member, at):
    board = factories.GatheringFactory().board
    gatherings.open_due(EVENING)
    browser = sign_in(member)
    at(EVENING + AN_HOUR)
    page = browser.get(board.get_absolute_url())
    assert soup(page).select_one(".gatherings a")["href"] == Thread.objects.get().get_absolute_url()
    assert told(browser, board.get_absolute_url()) == ["Evening check-in is open now"]
    gatherings.close_due(EVENING + A_DAY)
    at(EVENING + A_DAY - A_MINUTE)
    assert told(browser, board.get_absolute_url()) == ["Evening check-in opens Monday 23 November, 19:00, London time"]


def test_only_the_next_three_are_named_the_open_one_first(db, member, at):
    for hour in (10, 11, 12):
        factories.GatheringFactory(title=f"At {hour}", opens_at=dt.time(hour))
    factories.GatheringFactory(title="Open", opens_at=dt.time(8), closes_after_hours=3)
    morning = EVENING - 10 * AN_HOUR
    gatherings.open_due(morning)
    at(morning)
    Occurrence.objects.exclude(gathering__title="Open").update(closed_at=morning)
    assert [coming.title for coming in access.next_gatherings(member)] == ["Open", "At 10", "At 11"]


@pytest.mark.parametrize(
    "why",
    [{"board__audience": "staff"}, {"board__is_archived": True}, {"is_active": False}, {"host__is_moderator": False}],
    ids=lambda why: next(iter(why)),
)
def test_what_will_not_open_for_them_is_not_announced(sign_in, member, why):
    factories.GatheringFactory(**why)
    assert told(sign_in(member), reverse("home")) == []


def test_nobody_hears_of_the_gatherings_of_somebody_on_the_other_side_of_a_block(sign_in, member, moderator):
    factories.GatheringFactory(host=moderator)
    assert told(sign_in(member), reverse("home"))
    factories.BlockFactory(blocker=member, blocked=moderator)
    assert told(sign_in(member), reverse("home")) == []


def test_a_reader_who_hides_what_a_board_is_about_hears_of_none_there(sign_in, member):
    factories.GatheringFactory(board=factories.BoardFactory(content_notes=["loss"]))
    assert told(sign_in(member), reverse("home"))
    member.hidden_notes = ["loss"]
    member.save()
    assert told(sign_in(member), reverse("home")) == []


def test_to_announce_them_is_one_query_for_one_and_for_many(db, member, django_assert_num_queries):
    factories.GatheringFactory()
    for _round in range(2):
        with django_assert_num_queries(1):  # gatherings with their boards, last days and open threads
            access.next_gatherings(member)
        for number in range(5):
            factories.GatheringFactory(title=f"Check-in {number}")
            gatherings.open_due(EVENING + number * A_DAY)
