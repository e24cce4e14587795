"""Threads and boards that one follows or mutes: what one hears of them, and where they stand."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums import access
from forums.models import Board, BoardFollow, Level, Post, SupportType, Thread, ThreadFollow, Visibility
from forums.news import NEW_REPLY, NEW_THREAD, REPLIED_TO_YOU
from forums.services import following, posts
from forums.services.visibility import set_visibility
from notifications.models import Channel, Choice, Delivery, Event, Notice
from tests import factories
from tests.pages import soup, titles, words


def told(*kinds):
    """Of a reply, unless kinds of news are named, and whether they follow along or are answered."""
    keys = [kind.key for kind in kinds or (NEW_REPLY, REPLIED_TO_YOU)]
    return sorted(Notice.objects.filter(event__kind__in=keys).values_list("recipient__username", flat=True))


def level_of(member, thread):
    return ThreadFollow.objects.filter(member=member, thread=thread).values_list("level", flat=True).first()


def board_level_of(member, board):
    return BoardFollow.objects.filter(member=member, board=board).values_list("level", flat=True).first()


def pressed(page):
    """The button of the page's first follow control that shows what was chosen."""
    control = soup(page).find(class_="follow")
    return [button["value"] for button in control.find_all("button", attrs={"aria-pressed": "true"})]


@pytest.fixture
def reader(db):
    """Somebody who has written nowhere."""
    return factories.MemberFactory(username="reader_of_much")


@pytest.fixture
def reply(worker):
    """Post a reply, and let the news of it go out."""

    def send(thread, author, *, to=None, body="Here with you."):
        with worker():
            return posts.post_reply(author=author, thread=thread, body=body, reply_to=to)

    return send


# --- the control ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["all", "replies", "mute"])
def test_a_member_chooses_how_much_to_hear_of_a_thread(sign_in, reader, scene, level):
    browser = sign_in(reader)
    assert pressed(browser.get(scene.thread.get_absolute_url())) == ["none"]
    answer = browser.post(reverse("follow_thread", args=[scene.thread.public_id]), {"level": level})
    assert answer.headers["Location"] == scene.thread.get_absolute_url()
    assert level_of(reader, scene.thread) == level
    assert pressed(browser.get(scene.thread.get_absolute_url())) == [level]
    browser.post(reverse("follow_thread", args=[scene.thread.public_id]), {"level": "none"})
    assert level_of(reader, scene.thread) is None


@pytest.mark.parametrize("level", ["all", "replies", "mute"])
def test_a_member_chooses_how_much_to_hear_of_a_board(sign_in, reader, scene, level):
    browser = sign_in(reader)
    assert pressed(browser.get(scene.board.get_absolute_url())) == ["none"]
    answer = browser.post(reverse("follow_board", args=[scene.board.slug]), {"level": level})
    assert answer.headers["Location"] == scene.board.get_absolute_url()
    assert board_level_of(reader, scene.board) == level
    assert pressed(browser.get(scene.board.get_absolute_url())) == [level]
    browser.post(reverse("follow_board", args=[scene.board.slug]), {"level": "none"})
    assert board_level_of(reader, scene.board) is None


def test_the_control_is_a_form_that_needs_no_script_and_says_what_each_choice_means(sign_in, reader, scene):
    control = soup(sign_in(reader).get(scene.thread.get_absolute_url())).find("details", class_="follow")
    form = control.find("form", method="post")
    assert form["action"] == reverse("follow_thread", args=[scene.thread.public_id])
    assert [button["value"] for button in form.find_all("button")] == ["all", "replies", "mute", "none"]
    assert all(button.find(class_="follow-meaning").get_text() for button in form.find_all("button"))


@pytest.mark.parametrize("level", ["", "everything", None])
def test_a_made_up_choice_changes_nothing(sign_in, reader, scene, level):
    following.set_thread_level(member=reader, thread=scene.thread, level=Level.ALL)
    browser = sign_in(reader)
    form = {} if level is None else {"level": level}
    assert browser.post(reverse("follow_thread", args=[scene.thread.public_id]), form).status_code == 302
    assert level_of(reader, scene.thread) == "all"
    assert browser.post(reverse("follow_board", args=[scene.board.slug]), form).status_code == 302
    assert board_level_of(reader, scene.board) is None


def test_a_choice_made_twice_is_one_choice_and_says_that_nothing_changed(reader, scene):
    assert following.set_thread_level(member=reader, thread=scene.thread, level=Level.ALL)
    assert not following.set_thread_level(member=reader, thread=scene.thread, level=Level.ALL)
    assert following.set_thread_level(member=reader, thread=scene.thread, level=Level.MUTE)
    assert following.set_thread_level(member=reader, thread=scene.thread, level=None)
    assert not following.set_thread_level(member=reader, thread=scene.thread, level=None)
    assert following.set_board_level(member=reader, board=scene.board, level=Level.ALL)
    assert not following.set_board_level(member=reader, board=scene.board, level=Level.ALL)
    assert following.set_board_level(member=reader, board=scene.board, level=None)
    assert not following.set_board_level(member=reader, board=scene.board, level=None)


def test_one_comes_back_to_where_the_button_was_pressed_and_nowhere_else(sign_in, reader, scene):
    browser = sign_in(reader)
    address = reverse("follow_thread", args=[scene.thread.public_id])
    here = "/following/?show=muted"
    assert browser.post(address, {"level": "all", "back": here}).headers["Location"] == here
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        answer = browser.post(address, {"level": "all", "back": elsewhere})
        assert answer.headers["Location"] == scene.thread.get_absolute_url()


def test_what_one_may_not_see_cannot_be_followed(sign_in, member, blocked, reader):
    behind_a_block = factories.ThreadFactory(author=blocked)
    staff_only = factories.ThreadFactory(board__audience="staff")
    for person, thread in ((member, behind_a_block), (reader, staff_only)):
        answer = sign_in(person).post(reverse("follow_thread", args=[thread.public_id]), {"level": "all"})
        assert answer.status_code == 404
        assert level_of(person, thread) is None
    address = reverse("follow_board", args=[staff_only.board.slug])
    assert sign_in(reader).post(address, {"level": "all"}).status_code == 404
    assert board_level_of(reader, staff_only.board) is None


def test_visitors_are_asked_to_sign_in(visitor, scene):
    for address in (
        reverse("follow_thread", args=[scene.thread.public_id]),
        reverse("follow_board", args=[scene.board.slug]),
    ):
        assert visitor.post(address, {"level": "all"}).headers["Location"].startswith("/accounts/login/")


# --- by itself, on posting ---------------------------------------------------------------------------------------


def test_what_one_writes_in_is_followed_by_itself(sign_in, member, reader, scene):
    browser = sign_in(reader)
    browser.post(reverse("reply", args=[scene.thread.public_id]), {"body": "Me too."})
    assert level_of(reader, scene.thread) == "replies"
    browser.post(
        reverse("new_thread", args=[scene.board.slug]), {"title": "Mine", "body": "Hello.", "support_type": "win"}
    )
    assert level_of(reader, Thread.objects.get(title="Mine")) == "all"


def test_a_choice_that_was_made_before_stays(reader, scene, reply):
    following.set_thread_level(member=reader, thread=scene.thread, level=Level.MUTE)
    reply(scene.thread, reader)
    assert level_of(reader, scene.thread) == "mute"


def test_whoever_turned_it_off_follows_nothing_by_itself(reader, scene, reply):
    reader.follow_on_posting = False
    reader.save()
    reply(scene.thread, reader)
    assert level_of(reader, scene.thread) is None


# --- who hears of a reply --------------------------------------------------------------------------------------


def test_everybody_who_follows_the_thread_or_its_board_hears_of_a_reply(reader, member, other_member, scene, reply):
    of_board = factories.MemberFactory(username="of_the_board")
    following.set_thread_level(member=reader, thread=scene.thread, level=Level.ALL)
    following.set_board_level(member=of_board, board=scene.board, level=Level.ALL)
    reply(scene.thread, other_member)
    assert told() == sorted([member.username, of_board.username, reader.username])


def test_replies_to_me_are_only_those(member, other_member, reader, scene, reply):
    """`other_member` wrote post 2 and hears of what answers it, not of the rest."""
    assert level_of(other_member, scene.thread) == "replies"
    reply(scene.thread, reader)
    assert told() == [member.username]
    reply(scene.thread, reader, to=2)
    assert told() == sorted([member.username, member.username, other_member.username])


def test_in_ones_own_thread_a_reply_that_names_no_post_is_a_reply_to_me(member, other_member, reader, scene, reply):
    following.set_thread_level(member=member, thread=scene.thread, level=Level.REPLIES)
    reply(scene.thread, reader, to=2)
    assert told() == [other_member.username]
    reply(scene.thread, reader)
    assert told() == sorted([member.username, other_member.username])


def test_who_does_not_follow_still_hears_when_a_post_of_theirs_is_answered(member, other_member, reader, scene, reply):
    following.set_thread_level(member=member, thread=scene.thread, level=None)
    following.set_thread_level(member=other_member, thread=scene.thread, level=None)
    reply(scene.thread, reader)
    assert told() == []
    reply(scene.thread, reader, to=2)
    assert told() == [other_member.username]


@pytest.mark.parametrize("muted", ["thread", "board"])
def test_a_mute_is_silent_also_when_one_is_answered(member, other_member, reader, scene, reply, muted):
    following.set_thread_level(member=other_member, thread=scene.thread, level=None)
    if muted == "thread":
        following.set_thread_level(member=other_member, thread=scene.thread, level=Level.MUTE)
    else:
        following.set_board_level(member=other_member, board=scene.board, level=Level.MUTE)
    reply(scene.thread, reader, to=2)
    assert told() == [member.username]


def test_a_muted_thread_of_a_followed_board_is_silent(member, reader, scene, reply):
    following.set_board_level(member=reader, board=scene.board, level=Level.ALL)
    following.set_thread_level(member=reader, thread=scene.thread, level=Level.MUTE)
    reply(scene.thread, member)
    assert reader.username not in told()


def test_a_followed_thread_of_a_muted_board_is_heard(member, reader, scene, reply):
    following.set_board_level(member=reader, board=scene.board, level=Level.MUTE)
    following.set_thread_level(member=reader, thread=scene.thread, level=Level.ALL)
    reply(scene.thread, member)
    assert told() == [reader.username]


def test_a_followed_board_is_heard_in_full_where_one_has_written(member, reader, scene, reply):
    following.set_board_level(member=reader, board=scene.board, level=Level.ALL)
    reply(scene.thread, reader)
    Notice.objects.all().delete()
    reply(scene.thread, member)
    assert told() == [reader.username]


def test_whoever_hears_for_two_reasons_is_told_once(member, reader, scene, reply):
    following.set_board_level(member=member, board=scene.board, level=Level.ALL)
    reply(scene.thread, reader, to=1)
    assert told() == [member.username]


def test_whom_a_post_names_is_told_of_that_and_not_of_the_post_again(member, reader, scene, reply):
    following.set_thread_level(member=reader, thread=scene.thread, level=Level.ALL)
    reply(scene.thread, member, body=f"What do you think, @{reader.username}?")
    assert Notice.objects.filter(recipient=reader).count() == 1
    assert reader.username not in told()


def test_a_reply_that_readers_hid_by_its_threads_note_is_no_news(sign_in, member, reader, scene, reply):
    Thread.objects.filter(pk=scene.thread.pk).update(content_notes=["loss"])
    following.set_thread_level(member=reader, thread=scene.thread, level=Level.ALL)
    Choice.objects.create(member=reader, kind=NEW_REPLY.key, channel=Channel.MAIL)
    reader.hidden_notes = ["loss"]
    reader.save()
    reply(scene.thread, member)
    assert Delivery.objects.get(notice__recipient=reader).reason == Delivery.Reason.GONE
    assert scene.thread.title not in words(sign_in(reader).get(reverse("notices")))


def test_of_a_thread_with_a_content_note_the_updates_say_the_note_and_not_the_title(
    sign_in, member, other_member, scene, reply
):
    Thread.objects.filter(pk=scene.thread.pk).update(content_notes=["loss"], title="Two winters ago")
    Board.objects.filter(pk=scene.board.pk).update(content_notes=["eating"])
    reply(scene.thread, other_member)
    page = words(sign_in(member).get(reverse("notices")))
    assert "Somebody replied in a thread that touches on: Eating, Loss." in page
    assert "Two winters ago" not in page


def test_whom_a_reply_concerns_costs_the_same_for_few_and_for_many(member, reader, scene, django_assert_num_queries):
    event = Event.objects.create(kind=NEW_REPLY.key, target_id=scene.reply.pk)
    for _round in range(2):
        # The post with its thread, who follows that, who follows its board, whom it answers, blocks around who writes,
        # and whose mutes and filters keep it away.
        with django_assert_num_queries(6):
            NEW_REPLY.audience(event, 0, 500)
        for _number in range(20):
            following.set_thread_level(member=factories.MemberFactory(), thread=scene.thread, level=Level.ALL)
            following.set_board_level(member=factories.MemberFactory(), board=scene.board, level=Level.ALL)
    # The thread's author is told that they were answered.
    assert len(NEW_REPLY.audience(event, 0, 500).told) == 2 * 2 * 20
    assert set(REPLIED_TO_YOU.audience(event, 0, 500).told) == {member.pk}


def has_mark(page):
    """Whether the page's header says that there is news."""
    return soup(page).find(class_="news-dot") is not None


@pytest.mark.parametrize("direction", ["blocker", "blocked"])
def test_nothing_that_is_said_across_a_block_lights_the_mark(sign_in, reader, other_member, scene, reply, direction):
    other = "blocked" if direction == "blocker" else "blocker"
    factories.BlockFactory(**{direction: other_member, other: reader})
    following.set_thread_level(member=other_member, thread=scene.thread, level=Level.ALL)
    following.set_board_level(member=other_member, board=scene.board, level=Level.ALL)
    reply(scene.thread, reader, to=scene.reply.number)
    assert told() == [scene.thread.author.username]
    assert not has_mark(sign_in(other_member).get(reverse("home")))


def test_what_is_said_in_the_thread_of_somebody_one_blocked_lights_no_mark(
    sign_in, member, other_member, reader, scene, reply
):
    factories.BlockFactory(blocker=other_member, blocked=member)
    reply(scene.thread, reader, to=scene.reply.number)
    assert not has_mark(sign_in(other_member).get(reverse("home")))


def test_a_block_does_not_tell_who_is_behind_a_disguise_by_keeping_the_mark_dark(sign_in, member, other_member, reply):
    thread = factories.ThreadFactory(author=member, disguise=5)
    answered = factories.PostFactory(thread=thread, author=other_member)
    factories.BlockFactory(blocker=other_member, blocked=member)
    reply(thread, member, to=answered.number)
    assert told() == [other_member.username]
    assert has_mark(sign_in(other_member).get(reverse("home")))


# --- who hears of a thread -------------------------------------------------------------------------------------


@pytest.fixture
def start(worker):
    def send(board, author, body="Hello.", **fields):
        with worker():
            return posts.start_thread(
                author=author, board=board, title="A certain title", body=body, support_type=SupportType.WIN, **fields
            )

    return send


def test_followers_of_a_board_hear_of_a_new_thread_on_the_site_and_by_no_mail(
    sign_in, member, reader, other_member, start, mailoutbox
):
    board = factories.BoardFactory(title="Night watch")
    following.set_board_level(member=reader, board=board, level=Level.ALL)
    following.set_board_level(member=other_member, board=board, level=Level.REPLIES)
    opening = start(board, member)
    assert told(NEW_THREAD) == [reader.username]
    assert mailoutbox == []
    page = sign_in(reader).get(reverse("notices"))
    assert "There is a new thread on “Night watch”." in words(page)
    assert "A certain title" not in words(page)
    notice = Notice.objects.get(recipient=reader)
    answer = sign_in(reader).get(reverse("notice", args=[notice.public_id]))
    assert answer.headers["Location"] == opening.thread.get_absolute_url()


def test_whom_an_opening_post_names_is_told_once(member, reader, start):
    board = factories.BoardFactory()
    following.set_board_level(member=reader, board=board, level=Level.ALL)
    start(board, member, body=f"For you, @{reader.username}.")
    assert Notice.objects.filter(recipient=reader).count() == 1


def test_its_author_is_not_told_of_their_own_thread(member, start):
    board = factories.BoardFactory()
    following.set_board_level(member=member, board=board, level=Level.ALL)
    start(board, member)
    assert told(NEW_THREAD) == []


def test_a_held_thread_is_news_once_a_moderator_shows_it_and_only_once(worker, member, reader, start):
    board = factories.BoardFactory(hold_first="all")
    following.set_board_level(member=reader, board=board, level=Level.ALL)
    opening = start(board, member)
    assert told(NEW_THREAD) == []
    for visibility in (Visibility.VISIBLE, Visibility.HIDDEN, Visibility.VISIBLE):
        with worker():
            set_visibility(post=Post.objects.get(pk=opening.pk), visibility=visibility)
    assert told(NEW_THREAD) == [reader.username]


def test_an_old_thread_that_is_shown_again_is_not_new(worker, reader, scene):
    following.set_board_level(member=reader, board=scene.board, level=Level.ALL)
    for visibility in (Visibility.HIDDEN, Visibility.VISIBLE):
        with worker():
            set_visibility(post=scene.opening, visibility=visibility)
    assert told(NEW_THREAD) == []


def test_neither_side_of_a_block_hears_of_the_others_new_thread(sign_in, member, blocked, start):
    board = factories.BoardFactory()
    following.set_board_level(member=blocked, board=board, level=Level.ALL)
    start(board, member)
    browser = sign_in(blocked)
    assert not has_mark(browser.get(reverse("home")))
    assert "There is a new thread" not in words(browser.get(reverse("notices")))


def test_a_new_thread_behind_a_disguise_is_news_for_everybody(member, blocked, start):
    board = factories.BoardFactory()
    following.set_board_level(member=blocked, board=board, level=Level.ALL)
    start(board, member, anonymous=True)
    assert told(NEW_THREAD) == [blocked.username]


def test_a_new_thread_with_a_hidden_note_is_no_news(sign_in, member, reader, start):
    board = factories.BoardFactory()
    following.set_board_level(member=reader, board=board, level=Level.ALL)
    reader.hidden_notes = ["loss"]
    reader.save()
    start(board, member, content_notes=["loss"])
    assert "There is a new thread" not in words(sign_in(reader).get(reverse("notices")))


# --- the pages -------------------------------------------------------------------------------------------------


def follow(member, *threads, level=Level.ALL):
    for thread in threads:
        following.set_thread_level(member=member, thread=thread, level=level)


def test_followed_threads_stand_in_the_order_of_their_latest_words(sign_in, reader):
    older, newer = factories.ThreadFactory.create_batch(2)
    factories.ThreadFactory(title="Followed by nobody")
    follow(reader, older)
    follow(reader, newer, level=Level.REPLIES)
    browser = sign_in(reader)
    assert titles(browser.get(reverse("following"))) == [newer.title, older.title]
    factories.PostFactory(thread=older)
    assert titles(browser.get(reverse("following"))) == [older.title, newer.title]


def test_what_is_muted_stands_apart(sign_in, reader):
    loud, quiet = factories.ThreadFactory.create_batch(2)
    follow(reader, loud)
    follow(reader, quiet, level=Level.MUTE)
    following.set_board_level(member=reader, board=loud.board, level=Level.ALL)
    following.set_board_level(member=reader, board=quiet.board, level=Level.MUTE)
    browser = sign_in(reader)
    followed, muted = browser.get(reverse("following")), browser.get(reverse("following"), {"show": "muted"})
    assert (titles(followed), titles(muted)) == ([loud.title], [quiet.title])
    assert loud.board.title in soup(followed).find(class_="followed-boards").get_text()
    assert quiet.board.title not in soup(followed).find(class_="followed-boards").get_text()
    assert quiet.board.title in soup(muted).find(class_="followed-boards").get_text()


def test_a_level_is_shown_and_changed_on_the_page(sign_in, reader):
    thread = factories.ThreadFactory()
    follow(reader, thread, level=Level.REPLIES)
    browser = sign_in(reader)
    page = browser.get(reverse("following"))
    assert pressed(page) == ["replies"]
    form = soup(page).find(class_="follow").find("form")
    back = form.find("input", attrs={"name": "back"})["value"]
    answer = browser.post(form["action"], {"level": "mute", "back": back})
    assert answer.headers["Location"] == reverse("following")
    assert titles(browser.get(reverse("following"))) == []


def test_what_is_unread_is_marked_among_what_one_follows(sign_in, reader, scene):
    follow(reader, scene.thread)
    browser = sign_in(reader)
    browser.get(scene.thread.get_absolute_url())
    assert "new posts" not in words(browser.get(reverse("following")))
    factories.PostFactory(thread=scene.thread)
    page = browser.get(reverse("following"))
    assert "new posts" in words(page)
    assert reverse("first_unread", args=[scene.thread.public_id]) in page.text


def test_a_title_that_one_folds_is_not_said_beside_its_button(sign_in, reader):
    thread = factories.ThreadFactory(title="A heavy title", content_notes=["suicide"])
    follow(reader, thread)
    page = soup(sign_in(reader).get(reverse("following")))
    for part in page.find_all("summary"):
        assert "A heavy title" not in part.get_text()


def test_what_one_may_no_longer_see_is_not_listed(sign_in, member, blocked, reader):
    behind_a_block, staff_only, hidden = (
        factories.ThreadFactory(author=blocked),
        factories.ThreadFactory(board__audience="staff"),
        factories.ThreadFactory(visibility="hidden"),
    )
    follow(member, behind_a_block, staff_only, hidden)
    following.set_board_level(member=member, board=staff_only.board, level=Level.ALL)
    page = sign_in(member).get(reverse("following"))
    assert titles(page) == []
    assert staff_only.board.title not in words(page)
    assert blocked.username not in page.text


def test_nobody_sees_what_others_follow(sign_in, member, reader, scene):
    following.set_thread_level(member=reader, thread=scene.thread, level=Level.MUTE)
    following.set_board_level(member=reader, board=scene.board, level=Level.MUTE)
    browser = sign_in(member)
    for address in (scene.thread.get_absolute_url(), scene.board.get_absolute_url(), reverse("following")):
        assert "Muted" not in words(browser.get(address)).replace("Muted:", "")
    assert titles(browser.get(reverse("following"))) == [scene.thread.title]


@pytest.fixture
def follower_of_many(reader):
    """A member who follows 5,000 threads of one board, and one thread elsewhere."""
    writer, board = factories.MemberFactory(), factories.BoardFactory()
    now = factories.now()
    threads = Thread.objects.bulk_create(
        Thread(
            board=board,
            author=writer,
            title=f"Thread {number}",
            slug="thread",
            support_type="win",
            last_number=1,
            last_post_at=now - dt.timedelta(minutes=number),
        )
        for number in range(5_000)
    )
    Post.objects.bulk_create(Post(thread=thread, number=1, author=writer, body="x") for thread in threads)
    ThreadFollow.objects.bulk_create(ThreadFollow(member=reader, thread=thread, level="all") for thread in threads)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE forums_thread, forums_threadfollow, forums_post")
    return reader


@pytest.mark.thorough
def test_five_thousand_follows_cost_as_many_queries_as_one(sign_in, follower_of_many, other_member, scene):
    few, many = sign_in(other_member), sign_in(follower_of_many)

    def cost(browser, address):
        browser.get(reverse("following"))
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(address)
        assert page.status_code == 200
        return len(asked), page

    one, _page = cost(few, reverse("following"))
    first, page = cost(many, reverse("following"))
    second, older = cost(many, reverse("following") + soup(page).find("a", rel="next")["href"])
    # Boards that one follows stand on the first page only.
    assert (first, second) == (one, one - 1)
    assert titles(page) == [f"Thread {number}" for number in range(access.THREADS_A_PAGE)]
    expected = [f"Thread {number}" for number in range(access.THREADS_A_PAGE, 2 * access.THREADS_A_PAGE)]
    assert titles(older) == expected


@pytest.mark.thorough
def test_five_thousand_follows_lead_to_their_threads_and_not_through_all_threads(follower_of_many):
    with CaptureQueriesContext(connection) as asked:
        access.followed_page(follower_of_many, None)
    (query,) = asked.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + query["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "using forums_thread_pkey" in plan or "on forums_thread_pkey" in plan
    assert "Seq Scan on forums_thread " not in plan


def test_my_threads_are_all_that_i_started(sign_in, member, other_member):
    factories.ThreadFactory(author=other_member, title="Of somebody else")
    board = factories.BoardFactory()
    for title, fields in (
        ("Plain", {}),
        ("Secret", {"disguise": 12}),
        ("Kept", {"visibility": "held"}),
        ("Taken", {"visibility": "withdrawn"}),
        ("Put away", {"visibility": "hidden"}),
        ("Noted", {"content_notes": ["suicide"]}),
    ):
        factories.ThreadFactory(board=board, author=member, title=title, **fields)
    page = sign_in(member).get(reverse("my_threads"))
    assert titles(page) == ["Noted", "Put away", "Taken", "Kept", "Secret", "Plain"]
    rows = {row.find(class_="cover-link").get_text(): row.get_text() for row in soup(page).select(".thread-row")}
    assert "A moderator reads it first" in rows["Kept"]
    assert "Taken back" in rows["Taken"]
    assert "Hidden" in rows["Put away"]
    # Under the name that readers see, so that one knows how one is known there.
    assert member.username not in rows["Secret"]


def test_my_threads_show_nothing_of_others_and_others_nothing_of_mine(sign_in, member, other_member):
    factories.ThreadFactory(author=member, title="Secret", disguise=12)
    assert titles(sign_in(other_member).get(reverse("my_threads"))) == []


def test_whoever_has_started_nothing_is_told_that_this_is_fine(sign_in, reader):
    assert "Reading and replying are just as much a part of this." in words(sign_in(reader).get(reverse("my_threads")))
    assert "You follow nothing yet" in words(sign_in(reader).get(reverse("following")))
    assert "Nothing is muted" in words(sign_in(reader).get(reverse("following"), {"show": "muted"}))


def test_no_page_says_how_many(sign_in, follower_of_many):
    page = sign_in(follower_of_many).get(reverse("following"))
    assert "5000" not in page.text
    assert "5,000" not in page.text


def test_the_pages_are_reached_from_every_page(sign_in, reader):
    page = soup(sign_in(reader).get(reverse("home")))
    for name in ("my_threads", "following"):
        assert page.find("a", href=reverse(name))
