import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums import access
from forums.models import Reaction, Thread, Visibility
from members.models import Member
from tests import factories
from tests.pages import post, same_but_for_secrets, soup


@pytest.fixture
def react(sign_in):
    """One tap by `who`: give="heard", or take="heard"."""

    def tap(who, what, htmx=False, **button):
        headers = {"HX-Request": "true"} if htmx else {}
        return sign_in(who).post(reverse("react", args=[what.public_id]), button, headers=headers)

    return tap


def given(to):
    return sorted(to.reactions.values_list("member__username", "kind"))


def test_a_tap_gives_and_another_takes_back(react, member, scene):
    assert react(member, scene.reply, give="heard").headers["Location"].endswith("#post-2")
    assert given(scene.reply) == [("alder", "heard")]
    react(member, scene.reply, take="heard")
    assert given(scene.reply) == []


def test_two_taps_on_the_same_page_do_what_one_does(react, member, scene):
    for _tap in range(2):
        react(member, scene.reply, give="me_too")
    assert given(scene.reply) == [("alder", "me_too")]
    for _tap in range(2):
        react(member, scene.reply, take="me_too")
    assert given(scene.reply) == []


def test_each_kind_stands_for_itself(react, member, scene):
    for kind in Reaction.Kind:
        react(member, scene.reply, give=kind)
    react(member, scene.reply, take="helped")
    assert given(scene.reply) == [("alder", "heard"), ("alder", "me_too"), ("alder", "thinking")]


@pytest.mark.parametrize("button", [{}, {"give": "like"}, {"give": ""}, {"take": "heard"}])
def test_a_tap_that_means_nothing_changes_nothing(react, member, scene, button):
    assert react(member, scene.reply, **button).status_code == 302
    assert given(scene.reply) == []


def test_nobody_reacts_to_their_own_words(react, sign_in, other_member, scene):
    react(other_member, scene.reply, give="heard")
    assert given(scene.reply) == []
    page = sign_in(other_member).get(scene.thread.get_absolute_url())
    assert reverse("react", args=[scene.reply.public_id]) not in page.text


def test_a_blocked_person_cannot_react(react, blocked, scene):
    assert react(blocked, scene.opening, give="heard").status_code == 404
    assert given(scene.opening) == []


def test_reading_is_not_reacting(sign_in, member, scene):
    assert sign_in(member).get(reverse("react", args=[scene.reply.public_id]), {"give": "heard"}).status_code == 405


def test_what_one_gave_shows_as_given(react, sign_in, member, scene):
    react(member, scene.reply, give="heard")
    reply = post(sign_in(member).get(scene.thread.get_absolute_url()), 2)
    pressed = reply.find_all("button", attrs={"aria-pressed": "true"})
    assert [(button["name"], button["value"]) for button in pressed] == [("take", "heard")]


def test_the_author_sees_who_responded_and_how(react, sign_in, member, newcomer, other_member, scene):
    react(member, scene.reply, give="heard")
    react(newcomer, scene.reply, give="heard")
    react(newcomer, scene.reply, give="me_too")
    shown = " ".join(post(sign_in(other_member).get(scene.thread.get_absolute_url()), 2).get_text().split())
    assert "I hear you alder, seedling" in shown
    assert "Me too seedling" in shown


def test_others_learn_only_that_somebody_is_there(react, sign_in, member, newcomer, moderator, scene):
    react(newcomer, scene.reply, give="heard")
    for reader in (member, moderator):
        shown = post(sign_in(reader).get(scene.thread.get_absolute_url()), 2).get_text()
        assert "Others are here with this too." in shown
        assert "seedling" not in shown


def test_a_page_is_the_same_for_one_response_and_for_nine(sign_in, member, scene):
    browser = sign_in(member)
    address = scene.thread.get_absolute_url()
    browser.get(address)
    Reaction.objects.create(post=scene.reply, member=factories.MemberFactory(), kind="heard")
    one = same_but_for_secrets(browser.get(address))
    Reaction.objects.bulk_create(
        Reaction(post=scene.reply, member=somebody, kind=kind)
        for somebody in factories.MemberFactory.create_batch(4)
        for kind in ("heard", "me_too")
    )
    assert same_but_for_secrets(browser.get(address)) == one


def test_even_the_author_is_given_names_and_no_number(sign_in, other_member, scene):
    browser = sign_in(other_member)
    address = scene.thread.get_absolute_url()
    names = [f"friend{letter}" for letter in "abcdefg"]
    for name in names:
        Reaction.objects.create(post=scene.reply, member=factories.MemberFactory(username=name), kind="heard")
    shown = post(browser.get(address), 2).find(class_="felt")
    assert shown.get_text().split(", ") == ["I hear you frienda", *names[1:]]
    assert not any(character.isdigit() for character in str(shown))


@pytest.fixture
def crowd(scene):
    """Far more people than anybody names, with every kind of reaction to the opening post."""
    people = Member.objects.bulk_create(
        Member(username=f"crowd{number}", email=f"crowd{number}@example.org") for number in range(70)
    )
    for kind in Reaction.Kind:
        Reaction.objects.bulk_create(Reaction(post=scene.opening, member=one, kind=kind) for one in people)
    return people


def test_the_author_is_given_the_first_names_and_told_that_there_are_others(sign_in, member, scene, crowd):
    line = post(sign_in(member).get(scene.thread.get_absolute_url()), 1).find(class_="felt").get_text()
    assert line.count("crowd") == access.NAMED_AT_MOST
    assert "crowd0, crowd1" in line
    assert line.endswith(", and others")
    assert "70" not in line


def test_a_crowd_of_responses_is_read_by_nobody_as_a_crowd(member, other_member, scene, crowd):
    for reader, queries in ((other_member, 0), (member, 1)):
        rows = access.post_rows(reader, scene.thread, 1, 2)
        with CaptureQueriesContext(connection) as asked:
            responses = access.responses_for(reader, scene.thread, rows)
        assert responses.others == {scene.opening.pk}
        assert len(asked) == queries
    with connection.cursor() as cursor:
        cursor.execute(asked.captured_queries[-1]["sql"])
        assert len(cursor.fetchall()) <= 4 * (access.NAMED_AT_MOST + 1)


def test_nobody_on_the_other_side_of_a_block_is_named(sign_in, member, blocked, scene):
    blocker = factories.BlockFactory(blocked=member, blocker__username="away").blocker
    for somebody in (blocked, blocker):
        Reaction.objects.create(post=scene.opening, member=somebody, kind="heard")
    page = sign_in(member).get(scene.thread.get_absolute_url())
    assert "thorn" not in page.text
    assert "away" not in post(page, 1).get_text()
    assert "I hear you" not in post(page, 1).get_text()


def test_a_blocked_persons_response_to_a_third_is_not_hinted_at(sign_in, member, blocked, scene):
    Reaction.objects.create(post=scene.reply, member=blocked, kind="heard")
    assert "Others" not in post(sign_in(member).get(scene.thread.get_absolute_url()), 2).get_text()


def test_htmx_gets_the_actions_of_this_post_and_nothing_else(react, member, scene):
    answer = react(member, scene.reply, htmx=True, give="heard")
    assert answer.status_code == 200
    assert soup(answer).find(id="actions-2")
    assert "<html" not in answer.text
    button = soup(answer).find("button", attrs={"value": "heard"})
    assert (button["name"], button["aria-pressed"]) == ("take", "true")


def test_a_folded_post_offers_nothing_to_press(sign_in, member, scene):
    scene.reply.visibility = Visibility.HIDDEN
    scene.reply.save()
    folded = post(sign_in(member).get(scene.thread.get_absolute_url()), 2)
    assert folded.find("button") is None
    assert "I know that kind of week." not in folded.get_text()


@pytest.mark.parametrize("state", [Visibility.HELD, Visibility.HIDDEN, Visibility.REMOVED])
def test_nobody_answers_words_that_are_not_shown(react, member, moderator, scene, state):
    scene.reply.visibility = state
    scene.reply.save(update_fields=["visibility"])
    for who in (member, moderator):
        react(who, scene.reply, give="heard")
    assert given(scene.reply) == []


# --- in anonymous threads, and in archived ones


@pytest.fixture
def anonymous(member, other_member):
    """A thread by `member` behind a disguise, with a reply by `other_member`."""
    thread = factories.ThreadFactory(author=member, disguise=7)
    return factories.PostFactory(thread=thread, author=other_member)


def test_the_disguised_author_responds_by_the_name_they_have_there(react, sign_in, member, other_member, anonymous):
    react(member, anonymous, give="heard")
    page = sign_in(other_member).get(anonymous.thread.get_absolute_url())
    assert f"I hear you {access.author_of(anonymous.thread).name}" in " ".join(post(page, 2).get_text(" ").split())
    assert member.username not in page.text


@pytest.mark.parametrize("direction", ["blocker", "blocked"])
def test_a_block_does_not_tell_who_is_behind_a_disguise_by_taking_their_responses_away(
    react, sign_in, member, other_member, anonymous, direction
):
    react(member, anonymous, give="heard")
    other = "blocked" if direction == "blocker" else "blocker"
    factories.BlockFactory(**{direction: other_member, other: member})
    page = sign_in(other_member).get(anonymous.thread.get_absolute_url())
    assert access.author_of(anonymous.thread).name in post(page, 2).find(class_="felt").get_text()


def test_whoever_responds_to_a_disguised_author_is_named_to_them_alone(
    react, sign_in, member, other_member, newcomer, anonymous
):
    opening = anonymous.thread.posts.get(number=1)
    react(other_member, opening, give="heard")
    for reader, named in ((member, True), (newcomer, False)):
        card = post(sign_in(reader).get(anonymous.thread.get_absolute_url()), 1)
        assert ("birch" in card.get_text()) is named


def test_in_an_archived_thread_nothing_is_given_and_nothing_taken_back(react, sign_in, member, scene):
    react(member, scene.reply, give="heard")
    Thread.objects.update(state="archived")
    react(member, scene.reply, give="me_too")
    react(member, scene.reply, take="heard")
    assert given(scene.reply) == [("alder", "heard")]
    card = post(sign_in(member).get(scene.thread.get_absolute_url()), 2)
    assert card.find(class_="reaction") is None


@pytest.mark.parametrize("state", [Visibility.WITHDRAWN, Visibility.MOVED])
def test_a_line_where_a_post_was_takes_no_response(react, member, scene, state):
    line = factories.PostFactory(thread=scene.thread, visibility=state)
    assert react(member, line, give="heard").status_code == 404
    assert given(line) == []
