"""Looking after the queue for a while, and passing it on."""

import datetime as dt

import pytest
from django.urls import reverse

from moderation.access import hard_cases_today
from moderation.models import Flag, Shift
from moderation.services import claims, shifts
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, value_of, words

QUEUE = reverse("queue")


@pytest.fixture
def do(sign_in):
    def send(who, what):
        return sign_in(who).post(reverse("shift"), {"do": what}, follow=True)

    return send


@pytest.fixture
def end(sign_in):
    def send(who, handover=""):
        return sign_in(who).post(reverse("shift_end"), {"handover": handover}, follow=True)

    return send


def test_colleagues_see_who_is_on_shift_and_who_is_pausing(do, sign_in, moderator, other_moderator):
    assert "Nobody is on shift." in words(sign_in(moderator).get(QUEUE))
    do(moderator, "start")
    do(other_moderator, "start")
    do(other_moderator, "pause")
    page = words(sign_in(moderator).get(QUEUE))
    assert "On shift: keeper , warden (pausing)" in page
    do(other_moderator, "resume")
    assert "pausing" not in words(sign_in(moderator).get(QUEUE))


def test_nobody_is_on_shift_twice(shared_database):
    who = factories.MemberFactory(is_moderator=True)
    assert sorted(at_once(*[lambda: shifts.start(moderator=who)] * 3)) == [False, False, True]
    assert Shift.objects.count() == 1


def test_a_shift_ends_without_words_when_nothing_urgent_is_open(do, end, moderator, case):
    do(moderator, "start")
    assert "Your shift has ended." in words(end(moderator))
    assert Shift.objects.get().ended_at
    assert "No shift of yours was running" in words(end(moderator))


@pytest.mark.parametrize("reason", [Flag.Reason.WORRIED, Flag.Reason.METHODS])
def test_with_urgent_cases_open_the_next_person_needs_a_note(do, end, sign_in, moderator, reason):
    factories.flag(factories.PostFactory(), reason=reason)
    do(moderator, "start")
    page = end(moderator, " \n")
    assert page.status_code == 422
    assert "Urgent cases are open. Say what the next person needs to know" in words(page)
    assert Shift.objects.get().ended_at is None
    assert "Your shift has ended." in words(end(moderator, "Somebody is waiting for an answer."))


def test_an_urgent_case_about_oneself_is_not_betrayed_by_the_end_of_a_shift(do, end, moderator):
    factories.flag(factories.PostFactory(author=moderator), reason=Flag.Reason.WORRIED)
    do(moderator, "start")
    assert "Your shift has ended." in words(end(moderator))


def test_what_one_holds_is_handed_over_when_the_shift_ends(do, end, sign_in, moderator, other_moderator, case):
    do(moderator, "start")
    claims.claim(moderator=moderator, case=case)
    assert "This goes back to the queue" in words(sign_in(moderator).get(reverse("shift_end")))
    end(moderator)
    case.refresh_from_db()
    assert (case.claimed_by, case.lease_until) == (None, None)
    assert case.handed_over_at
    assert claims.claim(moderator=other_moderator, case=case)


def test_the_next_one_reads_the_handover_and_says_so(do, end, sign_in, moderator, other_moderator, admin):
    do(moderator, "start")
    end(moderator, "Please look in on the thread about the bridge.")
    assert "about the bridge" not in words(sign_in(moderator).get(QUEUE))
    browser = sign_in(other_moderator)
    page = browser.get(QUEUE)
    assert "keeper handed over" in words(page)
    assert "about the bridge" in words(page)
    read = soup(page).select_one("form[action*='/shift/read/']")["action"]
    browser.post(read)
    assert "about the bridge" not in words(browser.get(QUEUE))
    assert "about the bridge" not in words(sign_in(admin).get(QUEUE))
    shift = Shift.objects.get()
    assert shift.acknowledged_by == other_moderator
    # The first one is kept; one's own is not one's to read.
    sign_in(admin).post(read)
    shift.refresh_from_db()
    assert shift.acknowledged_by == other_moderator
    assert sign_in(moderator).post(read).status_code == 404


def test_hard_cases_of_today_are_counted_in_words_and_a_pause_is_offered(
    sign_in, decide, moderator, other_moderator, settings, do
):
    settings.MODERATION_PAUSE_AFTER = 2
    do(moderator, "start")
    browser = sign_in(moderator)
    decide(moderator, factories.flag(factories.PostFactory()).case)
    assert "hard case" not in words(browser.get(QUEUE))
    decide(moderator, factories.flag(factories.PostFactory(), reason=Flag.Reason.METHODS).case)
    assert "You have worked on one hard case today." in words(browser.get(QUEUE))
    assert "You could take a pause" not in words(browser.get(QUEUE))
    decide(moderator, factories.flag(factories.PostFactory(), reason=Flag.Reason.DANGER).case)
    page = words(browser.get(QUEUE))
    assert "You have worked on two hard cases today." in page
    assert "You could take a pause" in page
    # What a colleague carried is theirs.
    assert "hard case" not in words(sign_in(other_moderator).get(QUEUE))


def test_shifts_are_moderators_alone(sign_in, member, visitor):
    for address in (reverse("shift"), reverse("shift_end"), reverse("handover_read", args=[1])):
        assert sign_in(member).post(address, {"do": "start"}).status_code == 404
        assert visitor.post(address).status_code == 302
    assert not Shift.objects.exists()


def test_who_no_longer_moderates_is_not_on_shift(do, sign_in, moderator, other_moderator):
    do(moderator, "start")
    moderator.is_moderator = False
    moderator.save()
    assert "Nobody is on shift." in words(sign_in(other_moderator).get(QUEUE))


def test_a_handover_sent_after_the_session_had_ended_is_not_lost(do, sign_in, moderator):
    do(moderator, "start")
    browser = sign_in(moderator)
    address = reverse("shift_end")
    writer = value_of(browser.get(address), "writer")
    browser.logout()
    browser.post(address, {"handover": "Half a note.", "writer": writer})
    browser.force_login(moderator)
    assert value_of(browser.get(address), "handover") == "Half a note."


def test_counting_begins_anew_each_day(decide, moderator):
    decide(moderator, factories.flag(factories.PostFactory(), reason=Flag.Reason.METHODS).case)
    assert hard_cases_today(moderator) == 1
    assert hard_cases_today(moderator, factories.now() + dt.timedelta(days=2)) == 0
