"""What can be decided about a post: each is done, told to its author, and taken back after an appeal."""

import datetime as dt

import pytest
from django.urls import reverse

from forums.models import Post, PostRevision, SearchEntry, Thread, Visibility
from forums.services import by_decision, withdrawing
from moderation import access
from moderation.models import AuditEntry, Decision, Flag
from moderation.services import effects
from tests import factories
from tests.pages import post as post_on
from tests.pages import soup, value_of, words


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def opening_case(scene):
    return factories.flag(scene.opening).case


@pytest.fixture
def act(decide, moderator):
    """Decide through the form; the decision that is in effect then."""

    def do(case, action, status=302, **options):
        form = {f"{action}_{name}": value for name, value in options.items()}
        answer = decide(moderator, case, action=action, **form)
        assert answer.status_code == status, words(answer)
        return Decision.objects.order_by("-id").first() if status == 302 else answer

    return do


@pytest.fixture
def revert(other_moderator):
    def back(decision):
        return effects.revert(decision, actor=other_moderator)

    return back


def statement_of(sign_in, decision):
    return words(sign_in(decision.author).get(reverse("decision", args=[decision.public_id])))


# --- warn ---------------------------------------------------------------------------------------------------


def test_a_warning_is_words_to_the_author_and_nothing_else(act, sign_in, scene, case, member):
    decision = act(case, "warn")
    assert fresh(scene.reply).visibility == Visibility.VISIBLE
    assert "This is a warning." in statement_of(sign_in, decision)
    assert "I know that kind of week." in sign_in(member).get(scene.thread.get_absolute_url()).text


def test_a_warning_shows_what_waited(act, member):
    post = factories.PostFactory(author=member, visibility=Visibility.HELD)
    act(factories.flag(post).case, "warn")
    assert fresh(post).visibility == Visibility.VISIBLE


# --- edit ---------------------------------------------------------------------------------------------------


def test_an_edit_says_so_in_public_and_shows_the_earlier_words_to_their_author_only(
    act, sign_in, visitor, scene, case, member, other_member, moderator
):
    decision = act(case, "edit", body="I know that week.")
    thread = scene.thread.get_absolute_url()
    for reader in (member, other_member):
        page = sign_in(reader).get(thread)
        assert "I know that week." in post_on(page, 2).get_text()
        assert "edited" in post_on(page, 2).get_text()
    history = reverse("post_history", args=[scene.reply.public_id])
    for reader, sees in ((member, False), (other_member, True), (moderator, True)):
        page = words(sign_in(reader).get(history))
        assert "A moderator edited this post on" in page
        assert ("kind of" in page) is sees
    seen = statement_of(sign_in, decision)
    assert "A moderator edited your post." in seen
    assert "Your words, and what they became" in seen
    assert "I know that kind of week." in seen


def test_what_an_edit_took_out_is_not_in_earlier_public_versions_or_search_either(act, sign_in, scene, case, member):
    Post.objects.filter(pk=scene.reply.pk).update(version=2)
    earlier = {"post": scene.reply, "version": 1, "body": "Call me on 0123.", "written_at": factories.now()}
    PostRevision.objects.create(is_public=True, **earlier)
    Post.objects.filter(pk=scene.reply.pk).update(body="Call me on 0123 now.")
    decision = act(case, "edit", body="Call me.")
    assert "0123" not in sign_in(member).get(reverse("post_history", args=[scene.reply.public_id])).text
    assert SearchEntry.objects.filter(post=scene.reply).count() == 1
    effects.revert(decision, actor=factories.MemberFactory(is_moderator=True))
    assert PostRevision.objects.get(post=scene.reply, version=1).is_public


def test_an_edit_is_taken_back(act, revert, scene, case):
    decision = act(case, "edit", body="I know that week.")
    assert revert(decision)
    assert fresh(scene.reply).body == "I know that kind of week."
    assert fresh(scene.reply).body_html == "<p>I know that kind of week.</p>\n"
    assert not revert(decision)


def test_what_its_author_wrote_since_the_edit_stays(act, revert, scene, case):
    decision = act(case, "edit", body="I know that week.")
    Post.objects.filter(pk=scene.reply.pk).update(body="I know it well.", version=9)
    assert not revert(decision)
    assert fresh(scene.reply).body == "I know it well."


def test_an_edit_of_an_opening_post_has_its_title(act, revert, sign_in, moderator, scene, opening_case):
    factories.claimed(opening_case, by=moderator)
    page = sign_in(moderator).get(reverse("case", args=[opening_case.public_id]))
    assert value_of(page, "edit_title") == scene.thread.title
    assert value_of(page, "edit_body") == "It has been a long week."
    before = scene.thread.title
    decision = act(opening_case, "edit", title="A long week", body="It was long.")
    assert (fresh(scene.thread).title, fresh(scene.opening).body) == ("A long week", "It was long.")
    assert revert(decision)
    assert (fresh(scene.thread).title, fresh(scene.opening).body) == (before, "It has been a long week.")


@pytest.mark.parametrize(("body", "status"), [("", 422), ("x" * 20_001, 422), (" I know that kind of week. ", 409)])
def test_an_edit_has_to_be_one(act, scene, case, body, status):
    act(case, "edit", status=status, body=body)
    assert fresh(scene.reply).version == 1
    assert not PostRevision.objects.exists()


def test_an_edit_that_came_too_late_is_given_back(decide, moderator, other_moderator, case):
    factories.claimed(case, by=other_moderator)
    page = decide(moderator, case, action="edit", edit_body="I know that week very well.")
    assert page.status_code == 409
    assert "I know that week very well." in page.text
    page = decide(moderator, case, action="hide", edit_body="I know that week very well.")
    assert "I know that week very well." not in page.text


def test_the_edit_of_what_waited_shows_it(act, member):
    post = factories.PostFactory(author=member, visibility=Visibility.HELD)
    act(factories.flag(post).case, "edit", body="Without the amounts.")
    assert (fresh(post).visibility, fresh(post).body) == (Visibility.VISIBLE, "Without the amounts.")
    assert fresh(post).edited_at


# --- hide and remove ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "line"), [("hide", "A moderator hid this post."), ("remove", "This post was removed.")]
)
def test_words_that_went_come_back(act, revert, sign_in, member, scene, case, action, line):
    decision = act(case, action)
    thread = scene.thread.get_absolute_url()
    page = sign_in(member).get(thread)
    assert line in post_on(page, 2).get_text()
    assert "I know that kind of week." not in page.text
    assert revert(decision)
    assert "I know that kind of week." in sign_in(member).get(thread).text
    assert fresh(scene.thread).answered_at is not None


@pytest.mark.parametrize("action", ["hide", "remove"])
def test_a_thread_that_went_comes_back(act, revert, sign_in, other_member, scene, opening_case, action):
    decision = act(opening_case, action)
    address = scene.thread.get_absolute_url()
    assert sign_in(other_member).get(address).status_code == 404
    assert revert(decision)
    assert sign_in(other_member).get(address).status_code == 200


def test_removed_words_are_gone_for_everybody_but_in_the_statement(
    act, sign_in, member, other_member, moderator, admin, scene, case
):
    decision = act(case, "remove")
    for reader in (member, other_member, moderator, admin):
        browser = sign_in(reader)
        assert "I know that kind of week." not in browser.get(scene.thread.get_absolute_url()).text
        answer = browser.get(reverse("post_history", args=[scene.reply.public_id]))
        assert "I know that kind of week." not in answer.text
    seen = statement_of(sign_in, decision)
    assert "kept for six months" in seen
    assert "I know that kind of week." in seen


def test_what_its_author_took_back_is_not_put_back_by_taking_a_decision_back(act, revert, member, scene):
    post = factories.PostFactory(thread=scene.thread, author=member, visibility=Visibility.WITHDRAWN)
    decision = act(factories.flag(post).case, "hide")
    assert fresh(post).visibility == Visibility.HIDDEN
    revert(decision)
    assert fresh(post).visibility == Visibility.WITHDRAWN


def test_taking_one_decision_back_leaves_a_later_one_in_force(act, revert, scene, case):
    hidden = act(case, "hide")
    act(factories.flag(scene.reply).case, "remove")
    assert not revert(hidden)
    assert fresh(scene.reply).visibility == Visibility.REMOVED


def test_what_a_hiding_that_stands_keeps_from_readers_is_not_shown_by_taking_a_removal_back(act, revert, scene, case):
    act(case, "hide")
    removed = act(factories.flag(scene.reply).case, "remove")
    assert revert(removed)
    assert fresh(scene.reply).visibility == Visibility.HIDDEN


@pytest.mark.parametrize("is_later_taken_back", [False, True])
def test_a_warning_since_keeps_nothing_hidden(act, revert, scene, case, is_later_taken_back):
    hidden = act(case, "hide")
    warned = act(factories.flag(scene.reply).case, "warn")
    if is_later_taken_back:
        factories.withdrawn(warned, by=factories.MemberFactory(is_moderator=True))
    assert revert(hidden)
    assert fresh(scene.reply).visibility == Visibility.VISIBLE


def test_what_was_hidden_once_more_stays_so(act, revert, scene, case):
    first = act(case, "hide")
    act(factories.flag(scene.reply).case, "approve")
    act(factories.flag(scene.reply, reason=Flag.Reason.WORRIED).case, "hide")
    assert not revert(first)
    assert fresh(scene.reply).visibility == Visibility.HIDDEN


def test_a_title_that_its_author_took_back_is_not_published_by_taking_an_edit_back(
    act, revert, scene, opening_case, member
):
    title = scene.thread.title
    decision = act(opening_case, "edit", title="Another title", body="Shorter.")
    withdrawing.withdraw(author=scene.opening.author, post=fresh(scene.opening))
    assert revert(decision)
    assert (fresh(scene.thread).title, fresh(scene.thread).title_before) == ("Taken back by its author", title)
    assert withdrawing.put_back(author=scene.opening.author, post=fresh(scene.opening))
    assert fresh(scene.thread).title == title


# --- after six months ---------------------------------------------------------------------------------------


@pytest.fixture
def in_seven_months(monkeypatch):
    """Decisions cannot be made older, so the window in which they are appealed against is made shorter."""

    def later():
        for module in ("moderation.access.decisions", "moderation.models.decisions"):
            monkeypatch.setattr(f"{module}.APPEAL_WINDOW", dt.timedelta(0))

    return later


def test_removed_words_are_erased_when_nobody_can_appeal_any_more(act, scene, case, in_seven_months):
    act(case, "remove")
    assert by_decision.erase_removed() == 0
    assert fresh(scene.reply).body
    in_seven_months()
    assert by_decision.erase_removed(limit=1) == 1
    assert (fresh(scene.reply).body, fresh(scene.reply).body_html) == ("", "")
    assert not SearchEntry.objects.filter(post=scene.reply).exists()
    assert by_decision.erase_removed() == 0


def test_a_removed_thread_loses_its_title_then(act, scene, opening_case, in_seven_months):
    act(opening_case, "remove")
    in_seven_months()
    by_decision.erase_removed()
    assert fresh(scene.thread).title == "Removed by a moderator"
    assert fresh(scene.reply).body


@pytest.mark.parametrize("why", ["an appeal", "a case", "shown again", "hidden only"])
def test_words_are_kept_while_somebody_may_need_them(act, scene, case, in_seven_months, why):
    decision = act(case, "hide" if why == "hidden only" else "remove")
    if why == "an appeal":
        factories.AppealFactory(decision=decision)
    if why == "a case":
        factories.flag(scene.reply)
    if why == "shown again":
        act(factories.flag(scene.reply).case, "approve")
    in_seven_months()
    assert by_decision.erase_removed() == 0
    assert fresh(scene.reply).body == "I know that kind of week."


# --- the thread ---------------------------------------------------------------------------------------------


def test_a_locked_thread_opens_again_in_the_state_it_had(act, revert, sign_in, scene, opening_case, other_member):
    Thread.objects.update(state=Thread.State.SLOW, slow_minutes=20)
    decision = act(opening_case, "lock")
    assert (fresh(scene.thread).state, fresh(scene.thread).slow_minutes) == ("locked", None)
    assert "Your thread was closed to new replies." in statement_of(sign_in, decision)
    assert revert(decision)
    assert (fresh(scene.thread).state, fresh(scene.thread).slow_minutes) == ("slow", 20)


def test_a_slow_thread_is_quick_again(act, revert, scene, opening_case):
    decision = act(opening_case, "slow", minutes="45")
    assert (fresh(scene.thread).state, fresh(scene.thread).slow_minutes) == ("slow", 45)
    assert revert(decision)
    assert (fresh(scene.thread).state, fresh(scene.thread).slow_minutes) == ("open", None)


def test_a_thread_that_moderators_treated_otherwise_since_stays_so(act, revert, scene, opening_case):
    decision = act(opening_case, "slow", minutes="45")
    Thread.objects.update(slow_minutes=10)
    assert not revert(decision)
    assert fresh(scene.thread).slow_minutes == 10


@pytest.mark.parametrize("minutes", ["", "0", "1441", "soon"])
def test_slowing_down_needs_minutes(act, scene, opening_case, minutes):
    act(opening_case, "slow", status=422, minutes=minutes)
    assert fresh(scene.thread).state == "open"


def test_content_notes_are_added_and_taken_away_and_those_of_the_author_stay(act, revert, scene, opening_case):
    Thread.objects.update(content_notes=["loss"])
    decision = act(opening_case, "notes", notes=["loss", "suicide"])
    assert fresh(scene.thread).content_notes == ["loss", "suicide"]
    assert revert(decision)
    assert fresh(scene.thread).content_notes == ["loss"]


def test_content_notes_that_were_added_since_keep_no_others(act, revert, scene, opening_case):
    first = act(opening_case, "notes", notes=["suicide"])
    act(factories.flag(scene.opening).case, "notes", notes=["loss"])
    assert revert(first)
    assert fresh(scene.thread).content_notes == ["loss"]


def test_of_two_decisions_that_are_taken_back_in_turn_nothing_is_left(act, scene, opening_case, other_moderator):
    slow = act(opening_case, "slow", minutes="45")
    lock = act(factories.flag(scene.opening).case, "lock")
    factories.withdrawn(slow, by=other_moderator)
    assert fresh(scene.thread).state == "locked"
    factories.withdrawn(lock, by=other_moderator)
    assert (fresh(scene.thread).state, fresh(scene.thread).slow_minutes) == ("open", None)


@pytest.mark.parametrize(("notes", "status"), [([], 422), (["sadness"], 422), (["loss"], 409)])
def test_content_notes_have_to_be_known_and_new(act, scene, opening_case, notes, status):
    Thread.objects.update(content_notes=["loss"])
    act(opening_case, "notes", status=status, notes=notes)
    assert fresh(scene.thread).content_notes == ["loss"]


def test_a_thread_is_moved_and_back(act, revert, scene, opening_case):
    board = factories.BoardFactory()
    decision = act(opening_case, "move", board=board.pk)
    assert fresh(scene.thread).board == board
    assert revert(decision)
    assert fresh(scene.thread).board == scene.board


@pytest.mark.parametrize(
    ("action", "options"),
    [("lock", {}), ("slow", {"minutes": "45"}), ("notes", {"notes": ["suicide"]}), ("move", None)],
)
def test_a_thread_that_the_decision_was_not_about_stays_as_it_is(act, revert, scene, opening_case, action, options):
    board = factories.BoardFactory()
    decision = act(opening_case, action, **({"board": board.pk} if options is None else options))
    became = fresh(scene.thread)
    alike = {name: getattr(became, name) for name in ("state", "slow_minutes", "content_notes", "board")}
    other = factories.ThreadFactory(**alike)
    Post.objects.filter(pk=scene.opening.pk).update(thread=other, number=70)
    assert not revert(decision)
    assert {name: getattr(fresh(other), name) for name in alike} == alike


def test_what_others_wrote_for_few_is_not_shown_to_more_by_moving_back(act, revert, scene, opening_case):
    type(scene.board).objects.filter(pk=scene.board.pk).update(audience="everyone")
    board = factories.BoardFactory(audience="members")
    decision = act(opening_case, "move", board=board.pk)
    factories.PostFactory(thread=fresh(scene.thread))
    assert not revert(decision)
    assert fresh(scene.thread).board == board


def test_where_more_people_could_read_it_somebody_has_to_say_that_this_is_right(act, scene, opening_case):
    board = factories.BoardFactory(audience="everyone")
    page = act(opening_case, "move", status=409, board=board.pk)
    assert "People who could not read it before will be able to." in words(page)
    act(opening_case, "move", board=board.pk, wider="on")
    assert fresh(scene.thread).board == board


def test_a_board_that_was_closed_meanwhile_brings_the_decision_back(
    decide, sign_in, moderator, scene, opening_case, monkeypatch
):
    board = factories.BoardFactory()
    monkeypatch.setattr(factories, "let_settle", lambda: 0)
    decide(moderator, opening_case, action="move", move_board=board.pk)
    monkeypatch.undo()
    board.is_archived = True
    board.save()
    factories.let_settle()
    page = words(sign_in(moderator).get(reverse("case", args=[opening_case.public_id])))
    assert "That board is closed." in page
    assert fresh(scene.thread).board == scene.board
    assert not Decision.objects.exists()


@pytest.mark.parametrize("board", ["", "999999"])
def test_a_board_has_to_be_chosen(act, opening_case, board):
    act(opening_case, "move", status=422, board=board)


# --- what is offered ----------------------------------------------------------------------------------------


def keys(case):
    return [action.key for action in access.actions_for(case)]


def test_what_is_done_to_a_thread_is_offered_for_the_post_that_opens_it(case, opening_case):
    for key in ("notes", "lock", "slow", "move"):
        assert key in keys(opening_case)
        assert key not in keys(case)
    for key in ("approve", "edit", "hide", "remove", "warn"):
        assert key in keys(case)


@pytest.mark.parametrize(
    ("visibility", "offered"),
    [
        (Visibility.HELD, {"approve", "edit", "hide", "remove", "warn"}),
        (Visibility.HIDDEN, {"keep", "approve", "remove", "warn"}),
        (Visibility.REMOVED, {"keep", "approve"}),
        (Visibility.WITHDRAWN, {"keep", "hide", "remove", "warn"}),
    ],
)
def test_what_fits_the_state_is_offered(scene, case, visibility, offered):
    Post.objects.filter(pk=scene.reply.pk).update(visibility=visibility, withdrawn_at=factories.now())
    assert set(keys(case)) == offered


def test_only_the_fields_of_what_was_chosen_count(decide, moderator, scene, opening_case):
    # What stands in the fields of another choice does not matter, however wrong it is.
    wrong = {"slow_minutes": "never", "edit_body": "", "move_board": "999999"}
    assert decide(moderator, opening_case, action="warn", **wrong).status_code == 302
    assert Decision.objects.get().options == {}


def test_every_choice_has_its_fields_beside_it_without_javascript(sign_in, moderator, opening_case):
    factories.claimed(opening_case, by=moderator)
    page = sign_in(moderator).get(reverse("case", args=[opening_case.public_id]))
    for choice in soup(page).select(".choice"):
        key = choice.find("input", attrs={"name": "action"})["value"]
        for field in choice.select(".choice-more [name]"):
            assert field["name"].startswith(f"{key}_")
            # A browser must not insist on what belongs to another choice.
            assert not field.has_attr("required")
    assert len(soup(page).select(".choice-more")) == 4


def test_what_was_done_and_what_it_needs_to_be_taken_back_is_kept(act, case):
    decision = act(case, "hide")
    assert decision.options == {"before": "visible"}
    assert AuditEntry.objects.filter(verb="decide:hide").count() == 1
