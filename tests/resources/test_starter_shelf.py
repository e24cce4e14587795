"""The starter articles on the shelf: anybody can read them, they say that nobody here has checked them until a curator
has, and loading them again takes nothing away.
"""

import tomllib
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from notifications.models import Event
from resources.access import library as access
from resources.models import ArticlePage, Evidence, Vetting
from resources.news import REVIEW_OVER
from resources.services import starter
from resources.services.reviewing import tell_reviews_due
from resources.services.starter import load_starter_articles
from tests import factories, pages
from tests.resources import library
from tests.resources.language import never_said

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

ARTICLES = [tomllib.loads(path.read_text(encoding="utf-8")) for path in (starter.STARTER / "articles").glob("*.toml")]
UNCHECKED = "Nobody here has checked it yet."


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Once for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        with library.unsearched():
            load_starter_articles()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def article(loaded, unchanged):
    return ArticlePage.objects.get(slug="sleep-and-mental-clarity")


def test_the_starter_articles_can_be_read_by_everybody_and_say_that_nobody_here_has_checked_them(loaded, unchanged):
    front = pages.words(Client().get("/resources/"))
    assert "Not yet checked here" in front
    for article in ARTICLES:
        assert article["title"] in front
        page = Client().get(f"/resources/{article['slug']}/")
        assert page.status_code == 200
        words = pages.words(page)
        assert UNCHECKED in words
        assert "Checked by" not in words
        assert "to be read again by" not in words
        assert article["source"][0]["title"] in words
        assert str(Evidence(article["evidence"]).label) in words
        assert not never_said(words)


def test_the_site_suggests_none_of_them_before_a_curator_has_reviewed_it(article):
    assert not access.suggested().exists()
    assert not Vetting.objects.exists()


def test_curators_hear_once_that_there_is_something_to_review(article):
    curator = factories.CuratorFactory()
    assert tell_reviews_due() == len(ARTICLES)
    assert tell_reviews_due() == 0
    events = Event.objects.filter(kind=REVIEW_OVER.key)
    assert REVIEW_OVER.visible([event.target_id for event in events], curator) == {e.target_id for e in events}
    lines = REVIEW_OVER.lines([article.live_revision_id])
    assert lines[article.live_revision_id].startswith("“Sleep and mental clarity” came with the site.")


def _opened_and_handed_in(article, curator, **changes):
    """What Wagtail's form does: it saves what it shows, and hands it in."""
    draft = ArticlePage.objects.get(pk=article.pk)
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision(user=curator)
    return library.submit(draft, by=curator)


def test_a_curator_who_changed_nothing_reviews_one_with_the_checklist_and_then_it_says_who_and_when(article):
    curator = factories.CuratorFactory(username="linden")
    library.approve(_opened_and_handed_in(article, curator), by=curator)
    article.refresh_from_db()
    assert (article.reviewed_by, article.reviewed_on) == (curator, timezone.localdate())
    assert Vetting.objects.get(page=article).reviewer == curator
    words = pages.words(Client().get(article.url))
    assert "Checked by linden" in words
    assert UNCHECKED not in words
    assert access.suggested().get().pk == article.pk


def test_whoever_changes_one_leaves_the_review_to_somebody_else(article):
    curator, other = factories.CuratorFactory(), factories.CuratorFactory()
    step = _opened_and_handed_in(article, curator, summary="Ours, from now on.", what_changed="The summary.")
    assert "approve" not in [name for name, *_ in step.task.specific.get_actions(article, curator)]
    library.approve(step, by=other)
    article.refresh_from_db()
    assert article.reviewed_by == other


def test_opening_one_in_the_editor_and_saving_it_changes_no_word(article, sign_in):
    """The editor writes its own HTML. What it does not change stays as it is, or whoever opens a page changes it."""
    field = article.body.stream_block.child_blocks["text"].field
    kept = article.body[0].value.source
    shown = field.widget.format_value(kept)
    assert field.widget.value_from_datadict({"body": shown}, {}, "body") == kept


def test_loading_them_again_adds_nothing(loaded, unchanged):
    assert load_starter_articles() == 0
    assert ArticlePage.objects.count() == 10


def test_an_article_that_was_edited_is_not_overwritten(article):
    ArticlePage.objects.filter(pk=article.pk).update(summary="Ours, from now on.")
    assert load_starter_articles() == 0
    article.refresh_from_db()
    assert article.summary == "Ours, from now on."


def test_an_article_that_was_taken_down_or_deleted_stays_away(article):
    ArticlePage.objects.get(slug="forms-of-support").unpublish()
    Page.objects.get(pk=article.pk).delete()
    assert load_starter_articles() == 0
    for slug in ("forms-of-support", article.slug):
        assert Client().get(f"/resources/{slug}/").status_code == 404
