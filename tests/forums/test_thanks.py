"""The thread's author thanks for a reply. Nobody but the two of them ever sees it."""

import pytest
from django.urls import reverse

from forums import access
from forums.models import Post, Thread, ThreadFollow, Visibility
from forums.news_posts import THANKED
from forums.services import thanks
from notifications.models import Event, Notice
from tests import factories
from tests.pages import post, soup, words


@pytest.fixture
def thank(sign_in, worker):
    def tap(who, what, on="1", htmx=False):
        headers = {"HX-Request": "true"} if htmx else {}
        with worker():
            return sign_in(who).post(reverse("post_thank", args=[what.public_id]), {"on": on}, headers=headers)

    return tap


@pytest.fixture
def anonymous(member, other_member):
    """A thread by `member` behind a disguise, with a reply by `other_member`."""
    thread = factories.ThreadFactory(author=member, disguise=7)
    return factories.PostFactory(thread=thread, author=other_member)


def told():
    notices = Notice.objects.filter(event__kind=THANKED.key)
    return sorted(notices.values_list("recipient__username", flat=True))


def is_thanked(reply):
    reply.refresh_from_db()
    return reply.thanked_at is not None


def page_of(reply, browser):
    return post(browser.get(reply.thread.get_absolute_url()), reply.number)


def test_the_author_thanks_and_takes_it_back(thank, member, scene):
    assert thank(member, scene.reply).headers["Location"].endswith("#post-2")
    assert is_thanked(scene.reply)
    thank(member, scene.reply, on="0")
    assert not is_thanked(scene.reply)


def test_two_presses_do_what_one_does(thank, member, scene):
    for _press in range(2):
        thank(member, scene.reply)
    assert is_thanked(scene.reply)
    assert told() == ["birch"]


def test_a_press_that_means_nothing_changes_nothing(thank, member, scene):
    for odd in ("", "yes", "2"):
        assert thank(member, scene.reply, on=odd).status_code == 302
    assert not is_thanked(scene.reply)


def test_only_the_two_of_them_see_it(thank, sign_in, member, other_member, newcomer, moderator, scene):
    thank(member, scene.reply)
    assert "alder thanked you for this" in page_of(scene.reply, sign_in(other_member)).get_text()
    button = page_of(scene.reply, sign_in(member)).find("button", id="thank-2")
    assert (button["aria-pressed"], button["value"]) == ("true", "0")
    for reader in (newcomer, moderator):
        seen = sign_in(reader).get(scene.thread.get_absolute_url())
        assert "thank" not in str(post(seen, 2)).lower()


def test_the_author_of_the_reply_hears_of_it_without_a_mail(thank, sign_in, member, other_member, scene, mailoutbox):
    thank(member, scene.reply)
    page = sign_in(other_member).get(reverse("notices"))
    assert f"alder thanked you for a reply in “{scene.thread.title}”." in words(page)
    assert mailoutbox == []


def test_thanks_from_behind_a_disguise_keep_it(thank, sign_in, member, other_member, anonymous):
    thank(member, anonymous)
    name = access.author_of(anonymous.thread).name
    browser = sign_in(other_member)
    assert f"{name} thanked you for this" in page_of(anonymous, browser).get_text()
    news = browser.get(reverse("notices"))
    assert f"{name} thanked you for a reply" in words(news)
    assert "alder" not in news.text
    assert "alder" not in browser.get(anonymous.thread.get_absolute_url()).text


def test_a_block_does_not_tell_who_is_behind_a_disguise_by_taking_thanks_away(
    thank, sign_in, member, other_member, anonymous
):
    thank(member, anonymous)
    factories.BlockFactory(blocker=other_member, blocked=member)
    browser = sign_in(other_member)
    assert "thanked you for this" in page_of(anonymous, browser).get_text()
    assert "thanked you" in words(browser.get(reverse("notices")))


def test_after_a_block_nothing_is_left_of_thanks_in_the_open(thank, sign_in, member, other_member, scene):
    thank(member, scene.reply)
    factories.BlockFactory(blocker=other_member, blocked=member)
    assert "thanked" not in words(sign_in(other_member).get(reverse("notices")))


def test_thanks_across_a_block_light_no_mark(sign_in, worker, member, other_member, scene):
    with worker():
        thanks.thank(member=member, post=scene.reply, on=True)
        factories.BlockFactory(blocker=other_member, blocked=member)
    assert soup(sign_in(other_member).get(reverse("home"))).find(class_="news-dot") is None


def test_others_cannot_thank_and_nobody_thanks_themselves(thank, sign_in, member, other_member, newcomer, scene):
    own = factories.PostFactory(thread=scene.thread, author=member)
    for who, what in ((newcomer, scene.reply), (other_member, scene.reply), (member, own), (member, scene.opening)):
        assert thank(who, what).status_code == 403
        assert not is_thanked(what)
    for reader in (newcomer, other_member):
        page = sign_in(reader).get(scene.thread.get_absolute_url())
        assert reverse("post_thank", args=[scene.reply.public_id]) not in page.text


def test_who_cannot_see_the_reply_cannot_thank_for_it(thank, member, blocked, scene):
    theirs = factories.PostFactory(thread=scene.thread, author=blocked)
    assert thank(member, theirs).status_code == 404
    assert thank(blocked, scene.reply).status_code == 404


@pytest.mark.parametrize("state", [Visibility.HELD, Visibility.HIDDEN, Visibility.REMOVED])
def test_nobody_thanks_for_words_that_are_not_shown(thank, member, scene, state):
    Post.objects.filter(pk=scene.reply.pk).update(visibility=state)
    thank(member, scene.reply)
    assert not is_thanked(scene.reply)


def test_in_an_archived_thread_nothing_changes_any_more(thank, sign_in, member, scene):
    Thread.objects.update(state="archived")
    thank(member, scene.reply)
    assert not is_thanked(scene.reply)
    assert page_of(scene.reply, sign_in(member)).find("button", id="thank-2") is None


def test_thanks_taken_back_before_the_news_is_spread_are_no_news(sign_in, worker, member, scene):
    address = reverse("post_thank", args=[scene.reply.public_id])
    with worker():
        browser = sign_in(member)
        browser.post(address, {"on": "1"})
        browser.post(address, {"on": "0"})
    assert Event.objects.filter(kind=THANKED.key).exists()
    assert told() == []


def test_thanks_taken_back_are_gone_from_the_news(thank, sign_in, member, other_member, scene):
    thank(member, scene.reply)
    thank(member, scene.reply, on="0")
    assert "thanked" not in words(sign_in(other_member).get(reverse("notices")))


def test_who_wants_to_hear_nothing_of_the_thread_is_not_told(thank, member, other_member, scene):
    ThreadFollow.objects.update_or_create(member=other_member, thread=scene.thread, defaults={"level": "mute"})
    thank(member, scene.reply)
    assert told() == []


def test_htmx_gets_the_actions_with_the_button_pressed(thank, member, scene):
    answer = thank(member, scene.reply, htmx=True)
    assert soup(answer).find("button", id="thank-2")["aria-pressed"] == "true"
    assert "<html" not in answer.text
