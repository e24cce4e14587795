"""Boards as administrators plan them, and what their rules do to those who write there."""

import pytest
from django.urls import reverse

from forums import access
from forums.models import Board, Post, Thread
from forums.services import boards
from moderation.models import AuditEntry, Case
from tests import factories
from tests.at_once import at_once
from tests.pages import numbers, post, soup, titles, value_of, words

NEW = {
    "title": "Small hours",
    "slug": "",
    "purpose": "For those who cannot sleep.",
    "guidelines": "A short line is a whole reply here.",
    "audience": "members",
    "starters": "members",
    "hold_first": "never",
}
THREAD = {"support_type": "listening", "title": "Another grey morning", "body": "I got up and that was all."}


@pytest.fixture
def managing(sign_in, admin):
    """An administrator's browser."""
    return sign_in(admin)


def changing(browser, board, **changes):
    """Send the form of `board` as it is shown now, with these changes. None takes a field out."""
    address = reverse("manage_board", args=[board.slug])
    page = browser.get(address)
    names = {field["name"] for field in soup(page).select("main form [name]")} - {"csrfmiddlewaretoken", "writer"}
    form = {name: value_of(page, name) for name in names} | changes
    return browser.post(address, {name: value for name, value in form.items() if value is not None})


def order(browser):
    return [link.get_text() for link in soup(browser.get(reverse("manage_boards"))).select(".manage-row h2 a")]


# --- making one


def test_an_administrator_makes_a_board_and_members_find_it(managing, sign_in, member, admin):
    answer = managing.post(reverse("manage_board_new"), NEW | {"content_notes": ["loss", "eating"]}, follow=True)
    assert "“Small hours” is there." in words(answer)
    made = Board.objects.get()
    assert (made.slug, made.content_notes) == ("small-hours", ["loss", "eating"])
    assert "For those who cannot sleep." in words(sign_in(member).get(reverse("boards")))
    composer = sign_in(member).get(reverse("new_thread", args=["small-hours"]))
    assert "A short line is a whole reply here." in words(composer)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.details["board"]) == (admin, "board-create", "small-hours")
    assert entry.details["values"]["purpose"] == NEW["purpose"]


def test_a_new_board_stands_last(managing):
    factories.BoardFactory(title="First", position=4)
    managing.post(reverse("manage_board_new"), NEW)
    assert order(managing) == ["First", "Small hours"]


def test_the_very_first_board_can_be_made(managing):
    assert "No boards yet" in words(managing.get(reverse("manage_boards")))
    assert managing.post(reverse("manage_board_new"), NEW).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "A board needs a title."),
        ({"title": " \u200b"}, "A board needs a title."),
        ({"title": "x" * 81}, "at most 80 characters"),
        ({"purpose": ""}, "Say in a sentence who this board is for."),
        ({"title": "Новости"}, "An address needs some letters from a to z or numbers."),
        ({"slug": "new"}, "The site uses this address itself."),
        ({"slug": "NEW"}, "The site uses this address itself."),
        ({"slug": "taken"}, "This address belongs to another board."),
        ({"title": "Taken"}, "This address belongs to another board."),
        ({"audience": "nobody"}, "Select a valid choice"),
        ({"content_notes": ["weather"]}, "weather is not one of the available choices"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_lost(managing, wrong, sentence):
    factories.BoardFactory(slug="taken")
    answer = managing.post(reverse("manage_board_new"), NEW | wrong)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert value_of(answer, "guidelines") == NEW["guidelines"]
    assert Board.objects.count() == 1
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("typed", "address"), [("Late & quiet", "late-quiet"), ("-a_b-", "a_b"), ("x" * 50, "x" * 50)])
def test_what_is_typed_as_the_address_becomes_one(managing, typed, address):
    managing.post(reverse("manage_board_new"), NEW | {"slug": typed})
    assert Board.objects.get().slug == address


def test_of_two_boards_made_at_once_with_one_address_one_is_made(shared_database):
    actor = factories.MemberFactory(is_staff=True)

    def make():
        try:
            return boards.create_board(actor=actor, values={"title": "Twice", "slug": "twice", "purpose": "x"}).slug
        except access.SlugTakenError:
            return "taken"

    assert sorted(at_once(make, make)) == ["taken", "twice"]
    assert AuditEntry.objects.count() == 1


# --- changing one


def test_a_change_is_saved_and_logged_with_what_was_there_before(managing, admin):
    board = factories.BoardFactory(title="Nights", purpose="Old.", content_notes=["loss"])
    assert changing(managing, board, purpose="New.", content_notes=["loss", "abuse"]).status_code == 302
    board.refresh_from_db()
    assert (board.purpose, board.content_notes) == ("New.", ["loss", "abuse"])
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.details["board"]) == (admin, "board-change", board.slug)
    assert entry.details["changes"] == {"purpose": ["Old.", "New."], "content_notes": [["loss"], ["abuse", "loss"]]}


def test_a_form_that_is_sent_unchanged_changes_and_logs_nothing(managing):
    board = factories.BoardFactory(content_notes=["suicide", "loss"], hold_first="all", is_archived=True)
    answer = changing(managing, board)
    assert answer.status_code == 302
    assert not AuditEntry.objects.exists()


def test_of_two_who_change_it_at_once_the_second_sees_what_the_first_saved(managing, sign_in):
    board = factories.BoardFactory(title="Nights", purpose="Old.", guidelines="Be kind.")
    page = managing.get(reverse("manage_board", args=[board.slug]))
    changing(sign_in(factories.MemberFactory(is_staff=True)), board, purpose="Theirs.", hold_first="newcomers")

    form = NEW | {"title": "Nights", "slug": board.slug, "purpose": "Mine.", "version": value_of(page, "version")}
    second = managing.post(reverse("manage_board", args=[board.slug]), form | {"guidelines": "Be kind."})
    assert second.status_code == 409
    assert "Nothing was saved yet" in words(second)
    assert "Somebody else saved a change while this form was open." in words(second)
    assert value_of(second, "purpose") == "Mine."
    theirs = [text.get_text() for text in soup(second).select("dl.facts dt, dl.facts dd")]
    assert theirs == [
        "Purpose",
        "Theirs.",
        "Whose posts a moderator reads before others do",
        "Those of people who are new here",
    ]
    board.refresh_from_db()
    assert board.purpose == "Theirs."

    again = managing.post(reverse("manage_board", args=[board.slug]), form | {"version": value_of(second, "version")})
    assert again.status_code == 302
    board.refresh_from_db()
    assert board.purpose == "Mine."


def test_a_form_without_its_mark_overwrites_nothing(managing):
    board = factories.BoardFactory(purpose="Theirs.")
    answer = managing.post(reverse("manage_board", args=[board.slug]), NEW | {"slug": board.slug})
    assert answer.status_code == 409
    board.refresh_from_db()
    assert board.purpose == "Theirs."


def test_with_another_address_the_old_one_leads_nowhere_and_the_page_says_so_before(managing, sign_in, member):
    thread = factories.ThreadFactory()
    old = thread.board.get_absolute_url()
    assert "the old address leads nowhere" in words(managing.get(reverse("manage_board", args=[thread.board.slug])))
    changing(managing, thread.board, slug="elsewhere")
    browser = sign_in(member)
    assert browser.get(old).status_code == 404
    assert titles(browser.get(reverse("board", args=["elsewhere"]))) == [thread.title]
    assert browser.get(thread.get_absolute_url()).status_code == 200


def test_an_address_that_another_board_has_is_refused_kindly(managing):
    factories.BoardFactory(slug="taken")
    board = factories.BoardFactory(slug="mine")
    answer = changing(managing, board, slug="taken", purpose="Kept words.")
    assert answer.status_code == 422
    assert "This address belongs to another board." in words(answer)
    assert value_of(answer, "purpose") == "Kept words."
    # The way to save again still leads to the board that was being changed.
    assert soup(answer).select_one("main form.panel")["action"] == reverse("manage_board", args=["mine"])


# --- letting more people read


@pytest.mark.parametrize(("before", "after"), [("members", "everyone"), ("staff", "everyone"), ("staff", "members")])
def test_more_readers_for_what_is_written_need_a_second_yes(managing, before, after):
    board = factories.ThreadFactory(board__audience=before).board
    unsure = changing(managing, board, audience=after)
    assert unsure.status_code == 422
    assert "More people would read what was already written here." in words(unsure)
    assert value_of(unsure, "audience") == [after]
    board.refresh_from_db()
    assert board.audience == before

    assert changing(managing, board, audience=after, confirm_wider="on").status_code == 302
    board.refresh_from_db()
    assert board.audience == after


def test_the_page_says_plainly_what_everyone_means(managing):
    page = words(managing.get(reverse("manage_board_new")))
    assert (
        "people without an account and search engines can read everything there, also what was written before" in page
    )


@pytest.mark.parametrize(("before", "after"), [("everyone", "members"), ("members", "staff")])
def test_fewer_readers_need_no_second_yes(managing, before, after):
    board = factories.ThreadFactory(board__audience=before).board
    assert changing(managing, board, audience=after).status_code == 302


def test_an_empty_board_can_be_opened_to_everyone_at_once(managing, visitor):
    board = factories.BoardFactory()
    assert changing(managing, board, audience="everyone").status_code == 302
    assert visitor.get(board.get_absolute_url()).status_code == 200


# --- the order


def move(browser, board, **beside):
    return browser.post(reverse("manage_board_move", args=[board.slug]), beside, follow=True)


def test_boards_move_up_and_down_by_buttons(managing, sign_in, member):
    for title in ("One", "Two", "Three"):
        factories.BoardFactory(title=title, slug=title.lower())  # all at the same place until somebody moves them
    page = managing.get(reverse("manage_boards"))
    buttons = [" ".join(button.get_text().split()) for button in soup(page).select(".manage-row button")]
    assert buttons == [
        "Move down: One",
        "Move up: Two",
        "Move down: Two",
        "Move up: Three",
    ]
    form = soup(page).find(id="board-three").find("form")
    managing.post(form["action"], {form.find("input", {"name": "before"})["name"]: "two"})
    assert order(managing) == ["One", "Three", "Two"]
    form = soup(managing.get(reverse("manage_boards"))).find(id="board-one").find("form")
    answer = managing.post(form["action"], {"after": form.find("input", {"name": "after"})["value"]}, follow=True)
    assert "“One” stands after “Three”." in words(answer)
    assert order(managing) == ["Three", "One", "Two"]
    shown = [link.get_text() for link in soup(sign_in(member).get(reverse("boards"))).select(".board-card h2 a")]
    assert shown == ["Three", "One", "Two"]
    assert AuditEntry.objects.filter(verb="board-move").count() == 2


def test_the_same_move_twice_is_made_once(managing):
    _one, two, three = (factories.BoardFactory(title=title) for title in ("One", "Two", "Three"))
    for _click in range(2):
        move(managing, three, before=two.slug)
    assert order(managing) == ["One", "Three", "Two"]
    assert AuditEntry.objects.count() == 1


def test_a_board_that_is_gone_or_oneself_is_no_place_to_stand(managing):
    one, _two = (factories.BoardFactory(title=title) for title in ("One", "Two"))
    assert "nothing was moved" in words(move(managing, one, before="nowhere"))
    assert "nothing was moved" in words(move(managing, one))
    move(managing, one, after=one.slug)
    assert order(managing) == ["One", "Two"]


def test_two_who_move_at_once_leave_every_board_in_one_place(shared_database):
    actor = factories.MemberFactory(is_staff=True)
    one, two, three, four = factories.BoardFactory.create_batch(4)
    at_once(
        lambda: boards.move_board(actor=actor, board=four, beside=one, before=True),
        lambda: boards.move_board(actor=actor, board=one, beside=three, before=False),
        lambda: boards.move_board(actor=actor, board=four, beside=one, before=True),
    )
    after = list(Board.objects.order_by("position", "id"))
    assert [board.position for board in after] == [0, 1, 2, 3]
    assert {board.pk for board in after} == {board.pk for board in (one, two, three, four)}
    assert after.index(two) < after.index(three)


# --- who may come here


def test_nobody_but_administrators_finds_the_pages(sign_in, visitor, member, moderator, curator):
    board = factories.BoardFactory(purpose="As it was.")
    pages = [reverse("manage"), reverse("manage_boards")]
    forms = [reverse("manage_board_new"), reverse("manage_board", args=[board.slug])]
    buttons = [reverse("manage_board_move", args=[board.slug])]
    for somebody in (member, moderator, curator):
        browser = sign_in(somebody)
        assert {browser.get(address).status_code for address in pages + forms} == {404}
        assert {browser.post(address, NEW).status_code for address in forms + buttons} == {404}
        assert "Manage" not in words(browser.get(reverse("home")))
    for address in pages + forms:
        assert visitor.get(address).headers["Location"].startswith("/accounts/login/")
    assert list(Board.objects.values_list("purpose")) == [("As it was.",)]
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("role", ["is_staff", "is_superuser"])
def test_administrators_find_the_way_in_the_navigation(db, sign_in, role):
    browser = sign_in(factories.MemberFactory(**{role: True}))
    links = {link["href"] for link in soup(browser.get(reverse("home"))).select("header nav a")}
    assert reverse("manage") in links
    page = browser.get(reverse("manage"))
    for name in ("manage_boards", "manage_gatherings"):
        assert reverse(name) in {link["href"] for link in soup(page).select("main a")}


def test_words_typed_in_a_session_that_had_ended_are_there_after_signing_in(client, admin):
    board = factories.BoardFactory(content_notes=["loss"])
    address = reverse("manage_board", args=[board.slug])
    client.post(address, NEW | {"purpose": "Not saved yet."})
    client.force_login(admin)
    page = client.get(address)
    assert value_of(page, "purpose") == "Not saved yet."
    assert value_of(page, "content_notes") == []


def test_boards_are_changed_nowhere_but_where_it_is_logged(managing):
    assert managing.get("/admin/forums/board/").status_code == 404


# --- what the rules do


def test_where_moderators_start_the_threads_members_reply(sign_in, member, moderator, managing):
    board = factories.BoardFactory()
    changing(managing, board, starters="staff")
    browser = sign_in(member)
    assert "Start a thread" not in words(browser.get(board.get_absolute_url()))
    refused = browser.post(reverse("new_thread", args=[board.slug]), THREAD)
    assert refused.status_code == 409
    assert "On this board moderators start the threads." in words(refused)
    assert value_of(refused, "body") == THREAD["body"]
    assert not Thread.objects.exists()

    assert "Start a thread" in words(sign_in(moderator).get(board.get_absolute_url()))
    sign_in(moderator).post(reverse("new_thread", args=[board.slug]), THREAD)
    thread = Thread.objects.get()
    assert browser.post(reverse("reply", args=[thread.public_id]), {"body": "Here."}).status_code == 302


def decide_to_show(browser, case):
    browser.post(reverse("claim", args=[case.public_id]))
    case.refresh_from_db()
    answer = browser.post(reverse("decide", args=[case.public_id]), {"action": "approve", "version": case.version})
    assert answer.status_code == 302
    factories.let_settle()


def test_a_newcomers_thread_waits_in_the_queue_until_a_moderator_shows_it(
    managing, sign_in, newcomer, member, moderator
):
    board = factories.BoardFactory()
    changing(managing, board, hold_first="newcomers")
    page = sign_in(newcomer).post(reverse("new_thread", args=[board.slug]), THREAD, follow=True)
    assert "A moderator is reading this first." in words(page)
    assert "danger" not in words(page)
    thread = Thread.objects.get()
    reader, keeper = sign_in(member), sign_in(moderator)
    assert titles(reader.get(board.get_absolute_url())) == []
    assert reader.get(thread.get_absolute_url()).status_code == 404

    row = words(keeper.get(reverse("queue")))
    assert THREAD["title"] in row
    assert "Everything else" in row
    assert "Read first on this board" in row
    case = Case.objects.get()
    shown = words(keeper.get(reverse("case", args=[case.public_id])))
    assert "It is read before others see it" in shown
    assert "read-first" not in shown

    decide_to_show(keeper, case)
    assert titles(reader.get(board.get_absolute_url())) == [THREAD["title"]]


def test_whoever_has_three_posts_that_others_can_read_does_not_wait(managing, sign_in, newcomer, member, moderator):
    board = factories.BoardFactory(hold_first="newcomers")
    thread = factories.ThreadFactory(board=board)
    reply = reverse("reply", args=[thread.public_id])
    browser, reader, keeper = sign_in(newcomer), sign_in(member), sign_in(moderator)
    for number in (2, 3, 4):
        browser.post(reply, {"body": f"Words {number}."})
        assert numbers(reader.get(thread.get_absolute_url())) == list(range(1, number))
        decide_to_show(keeper, Case.objects.get(state="open"))
    browser.post(reply, {"body": "The fourth."})
    assert numbers(reader.get(thread.get_absolute_url())) == [1, 2, 3, 4, 5]
    assert not Case.objects.filter(state="open").exists()


def test_what_was_hidden_makes_nobody_an_old_hand(sign_in, newcomer):
    for visibility in ("visible", "visible", "hidden"):
        factories.PostFactory(author=newcomer, visibility=visibility)
    thread = factories.ThreadFactory(board__hold_first="newcomers")
    sign_in(newcomer).post(reverse("reply", args=[thread.public_id]), {"body": "Here."})
    assert Post.objects.get(thread=thread, number=2).visibility == "held"


def test_where_all_posts_are_read_first_everybodys_wait_but_those_of_staff(managing, sign_in, member, moderator):
    board = factories.BoardFactory()
    factories.PostFactory.create_batch(5, author=member)
    changing(managing, board, hold_first="all")
    administrator = factories.MemberFactory(is_staff=True)
    for author, visibility in ((member, "held"), (moderator, "visible"), (administrator, "visible")):
        sign_in(author).post(reverse("new_thread", args=[board.slug]), THREAD)
        assert Thread.objects.get(board=board, author=author).visibility == visibility
    shown = words(sign_in(moderator).get(reverse("case", args=[Case.objects.get().public_id])))
    assert "It is read before others see it" in shown


def test_elsewhere_newcomers_post_at_once(sign_in, newcomer, member):
    thread = factories.ThreadFactory()
    sign_in(newcomer).post(reverse("reply", args=[thread.public_id]), {"body": "Here."})
    assert post(sign_in(member).get(thread.get_absolute_url()), 2)
    assert not Case.objects.exists()


def test_notes_for_the_whole_board_count_for_each_of_its_threads(managing, sign_in, member):
    thread = factories.ThreadFactory(title="A long winter", content_notes=["abuse"])
    browser = sign_in(member)
    changing(managing, thread.board, content_notes=["loss"])
    row = soup(browser.get(thread.board.get_absolute_url())).find(class_="notes").get_text(" ", strip=True)
    assert row == "Abuse Loss"

    member.hidden_notes = ["loss"]
    member.save()
    assert titles(browser.get(thread.board.get_absolute_url())) == []
    assert titles(browser.get(reverse("waiting"))) == []

    changing(managing, thread.board, content_notes=None)
    assert titles(browser.get(thread.board.get_absolute_url())) == ["A long winter"]


def test_a_thread_on_a_board_with_a_note_that_its_reader_folds_is_folded(managing, sign_in, member):
    thread = factories.ThreadFactory()
    member.folded_notes = ["loss"]
    member.save()
    changing(managing, thread.board, content_notes=["loss"])
    page = sign_in(member).get(thread.get_absolute_url())
    assert "It has been a long week." not in words(page)
    assert "Loss" in words(page)


def test_an_archived_board_leaves_the_list_and_takes_no_more_words(managing, sign_in, member):
    thread = factories.ThreadFactory(board__title="Old ways")
    browser = sign_in(member)
    changing(managing, thread.board, is_archived="on")
    assert "Old ways" not in words(browser.get(reverse("boards")))
    late = browser.post(reverse("reply", args=[thread.public_id]), {"body": "Still here?"})
    assert late.status_code == 409
    assert value_of(late, "body") == "Still here?"
    assert numbers(browser.get(thread.get_absolute_url())) == [1]
    assert "Archived" in words(managing.get(reverse("manage_boards")))

    changing(managing, thread.board, is_archived=None)
    assert "Old ways" in words(browser.get(reverse("boards")))
