"""Finding one's way in the library: by need, by topic, by kind; on paper, in large letters."""

import base64
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from resources.access import library as access
from resources.models import ArticlePage, Kind
from tests.pages import soup, words
from tests.resources import library, reading

LIBRARY = "/resources/"
# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


def cards(page):
    """The titles of the pages in a list, from top to bottom."""
    return [title.get_text() for title in soup(page).select(".article-card-title")]


def test_the_front_offers_needs_topics_and_kinds_to_everybody(client, article):
    page = client.get(LIBRARY)
    said = words(page)
    for need in ("I feel alone", "I want to ask for help", "I can’t sleep", "Someone I love is struggling"):
        assert need in said
    assert "Feeling alone and connecting" in said
    assert "Recovery story" in said
    assert cards(page) == ["Tea with a neighbour"]
    assert soup(page).find("a", string="Tea with a neighbour")["href"] == article.url


def test_an_empty_library_says_so(client, shelf):
    assert "Nothing is published yet" in words(client.get(LIBRARY))


def test_a_need_shows_what_answers_it_and_nothing_else(client, author, reviewer, shelf):
    reading.page(author, reviewer, "Nights", needs=["sleep", "low"])
    reading.page(author, reviewer, "Neighbours", needs=["alone"])
    assert cards(client.get(LIBRARY, {"need": "sleep"})) == ["Nights"]
    assert cards(client.get(LIBRARY, {"need": "alone"})) == ["Neighbours"]
    assert "Nothing is here yet" in words(client.get(LIBRARY, {"need": "treatment"}))


def test_a_topic_can_be_narrowed_to_a_kind(client, author, reviewer, shelf):
    reading.page(author, reviewer, "Nights", topic="body-and-mind")
    reading.page(author, reviewer, "Neighbours")
    page = client.get(LIBRARY, {"topic": "body-and-mind"})
    assert cards(page) == ["Nights"]
    narrowed = soup(page).find("a", string="Video")["href"]
    assert cards(client.get(LIBRARY + narrowed)) == []
    assert cards(client.get(LIBRARY + soup(page).find("a", string="Article")["href"])) == ["Nights"]


def test_an_old_or_mistyped_address_shows_the_front(client, article):
    for address in ("?need=gone", "?topic=1'--", "?kind=", "?q=", "?after=nonsense", "?q=%00"):
        page = client.get(LIBRARY + address)
        assert page.status_code == 200
        assert "What brings you here?" in words(page) or "Nothing found" in words(page)


def test_drafts_and_retired_pages_are_in_no_list(client, author, reviewer, shelf):
    library.draft(author, title="Not yet")
    reading.page(author, reviewer, "No longer", retired_at=timezone.now(), needs=["alone"])
    for address in (LIBRARY, LIBRARY + "?topic=connection", LIBRARY + "?need=alone", LIBRARY + "?kind=article"):
        assert cards(client.get(address)) == []


def test_a_page_past_its_date_says_so_in_lists_and_comes_last_at_the_front(client, author, reviewer, shelf):
    reading.page(author, reviewer, "Aged", days=-1)
    reading.page(author, reviewer, "Fresh", days=30)
    page = client.get(LIBRARY)
    assert cards(page) == ["Fresh", "Aged"]
    aged = soup(page).find("a", string="Aged").find_parent(class_="article-card")
    assert "Due to be read again" in aged.get_text()
    assert words(page).count("Due to be read again") == 1


def test_lists_go_on_by_title_and_end(client, author, reviewer, shelf):
    first = reading.page(author, reviewer, "Copy 000000")
    reading.copies(first, access.ARTICLES_A_PAGE + 4)
    page = client.get(LIBRARY, {"topic": "connection"})
    seen = cards(page)
    assert len(seen) == access.ARTICLES_A_PAGE
    page = client.get(LIBRARY + soup(page).find("a", rel="next")["href"])
    seen += cards(page)
    assert seen == [f"Copy {number:06}" for number in range(access.ARTICLES_A_PAGE + 5)]
    assert "These are all of them." in words(page)


@pytest.mark.thorough
def test_five_thousand_pages_cost_what_one_costs(client, author, reviewer, shelf):
    first = reading.page(author, reviewer, "Copy 000000", needs=["alone"])
    reading.indexed(first)

    def visit():
        costs, sizes = [], []
        for address in ("", "?topic=connection", "?need=alone", "?kind=article", "?q=small"):
            with CaptureQueriesContext(connection) as asked:
                page = client.get(LIBRARY + address)
            assert cards(page), address
            assert "OFFSET" not in str([query["sql"] for query in asked]), address
            assert "COUNT(" not in str([query["sql"] for query in asked]), address
            costs.append(len(asked))
            sizes.append(len(page.content))
        return costs, sizes

    visit()  # names of content types are asked for once by each process
    few, _sizes = visit()
    reading.copies(first, 5000)
    many, sizes = visit()
    assert many == few
    assert max(few) <= 3
    assert max(sizes) < 60_000


def test_how_long_it_takes_is_the_same_in_the_list_and_on_the_page(client, author, reviewer, shelf):
    long = reading.page(author, reviewer, "Long", "<p>" + "Some words about it. " * 400 + "</p>")
    brief = reading.page(author, reviewer, "Brief", "<p>A word.</p>")
    minutes = access.by_slugs([long.slug, brief.slug])
    assert minutes[brief.slug].minutes == 1
    # 1600 words.
    assert 6 <= minutes[long.slug].minutes <= 10
    said = f"bout {minutes[long.slug].minutes} minutes"
    assert said in words(client.get(LIBRARY))
    assert said in words(client.get(long.url))


def test_every_kind_of_page_has_a_name_in_lists():
    models = {model._meta.model_name for model in (ArticlePage, *ArticlePage.__subclasses__())}
    assert {f"{kind}page" for kind in Kind} == models


# --- away from its place


def test_the_page_to_print_has_all_its_words_and_nothing_around_them(client, sign_in, member, article):
    for browser in (client, sign_in(member)):
        page = browser.get(reverse("article_plain", args=[article.slug]))
        said = words(page)
        assert "Tea with a neighbour" in said
        assert "Small things." in said
        assert "A review of many trials" in said
        assert "Did this help?" not in said
        assert "Save for later" not in said
        assert soup(page).find("h1").get_text() == "Tea with a neighbour"


def test_large_print_is_an_address_and_needs_no_script(client, article):
    address = reverse("article_plain", args=[article.slug])
    usual, large = client.get(address), client.get(address, {"size": "large"})
    assert "large-print" not in usual.text
    assert soup(large).html["class"] == ["large-print"]
    assert soup(usual).find("a", string="Large print")["href"] == f"{address}?size=large"
    assert soup(large).find("a", string="Usual size")["href"] == address


def test_what_is_not_published_has_no_page_to_print(client, sign_in, member, author):
    draft = library.draft(author)
    for browser in (client, sign_in(member)):
        assert browser.get(reverse("article_plain", args=[draft.slug])).status_code == 404


def test_listening_waits_for_a_press_and_is_hidden_where_there_is_no_script(client, article):
    button = soup(client.get(article.url)).find(attrs={"data-listen": True})
    assert button.has_attr("hidden")
    assert "autoplay" not in client.get(article.url).text


def test_visitors_read_without_buttons_for_members(client, article):
    page = client.get(article.url)
    assert "Save for later" not in page.text
    assert "Did this help?" not in page.text
    assert "Large print" in page.text


def test_a_preview_shows_no_buttons(sign_in, reviewer, draft):
    page = sign_in(reviewer).get(f"/curate/pages/{draft.pk}/view_draft/")
    assert page.status_code == 200
    assert "Save for later" not in page.text


def test_an_address_that_somebody_made_up_shows_the_beginning(client, article):
    for made_up in (["\ud800", 1], ["a\0", 1], [[["a"]], 1], {"t": 1}, [1e999, 1]):
        cursor = base64.urlsafe_b64encode(json.dumps(made_up).encode()).decode().rstrip("=")
        page = client.get(f"/resources/?topic=connection&after={cursor}")
        assert page.status_code == 200
        assert article.title in words(page)
