import re
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.urls import reverse

from forums.models import BODY_MAX, Post, SupportType, Thread
from tests import factories
from tests.pages import soup, value_of, words
from tests.supportsite.routes import own_routes

TYPED = {
    "support_type": "listening",
    "title": "Another grey morning",
    "body": "I got up and that was all.",
}


@pytest.fixture
def board(db):
    return factories.BoardFactory(guidelines="Speak for yourself.")


@pytest.fixture
def start(sign_in, member, board):
    """Post the form for a new thread as `member`, with what differs from TYPED."""

    def send(author=member, **changes):
        return sign_in(author).post(reverse("new_thread", args=[board.slug]), {**TYPED, **changes})

    return send


def test_a_thread_says_what_its_author_needs(start, sign_in, other_member):
    answer = start(content_notes=["loss", "eating"], no_reply_needed="on")
    thread = Thread.objects.get()
    assert answer.headers["Location"] == f"{thread.get_absolute_url()}#post-1"

    page = sign_in(other_member).get(thread.get_absolute_url()).text
    for seen in (*TYPED.values(), "Just listening", "Advice was not asked for", "Loss", "Eating", "No reply needed"):
        assert seen == "listening" or seen in page
    assert [post.number for post in thread.posts.all()] == [1]


@pytest.mark.parametrize("chosen", ["", "advice"])
def test_a_thread_without_a_support_type_is_given_back_with_every_word(start, chosen):
    answer = start(support_type=chosen, content_notes=["loss"])
    assert answer.status_code == 422
    assert value_of(answer, "title") == TYPED["title"]
    assert value_of(answer, "body") == TYPED["body"]
    assert value_of(answer, "content_notes") == ["loss"]
    assert not Thread.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"support_type": ""}, "Choose what would help"),
        ({"title": ""}, "Two words are enough"),
        ({"title": "\u200b \u2066"}, "Two words are enough"),
        ({"title": "x" * 121}, "at most 120 characters"),
        # Each of these becomes two characters when it is put into its normal form.
        ({"title": "\u0958" * 100}, "at most 120 characters"),
        ({"body": ""}, "One is enough"),
        ({"body": " \u200b\n"}, "One is enough"),
        ({"content_notes": ["weather"]}, "weather"),
    ],
)
def test_what_is_missing_or_too_much_is_said_and_nothing_is_lost(start, changes, sentence):
    answer = start(**changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    kept = TYPED | changes
    assert value_of(answer, "body").strip() == kept["body"].strip()
    assert not Thread.objects.exists()


def test_a_body_that_is_too_long_is_kept_whole(start):
    long = "word " * (BODY_MAX // 5) + "and more"
    answer = start(body=long)
    assert answer.status_code == 422
    assert "Nothing was lost: you could post it in two parts" in answer.text
    assert value_of(answer, "body") == long


def test_the_longest_body_that_fits_is_posted(start):
    assert start(body="x" * BODY_MAX).status_code == 302
    assert len(Post.objects.get().body) == BODY_MAX


def test_a_title_stays_on_one_line(start):
    start(title="One\r\ntwo")
    assert Thread.objects.get().title == "One two"


def test_a_title_without_letters_still_has_an_address(start, sign_in, member):
    start(title="…?")
    assert sign_in(member).get(Thread.objects.get().get_absolute_url()).status_code == 200


def test_the_same_form_sent_twice_starts_one_thread(start):
    submission = uuid4()
    first, second = start(submission=submission), start(submission=submission)
    assert first.headers["Location"] == second.headers["Location"]
    assert Thread.objects.count() == 1


def test_two_forms_start_two_threads(start):
    start(submission=uuid4())
    start(submission=uuid4())
    assert Thread.objects.count() == 2


def test_a_board_that_was_archived_meanwhile_gives_the_words_back(start, board):
    board.is_archived = True
    board.save()
    answer = start()
    assert answer.status_code == 409
    assert "nothing was posted" in answer.text
    assert value_of(answer, "body") == TYPED["body"]
    assert not Thread.objects.exists()


def test_who_may_not_post_hears_until_when_and_keeps_the_words(start, silenced):
    answer = start(author=silenced)
    assert answer.status_code == 409
    assert "You cannot post until" in answer.text
    assert "by a moderator&#x27;s decision" in answer.text
    assert value_of(answer, "title") == TYPED["title"]
    assert not Thread.objects.exists()


def test_a_member_whose_silence_has_ended_may_post_again(start, other_member):
    factories.SanctionFactory(member=other_member, ends_at=factories.now())
    factories.SanctionFactory(member=other_member, lifted_at=factories.now())
    assert start(author=other_member).status_code == 302


def test_the_longest_of_several_silences_is_the_one_that_is_told(start, silenced):
    factories.SanctionFactory(member=silenced, ends_at=None)
    assert "You cannot post at the moment" in start(author=silenced).text


def test_a_staff_board_is_not_there_for_members(sign_in, member, moderator):
    board = factories.BoardFactory(audience="staff")
    for name in ("board", "new_thread"):
        assert sign_in(member).get(reverse(name, args=[board.slug])).status_code == 404
        assert sign_in(moderator).get(reverse(name, args=[board.slug])).status_code == 200
    assert sign_in(member).post(reverse("new_thread", args=[board.slug]), TYPED).status_code == 404


def test_a_visitor_is_asked_to_sign_in(visitor, board):
    answer = visitor.post(reverse("new_thread", args=[board.slug]), TYPED)
    assert answer.headers["Location"].startswith("/accounts/login/?next=")
    assert not Thread.objects.exists()


@pytest.mark.parametrize("wrong", [{"support_type": "cheering"}, {"content_notes": ["weather"]}])
def test_the_database_itself_knows_the_support_types_and_content_notes(board, wrong):
    with pytest.raises(IntegrityError):
        factories.ThreadFactory(board=board, **wrong)


def test_a_title_that_is_an_address_of_the_site_still_leads_to_its_thread(sign_in, member):
    words = {
        route.pattern.split("/")[2] for route in own_routes() if re.match(r"threads/<uuid:\w+>/\w+/$", route.pattern)
    }
    assert {"reply", "unread", "newest"} <= words
    for word in words:
        thread = factories.ThreadFactory(title=word.title(), author=member)
        page = sign_in(member).get(thread.get_absolute_url())
        assert page.status_code == 200
        assert soup(page).h1.get_text(strip=True) == thread.title


def test_each_thing_that_can_be_asked_for_says_what_it_means(sign_in, member, board):
    page = soup(sign_in(member).get(reverse("new_thread", args=[board.slug])))
    for choice in page.find_all("input", attrs={"name": "support_type"}):
        meaning = page.find(id=choice["aria-describedby"])
        assert meaning.get_text() == SupportType(choice["value"]).wish
        # Its name stays short: what it means is said after it.
        assert page.find("label", attrs={"for": choice["id"]}).get_text() == SupportType(choice["value"]).label


@pytest.mark.parametrize("where", ["thread", "reply", "gentle_thread"])
def test_authors_are_not_told_in_their_own_thread_that_advice_was_not_asked_for(
    start, sign_in, member, other_member, where
):
    start()
    thread = Thread.objects.get()
    address = thread.get_absolute_url() if where == "thread" else reverse(where, args=[thread.public_id])
    assert "Advice was not asked for" not in words(sign_in(member).get(address))
    assert SupportType.LISTENING.wish in words(sign_in(member).get(address))
    assert "Advice was not asked for" in words(sign_in(other_member).get(address))
