"""A page costs the same for one reply and for a hundred."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums import access
from forums.models import Reaction
from tests import factories

# What every page of a member asks: the session, the member, whether there is news.
EVERY_PAGE = 3


@pytest.fixture
def browser(sign_in, other_member):
    return sign_in(other_member)


@pytest.fixture
def community(member, other_member):
    """Many more threads, replies and responses than one page holds."""

    def grow(board):
        threads = factories.ThreadFactory.create_batch(access.THREADS_A_PAGE + 2, board=board)
        for number in range(access.WINDOW + 5):
            post = factories.PostFactory(thread=threads[-1], author=factories.MemberFactory())
            Reaction.objects.create(post=post, member=member, kind="heard")
            if number % 2:
                Reaction.objects.create(post=post, member=other_member, kind="helped")
        return threads[-1]

    return grow


def test_the_thread_page(browser, community, django_assert_num_queries):
    few = factories.ThreadFactory()
    many = community(few.board)
    # A reader who has read before has a mark; a first visit and a new post cost the same.
    for address in (few.get_absolute_url(), many.get_absolute_url(), many.get_absolute_url() + "?page=2"):
        with django_assert_num_queries(EVERY_PAGE + 5):  # thread, read mark, posts, responses, raising the mark
            browser.get(address)
    with django_assert_num_queries(EVERY_PAGE + 4):  # thread, read mark, posts, responses
        browser.get(few.get_absolute_url())


def test_the_board_page(browser, community, django_assert_num_queries):
    few = factories.ThreadFactory().board
    many = community(factories.BoardFactory()).board
    second = (
        many.get_absolute_url()
        + "?after="
        + str(access.threads_page(factories.MemberFactory(), many, None).next_cursor)
    )
    for address in (few.get_absolute_url(), many.get_absolute_url(), second):
        with django_assert_num_queries(EVERY_PAGE + 3):  # board, threads, read marks
            browser.get(address)


def test_the_waiting_page(browser, community, django_assert_num_queries):
    factories.ThreadFactory()
    with django_assert_num_queries(EVERY_PAGE + 2):  # threads, read marks
        browser.get(reverse("waiting"))
    community(factories.BoardFactory())
    with django_assert_num_queries(EVERY_PAGE + 2):  # threads, read marks
        browser.get(reverse("waiting"))


def test_the_home_page(browser, community, django_assert_num_queries):
    factories.ThreadFactory()
    with django_assert_num_queries(EVERY_PAGE + 3):  # threads, read marks, boards
        browser.get(reverse("home"))
    factories.BoardFactory.create_batch(5)
    community(factories.BoardFactory())
    with django_assert_num_queries(EVERY_PAGE + 3):  # threads, read marks, boards
        browser.get(reverse("home"))


def test_a_reply_costs_the_same_in_a_long_thread(browser, community):
    def cost(thread):
        with CaptureQueriesContext(connection) as asked:
            browser.post(reverse("reply", args=[thread.public_id]), {"body": "Here with you."})
        return len(asked)

    many = community(factories.BoardFactory())
    few = factories.PostFactory(thread__board=many.board).thread
    assert cost(few) == cost(many)
