from threading import Event
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.urls import reverse

from forums import access
from forums.models import Board, Post, SupportType, Thread
from forums.services import posts
from moderation import screening
from tests import factories
from tests.at_once import at_once
from tests.pages import anyway, post, soup, value_of, words


@pytest.fixture
def answer(sign_in, other_member, scene):
    """Post a reply to the scene's thread as `other_member`, or as whom the test says."""

    def send(body="Here with you.", author=other_member, thread=scene.thread, **fields):
        return anyway(sign_in(author), reverse("reply", args=[thread.public_id]), {"body": body, **fields})

    return send


def last_post(thread: Thread) -> Post:
    return thread.posts.latest("number")


def test_a_reply_stands_at_the_end_of_its_thread(answer, scene, sign_in, member):
    went_to = answer("Here with you.").headers["Location"]
    assert went_to == f"{scene.thread.get_absolute_url()}#post-3"
    page = sign_in(member).get(went_to)
    assert "Here with you." in post(page, 3).get_text()
    assert "birch" in post(page, 3).get_text()


def test_a_reply_on_the_second_page_leads_to_the_second_page(answer, scene):
    for _number in range(3, 21):
        factories.PostFactory(thread=scene.thread)
    assert answer().headers["Location"] == f"{scene.thread.get_absolute_url()}?page=2#post-21"


def test_two_words_are_a_complete_reply(answer, scene):
    assert answer("I can't").status_code == 302
    assert last_post(scene.thread).body == "I can't"
    assert last_post(scene.thread).visibility == "visible"


def test_replies_are_numbered_without_gaps(answer, scene):
    for body in ("one", "two", "", "three"):
        answer(body)
    assert list(scene.thread.posts.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("nothing", ["", "  \n", "\u200b\u2060"])
def test_an_empty_reply_is_given_back(answer, scene, nothing):
    page = answer(nothing)
    assert page.status_code == 422
    assert "There are no words yet. One is enough." in page.text
    assert last_post(scene.thread).number == 2


def test_a_reply_that_is_too_long_is_kept_whole(answer, scene):
    page = answer("x" * 20_001, reply_to="2")
    assert page.status_code == 422
    assert "This is 20001 characters long; 20000 fit." in page.text
    assert value_of(page, "body") == "x" * 20_001
    assert value_of(page, "reply_to") == "2"
    assert last_post(scene.thread).number == 2


def test_the_same_form_sent_twice_posts_once(answer, scene):
    submission = uuid4()
    first, second = answer(submission=submission), answer(submission=submission)
    assert first.headers["Location"] == second.headers["Location"]
    assert last_post(scene.thread).number == 3


def test_the_same_form_sent_twice_still_arrives_when_the_thread_closed_between(answer, scene):
    submission = uuid4()
    answer(submission=submission)
    Thread.objects.update(state="locked")
    assert answer(submission=submission).headers["Location"].endswith("#post-3")


def test_two_people_with_the_same_form_mark_both_post(answer, scene, member):
    submission = uuid4()
    answer(submission=submission)
    answer(submission=submission, author=member)
    assert last_post(scene.thread).number == 4


def test_a_reply_shows_whom_it_answers(answer, scene, sign_in, member):
    page = sign_in(member).get(reverse("reply", args=[scene.thread.public_id]) + "?to=2")
    assert "I know that kind of week." in post(page, 2).get_text()
    assert value_of(page, "reply_to") == "2"
    answer(reply_to="2")
    assert "replying to #2" in words(sign_in(member).get(scene.thread.get_absolute_url()))


@pytest.mark.parametrize("beyond", ["3", "99", "2147483648", "9" * 30])
def test_an_answer_to_a_post_that_is_not_there_is_a_plain_reply(answer, scene, beyond):
    assert answer(reply_to=beyond).status_code == 302
    assert last_post(scene.thread).reply_to is None


@pytest.mark.parametrize("odd", ["0", "-3", "abc", "3", "9999999999"])
def test_an_odd_address_still_opens_the_reply_page(sign_in, member, scene, odd):
    assert sign_in(member).get(reverse("reply", args=[scene.thread.public_id]) + f"?to={odd}").status_code == 200


def test_the_reply_page_says_what_its_author_asked_for(sign_in, other_member, scene):
    page = sign_in(other_member).get(reverse("reply", args=[scene.thread.public_id]))
    assert "Advice was not asked for. Being heard is enough." in words(page)


@pytest.mark.parametrize("closing", [{"state": "locked"}, {"board": "archived"}])
def test_a_thread_that_closed_meanwhile_gives_the_words_back(answer, scene, closing):
    if "board" in closing:
        Board.objects.update(is_archived=True)
    else:
        Thread.objects.update(**closing)
    page = answer("Half a page of thoughts.")
    assert page.status_code == 409
    assert "This thread is closed, so your reply was not posted." in page.text
    assert value_of(page, "body") == "Half a page of thoughts."
    assert last_post(scene.thread).number == 2


@pytest.mark.parametrize("closing", [{"state": "locked"}, {"board": "archived"}])
def test_a_closed_thread_offers_no_reply(sign_in, other_member, scene, closing):
    if "board" in closing:
        Board.objects.update(is_archived=True)
    else:
        Thread.objects.update(**closing)
    page = sign_in(other_member).get(scene.thread.get_absolute_url())
    assert reverse("reply", args=[scene.thread.public_id]) not in page.text
    assert "closed to new replies" in page.text


def test_who_may_not_post_hears_until_when_and_keeps_the_words(answer, scene, silenced):
    page = answer("I would like to say", author=silenced)
    assert page.status_code == 409
    assert "You cannot post until" in page.text
    assert value_of(page, "body") == "I would like to say"
    assert last_post(scene.thread).number == 2


def test_who_may_not_post_may_still_read(sign_in, silenced, scene):
    assert sign_in(silenced).get(scene.thread.get_absolute_url()).status_code == 200


def test_a_blocked_person_cannot_reply(answer, scene, blocked):
    assert answer(author=blocked).status_code == 404
    assert last_post(scene.thread).number == 2


def test_words_are_kept_without_what_cannot_be_seen(answer, scene):
    answer("ki\u202end\u200b words")
    assert last_post(scene.thread).body == "kind words"


def test_markdown_is_rendered_and_raw_html_is_not(answer, scene, sign_in, member):
    answer('**warm** <img src=x onerror="alert(1)"> [a](javascript:alert(1)) [b](https://example.org)')
    shown = str(post(sign_in(member).get(scene.thread.get_absolute_url()), 3).find(class_="post-text"))
    assert "<strong>warm</strong>" in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown
    assert 'rel="nofollow ugc noopener"' in shown


@pytest.mark.parametrize(
    "wrong", [{"number": 0}, {"number": 2}, {"number": 3, "reply_to": 3}, {"number": 3, "reply_to": 0}]
)
def test_the_database_itself_keeps_the_numbers_right(scene, other_member, wrong):
    with pytest.raises(IntegrityError):
        Post.objects.create(thread=scene.thread, author=other_member, body="x", body_html="x", **wrong)


def test_replies_at_the_same_instant_get_a_number_each(shared_database):
    thread = factories.ThreadFactory()
    authors = factories.MemberFactory.create_batch(4)
    made = at_once(
        *[lambda author=author: posts.post_reply(author=author, thread=thread, body="Here.") for author in authors]
    )
    assert sorted(post.number for post in made) == [2, 3, 4, 5]
    thread.refresh_from_db()
    assert thread.last_number == 5


def test_while_long_words_are_looked_through_others_write_in_the_thread(shared_database, monkeypatch):
    thread, (slow, quick) = factories.ThreadFactory(), factories.MemberFactory.create_batch(2)
    is_looking, is_posted, look = Event(), Event(), screening.look

    def looked(words: str) -> screening.Looked:
        if words == "A long story.":
            is_looking.set()
            assert is_posted.wait(20)
        return look(words)

    def others() -> Post:
        is_looking.wait(20)
        made = posts.post_reply(author=quick, thread=thread, body="Here.")
        is_posted.set()
        return made

    monkeypatch.setattr(screening, "look", looked)
    story, here = at_once(lambda: posts.post_reply(author=slow, thread=thread, body="A long story."), others)
    assert (here.number, story.number) == (2, 3)


def test_a_double_click_on_two_connections_posts_once(shared_database):
    thread = factories.ThreadFactory()
    author = factories.MemberFactory()
    submission = uuid4()
    made = at_once(*[lambda: posts.post_reply(author=author, thread=thread, body="Here.", submission=submission)] * 3)
    assert {post.number for post in made} == {2}
    started = at_once(
        *[
            lambda: posts.start_thread(
                author=author,
                board=thread.board,
                title="Once",
                body="x",
                support_type=SupportType.WIN,
                submission=thread.public_id,
            )
        ]
        * 3
    )
    assert len({post.thread_id for post in started}) == 1


def test_a_thread_locked_while_the_reply_waits_takes_no_more_words(shared_database):
    thread = factories.ThreadFactory()
    author = factories.MemberFactory()
    Thread.objects.filter(pk=thread.pk).update(state="locked")
    with pytest.raises(access.CannotPostError, match="closed"):
        posts.post_reply(author=author, thread=thread, body="Here.")


# --- the place is gone


@pytest.mark.parametrize("why", ["blocked", "hidden", "closed board", "never there"])
def test_words_for_a_thread_that_is_out_of_sight_come_back_and_nothing_is_told(sign_in, other_member, scene, why):
    address = reverse("reply", args=[uuid4() if why == "never there" else scene.thread.public_id])
    if why == "blocked":
        factories.BlockFactory(blocker=scene.thread.author, blocked=other_member)
    elif why == "hidden":
        Thread.objects.update(visibility="hidden")
    elif why == "closed board":
        Board.objects.update(audience="staff")
    page = sign_in(other_member).post(address, {"body": "Half a page,\nwritten <slowly>."})
    assert page.status_code == 404
    assert soup(page).find("textarea").get_text().strip() == "Half a page,\nwritten <slowly>."
    told = words(page)
    assert "This was not posted" in told
    assert not any(word in told.lower() for word in ("hidden", "block", "closed", scene.thread.title.lower()))
    assert sign_in(other_member).post(address, {"body": " "}).status_code == 404
    assert scene.thread.posts.count() == 2


def test_words_for_a_board_that_is_out_of_sight_come_back_with_their_title(sign_in, other_member, scene):
    Board.objects.update(audience="staff")
    typed = {"title": "Mornings", "body": "How do you begin?", "support_type": "win"}
    page = sign_in(other_member).post(reverse("new_thread", args=[scene.board.slug]), typed)
    assert page.status_code == 404
    assert [field.get_text().strip() for field in soup(page).find_all("textarea")] == ["Mornings", "How do you begin?"]


def test_visitors_sign_in_first_wherever_their_words_were_meant_for(visitor, scene):
    address = reverse("reply", args=[uuid4()])
    assert visitor.post(address, {"body": "x"}).headers["Location"].startswith("/accounts/login/")


def test_a_thread_that_goes_out_of_sight_while_one_posts_takes_no_reply(sign_in, other_member, scene, monkeypatch):
    post_reply = posts.post_reply

    def a_moment_later(**reply):
        Thread.objects.filter(pk=scene.thread.pk).update(visibility="hidden")
        return post_reply(**reply)

    monkeypatch.setattr(posts, "post_reply", a_moment_later)
    page = sign_in(other_member).post(reverse("reply", args=[scene.thread.public_id]), {"body": "Half a page."})
    assert page.status_code == 404
    assert soup(page).find("textarea").get_text().strip() == "Half a page."
    assert scene.thread.posts.count() == 2
