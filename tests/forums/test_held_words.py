"""Words that may be a goodbye wait for a person. Their author and moderators see them in the meantime."""

import pytest
from django.urls import reverse

from forums.models import Post, Thread
from moderation.models import Case, Signal
from tests import factories
from tests.pages import anyway, numbers, post, titles, words

GOODBYE = "This is goodbye, everyone. Thank you for reading."


@pytest.fixture
def held_reply(sign_in, other_member, scene):
    anyway(sign_in(other_member), reverse("reply", args=[scene.thread.public_id]), {"body": GOODBYE})
    return Post.objects.get(number=3)


@pytest.fixture
def held_thread(sign_in, member):
    board = factories.BoardFactory()
    form = {"support_type": "listening", "title": "A last word", "body": GOODBYE}
    anyway(sign_in(member), reverse("new_thread", args=[board.slug]), form)
    return Thread.objects.get()


def approve(held, moderator, sign_in):
    case = Case.objects.get(subject_id=held.pk)
    browser = sign_in(moderator)
    browser.post(reverse("claim", args=[case.public_id]))
    form = {"action": "approve", "version": case.version}
    answer = browser.post(reverse("decide", args=[case.public_id]), form)
    assert answer.status_code == 302
    factories.let_settle()


def test_a_held_reply_is_read_by_its_author_and_by_moderators_only(
    held_reply, sign_in, scene, member, other_member, moderator
):
    address = scene.thread.get_absolute_url()
    for reader, shown in ((other_member, [1, 2, 3]), (moderator, [1, 2, 3]), (member, [1, 2])):
        page = sign_in(reader).get(address)
        assert numbers(page) == shown
        assert ("Thank you for reading" in page.text) == (3 in shown)


def test_its_author_is_told_why_it_waits(sign_in, other_member, scene):
    browser = sign_in(other_member)
    page = anyway(browser, reverse("reply", args=[scene.thread.public_id]), {"body": GOODBYE}, follow=True)
    assert "A moderator reads them first, soon, because they may mean that you are in danger." in words(page)
    assert "A moderator is reading this first." in words(page)


def test_a_held_reply_opens_a_case_of_the_most_urgent_class(held_reply):
    case = Case.objects.get()
    assert (case.subject_id, case.priority, case.author) == (held_reply.pk, 1, held_reply.author)
    signal = case.signals.get()
    assert signal.snapshot[signal.start : signal.end].startswith("This is goodbye")


def test_a_held_reply_has_its_number_and_the_next_one_goes_on(held_reply, sign_in, scene, moderator):
    anyway(sign_in(moderator), reverse("reply", args=[scene.thread.public_id]), {"body": "I am here."})
    assert Post.objects.get(body="I am here.").number == 4


def test_nobody_is_told_of_a_held_reply_and_the_thread_waits_on(worker, sign_in, member, other_member, mailoutbox):
    thread = factories.ThreadFactory(author=member)
    with worker():
        anyway(sign_in(other_member), reverse("reply", args=[thread.public_id]), {"body": GOODBYE})
    assert mailoutbox == []
    assert not member.notices.exists()
    thread.refresh_from_db()
    assert thread.answered_at is None


def test_an_approved_reply_becomes_news_and_answers_the_thread(
    worker, sign_in, member, other_member, moderator, mailoutbox
):
    thread = factories.ThreadFactory(author=member)
    anyway(sign_in(other_member), reverse("reply", args=[thread.public_id]), {"body": GOODBYE})
    reply = Post.objects.get(number=2)
    with worker():
        approve(reply, moderator, sign_in)
    assert [mail.to for mail in mailoutbox] == [[member.email]]
    thread.refresh_from_db()
    assert thread.answered_at == reply.created_at
    assert numbers(sign_in(member).get(thread.get_absolute_url())) == [1, 2]


def test_an_approved_reply_is_new_to_who_read_on_before_it_was_shown(held_reply, sign_in, scene, member, moderator):
    browser = sign_in(member)
    browser.get(scene.thread.get_absolute_url())
    approve(held_reply, moderator, sign_in)
    assert "new posts" in words(browser.get(scene.board.get_absolute_url()))
    assert post(browser.get(scene.thread.get_absolute_url()), 3).find(class_="mark-new")
    assert "new posts" not in words(browser.get(scene.board.get_absolute_url()))


def test_a_held_thread_is_not_there_for_others(held_thread, sign_in, member, other_member, moderator):
    address = held_thread.get_absolute_url()
    board, waiting = reverse("board", args=[held_thread.board.slug]), reverse("waiting")
    for reader, status in ((member, 200), (moderator, 200), (other_member, 404)):
        assert sign_in(reader).get(address).status_code == status
        assert titles(sign_in(reader).get(board)) == (["A last word"] if status == 200 else [])
        assert titles(sign_in(reader).get(waiting)) == []


def test_an_approved_thread_waits_for_a_reply_like_any_other(held_thread, sign_in, other_member, moderator):
    approve(held_thread.posts.get(), moderator, sign_in)
    assert sign_in(other_member).get(held_thread.get_absolute_url()).status_code == 200
    assert titles(sign_in(other_member).get(reverse("waiting"))) == ["A last word"]


@pytest.mark.parametrize("where", ["thread", "reply", "edit"])
def test_a_signal_says_where_it_stands_in_what_the_moderators_read(sign_in, other_member, scene, where):
    browser = sign_in(other_member)
    body = "  \r\n\u200bA long night.\r\nI want to die."
    if where == "thread":
        typed = {"title": "At night", "body": body, "support_type": "listening"}
        anyway(browser, reverse("new_thread", args=[scene.board.slug]), typed)
    elif where == "reply":
        anyway(browser, reverse("reply", args=[scene.thread.public_id]), {"body": body})
    else:
        typed = {"title": "At night", "body": body, "version": "1"}
        anyway(sign_in(scene.thread.author), reverse("post_edit", args=[scene.opening.public_id]), typed)
    signal = Signal.objects.get()
    assert signal.snapshot[signal.start : signal.end] == "I want to die"


def test_dark_words_are_posted_and_seen_by_a_moderator(sign_in, other_member, member, scene):
    anyway(sign_in(other_member), reverse("reply", args=[scene.thread.public_id]), {"body": "Some days I want to die."})
    assert numbers(sign_in(member).get(scene.thread.get_absolute_url())) == [1, 2, 3]
    assert Case.objects.get().priority == 1


@pytest.mark.parametrize("plain", ["I said goodbye to the cat.", "It could kill me, this week."])
def test_ordinary_words_open_no_case(sign_in, other_member, scene, plain):
    anyway(sign_in(other_member), reverse("reply", args=[scene.thread.public_id]), {"body": plain})
    assert not Case.objects.exists()


def test_a_held_reply_moves_its_thread_up_the_board_only_once_it_is_shown(held_reply, sign_in, scene, moderator):
    scene.thread.refresh_from_db()
    assert scene.thread.last_post_at == scene.reply.created_at
    approve(held_reply, moderator, sign_in)
    scene.thread.refresh_from_db()
    assert scene.thread.last_post_at > scene.reply.created_at
