"""One table says who sees what; the query, the door and the page must all agree with it."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import Client
from django.urls import reverse

from forums import access
from forums.models import Board, Post, Thread, Visibility
from members.models import Member
from tests import factories
from tests.pages import numbers, titles

# Everybody who may come along, in their relation to the author.
ROLES = {
    "visitor": lambda author: AnonymousUser(),
    "author": lambda author: author,
    "member": lambda author: factories.MemberFactory(),
    "newcomer": lambda author: factories.MemberFactory(joined_at=factories.now()),
    "silenced": lambda author: factories.SanctionFactory().member,
    "curator": lambda author: factories.CuratorFactory(),
    "administrator": lambda author: factories.MemberFactory(is_staff=True),
    "moderator": lambda author: factories.MemberFactory(is_moderator=True),
    "blocked": lambda author: factories.BlockFactory(blocker=author).blocked,
    "blocker": lambda author: factories.BlockFactory(blocked=author).blocker,
    "blocked_moderator": lambda author: factories.BlockFactory(blocker=author, blocked__is_moderator=True).blocked,
}


@pytest.fixture
def role(request, db):
    author = factories.MemberFactory(username="author")
    return SimpleNamespace(name=request.param, viewer=ROLES[request.param](author), author=author)


def may_see_board(name: str, audience: str) -> bool:
    if name == "visitor":
        return audience == "everyone"
    return audience != "staff" or name in ("moderator", "blocked_moderator", "administrator")


def may_see(name: str, audience: str, visibility: str) -> bool:
    if name in ("moderator", "blocked_moderator"):
        return True
    if name in ("blocked", "blocker"):
        return False
    return may_see_board(name, audience) and (visibility == "visible" or name == "author")


def browser_of(viewer) -> Client:
    client = Client()
    if isinstance(viewer, Member):
        client.force_login(viewer)
    return client


def opens(door, viewer, public_id) -> bool:
    try:
        door(viewer, public_id)
    except Http404:
        return False
    return True


def status_for(name: str, seen: bool, found: int) -> int:
    """Visitors are asked to sign in wherever there is nothing for them, whether or not there is for others."""
    if name == "visitor" and not seen:
        return 302
    return found if seen else 404


@pytest.mark.parametrize("role", ROLES, indirect=True)
def test_boards_are_there_for_their_audience_only(role):
    browser = browser_of(role.viewer)
    for audience in Board.Audience.values:
        board = factories.BoardFactory(audience=audience)
        seen = may_see_board(role.name, audience)
        assert opens(access.get_board_for, role.viewer, board.slug) is seen
        assert (board in access.boards_for(role.viewer)) is seen
        assert browser.get(board.get_absolute_url()).status_code == status_for(role.name, seen, 200)


@pytest.mark.parametrize("role", ROLES, indirect=True)
def test_query_door_list_and_page_agree_about_every_thread(role):
    browser = browser_of(role.viewer)
    for audience in Board.Audience.values:
        board = factories.BoardFactory(audience=audience)
        shown = set()
        for visibility in set(Visibility.values) - {Visibility.MOVED, Visibility.FOLDED}:  # those are of posts
            thread = factories.ThreadFactory(board=board, author=role.author, visibility=visibility)
            seen = may_see(role.name, audience, visibility)
            assert Thread.objects.visible_to(role.viewer).contains(thread) is seen
            assert opens(access.get_thread_for, role.viewer, thread.public_id) is seen
            assert browser.get(thread.get_absolute_url()).status_code == status_for(role.name, seen, 200)
            if seen:
                shown.add(thread.title)
        assert {row["title"] for row in access.threads_page(role.viewer, board, None).items} == shown
        if may_see_board(role.name, audience):
            assert set(titles(browser.get(board.get_absolute_url()))) == shown


@pytest.mark.parametrize("role", ROLES, indirect=True)
def test_every_page_of_a_thread_asks_the_same_door(role):
    browser = browser_of(role.viewer)
    for visibility in (Visibility.VISIBLE, Visibility.HELD):
        thread = factories.ThreadFactory(author=role.author, visibility=visibility)
        seen = may_see(role.name, "members", visibility)
        pages = {"reply": 200, "gentle_thread": 200, "first_unread": 302, "newest": 302, "jump": 302}
        for name, found in pages.items():
            answer = browser.get(reverse(name, args=[thread.public_id]))
            assert answer.status_code == status_for(role.name, seen, found)


@pytest.mark.parametrize("role", ROLES, indirect=True)
def test_query_door_window_and_page_agree_about_every_post(role):
    browser = browser_of(role.viewer)
    thread = factories.ThreadFactory(board__audience="everyone")
    shown = [1]
    for visibility in Visibility.values:
        post = factories.PostFactory(thread=thread, author=role.author, visibility=visibility)
        # Hidden and removed posts keep their place, as a tombstone without their words.
        seen = may_see(role.name, "everyone", "held" if visibility == "held" else "visible")
        assert Post.objects.visible_to(role.viewer).contains(post) is seen
        assert opens(access.get_post_for, role.viewer, post.public_id) is seen
        assert (access.post_row(role.viewer, thread, post.number) is not None) is seen
        address = reverse("post", args=[post.public_id])
        assert browser.get(address).status_code == status_for(role.name, seen, 302)
        # Nobody reports their own words, or words that nobody can read; and visitors are asked to sign in first.
        open_to_report = seen and visibility == "visible" and role.viewer not in (role.author, AnonymousUser())
        address = reverse("flag", args=["post", post.public_id])
        assert browser.get(address).status_code == status_for(role.name, open_to_report, 200)
        if seen:
            shown.append(post.number)
    assert [row.number for row in access.posts_window(role.viewer, thread, 1).posts] == shown
    assert numbers(browser.get(thread.get_absolute_url())) == shown


@pytest.mark.parametrize("role", ROLES, indirect=True)
def test_folded_words_are_on_nobodys_thread_page(role):
    thread = factories.ThreadFactory()
    for visibility in (Visibility.HIDDEN, Visibility.REMOVED):
        factories.PostFactory(thread=thread, author=role.author, body="Folded words.", visibility=visibility)
    page = browser_of(role.viewer).get(thread.get_absolute_url(), follow=True)
    assert page.status_code == 200
    assert "Folded words." not in page.text


@pytest.mark.parametrize("role", ROLES, indirect=True)
def test_what_does_not_exist_looks_like_what_is_not_for_you(role):
    browser = browser_of(role.viewer)
    for name in ("first_unread", "reply", "post"):
        answer = browser.get(reverse(name, args=[uuid4()]))
        assert answer.status_code == status_for(role.name, seen=False, found=200)
