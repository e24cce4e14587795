"""Words that a member would rather not meet (M7): found whatever their case and accents, and kept where they choose."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums.services import search
from members.access import boundaries
from members.filters import Filters, Keeps, Phrase, folded
from members.models import KeywordFilter
from members.models.boundaries import FOLDED_MAX, PHRASE_MAX, PHRASES_MAX
from members.services import add_filter, remove_filter
from members.services.boundaries import CannotFilterError
from notifications.models import Notice
from tests import factories, pages


def looked(phrase, words, **how):
    return Filters([Phrase(folded(phrase), **how)]).look(words)


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("Cafe", "we met in a CAFÉ today"),
        ("café", "we met in a cafe\u0301 today"),
        ("straße", "in dieser STRASSE."),
        ("Ångström", "an angstrom wide"),
        ("two  words", "there were Two\nwords of it"),
        ("don't", "I don’t know"),
        ("hospital", "“hospital”—again"),
        ("боль", "Боль."),
        ("🔪", "look🔪here"),
        ("what?", "what? no"),
        ("hospital", "hospital"),
    ],
)
def test_a_phrase_is_found_whatever_its_case_accents_and_surroundings(phrase, words):
    assert looked(phrase, words) == Keeps.FOLDED


@pytest.mark.parametrize(
    ("phrase", "words"), [("art", "a start"), ("боль", "больше"), ("eat", "meat_eat2"), ("a.c", "abc")]
)
def test_a_whole_word_is_not_found_inside_of_another(phrase, words):
    assert looked(phrase, words) == Keeps.NOTHING


def test_a_part_of_a_word_is_found_where_that_was_chosen():
    assert looked("art", "a start", whole_word=False) == Keeps.FOLDED


def test_hiding_counts_before_folding():
    both = Filters([Phrase("rain"), Phrase("storm", hides=True)])
    assert both.look("rain and storm") == Keeps.HIDDEN
    assert both.look("rain") == Keeps.FOLDED
    assert both.look("sun") == Keeps.NOTHING
    assert Filters().look("rain") == Keeps.NOTHING


def test_five_hundred_phrases_are_one_expression_that_finds_each_of_them():
    phrases = [Phrase(f"word{number} of many", whole_word=bool(number % 2)) for number in range(PHRASES_MAX)]
    many = Filters(phrases)
    assert all(many.look(f"there is WORD{number} of  mány here") for number in range(PHRASES_MAX))
    assert not many.look("word of many " * 2000)


@pytest.mark.parametrize("words", ["win\u00adter", "win\u200bter", "w\u2060inter", "\ufeffwinter", "win\u202ater"])
def test_signs_that_nobody_sees_hide_no_word(words):
    assert Filters([Phrase("winter")]).look(f"it is {words} again")


@pytest.mark.parametrize("letter", ["\ufdfa", "\u33ff", "\u1e9e", "\U0001f9ff", "\u4e8c", "("])
def test_the_longest_list_of_the_worst_phrases_still_works(letter):
    """An expression that needed too much would fail on every page of its member."""
    words = letter * min(PHRASE_MAX - 4, (FOLDED_MAX - 10) // len(folded(letter)))
    phrases = [folded(f"{number} {words}") for number in range(PHRASES_MAX)]
    assert max(map(len, phrases)) <= FOLDED_MAX
    many = Filters(Phrase(phrase, whole_word=bool(number % 2)) for number, phrase in enumerate(phrases))
    assert many.look(f"so 77 {words} is")
    assert not many.look("some words " * 2000)


# --- what becomes of posts, lists and news ---------------------------------------------------------------------


@pytest.fixture
def storm(scene):
    """A reply that touches on something nobody put a note on."""
    return factories.PostFactory(thread=scene.thread, author=scene.reply.author, body="The **sto**rm came at night.")


def test_a_folded_post_opens_by_hand_and_says_no_more_than_that_it_is_folded(storm, scene, sign_in, member):
    add_filter(member=member, phrase="storm", whole_word=True, hides=False)
    shown = pages.post(sign_in(member).get(scene.thread.get_absolute_url()), storm.number)
    assert "came at night" in shown.find("details", class_="post-kept").get_text()
    assert "storm" not in shown.find("summary").get_text().lower()


def test_a_hidden_post_is_not_in_the_page_at_all(storm, scene, sign_in, member, other_member):
    add_filter(member=member, phrase="STORM", whole_word=True, hides=True)
    page = sign_in(member).get(scene.thread.get_absolute_url())
    assert "came at night" not in page.text
    assert pages.numbers(page) == [1, 2, 3]
    quote = sign_in(member).get(reverse("reply", args=[scene.thread.public_id]), {"to": 3, "quote": 1})
    assert "came at night" not in quote.text
    # Others, and its author above all, read it as before.
    assert "came at night" in sign_in(other_member).get(scene.thread.get_absolute_url()).text


def test_ones_own_words_are_always_shown(storm, scene, sign_in, other_member):
    add_filter(member=other_member, phrase="storm", whole_word=True, hides=True)
    assert "came at night" in sign_in(other_member).get(scene.thread.get_absolute_url()).text


def test_moderators_read_everything(storm, scene, sign_in, moderator):
    add_filter(member=moderator, phrase="storm", whole_word=True, hides=True)
    assert "came at night" in sign_in(moderator).get(scene.thread.get_absolute_url()).text


def test_threads_are_folded_in_lists_or_not_there(scene, sign_in, member, other_member):
    factories.ThreadFactory(board=scene.board, author=other_member, title="A storm again")
    factories.ThreadFactory(board=scene.board, author=other_member, title="Some thunder")
    add_filter(member=member, phrase="storm", whole_word=True, hides=True)
    add_filter(member=member, phrase="thunder", whole_word=True, hides=False)
    page = sign_in(member).get(scene.board.get_absolute_url())
    assert "A storm again" not in page.text
    fold = pages.soup(page).find("details", class_="folded-title")
    assert "Some thunder" not in fold.find("summary").get_text()
    assert "Some thunder" in fold.get_text()
    waiting = sign_in(member).get(reverse("waiting"))
    assert "A storm again" not in waiting.text


def test_search_finds_nothing_that_is_hidden(storm, sign_in, member, other_member):
    search.index_missing(limit=100)
    add_filter(member=member, phrase="came at night", whole_word=True, hides=True)
    assert "came at" not in pages.words(sign_in(member).get(reverse("search"), {"q": "storm"}))
    assert "came at" in pages.words(sign_in(other_member).get(reverse("search"), {"q": "storm"}))


def test_what_is_filtered_makes_no_news_and_no_mail(scene, sign_in, worker, member, other_member, mailoutbox):
    add_filter(member=member, phrase="storm", whole_word=True, hides=False)
    reply = reverse("reply", args=[scene.thread.public_id])
    with worker():
        sign_in(other_member).post(reply, {"body": "@alder The storm came back."})
    assert not Notice.objects.filter(recipient=member).exists()
    assert mailoutbox == []
    with worker():
        sign_in(other_member).post(reply, {"body": "@alder It is calm now."})
    assert Notice.objects.filter(recipient=member).count() == 1


def test_news_from_before_a_filter_is_no_news_any_more(scene, sign_in, worker, member, other_member):
    with worker():
        sign_in(other_member).post(reverse("reply", args=[scene.thread.public_id]), {"body": "The storm came back."})
    assert "replied" in pages.words(sign_in(member).get(reverse("notices")))
    add_filter(member=member, phrase="storm", whole_word=True, hides=False)
    assert "Somebody replied" not in pages.words(sign_in(member).get(reverse("notices")))


# --- the list ----------------------------------------------------------------------------------------------------


def test_a_member_keeps_a_list_that_only_they_see(sign_in, member, other_member):
    browser = sign_in(member)
    answer = browser.post(
        reverse("settings_words"), {"phrase": "Thunder", "how": "hide", "whole_word": "on"}, follow=True
    )
    assert "Thunder" in answer.text
    assert "Thunder" not in sign_in(other_member).get(reverse("settings_words")).text
    kept = KeywordFilter.objects.get(member=member)
    assert (kept.folded, kept.hides, kept.whole_word) == ("thunder", True, True)
    assert sign_in(other_member).post(reverse("remove_words", args=[kept.pk])).status_code == 404
    browser.post(reverse("remove_words", args=[kept.pk]))
    assert not KeywordFilter.objects.exists()


@pytest.mark.parametrize("phrase", ["", "   ", "x" * 81, "\u0301"])
def test_what_cannot_be_looked_for_is_given_back(sign_in, member, phrase):
    answer = sign_in(member).post(reverse("settings_words"), {"phrase": phrase, "how": "fold"})
    assert answer.status_code == 422
    assert not KeywordFilter.objects.exists()


def test_the_same_phrase_again_changes_how(member):
    assert add_filter(member=member, phrase="Café", whole_word=True, hides=False)
    assert not add_filter(member=member, phrase="Café", whole_word=True, hides=False)
    assert add_filter(member=member, phrase="CAFE", whole_word=False, hides=True)
    assert KeywordFilter.objects.get(member=member).hides
    assert remove_filter(member=member, pk=KeywordFilter.objects.get().pk)
    assert not remove_filter(member=member, pk=0)


def test_there_is_room_for_so_many(member, monkeypatch):
    monkeypatch.setattr("members.services.boundaries.PHRASES_MAX", 2)
    add_filter(member=member, phrase="one", whole_word=True, hides=True)
    add_filter(member=member, phrase="two", whole_word=True, hides=True)
    add_filter(member=member, phrase="two", whole_word=True, hides=False)
    with pytest.raises(CannotFilterError):
        add_filter(member=member, phrase="three", whole_word=True, hides=True)


def test_what_was_made_of_a_list_is_kept_until_it_changes(member, django_assert_num_queries):
    add_filter(member=member, phrase="storm", whole_word=True, hides=True)
    member.refresh_from_db()
    assert boundaries.boundaries_of(member).look("a storm")
    with django_assert_num_queries(0):
        assert boundaries.boundaries_of(member).look("a storm")
    remove_filter(member=member, pk=KeywordFilter.objects.get().pk)
    member.refresh_from_db()
    assert not boundaries.boundaries_of(member).look("a storm")


def test_the_lines_of_a_reader_are_asked_for_once(scene, sign_in, other_member, django_assert_num_queries):
    browser = sign_in(other_member)
    address = scene.thread.get_absolute_url()
    browser.get(address)
    with CaptureQueriesContext(connection) as before:
        browser.get(address)
    asked = len(before)
    add_filter(member=other_member, phrase="storm", whole_word=True, hides=True)
    browser.get(address)
    with django_assert_num_queries(asked):
        browser.get(address)
