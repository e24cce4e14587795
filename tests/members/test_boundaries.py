"""Mutes and blocks as members make them (M7): one tells nobody, the other parts two people everywhere."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from forums import boundaries
from forums.composing import quote
from forums.models import Reaction
from forums.services import search
from members.access import boundaries as reading
from members.access.boundaries import boundaries_of
from members.models import Block, Leaving, Mute
from members.services import block, leaving, mute, unblock, unmute
from notifications.models import Notice
from tests import factories, pages


def shown(browser, thread):
    return browser.get(thread.get_absolute_url())


# --- making and taking back --------------------------------------------------------------------------------------


def test_a_member_blocks_from_a_profile_and_takes_it_back(scene, sign_in, member, other_member):
    browser = sign_in(member)
    page = browser.get(reverse("person", args=[other_member.public_id]))
    way = pages.soup(page).find("a", string="Mute or block")["href"]
    form = pages.soup(browser.get(way)).find("form", action=reverse("person_block", args=[other_member.public_id]))
    done = browser.post(form["action"], follow=True)
    assert Block.objects.filter(blocker=member, blocked=other_member).exists()
    assert "birch" in done.text
    assert "birch" not in shown(browser, scene.thread).text
    assert sign_in(other_member).get(scene.thread.get_absolute_url()).status_code == 404
    browser.post(reverse("unblock", args=[other_member.public_id]))
    assert not Block.objects.exists()
    assert "birch" in shown(browser, scene.thread).text


def test_a_post_leads_to_muting_and_back_to_itself(scene, sign_in, member, other_member):
    browser = sign_in(member)
    menu = pages.post(shown(browser, scene.thread), 2).find("a", string="Mute or block this person")
    form = pages.soup(browser.get(menu["href"])).find(
        "form", action=reverse("person_mute", args=[other_member.public_id])
    )
    back = form.find("input", {"name": "next"})["value"]
    answer = browser.post(form["action"], {"next": back})
    assert answer.headers["Location"] == reverse("post", args=[scene.reply.public_id])
    assert Mute.objects.filter(muter=member, muted=other_member).exists()


def test_nobody_is_led_away_from_the_site(sign_in, member, other_member):
    address = reverse("person_mute", args=[other_member.public_id])
    answer = sign_in(member).post(address, {"next": "//elsewhere.example/"})
    assert answer.headers["Location"] == reverse("settings_people")


def test_somebody_behind_a_disguise_has_no_such_link(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=other_member, disguise=7)
    card = pages.post(shown(sign_in(member), thread), 1)
    assert card.find("a", string="Mute or block this person") is None
    assert str(other_member.public_id) not in str(card)


def test_no_line_is_drawn_around_oneself_or_across_a_block(sign_in, member, blocked):
    for name in ("person_mute", "person_block"):
        assert sign_in(member).post(reverse(name, args=[member.public_id])).status_code == 404
        assert sign_in(member).post(reverse(name, args=[blocked.public_id])).status_code == 404
        assert sign_in(blocked).post(reverse(name, args=[member.public_id])).status_code == 404
    for draw in (lambda: block(blocker=member, blocked=member), lambda: mute(muter=member, muted=member)):
        with pytest.raises(IntegrityError), transaction.atomic():
            draw()


def test_only_who_blocked_finds_the_block_and_takes_it_back(sign_in, member, blocked):
    assert "alder" not in sign_in(blocked).get(reverse("settings_people")).text
    assert sign_in(blocked).post(reverse("unblock", args=[member.public_id])).status_code == 404
    assert Block.objects.exists()
    # When both blocked each other, they stay parted until both took it back.
    block(blocker=blocked, blocked=member)
    assert unblock(blocker=member, blocked=blocked)
    assert sign_in(member).get(reverse("person", args=[blocked.public_id])).status_code == 404


def test_each_verb_can_be_done_twice(member, other_member):
    assert block(blocker=member, blocked=other_member)
    assert not block(blocker=member, blocked=other_member)
    assert unblock(blocker=member, blocked=other_member)
    assert not unblock(blocker=member, blocked=other_member)
    assert mute(muter=member, muted=other_member)
    assert not mute(muter=member, muted=other_member)
    assert unmute(muter=member, muted=other_member)
    assert not unmute(muter=member, muted=other_member)


def test_both_sides_of_a_block_are_looked_at_anew(member, other_member):
    before = {who.pk: boundaries_of(who).parted for who in (member, other_member)}
    block(blocker=member, blocked=other_member)
    for who, other in ((member, "birch"), (other_member, "alder")):
        who.refresh_from_db()
        assert before[who.pk] == frozenset()
        assert boundaries_of(who).parted == {other}


# --- muted -------------------------------------------------------------------------------------------------------


def test_the_posts_of_somebody_muted_are_folded_and_nothing_else_changes(scene, sign_in, member, other_member):
    shown(sign_in(other_member), scene.thread)
    before = pages.same_but_for_secrets(shown(sign_in(other_member), scene.thread))
    mute(muter=member, muted=other_member)
    fold = pages.post(shown(sign_in(member), scene.thread), 2).find("details", class_="post-kept")
    assert "By somebody you muted." in fold.find("summary").get_text()
    assert fold.find(class_="post-text") is not None
    assert pages.same_but_for_secrets(shown(sign_in(other_member), scene.thread)) == before


def test_a_mute_tells_nothing_of_who_is_behind_a_disguise(sign_in, member, other_member):
    anonymous = factories.ThreadFactory(author=other_member, disguise=7)
    named = factories.ThreadFactory(author=other_member, board=anonymous.board, title="Under a name")
    mute(muter=member, muted=other_member)
    browser = sign_in(member)
    assert pages.post(shown(browser, anonymous), 1).find("details", class_="post-kept") is None
    folds = pages.soup(browser.get(anonymous.board.get_absolute_url())).find_all("details", class_="folded-title")
    assert [fold.find("a").get_text() for fold in folds] == [named.title]
    assert anonymous.title in browser.get(reverse("waiting")).text
    assert named.title not in browser.get(reverse("waiting")).text


def test_there_is_no_news_of_somebody_muted(scene, sign_in, worker, member, other_member, mailoutbox):
    mute(muter=member, muted=other_member)
    with worker():
        browser = sign_in(other_member)
        browser.post(reverse("reply", args=[scene.thread.public_id]), {"body": "@alder are you there?"})
        browser.post(reverse("react", args=[scene.opening.public_id]), {"give": "heard"})
    assert Reaction.objects.count() == 1
    assert not Notice.objects.filter(recipient=member).exists()
    assert mailoutbox == []
    home = sign_in(member).get(reverse("my_threads"))
    assert "new posts" not in pages.words(home)


def test_news_from_before_a_mute_is_no_news_any_more(scene, sign_in, worker, member, other_member):
    with worker():
        sign_in(other_member).post(reverse("reply", args=[scene.thread.public_id]), {"body": "Are you there?"})
    assert "replied" in pages.words(sign_in(member).get(reverse("notices")))
    mute(muter=member, muted=other_member)
    assert "Somebody replied" not in pages.words(sign_in(member).get(reverse("notices")))


# --- a blocked person's words in somebody else's post ---------------------------------------------------------------


@pytest.fixture
def third(db):
    return factories.MemberFactory(username="linden")


@pytest.mark.parametrize("reader", ["alder", "thorn"])
def test_a_quotation_of_the_other_is_not_in_a_third_persons_post(reader, sign_in, member, blocked, third):
    me, other = (member, blocked) if reader == "alder" else (blocked, member)
    thread = factories.ThreadFactory(author=third)
    body = quote(other.username, "Words that were theirs.") + f"I know that, @{other.username.upper()}. And so do I."
    factories.PostFactory(thread=thread, author=third, body=body)
    search.index_missing(limit=100)
    browser = sign_in(me)
    bookmark = reverse("post_bookmark", args=[thread.posts.get(number=2).public_id])
    browser.post(bookmark, {"on": "1"})
    for page in (
        shown(browser, thread),
        browser.get(reverse("reply", args=[thread.public_id]), {"to": 2, "quote": 1}),
        browser.get(reverse("search"), {"q": "know that"}),
        browser.get(reverse("bookmarks")),
    ):
        assert "know that" in pages.words(page)
        assert "Words that were theirs" not in page.text
        assert other.username not in page.text.lower()
    unseen = shown(sign_in(third), thread)
    assert "Words that were theirs" in unseen.text
    assert "blocked" not in pages.words(shown(browser, thread))


def test_earlier_versions_do_not_quote_them_either(sign_in, worker, member, blocked, third):
    thread = factories.ThreadFactory(author=third)
    post = factories.PostFactory(thread=thread, author=third, body=quote("thorn", "Their words once.") + "First.")
    post.revisions.create(version=1, body=post.body, is_public=True, written_at=post.created_at)
    type(post).objects.filter(pk=post.pk).update(version=2, body="Second.", edited_at=factories.now())
    page = sign_in(member).get(reverse("post_history", args=[post.public_id]))
    assert "First." in page.text
    assert "Their words once" not in page.text
    assert "thorn" not in page.text


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<blockquote>\n<p>thorn wrote:</p>\n<p>a</p>\n</blockquote>\n<p>b</p>\n", "<p>b</p>\n"),
        ("<blockquote>\n<p>Thorn wrote:<br>\na</p>\n</blockquote>\n<p>b</p>\n", "<p>b</p>\n"),
        (
            "<blockquote>\n<p>linden wrote:</p>\n<blockquote>\n<p>thorn wrote:</p>\n</blockquote>\n</blockquote>\n",
            "<blockquote>\n<p>linden wrote:</p>\n</blockquote>\n",
        ),
        ("<p>a</p>\n<blockquote>\n<p>thorn wrote:</p>\n<p>cut off he", "<p>a</p>\n"),
        ("<p>A @thorn-bush, a thorn and @thorn.</p>", "<p>A @thorn-bush, a thorn and @someone.</p>"),
    ],
)
def test_what_is_left_of_a_post(html, left):
    assert boundaries.without_html(html, {"thorn"}) == left


def test_the_other_disappears_from_an_open_conversation_at_once(scene, sign_in, member, other_member):
    """Both have the thread open when one of them blocks the other."""
    theirs = sign_in(other_member)
    reply = reverse("reply", args=[scene.thread.public_id])
    assert theirs.get(reply).status_code == 200
    mine = sign_in(member)
    assert mine.get(reply).status_code == 200
    block(blocker=member, blocked=other_member)
    given_back = theirs.post(reply, {"body": "Words typed meanwhile."})
    assert given_back.status_code == 404
    assert "Words typed meanwhile." in given_back.text
    assert theirs.post(reverse("react", args=[scene.opening.public_id]), {"give": "heard"}).status_code == 404
    assert mine.post(reverse("react", args=[scene.reply.public_id]), {"give": "heard"}).status_code == 404
    answered = mine.post(reply, {"body": "I write on.", "reply_to": 2}, follow=True)
    assert answered.status_code in (200, 409, 422)
    assert "birch" not in answered.text


def test_what_was_quoted_of_somebody_who_leaves_and_comes_back_stays_kept_away(sign_in, member, blocked, third):
    """Their name stands in the words of others until it is taken out for good."""
    body = quote("thorn", "Some storm words.") + "So it is."
    post = factories.PostFactory(thread=factories.ThreadFactory(author=third), author=third, body=body)
    leave: Any = leaving.leave
    found = leave.__wrapped__(member=blocked, way=Leaving.Way.KEEP_WORDS)
    # As in a process that was started since, and in one that was not.
    reading._boundaries.cache_clear()
    assert "storm words" not in shown(sign_in(member), post.thread).text
    assert "So it is." in shown(sign_in(member), post.thread).text
    assert leaving.undo(found=found)
    assert "storm words" not in shown(sign_in(member), post.thread).text
