import datetime as dt
import re

import pytest
from django.urls import reverse

from forums.disguise import name_for
from forums.models import ReadMark, Thread, Visibility
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


@pytest.mark.parametrize("page", [1, 2])
def test_what_is_held_does_not_show_by_its_number(sign_in, member, other_member, moderator, page):
    thread = factories.ThreadFactory(author=member)
    factories.PostFactory.create_batch(18 if page == 1 else 21, thread=thread)
    factories.PostFactory.create_batch(25, thread=thread, author=other_member, visibility="held")
    last = 19 if page == 1 else 22
    shown = sign_in(member).get(thread.get_absolute_url(), {"page": page})
    assert numbers(shown)[-1] == last
    assert soup(shown).find("a", rel="next") is None
    assert "That is everything here for now." in words(shown)
    if page == 1:
        assert soup(shown).find(class_="pager") is None
        assert soup(shown).find(class_="thread-ways") is None
    else:
        assert soup(shown).find(class_="pager").find("p").get_text() == "Posts 21 to 22"
    assert soup(sign_in(moderator).get(thread.get_absolute_url(), {"page": page})).find("a", rel="next")


def test_nor_in_low_energy_mode(sign_in, member, other_member, scene):
    factories.PostFactory(thread=scene.thread, author=other_member, visibility="held")
    address = reverse("gentle_thread", args=[scene.thread.public_id]) + "?from=2"
    assert "Read on in this thread" not in words(sign_in(member).get(address))
    factories.PostFactory.create_batch(3, thread=scene.thread)
    assert "Read on in this thread" in words(sign_in(member).get(address))


def test_the_way_to_the_latest_leads_to_the_last_post_that_can_be_read(sign_in, member, long_thread):
    factories.PostFactory.create_batch(20, thread=long_thread, visibility="held")
    browser = sign_in(member)
    latest = soup(browser.get(long_thread.get_absolute_url())).find("a", string="Latest")["href"]
    assert browser.get(latest).headers["Location"].endswith("?page=3#post-45")


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


# --- what stands above a thread


def head(page):
    """Title, support type, notes, whose turn it is and the states, in words."""
    return " ".join(soup(page).find(class_="thread-head").get_text(" ").split())


def test_the_summary_says_what_the_author_asks_for_and_what_the_thread_touches(sign_in, member):
    thread = factories.ThreadFactory(support_type="ideas", content_notes=["loss"], board__content_notes=["eating"])
    shown = head(sign_in(member).get(thread.get_absolute_url()))
    for part in ("Ideas welcome", "Suggestions are welcome", "Loss", "Eating"):
        assert part in shown


def test_the_summary_says_whose_turn_it_is(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member)

    def turn(reader):
        return head(sign_in(reader).get(thread.get_absolute_url()))

    assert "Waits for a first reply" in turn(other_member)
    factories.PostFactory(thread=thread, author=other_member)
    assert "Answered" in turn(other_member)
    factories.PostFactory(thread=thread, author=member)
    assert "alder wrote last; a reply is welcome" in turn(other_member)
    assert "You wrote last; a reply may come" in turn(member)


def test_an_anonymous_author_is_named_by_the_disguise_in_the_summary(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member, disguise=7)
    factories.PostFactory(thread=thread, author=other_member)
    factories.PostFactory(thread=thread, author=member)
    page = sign_in(other_member).get(thread.get_absolute_url())
    assert f"{name_for(7)} wrote last; a reply is welcome" in head(page)
    assert "alder" not in page.text


def test_a_thread_that_needs_no_reply_waits_for_nobody(sign_in, member):
    thread = factories.ThreadFactory(no_reply_needed=True)
    shown = head(sign_in(member).get(thread.get_absolute_url()))
    assert "No reply needed" in shown
    assert "Waits" not in shown


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"state": "slow", "slow_minutes": 15}, "Slow mode: 15 minutes between two replies from one person"),
        ({"state": "slow", "slow_minutes": 1}, "Slow mode: one reply a minute from each person"),
        ({"state": "locked"}, "Closed to new replies"),
        ({"state": "archived"}, "Archived, for reading"),
        ({"board__is_archived": True}, "Archived, for reading"),
    ],
)
def test_a_thread_says_in_what_state_it_is(sign_in, member, state, said):
    thread = factories.ThreadFactory(**state)
    shown = head(sign_in(member).get(thread.get_absolute_url()))
    assert said in shown
    assert ("Waits for a first reply" in shown) is (state.get("state") == "slow")


def test_a_pin_is_shown_above_the_thread_with_its_end(sign_in, member):
    until = factories.now() + dt.timedelta(days=2)
    thread = factories.ThreadFactory(pinned_until=until)
    browser = sign_in(member)
    assert f"Pinned until {until.day} " in head(browser.get(thread.get_absolute_url()))
    thread.pinned_until = factories.now() - dt.timedelta(minutes=1)
    thread.save()
    assert "Pinned" not in head(browser.get(thread.get_absolute_url()))


def test_the_summary_counts_nobody(sign_in, member, long_thread):
    assert "45" not in head(sign_in(member).get(long_thread.get_absolute_url()))


# --- headings


def heading(page, number):
    return " ".join(soup(page).find(id=f"post-{number}").find("h2").get_text().split())


def test_each_post_is_a_heading_with_its_number_author_whom_it_answers_and_whether_it_is_new(
    sign_in, member, other_member, scene
):
    factories.PostFactory(thread=scene.thread, author=other_member, reply_to=1)
    browser = sign_in(member)
    page = browser.get(scene.thread.get_absolute_url())
    assert heading(page, 1) == "#1 alder , yours"
    assert heading(page, 3) == "#3 birch, replying to #1 , new"
    again = browser.get(scene.thread.get_absolute_url())
    assert heading(again, 3) == "#3 birch, replying to #1 , read"


# --- where one left off


def divider(page):
    """The id of the post below “new since you were here”; None when there is no such line."""
    line = soup(page).find(class_="new-since")
    return line and line.find_next("article")["id"]


def test_a_line_stands_before_the_first_new_post(sign_in, member, long_thread):
    browser = sign_in(member)
    address = long_thread.get_absolute_url()
    assert divider(browser.get(address)) is None  # a first visit: all is new
    ReadMark.objects.update(last_read_number=24)
    page = browser.get(address, {"page": "2"})
    assert divider(page) == "post-25"
    assert "New since you were here" in words(page)
    assert divider(browser.get(address, {"page": "2"})) is None  # it was read now


def test_the_line_does_not_stand_before_ones_own_words(sign_in, member, other_member, scene):
    browser = sign_in(member)
    browser.get(scene.thread.get_absolute_url())
    factories.PostFactory(thread=scene.thread, author=member)
    factories.PostFactory(thread=scene.thread, author=other_member)
    assert divider(browser.get(scene.thread.get_absolute_url())) == "post-4"


def test_whoever_jumps_over_unread_posts_is_shown_the_way_back(sign_in, member, long_thread):
    browser = sign_in(member)
    ReadMark.objects.create(member=member, thread=long_thread, last_read_number=5)
    page = browser.get(long_thread.get_absolute_url(), {"page": "3"})
    back = soup(page).find(class_="left-off").find("a")
    assert back["href"] == f"{long_thread.get_absolute_url()}#post-6"
    assert divider(page) is None
    assert "You’re all caught up" not in words(page)


def test_the_last_page_says_that_one_is_caught_up_and_others_lead_on(sign_in, member, long_thread):
    browser = sign_in(member)
    for page, last in ((1, False), (2, False), (3, True)):
        shown = browser.get(long_thread.get_absolute_url(), {"page": page})
        assert ("That is everything here for now. You’re all caught up." in words(shown)) is last
        assert (soup(shown).find("a", rel="next") is None) is last


# --- ways about a long thread


def lands(browser, name, thread, **query):
    return browser.get(reverse(name, args=[thread.public_id]), query).headers["Location"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("17", 17), ("21", 21), ("45", 45), ("46", 45), ("99999999999999999999", 45), ("0", 1), ("-3", 1), ("", 1),
        ("abc", 1), ("#30", 30), (" 30 ", 30), ("٣", 1),
    ],
)  # fmt: skip
def test_a_typed_number_leads_to_that_post_or_to_the_nearest(sign_in, member, long_thread, typed, number):
    page = f"?page={(number - 1) // 20 + 1}" if number > 20 else ""
    assert lands(sign_in(member), "jump", long_thread, number=typed) == (
        f"{long_thread.get_absolute_url()}{page}#post-{number}"
    )


def test_jumping_needs_no_number_and_no_script(sign_in, member, long_thread):
    browser = sign_in(member)
    action = reverse("jump", args=[long_thread.public_id])
    form = soup(browser.get(long_thread.get_absolute_url())).find("form", action=action)
    assert form["method"] == "get"
    assert form.find("label", attrs={"for": form.find("input")["id"]})
    assert lands(browser, "jump", long_thread).endswith("#post-1")


def test_newest_leads_to_the_last_post(sign_in, member, long_thread):
    browser = sign_in(member)
    link = soup(browser.get(long_thread.get_absolute_url())).find("a", string="Newest")
    assert browser.get(link["href"]).headers["Location"] == f"{long_thread.get_absolute_url()}?page=3#post-45"


def test_nobody_is_led_to_a_post_that_is_not_there_for_them(sign_in, member, blocked, scene):
    held = factories.PostFactory(thread=scene.thread, visibility=Visibility.HELD)
    factories.PostFactory(thread=scene.thread, author=blocked)
    assert held.number == 3
    browser = sign_in(member)
    assert lands(browser, "newest", scene.thread).endswith("#post-2")
    assert lands(browser, "jump", scene.thread, number="3").endswith("#post-2")
    factories.PostFactory(thread=scene.thread)
    assert lands(browser, "jump", scene.thread, number="3").endswith("#post-5")
    assert lands(browser, "first_unread", scene.thread).endswith("#post-1")
    browser.get(scene.thread.get_absolute_url())
    ReadMark.objects.update(last_read_number=2)
    assert lands(browser, "first_unread", scene.thread).endswith("#post-5")


def test_a_short_thread_has_no_ways_about_it(sign_in, member, scene):
    assert soup(sign_in(member).get(scene.thread.get_absolute_url())).find(class_="thread-ways") is None


def test_an_old_slug_keeps_the_page_that_was_asked_for(sign_in, member, long_thread):
    answer = sign_in(member).get(reverse("thread", args=[long_thread.public_id, "an-older-title"]), {"page": "2"})
    assert answer.headers["Location"] == f"{long_thread.get_absolute_url()}?page=2"


def test_the_address_of_a_merged_thread_leads_to_where_its_posts_stand(sign_in, member, long_thread):
    merged = factories.ThreadFactory(board=long_thread.board)
    merged.merged_into, merged.merged_offset = long_thread, 30
    merged.save()
    browser = sign_in(member)
    target = long_thread.get_absolute_url()
    assert browser.get(merged.get_absolute_url()).headers["Location"] == f"{target}?page=2#post-31"
    assert lands(browser, "jump", merged, number="12") == f"{target}?page=3#post-42"
    assert lands(browser, "newest", merged) == f"{target}?page=3#post-45"


def test_the_address_of_a_merged_thread_tells_nothing_to_those_who_may_not_read_the_other(
    sign_in, member, blocked, long_thread
):
    merged = factories.ThreadFactory(merged_into=long_thread, merged_offset=45)
    browser = sign_in(blocked)
    for address in (merged.get_absolute_url(), reverse("newest", args=[merged.public_id])):
        assert browser.get(address).status_code == 404


def test_the_link_to_an_answered_post_leads_there_on_whatever_page_it_stands(sign_in, member, long_thread):
    factories.PostFactory(thread=long_thread, reply_to=44)
    factories.PostFactory(thread=long_thread, reply_to=3)
    browser = sign_in(member)
    page = soup(browser.get(long_thread.get_absolute_url(), {"page": "3"}))
    near, far = (page.find(id=f"post-{number}").find(class_="post-to").find("a")["href"] for number in (46, 47))
    assert near == "#post-44"
    assert browser.get(far).headers["Location"] == f"{long_thread.get_absolute_url()}#post-3"


def test_before_the_last_page_whoever_replies_is_told_that_there_is_more(sign_in, member, long_thread):
    browser = sign_in(member)
    for page, last in ((1, False), (2, False), (3, True)):
        line = soup(browser.get(long_thread.get_absolute_url(), {"page": page})).find(class_="later-posts")
        if last:
            assert line is None
        else:
            assert line.get_text().startswith("There are later posts.")
            assert line.a["href"].endswith(f"?page={page + 1}")
            assert line.find_next("form", class_="compose")


def test_hours_of_the_day_name_their_zone(sign_in, member, other_member, long_thread):
    Thread.objects.filter(pk=long_thread.pk).update(state="slow", slow_minutes=30)
    browser = sign_in(other_member)
    page = browser.get(long_thread.get_absolute_url())
    times = [time.get_text() for time in soup(page).select(".post time")]
    assert times
    assert all(re.search(r"\d\d:\d\d (GMT|BST)$", time) for time in times)
    reply = reverse("reply", args=[long_thread.public_id])
    browser.post(reply, {"body": "One."})
    assert re.search(r"You can reply again at \d\d:\d\d (GMT|BST)\.", words(browser.post(reply, {"body": "Two."})))
