"""What readers tell curators about a page, in private."""

import pytest
from django.urls import reverse

import notifications.services
from moderation.models import Case, Priority
from notifications.models import Event, Notice
from resources.models import Remark
from resources.news_reading import CORRECTION, CORRECTION_ANSWERED
from resources.services import remarks
from tests.pages import soup, value_of, words
from tests.resources import library

REMARKS = "/remarks/"
# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


@pytest.fixture
def browser(sign_in, member):
    return sign_in(member)


@pytest.fixture
def desk(sign_in, reviewer):
    return sign_in(reviewer)


def helped(article):
    return reverse("article_opinion", args=[article.slug])


def correction(article):
    return reverse("article_correction", args=[article.slug])


def news(kind):
    for event in Event.objects.filter(kind=kind.key, expanded_at=None):
        notifications.services.expand(event)
    return set(Notice.objects.filter(event__kind=kind.key).values_list("recipient__username", flat=True))


# --- whether it helped


def test_one_press_says_whether_it_helped_and_another_changes_it(browser, article):
    browser.post(helped(article), {"kind": "helped"})
    browser.post(helped(article), {"kind": "helped"})
    browser.post(helped(article), {"kind": "did-not"})
    assert Remark.objects.get().kind == "did-not"
    page = soup(browser.get(article.url))
    pressed = {button.get_text(strip=True): button["aria-pressed"] for button in page.select(".article-after button")}
    assert pressed == {"It helped": "false", "It did not help": "true"}


def test_it_can_be_taken_back(browser, article):
    browser.post(helped(article), {"kind": "helped", "words": "The tea part."})
    browser.post(helped(article), {"kind": "helped", "take_back": "1"})
    assert not Remark.objects.exists()


def test_words_are_welcome_and_a_later_press_keeps_them(browser, article, desk):
    page = browser.post(helped(article), {"kind": "helped"}, follow=True)
    assert "What would you like to tell the curators?" in words(page)
    browser.post(helped(article), {"kind": "helped", "words": "The part about tea."})
    browser.post(helped(article), {"kind": "did-not"})
    assert Remark.objects.get().text == "The part about tea."
    assert value_of(browser.get(helped(article)), "words") == "The part about tea."
    assert "The part about tea." in words(desk.get(REMARKS))


def test_no_reader_sees_what_others_said_nor_how_many(browser, sign_in, other_member, client, article):
    before = words(client.get(article.url))
    browser.post(helped(article), {"kind": "helped", "words": "The part about tea."})
    for reader in (client, sign_in(other_member)):
        page = reader.get(article.url)
        assert "The part about tea." not in page.text
        assert 'aria-pressed="true"' not in page.text
    assert words(client.get(article.url)) == before


def test_words_that_are_too_long_come_back(browser, article):
    page = browser.post(helped(article), {"kind": "helped", "words": "x" * 5000})
    assert page.status_code == 422
    assert value_of(page, "words") == "x" * 5000
    assert not Remark.objects.exists()


def test_a_page_that_is_not_published_takes_no_remarks(browser, author):
    draft = library.draft(author)
    for address in (helped(draft), correction(draft)):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"kind": "helped", "words": "x"}).status_code == 404


def test_a_pace_that_no_person_has_is_slowed_down_with_the_words_kept(browser, article):
    for _turn in range(30):
        browser.post(helped(article), {"kind": "helped"})
    page = browser.post(helped(article), {"kind": "did-not", "words": "Still here."})
    assert page.status_code == 429
    assert value_of(page, "words") == "Still here."


def test_an_expired_session_loses_no_words(client, sign_in, member, article):
    for address in (helped(article), correction(article)):
        client.post(address, {"kind": "helped", "words": "Typed for long."})
        client.force_login(member)
        assert value_of(client.get(address), "words") == "Typed for long."
        client.logout()


# --- a correction


def test_curators_hear_of_a_correction_and_answer_it_without_learning_who(
    browser, desk, article, member, author, reviewer
):
    browser.post(correction(article), {"words": "The year is wrong."})
    assert news(CORRECTION) == {author.username, reviewer.username}
    page = desk.get(REMARKS)
    assert "The year is wrong." in words(page)
    assert member.username not in page.text
    remark = Remark.objects.get()
    desk.post(reverse("remark_read", args=[remark.public_id]), {"answer": "You are right; it is mended."})
    assert news(CORRECTION_ANSWERED) == {member.username}
    page = browser.get(correction(article))
    assert "You are right; it is mended." in words(page)
    assert reviewer.username not in page.text.replace(f"Checked by {reviewer.username}", "")


def test_the_same_form_sent_twice_tells_it_once(browser, article):
    mark = value_of(browser.get(correction(article)), "submission")
    for _turn in range(2):
        browser.post(correction(article), {"words": "The year is wrong.", "submission": mark})
    assert Remark.objects.count() == 1
    assert Event.objects.filter(kind=CORRECTION.key).count() == 1


def test_a_correction_says_something(browser, article):
    page = browser.post(correction(article), {"words": " \u200b "})
    assert page.status_code == 422
    assert "There are no words yet." in words(page)


def test_the_form_says_that_nobody_reads_it_at_once(browser, article):
    for address in (helped(article), correction(article)):
        page = browser.get(address)
        assert "Nobody reads this at once." in words(page)
        assert soup(page).select_one(".callout a")["href"] == "/help-now/"


def test_corrections_of_others_are_not_shown(browser, sign_in, other_member, article):
    browser.post(correction(article), {"words": "The year is wrong."})
    assert "The year is wrong." not in sign_in(other_member).get(correction(article)).text


# --- the curators' list


def test_only_curators_open_the_list(client, sign_in, member, moderator, article):
    remark = Remark.objects.create(page=article, member=member, kind="correction", text="A year.")
    read = reverse("remark_read", args=[remark.public_id])
    for somebody in (member, moderator):
        browser = sign_in(somebody)
        assert browser.get(REMARKS).status_code == 404
        assert browser.post(read).status_code == 404
    assert client.get(REMARKS).status_code == 302
    remark.refresh_from_db()
    assert remark.seen_at is None


def test_what_was_read_leaves_the_list_and_stays_under_all(browser, desk, article):
    browser.post(correction(article), {"words": "The year is wrong."})
    remark = Remark.objects.get()
    desk.post(reverse("remark_read", args=[remark.public_id]))
    assert "Nothing waits" in words(desk.get(REMARKS))
    assert "The year is wrong." in words(desk.get(REMARKS, {"show": "all"}))
    assert news(CORRECTION_ANSWERED) == set()


def test_an_opinion_that_changed_is_new_to_curators_again(browser, desk, article):
    browser.post(helped(article), {"kind": "helped", "words": "The part about tea."})
    desk.post(reverse("remark_read", args=[Remark.objects.get().public_id]))
    browser.post(helped(article), {"kind": "did-not", "words": "Not on the second day."})
    assert "Not on the second day." in words(desk.get(REMARKS))


def test_the_list_goes_on_and_costs_the_same(desk, member, article, django_assert_num_queries):
    for number in range(25):
        Remark.objects.create(page=article, member=member, kind="correction", text=f"Word {number}.")
    with django_assert_num_queries(2):  # who it is, remarks, news
        page = desk.get(REMARKS)
    assert len(soup(page).select(".remark")) == 20
    page = desk.get(REMARKS + soup(page).find("a", rel="next")["href"])
    assert len(soup(page).select(".remark")) == 5


def test_of_two_curators_the_second_changes_nothing(author, reviewer, member, article):
    remark = remarks.suggest_correction(member=member, article=article, words="The year.", submission=None)
    assert remarks.mark_seen(curator=reviewer, remark=remark, answer="Mended.")
    assert not remarks.mark_seen(curator=author, remark=remark, answer="No.")
    remark.refresh_from_db()
    assert remark.answer == "Mended."


# --- words of danger

DANGER = "I want to kill myself tonight."


@pytest.mark.parametrize(("address", "form"), [(helped, {"kind": "did-not"}), (correction, {})])
def test_words_of_danger_bring_the_calm_panel_and_nothing_is_sent(browser, article, address, form):
    page = browser.post(address(article), form | {"words": DANGER})
    assert page.status_code == 409
    shown = words(page)
    for said in ("Are you safe right now?", "nothing is sent yet", "Send it as it is", "sees your name here"):
        assert said in shown
    assert value_of(page, "words") == DANGER
    assert not Remark.objects.exclude(text="").exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize(("address", "form"), [(helped, {"kind": "did-not"}), (correction, {})])
def test_sent_again_curators_have_it_and_a_moderator_sees_it_at_once(
    browser, sign_in, moderator, member, article, address, form
):
    page = browser.post(address(article), form | {"words": DANGER})
    asked = value_of(page, "asked")
    browser.post(address(article), form | {"words": DANGER, "asked": asked})
    assert Remark.objects.get().text == DANGER
    case = Case.objects.get()
    assert (case.priority, case.author) == (Priority.CRISIS, member)
    shown = words(sign_in(moderator).get(reverse("case", args=[case.public_id])))
    assert DANGER in shown
    assert article.title in shown


def test_the_lines_of_another_country_come_with_the_words_in_place(browser, article):
    page = browser.post(correction(article), {"words": DANGER, "show_lines": "1", "country": "NL"})
    assert page.status_code == 200
    assert "113" in words(page)
    assert value_of(page, "words") == DANGER


def test_whoever_asks_for_a_moderator_is_told_who_comes(browser, article, member):
    page = browser.post(correction(article), {"words": DANGER})
    form = {"words": DANGER, "asked": value_of(page, "asked"), "reach_out": "1"}
    assert "A moderator is asked to write to you." in words(browser.post(correction(article), form, follow=True))
    assert Case.objects.get().author == member


def test_a_remark_that_is_taken_back_leaves_the_case_with_its_words(browser, sign_in, moderator, article):
    page = browser.post(helped(article), {"kind": "did-not", "words": DANGER})
    browser.post(helped(article), {"kind": "did-not", "words": DANGER, "asked": value_of(page, "asked")})
    browser.post(helped(article), {"take_back": "1"})
    assert not Remark.objects.exists()
    shown = sign_in(moderator).get(reverse("case", args=[Case.objects.get().public_id]))
    assert "What it said is kept below." in words(shown)
    assert "kill myself" in words(shown)
    assert sign_in(moderator).get(reverse("queue")).status_code == 200


def test_sad_words_are_welcome_and_open_nothing(browser, article):
    browser.post(helped(article), {"kind": "did-not", "words": "I cried. It is a hard week and I feel empty."})
    assert Remark.objects.get().text
    assert not Case.objects.exists()
