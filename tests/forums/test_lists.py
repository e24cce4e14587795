import datetime as dt

import pytest
from django.urls import reverse

from forums import access
from forums.disguise import name_for
from forums.models import Level, Thread
from forums.services import following
from members.models import Member
from tests import factories
from tests.pages import soup, titles, words


def walk(browser, address):
    """The titles on every page of a list, following the way on."""
    met = []
    page = browser.get(address)
    while True:
        met += titles(page)
        onward = soup(page).find("a", rel="next")
        if onward is None:
            return met
        page = browser.get(address + onward["href"])


def ago(**span):
    return factories.now() - dt.timedelta(**span)


# --- boards --------------------------------------------------------------------------------------------------


def test_a_board_shows_every_thread_once_the_latest_words_first(sign_in, member):
    board = factories.BoardFactory()
    threads = factories.ThreadFactory.create_batch(access.THREADS_A_PAGE * 2 + 3, board=board)
    # Some were written in at the very same moment.
    Thread.objects.filter(pk__in=[thread.pk for thread in threads[10:45]]).update(last_post_at=ago(hours=1))
    in_order = Thread.objects.filter(board=board).order_by("-last_post_at", "-id")
    assert walk(sign_in(member), board.get_absolute_url()) == [thread.title for thread in in_order]


def test_a_reply_brings_its_thread_to_the_top(sign_in, member):
    board = factories.BoardFactory()
    older, newer = factories.ThreadFactory.create_batch(2, board=board)
    browser = sign_in(member)
    assert titles(browser.get(board.get_absolute_url())) == [newer.title, older.title]
    browser.post(reverse("reply", args=[older.public_id]), {"body": "Still here."})
    assert titles(browser.get(board.get_absolute_url())) == [older.title, newer.title]


def test_threads_of_other_boards_stay_there(sign_in, member, scene):
    elsewhere = factories.ThreadFactory()
    assert titles(sign_in(member).get(scene.board.get_absolute_url())) == [scene.thread.title]
    assert titles(sign_in(member).get(elsewhere.board.get_absolute_url())) == [elsewhere.title]


@pytest.mark.parametrize("made_up", ["abc", "WzEsIDJd", "W3RydWUsIHRydWVd", "%00", "=" * 300])
def test_a_made_up_cursor_shows_the_first_page_of_every_list(sign_in, moderator, scene, made_up):
    factories.ThreadFactory(board=scene.board)
    browser = sign_in(moderator)
    lists = [reverse(name) for name in ("waiting", "following", "my_threads", "notices", "my_reports", "queue")]
    for address in (scene.board.get_absolute_url(), *lists):
        page = browser.get(address, {"after": made_up})
        assert page.status_code == 200
        assert titles(page) == titles(browser.get(address))


def test_a_list_row_carries_the_support_type_and_the_content_notes(sign_in, member):
    thread = factories.ThreadFactory(support_type="ideas", content_notes=["eating"])
    row = words(sign_in(member).get(thread.board.get_absolute_url()))
    assert "Ideas welcome" in row
    assert "Eating" in row


# --- pins ---------------------------------------------------------------------------------------------------------


def pin(thread, days=1):
    Thread.objects.filter(pk=thread.pk).update(pinned_until=factories.now() + dt.timedelta(days=days))


def test_pinned_threads_stand_first_and_on_no_other_page(sign_in, member):
    board = factories.BoardFactory()
    threads = factories.ThreadFactory.create_batch(access.THREADS_A_PAGE * 2, board=board)
    pin(threads[0])
    pin(threads[30], days=2)
    met = walk(sign_in(member), board.get_absolute_url())
    assert met[:2] == [threads[30].title, threads[0].title]
    rest = [thread.title for thread in reversed(threads) if thread not in (threads[0], threads[30])]
    assert met[2:] == rest


def test_of_more_than_five_pins_the_others_stand_where_they_belong(sign_in, member):
    board = factories.BoardFactory()
    threads = factories.ThreadFactory.create_batch(8, board=board)
    for days, thread in enumerate(threads, start=1):
        pin(thread, days=days)
    met = walk(sign_in(member), board.get_absolute_url())
    assert met == [thread.title for thread in [*reversed(threads[3:]), *reversed(threads[:3])]]


def test_a_pin_that_has_ended_holds_nothing_up(sign_in, member):
    board = factories.BoardFactory()
    older, newer = factories.ThreadFactory.create_batch(2, board=board)
    pin(older, days=-1)
    assert titles(sign_in(member).get(board.get_absolute_url())) == [newer.title, older.title]


def test_a_pinned_thread_is_there_only_for_those_who_may_see_it(sign_in, member, blocked):
    board = factories.BoardFactory()
    pin(factories.ThreadFactory(board=board, author=blocked))
    pin(factories.ThreadFactory(board=board, visibility="held"))
    assert titles(sign_in(member).get(board.get_absolute_url())) == []


# --- by support type ------------------------------------------------------------------------------------------------


def test_a_board_can_be_narrowed_to_what_is_asked_for(sign_in, member):
    board = factories.BoardFactory()
    wins = [factories.ThreadFactory(board=board, support_type="win") for _number in range(access.THREADS_A_PAGE + 2)]
    heard = factories.ThreadFactory(board=board, support_type="listening")
    pin(heard)
    browser = sign_in(member)
    # The way on keeps the choice.
    assert walk(browser, board.get_absolute_url() + "?support=win") == [thread.title for thread in reversed(wins)]
    assert titles(browser.get(board.get_absolute_url(), {"support": "listening"})) == [heard.title]


def walk_on(browser, address):
    return soup(browser.get(address)).find("a", rel="next")["href"]


def test_the_way_on_names_the_choice(sign_in, member):
    board = factories.BoardFactory()
    factories.ThreadFactory.create_batch(access.THREADS_A_PAGE + 1, board=board, support_type="win")
    assert walk_on(sign_in(member), board.get_absolute_url() + "?support=win").startswith("?support=win&after=")


@pytest.mark.parametrize(("asked", "current"), [("", "All"), ("ideas", "Ideas welcome"), ("made-up", "All")])
def test_the_choice_is_marked(sign_in, member, scene, asked, current):
    page = soup(sign_in(member).get(scene.board.get_absolute_url(), {"support": asked}))
    marked = page.find(class_="filters").find_all(attrs={"aria-current": "page"})
    assert [link.get_text().strip() for link in marked] == [current]


def test_a_choice_that_nobody_made_says_so(sign_in, member, scene):
    page = sign_in(member).get(scene.board.get_absolute_url(), {"support": "win"})
    assert titles(page) == []
    assert "Nobody has asked for this here yet" in words(page)


# --- what a row says ------------------------------------------------------------------------------------------------


def row_of(page, thread):
    """The row of a thread by its address, for its title may be folded away."""
    for row in soup(page).select(".thread-row"):
        if str(thread.public_id) in row.find(class_="cover-link")["href"]:
            return row
    raise AssertionError("The page has no such row.")


def test_a_title_behind_a_folded_note_opens_without_a_script_and_leads_on(sign_in, member):
    thread = factories.ThreadFactory(title="A heavy title", content_notes=["suicide"], board__content_notes=["loss"])
    row = row_of(sign_in(member).get(thread.board.get_absolute_url()), thread)
    fold = row.find("details")
    assert not fold.has_attr("open")
    assert " ".join(fold.summary.get_text().split()).startswith("Touches on: Suicide, Loss. Show the title")
    assert fold.find("a", href=thread.get_absolute_url()).get_text() == "A heavy title"
    fold.extract()
    assert "A heavy title" not in row.get_text()
    assert "Just listening" in row.get_text()


def test_each_reader_folds_what_they_chose_and_nobody_their_own(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member, content_notes=["loss"])
    other_member.folded_notes = ["loss"]
    other_member.save()
    open_to = factories.MemberFactory(folded_notes=[])
    for reader, folded in ((member, False), (other_member, True), (open_to, False)):
        row = row_of(sign_in(reader).get(thread.board.get_absolute_url()), thread)
        assert (row.find("details") is not None) is folded


def test_a_hidden_note_leaves_a_thread_out_of_lists(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=other_member, content_notes=["loss"])
    member.hidden_notes = ["loss"]
    member.save()
    for address in (thread.board.get_absolute_url(), reverse("waiting"), reverse("home")):
        assert titles(sign_in(member).get(address)) == []


def test_an_anonymous_author_is_known_in_lists_by_the_disguise_alone(sign_in, member, other_member, moderator):
    thread = factories.ThreadFactory(author=other_member, disguise=77)
    for reader in (member, moderator):
        for address in (thread.board.get_absolute_url(), reverse("waiting"), reverse("home")):
            page = sign_in(reader).get(address)
            assert titles(page) == [thread.title]
            assert name_for(77) in words(page)
            assert other_member.username not in page.text


def test_the_threads_of_a_muted_board_are_not_marked_but_for_those_that_one_follows(sign_in, other_member, scene):
    followed = factories.ThreadFactory(board=scene.board, title="A thread I stay with")
    following.set_board_level(member=other_member, board=scene.board, level=Level.MUTE)
    following.set_thread_level(member=other_member, thread=followed, level=Level.REPLIES)
    fresh = factories.ThreadFactory(board=scene.board, title="A thread I never saw")
    Member.objects.filter(pk=other_member.pk).update(joined_at=ago(days=90))
    page = soup(sign_in(other_member).get(scene.board.get_absolute_url()))
    marked = [
        row.find(class_="cover-link").get_text() for row in page.select(".thread-row:has(.badge-accent, .mark-new)")
    ]
    # Whoever writes in a thread follows it.
    assert sorted(marked) == sorted([followed.title, scene.thread.title])
    assert fresh.title in page.get_text()


def test_a_muted_thread_says_so_and_is_never_marked_as_new(sign_in, member, scene):
    browser = sign_in(member)
    browser.get(scene.thread.get_absolute_url())
    following.set_thread_level(member=member, thread=scene.thread, level=Level.MUTE)
    factories.PostFactory(thread=scene.thread)
    row = row_of(browser.get(scene.board.get_absolute_url()), scene.thread)
    assert "Muted" in row.get_text()
    assert "new" not in row.get_text()


def test_what_was_never_opened_is_marked_only_since_one_joined(sign_in, member):
    board = factories.BoardFactory()
    before = factories.ThreadFactory(board=board, created_at=member.joined_at - dt.timedelta(days=1))
    since = factories.ThreadFactory(board=board)
    page = sign_in(member).get(board.get_absolute_url())
    assert row_of(page, before).find(class_="badge-accent") is None
    assert row_of(page, since).find(class_="badge-accent").get_text() == "new"


def test_a_held_reply_does_not_make_a_thread_look_unread_for_ever(sign_in, member, scene):
    factories.PostFactory(thread=scene.thread, visibility="held")
    browser = sign_in(member)
    browser.get(scene.thread.get_absolute_url())
    assert "new posts" not in words(browser.get(scene.board.get_absolute_url()))
    scene.thread.posts.filter(visibility="held").update(visibility="visible")
    assert "new posts" in words(browser.get(scene.board.get_absolute_url()))


def test_ones_own_reply_makes_nothing_unread(sign_in, member, other_member, scene):
    browser = sign_in(other_member)
    browser.get(scene.thread.get_absolute_url())
    factories.PostFactory(thread=scene.thread, author=other_member)
    assert "new posts" not in words(browser.get(scene.board.get_absolute_url()))


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"state": "locked"}, "Closed to replies"), ({"state": "archived"}, "Archived"), ({"state": "slow"}, None)],
)
def test_a_row_says_when_nobody_can_reply(sign_in, member, fields, said):
    thread = factories.ThreadFactory(slow_minutes=5 if fields["state"] == "slow" else None, **fields)
    row = row_of(sign_in(member).get(thread.board.get_absolute_url()), thread).get_text()
    assert [word for word in ("Closed to replies", "Archived") if word in row] == ([said] if said else [])


def test_an_archived_board_says_so_and_asks_for_nothing(sign_in, member):
    thread = factories.ThreadFactory(board__is_archived=True)
    page = sign_in(member).get(thread.board.get_absolute_url())
    assert "This board is archived." in words(page)
    assert "Waiting for a reply" not in row_of(page, thread).get_text()
    assert soup(page).find("a", href=reverse("new_thread", args=[thread.board.slug])) is None


def test_where_only_moderators_start_threads_only_they_are_shown_how(sign_in, member, moderator):
    board = factories.BoardFactory(starters="staff")
    address = reverse("new_thread", args=[board.slug])
    assert soup(sign_in(member).get(board.get_absolute_url())).find("a", href=address) is None
    assert soup(sign_in(moderator).get(board.get_absolute_url())).find("a", href=address)


# --- which boards have something new --------------------------------------------------------------------------------


def marked_boards(browser, name="boards"):
    cards = soup(browser.get(reverse(name))).select(".board-card")
    return [card.find("a").get_text() for card in cards if "New posts" in card.get_text()]


@pytest.mark.parametrize("page", ["boards", "home"])
def test_a_board_is_marked_until_its_new_words_were_read(sign_in, member, scene, page):
    browser = sign_in(member)
    factories.ThreadFactory(board__title="Elsewhere", author=member)
    assert marked_boards(browser, page) == [scene.board.title]
    browser.get(scene.thread.get_absolute_url())
    assert marked_boards(browser, page) == []
    factories.PostFactory(thread=scene.thread)
    assert marked_boards(browser, page) == [scene.board.title]


def test_what_was_there_before_one_joined_marks_no_board(sign_in, newcomer):
    thread = factories.ThreadFactory(created_at=ago(days=2))
    assert marked_boards(sign_in(newcomer)) == []
    # Until they open it: from then on it is theirs to follow.
    browser = sign_in(newcomer)
    browser.get(thread.get_absolute_url())
    factories.PostFactory(thread=thread)
    assert marked_boards(browser) == [thread.board.title]


@pytest.mark.parametrize("quiet", ["muted thread", "muted board", "blocked", "held", "hidden note", "own"])
def test_what_one_does_not_want_or_may_not_see_marks_no_board(sign_in, member, blocked, other_member, quiet):
    author = {"blocked": blocked, "own": member}.get(quiet, other_member)
    visibility = "held" if quiet == "held" else "visible"
    thread = factories.ThreadFactory(author=author, visibility=visibility, content_notes=["loss"])
    if quiet == "muted thread":
        following.set_thread_level(member=member, thread=thread, level=Level.MUTE)
    if quiet == "muted board":
        following.set_board_level(member=member, board=thread.board, level=Level.MUTE)
    if quiet == "hidden note":
        member.hidden_notes = ["loss"]
        member.save()
    assert marked_boards(sign_in(member)) == []


def test_a_blocked_persons_reply_marks_no_board_and_no_thread(sign_in, member, blocked, scene):
    browser = sign_in(member)
    browser.get(scene.thread.get_absolute_url())
    factories.PostFactory(thread=scene.thread, author=blocked)
    assert marked_boards(browser) == []
    assert "new posts" not in words(browser.get(scene.board.get_absolute_url()))


def test_the_mark_is_a_word_and_no_number(sign_in, member, scene):
    factories.ThreadFactory.create_batch(7, board=scene.board)
    (card,) = soup(sign_in(member).get(reverse("boards"))).select(".board-card")
    assert card.find(class_="mark-new").get_text() == "New posts"


# --- waiting for a reply ---------------------------------------------------------------------------------------


@pytest.fixture
def waiting(sign_in, other_member):
    """The titles that `other_member` finds waiting."""
    return lambda: walk(sign_in(other_member), reverse("waiting"))


def test_the_longest_wait_comes_first(waiting):
    for title, hours in (("two hours", 2), ("a day", 24), ("just now", 0)):
        factories.ThreadFactory(title=title, created_at=ago(hours=hours))
    assert waiting() == ["a day", "two hours", "just now"]


def test_nobody_who_waits_is_left_out_of_a_long_list(waiting):
    threads = factories.ThreadFactory.create_batch(access.THREADS_A_PAGE + 5)
    Thread.objects.update(created_at=ago(hours=3))
    assert waiting() == [thread.title for thread in threads]


@pytest.mark.parametrize(
    "why",
    [
        {"no_reply_needed": True},
        {"state": "locked"},
        {"visibility": "held"},
        {"visibility": "hidden"},
        {"visibility": "removed"},
        {"board__is_archived": True},
        {"board__audience": "staff"},
    ],
    ids=lambda why: "-".join(map(str, next(iter(why.items())))),
)
def test_who_is_not_waiting_is_not_on_the_list(waiting, why):
    factories.ThreadFactory(**why)
    assert waiting() == []


def test_ones_own_threads_are_not_on_ones_list(waiting, other_member):
    factories.ThreadFactory(author=other_member)
    assert waiting() == []


def test_a_reply_by_somebody_else_ends_the_wait(waiting, sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member)
    address = reverse("reply", args=[thread.public_id])
    sign_in(member).post(address, {"body": "And one more thing."})
    assert waiting() == [thread.title]
    sign_in(other_member).post(address, {"body": "I hear you."})
    assert waiting() == []


def test_the_home_page_names_three_who_wait(sign_in, other_member):
    for hours in range(5):
        factories.ThreadFactory(title=f"{hours} hours", created_at=ago(hours=hours))
    assert titles(sign_in(other_member).get(reverse("home"))) == ["4 hours", "3 hours", "2 hours"]


def test_an_empty_list_lets_one_go(sign_in, member):
    assert "There is nothing that you need to do." in words(sign_in(member).get(reverse("waiting")))


# --- where lists end


def test_a_list_says_that_it_ends_and_not_that_one_has_read_it(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=other_member)
    browser = sign_in(member)
    board = thread.board.get_absolute_url()
    assert "That is the end of this board." in words(browser.get(board))
    assert "That is the end of this list." in words(browser.get(board, {"support": "listening"}))
    following.set_thread_level(member=member, thread=thread, level=Level.ALL)
    assert "That is everything you follow." in words(browser.get(reverse("following")))
    following.set_thread_level(member=member, thread=thread, level=Level.MUTE)
    assert "That is everything you muted." in words(browser.get(reverse("following"), {"show": "muted"}))
    for page in (browser.get(board), browser.get(reverse("following"))):
        assert "all caught up" not in words(page)
