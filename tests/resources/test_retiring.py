"""A page that the curators no longer stand behind: out of every list, and still there for who saved or linked it."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation.models import AuditEntry
from resources import digest
from resources.models import ArticlePage, Saved
from resources.services import retiring
from resources.tasks import publish_scheduled
from tests import pages
from tests.resources import library
from tests.resources.test_vetting import form, fresh, press

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


@pytest.fixture
def newer(author, reviewer):
    """What takes its place."""
    return library.published(author=author, reviewer=reviewer, title="Coffee with a neighbour")


def address(page):
    return f"/curate/retire/{page.pk}/"


def test_a_curator_retires_a_page_and_points_to_another(sign_in, reviewer, article, newer, visitor):
    client = sign_in(reviewer)
    assert address(article) in client.get(f"/curate/pages/{article.pk}/edit/").text
    assert client.get(address(article)).status_code == 200
    answer = client.post(address(article), {"instead": newer.pk, "reason": "The numbers are old."})
    assert answer.status_code == 302
    read = visitor.get(article.url)
    assert read.status_code == 200
    words = pages.words(read)
    assert "No longer recommended" in words
    assert pages.soup(read).select_one(f".callout a[href='{newer.url}']")
    assert pages.soup(read).find("meta", attrs={"name": "robots"})["content"] == "noindex"
    entry = AuditEntry.objects.get(verb="retire-page")
    assert entry.actor == reviewer
    assert entry.details["reason"] == "The numbers are old."


def test_who_saved_or_linked_it_still_finds_it_and_is_led_on(sign_in, member, article, newer, reviewer, author):
    Saved.objects.create(member=member, page=article)
    linking = library.add(ArticlePage, author, title="Links", body=[("related", {"pages": [article, newer]})])
    library.approve(library.submit(linking, by=author), by=reviewer)
    retiring.retire(actor=reviewer, page=article, instead=newer, reason="old")
    client = sign_in(member)
    assert Saved.objects.filter(member=member, page=article).exists()
    assert pages.soup(client.get(linking.url)).select_one(f"a[href='{article.url}']")
    assert "No longer recommended" in pages.words(client.get(article.url))


def test_a_retired_page_leaves_the_front_page_and_the_digest(article, newer, reviewer, visitor):
    retiring.retire(actor=reviewer, page=article, reason="old")
    cache.clear()
    assert [title for title, _path, _day in digest._vetted()] == [newer.title]
    assert article.title not in pages.words(visitor.get("/resources/"))


def test_a_pointer_to_something_that_was_retired_too_is_not_shown(article, newer, reviewer, visitor):
    retiring.retire(actor=reviewer, page=article, instead=newer, reason="old")
    retiring.retire(actor=reviewer, page=newer, reason="old as well")
    read = visitor.get(article.url)
    assert "No longer recommended" in pages.words(read)
    assert not pages.soup(read).select(f".callout a[href='{newer.url}']")


def test_a_page_cannot_take_its_own_place(sign_in, reviewer, article, newer):
    answer = sign_in(reviewer).post(address(article), {"instead": article.pk, "reason": "x"})
    assert answer.status_code == 422
    assert "cannot take its own place" in pages.words(answer)
    with pytest.raises(retiring.CannotRetire):
        retiring.retire(actor=reviewer, page=article, instead=article)
    with pytest.raises(IntegrityError, match="article_points_elsewhere"), transaction.atomic():
        ArticlePage.objects.filter(pk=article.pk).update(retired_to=article.pk)
    retiring.retire(actor=reviewer, page=newer)
    with pytest.raises(retiring.CannotRetire):
        retiring.retire(actor=reviewer, page=article, instead=newer)
    assert not fresh(article).is_retired


def test_it_needs_a_reason_and_keeps_what_was_typed(sign_in, reviewer, article):
    answer = sign_in(reviewer).post(address(article), {"reason": ""})
    assert answer.status_code == 422
    assert not fresh(article).is_retired


def test_twice_is_once(article, newer, reviewer):
    assert retiring.retire(actor=reviewer, page=article, instead=newer)
    when = fresh(article).retired_at
    assert not retiring.retire(actor=reviewer, page=article, instead=newer)
    assert retiring.retire(actor=reviewer, page=article)
    assert fresh(article).retired_at == when
    assert AuditEntry.objects.filter(verb="retire-page").count() == 2


def test_it_can_be_taken_back(sign_in, reviewer, article, visitor):
    retiring.retire(actor=reviewer, page=article)
    client = sign_in(reviewer)
    assert "Recommend it again" in pages.words(client.get(address(article)))
    assert client.post(f"/curate/recommend/{article.pk}/").status_code == 302
    assert "No longer recommended" not in pages.words(visitor.get(article.url))
    assert not retiring.recommend_again(actor=reviewer, page=fresh(article))
    assert AuditEntry.objects.filter(verb="recommend-page").count() == 1


def test_nobody_but_curators_retires(sign_in, member, moderator, article, visitor):
    for client in (sign_in(member), sign_in(moderator)):
        for path in (address(article), f"/curate/recommend/{article.pk}/"):
            assert client.post(path, {"reason": "x"}).status_code == 404
    visitor.post(address(article), {"reason": "x"})
    assert not fresh(article).is_retired


def test_a_new_version_of_a_retired_page_does_not_recommend_it_again(sign_in, author, reviewer, article):
    """Nor does a version that was written before somebody retired it."""
    sign_in(author).post(
        f"/curate/pages/{article.pk}/edit/",
        form(summary="Other words.", what_changed="Words.") | {"action-submit": "1"},
    )
    retiring.retire(actor=reviewer, page=article)
    press(sign_in(reviewer), fresh(article))
    assert fresh(article).summary == "Other words."
    assert fresh(article).is_retired


def test_a_version_that_waits_for_its_day_does_not_bring_it_back(author, reviewer, article):
    later = fresh(article)
    later.summary, later.what_changed = "Other words.", "Words."
    later.go_live_at = timezone.now() + dt.timedelta(days=1)
    later.save_revision(user=author)
    library.approve(library.submit(later, by=author), by=reviewer)
    assert article.revisions.filter(approved_go_live_at__isnull=False).exists()
    retiring.retire(actor=reviewer, page=fresh(article))
    assert not article.revisions.filter(approved_go_live_at__isnull=False).exists()
    publish_scheduled()
    assert fresh(article).is_retired
    assert fresh(article).summary == "Why small things count."
