"""Taking back what one wrote: at once for readers, undoable for a week, then for good."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from forums import access
from forums.models import Board, Post, PostRevision, SearchEntry, Thread, Visibility
from forums.services import moving, search, withdrawing
from moderation.models import Case, Decision, Source
from tests import factories
from tests.pages import anyway, post, soup, titles, words

GOODBYE = "This is goodbye, everyone. Thank you for reading."
GONE = "Taken back by its author"


@pytest.fixture
def take_back(sign_in):
    def send(written, author=None):
        return sign_in(author or written.author).post(reverse("post_withdraw", args=[written.public_id]))

    return send


@pytest.fixture
def put_back(sign_in):
    def send(written, author=None):
        browser = sign_in(author or written.author)
        return browser.post(reverse("post_put_back", args=[written.public_id]), follow=True)

    return send


@pytest.fixture
def decide(sign_in, moderator):
    """A moderator's decision about a post that has a case."""

    def on(written, action):
        case = Case.objects.get(subject_id=written.pk, state=Case.State.OPEN)
        browser = sign_in(moderator)
        browser.post(reverse("claim", args=[case.public_id]))
        case.refresh_from_db()
        form = {"action": action, "version": case.version, "reason": "Because.", "rule": factories.RuleFactory().pk}
        form |= {"edit_body": "Thank you for reading."}
        answer = browser.post(reverse("decide", args=[case.public_id]), form)
        assert answer.status_code == 302, words(answer)
        factories.let_settle()

    return on


def state(row):
    row.refresh_from_db()
    return row.visibility


def later(days=8):
    """The nightly erasing, so many days from now."""
    Post.objects.filter(withdrawn_at__isnull=False).update(withdrawn_at=timezone.now() - dt.timedelta(days=days))
    withdrawing.erase_withdrawn()


# --- a reply


OUT_OF_SIGHT = {
    "blocked": lambda scene: factories.BlockFactory(blocker=scene.thread.author, blocked=scene.reply.author),
    "hidden": lambda scene: Thread.objects.filter(pk=scene.thread.pk).update(visibility=Visibility.HIDDEN),
    "closed board": lambda scene: Board.objects.filter(pk=scene.board.pk).update(audience=Board.Audience.STAFF),
}


@pytest.mark.parametrize("why", OUT_OF_SIGHT)
def test_words_in_a_thread_that_is_out_of_sight_are_still_taken_back_and_put_back(sign_in, scene, why):
    OUT_OF_SIGHT[why](scene)
    browser = sign_in(scene.reply.author)
    address = reverse("post_withdraw", args=[scene.reply.public_id])
    before = browser.get(address)
    assert "Take back these words?" in words(before)
    after = browser.post(address, follow=True)
    assert state(scene.reply) == Visibility.WITHDRAWN
    assert after.status_code == 200
    assert "I know that kind of week." in words(after)
    for page in (before, after):
        assert scene.thread.title not in page.text
        assert scene.board.title not in page.text
    form = soup(after).find("form", action=reverse("post_put_back", args=[scene.reply.public_id]))
    assert browser.post(form["action"], follow=True).status_code == 200
    assert state(scene.reply) == Visibility.VISIBLE


@pytest.mark.parametrize("why", OUT_OF_SIGHT)
def test_words_that_are_gone_are_not_offered_where_the_thread_is_out_of_sight(take_back, sign_in, scene, why):
    OUT_OF_SIGHT[why](scene)
    take_back(scene.reply)
    later()
    assert sign_in(scene.reply.author).get(reverse("post_withdraw", args=[scene.reply.public_id])).status_code == 404


def test_the_page_before_says_what_happens_and_changes_nothing(sign_in, other_member, scene):
    page = sign_in(other_member).get(reverse("post_withdraw", args=[scene.reply.public_id]))
    assert "I know that kind of week." in words(page)
    assert "For 7 days you can put them back with one press. After that they are erased for good" in words(page)
    assert state(scene.reply) == Visibility.VISIBLE


def test_a_reply_that_was_taken_back_leaves_a_line(take_back, sign_in, member, scene):
    assert take_back(scene.reply).headers["Location"].endswith("#post-2")
    page = sign_in(member).get(scene.thread.get_absolute_url())
    assert "The author took this post back." in post(page, 2).get_text()
    assert "kind of week" not in page.text
    assert post(page, 2).find("form") is None


def test_only_its_author_still_reads_it_and_can_put_it_back(take_back, put_back, sign_in, member, scene):
    take_back(scene.reply)
    own = post(sign_in(scene.reply.author).get(scene.thread.get_absolute_url()), 2)
    assert "I know that kind of week." in own.get_text()
    assert own.find("form")["action"] == reverse("post_put_back", args=[scene.reply.public_id])
    assert "It stands where it stood." in words(put_back(scene.reply))
    assert "kind of week" in post(sign_in(member).get(scene.thread.get_absolute_url()), 2).get_text()
    scene.reply.refresh_from_db()
    assert scene.reply.withdrawn_at is None


def test_a_moderators_page_shows_the_line_only(take_back, sign_in, moderator, scene):
    take_back(scene.reply)
    assert "kind of week" not in sign_in(moderator).get(scene.thread.get_absolute_url()).text


def test_nobody_takes_back_or_puts_back_what_others_wrote(take_back, put_back, member, moderator, blocked, scene):
    for somebody in (member, moderator):
        assert take_back(scene.reply, author=somebody).status_code == 403
    assert take_back(scene.opening, author=blocked).status_code == 404
    take_back(scene.reply)
    assert put_back(scene.reply, author=moderator).status_code == 403
    assert state(scene.reply) == Visibility.WITHDRAWN
    with pytest.raises(PermissionDenied):
        withdrawing.withdraw(author=member, post=scene.reply)


def test_both_ways_can_be_pressed_twice(take_back, put_back, scene):
    for _press in range(2):
        assert take_back(scene.reply).status_code == 302
    assert state(scene.reply) == Visibility.WITHDRAWN
    for _press in range(2):
        assert put_back(scene.reply).status_code == 200
    assert state(scene.reply) == Visibility.VISIBLE


def test_a_thread_whose_only_answer_was_taken_back_waits_again(take_back, put_back, sign_in, newcomer, scene):
    take_back(scene.reply)
    assert titles(sign_in(newcomer).get(reverse("waiting"))) == [scene.thread.title]
    put_back(scene.reply)
    assert titles(sign_in(newcomer).get(reverse("waiting"))) == []
    scene.thread.refresh_from_db()
    assert scene.thread.answered_at == scene.reply.created_at
    assert not scene.thread.author_wrote_last


def test_a_closed_thread_or_a_silence_keeps_nobody_from_taking_back(take_back, put_back, silenced, scene):
    theirs = factories.PostFactory(thread=scene.thread, author=silenced)
    Thread.objects.update(state="locked")
    take_back(theirs)
    assert state(theirs) == Visibility.WITHDRAWN
    put_back(theirs)
    assert state(theirs) == Visibility.VISIBLE


def test_nobody_reacts_to_bookmarks_reports_or_answers_what_was_taken_back(take_back, sign_in, member, scene):
    take_back(scene.reply)
    browser = sign_in(member)
    for name in ("react", "post_bookmark", "post_thank"):
        address = reverse(name, args=[scene.reply.public_id])
        assert browser.post(address, {"give": "heard", "on": "1"}).status_code == 404
    assert browser.get(reverse("flag", args=["post", scene.reply.public_id])).status_code == 404
    quoting = browser.get(reverse("reply", args=[scene.thread.public_id]) + "?to=2&quote=1")
    assert "kind of week" not in quoting.text


# --- with moderators in between


@pytest.mark.parametrize("hidden", [Visibility.HIDDEN, Visibility.REMOVED])
def test_what_a_moderator_hid_meanwhile_is_not_put_back(take_back, put_back, scene, hidden):
    take_back(scene.reply)
    Post.objects.filter(pk=scene.reply.pk).update(visibility=hidden)
    assert "A moderator has hidden this post meanwhile, so it was not put back." in words(put_back(scene.reply))
    assert state(scene.reply) == hidden


def test_what_a_moderator_hid_is_not_taken_back(take_back, sign_in, scene):
    Post.objects.filter(pk=scene.reply.pk).update(visibility=Visibility.HIDDEN)
    take_back(scene.reply)
    assert state(scene.reply) == Visibility.HIDDEN
    address = reverse("post_withdraw", args=[scene.reply.public_id])
    assert sign_in(scene.reply.author).get(address).status_code == 404


@pytest.fixture
def held(sign_in, other_member, scene):
    anyway(sign_in(other_member), reverse("reply", args=[scene.thread.public_id]), {"body": GOODBYE})
    return Post.objects.get(number=3)


def test_taking_back_and_putting_back_is_no_way_past_a_moderator(take_back, put_back, sign_in, member, scene, held):
    take_back(held)
    put_back(held)
    assert state(held) == Visibility.HELD
    assert "goodbye" not in sign_in(member).get(scene.thread.get_absolute_url()).text


def test_what_a_moderator_left_taken_back_waits_again_when_it_is_put_back(take_back, put_back, decide, held):
    take_back(held)
    decide(held, "keep")
    assert state(held) == Visibility.WITHDRAWN
    assert "A moderator reads them before others do." in words(put_back(held))
    assert state(held) == Visibility.HELD
    again = Case.objects.get(subject_id=held.pk, state=Case.State.OPEN)
    assert [(signal.rule, GOODBYE[signal.start : signal.end]) for signal in again.signals.all()] == [
        ("goodbye", "This is goodbye, everyone")
    ]
    put_back(held)
    assert Case.objects.filter(subject_id=held.pk).count() == 2


def test_it_waits_however_often_it_goes_and_comes(take_back, put_back, decide, held):
    for _round in range(2):
        take_back(held)
        decide(held, "keep")
        put_back(held)
        assert state(held) == Visibility.HELD
    decide(held, "approve")
    take_back(held)
    put_back(held)
    assert state(held) == Visibility.VISIBLE


@pytest.mark.parametrize("action", ["approve", "warn", "edit"])
def test_what_a_decision_showed_does_not_wait_again(take_back, put_back, decide, held, action):
    decide(held, action)
    take_back(held)
    put_back(held)
    assert state(held) == Visibility.VISIBLE
    assert Case.objects.get(subject_id=held.pk).state == Case.State.DECIDED


def test_what_an_appeal_showed_does_not_wait_again(take_back, put_back, decide, held):
    decide(held, "hide")
    factories.withdrawn(Decision.objects.get(), by=factories.MemberFactory(is_moderator=True))
    assert state(held) == Visibility.VISIBLE
    take_back(held)
    put_back(held)
    assert state(held) == Visibility.VISIBLE


def test_what_waits_again_came_the_way_it_came_first(take_back, put_back, decide, held):
    take_back(held)
    decide(held, "keep")
    put_back(held)
    assert Case.objects.latest("id").source == Source.AUTOMATION
    decide(held, "hide")
    assert (Decision.objects.latest("id").source, Decision.objects.latest("id").found_by_machine) == (
        "automation",
        True,
    )


def test_a_thread_that_was_held_and_left_taken_back_waits_again_as_a_whole(
    take_back, put_back, decide, sign_in, member, other_member
):
    board = factories.BoardFactory(hold_first="all")
    asked = {"title": "A certain title", "body": "How do you begin?", "support_type": "win"}
    sign_in(member).post(reverse("new_thread", args=[board.slug]), asked)
    opening = Post.objects.get(thread__board=board)
    take_back(opening)
    decide(opening, "keep")
    put_back(opening)
    assert (state(opening), state(opening.thread)) == (Visibility.HELD, Visibility.HELD)
    assert sign_in(other_member).get(opening.thread.get_absolute_url()).status_code == 404


def test_a_report_of_what_was_shown_does_not_hold_it_when_it_comes_back(take_back, put_back, decide, scene):
    factories.flag(scene.reply)
    take_back(scene.reply)
    decide(scene.reply, "keep")
    put_back(scene.reply)
    assert state(scene.reply) == Visibility.VISIBLE
    assert not Case.objects.filter(subject_id=scene.reply.pk, state=Case.State.OPEN).exists()


def test_what_was_only_reported_comes_back_visible(take_back, put_back, scene):
    factories.flag(scene.reply)
    take_back(scene.reply)
    put_back(scene.reply)
    assert state(scene.reply) == Visibility.VISIBLE


def test_a_moderator_can_hide_what_was_taken_back_and_then_it_stays_away(take_back, put_back, decide, scene):
    factories.flag(scene.reply)
    take_back(scene.reply)
    decide(scene.reply, "hide")
    put_back(scene.reply)
    assert state(scene.reply) == Visibility.HIDDEN


# --- the opening post


def test_a_thread_that_nobody_answered_goes_as_a_whole(take_back, sign_in, member, other_member, moderator):
    thread = factories.ThreadFactory(author=member)
    factories.PostFactory(thread=thread, author=member, body="Still here.")
    address = thread.get_absolute_url()
    asked = sign_in(member).get(reverse("post_withdraw", args=[thread.posts.get(number=1).public_id]))
    assert "Nobody else has answered yet, so the whole thread goes" in words(asked)
    take_back(thread.posts.get(number=1))
    assert sign_in(other_member).get(address).status_code == 404
    assert titles(sign_in(other_member).get(thread.board.get_absolute_url())) == []
    for reader in (member, moderator):
        page = sign_in(reader).get(address, follow=True)
        assert page.status_code == 200
        assert ("Still here." in page.text) == (reader == member)
    assert set(thread.posts.values_list("visibility", flat=True)) == {Visibility.WITHDRAWN}


def test_nobody_writes_in_a_thread_that_was_taken_back(take_back, sign_in, member):
    thread = factories.ThreadFactory(author=member)
    take_back(thread.posts.get())
    answer = sign_in(member).post(reverse("reply", args=[thread.public_id]), {"body": "And another thing."})
    assert answer.status_code == 409
    assert "And another thing." in answer.text


def test_the_whole_thread_comes_back_as_it_was(take_back, put_back, sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member)
    second = factories.PostFactory(thread=thread, author=member, body="Still here.")
    before = (thread.title, thread.slug)
    take_back(thread.posts.get(number=1))
    # From whichever of its posts it is asked.
    put_back(second)
    page = sign_in(other_member).get(thread.get_absolute_url())
    assert "Still here." in post(page, 2).get_text()
    thread.refresh_from_db()
    assert (thread.title, thread.slug, thread.title_before) == (*before, "")
    assert titles(sign_in(other_member).get(reverse("waiting"))) == [thread.title]


def test_what_was_taken_back_before_stays_so_when_the_thread_comes_back(take_back, put_back, member):
    thread = factories.ThreadFactory(author=member)
    second = factories.PostFactory(thread=thread, author=member)
    take_back(second)
    take_back(thread.posts.get(number=1))
    put_back(thread.posts.get(number=1))
    assert state(second) == Visibility.WITHDRAWN
    assert state(thread) == Visibility.VISIBLE


def test_the_replies_of_others_stay_and_the_title_goes(take_back, sign_in, newcomer, member, scene):
    before = scene.thread.title
    take_back(scene.opening)
    scene.thread.refresh_from_db()
    assert (scene.thread.title, scene.thread.slug) == (GONE, "thread")
    page = sign_in(newcomer).get(scene.thread.get_absolute_url())
    assert "I know that kind of week." in post(page, 2).get_text()
    assert "long week" not in page.text
    assert before not in page.text
    assert titles(sign_in(newcomer).get(scene.board.get_absolute_url())) == [GONE]
    assert titles(sign_in(newcomer).get(reverse("waiting"))) == []


def test_putting_back_brings_the_title_again(take_back, put_back, scene):
    before = (scene.thread.title, scene.thread.slug)
    take_back(scene.opening)
    put_back(scene.opening)
    scene.thread.refresh_from_db()
    assert (scene.thread.title, scene.thread.slug, scene.thread.visibility) == (*before, "visible")


def test_search_forgets_a_title_that_was_taken_back(take_back, put_back, sign_in, newcomer, member):
    thread = factories.ThreadFactory(author=member, title="Lighthouses at dusk")
    factories.PostFactory(thread=thread, body="I like them.")
    search.index_opening(thread)

    def found():
        return "I like them" in sign_in(newcomer).get(reverse("search"), {"q": "lighthouses"}).text or bool(
            titles(sign_in(newcomer).get(reverse("search"), {"q": "lighthouses"}))
        )

    opening = thread.posts.get(number=1)
    take_back(opening)
    assert not found()
    assert SearchEntry.objects.get(post=opening).vector.find("lighthous") == -1
    put_back(opening)
    assert "lighthous" in SearchEntry.objects.get(post=opening).vector


def test_an_anonymous_author_stays_so_when_they_take_their_words_back(take_back, sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member, disguise=7)
    factories.PostFactory(thread=thread)
    take_back(thread.posts.get(number=1))
    page = sign_in(other_member).get(thread.get_absolute_url(), follow=True)
    assert page.status_code == 200
    assert member.username not in page.text


# --- for good


def test_after_a_week_the_words_are_nowhere(take_back, put_back, sign_in, scene):
    PostRevision.objects.create(
        post=scene.reply, version=1, body="Before that.", is_public=True, written_at=scene.reply.created_at
    )
    search.index_post(scene.reply)
    take_back(scene.reply)
    later()
    scene.reply.refresh_from_db()
    assert (scene.reply.body, scene.reply.body_html, scene.reply.visibility) == ("", "", Visibility.WITHDRAWN)
    assert PostRevision.objects.get().body == ""
    assert not SearchEntry.objects.filter(post=scene.reply).exists()
    own = post(sign_in(scene.reply.author).get(scene.thread.get_absolute_url()), 2)
    assert own.find("form") is None
    assert "more than seven days ago" in words(put_back(scene.reply))
    assert state(scene.reply) == Visibility.WITHDRAWN


def test_the_title_is_erased_with_the_opening_post(take_back, scene):
    take_back(scene.opening)
    later()
    scene.thread.refresh_from_db()
    assert (scene.thread.title, scene.thread.title_before) == (GONE, "")


def test_a_title_that_left_with_a_joined_thread_is_erased_too(take_back, moderator, scene):
    take_back(scene.opening)
    scene.thread.refresh_from_db()
    moving.merge_threads(
        actor=moderator,
        thread=scene.thread,
        into=factories.ThreadFactory(),
        reason="The same question.",
        version=access.thread_version(scene.thread),
    )
    later()
    scene.thread.refresh_from_db()
    assert scene.thread.title_before == ""


def test_within_the_week_nothing_is_erased(take_back, scene):
    take_back(scene.reply)
    later(days=6)
    scene.reply.refresh_from_db()
    assert scene.reply.body == "I know that kind of week."


def test_words_are_not_erased_while_somebody_has_still_to_decide_about_them(take_back, decide, scene):
    factories.flag(scene.reply)
    take_back(scene.reply)
    later()
    scene.reply.refresh_from_db()
    assert scene.reply.body == "I know that kind of week."
    decide(scene.reply, "keep")
    later()
    scene.reply.refresh_from_db()
    assert scene.reply.body == ""


def test_all_are_erased_however_many_there_are_and_whatever_has_to_wait(monkeypatch, member):
    monkeypatch.setattr(withdrawing, "ERASED_AT_ONCE", 2)
    thread = factories.ThreadFactory()
    posts = [factories.PostFactory(thread=thread, visibility=Visibility.WITHDRAWN) for _number in range(7)]
    case = factories.flag(posts[0]).case
    at = timezone.now() - access.TAKEN_BACK_FOR - dt.timedelta(days=1)
    Post.objects.filter(pk__in=[one.pk for one in posts]).update(withdrawn_at=at)
    assert withdrawing.erase_withdrawn() == 6
    assert withdrawing.erase_withdrawn() == 0
    assert list(Post.objects.filter(visibility="withdrawn").exclude(body="")) == [posts[0]]
    assert case.subject_id == posts[0].pk


def test_words_that_stand_or_were_hidden_are_never_erased(scene):
    Post.objects.filter(pk=scene.reply.pk).update(
        visibility=Visibility.HIDDEN, withdrawn_at=timezone.now() - dt.timedelta(days=30)
    )
    withdrawing.erase_withdrawn()
    scene.reply.refresh_from_db()
    assert scene.reply.body == "I know that kind of week."


def test_a_script_does_not_turn_a_post_back_and_forth(sign_in, other_member, scene, monkeypatch):
    monkeypatch.setattr("forums.views.editing.TURNS_AN_HOUR", 2)
    browser = sign_in(other_member)
    browser.post(reverse("post_withdraw", args=[scene.reply.public_id]))
    browser.post(reverse("post_put_back", args=[scene.reply.public_id]))
    page = browser.post(reverse("post_withdraw", args=[scene.reply.public_id]), follow=True)
    assert "That was very often in a short time." in page.text
    assert Post.objects.get(pk=scene.reply.pk).visibility == "visible"
