"""A page is retired in the same instant in which another version of it comes out."""

import datetime as dt
from threading import Event
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision, TaskState

from resources.services import retiring, scheduling
from tests import factories
from tests.at_once import at_once, until_somebody_waits
from tests.resources import library
from tests.resources.test_vetting import fresh

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


@pytest.fixture
def two_connections(shared_database):
    library.index()
    author, reviewer = factories.CuratorFactory(), factories.CuratorFactory()
    article = library.published(author=author, reviewer=reviewer)
    article.summary, article.what_changed = "Other words.", "Words."
    return SimpleNamespace(article=article, author=author, reviewer=reviewer)


def test_an_approval_at_the_same_instant_does_not_recommend_it_again(two_connections):
    it, is_retired = two_connections, Event()
    it.article.save_revision(user=it.author)
    step = library.submit(it.article, by=it.author)

    def retire():
        with transaction.atomic():
            retiring.retire(actor=it.author, page=fresh(it.article))
            is_retired.set()
            until_somebody_waits()

    def approve():
        is_retired.wait(20)
        with transaction.atomic():
            library.approve(TaskState.objects.get(pk=step.pk), by=it.reviewer)

    at_once(retire, approve)
    assert fresh(it.article).summary == "Other words."
    assert fresh(it.article).is_retired


def test_a_version_whose_day_comes_at_the_same_instant_does_not_either(two_connections, monkeypatch):
    it, has_begun, publish = two_connections, Event(), Revision.publish
    it.article.go_live_at = timezone.now() + dt.timedelta(days=1)
    it.article.save_revision(user=it.author)
    library.approve(library.submit(it.article, by=it.author), by=it.reviewer)
    it.article.revisions.exclude(approved_go_live_at=None).update(approved_go_live_at=timezone.now())

    def slowly(revision, **options):
        has_begun.set()
        until_somebody_waits()
        revision.content["go_live_at"] = None
        publish(revision, **options)

    monkeypatch.setattr(Revision, "publish", slowly)

    def retire():
        has_begun.wait(20)
        return retiring.retire(actor=it.author, page=fresh(it.article))

    assert at_once(retire, scheduling.publish_due) == [True, 1]
    assert fresh(it.article).summary == "Other words."
    assert fresh(it.article).is_retired
