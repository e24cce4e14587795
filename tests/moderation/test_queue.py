import datetime as dt
from functools import partial

import pytest
from django.db import transaction
from django.urls import reverse

from forums.models import Post
from moderation import screening
from moderation.access.queue import QUEUE_PAGE
from moderation.models import Case, Flag
from moderation.services import cases, claims
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, words

QUEUE = reverse("queue")


def in_minutes(minutes):
    return factories.now() + dt.timedelta(minutes=minutes)


def case_titled(title, *, reason=Flag.Reason.ABUSE, due=None):
    case = factories.flag(factories.ThreadFactory(title=title).posts.get(), reason=reason).case
    if due is not None:
        Case.objects.filter(pk=case.pk).update(due_at=due)
    return case


def listed(page):
    return [link.get_text(" ", strip=True) for link in soup(page).select(".case-row h2, .case-row h3")]


def test_class_comes_before_the_clock_and_the_clock_decides_inside_a_class(sign_in, moderator):
    case_titled("spam, overdue", reason=Flag.Reason.SPAM, due=in_minutes(-60))
    case_titled("abuse, later", due=in_minutes(200))
    case_titled("abuse, sooner", due=in_minutes(100))
    case_titled("crisis", reason=Flag.Reason.WORRIED, due=in_minutes(14))
    page = words(sign_in(moderator).get(QUEUE))
    places = [page.index(title) for title in ("crisis", "abuse, sooner", "abuse, later", "spam, overdue")]
    assert places == sorted(places)


def test_every_open_case_is_met_once(sign_in, moderator):
    for number in range(QUEUE_PAGE + 4):
        case_titled(f"Thread {number:03}", due=in_minutes(30))
    browser = sign_in(moderator)
    met, page = [], browser.get(QUEUE)
    while True:
        met += [link["href"] for link in soup(page).select(".case-row a[href*='/moderation/cases/']")]
        if (onward := soup(page).find("a", rel="next")) is None:
            break
        page = browser.get(QUEUE + onward["href"])
    assert len(set(met)) == QUEUE_PAGE + 4


def test_a_row_says_what_is_at_stake_and_who_has_it(sign_in, claim, moderator, other_moderator):
    case = case_titled("A long night", reason=Flag.Reason.WORRIED, due=in_minutes(-10))
    factories.flag(Post.objects.get(pk=case.subject_id), reason=Flag.Reason.SPAM)
    claim(other_moderator, case)
    page = words(sign_in(moderator).get(QUEUE))
    for seen in (
        "Crisis",
        "Overdue",
        "A long night",
        "I'm worried about this person",
        "Spam or promotion",
        "With warden",
    ):
        assert seen in page


def test_decided_cases_leave_the_queue(sign_in, decide, moderator, case, scene):
    decide(moderator, case)
    page = words(sign_in(moderator).get(QUEUE))
    assert "Nothing waits" in page
    assert scene.thread.title not in page


@pytest.mark.parametrize("who", ["member", "silenced", "curator"])
def test_nobody_else_is_told_that_there_is_a_queue(request, sign_in, case, who):
    browser = sign_in(request.getfixturevalue(who))
    for address in (QUEUE, reverse("case", args=[case.public_id])):
        assert browser.get(address).status_code == 404
        assert address not in browser.get(reverse("home")).text
    for name in ("claim", "decide"):
        assert browser.post(reverse(name, args=[case.public_id])).status_code == 404
    case.refresh_from_db()
    assert (case.state, case.claimed_by) == ("open", None)


def test_who_no_longer_moderates_no_longer_reviews(sign_in, moderator, case):
    browser = sign_in(moderator)
    moderator.is_moderator = False
    moderator.save()
    assert browser.get(QUEUE).status_code == 404


def test_the_queue_costs_the_same_whatever_its_length(sign_in, moderator, django_assert_num_queries):
    browser = sign_in(moderator)
    case_titled("one")
    # who it is; the desk
    with django_assert_num_queries(2):
        browser.get(QUEUE)
    for number in range(QUEUE_PAGE + 4):
        case_titled(f"Thread {number}")
    with django_assert_num_queries(2):
        browser.get(QUEUE)


def test_what_somebody_reported_themselves_is_not_offered_to_them(sign_in, moderator, other_moderator, scene):
    """Where nobody else can decide it, it is."""
    case = factories.flag(scene.reply, reporter=moderator, reason=Flag.Reason.SPAM).case
    said = "You reported it, so a colleague decides"

    def offers(who):
        page = sign_in(who).get(QUEUE)
        row = soup(page).select_one("article")
        return bool(row.select("[data-key=c]")), bool(row.select("input[name=case]")), said in words(page)

    assert offers(moderator) == (False, False, True)
    assert offers(other_moderator) == (True, True, False)
    type(other_moderator).objects.filter(pk=other_moderator.pk).update(is_moderator=False)
    assert offers(moderator) == (True, True, False)
    assert case.flags.count() == 1


# --- narrowing it ---------------------------------------------------------------------------------------------


def shown(browser, **asked):
    return listed(browser.get(QUEUE, asked))


def test_each_view_of_the_queue_shows_its_cases(sign_in, moderator, other_moderator):
    mine, theirs = case_titled("mine"), case_titled("theirs")
    claims.claim(moderator=moderator, case=mine)
    claims.claim(moderator=other_moderator, case=theirs)
    case_titled("free")
    case_titled("late", due=in_minutes(-5))
    handed = claims_and(other_moderator, "handed on", claims.hand_over, note="Please look.")
    wanted = claims_and(other_moderator, "two heads", claims.ask_second)
    later = case_titled("later")
    Case.objects.filter(pk=later.pk).update(quiet_until=in_minutes(60))
    browser = sign_in(moderator)
    everything = {"mine", "theirs", "free", "late", "handed on", "two heads"}
    assert handed.pk != wanted.pk
    # What one holds stands above, too.
    assert set(shown(browser)) == everything
    assert set(shown(browser, show="mine")) == {"mine"}
    assert set(shown(browser, show="unclaimed")) - {"mine"} == {"free", "late", "handed on", "two heads"}
    assert set(shown(browser, show="overdue")) - {"mine"} == {"late"}
    assert set(shown(browser, show="handed-over")) - {"mine"} == {"handed on"}
    assert set(shown(browser, show="second")) - {"mine"} == {"two heads"}
    assert set(shown(browser, show="later")) - {"mine"} == {"later"}
    assert set(shown(browser, show="nonsense")) == everything


def claims_and(who, title, then, **more):
    case = case_titled(title)
    claims.claim(moderator=who, case=case)
    assert then(moderator=who, case=case, **more)
    return case


def test_the_queue_is_narrowed_by_class_and_by_source(sign_in, moderator):
    case_titled("a worry", reason=Flag.Reason.WORRIED)
    case_titled("an insult")
    spam = case_titled("a shop", reason=Flag.Reason.SPAM)
    Case.objects.filter(pk=spam.pk).update(source="automation")
    browser = sign_in(moderator)
    assert shown(browser, **{"class": "1"}) == ["a worry"]
    assert shown(browser, source="automation") == ["a shop"]
    assert shown(browser, source="automation", **{"class": "3"}) == []
    assert len(shown(browser, source="gossip", **{"class": "9"})) == 3


def test_further_pages_stay_narrowed(sign_in, moderator):
    for number in range(QUEUE_PAGE + 2):
        case_titled(f"Spam {number:03}", reason=Flag.Reason.SPAM)
    case_titled("an insult")
    browser = sign_in(moderator)
    onward = soup(browser.get(QUEUE, {"class": "4"})).find("a", rel="next")
    second = listed(browser.get(QUEUE + onward["href"]))
    assert len(second) == 2
    assert "an insult" not in second


def test_declined_cases_are_no_longer_offered(sign_in, moderator, other_moderator):
    claims.decline(moderator=moderator, case=case_titled("not for me"))
    assert shown(sign_in(moderator), show="unclaimed") == []
    assert shown(sign_in(other_moderator), show="unclaimed") == ["not for me"]
    assert shown(sign_in(moderator)) == ["not for me"]


def test_a_row_says_when_it_is_due_through_whom_it_came_and_what_was_noticed(sign_in, moderator, other_member):
    post = factories.PostFactory(thread__title="Tonight", author=other_member, body="I want to die.")
    with transaction.atomic():
        cases.open_for_signals(subject=post, verdict=screening.screen(post.body))
    Case.objects.update(due_at=in_minutes(13))
    page = words(sign_in(moderator).get(QUEUE))
    assert "due in 12" in page or "due in 13" in page
    assert "through automatic screening" in page
    assert "want to die" in page


def test_what_one_holds_stands_above_the_others_and_once(sign_in, moderator):
    claims.claim(moderator=moderator, case=case_titled("mine", reason=Flag.Reason.SPAM))
    case_titled("a worry", reason=Flag.Reason.WORRIED)
    browser = sign_in(moderator)
    assert shown(browser) == ["mine", "a worry"]
    assert shown(browser, show="mine") == ["mine"]


# --- live -----------------------------------------------------------------------------------------------------


def news(browser, page):
    return browser.get(soup(page).find(attrs={"data-queue-news": True})["data-queue-news"])


def test_a_page_left_open_hears_of_new_cases_and_of_changes(sign_in, moderator, other_moderator):
    old = case_titled("old")
    browser = sign_in(moderator)
    page = browser.get(QUEUE)
    assert news(browser, page).status_code == 204
    case_titled("new")
    assert "One new case." in words(news(browser, page))
    case_titled("another", reason=Flag.Reason.SPAM)
    told = news(browser, page)
    assert "2 new cases." in words(told)
    assert soup(told).a["href"] == QUEUE
    page = browser.get(QUEUE)
    claims.claim(moderator=other_moderator, case=old)
    assert "The queue has changed." in words(news(browser, page))


def test_news_is_of_what_is_looked_at(sign_in, moderator):
    browser = sign_in(moderator)
    page = browser.get(QUEUE, {"class": "1"})
    case_titled("an insult")
    assert not soup(news(browser, page)).a
    case_titled("a worry", reason=Flag.Reason.WORRIED)
    told = news(browser, page)
    assert "One new case." in words(told)
    assert soup(told).a["href"] == QUEUE + "?class=1"


def test_nobody_hears_of_cases_about_themselves(sign_in, moderator):
    browser = sign_in(moderator)
    page = browser.get(QUEUE)
    factories.flag(factories.PostFactory(author=moderator))
    assert news(browser, page).status_code == 204


def test_a_page_says_how_many_cases_wait_and_how_many_of_them_are_overdue(sign_in, moderator):
    browser = sign_in(moderator)
    assert "No case waits." in words(browser.get(QUEUE))
    late = case_titled("late", due=in_minutes(-5))
    assert "1 case waits, 1 overdue." in words(browser.get(QUEUE))
    case_titled("an insult")
    case_titled("a worry", reason=Flag.Reason.WORRIED)
    case_titled("later", reason=Flag.Reason.SPAM)
    Case.objects.filter(priority=4).update(quiet_until=in_minutes(60))
    factories.flag(factories.PostFactory(author=moderator))
    # Whatever is looked at.
    page = words(browser.get(QUEUE, {"show": "mine"}))
    assert "3 cases wait, 1 of them overdue." in page
    assert "Crisis: 1 Abuse, privacy, predation: 2 (1 overdue)" in page
    assert "Everything else:" not in page
    Case.objects.filter(pk=late.pk).update(due_at=in_minutes(5))
    assert "3 cases wait." in words(browser.get(QUEUE))


def test_a_page_left_open_hears_how_many_wait_and_only_when_that_changed(sign_in, moderator):
    case = case_titled("an insult")
    browser = sign_in(moderator)
    page = browser.get(QUEUE, {"class": "1"})
    region = soup(page).find(attrs={"data-queue-news": True})
    assert region["role"] == "status"
    assert "1 case waits." in region.get_text()
    assert news(browser, page).status_code == 204
    # Time passes.
    Case.objects.filter(pk=case.pk).update(due_at=in_minutes(-1))
    assert "1 case waits, 1 overdue." in words(news(browser, page))
    Case.objects.filter(pk=case.pk).update(due_at=in_minutes(9))
    assert news(browser, page).status_code == 204


def test_beyond_a_hundred_cases_are_not_counted_on(sign_in, moderator, monkeypatch):
    monkeypatch.setattr("moderation.access.waiting.COUNTED", 2)
    for number in range(4):
        case_titled(f"Spam {number}", reason=Flag.Reason.SPAM, due=in_minutes(-number))
    case_titled("an insult")
    page = words(sign_in(moderator).get(QUEUE))
    assert "2+ cases wait, 2+ of them overdue." in page
    assert "Everything else: 2+ (2+ overdue)" in page


# --- the next case --------------------------------------------------------------------------------------------


def take_next(browser):
    return browser.post(reverse("next_case"), follow=True)


def test_the_next_case_is_the_most_urgent_that_is_free(sign_in, moderator, other_moderator):
    case_titled("spam", reason=Flag.Reason.SPAM)
    case_titled("insult")
    claims.claim(moderator=other_moderator, case=case_titled("taken", reason=Flag.Reason.WORRIED))
    claims.decline(moderator=moderator, case=case_titled("declined", reason=Flag.Reason.DANGER))
    claims_and(moderator, "second", claims.ask_second)
    page = take_next(sign_in(moderator))
    assert "You hold this case until" in words(page)
    assert Case.objects.get(claimed_by=moderator).priority == 3
    # Asked again, the same one: one case at a time.
    assert "You are working on this case already." in words(take_next(sign_in(moderator)))
    assert Case.objects.filter(claimed_by=moderator).count() == 1


def test_when_nothing_is_left_it_says_so(sign_in, moderator):
    assert "Nothing is left to take just now." in words(take_next(sign_in(moderator)))


def test_two_who_ask_for_the_next_case_never_get_the_same(shared_database):
    for _number in range(3):
        factories.flag(factories.PostFactory())
    moderators = factories.MemberFactory.create_batch(4, is_moderator=True)
    got = at_once(*[partial(claims.take_next, moderator=who) for who in moderators])
    taken = [case.pk for case in got if case is not None]
    assert len(taken) == len(set(taken)) == 3
    assert Case.objects.filter(claimed_by=None).count() == 0
