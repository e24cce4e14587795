"""The library under threads, and in posts."""

import datetime as dt

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as CacheAway

from forums.models import Board, Post
from resources.models import ArticlePage
from resources.services.shelf import keep_shelf
from tests import factories
from tests.pages import anyway, soup, value_of, words
from tests.resources import library, reading

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


@pytest.fixture
def browser(sign_in, member):
    return sign_in(member)


@pytest.fixture
def filled(author, reviewer, shelf):
    for title, topic in (
        ("Sleep and clear days", "body-and-mind"),
        ("A quiet table", "connection"),
        ("Asking a doctor", "professional-help"),
        ("Groups on a screen", "online"),
        ("Words for a request", "asking"),
        ("Walking slowly", "body-and-mind"),
    ):
        reading.page(author, reviewer, title, topic=topic, days=30)
    keep_shelf()


def related(browser, thread):
    return [link.get_text() for link in soup(browser.get(thread.get_absolute_url())).select(".related-articles a")]


# --- below a thread


def test_words_of_the_title_bring_the_page_that_goes_with_them(browser, filled):
    thread = factories.ThreadFactory(title="Cannot sleep again", support_type="ideas")
    assert related(browser, thread)[0] == "Sleep and clear days"


def test_what_is_asked_for_decides_how_much_is_offered(browser, filled):
    def offered(support_type, title="Tonight"):
        return related(browser, factories.ThreadFactory(title=title, support_type=support_type))

    assert offered("listening") == ["A quiet table"]
    assert offered("win", "I could sleep") == []
    assert set(offered("experiences")) <= {"A quiet table", "Groups on a screen"}
    assert offered("ideas")[0] in ("Sleep and clear days", "Words for a request", "Walking slowly")


def test_what_is_past_its_date_retired_or_not_published_is_not_offered(browser, author, reviewer, filled):
    sleep = ArticlePage.objects.filter(title="Sleep and clear days")
    thread = factories.ThreadFactory(title="Cannot sleep again", support_type="ideas")
    for change in ({"retired_at": timezone.now()}, {"retired_at": None, "live": False}):
        sleep.update(**change)
        keep_shelf()
        assert "Sleep and clear days" not in related(browser, thread)


def test_a_date_that_passes_while_no_worker_runs_counts(browser, filled, monkeypatch):
    thread = factories.ThreadFactory(title="Cannot sleep again", support_type="ideas")
    assert related(browser, thread)
    later = timezone.localdate() + dt.timedelta(days=31)
    monkeypatch.setattr("resources.access.shelf.timezone.localdate", lambda: later)
    assert related(browser, thread) == []


def test_a_thread_asks_the_database_nothing_for_it(browser, filled, django_assert_num_queries):
    thread = factories.ThreadFactory(title="Cannot sleep again", support_type="ideas")
    with django_assert_num_queries(4):  # who it is; thread, posts, raising the mark
        page = browser.get(thread.get_absolute_url())
    assert "Sleep and clear days" in page.text


def test_without_the_cache_a_thread_opens_as_ever(browser, filled, monkeypatch):
    def away(*_args, **_more):
        raise CacheAway

    thread = factories.ThreadFactory(support_type="ideas")
    factories.PostFactory(thread=thread, body_html=f'<p><a href="{link("sleep-and-clear-days")}">this</a></p>')
    monkeypatch.setattr("resources.access.shelf.cache.get", away)
    for name in ("get_many", "set_many"):
        monkeypatch.setattr(cache, name, away)
    page = browser.get(thread.get_absolute_url())
    assert page.status_code == 200
    assert not soup(page).select(".related-articles")
    assert "Sleep and clear days" in soup(page).select_one(".shared-articles").get_text()


def test_a_folded_thread_offers_nothing_before_it_is_opened(browser, filled):
    assert related(browser, factories.ThreadFactory(content_notes=["suicide"], support_type="ideas")) == []


def test_visitors_of_an_open_board_get_it_too(client, filled):
    board = factories.BoardFactory(audience=Board.Audience.EVERYONE)
    thread = factories.ThreadFactory(board=board, title="Sleep", support_type="ideas")
    assert related(client, thread)[0] == "Sleep and clear days"


# --- in a post


def link(slug):
    return f"{settings.SITE_URL}/resources/{slug}/"


def shared(page, number):
    return [title.get_text() for title in soup(page).select(f"#post-{number} .shared-articles .article-card-title")]


def test_a_link_to_a_page_of_ours_shows_a_plain_card(browser, other_member, article):
    thread = factories.ThreadFactory()
    reply = reverse("reply", args=[thread.public_id])
    anyway(browser, reply, {"body": f"This was good:\n\n{article.full_url.replace('http://localhost', '')}"})
    anyway(browser, reply, {"body": f"And once more: {link(article.slug)}#sources, {link(article.slug)}"})
    page = browser.get(thread.get_absolute_url())
    assert shared(page, 3) == ["Tea with a neighbour"]
    card = soup(page).select_one("#post-3 .shared-articles")
    assert "Why small things count." in card.get_text()
    assert card.find("a")["href"] == article.url
    assert link(article.slug) in Post.objects.get(thread=thread, number=3).body


def test_links_elsewhere_and_to_what_is_not_there_stay_links(browser, author, article):
    draft = library.draft(author, title="Not yet")
    other = f"https://elsewhere.example/resources/{article.slug}/"
    html = "".join(f'<p><a href="{address}">x</a></p>' for address in (link(draft.slug), link("gone"), other))
    post = factories.PostFactory(body_html=html)
    page = browser.get(post.thread.get_absolute_url())
    assert shared(page, post.number) == []
    assert "Not yet" not in page.text


def test_a_retired_page_says_so_in_its_card(browser, article):
    ArticlePage.objects.filter(pk=article.pk).update(retired_at=timezone.now())
    post = factories.PostFactory(body_html=f'<p><a href="{link(article.slug)}">x</a></p>')
    assert "No longer recommended here" in words(browser.get(post.thread.get_absolute_url()))


def test_many_links_cost_one_query_and_then_none(browser, author, reviewer, shelf, django_assert_num_queries):
    pages = [reading.page(author, reviewer, f"Page {number}") for number in range(6)]
    html = "".join(f'<p><a href="{link(page.slug)}">x</a></p>' for page in pages)
    thread = factories.PostFactory(body_html=html).thread
    factories.PostFactory(thread=thread, body_html=html)
    with django_assert_num_queries(5):  # as ever with a first visit, and the pages
        page = browser.get(thread.get_absolute_url())
    assert shared(page, 2) == ["Page 0", "Page 1", "Page 2"]
    with django_assert_num_queries(3):  # who it is; thread, posts
        browser.get(thread.get_absolute_url())


def test_a_title_cannot_break_out_of_its_card(browser, author, reviewer, shelf):
    page = reading.page(author, reviewer, "Tea <script>alert(1)</script>")
    post = factories.PostFactory(body_html=f'<p><a href="{link(page.slug)}">x</a></p>')
    assert "<script>alert(1)" not in browser.get(post.thread.get_absolute_url()).text


# --- from the page into a composer


def test_a_page_is_shared_into_a_reply_without_being_posted(browser, member, article):
    mine = factories.ThreadFactory(author=member, title="My nights")
    share = soup(browser.get(article.url)).find("a", string="Share in a reply")["href"]
    page = browser.get(share)
    assert value_of_link(page) == link(article.slug)
    composer = soup(page).find("a", string="My nights")["href"]
    assert value_of(browser.get(composer), "body").strip() == link(article.slug)
    assert mine.posts.count() == 1


def value_of_link(page):
    return soup(page).find(id="share-link")["value"]


def test_the_words_of_a_draft_stay_and_the_link_comes_once(browser, member, article):
    thread = factories.ThreadFactory(author=member)
    factories.DraftFactory(member=member, thread=thread, body=f"Half a sentence\n\n{link(article.slug)}")
    composer = reverse("reply", args=[thread.public_id]) + f"?article={article.slug}"
    assert value_of(browser.get(composer), "body").count(link(article.slug)) == 1
    assert value_of(browser.get(composer), "body").startswith("Half a sentence")


def test_threads_that_one_cannot_answer_are_not_offered(browser, sign_in, other_member, member, article):
    factories.ThreadFactory(author=member, title="Closed one", state="locked")
    factories.ThreadFactory(author=other_member, title="Of somebody else")
    page = browser.get(reverse("share_article", args=[article.slug]))
    assert "Closed one" not in page.text
    assert "Of somebody else" not in page.text


def test_what_is_not_published_cannot_be_shared(browser, client, author):
    draft = library.draft(author, title="Not yet")
    assert browser.get(reverse("share_article", args=[draft.slug])).status_code == 404
    thread = factories.ThreadFactory()
    composer = reverse("reply", args=[thread.public_id])
    for slug in (draft.slug, "%00"):
        assert value_of(browser.get(f"{composer}?article={slug}"), "body").strip() == "", slug
    assert client.get(reverse("share_article", args=[draft.slug])).status_code == 302
