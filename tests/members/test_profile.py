"""What others see of a member: what they chose, and nothing that could be counted (M1, M4)."""

import pytest
from django.urls import reverse

from members import avatars
from members.models import AVATARS, Member
from notifications.services import wishes
from tests import factories, pages
from tests.resources import asking


def profile(browser, person):
    return browser.get(reverse("person", args=[person.public_id]))


@pytest.fixture
def about(other_member):
    Member.objects.filter(pk=other_member.pk).update(pronouns="she/her", about="I knit.\nSlowly.", avatar_seed=41)
    other_member.refresh_from_db()
    return other_member


def test_a_profile_shows_what_its_owner_chose_and_no_counts_and_no_last_visit(about, scene, sign_in, member):
    page = profile(sign_in(member), about)
    words = pages.words(page)
    for chosen in ("birch", "she/her", "I knit.", "Member"):
        assert chosen in words
    assert reverse("avatar", args=[41]) in page.text
    main = pages.soup(page).find("main").get_text()
    assert not any(letter.isdigit() for letter in main)
    assert about.email not in page.text
    assert str(about.seen_on) not in page.text


def test_names_in_threads_lead_to_profiles_and_visitors_see_names_only(scene, sign_in, member, other_member, visitor):
    link = pages.post(sign_in(member).get(scene.thread.get_absolute_url()), 2).find(class_="post-author").find("a")
    assert link["href"] == reverse("person", args=[other_member.public_id])
    type(scene.board).objects.filter(pk=scene.board.pk).update(audience="everyone")
    open_page = visitor.get(scene.thread.get_absolute_url())
    assert "birch" in open_page.text
    assert "/people/" not in open_page.text
    assert "login" in visitor.get(link["href"]).headers["Location"]


def test_no_profile_can_be_reached_from_a_disguise(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=other_member, disguise=7)
    page = sign_in(member).get(thread.get_absolute_url())
    assert str(other_member.public_id) not in page.text
    assert "birch" not in page.text


def test_there_is_no_profile_across_a_block_nor_of_somebody_who_left(sign_in, member, blocked, other_member, moderator):
    assert profile(sign_in(member), blocked).status_code == 404
    assert profile(sign_in(blocked), member).status_code == 404
    assert profile(sign_in(moderator), member).status_code == 200
    Member.objects.filter(pk=other_member.pk).update(leaves_at=factories.now())
    assert profile(sign_in(member), other_member).status_code == 404


def test_posts_are_listed_only_once_their_author_opens_the_list(scene, sign_in, member, other_member):
    browser = sign_in(member)
    address = reverse("post", args=[scene.reply.public_id])
    assert address not in profile(browser, other_member).text
    Member.objects.filter(pk=other_member.pk).update(shows_posts=True)
    assert address in profile(browser, other_member).text


def test_a_list_of_posts_never_lifts_a_disguise_and_shows_no_closed_board(sign_in, member, other_member, moderator):
    Member.objects.filter(pk=other_member.pk).update(shows_posts=True)
    anonymous = factories.ThreadFactory(author=other_member, disguise=7, title="Behind a disguise")
    factories.PostFactory(thread=anonymous, author=other_member)
    staff_only = factories.ThreadFactory(author=other_member, title="Among moderators")
    type(staff_only.board).objects.filter(pk=staff_only.board.pk).update(audience="staff")
    held = factories.PostFactory(thread=factories.ThreadFactory(), author=other_member, visibility="held")
    for reader in (member, other_member, moderator):
        page = profile(sign_in(reader), other_member)
        assert "Behind a disguise" not in page.text
        assert str(held.public_id) not in page.text
    assert "Among moderators" not in profile(sign_in(member), other_member).text


@pytest.mark.parametrize(
    ("role", "badge"),
    [("is_moderator", "Moderator"), ("is_curator", "Curator"), ("is_peer_supporter", "Peer supporter")],
)
def test_a_role_comes_with_what_it_means(role, badge, sign_in, member, other_member):
    Member.objects.filter(pk=other_member.pk).update(**{role: True})
    facts = pages.soup(profile(sign_in(member), other_member)).find("dl", class_="facts")
    assert badge in facts.find("dt").get_text()
    assert len(facts.find("dd").get_text()) > 20


def test_a_professional_is_one_as_long_as_that_was_checked(sign_in, member):
    professional = asking.professional()
    person = professional.member
    assert "Verified professional" in profile(sign_in(member), person).text
    type(professional).objects.filter(pk=person.pk).update(ended_at=factories.now())
    assert "Verified professional" not in profile(sign_in(member), person).text


def test_somebody_who_steps_back_is_said_to_take_a_pause(sign_in, member, other_member):
    assert "pause" not in pages.words(profile(sign_in(member), other_member))
    wishes.step_back(member=other_member, until=None)
    assert "They take a pause from here at the moment." in pages.words(profile(sign_in(member), other_member))


# --- choosing --------------------------------------------------------------------------------------------------------


def test_a_member_chooses_what_others_see(sign_in, member):
    browser = sign_in(member)
    seed = pages.soup(browser.get(reverse("settings_profile"))).find_all("input", {"name": "avatar"})[3]["value"]
    form = {"avatar": seed, "pronouns": "they/them", "about": "Tea, mostly.", "shows_posts": "on"}
    browser.post(reverse("settings_profile"), form)
    member.refresh_from_db()
    assert (member.avatar, member.pronouns, member.about, member.shows_posts) == (
        int(seed),
        "they/them",
        "Tea, mostly.",
        True,
    )


def test_there_are_other_pictures_to_choose_from(sign_in, member):
    browser = sign_in(member)
    rows = [
        {field["value"] for field in pages.soup(browser.get(address)).find_all("input", {"name": "avatar"})}
        for address in (reverse("settings_profile"), reverse("settings_profile") + "?others=1")
    ]
    assert all(len(row) == 12 for row in rows)
    assert rows[0] & rows[1] == {str(member.avatar)}


@pytest.mark.parametrize("about", ["write to me@example.org", "call 0170 1234567", "see www.example.org", "x" * 301])
def test_a_way_to_reach_somebody_is_given_back_and_not_kept(about, sign_in, member):
    form = {"avatar": member.avatar, "about": about}
    answer = sign_in(member).post(reverse("settings_profile"), form)
    assert answer.status_code == 422
    assert pages.value_of(answer, "about") == about
    member.refresh_from_db()
    assert member.about == ""


def test_the_settings_are_one_page_that_leads_everywhere(sign_in, member):
    page = sign_in(member).get(reverse("settings"))
    links = {link["href"] for link in pages.soup(page).find("main").find_all("a")}
    for name in ("settings_profile", "settings_people", "settings_words", "settings_pages", "reading_preferences"):
        assert reverse(name) in links
    for name in ("news_wishes", "account_email", "account_change_password", "mfa_index", "usersessions_list"):
        assert reverse(name) in links
    assert "Nobody can write to you privately here." in pages.words(page)


# --- pictures ---------------------------------------------------------------------------------------------------


def test_a_picture_is_drawn_from_its_number_and_kept_by_browsers(db, visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        picture = visitor.get(reverse("avatar", args=[7]))
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in picture.headers.get("Vary", "")
    assert "Set-Cookie" not in picture.headers
    assert visitor.get(reverse("avatar", args=[AVATARS])).status_code == 404


def test_a_picture_is_the_same_for_members_and_keeps_no_session_alive(
    sign_in, member, visitor, django_assert_num_queries
):
    browser = sign_in(member)
    with django_assert_num_queries(0):
        picture = browser.get(reverse("avatar", args=[7]))
    assert picture.content == visitor.get(reverse("avatar", args=[7])).content
    assert picture.headers["Cache-Control"].startswith("public")


def test_pictures_differ_and_hold_nothing_but_shapes():
    drawn = {avatars.drawn(seed) for seed in range(AVATARS)}
    assert len(drawn) > 0.99 * AVATARS
    assert not any(part in picture for picture in drawn for part in ("<script", "href", "url(", "style=", "<text"))
    assert avatars.drawn(3) == avatars.drawn(3)
