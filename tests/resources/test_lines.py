"""Mutes and filters in questions and answers (M7)."""

import pytest
from django.urls import reverse

from members.services import add_filter, mute
from tests.pages import soup, words
from tests.resources.asking import answered, professional

LIST = "/questions/"
TITLE = "Does light therapy help in winter?"


@pytest.fixture
def who(db):
    return professional()


@pytest.fixture
def question(other_member, curator, who):
    return answered(other_member, curator, who, is_anonymous=False)


def page_of(browser, question):
    return soup(browser.get(reverse("question", args=[question.public_id])))


def test_a_question_with_filtered_words_is_folded_in_lists_and_on_its_page(question, sign_in, member):
    add_filter(member=member, phrase="lamps", whole_word=True, hides=False)
    browser = sign_in(member)
    for page in (soup(browser.get(LIST)), page_of(browser, question)):
        fold = page.find("main").find("details", class_=["folded-title", "post-kept"])
        assert "Holds words that you filter." in fold.find("summary").get_text()
        assert "lamps" not in fold.find("summary").get_text()
        assert "lamps" in fold.get_text()


def test_a_hidden_one_is_in_no_list_and_others_read_it_as_before(question, sign_in, member, curator, other_member):
    add_filter(member=member, phrase="light therapy", whole_word=True, hides=True)
    add_filter(member=other_member, phrase="light therapy", whole_word=True, hides=True)
    assert TITLE not in words(sign_in(member).get(LIST))
    assert TITLE in words(sign_in(curator).get(LIST))
    # Its author reads their own words.
    assert TITLE in words(sign_in(other_member).get(LIST))
    assert page_of(sign_in(other_member), question).find(class_="post-kept") is None


@pytest.mark.parametrize("hides", [True, False])
def test_an_answer_with_filtered_words_is_folded_or_a_line(hides, question, sign_in, member):
    add_filter(member=member, phrase="a doctor", whole_word=True, hides=hides)
    answer = page_of(sign_in(member), question).find(class_="professional-answer")
    assert ("see a doctor" in answer.get_text()) is not hides
    assert ("Not shown" in answer.get_text()) is hides


def test_what_somebody_muted_asked_and_answered_is_folded(question, who, sign_in, member, other_member):
    mute(muter=member, muted=other_member)
    mute(muter=member, muted=who.member)
    folds = page_of(sign_in(member), question).find_all(class_="post-kept")
    assert [fold.find("summary").get_text().count("By somebody you muted.") for fold in folds] == [1, 1]


def test_a_mute_tells_nothing_of_who_asks_without_a_name(curator, who, sign_in, member, other_member):
    mute(muter=member, muted=other_member)
    unnamed = answered(other_member, curator, who, is_anonymous=True)
    assert page_of(sign_in(member), unnamed).find(class_="post-kept") is None
    assert soup(sign_in(member).get(LIST)).find("details", class_="folded-title") is None
