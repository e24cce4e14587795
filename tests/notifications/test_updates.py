import pytest
from django.urls import reverse

from forums.models import Post
from notifications import services
from notifications.access import PAGE_SIZE
from notifications.models import Event, Notice
from tests import factories
from tests.pages import soup, words

UPDATES = reverse("notices")


@pytest.fixture
def told(reply):
    """A reply that `member` has a notice about."""
    made = reply()
    services.expand(made.event)
    made.notice = Notice.objects.get(event=made.event)
    return made


def address_of(notice):
    return reverse("notice", args=[notice.public_id])


def test_news_is_shown_without_a_number(told, sign_in, member):
    browser = sign_in(member)
    home = browser.get(reverse("home"))
    assert soup(home).find(class_="news-dot")
    page = browser.get(UPDATES)
    assert "Somebody replied in “A very particular title”." in words(page)
    Notice.objects.create(event=Event.objects.create(kind="new_reply", target_id=told.post.pk + 1), recipient=member)
    nav = soup(browser.get(reverse("home"))).find("header")
    assert not any(character.isdigit() for character in nav.get_text())


def test_following_a_notice_leads_to_the_reply_and_marks_it_read(told, sign_in, member):
    browser = sign_in(member)
    page = browser.get(address_of(told.notice), follow=True)
    assert page.redirect_chain[-1][0] == f"{told.thread.get_absolute_url()}#post-2"
    assert "Secret words of comfort." in words(page)
    assert soup(browser.get(reverse("home"))).find(class_="news-dot") is None


def test_all_can_be_marked_as_read_at_once(told, sign_in, member, newcomer):
    other = Notice.objects.create(event=told.event, recipient=newcomer)
    browser = sign_in(member)
    assert "Mark all as read" in words(browser.get(UPDATES))
    page = browser.post(reverse("mark_all_read"), follow=True)
    assert "Mark all as read" not in words(page)
    assert "Somebody replied" in words(page)
    other.refresh_from_db()
    assert other.read_at is None


def test_looking_does_not_mark_all_as_read(told, sign_in, member):
    assert sign_in(member).get(reverse("mark_all_read")).status_code == 405
    assert Notice.objects.get().read_at is None


def test_somebody_elses_notice_is_not_there(told, sign_in, visitor, other_member, moderator):
    for reader in (other_member, moderator):
        assert sign_in(reader).get(address_of(told.notice)).status_code == 404
        assert "Somebody replied" not in words(sign_in(reader).get(UPDATES))
    assert visitor.get(address_of(told.notice)).headers["Location"].startswith("/accounts/login/")
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize("why", ["hidden", "removed", "held"])
def test_a_notice_about_words_that_were_taken_away_says_so(told, sign_in, member, why):
    Post.objects.filter(pk=told.post.pk).update(visibility=why)
    browser = sign_in(member)
    page = browser.get(address_of(told.notice))
    assert page.status_code == 410
    assert "This is no longer there" in words(page)
    assert "particular title" not in page.text
    assert "Somebody replied" not in words(browser.get(UPDATES))


def test_a_notice_about_somebody_blocked_meanwhile_is_gone(told, sign_in, member):
    factories.BlockFactory(blocker=told.post.author, blocked=member)
    browser = sign_in(member)
    assert browser.get(address_of(told.notice)).status_code == 410
    assert "Somebody replied" not in words(browser.get(UPDATES))


def test_a_notice_of_a_kind_that_nobody_knows_any_more_breaks_nothing(told, sign_in, member):
    Event.objects.update(kind="forgotten")
    browser = sign_in(member)
    assert browser.get(UPDATES).status_code == 200
    assert browser.get(address_of(told.notice)).status_code == 410


def test_notices_come_newest_first_and_each_once(sign_in, member):
    thread = factories.ThreadFactory(author=member)
    for _number in range(PAGE_SIZE + 3):
        post = factories.PostFactory(thread=thread)
        services.expand(Event.objects.create(kind="new_reply", target_id=post.pk, actor=post.author))
    browser = sign_in(member)
    met, page = [], browser.get(UPDATES)
    while True:
        met += [link["href"] for link in soup(page).select(".notice-row a")]
        if (onward := soup(page).find("a", rel="next")) is None:
            break
        page = browser.get(UPDATES + onward["href"])
    assert met == [address_of(notice) for notice in member.notices.order_by("-id")]


def test_a_page_without_news_is_calm(sign_in, member):
    page = words(sign_in(member).get(UPDATES))
    assert "Nothing new" in page
    assert "Mark all as read" not in page


def test_the_mark_goes_out_when_what_it_stood_for_was_taken_away(told, sign_in, member):
    Post.objects.filter(pk=told.post.pk).update(visibility="hidden")
    browser = sign_in(member)
    assert "new:" in words(browser.get("/boards/")).lower() or soup(browser.get("/boards/")).select(".news-dot")
    browser.get(UPDATES)
    assert not soup(browser.get("/boards/")).select(".news-dot")


def test_the_updates_page_costs_the_same_with_one_notice_and_with_many(sign_in, member, django_assert_num_queries):
    thread = factories.ThreadFactory(author=member)
    browser = sign_in(member)
    for many in (1, PAGE_SIZE):
        for _notice in range(many):
            post = factories.PostFactory(thread=thread)
            services.expand(Event.objects.create(kind="new_reply", target_id=post.pk, actor=post.author))
        # session, member, notices, which may be seen, their titles, the mark in the header
        with django_assert_num_queries(6):
            browser.get(UPDATES)
