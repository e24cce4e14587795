import datetime as dt

import pytest
from django.urls import reverse

from forums.models import ReadMark
from forums.services import reading
from tests import factories
from tests.pages import numbers, soup, titles, words


@pytest.fixture
def long_thread(member, other_member):
    """45 posts: three windows, the last one short."""
    thread = factories.ThreadFactory(author=member, title="A long talk")
    for number in range(2, 46):
        factories.PostFactory(thread=thread, author=other_member, body=f"Post number {number}.")
    return thread


def unread_address(thread):
    return reverse("first_unread", args=[thread.public_id])


def test_a_member_reads_a_thread(sign_in, other_member, scene):
    page = sign_in(other_member).get(scene.thread.get_absolute_url())
    assert page.status_code == 200
    assert numbers(page) == [1, 2]
    assert "It has been a long week." in words(page)


def test_a_long_thread_is_read_in_windows_of_twenty(sign_in, other_member, long_thread):
    browser = sign_in(other_member)
    page = browser.get(long_thread.get_absolute_url())
    seen = []
    while True:
        seen.append(numbers(page))
        onward = soup(page).find("a", rel="next")
        if onward is None:
            break
        assert "That is everything here for now." not in words(page)
        page = browser.get(onward["href"])
    assert seen == [list(range(1, 21)), list(range(21, 41)), list(range(41, 46))]
    assert "That is everything here for now." in words(page)


@pytest.mark.parametrize(
    ("asked", "first"),
    [("2", 21), ("3", 41), ("4", 41), ("999999999999", 1), ("999999999", 41), ("0", 1), ("-1", 1), ("abc", 1), ("", 1)],
)
def test_any_page_number_shows_posts(sign_in, member, long_thread, asked, first):
    page = sign_in(member).get(long_thread.get_absolute_url(), {"page": asked})
    assert page.status_code == 200
    assert numbers(page)[0] == first


def test_a_thread_of_one_full_window_has_one_page(sign_in, member):
    thread = factories.ThreadFactory(author=member)
    for _number in range(2, 21):
        factories.PostFactory(thread=thread)
    page = sign_in(member).get(thread.get_absolute_url(), {"page": "2"})
    assert numbers(page) == list(range(1, 21))
    assert soup(page).find(class_="pager") is None


def test_a_posts_own_address_leads_to_its_window(sign_in, member, long_thread):
    browser = sign_in(member)
    post = long_thread.posts.get(number=21)
    answer = browser.get(reverse("post", args=[post.public_id]))
    assert answer.headers["Location"] == f"{long_thread.get_absolute_url()}?page=2#post-21"
    assert 21 in numbers(browser.get(answer.headers["Location"]))


def test_an_old_slug_leads_to_the_thread(sign_in, member, scene):
    answer = sign_in(member).get(reverse("thread", args=[scene.thread.public_id, "some-older-title"]))
    assert answer.status_code == 301
    assert answer.headers["Location"] == scene.thread.get_absolute_url()


def test_an_old_slug_does_not_give_away_a_thread_that_is_not_for_this_reader(sign_in, blocked, scene):
    answer = sign_in(blocked).get(reverse("thread", args=[scene.thread.public_id, "some-older-title"]))
    assert answer.status_code == 404


def test_reading_on_starts_at_the_first_unread_post(sign_in, other_member, long_thread):
    browser = sign_in(other_member)
    address = long_thread.get_absolute_url()
    assert browser.get(unread_address(long_thread)).headers["Location"] == f"{address}#post-1"
    browser.get(address)
    assert browser.get(unread_address(long_thread)).headers["Location"] == f"{address}?page=2#post-21"
    browser.get(address, {"page": "3"})
    # Nothing is unread: the latest post is where one left.
    assert browser.get(unread_address(long_thread)).headers["Location"] == f"{address}?page=3#post-45"


def test_only_what_was_not_read_before_is_marked_new(sign_in, member, scene):
    browser = sign_in(member)
    browser.get(scene.thread.get_absolute_url())
    factories.PostFactory(thread=scene.thread)
    page = soup(browser.get(scene.thread.get_absolute_url()))
    marked = [article["id"] for article in page.find_all("article") if article.find(class_="mark-new")]
    assert marked == ["post-3"]
    assert not soup(browser.get(scene.thread.get_absolute_url())).find_all(class_="mark-new")


def test_ones_own_words_are_never_new(sign_in, member, scene):
    page = soup(sign_in(member).get(scene.thread.get_absolute_url()))
    assert page.find(id="post-1").find(class_="mark-new") is None


def test_going_back_does_not_make_read_posts_unread(sign_in, member, long_thread):
    browser = sign_in(member)
    browser.get(long_thread.get_absolute_url(), {"page": "3"})
    browser.get(long_thread.get_absolute_url())
    assert ReadMark.objects.get().last_read_number == 45


def test_read_marks_only_ever_rise(member, scene):
    for number, kept in ((7, 7), (3, 7), (7, 7), (9, 9)):
        reading.raise_read_mark(member=member, thread=scene.thread, seen=number, end=number)
        assert ReadMark.objects.get().last_read_number == kept


def test_a_thread_shows_as_unread_until_it_was_read(sign_in, member, scene):
    browser = sign_in(member)
    board = scene.board.get_absolute_url()
    browser.get(scene.thread.get_absolute_url())
    assert "new posts" not in words(browser.get(board))
    factories.PostFactory(thread=scene.thread)
    page = browser.get(board)
    assert "new posts" in words(page)
    assert unread_address(scene.thread) in page.text
    browser.get(scene.thread.get_absolute_url())
    assert "new posts" not in words(browser.get(board))


def test_a_blocked_persons_reply_does_not_make_a_thread_look_unread_for_ever(sign_in, member, blocked, scene):
    factories.PostFactory(thread=scene.thread, author=blocked)
    browser = sign_in(member)
    assert numbers(browser.get(scene.thread.get_absolute_url())) == [1, 2]
    assert "new posts" not in words(browser.get(scene.board.get_absolute_url()))


def test_a_window_of_nothing_but_blocked_peoples_replies_can_be_read(sign_in, member, blocked):
    thread = factories.ThreadFactory(author=member)
    for _number in range(2, 22):
        factories.PostFactory(thread=thread, author=blocked)
    page = sign_in(member).get(thread.get_absolute_url(), {"page": "2"})
    assert page.status_code == 200
    assert numbers(page) == []
    assert ReadMark.objects.get().last_read_number == 21


def test_roles_are_shown_beside_names(sign_in, member, moderator, scene):
    factories.PostFactory(thread=scene.thread, author=moderator)
    page = soup(sign_in(member).get(scene.thread.get_absolute_url()))
    assert "Moderator" in page.find(id="post-3").get_text()
    assert "Moderator" not in page.find(id="post-2").get_text()


def test_the_author_of_the_thread_is_recognised_in_their_replies(sign_in, member, other_member, scene):
    factories.PostFactory(thread=scene.thread, author=member)
    page = soup(sign_in(other_member).get(scene.thread.get_absolute_url()))
    assert "Started this thread" in page.find(id="post-3").get_text()
    assert "Started this thread" not in page.find(id="post-1").get_text()


def test_a_pin_shows_until_it_ends(sign_in, member, scene):
    browser = sign_in(member)
    for days, pinned in ((1, True), (-1, False)):
        scene.thread.pinned_until = factories.now() + dt.timedelta(days=days)
        scene.thread.save()
        assert ("Pinned" in words(browser.get(scene.board.get_absolute_url()))) is pinned


def test_titles_and_names_are_shown_as_text(sign_in, other_member):
    thread = factories.ThreadFactory(title='<b>bold</b> & "quiet"')
    browser = sign_in(other_member)
    for address in (thread.get_absolute_url(), thread.board.get_absolute_url(), reverse("waiting"), reverse("home")):
        page = browser.get(address)
        assert "<b>bold" not in page.text
        assert '<b>bold</b> & "quiet"' in words(page)


def test_page_titles_do_not_name_what_is_read(sign_in, member, scene):
    browser = sign_in(member)
    for address in (scene.thread.get_absolute_url(), scene.board.get_absolute_url(), reverse("waiting")):
        title = soup(browser.get(address)).title.get_text()
        assert scene.thread.title not in title
        assert scene.board.title not in title


def test_boards_stand_in_the_order_that_an_administrator_gave_them(sign_in, member):
    for position, title in ((2, "Third"), (0, "First"), (1, "Second")):
        factories.BoardFactory(title=title, position=position)
    factories.BoardFactory(title="Archived", is_archived=True)
    factories.BoardFactory(title="For staff", audience="staff")
    page = words(sign_in(member).get(reverse("boards")))
    assert page.index("First") < page.index("Second") < page.index("Third")
    assert "Archived" not in page
    assert "For staff" not in page


def test_an_empty_board_says_so(sign_in, member):
    page = sign_in(member).get(factories.BoardFactory().get_absolute_url())
    assert titles(page) == []
    assert "Nobody has written here yet" in words(page)
