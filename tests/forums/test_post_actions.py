"""What stands below a post: calm, named, and only what this reader can do."""

import pytest
from django.urls import reverse

from forums.models import Post, Thread, Visibility
from tests import factories
from tests.pages import post, soup


@pytest.fixture
def below(sign_in):
    """The actions below one post, for one reader."""

    def look(reader, written):
        page = sign_in(reader).get(written.thread.get_absolute_url())
        return post(page, written.number).find(class_="post-actions")

    return look


def offered(actions):
    """What can be followed or pressed, in words."""
    return [" ".join(control.get_text(" ").split()) for control in actions.find_all(["a", "button", "summary"])]


def test_somebody_elses_post(below, newcomer, scene):
    assert offered(below(newcomer, scene.reply)) == [
        "I hear you",
        "Me too",
        "Thinking of you",
        "This helped",
        "Reply to post 2",
        "Bookmark post 2",
        "More about post 2",
        "Quote",
        "Report this post",
        "Report this person",
        "Mute or block this person",
    ]


def test_ones_own_post(below, other_member, scene):
    assert offered(below(other_member, scene.reply)) == [
        "Reply to post 2",
        "Bookmark post 2",
        "More about post 2",
        "Quote",
        "Edit",
        "Take back",
    ]


def test_a_reply_in_ones_own_thread_can_be_thanked_for(below, member, scene):
    assert "Thank you , seen by its author only" in offered(below(member, scene.reply))
    assert not [one for one in offered(below(member, scene.opening)) if "Thank" in one]


def test_a_closed_thread_is_read_and_answered_with_a_word(below, member, other_member, scene):
    Thread.objects.update(state="locked")
    for reader in (member, other_member):
        names = " ".join(offered(below(reader, scene.reply)))
        assert not any(word in names for word in ("Reply", "Quote", "Edit"))
    assert "Take back" in offered(below(other_member, scene.reply))
    assert "Me too" in offered(below(member, scene.reply))


def test_an_archived_thread_is_read(below, newcomer, scene):
    Thread.objects.update(state="archived")
    assert offered(below(newcomer, scene.reply)) == [
        "Bookmark post 2",
        "More about post 2",
        "Report this post",
        "Report this person",
        "Mute or block this person",
    ]


def test_held_words_are_their_authors_to_change_and_nobodys_to_answer(below, moderator, other_member, scene):
    Post.objects.filter(pk=scene.reply.pk).update(visibility=Visibility.HELD)
    assert offered(below(other_member, scene.reply))[-2:] == ["Edit", "Take back"]
    names = " ".join(offered(below(moderator, scene.reply)))
    assert not any(word in names for word in ("hear you", "Bookmark", "Report", "Edit"))


def test_moderators_find_what_was_changed_in_the_first_minutes(below, sign_in, member, other_member, moderator, scene):
    sign_in(other_member).post(
        reverse("post_edit", args=[scene.reply.public_id]), {"body": "Without the name.", "version": 1}
    )
    assert "Earlier versions" in offered(below(moderator, scene.reply))
    assert "Earlier versions" not in offered(below(member, scene.reply))


def test_quoting_leads_to_the_reply_page_with_the_words_quoted(below, sign_in, newcomer, scene):
    link = below(newcomer, scene.reply).find("a", attrs={"data-quote": "2"})
    assert link["href"] == reverse("reply", args=[scene.thread.public_id]) + "?to=2&quote=1"
    assert "I know that kind of week." in sign_in(newcomer).get(link["href"]).text


def test_behind_a_disguise_one_knows_ones_own_words_and_nobody_else_does(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member, disguise=7)
    own, others = (
        [mark.get_text() for mark in post(sign_in(reader).get(thread.get_absolute_url()), 1).select(".badge")]
        for reader in (member, other_member)
    )
    assert "you" in own
    assert "you" not in others


def test_each_button_works_without_a_script(below, sign_in, newcomer, scene):
    """A form with a token, a plain address for each button, and nothing but that."""
    actions = below(newcomer, scene.reply)
    form = actions.find("form")
    assert form["method"] == "post"
    assert form.find("input", attrs={"name": "csrfmiddlewaretoken"})["value"]
    for button in form.find_all("button"):
        address = button.get("formaction", form["action"])
        assert sign_in(newcomer).post(address, {button["name"]: button["value"]}).status_code == 302


def test_one_token_serves_the_whole_page(sign_in, member, scene):
    page = sign_in(member).get(scene.thread.get_absolute_url())
    tokens = {
        field["value"]
        for number in (1, 2)
        for field in post(page, number).find_all("input", attrs={"name": "csrfmiddlewaretoken"})
    }
    assert len(tokens) == 1


# --- what is said after a deed stands where one lands


@pytest.mark.parametrize("deed", ["edit", "unchanged edit", "held reply", "report", "bookmark"])
def test_what_came_of_it_is_said_at_the_post_that_one_is_led_to(sign_in, member, other_member, scene, deed):
    factories.PostFactory.create_batch(3, thread=scene.thread)
    browser = sign_in(other_member)
    edit = reverse("post_edit", args=[scene.reply.public_id])
    if deed == "edit":
        page = browser.post(edit, {"body": "Other words.", "version": 1}, follow=True)
    elif deed == "unchanged edit":
        page = browser.post(edit, {"body": scene.reply.body, "version": 1}, follow=True)
    elif deed == "held reply":
        scene.board.hold_first = "all"
        scene.board.save()
        page = browser.post(reverse("reply", args=[scene.thread.public_id]), {"body": "Here."}, follow=True)
    elif deed == "report":
        page = browser.post(reverse("flag", args=["post", scene.opening.public_id]), {"reason": "abuse"}, follow=True)
    else:
        page = browser.post(reverse("post_bookmark", args=[scene.opening.public_id]), {"on": "1"}, follow=True)
    landed = page.redirect_chain[-1][0].partition("#")[2]
    said = soup(page).select(".messages")
    assert len(said) == 1
    assert said[0].find_next(class_="post")["id"] == landed
    assert said[0].find_previous(class_="post") or landed == "post-1"


def test_what_belongs_to_no_post_of_the_page_is_said_above_it(sign_in, member, scene):
    browser = sign_in(member)
    browser.post(reverse("thread_care", args=[scene.thread.public_id]), {"do": "request", "support_type": "ideas"})
    page = soup(browser.get(scene.thread.get_absolute_url()))
    assert page.select_one(".messages").find_next("h1")
