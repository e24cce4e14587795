"""Mending one's own words: without a mark at first, openly later, and never past a moderator."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from forums import access
from forums.models import Board, Post, PostRevision, Thread, Visibility
from forums.services import editing, search
from forums.views import editing as views
from moderation.models import Case
from tests import factories
from tests.at_once import at_once
from tests.pages import anyway, post, soup, value_of, words

GOODBYE = "This is goodbye, everyone. Thank you for reading."


@pytest.fixture
def old(scene):
    """A reply by `other_member` that was posted ten minutes ago."""
    return aged(scene.reply)


def aged(written, minutes=10):
    at = timezone.now() - dt.timedelta(minutes=minutes)
    Post.objects.filter(pk=written.pk).update(created_at=at)
    written.refresh_from_db()
    return written


def address(written):
    return reverse("post_edit", args=[written.public_id])


def history(written):
    return reverse("post_history", args=[written.public_id])


@pytest.fixture
def edit(sign_in, other_member):
    def send(written, body, author=other_member, **fields):
        fields.setdefault("version", Post.objects.get(pk=written.pk).version)
        return anyway(sign_in(author), address(written), {"body": body, **fields})

    return send


def words_of(written):
    return Post.objects.values_list("body", "body_html").get(pk=written.pk)


# --- who may


def test_the_form_holds_what_stands_there(sign_in, other_member, scene):
    page = sign_in(other_member).get(address(scene.reply))
    assert value_of(page, "body") == "I know that kind of week."
    assert soup(page).find(attrs={"name": "title"}) is None


def test_an_author_changes_their_words(edit, scene):
    answer = edit(scene.reply, "I know that kind of *month*.")
    assert answer.headers["Location"] == f"{scene.thread.get_absolute_url()}#post-2"
    assert words_of(scene.reply) == (
        "I know that kind of *month*.",
        "<p>I know that kind of <em>month</em>.</p>\n",
    )


def test_who_can_read_a_post_and_did_not_write_it_may_not_change_it(edit, sign_in, member, moderator, scene):
    for somebody in (member, moderator):
        assert sign_in(somebody).get(address(scene.reply)).status_code == 403
        assert edit(scene.reply, "Mine now.", author=somebody).status_code == 403
    assert words_of(scene.reply)[0] == "I know that kind of week."


def test_who_cannot_see_a_post_hears_nothing_of_it(edit, blocked, scene):
    assert edit(scene.opening, "Mine now.", author=blocked).status_code == 404


@pytest.mark.parametrize("state", [Visibility.HIDDEN, Visibility.REMOVED, Visibility.WITHDRAWN])
def test_words_that_are_not_there_are_not_opened_for_editing(sign_in, other_member, scene, state):
    Post.objects.filter(pk=scene.reply.pk).update(visibility=state, withdrawn_at=timezone.now())
    assert sign_in(other_member).get(address(scene.reply)).status_code == 404


def test_words_for_a_post_that_was_hidden_meanwhile_come_back(edit, scene):
    Post.objects.filter(pk=scene.reply.pk).update(visibility=Visibility.HIDDEN)
    page = edit(scene.reply, "I put it better now.")
    assert page.status_code == 409
    assert "A moderator has hidden this post meanwhile" in words(page)
    assert value_of(page, "body") == "I put it better now."
    assert words_of(scene.reply)[0] == "I know that kind of week."


@pytest.mark.parametrize("closing", ["locked", "archived", "board"])
def test_in_a_closed_thread_nothing_is_changed_and_the_words_come_back(edit, scene, closing):
    if closing == "board":
        Board.objects.update(is_archived=True)
    else:
        Thread.objects.update(state=closing)
    page = edit(scene.reply, "I put it better now.")
    assert page.status_code == 409
    assert "This thread is closed, so your post was not changed." in words(page)
    assert value_of(page, "body") == "I put it better now."


def test_who_may_not_post_may_not_edit_and_keeps_the_words(edit, silenced, scene):
    theirs = factories.PostFactory(thread=scene.thread, author=silenced)
    page = edit(theirs, "What I meant was", author=silenced)
    assert page.status_code == 409
    assert "You cannot post until" in words(page)
    assert value_of(page, "body") == "What I meant was"


def test_slow_mode_does_not_keep_anybody_from_mending(edit, scene):
    Thread.objects.update(state="slow", slow_minutes=60)
    assert edit(scene.reply, "Mended.").status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "There are no words yet."), ("\u200b", "There are no words yet."), ("x" * 20_001, "20001 characters long")],
)
def test_what_cannot_be_posted_cannot_be_edited_in_either(edit, scene, typed, sentence):
    page = edit(scene.reply, typed)
    assert page.status_code == 422
    assert sentence in words(page)
    assert words_of(scene.reply)[0] == "I know that kind of week."


def test_an_edit_typed_after_the_session_ended_waits_for_the_sign_in(visitor, sign_in, other_member, scene):
    form = soup(sign_in(other_member).get(address(scene.reply))).find(id="edit").find("form")
    typed = {field["name"]: field.get("value", "") for field in form.select("input[name]")} | {"body": "Half a page."}
    sign_in_page = visitor.post(address(scene.reply), typed).headers["Location"]
    page = visitor.post(sign_in_page, {"login": other_member.username, "password": factories.PASSWORD}, follow=True)
    assert value_of(page, "body") == "Half a page."
    assert value_of(page, "version") == "1"
    assert words_of(scene.reply)[0] == "I know that kind of week."


def test_a_preview_changes_nothing(edit, scene):
    page = edit(scene.reply, "I know that **month**.", preview="1")
    assert "<strong>month</strong>" in page.text
    assert value_of(page, "body") == "I know that **month**."
    assert words_of(scene.reply)[0] == "I know that kind of week."


# --- what readers see of it


def test_a_slip_that_is_mended_at_once_shows_no_mark(edit, sign_in, member, moderator, scene):
    edit(scene.reply, "I know that kind of weak.")
    assert "edited" not in post(sign_in(member).get(scene.thread.get_absolute_url()), 2).get_text()
    assert "There are no earlier versions to see" in words(sign_in(member).get(history(scene.reply)))
    for_moderators = sign_in(moderator).get(history(scene.reply))
    assert soup(for_moderators).find("del").get_text() == "[removed: week]"
    assert "Only its author and moderators see this one" in words(for_moderators)


def test_a_later_change_is_marked_and_leads_to_the_earlier_words(edit, sign_in, member, scene, old):
    edit(old, "I know that kind of month.")
    card = post(sign_in(member).get(scene.thread.get_absolute_url()), 2)
    assert card.find("a", href=history(old)).get_text().startswith("edited")
    page = sign_in(member).get(history(old))
    assert soup(page).find("del").get_text().strip() == "[removed: week]"
    assert soup(page).find("ins").get_text().strip() == "[added: month]"


def test_what_readers_never_saw_for_long_stays_out_of_the_history(edit, sign_in, member, scene):
    edit(scene.reply, "A name that was a slip.")
    aged(scene.reply)
    edit(scene.reply, "Without the name.")
    page = words(sign_in(member).get(history(scene.reply)))
    assert "slip" in page
    assert "kind of week" not in page


def test_each_version_is_compared_with_the_next(edit, sign_in, member, old):
    for body in ("the night of two", "the night of three", "the night of four"):
        edit(old, body)
    changes = soup(sign_in(member).get(history(old))).find_all(class_="change")
    pairs = [(change.find("del").get_text(), change.find("ins").get_text()) for change in changes[:2]]
    assert pairs == [("[removed: three]", "[added: four]"), ("[removed: two]", "[added: three]")]


def test_a_long_history_has_pages_that_go_on_where_the_last_one_ended(edit, sign_in, member, old):
    for number in range(access.VERSIONS_A_PAGE + 2):
        edit(old, f"version {number}")
    page = sign_in(member).get(history(old))
    assert len(soup(page).find_all(class_="change")) == access.VERSIONS_A_PAGE
    second = sign_in(member).get(history(old) + soup(page).find("a", rel="next")["href"])
    first_there = soup(second).find(class_="change")
    assert first_there.find("del").get_text() == "[removed: 0]"
    assert first_there.find("ins").get_text() == "[added: 1]"


def test_revisions_keep_when_their_words_were_written(edit, old):
    edit(old, "second")
    edit(old, "third")
    first, second = PostRevision.objects.order_by("version")
    assert (first.body, first.written_at) == ("I know that kind of week.", old.created_at)
    assert (second.body, second.written_at) == ("second", first.replaced_at)


@pytest.mark.parametrize("state", [Visibility.HIDDEN, Visibility.REMOVED, Visibility.WITHDRAWN])
def test_the_history_goes_with_the_words(edit, sign_in, member, other_member, moderator, old, state):
    edit(old, "Something else.")
    Post.objects.filter(pk=old.pk).update(visibility=state, withdrawn_at=timezone.now())
    of_moderators = 404 if state == Visibility.REMOVED else 200
    for reader, status in ((member, 404), (other_member, 404), (moderator, of_moderators)):
        assert sign_in(reader).get(history(old)).status_code == status


def test_a_blocked_person_reads_no_history(edit, sign_in, member, blocked, scene):
    aged(scene.opening)
    edit(scene.opening, "Something else.", author=member, title=scene.thread.title)
    assert sign_in(blocked).get(history(scene.opening)).status_code == 404


def test_visitors_read_the_history_where_they_read_the_post(edit, visitor, old):
    edit(old, "Something else.")
    assert visitor.get(history(old)).status_code == 302
    Board.objects.update(audience="everyone")
    assert "Something else." in visitor.get(history(old)).text


def test_a_folded_thread_folds_its_history_too(edit, sign_in, member, newcomer, old):
    edit(old, "Something else.")
    Thread.objects.update(content_notes=["suicide"])
    assert sign_in(newcomer).get(history(old)).headers["Location"].endswith("#post-2")
    assert sign_in(member).get(history(old)).status_code == 200


def test_versions_that_are_costly_to_compare_are_shown_one_after_the_other(edit, sign_in, member, old):
    for mark in "abc":
        edit(old, "\n".join(f"{number} stays" if number % 2 else f"{number} {mark}" for number in range(1_500)))
    newest = soup(sign_in(member).get(history(old))).find(class_="change")
    assert len(newest.find_all("del")) == len(newest.find_all("ins")) == 1


def test_nobody_compares_versions_without_end(edit, sign_in, visitor, member, newcomer, old, monkeypatch):
    monkeypatch.setattr(views, "LOOKS_BACK_AN_HOUR", 1)
    edit(old, "Something else.")
    Board.objects.update(audience="everyone")
    for reader in (sign_in(member), visitor):
        assert reader.get(history(old)).status_code == 200
        page = reader.get(history(old))
        assert page.status_code == 429
        assert "you could look again a little later" in words(page)
    assert sign_in(newcomer).get(history(old)).status_code == 200
    assert visitor.get(history(old), REMOTE_ADDR="192.0.2.7").status_code == 200


def test_an_anonymous_author_stays_so_in_the_history(edit, sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member, disguise=7)
    opening = aged(thread.posts.get())
    edit(opening, "It has been a very long week.", author=member, title=thread.title)
    page = sign_in(other_member).get(history(opening))
    assert access.author_of(thread).name in words(page)
    assert member.username not in page.text


def test_an_edit_whose_thread_went_out_of_sight_gives_the_words_back(edit, sign_in, other_member, member, scene):
    factories.BlockFactory(blocker=member, blocked=other_member)
    page = edit(scene.reply, "All my better words.")
    assert page.status_code == 404
    assert "This was not posted" in words(page)
    assert soup(page).find("textarea").get_text().strip() == "All my better words."
    assert scene.thread.title not in page.text
    assert words_of(scene.reply)[0] == "I know that kind of week."
    assert sign_in(other_member).get(address(scene.reply)).status_code == 404


# --- nothing is overwritten, nothing slips through


def test_nothing_changed_is_said_and_keeps_nothing(edit, old):
    page = edit(old, "I know that kind of week.  ")
    assert page.status_code == 302
    assert not PostRevision.objects.exists()
    old.refresh_from_db()
    assert (old.version, old.edited_at) == (1, None)


def test_the_same_edit_sent_twice_is_one_edit(edit, old):
    for _press in range(2):
        assert edit(old, "Once.", version=1).status_code == 302
    assert PostRevision.objects.count() == 1


def test_of_two_tabs_the_second_overwrites_nothing_and_keeps_its_words(edit, old):
    edit(old, "From the first tab.", version=1)
    page = edit(old, "From the second tab.", version=1)
    assert page.status_code == 409
    assert "You changed this post in another tab or on another device meanwhile." in words(page)
    assert "From the first tab." in soup(page).find(class_="as-typed").get_text()
    assert value_of(page, "body") == "From the second tab."
    assert words_of(old)[0] == "From the first tab."
    edit(old, value_of(page, "body"), version=value_of(page, "version"))
    assert words_of(old)[0] == "From the second tab."
    assert list(PostRevision.objects.order_by("version").values_list("body", flat=True)) == [
        "I know that kind of week.",
        "From the first tab.",
    ]


@pytest.mark.parametrize("odd", ["", "0", "abc", "99", "-1", "9" * 30])
def test_a_form_that_does_not_say_what_it_is_made_from_overwrites_nothing(edit, old, odd):
    assert edit(old, "Blind.", version=odd).status_code == 409
    assert words_of(old)[0] == "I know that kind of week."


def test_of_two_edits_at_the_same_instant_one_wins_and_the_other_is_told(shared_database):
    reply = factories.PostFactory()

    def change(body):
        def verb():
            try:
                return editing.edit_post(author=reply.author, post=reply, version=1, body=body)
            except access.EditedMeanwhileError:
                return "told"

        return verb

    assert sorted(map(str, at_once(change("first"), change("second")))) == ["True", "told"]
    assert PostRevision.objects.count() == 1


def test_words_that_may_be_a_goodbye_wait_for_a_moderator_also_as_an_edit(edit, sign_in, member, scene):
    edit(scene.reply, GOODBYE)
    scene.reply.refresh_from_db()
    assert scene.reply.visibility == Visibility.HELD
    case = Case.objects.get()
    assert (case.subject_id, case.priority) == (scene.reply.pk, 1)
    assert case.signals.get().snapshot == GOODBYE
    assert GOODBYE not in sign_in(member).get(scene.thread.get_absolute_url()).text


def test_a_thread_whose_only_answer_is_held_by_an_edit_waits_again(edit, scene):
    edit(scene.reply, GOODBYE)
    scene.thread.refresh_from_db()
    assert scene.thread.answered_at is None
    assert scene.thread.author_wrote_last


def test_an_opening_post_that_is_held_by_an_edit_takes_its_thread_along(edit, sign_in, member, other_member, scene):
    edit(scene.opening, GOODBYE, author=member, title=scene.thread.title)
    assert sign_in(other_member).get(scene.thread.get_absolute_url()).status_code == 404
    assert sign_in(member).get(scene.thread.get_absolute_url()).status_code == 200


def test_nobody_edits_their_way_out_of_being_held(edit, scene):
    edit(scene.reply, GOODBYE)
    edit(scene.reply, "All is well.")
    scene.reply.refresh_from_db()
    assert (scene.reply.visibility, scene.reply.body) == (Visibility.HELD, "All is well.")
    assert Case.objects.get().state == Case.State.OPEN


def test_words_that_were_held_are_in_nobodys_history(edit, sign_in, member, scene, old):
    edit(old, GOODBYE)
    edit(old, "I am sorry for the scare.")
    Post.objects.filter(pk=old.pk).update(visibility=Visibility.VISIBLE)
    page = sign_in(member).get(history(old))
    assert "kind of week" in page.text
    assert "goodbye" not in page.text


def test_a_moderator_who_is_about_to_decide_is_told_that_the_words_changed(edit, sign_in, moderator, scene):
    case = factories.flag(scene.reply).case
    browser = sign_in(moderator)
    browser.post(reverse("claim", args=[case.public_id]))
    edit(scene.reply, "Rather harmless words.")
    form = {"action": "hide", "reason": "Unkind.", "rule": factories.RuleFactory().pk, "version": case.version}
    page = browser.post(reverse("decide", args=[case.public_id]), form)
    assert page.status_code == 409
    assert "Something new arrived in this case" in words(page)


def test_a_refused_edit_opens_no_case(edit, scene):
    Thread.objects.update(state="locked")
    edit(scene.reply, GOODBYE)
    assert not Case.objects.exists()


def test_on_a_board_that_reads_first_an_edit_is_read_first_too(edit, scene):
    Board.objects.update(hold_first="all")
    edit(scene.reply, "Quite something else.")
    scene.reply.refresh_from_db()
    assert scene.reply.visibility == Visibility.HELD


# --- the opening post and its title


def test_the_opening_post_comes_with_its_title(edit, sign_in, member, other_member, scene):
    page = sign_in(member).get(address(scene.opening))
    assert value_of(page, "title") == scene.thread.title
    old_address = scene.thread.get_absolute_url()
    edit(scene.opening, "It has been a long year.", author=member, title="A long year")
    scene.thread.refresh_from_db()
    assert (scene.thread.title, scene.thread.slug) == ("A long year", "a-long-year")
    assert sign_in(other_member).get(old_address).headers["Location"] == scene.thread.get_absolute_url()


def test_a_new_title_alone_is_a_change_and_shows_in_the_history(edit, sign_in, member, other_member, scene):
    aged(scene.opening)
    before = scene.thread.title
    edit(scene.opening, scene.opening.body, author=member, title="A long year")
    page = sign_in(other_member).get(history(scene.opening))
    assert PostRevision.objects.get().title == before
    assert "A long year" in soup(page).find(class_="changes-title").get_text()


def test_a_title_is_screened_like_the_words(edit, member, scene):
    edit(scene.opening, scene.opening.body, author=member, title="This is goodbye, everyone")
    scene.thread.refresh_from_db()
    assert scene.thread.visibility == Visibility.HELD
    assert "goodbye" in Case.objects.get().signals.get().snapshot


@pytest.mark.parametrize("title", ["", "  ", "x" * 121])
def test_a_title_that_is_none_gives_everything_back(edit, member, scene, title):
    page = edit(scene.opening, "Other words.", author=member, title=title)
    assert page.status_code == 422
    assert value_of(page, "body") == "Other words."


def test_the_title_of_a_thread_is_not_changed_from_a_reply(edit, scene):
    before = scene.thread.title
    edit(scene.reply, "Something.", title="Mine now")
    scene.thread.refresh_from_db()
    assert scene.thread.title == before


def test_search_finds_what_stands_there_and_not_what_stood_there(edit, sign_in, member, scene):
    search.index_post(scene.reply)
    edit(scene.reply, "About lighthouses.")
    found = [sign_in(member).get(reverse("search"), {"q": word}).text for word in ("lighthouses", "week")]
    assert [f"#post-{scene.reply.number}" in page or str(scene.reply.public_id) in page for page in found] == [
        True,
        False,
    ]


def test_a_form_sent_again_after_its_post_was_mended_still_posts_nothing_twice(edit, sign_in, other_member, scene):
    reply = reverse("reply", args=[scene.thread.public_id])
    form = {"body": "I was there, to.", "submission": "019a0000-0000-7000-8000-000000000001"}
    sign_in(other_member).post(reply, form)
    mine = Post.objects.get(body="I was there, to.")
    edit(mine, "I was there, too.")
    assert sign_in(other_member).post(reply, form).headers["Location"].endswith("#post-3")
    assert Post.objects.filter(thread=scene.thread).count() == 3
