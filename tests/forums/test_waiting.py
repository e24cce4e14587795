"""Nobody waits unseen: the hand-out to helpers, and what moderators hear after twelve hours (M3)."""

import datetime as dt
from functools import partial

import pytest
from django.contrib.messages import get_messages
from django.db.models import F
from django.urls import reverse

from forums import access, tasks
from forums.models import Level, Thread, ThreadFollow, WaitingOffer
from forums.news import WAITING_LONG
from forums.services import following, waiting
from members.models import Block
from notifications.models import Event, Notice
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, titles, words


def ago(**span):
    return factories.now() - dt.timedelta(**span)


def wait_for(hours, **fields):
    return factories.ThreadFactory(created_at=ago(hours=hours), **fields)


@pytest.fixture
def three(db):
    """Three who wait, the longest wait first."""
    return [wait_for(hours) for hours in (5, 4, 3)]


@pytest.fixture
def helper(sign_in, other_member):
    return sign_in(other_member)


@pytest.fixture
def second_helper(sign_in, newcomer):
    return sign_in(newcomer)


def page_of(browser):
    return browser.get(reverse("waiting"))


def offered(browser):
    """The title under “Could you answer this one?”, or None."""
    panel = soup(page_of(browser)).find(class_="offer")
    return panel.find(class_="cover-link").get_text() if panel else None


def another(browser):
    return browser.post(reverse("another_waiting"), follow=True)


# --- the hand-out ---------------------------------------------------------------------------------------------


def test_a_helper_is_offered_the_longest_wait_and_sees_the_others_below_it(helper, three):
    assert offered(helper) == three[0].title
    assert titles(page_of(helper)) == [thread.title for thread in three]


def test_a_second_helper_is_offered_another_thread(helper, second_helper, three):
    assert offered(helper) == three[0].title
    assert offered(second_helper) == three[1].title
    # What is offered to somebody else is still there to be answered.
    assert titles(page_of(second_helper)) == [three[1].title, three[0].title, three[2].title]


def test_an_offer_stays_with_a_helper_who_comes_back(helper, second_helper, three):
    for _visit in range(3):
        assert offered(helper) == three[0].title
        assert offered(second_helper) == three[1].title


def test_each_visit_renews_the_offer(helper, three):
    offered(helper)
    WaitingOffer.objects.update(until=factories.now() + dt.timedelta(minutes=1))
    offered(helper)
    assert WaitingOffer.objects.get().until > factories.now() + dt.timedelta(minutes=9)


def test_an_offer_stays_with_whoever_is_writing_a_reply(helper, second_helper, three):
    offered(helper)
    WaitingOffer.objects.update(until=ago(seconds=1))
    helper.post(reverse("save_reply", args=[three[0].public_id]), {"body": "I know this. When I", "sequence": 0})
    assert offered(second_helper) == three[1].title


def test_writing_elsewhere_takes_no_offer(helper, second_helper, three):
    offered(helper)
    second_helper.post(reverse("save_reply", args=[three[0].public_id]), {"body": "Me too", "sequence": 0})
    assert offered(helper) == three[0].title
    assert WaitingOffer.objects.get(thread=three[0]).member.username == "birch"


def test_an_offer_whose_time_is_over_goes_to_the_next_helper(helper, second_helper, three):
    assert offered(helper) == three[0].title
    WaitingOffer.objects.update(until=ago(seconds=1))
    assert offered(second_helper) == three[0].title
    assert offered(helper) == three[1].title


def test_when_everything_is_offered_to_others_the_list_is_shown_as_it_is(helper, second_helper):
    only = wait_for(5)
    assert offered(helper) == only.title
    assert offered(second_helper) is None
    assert titles(page_of(second_helper)) == [only.title]


def test_after_a_reply_the_next_thread_is_offered(helper, three):
    assert offered(helper) == three[0].title
    helper.post(reverse("reply", args=[three[0].public_id]), {"body": "I hear you."})
    assert offered(helper) == three[1].title
    assert not WaitingOffer.objects.filter(thread=three[0]).exists()


def test_after_a_reply_that_a_moderator_reads_first_the_next_thread_is_offered(helper, second_helper, db):
    first, second = (wait_for(hours, board__hold_first="all") for hours in (5, 4))
    assert offered(helper) == first.title
    helper.post(reverse("reply", args=[first.public_id]), {"body": "I hear you."})
    assert Thread.objects.get(pk=first.pk).answered_at is None
    assert offered(helper) == second.title
    # The thread waits on, so it is offered to somebody else at once.
    assert offered(second_helper) == first.title


def test_showing_another_one_goes_on_to_the_next_and_round_again(helper, three):
    assert offered(helper) == three[0].title
    for expected in (three[1], three[2], three[0]):
        page = another(helper)
        assert page.status_code == 200
        assert offered(helper) == expected.title


def test_what_a_helper_passed_is_free_for_others_at_once(helper, second_helper, three):
    offered(helper)
    another(helper)
    assert offered(second_helper) == three[0].title
    assert WaitingOffer.objects.count() == 2


def test_another_one_is_never_one_that_is_offered_to_somebody_else(helper, second_helper, three):
    offered(helper)
    offered(second_helper)
    another(helper)
    assert offered(helper) == three[2].title


def test_the_only_one_who_waits_stays_offered(helper):
    only = wait_for(5)
    assert offered(helper) == only.title
    answer = helper.post(reverse("another_waiting"))
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "There is no other one to offer at the moment."
    ]
    assert offered(helper) == only.title


def test_another_one_can_be_asked_for_after_the_offer_ran_out(helper, three):
    offered(helper)
    WaitingOffer.objects.update(until=ago(minutes=1))
    another(helper)
    assert offered(helper) == three[1].title


def test_an_offer_ends_when_somebody_else_answers(helper, second_helper, three):
    offered(helper)
    second_helper.post(reverse("reply", args=[three[0].public_id]), {"body": "Here."})
    assert offered(helper) == three[1].title


@pytest.mark.parametrize("boundary", ["thread", "board", "notes"])
def test_what_a_helper_wants_to_hear_nothing_of_is_neither_offered_nor_listed(helper, other_member, boundary):
    unwanted, wanted = wait_for(5, content_notes=["loss"]), wait_for(4)
    if boundary == "thread":
        following.set_thread_level(member=other_member, thread=unwanted, level=Level.MUTE)
    elif boundary == "board":
        following.set_board_level(member=other_member, board=unwanted.board, level=Level.MUTE)
    else:
        other_member.hidden_notes = ["loss"]
        other_member.save()
    assert offered(helper) == wanted.title
    assert titles(page_of(helper)) == [wanted.title]


def test_a_thread_that_is_followed_in_a_muted_board_is_still_listed(helper, other_member, three):
    following.set_board_level(member=other_member, board=three[0].board, level=Level.MUTE)
    following.set_thread_level(member=other_member, thread=three[0], level=Level.REPLIES)
    assert offered(helper) == three[0].title


def test_neither_side_of_a_block_is_offered_the_other(sign_in, member, blocked):
    of_blocked, of_member = wait_for(5, author=blocked), wait_for(4, author=member)
    assert offered(sign_in(member)) is None
    assert offered(sign_in(blocked)) is None
    assert {of_blocked.title, of_member.title}.isdisjoint(titles(page_of(sign_in(member))))


def test_an_anonymous_author_is_offered_by_the_disguise_also_across_a_block(sign_in, member, blocked):
    hidden = wait_for(5, author=blocked, disguise=7)
    page = page_of(sign_in(member))
    assert titles(page) == [hidden.title]
    assert blocked.username not in page.text


def test_ones_own_thread_is_never_offered(sign_in, member):
    wait_for(5, author=member)
    assert offered(sign_in(member)) is None


def test_who_may_not_write_now_is_not_asked_to(sign_in, silenced, three):
    browser = sign_in(silenced)
    assert offered(browser) is None
    assert titles(page_of(browser)) == [thread.title for thread in three]


def test_the_offered_thread_is_not_listed_again_on_a_later_page(helper):
    threads = [wait_for(200 - hours) for hours in range(access.THREADS_A_PAGE + 3)]
    for _pass in range(access.THREADS_A_PAGE + 1):
        another(helper)
    deep = offered(helper)
    first = page_of(helper)
    second = helper.get(reverse("waiting") + soup(first).find("a", rel="next")["href"])
    met = titles(first) + titles(second)
    assert deep == met[0]
    assert sorted(met) == sorted(thread.title for thread in threads)


def test_ten_helpers_at_the_same_instant_are_offered_ten_threads(shared_database):
    board = factories.BoardFactory()
    threads = factories.ThreadFactory.create_batch(12, board=board)
    helpers = factories.MemberFactory.create_batch(10)
    offers = at_once(*[partial(waiting.offer, member=helper) for helper in helpers])
    taken = {offer["id"] for offer in offers if offer}
    assert len(taken) == 10
    assert WaitingOffer.objects.count() == 10
    assert set(taken) <= {thread.pk for thread in threads}


def test_one_thread_is_offered_to_one_of_ten(shared_database):
    factories.ThreadFactory()
    helpers = factories.MemberFactory.create_batch(10)
    offers = at_once(*[partial(waiting.offer, member=helper) for helper in helpers])
    assert len([offer for offer in offers if offer]) == 1


def test_an_offer_that_ran_out_is_taken_over_by_one_of_many(shared_database):
    factories.ThreadFactory()
    first, *others = factories.MemberFactory.create_batch(6)
    assert waiting.offer(member=first)
    WaitingOffer.objects.update(until=ago(minutes=1))
    offers = at_once(*[partial(waiting.offer, member=helper) for helper in others])
    assert len([offer for offer in offers if offer]) == 1
    assert waiting.offer(member=first) is None


def test_helpers_who_all_ask_for_another_one_at_once_do_not_meet(shared_database):
    factories.ThreadFactory.create_batch(12)
    helpers = factories.MemberFactory.create_batch(5)
    for helper in helpers:
        waiting.offer(member=helper)
    before = dict(WaitingOffer.objects.values_list("member_id", "thread_id"))
    at_once(*[partial(waiting.offer_another, member=helper) for helper in helpers])
    after = dict(WaitingOffer.objects.values_list("member_id", "thread_id"))
    assert len(set(after.values())) == len(helpers)
    assert all(after[helper.pk] != before[helper.pk] for helper in helpers)


# --- after twelve hours -----------------------------------------------------------------------------------------


def told():
    return sorted(Notice.objects.filter(event__kind=WAITING_LONG.key).values_list("recipient__username", flat=True))


def test_moderators_see_first_who_has_waited_for_long(sign_in, moderator):
    long, short = wait_for(13), wait_for(11)
    page = page_of(sign_in(moderator))
    sections = {part.h2.get_text(): part for part in soup(page).find_all("section") if part.h2}
    assert long.title in sections["Waiting for more than 12 hours"].get_text()
    assert short.title not in sections["Waiting for more than 12 hours"].get_text()
    assert titles(page) == [long.title, short.title]


def test_members_see_no_such_section(helper):
    wait_for(13)
    assert "Waiting for more than 12 hours" not in words(page_of(helper))


def test_moderators_are_offered_nothing_so_that_the_thread_is_free_for_a_member(sign_in, moderator, helper, three):
    assert offered(sign_in(moderator)) is None
    assert offered(helper) == three[0].title


def test_what_a_moderator_hides_or_mutes_for_themselves_is_still_theirs_to_see(sign_in, moderator):
    noted, muted = wait_for(14, content_notes=["loss"]), wait_for(13)
    moderator.hidden_notes = ["loss"]
    moderator.save()
    ThreadFollow.objects.create(member=moderator, thread=muted, level=Level.MUTE)
    assert titles(page_of(sign_in(moderator))) == [noted.title, muted.title]


def test_after_twelve_hours_every_moderator_is_told_once(worker, moderator, other_moderator, member, mailoutbox):
    wait_for(13, author=member, title="A very particular title")
    for _beat in range(3):
        with worker():
            tasks.tell_long_waits()
    assert told() == [moderator.username, other_moderator.username]
    assert mailoutbox == []


def test_nobody_is_told_before_or_of_what_was_answered(worker, moderator):
    wait_for(11)
    factories.PostFactory(thread=wait_for(13))
    with worker():
        tasks.tell_long_waits()
    assert told() == []


@pytest.mark.parametrize(
    "why",
    [
        {"no_reply_needed": True},
        {"state": "locked"},
        {"state": "archived"},
        {"visibility": "held"},
        {"visibility": "hidden"},
        {"visibility": "withdrawn"},
        {"board__is_archived": True},
    ],
    ids=lambda why: "-".join(map(str, next(iter(why.items())))),
)
def test_nobody_is_told_of_what_does_not_wait(worker, moderator, why):
    wait_for(13, **why)
    with worker():
        tasks.tell_long_waits()
    assert told() == []


def test_a_moderator_is_not_told_of_their_own_thread_and_the_others_are(worker, moderator, other_moderator):
    wait_for(13, author=moderator)
    with worker():
        tasks.tell_long_waits()
    assert told() == [other_moderator.username]


def test_who_is_no_moderator_any_more_is_not_told(worker, moderator, other_moderator):
    wait_for(13)
    other_moderator.is_active = False
    other_moderator.save()
    with worker():
        tasks.tell_long_waits()
    assert told() == [moderator.username]


def test_after_an_outage_all_are_told_of_in_turn(worker, moderator, monkeypatch):
    for hours in range(13, 18):
        wait_for(hours)
    monkeypatch.setattr(waiting, "TOLD_AT_ONCE", 2)
    longest_first = Thread.objects.order_by("created_at").values_list("pk", flat=True)
    for so_far in (2, 4, 5, 5):
        with worker():
            tasks.tell_long_waits()
        told_of = Event.objects.filter(kind=WAITING_LONG.key).order_by("id").values_list("target_id", flat=True)
        assert list(told_of) == list(longest_first[:so_far])


def test_two_workers_at_once_tell_once(shared_database):
    wait_for(13)
    at_once(*[waiting.tell_long_waits] * 4)
    assert Event.objects.filter(kind=WAITING_LONG.key).count() == 1


def test_the_news_is_gone_when_somebody_has_answered(worker, sign_in, moderator, other_member):
    thread = wait_for(13)
    with worker():
        tasks.tell_long_waits()
    browser = sign_in(moderator)
    line = f"A thread on “{thread.board.title}” has waited for a reply for more than 12 hours."
    assert line in words(browser.get(reverse("notices")))
    factories.PostFactory(thread=thread, author=other_member)
    assert line not in words(browser.get(reverse("notices")))


def test_the_news_leads_to_the_thread(worker, sign_in, moderator):
    thread = wait_for(13)
    with worker():
        tasks.tell_long_waits()
    notice = Notice.objects.get(recipient=moderator)
    answer = sign_in(moderator).get(reverse("notice", args=[notice.public_id]))
    assert answer.headers["Location"] == thread.get_absolute_url()


def test_offers_of_long_ago_are_cleared_away(helper, three):
    offered(helper)
    WaitingOffer.objects.update(until=F("until") - dt.timedelta(days=2))
    tasks.tell_long_waits()
    assert not WaitingOffer.objects.exists()


# --- answered, and yet alone --------------------------------------------------------------------------------------


@pytest.fixture
def kept_away(member, blocked):
    """Whoever answered this anonymous thread is blocked by its author, who therefore sees no answer."""
    thread = wait_for(13, author=member, disguise=7)
    factories.PostFactory(thread=thread, author=blocked)
    return thread


def test_moderators_see_who_was_answered_only_by_people_behind_a_block(sign_in, moderator, kept_away):
    page = page_of(sign_in(moderator))
    assert titles(page) == [kept_away.title]
    assert "Its author does not see the answers" in words(page)


def test_moderators_are_told_of_them_after_twelve_hours_too(worker, sign_in, moderator, kept_away):
    for _beat in range(2):
        with worker():
            tasks.tell_long_waits()
    assert told() == [moderator.username]
    line = f"A thread on “{kept_away.board.title}” has waited for a reply for more than 12 hours."
    assert line in words(sign_in(moderator).get(reverse("notices")))


def test_whoever_is_behind_the_block_cannot_tell_and_neither_can_others(sign_in, blocked, other_member, kept_away):
    for reader in (blocked, other_member):
        browser = sign_in(reader)
        assert titles(page_of(browser)) == []
        assert "Answered" in words(browser.get(kept_away.get_absolute_url()))


@pytest.mark.parametrize("heard_by", ["a reply from somebody else", "the block is gone", "no reply was needed"])
def test_they_wait_no_longer_when(sign_in, moderator, other_member, kept_away, heard_by):
    if heard_by == "a reply from somebody else":
        factories.PostFactory(thread=kept_away, author=other_member)
    elif heard_by == "the block is gone":
        Block.objects.all().delete()
    else:
        Thread.objects.update(no_reply_needed=True)
    assert titles(page_of(sign_in(moderator))) == []


def test_a_reply_that_was_taken_away_again_is_no_answer(sign_in, moderator, other_member, kept_away):
    factories.PostFactory(thread=kept_away, author=other_member, visibility="removed")
    assert titles(page_of(sign_in(moderator))) == [kept_away.title]


def test_answered_threads_of_people_with_a_block_are_not_among_them(sign_in, moderator, scene, blocked):
    assert titles(page_of(sign_in(moderator))) == []


# --- how long


def test_rows_say_how_long_somebody_has_waited(helper, sign_in, moderator):
    wait_for(21)
    wait_for(24 * 3 + 5)
    for browser in (helper, sign_in(moderator)):
        shown = words(page_of(browser)).replace("\xa0", " ")
        assert "waiting for 21 hours" in shown
        assert "waiting for 3 days" in shown
        assert "last post" not in shown
