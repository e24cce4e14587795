"""Pages of a board that are kept finished: shared by members to whom they say the same, and never a moment old.

That each page is the one that would be made for its reader now is looked at with every page that any test opens
(tests/conftest.py); here are the changes that must be seen at once, and how much is shared at all.
"""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from core.notes import ContentNote
from forums import access
from forums.disguise import name_for
from forums.models import Board, Level, SupportType, Thread, Visibility
from forums.services import following, reading, visibility
from forums.views import board_page
from members.models import Member
from members.services import boundaries
from tests import factories, pages

TITLE = "The long way home"


@pytest.fixture
def walk(scene):
    """The only thread of its board, written in an hour and a half ago."""
    Thread.objects.filter(pk=scene.thread.pk).update(
        title=TITLE, last_post_at=timezone.now() - dt.timedelta(minutes=90), created_at=timezone.now()
    )
    return Thread.objects.get(pk=scene.thread.pk)


@pytest.fixture
def clients(walk, sign_in):
    """Two browsers, whose members wrote nothing here and opened nothing."""
    return [sign_in(reader) for reader in factories.MemberFactory.create_batch(2)]


@pytest.fixture
def open_board(walk):
    return lambda client, **more: client.get(walk.board.get_absolute_url(), more.pop("asked", {}), **more)


@pytest.fixture
def made(monkeypatch):
    """How often a page of threads was made into HTML, by now."""
    counted: list[int] = []
    threads = board_page.BoardPage._threads

    def making(page):
        counted.append(1)
        return threads(page)

    monkeypatch.setattr(board_page.BoardPage, "_threads", making)
    return counted


@pytest.fixture
def finished_pages_say_what_they_would_say_now(request):
    """Not where it is counted how often they are made."""
    if "made" not in request.fixturenames:
        request.getfixturevalue("compared_with_new_ones")


def reader_of(client):
    return Member.objects.get(pk=client.session["_auth_user_id"])


def row_of(page):
    return pages.soup(page).find("article", class_="thread-row")


def change(thread, **values):
    Thread.objects.filter(pk=thread.pk).update(**values)


# --- what is shared -------------------------------------------------------------------------------------------------


def test_a_page_is_made_once_for_members_to_whom_it_says_the_same(clients, open_board, made):
    first, second = map(open_board, clients)
    assert len(made) == 1
    assert TITLE in first.text
    assert TITLE in second.text
    forms = [pages.soup(page).select_one(".follow [name=csrfmiddlewaretoken]")["value"] for page in (first, second)]
    assert forms[0] != forms[1]


def test_how_far_each_of_them_read_is_not_told_apart_where_the_list_does_not(walk, clients, open_board, made):
    for number in range(3):
        factories.PostFactory(thread=walk, body=f"Word {number}.")
    for client, number in zip(clients, (1, 3), strict=True):
        reading.raise_read_mark(member=reader_of(client), thread=walk, seen=number, end=number)
    for page in map(open_board, clients):
        assert "new posts" in row_of(page).get_text()
    assert len(made) == 1


def test_names_and_the_way_back_are_each_readers_own(clients, open_board):
    names = [reader_of(client).username for client in clients]
    texts = [open_board(client, asked={"support": "listening"}).text for client in clients]
    for text, mine, other in zip(texts, names, reversed(names), strict=True):
        assert mine in text
        assert other not in text
        assert 'name="back" value="/boards/' in text
        assert "support=listening" in text


def test_boards_are_told_apart(clients, open_board):
    other = factories.ThreadFactory(title="Somewhere else", board__title="Elsewhere", board__purpose="For the rest.")
    client = clients[0]
    here, there = open_board(client), client.get(other.board.get_absolute_url())
    assert TITLE in here.text
    assert TITLE not in there.text
    assert "Somewhere else" in there.text
    assert "For the rest." in there.text
    assert "For the rest." not in here.text


# --- what changes ---------------------------------------------------------------------------------------------------

GONE = {
    "hidden": lambda thread, _reader: visibility.set_visibility(
        post=thread.posts.get(number=1), visibility=Visibility.HIDDEN
    ),
    "removed": lambda thread, _reader: visibility.set_visibility(
        post=thread.posts.get(number=1), visibility=Visibility.REMOVED
    ),
    "held": lambda thread, _reader: change(thread, visibility=Visibility.HELD),
    "moved": lambda thread, _reader: change(thread, board=factories.BoardFactory()),
    "merged": lambda thread, _reader: change(thread, merged_into=factories.ThreadFactory()),
    "renamed": lambda thread, _reader: change(thread, title="A newleaf"),
    "author-blocked": lambda thread, reader: boundaries.block(blocker=reader, blocked=thread.author),
    "blocked-by-author": lambda thread, reader: boundaries.block(blocker=thread.author, blocked=reader),
    "words-filtered": lambda _thread, reader: boundaries.add_filter(
        member=reader, phrase="long way", whole_word=False, hides=True
    ),
    "notes-hidden": lambda thread, reader: (
        change(thread, content_notes=[ContentNote.LOSS]),
        Member.objects.filter(pk=reader.pk).update(hidden_notes=[ContentNote.LOSS]),
    ),
    "board-for-moderators": lambda thread, _reader: Board.objects.filter(pk=thread.board_id).update(
        audience=Board.Audience.STAFF
    ),
    "suspended": lambda _thread, reader: Member.objects.filter(pk=reader.pk).update(
        suspended_until=timezone.now() + dt.timedelta(days=1)
    ),
}


@pytest.mark.parametrize("changing", GONE.values(), ids=GONE)
def test_what_a_reader_must_not_see_any_more_is_gone_at_their_next_page(walk, clients, open_board, changing):
    client = clients[0]
    assert TITLE in open_board(client).text
    changing(walk, reader_of(client))
    assert TITLE not in open_board(client, follow=True).text


SEEN = {
    "pinned": ("Pinned", lambda thread, _reader: change(thread, pinned_until=timezone.now() + dt.timedelta(days=1))),
    "closed": ("Closed to replies", lambda thread, _reader: change(thread, state=Thread.State.LOCKED)),
    "archived": ("Archived", lambda thread, _reader: change(thread, state=Thread.State.ARCHIVED)),
    "board-archived": (
        "This board is archived",
        lambda thread, _reader: Board.objects.filter(pk=thread.board_id).update(is_archived=True),
    ),
    "renamed": ("A newleaf", lambda thread, _reader: change(thread, title="A newleaf")),
    "board-renamed": (
        "At the newleaf",
        lambda thread, _reader: Board.objects.filter(pk=thread.board_id).update(title="At the newleaf"),
    ),
    "wish": ("A small win", lambda thread, _reader: change(thread, support_type=SupportType.WIN)),
    "note": ("Loss", lambda thread, _reader: change(thread, content_notes=[ContentNote.LOSS])),
    "note-of-board": (
        "Loss",
        lambda thread, _reader: Board.objects.filter(pk=thread.board_id).update(content_notes=[ContentNote.LOSS]),
    ),
    "note-folded": (
        "Show the title",
        lambda thread, reader: (
            change(thread, content_notes=[ContentNote.LOSS]),
            Member.objects.filter(pk=reader.pk).update(folded_notes=[ContentNote.LOSS]),
        ),
    ),
    "muted-author": (
        "By somebody you muted",
        lambda thread, reader: boundaries.mute(muter=reader, muted=thread.author),
    ),
    "filtered": (
        "Holds words that you filter",
        lambda _thread, reader: boundaries.add_filter(member=reader, phrase="long way", whole_word=False, hides=False),
    ),
    "muted": (
        "Muted",
        lambda thread, reader: following.set_thread_level(member=reader, thread=thread, level=Level.MUTE),
    ),
    "anonymous": (name_for(7), lambda thread, _reader: change(thread, disguise=7)),
    "name": (
        "newleaf",
        lambda thread, _reader: Member.objects.filter(pk=thread.author_id).update(username="newleaf"),
    ),
    "waits": ("Waiting for a reply", lambda thread, _reader: change(thread, answered_at=None)),
    "reply": ("last post now", lambda thread, _reader: factories.PostFactory(thread=thread, body="A word.")),
    "another": ("A newleaf", lambda thread, _reader: factories.ThreadFactory(board=thread.board, title="A newleaf")),
}


@pytest.mark.parametrize(("words", "changing"), SEEN.values(), ids=SEEN)
def test_what_is_new_is_there_at_the_next_page(walk, clients, open_board, words, changing):
    client = clients[0]
    change(walk, answered_at=timezone.now())
    assert words not in _main(open_board(client))
    changing(walk, reader_of(client))
    assert words in _main(open_board(client))


def _main(page):
    """What is said of the board and its threads, without the form in which one chooses what to hear of it."""
    main = pages.soup(page).find("main")
    for tools in main.select(".head-tools, .filters"):
        tools.decompose()
    return " ".join(main.get_text(" ").split())


def test_an_authors_picture_is_the_one_they_chose_last(walk, clients, open_board):
    client = clients[0]
    before = str(row_of(open_board(client)))
    for seed in range(3):
        Member.objects.filter(pk=walk.author_id).update(avatar_seed=seed)
        after = str(row_of(open_board(client)))
        assert before != after
        before = after


def test_what_one_reads_is_read_for_oneself_alone(walk, clients, open_board):
    said = [row_of(open_board(client)).select_one(".badge-accent") is not None for client in clients]
    assert said == [True, True]
    clients[0].get(walk.get_absolute_url())
    said = [row_of(open_board(client)).select_one(".badge-accent") is not None for client in clients]
    assert said == [False, True]


def test_a_reply_is_new_where_one_has_been_before(walk, clients, open_board):
    client = clients[0]
    client.get(walk.get_absolute_url())
    assert "new posts" not in row_of(open_board(client)).get_text()
    factories.PostFactory(thread=walk, body="A word.")
    row = row_of(open_board(client))
    assert "new posts" in row.get_text()
    assert row.select_one("a.cover-link")["href"] == reverse("first_unread", args=[walk.public_id])


def test_a_mute_folds_a_thread_for_oneself_alone(walk, clients, open_board):
    boundaries.mute(muter=reader_of(clients[0]), muted=walk.author)
    assert ["By somebody you muted" in open_board(client).text for client in clients] == [True, False]
    boundaries.unmute(muter=reader_of(clients[0]), muted=walk.author)
    assert "By somebody you muted" not in open_board(clients[0]).text


def test_what_one_folds_stays_open_where_one_wrote_it(walk, clients, open_board, sign_in):
    change(walk, content_notes=[ContentNote.LOSS])
    Member.objects.update(folded_notes=[ContentNote.LOSS])
    said = ["Show the title" in open_board(client).text for client in (clients[0], sign_in(walk.author))]
    assert said == [True, False]


def test_following_a_board_is_ones_own(walk, clients, open_board):
    following.set_board_level(member=reader_of(clients[0]), board=walk.board, level=Level.ALL)
    said = [pages.soup(open_board(client)).select_one(".follow summary").get_text().strip() for client in clients]
    assert said == ["Following: everything", "Follow"]


def test_nothing_is_new_in_a_board_that_one_muted(walk, clients, open_board):
    client = clients[0]
    assert row_of(open_board(client)).select_one(".badge-accent")
    following.set_board_level(member=reader_of(client), board=walk.board, level=Level.MUTE)
    assert not row_of(open_board(client)).select_one(".badge-accent")


def test_a_moderator_sees_what_is_hidden_and_shares_it_with_no_member(walk, clients, open_board, sign_in, moderator):
    keeper = sign_in(moderator)
    assert TITLE in open_board(keeper).text
    visibility.set_visibility(post=walk.posts.get(number=1), visibility=Visibility.HIDDEN)
    assert "Hidden" in row_of(open_board(keeper)).get_text()
    assert TITLE not in open_board(clients[0]).text


def test_only_who_may_start_threads_is_led_to_it(walk, clients, open_board):
    client = clients[0]
    assert "Start a thread" in open_board(client).text
    Board.objects.filter(pk=walk.board_id).update(starters=Board.Starters.STAFF)
    assert "Start a thread" not in open_board(client).text


def test_an_empty_board_invites_who_may_write_there(walk, clients):
    empty, kept = factories.BoardFactory(), factories.BoardFactory(starters=Board.Starters.STAFF)
    texts = [clients[0].get(board.get_absolute_url()).text for board in (empty, kept)]
    assert ["A line is enough to begin" in text for text in texts] == [True, False]


def test_threads_of_each_kind_are_told_apart_also_where_there_are_none(clients, open_board, walk):
    change(walk, support_type=SupportType.WIN)
    client = clients[0]
    assert "Nobody has asked for this here yet" in open_board(client, asked={"support": "ideas"}).text
    ideas, wins, everything = (
        open_board(client, asked=asked) for asked in ({"support": "ideas"}, {"support": "win"}, {})
    )
    assert TITLE not in ideas.text
    assert "That is the end of this list" in wins.text
    assert "That is the end of this board" in everything.text


# --- what changes by itself -----------------------------------------------------------------------------------------


def test_words_about_time_go_on(walk, clients, open_board, monkeypatch):
    client = clients[0]
    assert "an hour ago" in _main(open_board(client)).replace("\N{NO-BREAK SPACE}", " ")
    later = timezone.now() + dt.timedelta(minutes=31)
    monkeypatch.setattr("forums.access.lists.timezone.now", lambda: later)
    assert "2 hours ago" in _main(open_board(client)).replace("\N{NO-BREAK SPACE}", " ")


def test_a_pin_ends_by_itself(walk, clients, open_board, monkeypatch):
    client, now = clients[0], timezone.now()
    change(walk, pinned_until=now + dt.timedelta(minutes=2))
    assert "Pinned" in _main(open_board(client))
    monkeypatch.setattr("forums.access.lists.timezone.now", lambda: now + dt.timedelta(minutes=3))
    assert "Pinned" not in _main(open_board(client))


def test_pages_are_made_once_until_words_about_time_change(walk, clients, open_board, made, monkeypatch):
    client, now = clients[0], timezone.now()
    open_board(client)
    monkeypatch.setattr("forums.access.lists.timezone.now", lambda: now + dt.timedelta(minutes=29))
    open_board(client)
    assert len(made) == 1
    monkeypatch.setattr("forums.access.lists.timezone.now", lambda: now + dt.timedelta(minutes=31))
    open_board(client)
    assert len(made) == 2


def test_each_page_of_a_long_board_is_its_own(walk, clients):
    board = factories.BoardFactory()
    factories.ThreadFactory.create_batch(access.THREADS_A_PAGE + 2, board=board)
    first = clients[0].get(board.get_absolute_url())
    onward = pages.soup(first).find("a", rel="next")["href"]
    second = clients[0].get(board.get_absolute_url() + onward)
    assert len(pages.titles(first)) == access.THREADS_A_PAGE
    assert len(pages.titles(second)) == 2
    assert not set(pages.titles(first)) & set(pages.titles(second))
