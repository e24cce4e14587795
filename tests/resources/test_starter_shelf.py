"""The starter articles on the shelf: anybody can read them, and loading them again takes nothing away."""

import tomllib
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from members.models import Member
from resources.models import ArticlePage, Evidence
from resources.services import starter
from resources.services.starter import load_starter_articles
from tests import factories, pages
from tests.resources.language import never_said

ARTICLES = [tomllib.loads(path.read_text(encoding="utf-8")) for path in (starter.STARTER / "articles").glob("*.toml")]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[tuple[Member, Member]]:
    """Author and reviewer of articles that are loaded once for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        author, reviewer = (factories.CuratorFactory(username=name) for name in ("linden", "rowan"))
        load_starter_articles(author=author, reviewer=reviewer)
        yield author, reviewer
        transaction.set_rollback(True)


def test_the_starter_articles_can_be_read_by_everybody(loaded, unchanged):
    front = Client().get("/resources/")
    for article in ARTICLES:
        assert article["title"] in pages.words(front)
        page = Client().get(f"/resources/{article['slug']}/")
        assert page.status_code == 200
        words = pages.words(page)
        assert "Checked by rowan on" in words
        assert article["source"][0]["title"] in words
        assert str(Evidence(article["evidence"]).label) in words
        assert not never_said(words)


def test_they_are_the_authors_and_another_has_checked_them(loaded, unchanged):
    author, reviewer = loaded
    for article in ArticlePage.objects.all():
        assert (article.written_by, article.owner, article.reviewed_by) == (author, author, reviewer)
        assert article.review_by > article.reviewed_on


def test_loading_them_again_adds_nothing(loaded, unchanged):
    author, reviewer = loaded
    assert load_starter_articles(author=author, reviewer=reviewer) == 0
    assert ArticlePage.objects.count() == 10


def test_an_article_that_was_edited_is_not_overwritten_and_one_that_is_missing_comes_back(loaded, unchanged):
    author, reviewer = loaded
    edited = ArticlePage.objects.get(slug="sleep-and-mental-clarity")
    ArticlePage.objects.filter(pk=edited.pk).update(summary="Ours, from now on.")
    ArticlePage.objects.get(slug="forms-of-support").delete()
    assert load_starter_articles(author=author, reviewer=reviewer) == 1
    edited.refresh_from_db()
    assert edited.summary == "Ours, from now on."
    assert ArticlePage.objects.filter(slug="forms-of-support", live=True).exists()


def test_an_article_that_was_taken_down_stays_down(loaded, unchanged):
    author, reviewer = loaded
    ArticlePage.objects.get(slug="forms-of-support").unpublish()
    assert load_starter_articles(author=author, reviewer=reviewer) == 0
    assert Client().get("/resources/forms-of-support/").status_code == 404
