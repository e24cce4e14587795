"""A page costs the same for one reply and for a hundred."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums import access
from forums.models import Draft, Level, Reaction, Thread, WaitingOffer
from forums.services import following
from tests import factories
from tests.pages import soup

# What every page of a member asks: who it is, with the session and whether there is news.
EVERY_PAGE = 1


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
        with django_assert_num_queries(EVERY_PAGE + 3):  # thread, posts, raising the mark
            browser.get(address)
    with django_assert_num_queries(EVERY_PAGE + 2):  # thread, posts
        browser.get(few.get_absolute_url())


def test_the_thread_page_of_somebody_who_follows_it_and_has_a_draft_in_it(
    browser, other_member, django_assert_num_queries
):
    thread = factories.ThreadFactory(author=other_member, disguise=4, state="slow", slow_minutes=5)
    factories.PostFactory.create_batch(3, thread=thread, author=other_member)
    following.set_thread_level(member=other_member, thread=thread, level=Level.ALL)
    Draft.objects.create(member=other_member, thread=thread, body="Half a sentence")
    with django_assert_num_queries(EVERY_PAGE + 3):  # thread, posts, raising the mark
        page = browser.get(thread.get_absolute_url())
    assert "Half a sentence" in page.text


def test_a_folded_thread(browser, django_assert_num_queries):
    thread = factories.ThreadFactory(content_notes=["suicide"])
    with django_assert_num_queries(EVERY_PAGE + 1):  # thread
        browser.get(thread.get_absolute_url())
    browser.post(reverse("open_thread", args=[thread.public_id]))
    with django_assert_num_queries(EVERY_PAGE + 3):  # thread, posts, raising the mark
        browser.get(thread.get_absolute_url())


def test_the_ways_about_a_thread(browser, community, django_assert_num_queries):
    thread = community(factories.BoardFactory())
    for name in ("newest", "jump"):
        with django_assert_num_queries(EVERY_PAGE + 2):  # thread, the nearest number
            browser.get(reverse(name, args=[thread.public_id]), {"number": "3"})
    with django_assert_num_queries(EVERY_PAGE + 3):  # thread, read mark, the nearest number
        browser.get(reverse("first_unread", args=[thread.public_id]))


def test_the_board_page(browser, community, django_assert_num_queries):
    few = factories.ThreadFactory().board
    many = community(factories.BoardFactory()).board
    newest = many.threads.latest("last_post_at")
    Thread.objects.filter(pk=newest.pk).update(pinned_until=factories.now() + dt.timedelta(days=1))
    second = (
        many.get_absolute_url()
        + "?after="
        + str(access.threads_page(factories.MemberFactory(), many, None).next_cursor)
    )
    by_type = many.get_absolute_url() + "?support=listening"
    for address in (few.get_absolute_url(), many.get_absolute_url(), second, by_type):
        # board with level and whether anybody gathers there, threads with those that are pinned
        with django_assert_num_queries(EVERY_PAGE + 2):
            browser.get(address)


def test_the_boards(browser, community, django_assert_num_queries):
    factories.ThreadFactory()
    with django_assert_num_queries(EVERY_PAGE + 1):  # boards
        browser.get(reverse("boards"))
    factories.BoardFactory.create_batch(5)
    community(factories.BoardFactory())
    with django_assert_num_queries(EVERY_PAGE + 1):  # boards
        browser.get(reverse("boards"))


def test_the_waiting_page(browser, community, other_member, django_assert_num_queries):
    def visits():
        with django_assert_num_queries(EVERY_PAGE + 7):
            # the offer: what was offered before, begin, longest wait, lease, end, its row; threads
            browser.get(reverse("waiting"))
        with django_assert_num_queries(EVERY_PAGE + 3):  # the offer, its new end, threads
            page = browser.get(reverse("waiting"))
        WaitingOffer.objects.all().delete()
        return page

    factories.ThreadFactory()
    visits()
    community(factories.BoardFactory())
    page = visits()
    older = reverse("waiting") + soup(page).find("a", rel="next")["href"]
    with django_assert_num_queries(EVERY_PAGE + 2):  # the offer, threads
        browser.get(older)


def test_the_waiting_page_of_a_moderator(sign_in, moderator, community, django_assert_num_queries):
    browser = sign_in(moderator)
    factories.ThreadFactory()
    for _round in range(2):
        with django_assert_num_queries(EVERY_PAGE + 1):  # threads
            browser.get(reverse("waiting"))
        community(factories.BoardFactory())


def test_the_home_page(browser, community, django_assert_num_queries):
    factories.ThreadFactory()
    with django_assert_num_queries(EVERY_PAGE + 3):  # threads, boards, gatherings
        browser.get(reverse("home"))
    factories.BoardFactory.create_batch(5)
    community(factories.BoardFactory())
    with django_assert_num_queries(EVERY_PAGE + 3):  # threads, boards, gatherings
        browser.get(reverse("home"))


def test_what_one_follows_and_what_one_started(browser, community, other_member, django_assert_num_queries):
    thread = factories.ThreadFactory(author=other_member)
    for _round in range(2):
        with django_assert_num_queries(EVERY_PAGE + 2):  # threads, boards
            browser.get(reverse("following"))
        with django_assert_num_queries(EVERY_PAGE + 1):  # threads
            browser.get(reverse("my_threads"))
        community(thread.board)
        for other in factories.ThreadFactory.create_batch(access.THREADS_A_PAGE, author=other_member):
            following.set_board_level(member=other_member, board=other.board, level=Level.ALL)


# Where no page is made: who it is, with the session.
EVERY_ANSWER = 1


def _asked(send):
    """What is asked of the database, but for the frame of a transaction."""
    with CaptureQueriesContext(connection) as asked:
        send()
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return len([query for query in asked if not query["sql"].startswith(frame)])


@pytest.mark.parametrize("begun", ["nothing", "a draft", "a draft and an offer"])
def test_a_reply_costs_the_same_in_a_long_thread(browser, community, other_member, begun):
    def cost(thread, words):
        if begun != "nothing":
            Draft.objects.create(member=other_member, thread=thread, body=words)
        if begun == "a draft and an offer":
            until = factories.now() + dt.timedelta(minutes=5)
            WaitingOffer.objects.create(thread=thread, member=other_member, until=until)
        form = {"body": words, "submission": str(uuid4())}
        asked = _asked(lambda: browser.post(reverse("reply", args=[thread.public_id]), form))
        assert thread.posts.last().body == words
        return asked

    many = community(factories.BoardFactory())
    first, few = (factories.PostFactory(thread__board=many.board).thread for _thread in range(2))
    waiting = factories.ThreadFactory()
    words = (
        "I read this twice, and I know the second half of it well. Mornings were like that for most of last winter.",
        "There is no hurry with any of it, as far as I can see from here. My neighbour keeps the spare key.",
    )
    # The first of a day notes the visit, and what is read once a minute is read.
    cost(first, "Here with you.")
    # Thread; both locks; who writes, and where; the post, with what changes, the news, and whether a draft is left.
    for thread, said in ((few, "Here with you."), (many, words[0]), (waiting, words[1])):
        assert cost(thread, said) == EVERY_ANSWER + 4


def test_a_reaction_and_saving_a_draft(browser, scene, other_member):
    react = reverse("react", args=[scene.opening.public_id])
    browser.get(reverse("waiting"))
    # The post; the reaction, the news; the post's card with who responded.
    assert _asked(lambda: browser.post(react, {"give": "heard"}, HTTP_HX_REQUEST="true")) == EVERY_ANSWER + 4
    save = reverse("save_reply", args=[scene.thread.public_id])
    # Thread; lock, what was saved before, the draft.
    mark = str(uuid4())
    first = {"body": "I know", "submission": mark, "seen": "2"}
    assert _asked(lambda: browser.post(save, first)) == EVERY_ANSWER + 4
    begun = Draft.objects.get(member=other_member)
    more = {"body": "I know this", "submission": mark, "seen": "2", "sequence": begun.sequence}
    assert _asked(lambda: browser.post(save, more)) == EVERY_ANSWER + 4
    begun.refresh_from_db()
    assert begun.body == "I know this"
