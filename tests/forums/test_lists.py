import datetime as dt

import pytest
from django.urls import reverse

from forums import access
from forums.models import Thread
from tests import factories
from tests.pages import soup, titles, words


def walk(browser, address):
    """The titles on every page of a list, following the way on."""
    met = []
    page = browser.get(address)
    while True:
        met += titles(page)
        onward = soup(page).find("a", rel="next")
        if onward is None:
            return met
        page = browser.get(address + onward["href"])


def ago(**span):
    return factories.now() - dt.timedelta(**span)


# --- boards --------------------------------------------------------------------------------------------------


def test_a_board_shows_every_thread_once_the_latest_words_first(sign_in, member):
    board = factories.BoardFactory()
    threads = factories.ThreadFactory.create_batch(access.THREADS_A_PAGE * 2 + 3, board=board)
    # Some were written in at the very same moment.
    Thread.objects.filter(pk__in=[thread.pk for thread in threads[10:45]]).update(last_post_at=ago(hours=1))
    in_order = Thread.objects.filter(board=board).order_by("-last_post_at", "-id")
    assert walk(sign_in(member), board.get_absolute_url()) == [thread.title for thread in in_order]


def test_a_reply_brings_its_thread_to_the_top(sign_in, member):
    board = factories.BoardFactory()
    older, newer = factories.ThreadFactory.create_batch(2, board=board)
    browser = sign_in(member)
    assert titles(browser.get(board.get_absolute_url())) == [newer.title, older.title]
    browser.post(reverse("reply", args=[older.public_id]), {"body": "Still here."})
    assert titles(browser.get(board.get_absolute_url())) == [older.title, newer.title]


def test_threads_of_other_boards_stay_there(sign_in, member, scene):
    elsewhere = factories.ThreadFactory()
    assert titles(sign_in(member).get(scene.board.get_absolute_url())) == [scene.thread.title]
    assert titles(sign_in(member).get(elsewhere.board.get_absolute_url())) == [elsewhere.title]


@pytest.mark.parametrize("made_up", ["abc", "WzEsIDJd", "W3RydWUsIHRydWVd", "%00", "=" * 300])
def test_a_made_up_cursor_shows_the_first_page_of_every_list(sign_in, moderator, scene, made_up):
    factories.ThreadFactory(board=scene.board)
    browser = sign_in(moderator)
    lists = [reverse(name) for name in ("waiting", "notices", "my_reports", "queue")]
    for address in (scene.board.get_absolute_url(), *lists):
        page = browser.get(address, {"after": made_up})
        assert page.status_code == 200
        assert titles(page) == titles(browser.get(address))


def test_a_list_row_carries_the_support_type_and_the_content_notes(sign_in, member):
    thread = factories.ThreadFactory(support_type="ideas", content_notes=["eating"])
    row = words(sign_in(member).get(thread.board.get_absolute_url()))
    assert "Ideas welcome" in row
    assert "Eating" in row


# --- waiting for a reply ---------------------------------------------------------------------------------------


@pytest.fixture
def waiting(sign_in, other_member):
    """The titles that `other_member` finds waiting."""
    return lambda: walk(sign_in(other_member), reverse("waiting"))


def test_the_longest_wait_comes_first(waiting):
    for title, hours in (("two hours", 2), ("a day", 24), ("just now", 0)):
        factories.ThreadFactory(title=title, created_at=ago(hours=hours))
    assert waiting() == ["a day", "two hours", "just now"]


def test_nobody_who_waits_is_left_out_of_a_long_list(waiting):
    threads = factories.ThreadFactory.create_batch(access.THREADS_A_PAGE + 5)
    Thread.objects.update(created_at=ago(hours=3))
    assert waiting() == [thread.title for thread in threads]


@pytest.mark.parametrize(
    "why",
    [
        {"no_reply_needed": True},
        {"state": "locked"},
        {"visibility": "held"},
        {"visibility": "hidden"},
        {"visibility": "removed"},
        {"board__is_archived": True},
        {"board__audience": "staff"},
    ],
    ids=lambda why: "-".join(map(str, next(iter(why.items())))),
)
def test_who_is_not_waiting_is_not_on_the_list(waiting, why):
    factories.ThreadFactory(**why)
    assert waiting() == []


def test_ones_own_threads_are_not_on_ones_list(waiting, other_member):
    factories.ThreadFactory(author=other_member)
    assert waiting() == []


def test_a_reply_by_somebody_else_ends_the_wait(waiting, sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member)
    address = reverse("reply", args=[thread.public_id])
    sign_in(member).post(address, {"body": "And one more thing."})
    assert waiting() == [thread.title]
    sign_in(other_member).post(address, {"body": "I hear you."})
    assert waiting() == []


def test_the_home_page_names_three_who_wait(sign_in, other_member):
    for hours in range(5):
        factories.ThreadFactory(title=f"{hours} hours", created_at=ago(hours=hours))
    assert titles(sign_in(other_member).get(reverse("home"))) == ["4 hours", "3 hours", "2 hours"]


def test_an_empty_list_lets_one_go(sign_in, member):
    assert "There is nothing that you need to do." in words(sign_in(member).get(reverse("waiting")))
