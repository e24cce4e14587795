"""Finding: by words, by their forms and beginnings, in spite of slips, and only what the reader may see."""

import datetime as dt
import io
import logging
import re

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core import markdown
from core.built import BuiltByRules
from forums import access, tasks
from forums.access import search, search_candidates, search_terms, spelling
from forums.access.search import RESULTS_A_PAGE
from forums.forms.search import WORDS_MAX
from forums.models import Post, SearchEntry, SearchWord, Thread, Visibility
from forums.services import search as services
from forums.views.search import SEARCHES_A_MINUTE
from tests import database, factories
from tests.pages import soup, value_of, words

pytestmark = pytest.mark.django_db

SEARCH = "/search/"
# Whose session it is, with news; the boards to choose from; what fits and how it is shown.
BUDGET = 3
# What any page may ask.
A_PAGE = 8
# Beside a first page: pages of the library with these words, and with the beginnings of them.
LIBRARY = 2


def post(body, *, title="A plain title", **of_thread):
    """An opening post with these words."""
    return factories.ThreadFactory(title=title, opening=body, **of_thread).posts.get()


@pytest.fixture
def reader(member):
    return member


@pytest.fixture
def find(reader):
    """The posts that somebody finds, as (title, number), the best first."""

    def found(typed, *, viewer=None, **narrowed):
        services.index_missing(limit=1000)
        result = access.find_posts(viewer or reader, access.SearchQuery(words=typed, **narrowed), None)
        return [(hit.title, hit.number) for hit in result.page.items]

    return found


@pytest.fixture
def browse(sign_in, reader):
    """The page that a signed-in reader gets."""

    def page(**asked):
        services.index_missing(limit=1000)
        return sign_in(reader).get(SEARCH, asked)

    return page


def headings(page):
    return [link.get_text(" ", strip=True) for link in soup(page).select(".search-hit h3 a")]


# --- by words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["walk", "walks", "WALKING", "walked", "“walk”", "walk!", "Walk, slowly"])
def test_a_word_is_found_in_any_of_its_forms(find, typed):
    post("I was walking slowly along the river.", title="Out")
    post("I slept.", title="In")
    assert find(typed) == [("Out", 1)]


@pytest.mark.parametrize("typed", ["med", "medic", "new medic"])
def test_the_beginning_of_a_word_is_enough(find, typed):
    post("A new medication since Monday.", title="Pills")
    post("Half a madness.", title="Other")
    assert find(typed) == [("Pills", 1)]


def test_one_or_two_letters_are_no_beginning(find):
    post("Zoo", title="Animals")
    assert find("zo") == []


def test_a_whole_word_comes_before_the_beginning_of_another(find):
    post("We have a cat.", title="Cat", created_at=factories.now() - dt.timedelta(days=30))
    post("A catalogue came.", title="Catalogue")
    assert find("cat") == [("Cat", 1), ("Catalogue", 1)]


def test_all_words_have_to_be_there(find):
    post("Tea and toast.", title="Both")
    post("Tea alone.", title="One")
    assert find("toast tea") == [("Both", 1)]


@pytest.mark.parametrize("typed", ['"cold coffee"', "“cold coffee”", "„cold coffee“", "«cold coffee»", '"cold coffee'])
def test_quotes_keep_words_together(find, typed):
    post("Again cold coffee at four.", title="Together")
    post("Coffee, and a cold room.", title="Apart")
    assert find(typed) == [("Together", 1)]


def test_a_word_after_a_minus_is_left_out(find):
    post("Sleep and dreams.", title="Dreams")
    post("Sleep without any.", title="None")
    for typed in ("sleep -dreams", "-dream sleep", "sleep −dreams", 'sleep -"and dreams"'):
        assert find(typed) == [("None", 1)]
    assert find("-dreams") == []


def test_words_that_are_joined_are_found_one_by_one(find):
    post("So tired.Really. It is panic/anxiety_attack, self-care helps.", title="Joined")
    for typed in (
        "tired",
        "really",
        "panic",
        "anxiety",
        "attack",
        "care",
        "self-care",
        "panic/anxiety",
        "tired.Really",
    ):
        assert find(typed) == [("Joined", 1)], typed


def test_titles_are_found_and_come_first(find):
    post("The garden, once.", title="Something else")
    post("Nothing more.", title="My garden")
    assert find("garden") == [("My garden", 1), ("Something else", 1)]


def test_replies_are_found_by_their_own_words_only(find, scene):
    factories.PostFactory(thread=scene.thread, body="There is a lighthouse near me.")
    assert find("lighthouse") == [(scene.thread.title, 3)]
    assert find("quiet") == [(scene.thread.title, 1)]


def test_the_marks_of_markdown_and_the_targets_of_links_are_no_words(find):
    post("An un**forgettable** [walk](https://example.org/target) <https://bare.example.org/page>", title="Marked")
    assert find("unforgettable walk") == [("Marked", 1)]
    for typed in ("target", "https", "href", "nofollow", "strong", "page"):
        assert find(typed) == [], typed


def test_names_are_not_searched(find, reader):
    author = factories.MemberFactory(username="heronfeather")
    post("Words.", author=author)
    post("More words.", author=author, disguise=7)
    assert find("heronfeather") == []
    assert find("Quiet") == []


def test_other_scripts_are_found(find):
    post("لا أستطيع النوم الليلة", title="ليل")
    post("Ich kann schon wieder nicht einschlafen, äußerst müde.", title="Nacht")
    assert find("النوم") == [("ليل", 1)]
    assert find("ليل") == [("ليل", 1)]
    assert find("MÜDE äußer") == [("Nacht", 1)]


def test_what_fits_twice_as_well_may_be_half_a_year_older(find):
    now = factories.now()
    for title, body, days in (
        ("Old and close", "Rain, rain and more rain.", 30),
        ("Young and passing", "It might rain.", 1),
        ("Very old and close", "Rain, rain and more rain.", 700),
    ):
        made = post(body, title=title)
        Post.objects.filter(pk=made.pk).update(created_at=now - dt.timedelta(days=days))
    assert [title for title, _number in find("rain")] == ["Old and close", "Young and passing", "Very old and close"]


# --- slips ----------------------------------------------------------------------------------------------------


@pytest.fixture
def vocabulary():
    """Several people have used these words, and the night has passed."""
    for _ in range(3):
        post("Depression and anxiety, and a calendar with nothing in it.", title="Common")
    services.index_missing(limit=1000)
    tasks.rebuild_search_words()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("deppression", "depression"),
        ("deprssion", "depression"),
        ("anxeity", "anxiety"),
        ("Calandar depression", "calendar depression"),
        ("calandar -noise", "calendar -noise"),
        ("depressi", "depression"),
    ],
)
def test_a_slip_finds_what_was_meant_and_says_so(vocabulary, browse, typed, meant):
    page = browse(q=typed)
    assert f"Nothing for “ {typed} ”. Showing “ {meant} ”." in words(page)
    assert headings(page) == ["Common"] * 3
    assert value_of(page, "q") == typed


def test_the_way_on_from_a_slip_keeps_to_what_was_meant(vocabulary, browse):
    for _ in range(RESULTS_A_PAGE):
        post("More about depression.")
    onward = soup(browse(q="deppression")).find("a", rel="next")["href"]
    assert onward.startswith("?q=depression&after=")


def test_a_correction_never_tells_of_what_the_reader_cannot_see(vocabulary, browse):
    Thread.objects.update(visibility=Visibility.HIDDEN)
    page = browse(q="deppression")
    assert "depression" not in words(page).replace("deppression", "")
    assert "Nothing found" in words(page)


def test_the_vocabulary_has_only_what_several_people_wrote_where_all_may_read():
    writer = factories.MemberFactory()
    for _ in range(3):
        post("alonesaid", author=writer)
        post("everybodysaid B2B 12345 abc abcdefghijklmnopqrstuvwxyz")
        post("staffsaid", board__audience="staff")
        post("heldsaid", visibility=Visibility.HELD)
    for _ in range(2):
        post("twicesaid")
    tasks.rebuild_search_words()
    assert set(SearchWord.objects.values_list("word", flat=True)) == {"everybodysaid", "plain", "title"}
    tasks.rebuild_search_words()
    assert SearchWord.objects.count() == 3


def test_titles_come_close_before_there_is_a_vocabulary(browse):
    post("Words.", title="Living with depression")
    post("Words.", title="Something else")
    page = browse(q="deppression")
    assert "Nothing for “ deppression ”. These titles come close to it." in words(page)
    assert headings(page) == ["Living with depression"]


def test_titles_that_come_close_are_narrowed_down_as_well(find, reader):
    mine = post("Words.", title="Living with depression", author=reader, support_type="ideas")
    assert find("deppression", mine=True) == [(mine.thread.title, 1)]
    assert find("deppression", board=mine.thread.board.slug, support_type="ideas") == [(mine.thread.title, 1)]
    assert find("deppression", support_type="win") == []
    assert find("deppression", mine=True, viewer=factories.MemberFactory()) == []


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("sleep", "sleep", 0), ("slep", "sleep", 1), ("sleeep", "sleep", 1), ("slwep", "sleep", 1), ("selep", "sleep", 1),
     ("", "abc", 3), ("kitten", "sitting", 3)],
)  # fmt: skip
def test_slips_are_letters_left_out_added_exchanged_or_swapped(one, other, distance):
    assert spelling.slips(one, other) == spelling.slips(other, one) == distance


# --- only what the reader may see -----------------------------------------------------------------------------


def test_nobody_finds_the_words_of_the_other_side_of_a_block(find, member, blocked):
    post("A secret heron.", author=blocked)
    post("A secret heron.", author=member)
    theirs = factories.PostFactory(thread=factories.ThreadFactory(), author=blocked, body="Another heron.")
    assert find("heron", viewer=member) == [("A plain title", 1)]
    assert sorted(find("heron", viewer=blocked)) == sorted([("A plain title", 1), (theirs.thread.title, 2)])
    assert len(find("heron", viewer=factories.MemberFactory())) == 3


@pytest.mark.parametrize(
    "why",
    [
        {"visibility": "held"},
        {"visibility": "hidden"},
        {"visibility": "removed"},
        {"visibility": "withdrawn"},
        {"board__audience": "staff"},
        {"content_notes": ["loss"]},
        {"board__content_notes": ["loss"]},
    ],
    ids=lambda why: "-".join(map(str, next(iter(why.items())))),
)
def test_what_is_not_in_the_readers_lists_is_not_found(find, reader, why):
    reader.hidden_notes = ["loss"]
    reader.save()
    thread = factories.ThreadFactory(title="A heron in the title", opening="A heron in the post.", **why)
    factories.PostFactory(thread=thread, body="A heron in a reply.")
    assert find("heron") == []
    assert find("herron") == []


@pytest.mark.parametrize("visibility", set(Visibility.values) - {"visible"})
def test_a_reply_that_is_not_there_to_read_is_found_by_nobody(find, reader, moderator, visibility):
    factories.PostFactory(author=reader, body="A heron, once.", visibility=visibility)
    assert find("heron") == find("heron", viewer=moderator) == []


def test_staff_find_what_is_on_their_boards(find, moderator):
    post("A heron.", board__audience="staff")
    assert find("heron", viewer=moderator) == [("A plain title", 1)]
    assert find("heron") == []


def test_ones_own_threads_are_found_whatever_notes_they_carry(find, reader):
    reader.hidden_notes = ["loss"]
    reader.save()
    post("A heron.", author=reader, content_notes=["loss"])
    assert find("heron") == [("A plain title", 1)]


def test_a_merged_thread_is_found_where_it_went(find, scene):
    gone = post("A heron.").thread
    Thread.objects.filter(pk=gone.pk).update(merged_into=scene.thread)
    assert find("heron") == []


def test_a_disguise_is_all_that_is_found_of_an_anonymous_author(browse, reader):
    author = factories.MemberFactory(username="heronfeather")
    thread = factories.ThreadFactory(author=author, disguise=7, opening="My lantern.")
    factories.PostFactory(thread=thread, author=author, body="The lantern again.")
    factories.PostFactory(thread=thread, author=factories.MemberFactory(username="moss"), body="A lantern of mine.")
    page = browse(q="lantern")
    assert "heronfeather" not in page.text
    assert str(author.public_id) not in page.text
    assert words(page).count(access.author_of(thread).name) == 2
    assert "moss" in words(page)


def test_one_who_was_blocked_still_finds_an_anonymous_thread(find, member, blocked):
    post("A lantern.", author=blocked, disguise=7)
    assert find("lantern", viewer=member) == [("A plain title", 1)]


# --- narrowing down -------------------------------------------------------------------------------------------


def test_a_search_can_be_narrowed_down(find, reader):
    old = post("Porridge.", title="Old", support_type="ideas")
    Post.objects.filter(pk=old.pk).update(created_at=factories.now() - dt.timedelta(days=20))
    young = post("Porridge.", title="Young", author=reader, support_type="win")
    assert len(find("porridge")) == 2
    assert find("porridge", board=old.thread.board.slug) == [("Old", 1)]
    assert find("porridge", support_type="win") == [("Young", 1)]
    assert find("porridge", since=factories.now() - dt.timedelta(days=7)) == [("Young", 1)]
    assert find("porridge", mine=True) == [("Young", 1)]
    assert find("porridge", mine=True, board=young.thread.board.slug, support_type="win") == [("Young", 1)]
    assert find("porridge", mine=True, board=old.thread.board.slug) == []


def test_the_page_narrows_down_and_shows_by_what(browse, reader):
    there = post("Porridge.", title="There", author=reader, support_type="win")
    post("Porridge.", title="Elsewhere")
    asked = {"q": "porridge", "board": there.thread.board.slug, "support": "win", "since": "week", "mine": "on"}
    page = browse(**asked)
    assert headings(page) == ["There"]
    for name, value in asked.items():
        assert value in (value_of(page, name), *value_of(page, name))
    assert soup(page).find("details", class_="search-where").has_attr("open")
    assert not soup(browse(q="porridge")).find("details", class_="search-where").has_attr("open")


def test_only_boards_that_the_reader_may_open_can_be_chosen(browse):
    secret = post("Porridge.", board__audience="staff", board__title="Back room").thread.board
    for board in (secret.slug, "no-such-board"):
        page = browse(q="porridge", board=board)
        assert page.status_code == 422
        assert "Back room" not in words(page)
        assert value_of(page, "q") == "porridge"


def test_nothing_is_narrowed_down_by_who_wrote_it(browse, other_member):
    post("Porridge.", author=other_member, title="Theirs")
    post("Porridge.", title="Elsewhere")
    names = {"author": other_member.username, "user": other_member.username, "mine": ""}
    assert len(headings(browse(q="porridge", **names))) == 2


def test_nothing_found_in_one_place_leads_to_everywhere(browse, reader):
    post("Porridge.", support_type="ideas")
    page = browse(q="porridge", support="win")
    assert "Nothing found It may help to check the spelling, to try fewer words" in words(page)
    assert headings(browse(q="porridge")) == ["A plain title"]
    assert soup(page).find("a", string="Look everywhere for it")["href"] == "?q=porridge"
    assert not soup(browse(q="nowhere")).find("a", string="Look everywhere for it")


# --- pages ----------------------------------------------------------------------------------------------------


def many(count, *, words="A common candle."):
    """Replies made at once, in a thread each, without anybody being told."""
    board, author = factories.BoardFactory(), factories.MemberFactory()
    threads = Thread.objects.bulk_create(
        Thread(board=board, author=author, title=f"Thread {n}", slug="thread", support_type="win", last_number=1)
        for n in range(count)
    )
    now = factories.now()
    Post.objects.bulk_create(
        Post(thread=thread, number=1, author=author, body=words, body_html=markdown.render(words), created_at=now)
        for thread in threads
    )
    services.index_missing(limit=count + 100)
    database.learn_sizes()


def test_every_hit_is_on_one_page_and_only_once(browse):
    many(3 * RESULTS_A_PAGE - 5)
    factories.PostFactory(body="Candle, candle.")
    met, address = [], {"q": "candle", "since": "year"}
    page = browse(**address)
    while onward := soup(page).find("a", rel="next"):
        met += headings(page)
        assert "since=year" in onward["href"]
        page = browse(**dict(part.split("=") for part in onward["href"].removeprefix("?").split("&")))
    met += headings(page)
    assert len(met) == len(set(met)) == 3 * RESULTS_A_PAGE - 4
    assert "That is everything that was found." in words(page)


@pytest.mark.parametrize("made_up", ["abc", "W3RydWUsIHRydWVd", "%00", "=" * 300])
def test_a_made_up_cursor_shows_the_first_page(browse, made_up):
    post("Porridge.")
    assert headings(browse(q="porridge", after=made_up)) == ["A plain title"]


def test_a_search_costs_the_same_for_one_hit_and_for_hundreds(sign_in, reader, django_assert_num_queries):
    browser = sign_in(reader)
    post("A single bell.", title="One", author=reader)
    many(300)
    onward = soup(browser.get(SEARCH, {"q": "candle"})).find("a", rel="next")["href"]
    for address in ("?q=bell", "?q=candle", onward, "?q=candle&support=win&since=week", "?q=bell&mine=on"):
        with CaptureQueriesContext(connection) as asked:
            browser.get(SEARCH + address)
        assert len(asked) <= BUDGET + LIBRARY <= A_PAGE, address
    for address, cost in (("?q=bell", BUDGET + LIBRARY), ("?q=candle", BUDGET + LIBRARY), (onward, BUDGET)):
        with django_assert_num_queries(cost):
            browser.get(SEARCH + address)


def test_nothing_found_costs_a_few_more_whatever_the_size(sign_in, reader, vocabulary):
    browser = sign_in(reader)
    browser.get(SEARCH, {"q": "calendar"})
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            browser.get(SEARCH, {"q": "deppression unheard"})
        counts.append(len(asked))
        many(100)
    assert counts[0] == counts[1] <= BUDGET + 3 + LIBRARY


def test_a_slip_is_mended_within_what_any_page_may_ask(sign_in, reader, vocabulary):
    browser = sign_in(reader)
    browser.get(SEARCH, {"q": "calendar"})
    with CaptureQueriesContext(connection) as asked:
        assert headings(browser.get(SEARCH, {"q": "calandar"})) == ["Common"] * 3
    assert len(asked) <= A_PAGE


# --- how far it looks -----------------------------------------------------------------------------------------

# Keys of posts that were written over years, and are found by another span of the index each.
FAR_APART = [50_000_000 + key for key in (7, 1_400_000, 2_200_000, 2_430_000, 2_480_000, 2_495_000, 2_500_000)]


@pytest.fixture
def bounds(monkeypatch):
    """Other bounds for one test. What is built for them is not kept."""

    def set_to(**bounds):
        for name, bound in bounds.items():
            monkeypatch.setattr(f"forums.access.search_candidates.{name}", bound)
        monkeypatch.setattr(
            "forums.access.search._BEST", BuiltByRules(search._best, search._BLANKS, always="any_whole")
        )

    return set_to


@pytest.fixture
def all_is_old(bounds):
    """Nothing is read one by one, so the index finds whatever is found."""
    bounds(NEWEST=0, OF_EACH=0)


def spread(words, **of_post):
    """Replies with these words from the first days on until now."""
    thread = factories.ThreadFactory(title="Long ago")
    return [factories.PostFactory(pk=key, thread=thread, body=words, **of_post) for key in FAR_APART]


def test_only_the_newest_of_very_many_are_ranked_and_older_ones_are_found_by_a_rarer_word(find, bounds):
    bounds(NEWEST=3, ENOUGH=3)
    for number in range(5):
        post("Candle." if number else "Candle candle candle, and a heron.", title=f"Thread {number}")
    assert find("candle") == [("Thread 4", 1), ("Thread 3", 1), ("Thread 2", 1)]
    assert find("candle heron") == find("heron") == [("Thread 0", 1)]


def test_where_the_newest_are_too_few_older_ones_are_found_as_well(find, bounds):
    bounds(NEWEST=3, ENOUGH=4)
    for number in range(5):
        post("Candle." if number else "Candle candle candle.", title=f"Thread {number}")
    assert find("candle")[0] == ("Thread 0", 1)
    assert len(find("candle")) == 5


@pytest.mark.parametrize("typed", ["candle", "cand", '"a candle"', "candle -heron"])
def test_a_post_is_found_however_long_ago_it_was_written(find, typed):
    written = spread("A candle.")
    assert sorted(find(typed)) == [("Long ago", one.number) for one in written]


def test_the_pages_of_a_search_go_back_to_the_first_days(browse, bounds):
    bounds(NEWEST=30, ENOUGH=1000)
    many(2 * RESULTS_A_PAGE)
    for one in spread("A candle."):
        Post.objects.filter(pk=one.pk).update(created_at=factories.now() - dt.timedelta(days=400))
    met: list[str] = []
    onward: dict[str, str] | None = {"q": "candle"}
    while onward is not None:
        page = browse(**onward)
        met += headings(page)
        link = soup(page).find("a", rel="next")
        onward = dict(part.split("=") for part in link["href"].removeprefix("?").split("&")) if link else None
    assert len(met) == len(set(met)) == 2 * RESULTS_A_PAGE + len(FAR_APART)


def test_of_older_posts_those_with_the_whole_word_are_taken_before_beginnings(find, bounds):
    bounds(NEWEST=0, OLDER=1)
    post("We have a cat.", title="Cat")
    post("A catalogue came.", title="Catalogue")
    assert find("cat") == [("Cat", 1)]
    bounds(OLDER=2)
    assert find("cat") == [("Cat", 1), ("Catalogue", 1)]
    assert find("cata") == [("Catalogue", 1)]


def test_nobody_finds_the_old_words_of_the_other_side_of_a_block(all_is_old, find, member, blocked):
    post("A secret heron.", author=blocked)
    post("A secret heron.", author=member)
    post("A heron behind a name.", author=blocked, disguise=7)
    factories.PostFactory(thread=factories.ThreadFactory(), author=blocked, body="Another heron.")
    assert len(find("heron", viewer=member)) == 2
    assert len(find("heron", viewer=blocked)) == 3
    assert len(find("heron", viewer=factories.MemberFactory())) == 4


@pytest.mark.parametrize("visibility", set(Visibility.values) - {"visible"})
def test_old_words_that_are_not_there_to_read_are_found_by_nobody(all_is_old, find, reader, moderator, visibility):
    factories.PostFactory(author=reader, body="A heron, once.", visibility=visibility)
    if visibility not in ("folded", "moved"):
        factories.ThreadFactory(author=reader, opening="A heron.", visibility=visibility)
    assert find("heron") == find("heron", viewer=moderator) == find("heron", mine=True) == []


def test_old_posts_on_staffs_boards_and_with_hidden_notes_are_not_found(all_is_old, find, reader, moderator):
    post("A heron.", title="Staff", board__audience="staff")
    sad = post("A heron.", title="Sad", content_notes=["loss"], support_type="win")
    reader.hidden_notes = ["loss"]
    reader.save()
    assert find("heron") == find("heron", board=sad.thread.board.slug) == find("heron", support_type="win") == []
    assert len(find("heron", viewer=moderator)) == 2


def test_the_hidden_do_not_crowd_out_what_may_be_seen(find, member, blocked):
    seen = post("A heron.", title="Seen")
    for _ in range(2 * RESULTS_A_PAGE):
        factories.PostFactory(author=blocked, body="A heron, a heron.")
    assert find("heron", viewer=member) == [(seen.thread.title, 1)]


@pytest.mark.parametrize("newest", [0, 4])
def test_old_posts_are_found_where_a_search_is_narrowed_down(bounds, find, reader, newest):
    bounds(NEWEST=newest, OF_EACH=newest)
    old = post("Porridge.", title="Old", support_type="ideas", author=reader)
    board = old.thread.board
    post("Porridge.", title="Beside it", board=board, support_type="win")
    for _ in range(5):
        post("Porridge.", title="Elsewhere")
    assert sorted(find("porridge", board=board.slug)) == [("Beside it", 1), ("Old", 1)]
    assert find("porridge", board=board.slug, support_type="ideas") == [("Old", 1)]
    assert find("porridge", support_type="win") == [("Beside it", 1)]
    assert find("porridge", mine=True) == find("porridge", mine=True, board=board.slug) == [("Old", 1)]
    assert find("porridge", mine=True, support_type="win") == []


def test_older_posts_are_looked_for_in_the_index_only(reader):
    many(50)
    typed = search_terms.typed(search_terms.parse("candle bell"))
    assert typed is not None
    best = search_candidates.best(
        reader, access.SearchQuery(""), typed, seen=Post.objects.all(), after=None, number=RESULTS_A_PAGE
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Post.objects.filter(best).explain()
    assert "Bitmap Index Scan on searchentry_words" in plan
    assert "Seq Scan on forums_searchentry" not in plan


# --- what is shown --------------------------------------------------------------------------------------------


def passage(page):
    return soup(page).select_one(".search-passage")


def test_a_passage_shows_what_was_found(browse):
    body = "One thing after another. " * 20 + "In the end the **kettle** sang. " + "And so it went on. " * 20
    post(body, title="Kitchen", support_type="ideas", content_notes=["eating"], board__title="Evenings")
    page = browse(q="kettles")
    shown = passage(page)
    assert [mark.get_text() for mark in shown.find_all("mark")] == ["kettle"]
    assert "the kettle sang" in shown.get_text()
    assert shown.get_text().startswith("… ")
    assert shown.get_text().endswith(" …")
    assert len(shown.get_text()) < 400
    assert shown["dir"] == "auto"
    for seen in ("Ideas welcome", "Evenings", "Eating"):
        assert seen in words(page)


def test_a_passage_is_shown_from_far_behind_in_a_long_post(browse):
    post("One thing after another. " * 600 + "In the end the kettle sang.")
    shown = passage(browse(q="kettle")).get_text()
    assert "the kettle sang" in shown
    assert shown.startswith("… ")


def test_a_long_post_with_the_word_in_another_form_far_behind_shows_its_beginning(browse):
    post("First things first. " + "One thing after another. " * 600 + "It happened.")
    shown = passage(browse(q="happening")).get_text()
    assert shown.startswith("First things first")
    assert shown.endswith(" …")
    assert len(shown) < 400


def test_the_words_of_a_post_are_made_once_for_its_passage(find):
    post("A kettle.")
    with CaptureQueriesContext(connection) as asked:
        assert find("kettle")
    assert asked.captured_queries[-1]["sql"].lower().count("regexp_replace") == 2  # tags in a line, and the others


def test_a_short_post_is_shown_whole(browse):
    post("“I can’t.” The kettle sang & that was it.")
    assert passage(browse(q="kettle")).get_text() == "“I can’t.” The kettle sang & that was it."


def test_a_hit_leads_to_its_very_post(browse, sign_in, reader, scene):
    reply = factories.PostFactory(thread=scene.thread, body="A kettle.")
    link = soup(browse(q="kettle")).select_one(".search-hit h3 a")
    assert link.get_text(" ", strip=True) == f"{scene.thread.title} #3"
    assert link["href"] == reverse("post", args=[reply.public_id])
    assert sign_in(reader).get(link["href"]).url.endswith("#post-3")


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert('kettle')</script>",
        "kettle <img src=x onerror=alert(1)>",
        "`<b>kettle</b>` & &lt;i&gt;",
        "kettle \ue000<script>\ue001 \ue001\ue000",
        "> <mark>kettle</mark>\n\n</p></article><h1>kettle",
    ],
)
def test_members_words_are_shown_and_never_obeyed(browse, body):
    post(body, title=f"{body[:90]} title")
    page = browse(q="kettle")
    shown = passage(page)
    assert {tag.name for tag in shown.find_all(True)} == {"mark"}
    assert all(mark.get_text() == "kettle" for mark in shown.find_all("mark"))
    assert not soup(page).select(".search-hit script, .search-hit img, .search-hit h1, .search-hit b")
    assert "\ue000" not in shown.get_text()


def test_what_was_typed_is_shown_and_never_obeyed(browse):
    page = browse(q="\"><script>alert(1)</script> o'clock")
    assert value_of(page, "q") == "\"><script>alert(1)</script> o'clock"
    assert not soup(page).find("script", string="alert(1)")


def test_what_the_reader_folds_is_found_folded(browse):
    post("A kettle.", title="Behind a fold", content_notes=["suicide"])
    page = browse(q="kettle")
    folded = soup(page).select_one(".search-hit details")
    assert not folded.has_attr("open")
    assert folded.find("summary").get_text(" ", strip=True) == "Touches on: Suicide. Show what was found"
    assert passage(page).find_parent("details") == folded


def test_what_one_wrote_oneself_is_not_folded(browse, reader):
    post("A kettle.", content_notes=["suicide"], author=reader)
    assert not soup(browse(q="kettle")).select(".search-hit details")


# --- the page -------------------------------------------------------------------------------------------------


def test_a_visitor_signs_in_first(visitor):
    answer = visitor.get(SEARCH, {"q": "kettle"})
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("asked", [{}, {"q": ""}, {"q": "  "}, {"q": "", "mine": "on"}])
def test_without_words_there_is_only_the_form(browse, asked):
    post("Porridge.")
    page = browse(**asked)
    assert page.status_code == 200
    assert soup(page).find("input", attrs={"name": "q"})
    assert not soup(page).select(".search-hit, .empty")


def test_search_is_in_the_menu(sign_in, reader):
    assert soup(sign_in(reader).get("/boards/")).find("nav", attrs={"aria-label": "Main"}).find("a", href=SEARCH)


def test_the_title_and_the_log_say_nothing_of_what_was_looked_for(browse, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    for asked in ({"q": "porridge"}, {"q": "porridge" * 40}, {"q": "porridge", "board": "none"}):
        page = browse(**asked)
        assert soup(page).title.get_text(strip=True) == "Search · Alongside"
    assert "porridge" not in caplog.text


def test_too_many_words_are_kept_and_it_is_said(browse):
    typed = "porridge " * 30
    page = browse(q=typed)
    assert page.status_code == 422
    assert f"longer than {WORDS_MAX} characters" in words(page)
    assert value_of(page, "q") == typed


def test_too_many_searches_wait_a_moment_and_keep_the_words(browse):
    post("Porridge.")
    for _ in range(SEARCHES_A_MINUTE):
        assert browse(q="porridge").status_code == 200
    page = browse(q="porridge")
    assert page.status_code == 429
    assert "try again in a moment" in words(page)
    assert value_of(page, "q") == "porridge"
    assert not soup(page).select(".search-hit")
    # The form alone is no search.
    assert browse().status_code == 200


def test_a_word_that_is_typed_again_and_again_is_looked_for_once(find):
    terms = access.SearchQuery(words='kettle Kettle KETTLE -tea -Tea "kettle" kettle').terms
    assert [str(term) for term in terms] == ["kettle", '"kettle"', "-tea"]


@pytest.mark.parametrize(
    "typed",
    [" ".join(f"w{number}" for number in range(40)), '"' + " ".join(f"w{number}" for number in range(40)) + '"'],
)
def test_only_so_many_words_are_looked_for_and_it_is_said(browse, typed):
    post(" ".join(f"w{number}" for number in range(search_terms.MOST_WORDS)), title="A long list")
    page = browse(q=typed)
    assert headings(page) == ["A long list"]
    assert "Only your first words were looked for" in words(page)
    assert value_of(page, "q") == typed
    assert "Only your first words" not in words(browse(q="w1 w2"))


def test_words_to_leave_out_crowd_out_none_that_are_looked_for(find):
    post("A kettle.", title="Tea")
    assert find(" ".join(f"-w{number}" for number in range(40)) + " kettle") == [("Tea", 1)]


def test_ranking_compares_no_word_with_another_one(find):
    post("tired hope " * 50)
    with CaptureQueriesContext(connection) as asked:
        assert find('tired hope "day long"') == []
        assert find("tired hope")
    ranking = re.findall(r"ts_rank\((.*?), 1\)", " ".join(query["sql"] for query in asked.captured_queries))
    assert len(ranking) >= 2
    assert not [rank for rank in ranking if "&&" in rank or "phraseto" in rank]


# --- any input ------------------------------------------------------------------------------------------------

OPERATORS = st.text(alphabet="ab'\"\\&|!()<>:*-−–@./_% \t\n\x00\u200b\ue000“”ß", max_size=60)
LONG = st.text(min_size=1, max_size=100).map(lambda some: (some * 10_000)[:10_000])
ANYTHING = st.one_of(OPERATORS, st.text(max_size=WORDS_MAX), LONG)


@given(typed=ANYTHING)
def test_whatever_is_typed_makes_terms_without_operators(typed):
    for term in search_terms.parse(typed):
        assert any(map(str.isalnum, term.text))
        assert search_terms.parse(str(term)) == [term]


def test_a_sign_that_stands_by_itself_in_a_phrase_is_no_word(db, sign_in, reader, vocabulary):
    post("It is what it is, slowly.", title="Slow days")
    services.index_missing(limit=100)
    page = sign_in(reader).get(SEARCH, {"q": "\"' slowly"})
    assert page.status_code == 200
    assert "Slow days" in page.text


@pytest.mark.thorough
def test_whatever_is_typed_gets_a_page(db, sign_in, reader, vocabulary, monkeypatch):
    monkeypatch.setattr("forums.views.search.SEARCHES_A_MINUTE", 10**6)
    browser = sign_in(reader)
    post("a'b ab & ba | a:b* \\ab", title="ab'ba")
    services.index_missing(limit=100)

    @given(typed=ANYTHING, after=st.text(max_size=20))
    def search(typed, after):
        answer = browser.get(SEARCH, {"q": typed, "after": after})
        assert answer.status_code in (200, 422)

    search()


@pytest.mark.parametrize(
    "typed",
    ["'", "''", "\\", "a\\", "a:*", "!a", "a & ", "a | b", "(a", "a)", "a <-> b", "<2>", ":::", "'; DROP TABLE x; --",
     "%", "%s %(x)s", "\x00", "a\x00b", '"', '""', '-"', "- -", "--a", "the and of", "-the", '"the"', "'a'':*'", "🙂",
     "ab " * 66, "a" * 200],
)  # fmt: skip
def test_signs_with_a_meaning_for_postgresql_have_none_here(db, browse, typed):
    post("Porridge.")
    assert browse(q=typed).status_code == 200


# --- keeping up -----------------------------------------------------------------------------------------------


def test_what_was_just_posted_is_found(sign_in, reader, scene):
    browser = sign_in(reader)
    browser.post(reverse("reply", args=[scene.thread.public_id]), {"body": "A fresh **pancake**."})
    found = access.find_posts(reader, access.SearchQuery(words="pancakes"), None)
    assert [hit.number for hit in found.page.items] == [3]


def test_changed_words_are_found_and_the_old_ones_are_not(find):
    made = post("A kettle.")
    assert find("kettle")
    Post.objects.filter(pk=made.pk).update(body="A lantern.", body_html="<p>A lantern.</p>")
    services.index_post(made)
    assert find("kettle") == []
    assert find("lantern")


def test_a_changed_title_is_found_and_the_old_one_is_not(find):
    thread = post("Words.", title="A kettle").thread
    assert find("kettle")
    Thread.objects.filter(pk=thread.pk).update(title="A lantern")
    services.index_opening(thread)
    assert find("kettle") == []
    assert find("lantern") == [("A lantern", 1)]


def test_erased_words_leave_no_trace(find):
    made = post("A kettle.")
    assert find("kettle")
    assert services.unindex([made.pk]) == 1
    assert not SearchEntry.objects.filter(post=made).exists()
    assert services.unindex([made.pk]) == 0


def test_posts_that_came_past_the_services_are_indexed_later_and_once(find):
    post("A kettle.")
    tasks.index_missing()
    entry = SearchEntry.objects.get()
    assert entry.at == Post.objects.get().created_at
    SearchEntry.objects.update(vector="'untouched'")
    tasks.index_missing()
    assert SearchEntry.objects.get().vector == "'untouched'"


def test_missing_posts_are_indexed_in_bounded_steps():
    for _ in range(5):
        post("A kettle.")
    assert services.index_missing(limit=3, batch=2) == 3
    assert SearchEntry.objects.count() == 3
    assert services.index_missing(limit=3, batch=2) == 2
    assert services.index_missing(limit=3, batch=2) == 0


@pytest.mark.parametrize(
    "body",
    [
        "x" * 20_000,
        " ".join(chr(0x4E00 + n) + chr(0x4E01 + n // 2) for n in range(9_000)),
        "-".join(f"{n:x}" for n in range(4_000)),
        "kettle " * 2_800,
        " ".join(f"a{n}-b{n}" for n in range(1_600)),
        "&<>" * 6_600,
        "\U0001f642" * 20_000,
    ],
    ids=["one long word", "many", "joined", "one word again and again", "hyphens", "entities", "emoji"],
)
def test_the_longest_posts_fit_into_the_index(body):
    made = post(body[:20_000])
    assert services.index_missing(limit=10) == 1
    assert SearchEntry.objects.filter(post=made).exists()


def test_any_words_fit_into_the_index():
    made = post("Words.")

    @given(body=st.text(alphabet=st.characters(exclude_characters="\x00", codec="utf-8"), max_size=300))
    def fits(body):
        Post.objects.filter(pk=made.pk).update(body=body, body_html=markdown.render(body))
        services.index_post(made)

    fits()


def test_a_changed_language_indexes_everything_anew(find):
    post("Die Häuser am Fluss.", title="Stadt")
    assert find("Haus") == []
    with override_settings(SEARCH_LANGUAGE="german"):
        out = io.StringIO()
        call_command("reindex_search", stdout=out)
        assert "“german”" in out.getvalue()
        assert find("Haus") == [("Stadt", 1)]


def test_a_language_that_the_database_does_not_know_is_said_before_the_start(db):
    assert run_checks(tags=["database"], databases=["default"]) == []
    with override_settings(SEARCH_LANGUAGE="klingon"):
        (error,) = [
            found for found in run_checks(tags=["database"], databases=["default"]) if found.id == "forums.E001"
        ]
    assert "SEARCH_LANGUAGE is “klingon”" in error.msg
    assert "german" in str(error.hint)
