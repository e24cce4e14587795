"""Kept for later: privately, and with one to take along."""

import datetime as dt

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils import timezone

import notifications.services
from notifications.models import Event, Notice
from resources.models import ArticlePage, Edition, Saved
from resources.news_reading import SAVED_UPDATED
from resources.services import editions, saving
from tests import factories
from tests.pages import soup, words
from tests.resources import library, reading

SAVED = "/saved/"
# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


@pytest.fixture
def browser(sign_in, member):
    return sign_in(member)


def save(browser, article, **fields):
    return browser.post(reverse("article_save", args=[article.slug]), fields, follow=True)


def test_a_page_is_saved_found_again_and_taken_off(browser, article):
    page = save(browser, article)
    assert "Saved. Take it off" in words(page)
    save(browser, article)
    page = browser.get(SAVED)
    assert [link["href"] for link in soup(page).select(".article-card a")] == [article.url]
    page = save(browser, article, forget="1")
    assert "Save for later" in words(page)
    assert "Nothing is saved yet" in words(browser.get(SAVED))


def test_nobody_else_sees_what_somebody_saved(browser, sign_in, article, other_member, reviewer):
    save(browser, article)
    for somebody in (other_member, reviewer):
        theirs = sign_in(somebody)
        assert "Tea with" not in words(theirs.get(SAVED))
        assert "Save for later" in words(theirs.get(article.url))
        theirs.post(reverse("forget_saved", args=[article.pk]))
    assert "Tea with" in words(browser.get(SAVED))


def test_visitors_are_asked_to_sign_in(client, article):
    for answer in (client.get(SAVED), client.post(reverse("article_save", args=[article.slug]))):
        assert answer.status_code == 302
        assert "/accounts/login/" in answer.headers["Location"]
    assert not Saved.objects.exists()


def test_what_is_not_published_cannot_be_saved(browser, author):
    assert save(browser, library.draft(author)).status_code == 404


def test_a_retired_page_stays_with_whoever_saved_it_and_says_so(browser, article):
    save(browser, article)
    ArticlePage.objects.filter(pk=article.pk).update(retired_at=timezone.now())
    page = browser.get(SAVED)
    assert "No longer recommended here" in words(page)
    assert browser.get(article.url).status_code == 200


def test_a_page_that_was_taken_down_leaves_a_line_that_can_be_taken_off(browser, article):
    save(browser, article)
    ArticlePage.objects.filter(pk=article.pk).update(live=False)
    page = browser.get(SAVED)
    assert "Tea with" not in words(page)
    assert "This page cannot be read any more." in words(page)
    browser.post(soup(page).select_one(".saved-list form")["action"])
    assert "Nothing is saved yet" in words(browser.get(SAVED))


def test_the_list_goes_on_and_costs_the_same(browser, member, author, reviewer, shelf, django_assert_num_queries):
    first = reading.page(author, reviewer, "Copy 000000")
    reading.copies(first, 24)
    for article in ArticlePage.objects.order_by("pk"):
        saving.save_article(member=member, article=article)
    with django_assert_num_queries(3):  # who it is, saved, their pages, news
        page = browser.get(SAVED)
    assert len(soup(page).select(".saved-list > li")) == 20
    page = browser.get(SAVED + soup(page).find("a", rel="next")["href"])
    assert len(soup(page).select(".saved-list > li")) == 5


# --- to take along


def copy(browser):
    answer = browser.get(reverse("saved_copy"))
    assert answer.status_code == 200
    return answer


def test_the_copy_is_one_file_that_loads_nothing(browser, author, reviewer, shelf):
    text = '<p>Small things, <a href="/help-now/">lines</a>.</p>'
    for title in ("Tea with a neighbour", "Nights"):
        save(browser, reading.page(author, reviewer, title, text))
    answer = copy(browser)
    said = words(answer)
    assert "Tea with a neighbour" in said
    assert "A review of many trials" in said
    page = soup(answer)
    for loading in ("script", "img", "link", "iframe", "video", "form", "object"):
        assert not page.find_all(loading), loading
    assert "url(" not in answer.text
    assert "@import" not in answer.text
    for link in page.find_all("a"):
        assert link["href"].startswith(("#", "http://", "https://", "tel:", "sms:")), link
    assert len(page.find_all("article")) == 2


def test_neither_its_name_nor_its_title_tells_what_it_is_about(browser, article):
    save(browser, article)
    answer = copy(browser)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="reading.html"'
    assert soup(answer).title.get_text() == "Saved pages"
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_copy_has_ones_own_pages_only_and_no_account(browser, sign_in, member, other_member, article):
    save(browser, article)
    assert member.username not in copy(browser).text
    assert sign_in(other_member).get(reverse("saved_copy")).status_code == 302


def test_so_many_copies_an_hour_are_enough(browser, article):
    save(browser, article)
    for _turn in range(10):
        copy(browser)
    assert browser.get(reverse("saved_copy")).status_code == 302


# --- news of other words


@pytest.fixture
def kept(browser, article):
    """An article that `member` saved some while ago."""
    save(browser, article)
    ago = timezone.now() - dt.timedelta(days=3)
    Saved.objects.update(at=ago)
    return article


def told():
    """To whom notices of new words went."""
    for event in Event.objects.filter(kind=SAVED_UPDATED.key, expanded_at=None):
        notifications.services.expand(event)
    return list(Notice.objects.filter(event__kind=SAVED_UPDATED.key).values_list("recipient__username", flat=True))


def test_who_saved_a_page_hears_once_of_its_new_words(kept, browser, member, other_member, author, reviewer):
    other = factories.MemberFactory()
    saving.save_article(member=other, article=ArticlePage.objects.get(pk=kept.pk))
    Saved.objects.update(at=timezone.now() - dt.timedelta(days=3))
    reading.publish_again(kept, by=author, reviewer=reviewer, summary="Other words.")
    assert editions.tell_of_new_words() == 1
    assert editions.tell_of_new_words() == 0
    assert sorted(told()) == sorted([member.username, other.username])
    page = browser.get(reverse("notices"))
    assert "“Tea with a neighbour”, which you saved, has been updated." in words(page)


def test_the_same_words_published_again_are_no_news(kept, author, reviewer):
    reading.publish_again(kept, by=author, reviewer=reviewer)
    assert editions.tell_of_new_words() == 0
    assert told() == []


def test_a_first_publication_is_no_news(article):
    assert editions.tell_of_new_words() == 0
    assert Edition.objects.get().page_id == article.pk


def test_an_edited_draft_is_no_news_before_somebody_approved_it(kept, author):
    draft = ArticlePage.objects.get(pk=kept.pk)
    draft.summary = "Not yet."
    draft.save_revision(user=author)
    assert editions.tell_of_new_words() == 0


def test_who_saved_the_new_words_or_took_it_off_again_hears_nothing(kept, browser, sign_in, author, reviewer):
    reading.publish_again(kept, by=author, reviewer=reviewer, summary="Other words.")
    late = factories.MemberFactory()
    saving.save_article(member=late, article=ArticlePage.objects.get(pk=kept.pk))
    save(browser, kept, forget="1")
    editions.tell_of_new_words()
    assert told() == []


def test_the_worker_does_both_every_few_minutes(kept, author, reviewer, settings):
    assert any(
        entry["task"] == "resources.tasks.look_after_readers" for entry in settings.CELERY_BEAT_SCHEDULE.values()
    )
    with pytest.raises(ObjectDoesNotExist):
        Event.objects.get(kind=SAVED_UPDATED.key)
    reading.publish_again(kept, by=author, reviewer=reviewer, summary="Other words.")
    from resources.tasks import look_after_readers

    look_after_readers()
    assert Event.objects.get(kind=SAVED_UPDATED.key).group_id == kept.pk
