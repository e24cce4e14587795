"""Looking for something in the library, alone and beside what members wrote."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.pages import soup, words
from tests.resources import library, reading
from tests.resources.test_reading import LIBRARY, cards

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


@pytest.fixture
def nights(author, reviewer, shelf):
    page = reading.page(author, reviewer, "Sleep and clear days", "<p>A dark bedroom, and the same hour.</p>")
    reading.indexed(page)
    return page


@pytest.fixture
def neighbours(author, reviewer, shelf):
    page = reading.page(author, reviewer, "Neighbours", "<p>Tea, and no more than that.</p>")
    reading.indexed(page)
    return page


def test_words_of_title_summary_and_body_find_a_page(client, nights, neighbours):
    for typed in ("sleep", "bedroom", "SLEEPING", "dark hours"):
        assert cards(client.get(LIBRARY, {"q": typed})) == ["Sleep and clear days"], typed
    assert cards(client.get(LIBRARY, {"q": "small things"})) != []


def test_the_beginning_of_a_word_is_enough(client, nights, neighbours):
    assert cards(client.get(LIBRARY, {"q": "neighb"})) == ["Neighbours"]


def test_where_nothing_has_all_words_some_are_enough_and_the_page_says_so(client, nights, neighbours):
    page = client.get(LIBRARY, {"q": "sleep elephants"})
    assert cards(page) == ["Sleep and clear days"]
    assert "These have some of it." in words(page)
    page = client.get(LIBRARY, {"q": "elephants"})
    assert "Nothing found" in words(page)


def test_any_input_is_only_words(client, nights):
    for typed in ("' OR 1=1 --", "sleep & (", '"', "!!!", "*:* | sleep", "%", "\\", "<script>", "x" * 5000, "-"):
        page = client.get(LIBRARY, {"q": typed})
        assert page.status_code == 200, typed
        assert "<script>alert" not in page.text


def test_what_was_typed_is_in_the_field_and_in_no_title(client, nights):
    page = client.get(LIBRARY, {"q": "sleep"})
    assert soup(page).find(id="library-words")["value"] == "sleep"
    assert "sleep" not in soup(page).title.get_text().lower()


def test_drafts_and_retired_pages_are_not_found(client, author, reviewer, shelf):
    draft = library.draft(author, title="Sleep in a draft")
    old = reading.page(author, reviewer, "Sleep of old", retired_at=timezone.now())
    changed = reading.page(author, reviewer, "Calm days")
    changed.title = "Sleep that nobody approved"
    changed.save_revision(user=author)
    reading.indexed(draft, old, type(changed).objects.get(pk=changed.pk))
    assert cards(client.get(LIBRARY, {"q": "sleep"})) == []


def test_pages_past_their_date_come_last(client, author, reviewer, shelf):
    aged = reading.page(author, reviewer, "Sleep sleep sleep", days=-1)
    fresh = reading.page(author, reviewer, "Days", "<p>A word about sleep.</p>", days=9)
    reading.indexed(aged, fresh)
    assert cards(client.get(LIBRARY, {"q": "sleep"})) == ["Days", "Sleep sleep sleep"]


def test_a_script_is_slowed_down_and_its_words_are_kept(client, nights):
    for _turn in range(40):
        client.get(LIBRARY, {"q": "sleep"})
    page = client.get(LIBRARY, {"q": "sleep"})
    assert page.status_code == 429
    assert soup(page).find(id="library-words")["value"] == "sleep"


# --- beside what members wrote


def test_the_forums_search_shows_checked_pages_apart(sign_in, member, nights):
    factories.PostFactory(body="My sleep is a mess.", body_html="<p>My sleep is a mess.</p>")
    page = sign_in(member).get(reverse("search"), {"q": "bedroom"})
    part = soup(page).select_one(".library-found")
    assert [link.get_text() for link in part.select(".article-card a")] == ["Sleep and clear days"]
    assert part.find("a", string="Look further in the library")["href"] == LIBRARY + "?q=bedroom"
    assert not part.select(".search-hit")


def test_there_it_suggests_only_what_is_in_date_and_fits(sign_in, member, author, reviewer, nights):
    aged = reading.page(author, reviewer, "Sleep of old", days=-1)
    reading.indexed(aged)
    browser = sign_in(member)
    shown = soup(browser.get(reverse("search"), {"q": "sleep"})).select(".library-found .article-card-title")
    assert [title.get_text() for title in shown] == ["Sleep and clear days"]
    assert not soup(browser.get(reverse("search"), {"q": "sleep elephants"})).select(".library-found")
    assert not soup(browser.get(reverse("search"), {"q": ""})).select(".library-found")
