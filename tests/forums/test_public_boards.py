"""Boards that an administrator opened to everyone: visitors read them, and nothing else (M13)."""

import pytest
from django.urls import reverse

from forums.models import Board, ReadMark, Visibility
from forums.views import shared
from tests import factories
from tests.pages import numbers, soup, titles, words

SIGN_IN = "/accounts/login/"


@pytest.fixture
def board(db):
    return factories.BoardFactory(title="Read along", slug="read-along", audience="everyone")


@pytest.fixture
def thread(board, member):
    """60 posts, three windows."""
    thread = factories.ThreadFactory(board=board, author=member, title="An open talk")
    factories.PostFactory.create_batch(59, thread=thread, author=factories.MemberFactory(username="larch"))
    return thread


def addresses(thread):
    return [
        reverse("board", args=[thread.board.slug]),
        thread.get_absolute_url(),
        reverse("thread", args=[thread.public_id, "another-slug"]),
        reverse("first_unread", args=[thread.public_id]),
        reverse("newest", args=[thread.public_id]),
        reverse("jump", args=[thread.public_id]),
        reverse("post", args=[thread.posts.get(number=1).public_id]),
    ]


def test_a_visitor_reads_from_the_list_of_boards_to_the_last_post(visitor, thread):
    factories.BoardFactory(title="For members")
    boards = visitor.get(reverse("boards"))
    assert "Read along" in words(boards)
    assert "For members" not in words(boards)
    page = visitor.get(soup(boards).find("a", string="Read along")["href"])
    assert titles(page) == ["An open talk"]
    page = visitor.get(soup(page).find("a", string="An open talk")["href"])
    seen = numbers(page)
    while onward := soup(page).find("a", rel="next"):
        page = visitor.get(onward["href"])
        seen += numbers(page)
    assert seen == list(range(1, 61))
    assert "That is everything here for now." in words(page)


def test_posts_have_their_addresses_for_visitors_too(visitor, thread):
    there = thread.get_absolute_url()
    post = thread.posts.get(number=25)
    for address, led_to in (
        (reverse("post", args=[post.public_id]), f"{there}?page=2#post-25"),
        (reverse("jump", args=[thread.public_id]) + "?number=41", f"{there}?page=3#post-41"),
        (reverse("newest", args=[thread.public_id]), f"{there}?page=3#post-60"),
        (reverse("first_unread", args=[thread.public_id]), f"{there}#post-1"),
    ):
        assert visitor.get(address).headers["Location"] == led_to


def test_a_visitor_is_offered_nothing_to_do_but_to_join(visitor, thread):
    for page in (visitor.get(thread.get_absolute_url()), visitor.get(thread.board.get_absolute_url())):
        assert "You are reading as a guest. Join to reply." in words(page)
        assert soup(page).find_all("form", method="post") == []
        assert soup(page).find("textarea") is None
    page = soup(visitor.get(thread.get_absolute_url()))
    for name, target in (("Join", reverse("account_signup")), ("Sign in", SIGN_IN)):
        link = page.find("main").find("a", string=name)
        assert link["href"] == f"{target}?next={thread.get_absolute_url()}"
    assert page.find(class_="post-actions") is None
    assert page.find(class_="mark-new") is None
    assert "caught up" not in page.get_text()


def test_reading_as_a_visitor_leaves_nothing_behind(visitor, thread):
    for address in addresses(thread):
        answer = visitor.get(address)
        assert answer.cookies == {}
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert not ReadMark.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_visitor_changes_nothing(visitor, thread, method):
    for address in addresses(thread):
        assert getattr(visitor, method)(address).status_code == 405


def test_what_visitors_could_do_as_members_leads_to_the_sign_in_page(visitor, thread):
    post = thread.posts.get(number=1)
    for address in (reverse("reply", args=[thread.public_id]), reverse("new_thread", args=[thread.board.slug])):
        assert visitor.get(address).headers["Location"].startswith(SIGN_IN)
    for address in (reverse("react", args=[post.public_id]), reverse("open_thread", args=[thread.public_id])):
        assert visitor.post(address).headers["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize(
    "kept",
    [
        {"board__audience": "members"},
        {"board__audience": "staff"},
        {"board__audience": "everyone", "visibility": "held"},
        {"board__audience": "everyone", "visibility": "hidden"},
    ],
    ids=["members", "staff", "held", "hidden"],
)
def test_what_is_not_for_visitors_answers_like_what_does_not_exist(visitor, kept, db):
    thread = factories.ThreadFactory(**kept)
    for address in addresses(thread):
        if address == reverse("board", args=[thread.board.slug]) and thread.board.audience == "everyone":
            continue
        nothing = address.replace(str(thread.public_id), "00000000-0000-7000-8000-000000000000")
        nothing = nothing.replace(thread.board.slug, "nowhere")
        nothing = nothing.replace(str(thread.posts.get().public_id), "00000000-0000-7000-8000-000000000000")
        assert nothing != address
        there, not_there = visitor.get(address), visitor.get(nothing)
        assert there.status_code == not_there.status_code == 302
        assert there.headers["Location"] == f"{SIGN_IN}?next={address}"
        assert not_there.headers["Location"] == f"{SIGN_IN}?next={nothing}"
        # When it was answered is the hour, and not what there is.
        own = ("Location", "Expires")
        alike = [{k: v for k, v in one.headers.items() if k not in own} for one in (there, not_there)]
        assert alike[0] == alike[1]


def test_after_signing_in_one_is_on_the_page_that_was_asked_for(visitor, member):
    thread = factories.ThreadFactory(author=member)
    asked = visitor.get(f"{thread.get_absolute_url()}?page=2")
    assert f"next={thread.get_absolute_url()}%3Fpage%3D2" in asked.headers["Location"]


def test_without_an_open_board_the_list_of_boards_is_for_members(visitor, db):
    factories.BoardFactory()
    factories.BoardFactory(audience="everyone", is_archived=True)
    assert visitor.get(reverse("boards")).headers["Location"] == f"{SIGN_IN}?next=/boards/"


def test_a_board_that_was_closed_again_is_for_members_at_once(visitor, thread):
    assert visitor.get(thread.get_absolute_url()).status_code == 200
    Board.objects.update(audience="members")
    for address in addresses(thread):
        assert visitor.get(address).headers["Location"].startswith(SIGN_IN)


# --- what visitors see of people


def test_held_and_removed_words_are_not_shown_to_visitors(visitor, board):
    thread = factories.ThreadFactory(board=board)
    held = factories.PostFactory(thread=thread, body="Held words.", visibility=Visibility.HELD)
    factories.PostFactory(thread=thread, body="Hidden words.", visibility=Visibility.HIDDEN)
    page = visitor.get(thread.get_absolute_url())
    assert numbers(page) == [1, 3]
    assert "Held words" not in page.text
    assert "Hidden words" not in page.text
    assert visitor.get(reverse("post", args=[held.public_id])).headers["Location"].startswith(SIGN_IN)


def test_an_anonymous_author_stays_anonymous(visitor, board):
    thread = factories.ThreadFactory(board=board, author__username="secretive", disguise=5)
    for address in addresses(thread):
        assert "secretive" not in visitor.get(address, follow=True).text


def test_visitors_get_the_folds_that_new_members_get(visitor, board):
    thread = factories.ThreadFactory(board=board, content_notes=["suicide"], opening="Heavy words.")
    factories.PostFactory.create_batch(25, thread=thread)
    page = visitor.get(thread.get_absolute_url(), {"page": "2"})
    assert numbers(page) == []
    assert "This thread touches on Suicide" in words(page)
    opened = visitor.get(thread.get_absolute_url() + soup(page).find(class_="fold").find("a")["href"])
    assert numbers(opened)[0] == 21
    # There is no session to remember it, so the addresses do.
    back = visitor.get(soup(opened).find("a", rel="prev")["href"])
    assert "Heavy words." in back.text
    assert opened.cookies == back.cookies == {}


# --- search engines


def robots(answer):
    return answer.headers["X-Robots-Tag"], soup(answer).find("meta", attrs={"name": "robots"})["content"]


def test_search_engines_may_show_open_boards(visitor, thread):
    for address in (reverse("boards"), thread.board.get_absolute_url(), thread.get_absolute_url()):
        assert robots(visitor.get(address)) == ("all", "all")


def test_search_engines_may_not_show_the_same_pages_of_a_member(sign_in, member, thread):
    browser = sign_in(member)
    for address in (reverse("boards"), thread.board.get_absolute_url(), thread.get_absolute_url()):
        assert robots(browser.get(address)) == ("noindex", "noindex")


def test_search_engines_may_not_show_what_is_folded_for_visitors(visitor, board):
    thread = factories.ThreadFactory(board=board, content_notes=["self-harm"])
    for query in ("", "?show=1"):
        assert robots(visitor.get(thread.get_absolute_url() + query)) == ("noindex", "noindex")


def test_addresses_that_lead_on_are_not_shown_themselves(visitor, thread):
    for address in addresses(thread)[2:]:
        assert visitor.get(address).headers["X-Robots-Tag"] == "noindex"


# --- the way there


def test_the_first_page_names_open_boards_when_there_are_some(visitor, db):
    page = visitor.get(reverse("home"))
    assert soup(page).find("a", href=reverse("boards")) is None
    assert "What you write stays among members. " in words(page)
    factories.BoardFactory(audience="everyone")
    page = visitor.get(reverse("home"))
    assert soup(page).find("a", href=reverse("boards"))
    assert "but for the boards that say that everyone can read them" in words(page)


def test_members_write_in_open_boards_as_in_others(sign_in, other_member, thread):
    page = sign_in(other_member).get(thread.get_absolute_url())
    assert soup(page).find("textarea", attrs={"name": "body"})
    assert "reading as a guest" not in words(page)


# --- what it costs


def test_a_long_thread_costs_a_visitor_what_a_short_one_costs(visitor, thread, django_assert_num_queries):
    short = factories.ThreadFactory(board=thread.board)
    for address in (short.get_absolute_url(), thread.get_absolute_url(), f"{thread.get_absolute_url()}?page=3"):
        with django_assert_num_queries(2):  # thread, posts
            visitor.get(address)


def test_nothing_but_missing_things_is_turned_into_the_sign_in_page(rf):
    @shared.open_to_visitors
    def broken(request):
        raise ValueError(request.path)

    with pytest.raises(ValueError, match="/x/"):
        broken(rf.get("/x/"))
