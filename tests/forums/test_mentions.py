"""Naming somebody as @name: they hear of it if they can read it, and nobody else does."""

import pytest
from django.urls import reverse

from forums import mentions
from forums.models import Board, BoardFollow, Post, Thread, ThreadFollow, Visibility
from forums.news import REPLIED_TO_YOU
from forums.news_posts import MENTIONED
from members.models import Member
from moderation.models import Case
from notifications.models import Notice
from tests import factories
from tests.pages import post, words


@pytest.fixture
def say(sign_in, worker, other_member, scene):
    """A reply by `other_member`, with the news of it spread."""

    def send(body, author=other_member, thread=scene.thread):
        with worker():
            sign_in(author).post(reverse("reply", args=[thread.public_id]), {"body": body})
        return Post.objects.filter(thread=thread).latest("number")

    return send


@pytest.fixture
def cedar(db):
    return factories.MemberFactory(username="cedar")


def told():
    """Who heard that they were named."""
    notices = Notice.objects.filter(event__kind=MENTIONED.key)
    return sorted(notices.values_list("recipient__username", flat=True))


def test_who_is_named_hears_of_it_and_comes_to_the_post(say, sign_in, cedar, mailoutbox):
    reply = say("I think of what @cedar wrote.")
    assert told() == ["cedar"]
    browser = sign_in(cedar)
    page = browser.get(reverse("notices"))
    assert f"Somebody mentioned you in “{reply.thread.title}”." in words(page)
    notice = Notice.objects.get(recipient=cedar)
    assert browser.get(reverse("notice", args=[notice.public_id])).headers["Location"] == reverse(
        "post", args=[reply.public_id]
    )
    # A mail goes to who is answered only, unless they chose another way.
    assert [mail.to for mail in mailoutbox] == [[reply.thread.author.email]]


def test_the_name_stays_plain_text(say, sign_in, member, cedar):
    reply = say("I think of what @cedar wrote.")
    assert "<p>I think of what @cedar wrote.</p>" in reply.body_html
    card = post(sign_in(member).get(reply.thread.get_absolute_url()), reply.number)
    assert card.find(class_="post-text").find("a") is None


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("@cedar and @Cedar, @CEDAR.", ["cedar"]),
        ("Thank you @cedar, @birch-2 and @some_name!", ["cedar", "birch-2", "some_name"]),
        ("(@cedar) “@birch” *@alder* **@fir**", ["cedar", "birch", "alder", "fir"]),
        ("@_cedar_ @-x @", []),
        ("write to me@cedar.example or x.@cedar", []),
        ("https://social.example/@cedar and [here](https://social.example/@birch)", []),
        ("`@cedar` is code\n\n    @birch\n\n```\n@alder\n```", []),
        ("> @cedar wrote this\n\nYes, @birch.", ["birch"]),
        ("> > @cedar\n> @birch\n\n- @alder", ["alder"]),
        ("@" + "x" * 31, []),
        ("@ab_c_d @a__b", ["ab_c_d", "a__b"]),
        (" ".join(f"@name{number}" for number in range(30)), [f"name{number}" for number in range(10)]),
        ("no name at all", []),
    ],
)
def test_what_counts_as_a_name(body, names):
    assert list(mentions.names_in(body)) == names


def test_a_quotation_does_not_call_anybody_again(say, cedar):
    say("What @cedar said.")
    say("> What @cedar said.\n\nSo true.")
    assert told() == ["cedar"]


def test_nobody_is_told_of_their_own_words(say, other_member):
    say("I, @birch, was here.")
    assert told() == []


def test_a_name_that_nobody_has_is_just_a_word(say):
    reply = say("@nobody knows.")
    assert told() == []
    assert reply.visibility == Visibility.VISIBLE


def test_at_most_ten_are_told(say):
    many = [factories.MemberFactory(username=f"cone{number}") for number in range(12)]
    say(" ".join(f"@{one.username}" for one in many))
    assert len(told()) == mentions.AT_MOST


@pytest.mark.parametrize("direction", ["blocker", "blocked"])
def test_nobody_on_either_side_of_a_block_is_told(say, other_member, cedar, direction):
    other = "blocked" if direction == "blocker" else "blocker"
    factories.BlockFactory(**{direction: cedar, other: other_member})
    say("@cedar, listen.")
    assert told() == []


@pytest.mark.parametrize("direction", ["blocker", "blocked"])
def test_a_block_does_not_tell_who_is_behind_a_disguise_by_keeping_silent(say, cedar, direction):
    author = factories.MemberFactory()
    thread = factories.ThreadFactory(author=author, disguise=3)
    for reader in (cedar, factories.MemberFactory(username="fir")):
        factories.PostFactory(thread=thread, author=reader)
    factories.BlockFactory(**{direction: cedar, "blocked" if direction == "blocker" else "blocker": author})
    say("@cedar and @fir, thank you.", author=author, thread=thread)
    # Whoever follows the thread hears the same, of the same kind.
    notices = Notice.objects.filter(recipient__username__in=["cedar", "fir"])
    assert sorted(notices.values_list("recipient__username", "event__kind")) == [
        ("cedar", MENTIONED.key),
        ("fir", MENTIONED.key),
    ]


def test_a_blocked_person_who_answers_in_somebody_elses_anonymous_thread_calls_nobody(say, cedar, other_member):
    thread = factories.ThreadFactory(disguise=3)
    factories.BlockFactory(blocker=cedar, blocked=other_member)
    say("@cedar, listen.", thread=thread)
    assert told() == []


def test_a_moderator_is_called_also_where_the_threads_author_blocked_them(say, scene, moderator):
    factories.BlockFactory(blocker=scene.thread.author, blocked=moderator)
    say("Could you look, @keeper?")
    assert told() == ["keeper"]


def test_a_disguised_author_who_names_somebody_stays_so(say, sign_in, cedar):
    author = factories.MemberFactory(username="hidden-pine")
    thread = factories.ThreadFactory(author=author, disguise=3)
    say("@cedar, thank you.", author=author, thread=thread)
    assert told() == ["cedar"]
    assert "hidden-pine" not in sign_in(cedar).get(reverse("notices")).text


def test_who_cannot_see_the_thread_is_not_told(say, moderator, cedar):
    thread = factories.ThreadFactory(board__audience="staff")
    say("@cedar and @keeper", author=factories.MemberFactory(is_staff=True), thread=thread)
    assert told() == ["keeper"]


def test_who_is_blocked_by_the_threads_author_is_not_told(say, member, blocked):
    say("@thorn should know.")
    assert told() == []


def test_who_chose_not_to_meet_such_threads_is_not_told(say, scene):
    factories.MemberFactory(username="cedar", folded_notes=[], hidden_notes=["loss"])
    Thread.objects.update(content_notes=["loss"])
    say("@cedar knows this.")
    assert told() == []


def test_a_title_with_a_content_note_is_not_told_in_the_list(say, sign_in, scene, cedar):
    Thread.objects.update(content_notes=["suicide"])
    say("@cedar knows this.")
    page = words(sign_in(cedar).get(reverse("notices")))
    assert "Somebody mentioned you in a thread that touches on: Suicide." in page
    assert scene.thread.title not in page


@pytest.mark.parametrize(("thread_level", "board_level", "hears"), [
    ("mute", None, False), (None, "mute", False), ("replies", "mute", True), ("all", None, True),
])  # fmt: skip
def test_who_wants_to_hear_nothing_of_a_thread_hears_nothing(say, scene, cedar, thread_level, board_level, hears):
    if thread_level:
        ThreadFollow.objects.create(member=cedar, thread=scene.thread, level=thread_level)
    if board_level:
        BoardFollow.objects.create(member=cedar, board=scene.board, level=board_level)
    say("@cedar knows this.")
    assert told() == (["cedar"] if hears else [])


def test_somebody_who_left_is_not_told(say, cedar):
    Member.objects.filter(pk=cedar.pk).update(is_active=False)
    say("@cedar knew this.")
    assert told() == []


def test_an_opening_post_names_people_too(sign_in, worker, other_member, scene, cedar):
    form = {"title": "For a friend", "body": "@cedar, are you well?", "support_type": "listening"}
    with worker():
        sign_in(other_member).post(reverse("new_thread", args=[scene.board.slug]), form)
    assert told() == ["cedar"]


def approve(held, moderator, sign_in):
    case = Case.objects.get(subject_id=held.pk)
    browser = sign_in(moderator)
    browser.post(reverse("claim", args=[case.public_id]))
    assert (
        browser.post(
            reverse("decide", args=[case.public_id]), {"action": "approve", "version": case.version}
        ).status_code
        == 302
    )
    factories.let_settle()


def test_held_words_name_nobody_until_they_are_shown(say, worker, sign_in, moderator, scene, cedar):
    Board.objects.update(hold_first="all")
    held = say("@cedar, look.")
    assert told() == []
    with worker():
        approve(held, moderator, sign_in)
    assert told() == ["cedar"]


def test_an_edit_calls_nobody(say, worker, sign_in, other_member, scene, cedar):
    with worker():
        sign_in(other_member).post(
            reverse("post_edit", args=[scene.reply.public_id]), {"body": "@cedar, look.", "version": 1}
        )
    assert told() == []


def test_what_cannot_be_read_any_more_is_no_news(say, sign_in, cedar):
    reply = say("@cedar, look.")
    Post.objects.filter(pk=reply.pk).update(visibility=Visibility.HIDDEN)
    assert "mentioned" not in words(sign_in(cedar).get(reverse("notices")))


def test_whoever_is_named_and_follows_hears_once(say, cedar, scene):
    ThreadFollow.objects.create(member=cedar, thread=scene.thread, level="all")
    say("@cedar, thank you.")
    assert told() == ["cedar"]
    assert cedar.notices.count() == 1


def test_whoever_is_named_and_answered_hears_once_and_of_the_answer(say, member):
    say("@alder, thank you.")
    assert told() == []
    assert [notice.event.kind for notice in member.notices.all()] == [REPLIED_TO_YOU.key]


def test_finding_who_is_named_takes_a_bounded_number_of_queries(scene, django_assert_max_num_queries):
    for number in range(20):
        factories.MemberFactory(username=f"cone{number}")
    scene.reply.body = " ".join(f"@cone{number}" for number in range(20))
    # The members, for each whether they can read it, the blocks around its author, and whose mutes keep it away.
    with django_assert_max_num_queries(3 + mentions.AT_MOST):
        assert len(mentions.mentioned_ids(scene.reply)) == mentions.AT_MOST
