import datetime as dt

import pytest
from django.urls import reverse

from forums.models import Post
from moderation import access
from moderation.models import Case, Flag
from tests import factories
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
    for number in range(access.QUEUE_PAGE + 4):
        case_titled(f"Thread {number:03}", due=in_minutes(30))
    browser = sign_in(moderator)
    met, page = [], browser.get(QUEUE)
    while True:
        met += [link["href"] for link in soup(page).select(".case-row a[href*='/moderation/cases/']")]
        if (onward := soup(page).find("a", rel="next")) is None:
            break
        page = browser.get(QUEUE + onward["href"])
    assert len(set(met)) == access.QUEUE_PAGE + 4


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
    # session, member, news; cases, flags' reasons, signals, titles of posts, which authors are disguised
    with django_assert_num_queries(8):
        browser.get(QUEUE)
    for number in range(access.QUEUE_PAGE + 4):
        case_titled(f"Thread {number}")
    with django_assert_num_queries(8):
        browser.get(QUEUE)


def test_a_case_shows_what_a_moderator_needs_to_be_fair(
    sign_in, decide, moderator, other_moderator, other_member, member
):
    thread = factories.ThreadFactory(author=member, title="A long week")
    first, second = factories.PostFactory.create_batch(
        2, thread=thread, author=other_member, body="Pull yourself together."
    )
    factories.PostFactory(thread=thread, author=member, body="That hurt.")
    decide(other_moderator, factories.flag(first).case)
    case = factories.flag(second, reporter=member).case
    Flag.objects.filter(case=case).update(note="He does this often.")
    Post.objects.filter(pk=second.pk).update(body="Edited.", body_html="<p>Edited.</p>")
    page = words(sign_in(moderator).get(reverse("case", args=[case.public_id])))
    for seen in (
        "A long week",
        "That hurt.",
        "Edited.",
        "Pull yourself together.",
        "He does this often.",
        "alder",
        "birch",
    ):
        assert seen in page
    assert "No insults, no belittling" in page


def test_a_case_about_words_that_are_gone_still_opens(sign_in, moderator, case):
    Case.objects.update(subject_id=10**9)
    page = sign_in(moderator).get(reverse("case", args=[case.public_id]))
    assert page.status_code == 200
    assert "It is no longer there." in words(page)
    assert sign_in(moderator).get(QUEUE).status_code == 200
