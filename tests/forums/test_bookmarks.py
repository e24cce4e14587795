"""Posts that one wants to find again, with a note that nobody else reads."""

import pytest
from django.urls import reverse

from forums.models import Bookmark, Post, Thread, Visibility
from tests import factories
from tests.pages import post, soup, value_of, words


@pytest.fixture
def tap(sign_in):
    def press(who, what, on="1", htmx=False):
        headers = {"HX-Request": "true"} if htmx else {}
        address = reverse("post_bookmark", args=[what.public_id])
        return sign_in(who).post(address, {"on": on}, headers=headers)

    return press


@pytest.fixture
def write(sign_in, member):
    def send(what, note, who=member):
        return sign_in(who).post(reverse("bookmark", args=[what.public_id]), {"note": note})

    return send


@pytest.fixture
def listed(sign_in, member):
    """The list as a page, by default that of `member`."""
    return lambda who=member, query="": sign_in(who).get(reverse("bookmarks") + query)


def entries(page):
    return soup(page).find_all(class_="bookmark")


def test_a_tap_bookmarks_and_another_takes_it_away(tap, member, scene):
    assert tap(member, scene.reply).headers["Location"].endswith("#post-2")
    assert list(Bookmark.objects.values_list("post", flat=True)) == [scene.reply.pk]
    tap(member, scene.reply, on="0")
    assert not Bookmark.objects.exists()


def test_two_taps_on_the_same_page_do_what_one_does_and_keep_the_note(tap, write, member, scene):
    tap(member, scene.reply)
    write(scene.reply, "for the night")
    tap(member, scene.reply)
    assert Bookmark.objects.get().note == "for the night"
    for _tap in range(2):
        tap(member, scene.reply, on="0")
    assert not Bookmark.objects.exists()


@pytest.mark.parametrize("odd", ["", "yes", "2"])
def test_a_tap_that_means_nothing_changes_nothing(tap, member, scene, odd):
    assert tap(member, scene.reply, on=odd).status_code == 302
    assert not Bookmark.objects.exists()


def test_the_page_shows_what_one_bookmarked_and_nobody_elses(tap, sign_in, member, newcomer, scene):
    tap(member, scene.reply)
    pressed = {
        who.username: post(sign_in(who).get(scene.thread.get_absolute_url()), 2).find(id="bookmark-2")["aria-pressed"]
        for who in (member, newcomer)
    }
    assert pressed == {"alder": "true", "seedling": "false"}


def test_htmx_gets_the_button_pressed_and_the_way_to_a_note(tap, member, scene):
    answer = tap(member, scene.reply, htmx=True)
    assert soup(answer).find(id="bookmark-2")["aria-pressed"] == "true"
    assert reverse("bookmark", args=[scene.reply.public_id]) in answer.text
    assert "<html" not in answer.text


def test_what_one_cannot_see_one_cannot_bookmark(tap, blocked, scene):
    assert tap(blocked, scene.opening).status_code == 404


@pytest.mark.parametrize("state", [Visibility.HELD, Visibility.HIDDEN, Visibility.REMOVED])
def test_words_that_are_not_shown_are_not_bookmarked(tap, member, scene, state):
    Post.objects.filter(pk=scene.reply.pk).update(visibility=state)
    assert tap(member, scene.reply).status_code == 404


def test_ones_own_words_and_an_archived_thread_can_be_bookmarked(tap, member, scene):
    Thread.objects.update(state="archived")
    tap(member, scene.opening)
    assert Bookmark.objects.get().post == scene.opening


# --- the list


def test_the_list_shows_where_it_stands_who_wrote_it_how_it_begins_and_the_note(tap, write, listed, member, scene):
    tap(member, scene.reply)
    write(scene.reply, "for the night")
    (entry,) = entries(listed())
    assert entry.find("h2").find("a")["href"] == reverse("post", args=[scene.reply.public_id])
    said = " ".join(entry.get_text(" ").split())
    for wanted in (scene.thread.title, "post 2 by birch", "I know that kind of week.", "for the night"):
        assert wanted in said


def test_the_newest_stand_first_and_a_page_ends(listed, member, scene):
    for number in range(25):
        Bookmark.objects.create(member=member, post=factories.PostFactory(thread=scene.thread, body=f"Words {number}"))
    first = listed()
    assert [entry.find(class_="bookmark-words").get_text() for entry in entries(first)][:2] == ["Words 24", "Words 23"]
    second = listed(query=soup(first).find("a", rel="next")["href"])
    assert [entry.find(class_="bookmark-words").get_text() for entry in entries(second)][-1] == "Words 0"
    assert "These are all of them." in words(second)


def test_the_list_costs_the_same_for_one_and_for_many(sign_in, member, scene, django_assert_num_queries):
    browser = sign_in(member)
    Bookmark.objects.create(member=member, post=scene.reply)
    with django_assert_num_queries(3):  # who it is; bookmarks, their posts
        browser.get(reverse("bookmarks"))
    for _number in range(25):
        Bookmark.objects.create(member=member, post=factories.PostFactory())
    with django_assert_num_queries(3):  # the same
        browser.get(reverse("bookmarks"))


def test_an_empty_list_says_so(listed):
    assert "Nothing is bookmarked yet" in words(listed())


def test_nobody_sees_anybody_elses_list_or_note(tap, write, listed, sign_in, member, other_member, moderator, scene):
    tap(member, scene.reply)
    write(scene.reply, "for the night")
    for somebody in (other_member, moderator):
        assert "for the night" not in listed(somebody).text
        for name in ("bookmark", "remove_bookmark"):
            assert sign_in(somebody).post(reverse(name, args=[scene.reply.public_id])).status_code == 404


def test_an_anonymous_author_stays_so_in_the_list(tap, listed, member, other_member):
    thread = factories.ThreadFactory(author=member, disguise=7)
    tap(other_member, thread.posts.get())
    page = listed(other_member)
    assert len(entries(page)) == 1
    assert member.username not in page.text


@pytest.mark.parametrize("gone", ["hidden", "removed", "blocked", "staff board"])
def test_what_can_no_longer_be_read_keeps_its_note_and_nothing_else(tap, write, listed, sign_in, newcomer, scene, gone):
    tap(newcomer, scene.reply)
    write(scene.reply, "for the night", who=newcomer)
    if gone == "blocked":
        factories.BlockFactory(blocker=newcomer, blocked=scene.reply.author)
    elif gone == "staff board":
        scene.board.audience = "staff"
        scene.board.save()
    else:
        Post.objects.filter(pk=scene.reply.pk).update(visibility=gone)
    page = listed(newcomer)
    (entry,) = entries(page)
    assert "No longer readable" in entry.get_text()
    assert "for the night" in entry.get_text()
    for hidden in ("kind of week", scene.thread.title, "birch"):
        assert hidden not in entry.get_text()
    assert "No longer readable" in words(sign_in(newcomer).get(reverse("bookmark", args=[scene.reply.public_id])))
    sign_in(newcomer).post(reverse("remove_bookmark", args=[scene.reply.public_id]))
    assert not Bookmark.objects.exists()


def test_what_a_reader_wants_folded_does_not_begin_to_speak_in_the_list(tap, listed, newcomer, scene):
    Thread.objects.update(content_notes=["suicide"])
    tap(newcomer, scene.reply)
    said = words(listed(newcomer))
    assert "Suicide" in said
    assert "kind of week" not in said


def test_an_excerpt_is_plain_words_and_short(tap, listed, member, scene):
    body = "**Bold** & <b>\n\n- one\n- [two](https://example.org)\n\n" + "word " * 500
    long = factories.PostFactory(thread=scene.thread, body=body)
    tap(member, long)
    excerpt = entries(listed())[0].find(class_="bookmark-words").get_text()
    assert excerpt.startswith("Bold & <b> one two word word")
    assert len(excerpt) <= 220


# --- the note


def test_a_note_is_written_changed_and_emptied(tap, write, sign_in, member, scene):
    tap(member, scene.reply)
    for note in ("for the night", "for the morning", ""):
        assert write(scene.reply, note).status_code == 302
        assert Bookmark.objects.get().note == note
        page = sign_in(member).get(reverse("bookmark", args=[scene.reply.public_id]))
        assert value_of(page, "note") == note


def test_a_note_is_made_safe_like_other_words(tap, write, member, scene):
    tap(member, scene.reply)
    write(scene.reply, "  read\u200b this\u202e \r\nagain ")
    assert Bookmark.objects.get().note == "read this \nagain"


def test_a_note_that_is_too_long_comes_back_whole(tap, write, member, scene):
    tap(member, scene.reply)
    page = write(scene.reply, "x" * 501)
    assert page.status_code == 422
    assert value_of(page, "note") == "x" * 501
    assert Bookmark.objects.get().note == ""


def test_what_is_not_bookmarked_has_no_note(write, sign_in, member, scene):
    assert sign_in(member).get(reverse("bookmark", args=[scene.reply.public_id])).status_code == 404
    assert write(scene.reply, "for the night").status_code == 404
