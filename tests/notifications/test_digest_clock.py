"""When digests are made and sent: at the member's own hour, once a local day, whatever clocks and workers do."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from forums.news import REPLIED_TO_YOU
from members.models import Member
from members.services import note_visit
from notifications import access, digest_mail, services, tasks
from notifications.access.rhythm import AWAY_GOODBYE, AWAY_MONTHLY, AWAY_WEEKLY
from notifications.models import Digest, Rhythm, Wishes
from notifications.services import digests as making
from tests import factories
from tests.at_once import at_once
from tests.notifications.digests import notice, wants_digest
from tests.pages import words

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
LONDON, NEW_YORK, TOKYO = "Europe/London", "America/New_York", "Asia/Tokyo"


@pytest.fixture
def at(monkeypatch):
    """Let it be that time for whoever asks the clock."""

    def moved(moment: dt.datetime) -> dt.datetime:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return moved


def wall(zone: str, year: int, month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(dt.date(year, month, day), dt.time(hour, minute), ZoneInfo(zone)).astimezone(dt.UTC)


def lives_in(member: Member, zone: str, now: dt.datetime, **fields) -> Wishes:
    """A member whose digest comes daily at nine by the clock of `zone`, as if they had chosen that `now`."""
    Member.objects.filter(pk=member.pk).update(time_zone=zone, seen_on=now.date())
    member.refresh_from_db()
    wishes = wants_digest_of(member, **fields)
    wishes.next_digest_at = access.next_digest_at(member, wishes, now)
    wishes.save()
    return wishes


def wants_digest_of(member: Member, **fields) -> Wishes:
    chosen = {"rhythm": Rhythm.DAILY, "digest_hour": 9, "digest_weekday": 6} | fields
    return Wishes.objects.update_or_create(member=member, defaults=chosen)[0]


def planned(member: Member) -> dt.datetime | None:
    return Wishes.objects.get(member=member).next_digest_at


def days(member: Member) -> list[str]:
    return [str(day) for day in Digest.objects.filter(member=member).order_by("id").values_list("day", flat=True)]


def states(member: Member) -> list[tuple[str, str]]:
    return list(Digest.objects.filter(member=member).order_by("id").values_list("state", "reason"))


@pytest.fixture
def news(member, other_member):
    """Something to tell `member`."""
    thread = factories.ThreadFactory(author=member)

    def happens():
        post = factories.PostFactory(thread=thread, author=other_member)
        return notice(member, REPLIED_TO_YOU, post.pk, group_id=thread.pk)

    happens()
    return happens


# --- at its hour --------------------------------------------------------------------------------------------------


def test_a_digest_is_made_at_the_hour_on_the_members_wall_and_the_next_one_planned(member, at):
    lives_in(member, TOKYO, at(wall(TOKYO, 2026, 5, 4, 8)))
    at(wall(TOKYO, 2026, 5, 4, 8, 59))
    assert services.make_due_digests().looked_at == 0
    at(wall(TOKYO, 2026, 5, 4, 9))
    (digest_id,) = services.make_due_digests().waiting
    assert Digest.objects.get(pk=digest_id).day == dt.date(2026, 5, 4)
    assert planned(member) == wall(TOKYO, 2026, 5, 5, 9)
    assert services.make_due_digests().waiting == []


def test_a_weekly_digest_comes_on_its_day(member, at):
    lives_in(member, LONDON, at(wall(LONDON, 2026, 5, 6, 12)), rhythm=Rhythm.WEEKLY)
    assert planned(member) == wall(LONDON, 2026, 5, 10, 9)
    at(wall(LONDON, 2026, 5, 10, 9, 1))
    services.make_due_digests()
    assert planned(member) == wall(LONDON, 2026, 5, 17, 9)


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        # Clocks go forward: one o'clock is two o'clock already, and counts as the first instant after the gap.
        (dt.date(2026, 3, 29), 1, dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)),
        (dt.date(2026, 3, 29), 9, dt.datetime(2026, 3, 29, 8, tzinfo=dt.UTC)),
        # Clocks go back: one o'clock comes twice, and counts the first time.
        (dt.date(2026, 10, 25), 1, dt.datetime(2026, 10, 25, 0, tzinfo=dt.UTC)),
        (dt.date(2026, 10, 25), 9, dt.datetime(2026, 10, 25, 9, tzinfo=dt.UTC)),
    ],
)
def test_on_the_day_when_clocks_are_changed_it_comes_once_and_at_its_hour(member, at, day, hour, expected):
    midnight = dt.datetime.combine(day, dt.time(), ZoneInfo(LONDON)).astimezone(dt.UTC)
    lives_in(member, LONDON, at(midnight - HOUR), digest_hour=hour)
    for minutes in range(0, 60 * 22, 10):
        at(midnight + dt.timedelta(minutes=minutes))
        for digest_id in services.make_due_digests().waiting:
            assert timezone.now() == expected
            assert Digest.objects.get(pk=digest_id).day == day
    assert days(member) == [str(day)]


def test_the_calendar_of_samoa_left_a_day_out_and_nobody_waits_for_it(member, at):
    lives_in(member, "Pacific/Apia", at(wall("Pacific/Apia", 2011, 12, 29, 8)))
    at(wall("Pacific/Apia", 2011, 12, 29, 9))
    services.make_due_digests()
    assert planned(member) == wall("Pacific/Apia", 2011, 12, 31, 9) == timezone.now() + DAY


# --- once a local day ---------------------------------------------------------------------------------------------


def test_who_travels_west_on_digest_day_gets_no_second_one(member, at):
    lives_in(member, LONDON, at(wall(LONDON, 2026, 5, 4, 8)))
    at(wall(LONDON, 2026, 5, 4, 9))
    services.make_due_digests()
    Member.objects.update(time_zone=NEW_YORK)
    Wishes.objects.update(next_digest_at=wall(NEW_YORK, 2026, 5, 4, 9))
    at(wall(NEW_YORK, 2026, 5, 4, 9))
    Digest.objects.update(state="sent")
    assert services.make_due_digests().waiting == []
    assert days(member) == ["2026-05-04"]
    assert planned(member) == wall(NEW_YORK, 2026, 5, 5, 9)


def test_who_travels_gets_none_at_an_hour_of_the_old_zone(member, at):
    """Whoever changed the zone did not plan anew."""
    lives_in(member, LONDON, at(wall(LONDON, 2026, 5, 4, 8)))
    Member.objects.update(time_zone=NEW_YORK)
    at(wall(LONDON, 2026, 5, 4, 9))
    assert services.make_due_digests().waiting == []
    assert days(member) == []
    assert planned(member) == wall(NEW_YORK, 2026, 5, 4, 9)


def test_who_chooses_a_later_hour_on_digest_day_gets_no_second_one(member, at):
    lives_in(member, LONDON, at(wall(LONDON, 2026, 5, 4, 8)))
    at(wall(LONDON, 2026, 5, 4, 9))
    services.make_due_digests()
    Digest.objects.update(state="sent")
    lives_in(member, LONDON, timezone.now(), digest_hour=20)
    at(wall(LONDON, 2026, 5, 4, 20))
    assert services.make_due_digests().waiting == []
    assert planned(member) == wall(LONDON, 2026, 5, 5, 20)


def test_a_clock_that_goes_back_makes_none_twice(member, at):
    nine = wall(LONDON, 2026, 5, 4, 9)
    lives_in(member, LONDON, at(nine - HOUR))
    for moment in (nine, nine - 2 * HOUR, nine - DAY, nine, nine + HOUR):
        at(moment)
        services.make_due_digests()
    assert days(member) == ["2026-05-04"]
    at(nine + DAY)
    services.make_due_digests()
    assert days(member) == ["2026-05-04", "2026-05-05"]


def test_a_clock_that_ran_ahead_for_a_while_does_not_end_digests(member, at):
    nine = wall(LONDON, 2026, 5, 4, 9)
    lives_in(member, LONDON, at(nine - HOUR))
    at(nine.replace(year=2031))
    services.make_due_digests()
    at(nine)
    services.make_due_digests()
    assert services.mend_digest_plans() == 1
    assert planned(member) == nine + DAY
    assert services.mend_digest_plans() == 0


FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
steps = st.lists(
    st.one_of(
        st.builds(dt.timedelta, minutes=st.integers(1, 60 * 30)),
        st.builds(dt.timedelta, minutes=st.integers(-60 * 5, -1)),
        st.sampled_from([LONDON, NEW_YORK, TOKYO, "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca"]),
    ),
    min_size=4,
    max_size=14,
)


@how(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(0, 700 * 24 * 60).map(lambda minutes: FIRST + dt.timedelta(minutes=minutes)),
    hour=st.integers(0, 23),
    rhythm=st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY]),
    walk=steps,
)
def test_wherever_a_member_goes_and_whatever_the_clock_does_a_local_day_has_one_digest(
    member, at, start, hour, rhythm, walk
):
    Digest.objects.all().delete()
    now = at(start)
    lives_in(member, LONDON, now, digest_hour=hour, rhythm=rhythm)
    for step in walk:
        if isinstance(step, str):
            Member.objects.update(time_zone=step, seen_on=now.date())
        else:
            now = at(now + step)
        services.make_due_digests()
        services.mend_digest_plans()
        nine = planned(member)
        assert nine is not None
        # Never in the past, and never farther ahead than one more round, whatever time the clock showed meanwhile.
        assert now < nine <= now + 8 * DAY + 6 * HOUR
        assert services.make_due_digests().looked_at == 0
    made = list(Digest.objects.values_list("day", flat=True))
    assert len(set(made)) == len(made)


# --- many workers, and outages ------------------------------------------------------------------------------------


def test_workers_share_those_who_are_due_and_make_each_once(shared_database):
    crowd = factories.MemberFactory.create_batch(40)
    for one in crowd:
        wants_digest(one)

    def work() -> list[int]:
        mine: list[int] = []
        while (batch := services.make_due_digests(limit=5)).looked_at:
            mine += batch.waiting
        return mine

    shares = at_once(work, work, work)
    made = [pk for share in shares for pk in share]
    assert len(made) == len(set(made)) == 40
    assert set(Digest.objects.values_list("member", flat=True)) == {one.pk for one in crowd}


def test_a_batch_costs_the_same_however_many_there_are_in_it(db, django_assert_num_queries):
    for one in factories.MemberFactory.create_batch(30):
        wants_digest(one)
    # savepoint, due members, digests, plans (one time for all), those that wait, release
    with django_assert_num_queries(6):
        assert len(services.make_due_digests().waiting) == 30


def test_after_an_outage_what_is_too_late_is_left_out_and_the_next_one_comes_at_its_hour(member, at):
    lives_in(member, LONDON, at(wall(LONDON, 2026, 5, 1, 8)))
    at(wall(LONDON, 2026, 5, 4, 3))
    assert services.make_due_digests().waiting == []
    assert states(member) == [("skipped", "too_late")]
    assert planned(member) == wall(LONDON, 2026, 5, 4, 9)
    at(wall(LONDON, 2026, 5, 4, 9))
    assert len(services.make_due_digests().waiting) == 1
    assert days(member) == ["2026-05-01", "2026-05-04"]


def test_some_hours_late_is_better_than_never(member, at):
    lives_in(member, LONDON, at(wall(LONDON, 2026, 5, 4, 8)))
    at(wall(LONDON, 2026, 5, 4, 14))
    assert len(services.make_due_digests().waiting) == 1


def test_no_more_are_made_than_workers_can_send_soon(db, monkeypatch, worker):
    monkeypatch.setattr(making, "WAITING_AT_MOST", 3)
    monkeypatch.setattr(making, "BATCH", 2)
    monkeypatch.setattr(tasks, "_enqueue", lambda task, pk: True)
    for one in factories.MemberFactory.create_batch(10):
        wants_digest(one)
    tasks.make_digests()
    assert Digest.objects.count() == 4
    tasks.make_digests()
    assert Digest.objects.count() == 4
    Digest.objects.update(state="sent")
    tasks.make_digests()
    assert Digest.objects.count() == 8


def test_a_digest_is_made_sent_and_not_sent_again(member, news, worker, mailoutbox):
    wants_digest(member)
    with worker():
        tasks.make_digests()
        tasks.make_digests()
    (sent,) = mailoutbox
    assert sent.to == [member.email]
    assert states(member) == [("sent", "")]
    with worker():
        tasks.send_digest(Digest.objects.get().pk)
    assert len(mailoutbox) == 1


def test_nothing_new_is_not_sent(member, worker, mailoutbox):
    wants_digest(member)
    with worker():
        tasks.make_digests()
    assert mailoutbox == []
    assert states(member) == [("skipped", "empty")]


def test_what_one_digest_told_the_next_does_not(member, news, worker, mailoutbox, at):
    now = timezone.now()
    wants_digest(member)
    with worker():
        tasks.make_digests()
    at(now + DAY)
    with worker():
        tasks.make_digests()
    assert states(member) == [("sent", ""), ("skipped", "empty")]
    assert len(mailoutbox) == 1


def test_an_error_in_one_members_digest_does_not_stop_the_others(member, other_member, news, worker, monkeypatch):
    post = factories.PostFactory(thread__author=other_member)
    notice(other_member, REPLIED_TO_YOU, post.pk, group_id=post.thread_id)
    for one in (member, other_member):
        wants_digest(one)
    parts = digest_mail.parts

    def breaks(digest, reader, **how):
        if reader == member:
            raise ZeroDivisionError("a template is wrong for this one")
        return parts(digest, reader, **how)

    monkeypatch.setattr(digest_mail, "parts", breaks)
    made = services.make_due_digests().waiting
    for _again in range(7):
        with pytest.raises(ExceptionGroup):
            tasks.send_digests(made)
    assert states(other_member) == [("sent", "")]
    assert states(member) == [("skipped", "broken")]
    assert [message.to for message in mail.outbox] == [[other_member.email]]


def test_a_worker_gives_back_what_it_could_not_send_in_time(member, news, monkeypatch, mailoutbox):
    wants_digest(member)
    monkeypatch.setattr(tasks, "SENDING_SECONDS", -1)
    given_back: list[Sequence[int]] = []
    monkeypatch.setattr(tasks.send_digests, "delay", given_back.append)
    made = services.make_due_digests().waiting
    tasks.send_digests(made)
    assert mailoutbox == []
    assert given_back == [made]


def test_what_could_not_be_queued_is_swept_up(member, news, worker, monkeypatch, mailoutbox, at):
    wants_digest(member)
    monkeypatch.setattr(tasks.send_digests, "delay", lambda pk: (_ for _ in ()).throw(OSError("no broker")))
    tasks.make_digests()
    monkeypatch.undo()
    tasks.broker.away_until = 0.0
    at(timezone.now() + dt.timedelta(minutes=20))
    with worker():
        tasks.sweep_outbox()
    assert len(mailoutbox) == 1


def test_digests_are_forgotten_when_nobody_is_told_of_them_any_more(member):
    now = timezone.now()
    for days_ago in (1, 89, 91, 200):
        at = now - days_ago * DAY
        Digest.objects.create(member=member, day=at.date(), state="sent", settled_at=at)
    waits = Digest.objects.create(member=member, day=dt.date(2020, 1, 1), created_at=now - 300 * DAY)
    assert services.forget_old_digests() == 2
    assert Digest.objects.count() == 3
    assert Digest.objects.filter(pk=waits.pk).exists()


# --- wishes that changed meanwhile --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"rhythm": Rhythm.OFF, "next_digest_at": None}, "not_wanted"),
        ({"mail_off": True}, "mail_off"),
        ({"bounced_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "bounced"),
        ({"complained_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "complained"),
    ],
    ids=str,
)
def test_who_wants_none_any_more_gets_none(member, news, mailoutbox, wish, reason):
    wants_digest(member)
    (digest_id,) = services.make_due_digests().waiting
    Wishes.objects.update(**wish)
    tasks.send_digest(digest_id)
    assert mailoutbox == []
    assert states(member) == [("skipped", reason)]


def test_who_turned_all_mails_off_is_not_looked_at_each_day(member):
    wants_digest(member, mail_off=True)
    assert services.make_due_digests().waiting == []
    assert planned(member) is None
    assert days(member) == []


def test_who_is_suspended_is_told_nothing_of_what_goes_on(member, news, mailoutbox):
    wants_digest(member)
    Member.objects.update(suspended_until=timezone.now() + DAY)
    for digest_id in services.make_due_digests().waiting:
        tasks.send_digest(digest_id)
    assert mailoutbox == []
    assert states(member) == [("skipped", "empty")]


# --- away ---------------------------------------------------------------------------------------------------------


def live_on(member: Member, at, since: dt.datetime, until: dt.timedelta) -> list[int]:
    """Days after `since` on which a digest was made, while the clock goes on hour by hour around nine."""
    found: list[int] = []
    for day in range(until.days + 1):
        at(since + day * DAY + dt.timedelta(minutes=5))
        if services.make_due_digests().waiting:
            found.append(day)
    return found


def test_who_stays_away_hears_ever_more_rarely_and_then_a_goodbye_and_nothing_more(member, at):
    nine = wall("UTC", 2026, 1, 5, 9)
    lives_in(member, "UTC", at(nine - HOUR))
    found = live_on(member, at, nine, dt.timedelta(days=400))
    assert found[:31] == list(range(31))  # each day for a month
    weekly = [day for day in found if AWAY_WEEKLY.days < day <= AWAY_MONTHLY.days]
    assert weekly == list(range(37, 91, 7))  # then each week
    monthly = [day for day in found if AWAY_MONTHLY.days < day < AWAY_GOODBYE.days]
    assert [later - earlier for earlier, later in pairwise(monthly)] == [28, 28, 28]
    goodbye = found[-1]
    assert goodbye - monthly[-1] == 28
    assert goodbye >= AWAY_GOODBYE.days
    assert Digest.objects.filter(is_goodbye=True).count() == 1
    assert Digest.objects.latest("id").is_goodbye
    assert planned(member) is None


def test_a_weekly_digest_becomes_no_rarer_in_the_first_months(member, at):
    nine = wall("UTC", 2026, 1, 4, 9)
    lives_in(member, "UTC", at(nine - HOUR), rhythm=Rhythm.WEEKLY)
    assert live_on(member, at, nine, AWAY_MONTHLY - DAY) == list(range(0, 90, 7))


@pytest.fixture
def gone(member, at):
    """`member` has been away for so long that the goodbye is on its way; its id."""
    nine = wall("UTC", 2026, 7, 6, 9)
    lives_in(member, "UTC", at(nine - HOUR))
    Member.objects.update(seen_on=(nine - AWAY_GOODBYE).date())
    at(nine)
    (digest_id,) = services.make_due_digests().waiting
    return digest_id


def test_the_goodbye_says_that_no_more_will_come_and_blames_nobody(gone, mailoutbox):
    tasks.send_digest(gone)
    (sent,) = mailoutbox
    assert sent.subject == "Your digest"
    for part in (sent.body, words(sent.alternatives[0])):
        assert "no more will come" in part
        assert "There is nothing to do." in part
        for never in ("miss", "forget", "sorry", "hope to see", "last chance", "!", "Somebody"):
            assert never not in part
    assert "List-Unsubscribe" in sent.extra_headers


def test_who_returns_hears_again_as_they_chose(gone, member, sign_in, at, mailoutbox):
    at(wall("UTC", 2026, 9, 1, 12))
    member.refresh_from_db()
    sign_in(member).get(reverse("boards"))
    assert planned(member) == wall("UTC", 2026, 9, 2, 9)
    assert Wishes.objects.get().goodbye_at is None
    at(wall("UTC", 2026, 9, 2, 9))
    assert len(services.make_due_digests().waiting) == 1
    assert planned(member) == wall("UTC", 2026, 9, 3, 9)


def test_who_returns_before_the_goodbye_left_does_not_get_it(gone, member, sign_in, mailoutbox):
    sign_in(member).get(reverse("boards"))
    tasks.send_digest(gone)
    assert mailoutbox == []


def test_who_returns_and_wanted_no_digest_gets_none(member, sign_in):
    Member.objects.update(seen_on=dt.date(2020, 1, 1))
    sign_in(member).get(reverse("boards"))
    assert not Wishes.objects.exists()


# --- visits -------------------------------------------------------------------------------------------------------


def test_a_visit_is_noted_once_a_day(member, sign_in, django_assert_num_queries):
    Member.objects.update(seen_on=timezone.now().date() - DAY)
    browser = sign_in(member)
    browser.get(reverse("boards"))
    member.refresh_from_db()
    assert member.seen_on == timezone.now().date()
    member.seen_on = None
    assert note_visit(member=member) is not None
    with django_assert_num_queries(0):
        assert note_visit(member=member) is None


def test_who_was_never_noted_was_last_here_when_they_signed_in_or_joined(member):
    member.seen_on = None
    member.last_login = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    assert member.last_here == dt.date(2026, 2, 1)
    member.last_login = None
    assert member.last_here == member.joined_at.date()


@pytest.mark.parametrize("page", ["help_now", "news_mark"])
def test_help_and_a_page_that_was_left_open_are_no_visits(member, sign_in, page):
    Member.objects.update(seen_on=dt.date(2020, 1, 1))
    sign_in(member).get(reverse(page))
    member.refresh_from_db()
    assert member.seen_on == dt.date(2020, 1, 1)


def test_nobody_is_shown_when_somebody_was_here(member, other_member, moderator, sign_in):
    thread = factories.ThreadFactory(author=member)
    Member.objects.filter(pk=member.pk).update(seen_on=dt.date(2019, 3, 7))
    for reader in (other_member, moderator):
        page = words(sign_in(reader).get(thread.get_absolute_url()))
        assert "2019" not in page
        assert "7 March" not in page


# --- run by beat --------------------------------------------------------------------------------------------------


def test_beat_asks_every_minute_and_digests_wait_behind_other_mails():
    assert settings.CELERY_BEAT_SCHEDULE["make-digests"]["task"] == tasks.make_digests.name
    for task in (tasks.send_digest, tasks.send_digests):
        assert settings.CELERY_TASK_ROUTES[task.name] == {"queue": "mail", "priority": 9}


def test_a_digest_is_claimed_only_by_one_of_two_who_make_at_once(shared_database):
    member = factories.MemberFactory()
    wants_digest(member)
    batches = at_once(*[partial(services.make_due_digests)] * 3)
    assert sorted(len(batch.waiting) for batch in batches) == [0, 0, 1]
