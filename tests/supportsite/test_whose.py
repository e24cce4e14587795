"""Who asks is found in one query, and is asked anew each time."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from forums.news import REPLIED_TO_YOU
from members.models import Member
from notifications.models import Event, Notice
from supportsite import whose
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(sign_in, member):
    client = sign_in(member)
    assert client.get(reverse("boards")).status_code == 200
    return client


def asks_to_sign_in(answer):
    return answer.status_code == 302 and answer.url.startswith("/accounts/login/")


def test_a_session_that_was_looked_at_before_comes_with_its_member(browser, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert browser.get(reverse("draft_who")).status_code == 200


def test_a_session_that_was_ended_elsewhere_ends_at_once(browser):
    Session.objects.all().delete()
    assert asks_to_sign_in(browser.get(reverse("boards")))


def test_a_session_that_is_over_ends_at_once(browser):
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert asks_to_sign_in(browser.get(reverse("boards")))


def test_whoever_was_suspended_meets_it_at_their_next_page(browser, member):
    Member.objects.filter(pk=member.pk).update(suspended_until=timezone.now() + dt.timedelta(days=1))
    assert browser.get(reverse("boards")).status_code == 403


def test_whoever_may_not_sign_in_any_more_is_signed_out_at_once(browser, member):
    Member.objects.filter(pk=member.pk).update(is_active=False)
    assert asks_to_sign_in(browser.get(reverse("boards")))


def test_another_password_ends_the_session_at_once(browser, member):
    member.set_password("another-long-passphrase")
    member.save()
    assert asks_to_sign_in(browser.get(reverse("boards")))


def test_a_wrong_guess_shows_nobody_somebody_elses_page(browser, member, other_member):
    """As after a session's key was used again for somebody else: it is what the session says that counts."""
    key = browser.session.session_key
    whose._WHOSE[key] = other_member.pk
    assert f"Hello, {member.username}" in browser.get(reverse("home")).text
    assert whose._WHOSE[key] == member.pk


def test_a_guess_at_somebody_who_is_not_there_any_more_is_no_answer(browser, member):
    whose._WHOSE[browser.session.session_key] = 2**40
    assert f"Hello, {member.username}" in browser.get(reverse("home")).text


def test_news_shows_at_the_next_page(browser, member):
    assert "data-news" in browser.get(reverse("boards")).text
    assert "news-dot" not in browser.get(reverse("boards")).text
    event = Event.objects.create(kind=REPLIED_TO_YOU.key, target_id=1)
    Notice.objects.create(event=event, recipient=member)
    assert "news-dot" in browser.get(reverse("boards")).text


def test_so_many_sessions_are_remembered_and_no_more(monkeypatch, sign_in):
    monkeypatch.setattr(whose, "_REMEMBERED", 3)
    for _nth in range(5):
        sign_in(factories.MemberFactory()).get(reverse("boards"))
    assert len(whose._WHOSE) <= 3
