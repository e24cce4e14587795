"""Words that are not posted yet are kept, by the server and for their writer alone."""

import re
from functools import partial
from uuid import uuid4

import pytest
from django.urls import reverse

from forums import access
from forums.models import Board, Draft, Post, SupportType, Thread
from forums.services import drafts, moving, posts
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, value_of, words


@pytest.fixture
def saving(sign_in, other_member, scene):
    """What static/js/draft.js sends while `other_member` writes a reply in the scene's thread."""

    def save(body="Half a thought", *, author=other_member, thread=scene.thread, sequence=0, **fields):
        address = reverse("save_reply", args=[thread.public_id])
        return sign_in(author).post(address, {"body": body, "sequence": sequence, **fields})

    return save


@pytest.fixture
def reply_page(scene):
    return reverse("reply", args=[scene.thread.public_id])


def kept() -> list[str]:
    return list(Draft.objects.order_by("pk").values_list("body", flat=True))


# --- saving while somebody types


def test_a_save_says_which_one_it_was_and_when(saving, other_member, scene):
    answer = saving("Half a thought", reply_to="2").json()
    draft = Draft.objects.get()
    assert answer == {"sequence": draft.sequence, "saved": answer["saved"], "newer": False}
    assert re.fullmatch(r"\d\d:\d\d (GMT|BST)", answer["saved"])
    assert (draft.member, draft.thread, draft.body, draft.fields) == (
        other_member,
        scene.thread,
        "Half a thought",
        {"reply_to": 2},
    )


def test_each_save_builds_on_the_one_before(saving):
    first = saving("Half a").json()["sequence"]
    second = saving("Half a thought", sequence=first).json()["sequence"]
    assert second == first + 1
    assert kept() == ["Half a thought"]


def test_a_stale_tab_overwrites_nothing_and_is_given_the_newer_words(saving):
    first = saving("Begun on the phone").json()["sequence"]
    newest = saving("Begun on the phone, written on", sequence=first).json()["sequence"]
    for stale in (first, 0):
        answer = saving("An old tab", sequence=stale)
        assert answer.status_code == 409
        assert answer.json() == {
            "stale": True,
            "sequence": newest,
            "fields": {"body": "Begun on the phone, written on"},
        }
    assert kept() == ["Begun on the phone, written on"]


def test_a_tab_that_is_older_than_the_whole_draft_overwrites_nothing(saving, sign_in, other_member):
    old = saving("The first draft").json()["sequence"]
    sign_in(other_member).post(reverse("delete_draft", args=[Draft.objects.get().public_id]))
    saving("Another draft, begun afresh")
    assert saving("From the old tab", sequence=old).status_code == 409
    assert kept() == ["Another draft, begun afresh"]


def test_the_same_save_sent_twice_is_one(saving):
    first = saving("Half a thought").json()
    assert saving("Half a thought").json() == first
    again = saving("Half a thought, and more", sequence=first["sequence"]).json()
    assert saving("Half a thought, and more", sequence=first["sequence"]).json() == again
    assert kept() == ["Half a thought, and more"]


@pytest.mark.parametrize("nothing", ["", "  \r\n", "\u200b"])
def test_an_emptied_draft_is_gone(saving, nothing):
    sequence = saving("Not like this").json()["sequence"]
    assert saving(nothing, sequence=sequence).json() == {"sequence": 0, "saved": None, "newer": False}
    assert kept() == []


def test_an_empty_stale_tab_throws_nothing_away(saving):
    saving("Half a thought")
    assert saving("").status_code == 409
    assert kept() == ["Half a thought"]


def test_words_of_twice_the_longest_post_are_kept_and_longer_ones_hear_how_long_they_are(saving):
    assert saving("x" * 40_000).status_code == 200
    sequence = Draft.objects.get().sequence
    answer = saving("x" * 40_001, sequence=sequence)
    assert answer.status_code == 422
    assert answer.json()["problem"].startswith("This is 40001 characters long; a draft holds 40000.")
    assert [len(body) for body in kept()] == [40_000]


def test_what_a_database_cannot_hold_is_left_out(saving, sign_in, member, scene):
    assert saving("a\0b\r\nc").status_code == 200
    assert kept() == ["ab\nc"]
    address = reverse("save_thread", args=[scene.board.slug])
    assert sign_in(member).post(address, {"title": "x\0" * 5000, "support_type": "\0"}).status_code == 200
    assert len(Draft.objects.get(board=scene.board).fields["title"]) < 1000


@pytest.mark.parametrize("odd", ["-1", "x", "9" * 40, "\u0663"])
def test_a_sequence_that_is_none_counts_as_the_first_save(saving, odd):
    assert saving(sequence=odd, submission=odd).status_code == 200


def test_nobody_has_drafts_without_end(saving, sign_in, other_member, monkeypatch):
    monkeypatch.setattr("forums.services.drafts.AT_MOST", 2)
    thread = factories.ThreadFactory()
    begun = factories.DraftFactory(member=other_member, thread=thread)
    factories.DraftFactory(member=other_member, thread=factories.ThreadFactory())
    answer = saving("One more")
    assert answer.status_code == 422
    assert answer.json()["problem"].startswith("You have 2 drafts, and more are not kept.")
    address = reverse("reply", args=[thread.public_id])
    page = sign_in(other_member).post(
        address, {"body": "The same one, longer", "sequence": begun.sequence, "save": "1"}
    )
    assert page.status_code == 302
    elsewhere = reverse("reply", args=[factories.ThreadFactory().public_id])
    refused = sign_in(other_member).post(elsewhere, {"body": "One more", "save": "1"})
    assert refused.status_code == 422
    assert value_of(refused, "body") == "One more"


def test_a_page_that_was_open_while_its_thread_was_joined_goes_on_saving(saving, moderator, other_member, scene):
    into = factories.ThreadFactory()
    begun = saving("Half a thought", reply_to="2", seen="2").json()
    version = access.thread_version(Thread.objects.get(pk=scene.thread.pk))
    moving.merge_threads(actor=moderator, thread=scene.thread, into=into, reason="x", version=version)
    saved = saving("A whole thought", sequence=begun["sequence"], reply_to="2", seen="2")
    assert saved.status_code == 200
    assert saved.json()["newer"] is False
    kept_there = Draft.objects.get(member=other_member)
    assert (kept_there.thread, kept_there.body, kept_there.fields) == (into, "A whole thought", {"reply_to": 3})


def test_the_drafts_stand_beside_what_else_is_ones_own(sign_in, other_member):
    tabs = soup(sign_in(other_member).get(reverse("drafts"))).find("nav", class_="tabs")
    assert tabs.find("a", attrs={"aria-current": "page"}).get_text() == "Drafts"


def test_nobody_saves_without_end(saving, monkeypatch):
    monkeypatch.setattr("forums.views.drafts.SAVES_AN_HOUR", 2)
    assert [saving().status_code for _ in range(3)] == [200, 200, 429]


def test_the_answer_says_when_others_have_written_meanwhile(saving, scene, member, other_member, blocked):
    factories.PostFactory(thread=scene.thread, author=other_member)
    factories.PostFactory(thread=scene.thread, author=member, visibility="held")
    assert saving(seen=2).json()["newer"] is False
    factories.PostFactory(thread=scene.thread, author=factories.MemberFactory())
    answer = saving(seen=2).json()
    assert answer["newer"] is True
    assert answer["newer_at"] == f"{scene.thread.get_absolute_url()}#post-5"
    assert saving(seen=5).json()["newer"] is False


def test_a_blocked_persons_reply_is_not_announced_while_one_types(saving, scene, other_member):
    thorn = factories.BlockFactory(blocker=other_member).blocked
    factories.PostFactory(thread=scene.thread, author=thorn)
    assert saving(seen=2).json()["newer"] is False


# --- who may


def test_only_who_can_see_the_thread_can_keep_words_for_it(saving, scene, blocked, moderator):
    assert saving(author=blocked).status_code == 404
    Board.objects.update(audience="staff")
    assert saving().status_code == 404
    assert saving(author=moderator).status_code == 200
    assert kept() == ["Half a thought"]


def test_only_who_can_see_the_board_can_keep_a_thread_for_it(sign_in, member, moderator):
    address = reverse("save_thread", args=[factories.BoardFactory(audience="staff").slug])
    assert sign_in(member).post(address, {"body": "x"}).status_code == 404
    assert sign_in(moderator).post(address, {"body": "x"}).status_code == 200


def test_a_visitor_saves_nothing(visitor, scene):
    for address in (
        reverse("save_reply", args=[scene.thread.public_id]),
        reverse("save_thread", args=[scene.board.slug]),
    ):
        assert visitor.post(address, {"body": "x"}).headers["Location"].startswith("/accounts/login/")
    assert kept() == []


def test_a_page_that_somebody_else_opened_saves_nothing(saving, sign_in, other_member, member, reply_page):
    writer = value_of(sign_in(other_member).get(reply_page), "writer")
    answer = saving("Words of birch", author=member, writer=writer)
    assert (answer.status_code, answer.json()) == (409, {"other": True})
    assert saving("Words of birch", writer=writer).status_code == 200
    assert kept() == ["Words of birch"]


def test_who_is_here_is_told_without_a_name(sign_in, other_member, reply_page):
    browser = sign_in(other_member)
    answer = browser.get(reverse("draft_who")).json()
    assert answer["writer"] == value_of(browser.get(reply_page), "writer")
    assert "birch" not in str(answer)


def test_a_closed_thread_still_keeps_a_draft(saving, scene):
    Thread.objects.update(state="locked")
    assert saving().status_code == 200


def test_who_may_not_post_may_still_write_a_draft(saving, silenced):
    assert saving(author=silenced).status_code == 200


# --- going on


def test_a_reply_is_gone_on_with_below_the_thread_and_on_its_own_page(saving, sign_in, other_member, scene, reply_page):
    sequence = saving("Half a thought", reply_to="2").json()["sequence"]
    for address in (scene.thread.get_absolute_url(), reply_page):
        page = sign_in(other_member).get(address)
        assert value_of(page, "body") == "Half a thought"
        assert value_of(page, "reply_to") == "2"
        assert value_of(page, "sequence") == str(sequence)
        assert "Your draft is here." in words(page)
    elsewhere = factories.ThreadFactory()
    assert value_of(sign_in(other_member).get(elsewhere.get_absolute_url()), "body") == ""


def test_a_thread_is_gone_on_with_all_its_choices(sign_in, member):
    board = factories.BoardFactory()
    begun = {
        "title": "Mornings",
        "body": "How do you begin?",
        "support_type": "ideas",
        "content_notes": ["loss", "eating"],
        "anonymous": "on",
        "no_reply_needed": "on",
    }
    browser = sign_in(member)
    assert browser.post(reverse("save_thread", args=[board.slug]), begun).status_code == 200
    page = browser.get(reverse("new_thread", args=[board.slug]))
    assert value_of(page, "title") == "Mornings"
    assert value_of(page, "body") == "How do you begin?"
    assert value_of(page, "support_type") == ["ideas"]
    assert sorted(value_of(page, "content_notes")) == ["eating", "loss"]
    for box in ("anonymous", "no_reply_needed"):
        assert soup(page).find(attrs={"name": box}).has_attr("checked")


def test_a_title_alone_is_a_draft_and_a_choice_alone_is_none(sign_in, member):
    address = reverse("save_thread", args=[factories.BoardFactory().slug])
    sign_in(member).post(address, {"support_type": "ideas", "body": ""})
    assert kept() == []
    sign_in(member).post(address, {"title": "Mornings", "body": ""})
    assert Draft.objects.get().fields == {"title": "Mornings"}


def test_one_draft_of_a_member_in_a_place(sign_in, member, saving, scene):
    saving("A reply")
    sign_in(member).post(reverse("save_reply", args=[scene.thread.public_id]), {"body": "Mine"})
    sign_in(member).post(reverse("save_thread", args=[scene.board.slug]), {"body": "A thread"})
    assert sorted(kept()) == ["A reply", "A thread", "Mine"]


# --- posting


def test_what_is_posted_is_no_draft_any_more(saving, sign_in, other_member, reply_page):
    sequence = saving("Half a").json()["sequence"]
    sign_in(other_member).post(reply_page, {"body": "Half a thought.", "sequence": sequence})
    assert kept() == []


def test_the_form_that_saved_without_hearing_of_it_leaves_no_draft(saving, sign_in, other_member, reply_page):
    submission = uuid4()
    saving("Half a thought", submission=submission)
    sign_in(other_member).post(reply_page, {"body": "Half a thought and more.", "submission": submission})
    assert kept() == []


def test_a_late_save_of_what_was_posted_brings_no_ghost_back(saving, sign_in, other_member, reply_page):
    submission = uuid4()
    sign_in(other_member).post(reply_page, {"body": "All of it.", "submission": submission})
    answer = saving("All of", submission=submission).json()
    assert answer["posted"] is True
    assert answer["submission"] != str(submission)
    assert kept() == []
    # Whoever goes on typing there writes something new, and that is kept.
    saving("All of it. And one thing more", submission=answer["submission"], sequence=answer["sequence"])
    assert kept() == ["All of it. And one thing more"]


def test_the_same_form_sent_twice_leaves_no_draft_either(saving, sign_in, other_member, reply_page):
    submission = uuid4()
    sent = {"body": "All of it.", "submission": submission}
    sign_in(other_member).post(reply_page, sent)
    Draft.objects.create(member=other_member, thread=Thread.objects.get(), body="All of", submission=submission)
    sign_in(other_member).post(reply_page, sent)
    assert kept() == []
    assert Post.objects.filter(author=other_member).count() == 2


def test_a_thread_that_is_posted_is_no_draft_any_more(sign_in, member):
    board = factories.BoardFactory()
    browser = sign_in(member)
    typed = {"title": "Mornings", "body": "How?", "support_type": "ideas", "submission": uuid4()}
    sequence = browser.post(reverse("save_thread", args=[board.slug]), typed).json()["sequence"]
    answer = browser.post(reverse("new_thread", args=[board.slug]), {**typed, "sequence": sequence})
    assert answer.status_code == 302
    assert kept() == []


def test_posting_from_a_stale_tab_posts_and_keeps_the_newer_words(saving, sign_in, other_member, reply_page):
    sequence = saving("Begun").json()["sequence"]
    saving("Begun, and written on elsewhere", sequence=sequence)
    page = sign_in(other_member).post(reply_page, {"body": "An old tab.", "sequence": sequence}, follow=True)
    assert Post.objects.latest("number").body == "An old tab."
    assert "Other words that you saved elsewhere meanwhile are in your drafts." in words(page)
    assert kept() == ["Begun, and written on elsewhere"]


def test_a_refused_reply_keeps_its_draft(saving, sign_in, other_member, reply_page):
    sequence = saving("Half a thought").json()["sequence"]
    Thread.objects.update(state="locked")
    assert sign_in(other_member).post(reply_page, {"body": "Half a thought", "sequence": sequence}).status_code == 409
    assert kept() == ["Half a thought"]


def test_a_save_and_its_post_at_the_same_instant_leave_no_draft(shared_database):
    thread, author = factories.ThreadFactory(), factories.MemberFactory()

    def save(submission):
        try:
            return drafts.save_draft(member=author, place=thread, body="All of it", submission=submission)
        except drafts.PostedAlreadyError:
            return None

    def reply(submission):
        posts.post_reply(author=author, thread=thread, body="All of it.", submission=submission)

    for mark in [uuid4() for _round in range(6)]:
        at_once(partial(save, mark), partial(reply, mark))
        assert kept() == []


def test_two_first_saves_at_the_same_instant_keep_one_and_tell_the_other(shared_database):
    thread, author = factories.ThreadFactory(), factories.MemberFactory()

    def save(body):
        try:
            return drafts.save_draft(member=author, place=thread, body=body).sequence
        except drafts.StaleDraftError as error:
            return error.newer.body

    first, second = at_once(lambda: save("one"), lambda: save("two"))
    assert len(kept()) == 1
    assert kept()[0] in (first, second)
    assert save("one") != save("two")


def test_a_draft_for_a_new_thread_survives_another_thread_in_that_board(sign_in, member):
    board = factories.BoardFactory()
    sign_in(member).post(reverse("save_thread", args=[board.slug]), {"title": "Mornings", "body": "How?"})
    posts.start_thread(author=member, board=board, title="x", body="Something else.", support_type=SupportType.WIN)
    assert kept() == ["How?"]


# --- without JavaScript


def test_the_save_button_keeps_the_words_and_brings_them_back(sign_in, other_member, reply_page):
    browser = sign_in(other_member)
    page = browser.post(reply_page, {"body": "Half a thought", "reply_to": "2", "save": "1"}, follow=True)
    assert "Your draft is saved." in words(page)
    assert value_of(page, "body") == "Half a thought"
    assert value_of(page, "reply_to") == "2"
    assert not Post.objects.filter(number=3).exists()


def test_the_save_button_asks_for_nothing_that_posting_asks_for(sign_in, member):
    address = reverse("new_thread", args=[factories.BoardFactory().slug])
    page = sign_in(member).post(address, {"body": "No title yet", "save": "1"}, follow=True)
    assert value_of(page, "body") == "No title yet"
    assert not soup(page).select(".error-summary")


def test_saving_from_a_stale_page_shows_both_words_and_lets_one_choose(saving, sign_in, other_member, reply_page):
    sequence = saving("Begun").json()["sequence"]
    newest = saving("Begun, and written on elsewhere", sequence=sequence).json()["sequence"]
    browser = sign_in(other_member)
    page = browser.post(reply_page, {"body": "An old tab", "sequence": sequence, "save": "1"})
    assert page.status_code == 409
    assert value_of(page, "body") == "An old tab"
    assert "Begun, and written on elsewhere" in soup(page).select_one(".draft-newer textarea").get_text()
    assert kept() == ["Begun, and written on elsewhere"]

    joined = browser.post(reply_page, {"body": "An old tab", "sequence": newest, "join": "1"})
    assert value_of(joined, "body") == "An old tab\n\nBegun, and written on elsewhere"
    assert kept() == ["Begun, and written on elsewhere"]

    chosen = {"body": value_of(page, "body"), "sequence": value_of(page, "sequence"), "save": "1"}
    assert browser.post(reply_page, chosen).status_code == 302
    assert kept() == ["An old tab"]


def test_the_save_button_says_when_it_was_posted_before(sign_in, other_member, reply_page):
    browser, submission = sign_in(other_member), uuid4()
    browser.post(reply_page, {"body": "All of it.", "submission": submission})
    page = browser.post(reply_page, {"body": "All of", "submission": submission, "save": "1"}, follow=True)
    assert "This was posted already" in words(page)
    assert kept() == []


def test_more_than_a_draft_holds_is_given_back_whole(sign_in, other_member, reply_page):
    page = sign_in(other_member).post(reply_page, {"body": "x" * 40_001, "save": "1"})
    assert page.status_code == 422
    assert "This is 40001 characters long; a draft holds 40000." in words(page)
    assert len(value_of(page, "body")) == 40_001


# --- the list


def test_the_list_shows_ones_own_drafts_the_newest_first(saving, sign_in, other_member, member, scene):
    saving("A reply that is not done")
    browser = sign_in(other_member)
    browser.post(reverse("save_thread", args=[scene.board.slug]), {"title": "Mornings", "body": "How?"})
    page = browser.get(reverse("drafts"))
    assert [row.h2.get_text() for row in soup(page).select(".draft-row")] == ["Mornings", scene.thread.title]
    assert "A reply that is not done" in words(page)
    links = [link["href"] for link in soup(page).select(".draft-row a.btn-secondary")]
    assert links == [
        reverse("new_thread", args=[scene.board.slug]),
        reverse("reply", args=[scene.thread.public_id]),
    ]
    assert "No drafts" in words(sign_in(member).get(reverse("drafts")))


def test_the_list_is_in_the_account_menu(sign_in, member):
    links = {link["href"] for link in soup(sign_in(member).get(reverse("drafts"))).select(".account a")}
    assert reverse("drafts") in links


@pytest.mark.parametrize("gone", ["blocked", "held", "board"])
def test_words_for_a_thread_that_is_out_of_sight_can_still_be_read_and_its_title_not(
    saving, sign_in, other_member, member, scene, gone
):
    saving("Only my own words")
    if gone == "blocked":
        factories.BlockFactory(blocker=member, blocked=other_member)
    elif gone == "held":
        Thread.objects.update(visibility="held")
    else:
        Board.objects.update(audience="staff")
    browser = sign_in(other_member)
    for page in (
        browser.get(reverse("drafts")),
        browser.get(reverse("draft", args=[Draft.objects.get().public_id])),
    ):
        assert "Only my own words" in page.text
        assert scene.thread.title not in page.text
        assert "Go on writing" not in page.text


def test_a_thread_for_a_board_that_is_out_of_sight_can_still_be_read(sign_in, member):
    board = factories.BoardFactory(title="The back room")
    sign_in(member).post(reverse("save_thread", args=[board.slug]), {"title": "Mornings", "body": "How?"})
    Board.objects.update(audience="staff")
    page = sign_in(member).get(reverse("drafts"))
    assert "How?" in page.text
    assert "The back room" not in page.text
    whole = sign_in(member).get(reverse("draft", args=[Draft.objects.get().public_id]))
    assert "Mornings" in whole.text


def test_a_draft_is_deleted_on_its_writers_wish(saving, sign_in, other_member):
    saving()
    address = reverse("delete_draft", args=[Draft.objects.get().public_id])
    page = sign_in(other_member).post(address, follow=True)
    assert "The draft is deleted." in words(page)
    assert kept() == []
    assert sign_in(other_member).post(address).status_code == 404


def test_nobody_else_reads_or_deletes_a_draft(saving, sign_in, member, moderator, admin, visitor):
    saving("Only for birch")
    draft = Draft.objects.get()
    for who in (member, moderator, admin):
        assert sign_in(who).get(reverse("draft", args=[draft.public_id])).status_code == 404
        assert sign_in(who).post(reverse("delete_draft", args=[draft.public_id])).status_code == 404
        assert "Only for birch" not in sign_in(who).get(reverse("drafts")).text
    assert visitor.get(reverse("draft", args=[draft.public_id])).status_code == 302
    assert kept() == ["Only for birch"]


def test_a_title_of_a_disguised_authors_thread_names_nobody(sign_in, other_member, member, saving):
    thread = factories.ThreadFactory(author=member, disguise=7)
    saving("For whoever wrote this", thread=thread)
    assert "alder" not in sign_in(other_member).get(reverse("drafts")).text


def test_the_list_has_pages_that_cost_the_same(sign_in, other_member, django_assert_num_queries):
    browser = sign_in(other_member)
    for thread in factories.ThreadFactory.create_batch(23):
        drafts.save_draft(member=other_member, place=thread, body="x")
    drafts.save_draft(member=other_member, place=thread.board, body="x")
    with django_assert_num_queries(1 + 3):  # who it is; drafts, threads, boards
        page = browser.get(reverse("drafts"))
    assert len(soup(page).select(".draft-row")) == 20
    with django_assert_num_queries(1 + 2):  # the same, and no board is among them
        second = browser.get(reverse("drafts") + soup(page).select_one(".pager a")["href"])
    assert len(soup(second).select(".draft-row")) == 4


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("> pebble wrote:\n>\n> A long line.\n\nYes, that.\n\n> And?\n\nAnd so on.", "Yes, that."),
        ("> pebble wrote:\n> All of it.", "> pebble wrote:"),
        ("A line with > in it", "A line with > in it"),
    ],
)
def test_the_list_begins_with_ones_own_words_and_not_with_what_is_quoted(saving, sign_in, other_member, body, shown):
    saving(body=body)
    told = soup(sign_in(other_member).get(reverse("drafts"))).find(class_="draft-words").get_text()
    assert told.startswith(shown)
    assert "A long line." not in told
