"""Threads on another board, two threads made one, posts taken out: no address is lost, no number is missing."""

from functools import partial
from threading import Event
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forums import access
from forums.models import (
    Bookmark,
    Draft,
    Level,
    Post,
    Reaction,
    ReadMark,
    SearchEntry,
    SupportType,
    Thread,
    ThreadFollow,
    Visibility,
    WaitingOffer,
)
from forums.services import drafts, moving, posts, search, visibility
from forums.spans import parse_spans
from moderation.models import AuditEntry
from tests import database, factories
from tests.at_once import at_once, until_somebody_waits
from tests.pages import numbers, post, titles, value_of, words

REASON = "They are about the same evening."


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def merge(actor, thread, into, **changes):
    version = access.thread_version(fresh(thread))
    return moving.merge_threads(
        **{"actor": actor, "thread": thread, "into": into, "reason": REASON, "version": version} | changes
    )


def split(actor, thread, *spans, **changes):
    wanted = {
        "actor": actor,
        "thread": thread,
        "spans": list(spans),
        "title": "Tea at night",
        "support_type": SupportType.IDEAS,
        "board": thread.board,
        "reason": REASON,
        "version": access.thread_version(fresh(thread)),
    }
    return moving.split_thread(**wanted | changes)


def move(actor, thread, board, **changes):
    version = access.thread_version(fresh(thread))
    return moving.move_thread(
        **{"actor": actor, "thread": thread, "board": board, "reason": REASON, "version": version} | changes
    )


def numbered(thread):
    """The invariant that everything else rests on: 1..n without gaps, and the thread row knows n."""
    found = list(thread.posts.order_by("number").values_list("number", flat=True))
    assert found == list(range(1, len(found) + 1))
    assert fresh(thread).last_number == len(found)
    return len(found)


def bodies(thread):
    return list(thread.posts.order_by("number").values_list("body", flat=True))


@pytest.fixture
def send(sign_in, moderator):
    """Send a form of the moderators' page."""

    def post_form(thread, do, who=None, **fields):
        form = {"do": do, f"{do}-reason": REASON, f"{do}-version": access.thread_version(fresh(thread))}
        form |= {f"{do}-{name}": value for name, value in fields.items()}
        return sign_in(who or moderator).post(reverse("thread_moderate", args=[thread.public_id]), form)

    return post_form


# --- to another board -----------------------------------------------------------------------------------------


def test_a_moved_thread_keeps_its_address(worker, send, sign_in, member, scene):
    board = factories.BoardFactory(title="Nights")
    address = scene.thread.get_absolute_url()
    with worker():
        send(scene.thread, "move", board=board.pk)
    assert fresh(scene.thread).get_absolute_url() == address
    page = sign_in(member).get(address)
    assert "Nights" in words(page)
    assert titles(sign_in(member).get(board.get_absolute_url())) == [scene.thread.title]
    assert titles(sign_in(member).get(scene.board.get_absolute_url())) == []
    news = words(sign_in(member).get(reverse("notices")))
    assert "stands on another board now." in news
    assert REASON in news
    details = AuditEntry.objects.get().details
    assert (details["before"], details["after"]) == (scene.board.pk, board.pk)


@pytest.mark.parametrize(
    ("old", "new", "needs_a_tick"),
    [
        ("members", "everyone", True),
        ("staff", "members", True),
        ("staff", "everyone", True),
        ("members", "members", False),
        ("everyone", "members", False),
        ("members", "staff", False),
    ],
)
def test_words_reach_more_people_only_when_somebody_says_that_it_is_right(send, old, new, needs_a_tick):
    thread = factories.ThreadFactory(board__audience=old)
    board = factories.BoardFactory(audience=new)
    page = send(thread, "move", board=board.pk)
    if needs_a_tick:
        assert page.status_code == 409
        assert "People who could not read it before will be able to." in words(page)
        assert value_of(page, "move-reason") == REASON
        assert fresh(thread).board == thread.board
        assert send(thread, "move", board=board.pk, wider="on").status_code == 302
    assert fresh(thread).board == board


def test_an_author_is_told_of_a_move_to_where_they_cannot_follow(worker, send, sign_in, member, scene):
    staff = factories.BoardFactory(audience="staff")
    with worker():
        send(scene.thread, "move", board=staff.pk)
    browser = sign_in(member)
    assert browser.get(scene.thread.get_absolute_url()).status_code == 404
    assert REASON in words(browser.get(reverse("notices")))
    answer = browser.get(reverse("notice", args=[member.notices.get().public_id]), follow=True)
    assert answer.status_code == 200


def test_a_closed_board_takes_no_threads(send, scene):
    archived = factories.BoardFactory(is_archived=True)
    assert send(scene.thread, "move", board=archived.pk).status_code == 422
    with pytest.raises(access.CannotChangeError, match="closed"):
        move(factories.MemberFactory(is_moderator=True), scene.thread, archived)


def test_moving_twice_is_moving_once(moderator, scene):
    board = factories.BoardFactory()
    assert move(moderator, scene.thread, board) is True
    assert move(moderator, scene.thread, board) is False
    assert AuditEntry.objects.count() == 1


# --- two threads made one -------------------------------------------------------------------------------------


@pytest.fixture
def two(member, other_member):
    """`first` with three posts and `second` with three, of which the last answers the one before it."""
    board = factories.BoardFactory()
    first = factories.ThreadFactory(board=board, author=member, title="A long evening", opening="one")
    for body in ("two", "three"):
        factories.PostFactory(thread=first, author=other_member, body=body)
    second = factories.ThreadFactory(board=board, author=other_member, title="That same evening", opening="four")
    factories.PostFactory(thread=second, author=member, body="five")
    factories.PostFactory(thread=second, author=other_member, body="six", reply_to=2)
    return SimpleNamespace(board=board, first=first, second=second)


def test_the_posts_of_one_go_behind_those_of_the_other(send, sign_in, moderator, member, two):
    answer = send(two.second, "merge", into=f"https://example.org{two.first.get_absolute_url()}?page=1")
    assert answer.headers["Location"] == two.first.get_absolute_url()
    assert bodies(two.first) == ["one", "two", "three", "four", "five", "six"]
    assert numbered(two.first) == 6
    assert numbered(two.second) == 0
    assert Post.objects.get(body="six").reply_to == 5
    assert Post.objects.get(body="five").reply_to is None
    page = sign_in(member).get(two.first.get_absolute_url())
    assert numbers(page) == [1, 2, 3, 4, 5, 6]
    assert titles(sign_in(member).get(two.board.get_absolute_url())) == ["A long evening"]


def test_old_addresses_lead_to_where_the_words_are(sign_in, moderator, member, two):
    factories.PostFactory.create_batch(access.WINDOW, thread=two.second)
    opening = two.second.posts.get(number=1)
    merge(moderator, two.second, two.first)
    browser, address = sign_in(member), two.first.get_absolute_url()
    old = two.second.get_absolute_url()
    assert browser.get(old).headers["Location"] == f"{address}#post-4"
    assert browser.get(f"{old}?page=2").headers["Location"] == f"{address}?page=2#post-24"
    assert browser.get(reverse("first_unread", args=[two.second.public_id])).headers["Location"].startswith(address)
    assert browser.get(reverse("post", args=[opening.public_id])).headers["Location"] == f"{address}#post-4"
    assert browser.get(reverse("thread", args=[two.second.public_id, "x-y"])).status_code == 302


def test_a_joined_thread_leads_nobody_to_what_they_may_not_see(sign_in, moderator, newcomer, two):
    two.first.board = factories.BoardFactory(audience="staff")
    two.first.save()
    merge(moderator, two.second, two.first)
    assert sign_in(newcomer).get(two.second.get_absolute_url()).status_code == 404


def test_threads_that_were_joined_before_lead_on(sign_in, moderator, member, two):
    earliest = factories.ThreadFactory(board=two.board, opening="seven")
    factories.PostFactory(thread=earliest, body="eight")
    merge(moderator, earliest, two.second)
    merge(moderator, two.second, two.first)
    assert bodies(two.first) == ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    for thread, number in ((earliest, 7), (two.second, 4)):
        answer = sign_in(member).get(thread.get_absolute_url())
        assert answer.headers["Location"] == f"{two.first.get_absolute_url()}#post-{number}"


def test_follows_come_along_without_overwriting_a_choice(moderator, member, other_member, newcomer, two):
    ThreadFollow.objects.all().delete()
    for who, thread, level in (
        (member, two.first, Level.MUTE),
        (member, two.second, Level.ALL),
        (other_member, two.second, Level.REPLIES),
        (newcomer, two.first, Level.ALL),
    ):
        ThreadFollow.objects.create(member=who, thread=thread, level=level)
    merge(moderator, two.second, two.first)
    follows = ThreadFollow.objects.values_list("member__username", "thread", "level")
    assert set(follows) == {
        ("alder", two.first.pk, "mute"),
        ("birch", two.first.pk, "replies"),
        ("seedling", two.first.pk, "all"),
    }


def test_drafts_come_along_and_none_is_lost(moderator, member, other_member, two):
    Draft.objects.create(member=member, thread=two.first, body="begun in the first")
    Draft.objects.create(member=member, thread=two.second, body="begun in the second")
    Draft.objects.create(member=other_member, thread=two.second, body="an answer", fields={"reply_to": 2})
    merge(moderator, two.second, two.first)
    drafts = dict(Draft.objects.filter(thread=two.first).values_list("member__username", "body"))
    assert drafts == {"alder": "begun in the first", "birch": "an answer"}
    assert Draft.objects.filter(member=member).count() == 2
    assert Draft.objects.get(member=other_member).fields == {"reply_to": 5}


def test_a_draft_that_is_begun_there_while_threads_are_joined_breaks_nothing(shared_database):
    """Somebody writes in both threads, and saves in the one at the very moment when the other is joined to it."""
    writer, moderator = factories.MemberFactory(), factories.MemberFactory(is_moderator=True)
    first, second = factories.ThreadFactory(), factories.ThreadFactory()
    drafts.save_draft(member=writer, place=second, body="Here.")
    saved = Event()

    def save():
        with transaction.atomic():
            drafts.save_draft(member=writer, place=first, body="There.")
            saved.set()
            # Not yet committed, until the joining has come to where it has to wait for it.
            until_somebody_waits()

    def join():
        saved.wait(timeout=10)
        merge(moderator, second, first)

    at_once(save, join)
    assert fresh(second).merged_into == first
    assert Draft.objects.get(member=writer, thread=first).body == "There."


def test_what_hangs_on_posts_stays_with_them(moderator, member, other_member, two):
    moved = two.second.posts.get(number=2)
    Bookmark.objects.create(member=other_member, post=moved, note="for later")
    Reaction.objects.create(member=other_member, post=moved, kind="heard")
    case = factories.flag(moved).case
    merge(moderator, two.second, two.first)
    moved = fresh(moved)
    assert (moved.thread, moved.number) == (two.first, 5)
    assert moved.reactions.count() == 1
    assert Bookmark.objects.get().post == moved
    assert (fresh(case).subject_id, fresh(case).state) == (moved.pk, "open")


def test_thanks_do_not_become_those_of_somebody_else(moderator, two):
    thanked = two.second.posts.get(number=2)
    Post.objects.filter(pk=thanked.pk).update(thanked_at=factories.now())
    merge(moderator, two.second, two.first)
    assert fresh(thanked).thanked_at is None


def test_thanks_stay_where_both_threads_are_by_one_person(moderator, two):
    Thread.objects.filter(pk=two.second.pk).update(author=two.first.author)
    thanked = two.second.posts.get(number=2)
    Post.objects.filter(pk=thanked.pk).update(thanked_at=factories.now())
    merge(moderator, two.second, two.first)
    assert fresh(thanked).thanked_at is not None


def test_thanks_for_what_is_taken_out_go_unless_it_is_by_the_same_person(moderator, long):
    thanked = long.posts.get(number=6)
    Post.objects.filter(pk=thanked.pk).update(thanked_at=factories.now())
    made = split(moderator, long, (5, 6))
    assert made.author != long.author
    assert fresh(thanked).thanked_at is None


def test_marks_and_offers_of_a_joined_thread_go(sign_in, moderator, member, two):
    ReadMark.objects.create(member=member, thread=two.second, last_read_number=3)
    ReadMark.objects.create(member=member, thread=two.first, last_read_number=3)
    WaitingOffer.objects.create(thread=two.second, member=member, until=factories.now())
    merge(moderator, two.second, two.first)
    assert list(ReadMark.objects.values_list("thread", "last_read_number")) == [(two.first.pk, 3)]
    assert not WaitingOffer.objects.exists()
    assert "new posts" in words(sign_in(member).get(two.board.get_absolute_url()))


def test_search_finds_the_words_under_the_new_title(moderator, two):
    search.index_missing(limit=100)
    merge(moderator, two.second, two.first)
    moved = SearchEntry.objects.get(post__body="four").vector
    assert "same" not in moved
    assert "four" in moved


def test_the_thread_row_says_what_is_true_now(moderator, member, two):
    latest = two.second.posts.get(number=3)
    Post.objects.filter(pk=latest.pk).update(created_at=F("created_at"), author=member)
    merge(moderator, two.second, two.first)
    joined = fresh(two.first)
    assert joined.last_post_at == latest.created_at
    assert joined.author_wrote_last is True
    assert joined.answered_at == two.first.posts.get(number=2).created_at


def test_two_people_without_an_answer_go_on_waiting(sign_in, moderator, newcomer):
    board = factories.BoardFactory()
    first, second = factories.ThreadFactory.create_batch(2, board=board)
    merge(moderator, second, first)
    assert titles(sign_in(newcomer).get(reverse("waiting"))) == [first.title]


def test_merging_twice_is_merging_once(send, moderator, two):
    assert merge(moderator, two.second, two.first) == two.first
    assert merge(moderator, two.second, two.first) == two.first
    assert numbered(two.first) == 6
    answer = send(two.second, "merge", into=str(two.first.public_id))
    assert answer.headers["Location"] == reverse("thread_moderate", args=[two.first.public_id])
    assert AuditEntry.objects.filter(verb="thread:merge").count() == 1


def test_both_authors_are_told_each_of_their_own_thread(worker, send, sign_in, member, other_member, two):
    with worker():
        send(two.second, "merge", into=str(two.first.public_id))
    for who, said, unsaid in (
        (member, "were added to your thread “A long evening”", "That same evening"),
        (other_member, "Your thread “That same evening” goes on in another thread now.", "were added"),
    ):
        news = words(sign_in(who).get(reverse("notices")))
        assert said in news
        assert unsaid not in news
        assert REASON in news
    notice = other_member.notices.get()
    page = sign_in(other_member).get(reverse("notice", args=[notice.public_id]), follow=True)
    assert post(page, 4)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nowhere", "There is no thread at this address."),
        ("00000000-0000-7000-8000-000000000000", "There is no thread at this address."),
        ("", "This field is required."),
    ],
)
def test_an_address_without_a_thread_keeps_the_words(send, two, typed, sentence):
    page = send(two.second, "merge", into=typed)
    assert page.status_code == 422
    assert sentence in words(page)
    assert value_of(page, "merge-reason") == REASON


def test_a_thread_is_not_joined_to_itself(send, two):
    page = send(two.second, "merge", into=str(two.second.public_id))
    assert page.status_code == 409
    assert "This is the same thread." in words(page)


@pytest.mark.parametrize("disguised", ["first", "second"])
def test_an_anonymous_thread_stays_by_itself(send, moderator, two, disguised):
    Thread.objects.filter(pk=getattr(two, disguised).pk).update(disguise=9)
    with pytest.raises(access.CannotChangeError, match="anonymous thread stays by itself"):
        merge(moderator, two.second, two.first)
    with pytest.raises(access.CannotChangeError, match="anonymous thread"):
        split(moderator, fresh(getattr(two, disguised)), (2, 3))
    assert numbered(two.first) == numbered(two.second) == 3


@pytest.mark.parametrize("which", ["first", "second"])
@pytest.mark.parametrize("state", ["hidden", "held", "withdrawn"])
def test_what_is_not_shown_is_not_joined(moderator, two, which, state):
    Thread.objects.filter(pk=getattr(two, which).pk).update(visibility=state)
    with pytest.raises(access.CannotChangeError, match="open to readers"):
        merge(moderator, two.second, two.first)


def test_people_who_blocked_each_other_are_not_made_to_share_a_thread(moderator, member, other_member, two):
    factories.BlockFactory(blocker=member, blocked=other_member)
    with pytest.raises(access.CannotChangeError, match="could not read"):
        merge(moderator, two.second, two.first)


def test_joining_to_a_more_open_board_needs_a_tick(send, two):
    Thread.objects.filter(pk=two.first.pk).update(board=factories.BoardFactory(audience="everyone"))
    assert send(two.second, "merge", into=str(two.first.public_id)).status_code == 409
    assert send(two.second, "merge", into=str(two.first.public_id), wider="on").status_code == 302


def test_a_reply_that_was_written_meanwhile_keeps_its_words_and_finds_its_place(sign_in, moderator, newcomer, two):
    address = reverse("reply", args=[two.second.public_id])
    merge(moderator, two.second, two.first)
    browser = sign_in(newcomer)
    page = browser.post(address, {"body": "I was there too.", "reply_to": "2"})
    assert page.status_code == 409
    assert "was joined to another one" in words(page)
    assert value_of(page, "body") == "I was there too."
    assert value_of(page, "reply_to") == "5"
    there = reverse("reply", args=[two.first.public_id])
    assert f'action="{there}#compose"' in page.text
    browser.post(there, {"body": "I was there too.", "reply_to": "5"})
    assert bodies(two.first)[-1] == "I was there too."
    assert browser.get(f"{address}?to=2").headers["Location"] == f"{there}?to=5"


def test_a_reply_never_lands_in_a_thread_that_is_gone(moderator, newcomer, two):
    merge(moderator, two.second, two.first)
    with pytest.raises(access.CannotPostError, match="joined to another"):
        posts.post_reply(author=newcomer, thread=two.second, body="Too late.")
    assert numbered(two.second) == 0


def test_of_two_who_join_each_to_the_other_one_is_heard(shared_database):
    keeper = factories.MemberFactory(is_moderator=True)
    board = factories.BoardFactory()
    first, second = factories.ThreadFactory.create_batch(2, board=board)
    versions = {thread.pk: access.thread_version(fresh(thread)) for thread in (first, second)}

    def join(thread, into):
        try:
            return merge(keeper, thread, into, version=versions[thread.pk])
        except access.CannotChangeError:
            return None

    heard = at_once(partial(join, first, second), partial(join, second, first))
    assert sorted(map(bool, heard)) == [False, True]
    assert sorted([numbered(first), numbered(second)]) == [0, 2]


def test_replies_that_arrive_while_threads_are_joined_all_get_a_number(shared_database):
    keeper = factories.MemberFactory(is_moderator=True)
    board = factories.BoardFactory()
    first, second = factories.ThreadFactory.create_batch(2, board=board)
    people = factories.MemberFactory.create_batch(4)
    version = access.thread_version(fresh(second))

    def reply(who, thread):
        try:
            posts.post_reply(author=who, thread=thread, body=f"Words of {who.username}.")
        except access.CannotPostError:
            return False
        return True

    made = at_once(
        partial(merge, keeper, second, first, version=version),
        *[partial(reply, who, thread) for who, thread in zip(people, (first, second) * 2, strict=True)],
    )
    assert numbered(second) == 0
    assert numbered(first) == 2 + made[1:].count(True)


def test_a_decision_about_a_post_that_was_moved_meanwhile_counts_where_it_stands(moderator, two):
    reply = two.second.posts.get(number=2)
    merge(moderator, two.second, two.first)
    # `reply` was loaded before.
    assert visibility.set_visibility(post=reply, visibility=Visibility.HIDDEN)
    assert fresh(reply).visibility == "hidden"
    assert fresh(two.second).answered_at == two.second.answered_at


# --- posts taken out ------------------------------------------------------------------------------------------


@pytest.fixture
def long(member, other_member):
    """Seven posts, of which 3 answers 2, 5 answers 3, and 6 answers 1."""
    thread = factories.ThreadFactory(author=member, opening="post 1", content_notes=["loss"])
    for number, answered in zip(range(2, 8), (None, 2, None, 3, 1, None), strict=True):
        author = other_member if number % 2 else member
        factories.PostFactory(thread=thread, author=author, body=f"post {number}", reply_to=answered)
    return thread


def form_for(thread, **changes):
    return {
        "spans": "3, 5-6",
        "title": "Tea at night",
        "support_type": "ideas",
        "board": thread.board_id,
        "last": thread.last_number,
    } | changes


def test_chosen_posts_become_a_thread_of_their_own(send, sign_in, member, other_member, long):
    kept = {post.number: post.public_id for post in long.posts.all()}
    answer = send(long, "split", **form_for(long))
    made = Thread.objects.get(title="Tea at night")
    assert answer.headers["Location"] == made.get_absolute_url()
    assert bodies(made) == ["post 3", "post 5", "post 6"]
    assert (numbered(made), numbered(long)) == (3, 7)
    assert list(made.posts.order_by("number").values_list("reply_to", flat=True)) == [None, 1, None]
    assert (made.author, made.support_type, made.content_notes) == (other_member, "ideas", ["loss"])
    browser = sign_in(member)
    page = browser.get(long.get_absolute_url())
    assert numbers(page) == [1, 2, 3, 4, 5, 6, 7]
    for number, there in ((3, 1), (5, 2), (6, 3)):
        tombstone = post(page, number)
        assert "This post stands in another thread now." in words_of(tombstone)
        # The post's own address stays.
        led = browser.get(tombstone.find("a", string="another thread")["href"])
        assert led.headers["Location"] == f"{made.get_absolute_url()}#post-{there}"
        assert Post.objects.get(public_id=kept[number]).thread == made
    assert "post 3" not in page.text


def words_of(element):
    return " ".join(element.get_text(" ").split())


def test_what_hangs_on_posts_goes_with_them(moderator, member, long):
    taken = long.posts.get(number=5)
    Reaction.objects.create(member=member, post=taken, kind="heard")
    Bookmark.objects.create(member=member, post=taken)
    case = factories.flag(taken).case
    split(moderator, long, (5, 6))
    assert fresh(taken).number == 1
    assert fresh(taken).reactions.count() == 1
    assert Bookmark.objects.get().post == taken
    assert fresh(case).subject_id == taken.pk
    # The line in its place is nobody's words and found by nobody.
    line = long.posts.get(number=5)
    assert (line.body, line.body_html, line.moved_to, line.author) == ("", "", taken, taken.author)


def test_the_submission_of_a_moved_post_still_prevents_a_second_one(moderator, other_member, long, sign_in):
    form = {"body": "Only once.", "submission": "00000000-0000-7000-8000-00000000000a"}
    address = reverse("reply", args=[long.public_id])
    sign_in(other_member).post(address, form)
    made = split(moderator, fresh(long), (8, 8))
    sign_in(other_member).post(address, form)
    assert bodies(made) == ["Only once."]
    assert Post.objects.filter(body="Only once.").count() == 1


def test_both_threads_say_what_is_true_of_them(sign_in, moderator, member, other_member, newcomer, long):
    made = split(moderator, long, (3, 3), (5, 5), (7, 7))
    old, new = fresh(long), fresh(made)
    # All that other_member wrote was taken out, so nobody has answered the old thread, and nobody the new one.
    assert (old.answered_at, old.author_wrote_last) == (None, True)
    assert (new.answered_at, new.author_wrote_last) == (None, True)
    assert new.last_post_at == Post.objects.get(body="post 7").created_at
    assert new.created_at == Post.objects.get(body="post 3").created_at
    assert old.last_post_at == Post.objects.get(body="post 6").created_at
    waiting = titles(sign_in(newcomer).get(reverse("waiting")))
    assert set(waiting) == {long.title, "Tea at night"}


def test_who_wrote_them_follows_the_new_thread_as_they_followed_the_old(
    moderator, member, other_member, newcomer, long
):
    ThreadFollow.objects.all().delete()
    for who, level in ((member, Level.MUTE), (other_member, Level.ALL), (newcomer, Level.ALL)):
        ThreadFollow.objects.create(member=who, thread=long, level=level)
    made = split(moderator, long, (3, 4))
    follows = ThreadFollow.objects.filter(thread=made).values_list("member__username", "level")
    assert set(follows) == {("alder", "mute"), ("birch", "all")}
    assert ThreadFollow.objects.filter(thread=long).count() == 3


def test_the_writers_are_told_on_the_site(worker, send, sign_in, member, other_member, newcomer, long, mailoutbox):
    with worker():
        send(long, "split", **form_for(long, spans="3, 5"))
    made = Thread.objects.get(title="Tea at night")
    news = words(sign_in(other_member).get(reverse("notices")))
    assert "Something you wrote stands in a thread of its own now." in news
    assert REASON in news
    answer = sign_in(other_member).get(reverse("notice", args=[other_member.notices.get().public_id]))
    assert answer.headers["Location"] == made.get_absolute_url()
    assert not member.notices.exists()
    assert not newcomer.notices.exists()
    assert mailoutbox == []


def test_splitting_twice_is_splitting_once(send, moderator, long):
    first = send(long, "split", **form_for(long, spans="from 6 on"))
    # A reply came between two clicks on the same page.
    factories.PostFactory(thread=fresh(long), body="post 8")
    second = send(long, "split", **form_for(long, spans="from 6 on"))
    assert first.headers["Location"] == second.headers["Location"]
    assert Thread.objects.count() == 2
    assert bodies(Thread.objects.get(title="Tea at night")) == ["post 6", "post 7"]
    assert AuditEntry.objects.filter(verb="thread:split").count() == 1


def test_at_the_same_instant_too(shared_database):
    keeper = factories.MemberFactory(is_moderator=True)
    thread = factories.ThreadFactory()
    factories.PostFactory.create_batch(4, thread=thread)
    made = at_once(*[partial(split, keeper, thread, (2, 4))] * 3)
    assert len({thread.pk for thread in made}) == 1
    assert (numbered(thread), numbered(made[0])) == (5, 3)


def test_what_was_taken_out_before_is_left_where_it_stands(moderator, long):
    first = split(moderator, long, (3, 4))
    second = split(moderator, fresh(long), (2, 6), title="What was left")
    assert bodies(first) == ["post 3", "post 4"]
    assert bodies(second) == ["post 2", "post 5", "post 6"]
    # The new number 2 answered a post that stands elsewhere.
    assert list(second.posts.order_by("number").values_list("reply_to", flat=True)) == [None, None, None]
    assert numbered(long) == 7


@pytest.mark.parametrize(
    ("spans", "sentence"),
    [
        ("1-3", "The opening post stays"),
        ("1", "The opening post stays"),
        ("40", "There are no such posts here."),
    ],
)
def test_what_cannot_be_taken_out_is_said_and_the_words_are_kept(send, long, spans, sentence):
    page = send(long, "split", **form_for(long, spans=spans))
    assert page.status_code == 409
    assert sentence in words(page)
    assert value_of(page, "split-spans") == spans
    assert value_of(page, "split-reason") == REASON
    assert Thread.objects.count() == 1


@pytest.mark.parametrize("state", ["held", "hidden", "withdrawn"])
def test_no_thread_begins_with_what_nobody_can_read(moderator, long, state):
    long.posts.filter(number=3).update(visibility=state, withdrawn_at=factories.now())
    with pytest.raises(access.CannotChangeError, match="cannot be read"):
        split(moderator, long, (3, 5))
    made = split(moderator, long, (2, 4))
    assert made.posts.get(number=2).visibility == state


@pytest.mark.parametrize(
    "spans", ["", "  ", "two", "4-2", "0", "4,,x", "-3", "1e9", "4 5", "9999999999", "٣", ",".join("2" * 60)]
)
def test_numbers_that_are_none_are_said_to_be_so(send, long, spans):
    page = send(long, "split", **form_for(long, spans=spans))
    assert page.status_code == 422
    assert Thread.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("4, 7-9", [(4, 4), (7, 9)]),
        ("#4; #7 – #9", [(4, 4), (7, 9)]),
        ("from 12 on", [(12, 20)]),
        ("12 on, 3", [(12, 20), (3, 3)]),
        ("12-", [(12, 20)]),
        ("From 12", [(12, 20)]),
        ("2, 2, 2-3", [(2, 2), (2, 2), (2, 3)]),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, spans):
    assert parse_spans(typed, last=20) == spans


@given(typed=st.text(max_size=60))
def test_whatever_is_typed_is_numbers_or_is_not(typed):
    try:
        spans = parse_spans(typed, last=50)
    except ValueError:
        return
    assert all(1 <= first <= last for first, last in spans)


def test_a_joined_thread_can_be_divided_again(moderator, two):
    merge(moderator, two.second, two.first)
    made = split(moderator, fresh(two.first), (4, 6), title="That same evening")
    assert bodies(made) == ["four", "five", "six"]
    assert made.posts.get(number=3).reply_to == 2
    assert made.author == two.second.author
    # The old address leads to the line, which leads on.
    assert two.first.posts.get(number=4).moved_to == made.posts.get(number=1)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["merge", "split"]), st.integers(0, 9), st.integers(0, 9)), max_size=6))
def test_whatever_is_joined_and_divided_every_thread_counts_from_one(db, moderator, steps):
    with transaction.atomic():
        _join_and_divide(moderator, steps)
        transaction.set_rollback(True)


def _join_and_divide(moderator, steps):
    board = factories.BoardFactory()
    threads = factories.ThreadFactory.create_batch(3, board=board)
    for thread in threads:
        for number in range(2, 5):
            factories.PostFactory(
                thread=thread, author=thread.author, body=f"{thread.pk}: {number}", reply_to=number - 1
            )
    words_before = set(Post.objects.values_list("body", flat=True))
    for verb, one, other in steps:
        thread = fresh(threads[one % len(threads)])
        try:
            if verb == "merge":
                merge(moderator, thread, fresh(threads[other % len(threads)]))
            else:
                threads.append(split(moderator, thread, (2, 2 + other), title=f"Taken out {other}"))
        except access.CannotChangeError:
            pass
    for thread in threads:
        numbered(thread)
        assert not thread.posts.filter(reply_to__gte=F("number")).exists()
    assert set(Post.objects.exclude(visibility="moved").values_list("body", flat=True)) == words_before


# --- what it costs --------------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_the_number_of_queries_does_not_depend_on_the_number_of_posts(moderator):
    board = factories.BoardFactory()

    def cost(verb):
        with CaptureQueriesContext(connection) as asked:
            verb()
        return len(asked)

    def of(size):
        first, second = factories.ThreadFactory.create_batch(2, board=board)
        made = [
            Post(
                thread=second, number=number, author=second.author, body="x", body_html="<p>x</p>", reply_to=number - 1
            )
            for number in range(2, size + 1)
        ]
        Post.objects.bulk_create(made)
        Thread.objects.filter(pk=second.pk).update(last_number=size)
        second.refresh_from_db()
        database.learn_sizes()
        joining = cost(lambda: merge(moderator, second, first))
        dividing = cost(lambda: split(moderator, fresh(first), (2, size)))
        assert numbered(first) == size + 1
        return joining, dividing

    assert of(3) == of(10_000)
