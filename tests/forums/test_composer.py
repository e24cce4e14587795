"""The composer beside its drafts: what it says, what it helps with, and what it announces before it posts."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import text
from forums import composing, starters
from forums.disguise import name_for
from forums.models import Board, Post, SupportType, Thread
from tests import factories
from tests.pages import anyway, numbers, post, soup, value_of, words


@pytest.fixture
def reply_page(scene):
    return reverse("reply", args=[scene.thread.public_id])


@pytest.fixture
def new_thread_page(scene):
    return reverse("new_thread", args=[scene.board.slug])


@pytest.fixture
def browser(sign_in, other_member):
    return sign_in(other_member)


def sent(page, **changes):
    """What the composer on `page` sends, with what the person changes in it."""
    form = soup(page).select_one("form.compose")
    names = {field["name"] for field in form.select("[name]") if field.name != "button"}
    filled = {name: value_of(page, name) for name in names - {"csrfmiddlewaretoken"}}
    return {name: value for name, value in filled.items() if value != ""} | changes


# --- new replies are announced before posting


def test_a_reply_that_came_meanwhile_is_shown_before_anything_is_posted(browser, scene, member):
    page = browser.get(scene.thread.get_absolute_url())
    factories.PostFactory(thread=scene.thread, author=member, body="I am all right now.")
    told = browser.post(reverse("reply", args=[scene.thread.public_id]), sent(page, body="Shall I call?"))
    assert told.status_code == 409
    assert "While you wrote, this was added. Nothing is posted yet." in words(told)
    assert "I am all right now." in post(told, 3).get_text()
    assert value_of(told, "body") == "Shall I call?"
    assert not Post.objects.filter(author=scene.reply.author, number__gt=3).exists()

    assert browser.post(told.request["PATH_INFO"], sent(told)).status_code == 302
    assert Post.objects.get(number=4).body == "Shall I call?"


def test_a_busy_thread_is_announced_once(browser, reply_page, scene):
    page = browser.get(reply_page)
    factories.PostFactory(thread=scene.thread)
    told = browser.post(reply_page, sent(page, body="Here."))
    factories.PostFactory(thread=scene.thread)
    assert browser.post(reply_page, sent(told)).status_code == 302


def test_ones_own_and_unreadable_posts_are_no_news(browser, reply_page, scene, other_member, member):
    page = browser.get(reply_page)
    factories.PostFactory(thread=scene.thread, author=other_member)
    factories.PostFactory(thread=scene.thread, author=member, visibility="held")
    factories.PostFactory(thread=scene.thread, author=member, visibility="removed")
    thorn = factories.BlockFactory(blocker=other_member).blocked
    factories.PostFactory(thread=scene.thread, author=thorn)
    assert browser.post(reply_page, sent(page, body="Here.")).status_code == 302


def test_the_news_of_a_disguised_author_names_nobody(sign_in, other_member, member):
    thread = factories.ThreadFactory(author=member, disguise=7)
    browser, address = sign_in(other_member), reverse("reply", args=[thread.public_id])
    page = browser.get(address)
    factories.PostFactory(thread=thread, author=member, body="One thing more.")
    told = browser.post(address, sent(page, body="Here."))
    assert "One thing more." in told.text
    assert "alder" not in told.text


def test_a_form_that_was_posted_already_is_not_announced_to(browser, reply_page, scene):
    page = browser.get(reply_page)
    filled = sent(page, body="Here.")
    first = browser.post(reply_page, filled)
    scene.thread.refresh_from_db()
    factories.PostFactory(thread=scene.thread)
    again = browser.post(reply_page, filled)
    assert (again.status_code, again.headers["Location"]) == (302, first.headers["Location"])


def test_a_closed_thread_says_so_rather_than_what_is_new(browser, reply_page, scene):
    page = browser.get(reply_page)
    factories.PostFactory(thread=scene.thread)
    Thread.objects.update(state="locked")
    told = browser.post(reply_page, sent(page, body="Here."))
    assert "This thread is closed" in words(told)
    assert "While you wrote" not in words(told)


@pytest.mark.parametrize("odd", ["", "0", "-1", "x", "9" * 30])
def test_a_form_that_does_not_say_what_it_showed_posts_at_once(browser, reply_page, odd):
    assert browser.post(reply_page, {"body": "Here.", "seen": odd}).status_code == 302


def test_many_new_replies_are_shown_a_window_at_most(browser, reply_page, scene):
    page = browser.get(reply_page)
    for _number in range(25):
        factories.PostFactory(thread=scene.thread)
    told = browser.post(reply_page, sent(page, body="Here."))
    assert len(numbers(told)) == 21


# --- the preview


def test_the_preview_is_what_a_post_would_be(browser, reply_page):
    typed = "**warm** <b>raw</b> [x](javascript:alert(1))\n\n> quoted\u202e"
    piece = browser.post(reverse("preview"), {"body": typed})
    browser.post(reply_page, {"body": typed})
    assert Post.objects.latest("number").body_html.strip() in piece.text
    assert "<strong>warm</strong>" in piece.text
    assert "<b>raw" not in piece.text


def test_the_preview_button_works_on_a_page_and_posts_nothing(browser, reply_page, new_thread_page):
    page = browser.post(reply_page, {"body": "**warm**", "reply_to": "2", "preview": "1"})
    assert page.status_code == 200
    assert soup(page).select_one("#preview strong").get_text() == "warm"
    assert value_of(page, "body") == "**warm**"
    assert value_of(page, "reply_to") == "2"

    page = browser.post(new_thread_page, {"body": "*soft*", "title": "x", "anonymous": "on", "preview": "1"})
    assert soup(page).select_one("#preview em").get_text() == "soft"
    assert value_of(page, "title") == "x"
    assert soup(page).find(attrs={"name": "anonymous"}).has_attr("checked")
    assert not soup(page).select(".error-summary")
    assert Post.objects.count() == 2


def test_the_preview_says_how_much_is_too_much(browser):
    assert browser.post(reverse("preview"), {"body": "x" * 20_000}).status_code == 200
    long = browser.post(reverse("preview"), {"body": "x" * 20_001})
    assert long.status_code == 422
    assert "This is 20001 characters long; 20000 fit." in long.text
    assert "There are no words yet." in browser.post(reverse("preview"), {"body": "\u200b"}).text


def test_a_visitor_previews_nothing(visitor, db):
    assert visitor.post(reverse("preview"), {"body": "x"}).status_code == 302


def test_nobody_previews_without_end(browser, monkeypatch):
    monkeypatch.setattr("forums.views.writing.PREVIEWS_AN_HOUR", 1)
    assert [browser.post(reverse("preview"), {"body": "x"}).status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("button", ["preview", "starter", "join"])
def test_nor_with_the_buttons_that_need_no_script(browser, reply_page, other_member, scene, monkeypatch, button):
    monkeypatch.setattr("forums.views.writing.PREVIEWS_AN_HOUR", 1)
    factories.DraftFactory(member=other_member, thread=scene.thread)
    value = phrases(browser.get(reply_page)).popitem()[0] if button == "starter" else "1"
    pages = [browser.post(reply_page, {"body": "Mine.", button: value}) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 429]
    assert value_of(pages[1], "body") == "Mine."


# --- text beyond any person's


@pytest.fixture
def megabytes(monkeypatch):
    """So much text that nobody wrote it; making it fit to keep is not begun."""
    once = text._once
    monkeypatch.setattr(text, "_once", lambda words: pytest.fail("begun") if len(words) > 40_000 else once(words))
    return "é" * 600_000


def test_text_beyond_all_measure_is_refused_as_it_came_and_its_beginning_given_back(
    browser, reply_page, new_thread_page, scene, megabytes
):
    for address, more in (
        (reply_page, {}),
        (new_thread_page, {"title": megabytes, "support_type": "win"}),
        (reverse("post_edit", args=[scene.reply.public_id]), {"version": "1"}),
    ):
        page = browser.post(address, {"body": megabytes, **more})
        assert page.status_code == 422
        assert "far longer than a post" in words(page)
        assert value_of(page, "body") == "é" * 200_000
        previewed = browser.post(address, {"body": megabytes, **more, "preview": "1"})
        assert len(previewed.content) < len(megabytes.encode())
    assert "This is 600000 characters long" in browser.post(reverse("preview"), {"body": megabytes}).text


def test_what_a_person_pasted_comes_back_whole_however_long(browser, reply_page, megabytes):
    page = browser.post(reply_page, {"body": megabytes[:150_000]})
    assert page.status_code == 422
    assert "This is 150000 characters long; 20000 fit." in words(page)
    assert value_of(page, "body") == megabytes[:150_000]


# --- words to begin with


def phrases(page) -> dict[str, str]:
    return {button["value"]: button.get_text() for button in soup(page).select("[name=starter]")}


@pytest.mark.parametrize("support", SupportType.values)
def test_a_reply_begins_with_words_that_fit_what_was_asked_for(browser, scene, reply_page, support):
    Thread.objects.update(support_type=support)
    offered = phrases(browser.get(reply_page))
    assert len(offered) >= 3
    assert all(key.startswith(support) for key in offered)


def test_whoever_started_the_thread_is_offered_other_words(sign_in, member, reply_page):
    assert "Thank you for answering." in phrases(sign_in(member).get(reply_page)).values()


def test_a_thread_begins_with_words_for_each_support_type(browser, new_thread_page):
    page = browser.get(new_thread_page)
    assert "Today I need…" in phrases(page).values()
    groups = [group["data-starters-for"] for group in soup(page).select("[data-starters-for]")]
    assert groups == SupportType.values


def test_a_phrase_is_added_to_the_words_and_nothing_is_posted(browser, new_thread_page):
    key = next(key for key, phrase in phrases(browser.get(new_thread_page)).items() if phrase == "Today I need…")
    page = browser.post(new_thread_page, {"title": "Mornings", "body": "Hello.", "starter": key})
    assert page.status_code == 200
    assert value_of(page, "body") == "Hello. Today I need "
    assert value_of(page, "title") == "Mornings"
    assert soup(page).select_one("details.starters").has_attr("open")
    assert not soup(page).select(".error-summary")


def test_a_phrase_begins_an_empty_reply_and_whom_it_answers_stays(browser, reply_page):
    page = browser.get(reply_page + "?to=2")
    key = next(iter(phrases(page)))
    told = browser.post(reply_page, sent(page, starter=key))
    assert value_of(told, "body").strip() == phrases(page)[key]
    assert value_of(told, "reply_to") == "2"
    assert value_of(told, "submission") == value_of(page, "submission")


def test_a_phrase_that_nobody_offers_is_no_phrase(browser, reply_page):
    page = browser.post(reply_page, {"body": "Here.", "starter": "listening-99"})
    assert page.status_code == 302


def test_no_phrase_counts_ranks_or_hurries():
    said = [str(phrase) for group in starters.for_threads() for _key, phrase in group.phrases]
    said += [
        str(phrase)
        for support in SupportType
        for own in (True, False)
        for _key, phrase in starters.for_replies(support, own=own).phrases
    ]
    for phrase in said:
        for never in ("!", "should", "stay strong", "gets better", "must"):
            assert never not in phrase


# --- quoting


def test_a_post_is_quoted_under_its_authors_name(browser, scene, reply_page):
    page = browser.get(f"{reply_page}?to=1&quote=1")
    assert value_of(page, "body") == "> alder wrote:\n>\n> It has been a long week.\n\n"
    assert value_of(page, "reply_to") == "1"


def test_a_quotation_keeps_a_disguise(sign_in, other_member, member):
    thread = factories.ThreadFactory(author=member, disguise=7)
    page = sign_in(other_member).get(reverse("reply", args=[thread.public_id]) + "?to=1&quote=1")
    name = post(page, 1).select_one(".post-author").get_text()
    assert value_of(page, "body").startswith(f"> {name} wrote:")
    assert "alder" not in page.text


@pytest.mark.parametrize("gone", ["held", "hidden", "removed", "withdrawn"])
def test_what_cannot_be_read_is_not_quoted(browser, scene, reply_page, member, gone):
    factories.PostFactory(thread=scene.thread, author=member, body="Not for others.", visibility=gone)
    page = browser.get(f"{reply_page}?to=3&quote=1")
    assert "Not for others." not in page.text
    assert value_of(page, "body") == ""


def test_a_blocked_persons_post_is_not_quoted(browser, scene, reply_page, other_member):
    thorn = factories.BlockFactory(blocker=other_member).blocked
    factories.PostFactory(thread=scene.thread, author=thorn, body="Not for birch.")
    assert "Not for birch." not in browser.get(f"{reply_page}?to=3&quote=1").text


def test_a_quotation_goes_below_what_was_begun_and_stands_there_once(browser, scene, reply_page):
    browser.post(reverse("save_reply", args=[scene.thread.public_id]), {"body": "Half a thought"})
    page = browser.get(f"{reply_page}?to=1&quote=1")
    assert value_of(page, "body").startswith("Half a thought\n\n> alder wrote:")
    # Those words are not what the server has.
    assert not soup(page).select("[data-draft-kept]")
    saved = {"body": value_of(page, "body"), "sequence": value_of(page, "sequence")}
    browser.post(reverse("save_reply", args=[scene.thread.public_id]), saved)
    assert value_of(browser.get(f"{reply_page}?to=1&quote=1"), "body").count("alder wrote:") == 1


@pytest.mark.parametrize(
    ("body", "quoted"),
    [
        ("one\n\ntwo", "> birch wrote:\n>\n> one\n>\n> two\n\n"),
        ("> what alder said\n\nmy own", "> birch wrote:\n>\n> my own\n\n"),
        ("> only this", "> birch wrote:\n>\n> > only this\n\n"),
    ],
)
def test_a_quotation_is_of_the_authors_own_words(body, quoted):
    assert composing.quote("birch", body) == quoted


def test_a_long_post_is_shortened_where_a_sentence_ends():
    quoted = composing.quote("birch", "A sentence of some words. " * 60)
    assert len(quoted) < 700
    assert quoted.rstrip().endswith("words. …")
    assert composing.quote("birch", "x" * 5000).count("x") == 600
    paragraphs = composing.quote("birch", "\n\n".join(["A paragraph. " * 20] * 5))
    assert paragraphs.count("A paragraph.") == 40


# --- what to know before writing


def test_the_guidelines_stand_above_the_words(browser, scene, reply_page, new_thread_page):
    for address in (reply_page, new_thread_page, scene.thread.get_absolute_url()):
        page = browser.get(address).text
        assert page.index("Speak for yourself.") < page.index("<textarea")


def test_a_board_that_everyone_reads_says_so(browser, scene, reply_page, new_thread_page):
    addresses = (reply_page, new_thread_page, scene.thread.get_absolute_url())
    for address in addresses:
        assert "People without an account" not in browser.get(address).text
    Board.objects.update(audience="everyone")
    for address in addresses:
        assert "People without an account can read this board, too." in browser.get(address).text


def test_a_board_whose_posts_are_read_first_says_so_to_those_whom_it_concerns(
    sign_in, other_member, moderator, reply_page, new_thread_page, scene
):
    mine = "A moderator reads what you post here before others do."
    Board.objects.update(hold_first="all")
    for address in (reply_page, new_thread_page, scene.thread.get_absolute_url()):
        assert mine in sign_in(other_member).get(address).text
    Board.objects.update(hold_first="newcomers")
    assert mine in sign_in(other_member).get(reply_page).text
    assert (
        "the first posts of people who are new here" in sign_in(other_member).get(scene.thread.get_absolute_url()).text
    )
    assert mine not in sign_in(moderator).get(reply_page).text
    for _number in range(3):
        factories.PostFactory(thread=scene.thread, author=other_member)
    assert mine not in sign_in(other_member).get(reply_page).text


@pytest.mark.parametrize("hold_first", ["all", "newcomers"])
def test_a_post_that_is_read_first_says_why_it_waits(browser, reply_page, hold_first):
    Board.objects.update(hold_first=hold_first)
    page = browser.post(reply_page, {"body": "Here."}, follow=True)
    assert "On this board a moderator reads them before others do." in words(page)
    assert "danger" not in soup(page).select_one(".messages").get_text()


def test_words_that_may_mean_danger_say_so_also_on_such_a_board(browser, reply_page):
    Board.objects.update(hold_first="all")
    page = anyway(browser, reply_page, {"body": "This is goodbye, everyone."}, follow=True)
    assert "because they may mean that you are in danger" in words(page)


def test_in_a_just_listening_thread_the_composer_says_that_advice_was_not_asked_for(browser, reply_page):
    assert "Advice was not asked for." in soup(browser.get(reply_page)).select_one(".composer").get_text()


def test_the_page_of_a_closed_thread_has_the_words_and_no_way_to_post_them(browser, scene, reply_page):
    browser.post(reverse("save_reply", args=[scene.thread.public_id]), {"body": "Half a thought"})
    Thread.objects.update(state="locked")
    page = browser.get(reply_page)
    assert value_of(page, "body") == "Half a thought"
    assert "Nobody can post here any more." in words(page)
    assert "Post reply" not in words(page)


# --- posting without one's name


def test_a_thread_can_be_posted_without_ones_name(browser, new_thread_page, sign_in, member):
    typed = {"title": "Mornings", "body": "How?", "support_type": "ideas", "anonymous": "on"}
    address = browser.post(new_thread_page, typed).headers["Location"]
    thread = Thread.objects.latest("pk")
    assert thread.is_anonymous
    page = sign_in(member).get(address)
    assert "How?" in page.text
    assert "birch" not in page.text


def test_a_thread_has_its_authors_name_otherwise(browser, new_thread_page):
    browser.post(new_thread_page, {"title": "Mornings", "body": "How?", "support_type": "ideas"})
    assert not Thread.objects.latest("pk").is_anonymous


# --- one budget, however long the thread


@pytest.fixture
def long_thread(scene):
    for _number in range(45):
        factories.PostFactory(thread=scene.thread)
    return scene.thread


def cost(browser, address, data=None) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address) if data is None else browser.post(address, data)
    assert answer.status_code in (200, 302, 409)
    return len(asked)


def test_opening_a_reply_costs_the_same_in_a_long_thread(browser, long_thread, django_assert_num_queries):
    short = factories.ThreadFactory(board=long_thread.board)
    for thread in (short, long_thread):
        address = reverse("reply", args=[thread.public_id])
        # who it is; thread, draft, the post that is answered, who is read first, who may not post
        with django_assert_num_queries(1 + 5):
            browser.get(address)
        with django_assert_num_queries(1 + 7):  # and the post that is quoted with its words
            browser.get(f"{address}?to=1&quote=1")


def test_opening_a_new_thread_costs_the_same_on_a_busy_board(browser, long_thread, django_assert_num_queries):
    factories.ThreadFactory.create_batch(30, board=long_thread.board)
    for board in (factories.BoardFactory(), long_thread.board):
        with django_assert_num_queries(1 + 4):  # who it is; board, draft, who is read first, who may not post
            browser.get(reverse("new_thread", args=[board.slug]))


def test_saving_a_draft_costs_the_same_in_a_long_thread(browser, long_thread):
    # Where a first reply is waited for, a save asks once more: it keeps the thread for whoever was offered it.
    short = factories.ThreadFactory(board=long_thread.board, no_reply_needed=True)

    def saves(thread):
        address = reverse("save_reply", args=[thread.public_id])
        mark = uuid4()
        first = cost(browser, address, {"body": "Half", "submission": mark})
        answer = browser.post(address, {"body": "Half a", "submission": mark, "sequence": "0"}).json()
        again = {"body": "Half a thought", "submission": mark, "sequence": answer["sequence"], "seen": 1}
        return first, cost(browser, address, again)

    first, again = saves(long_thread)
    assert first <= 10
    # One more where there is something new to look for.
    assert saves(short) == (first, again - 1)


def test_posting_and_announcing_cost_the_same_in_a_long_thread(browser, long_thread):
    short = factories.ThreadFactory(board=long_thread.board)
    factories.PostFactory(thread=short)

    def both(thread):
        address = reverse("reply", args=[thread.public_id])
        told = cost(browser, address, {"body": "Here.", "seen": thread.last_number - 1, "submission": uuid4()})
        return told, cost(browser, address, {"body": "Here.", "seen": thread.last_number, "submission": uuid4()})

    assert both(short) == both(long_thread)


# --- where a refused form lands, and under which name one writes


def test_a_form_that_comes_back_is_shown_where_it_stands_with_what_is_wrong_first(
    browser, sign_in, member, scene, reply_page, new_thread_page
):
    """A browser goes to the part of the page that the form's address names: there the remark is, above all else."""
    scene.board.guidelines = "Speak for yourself.\n\n" * 20
    scene.board.save()
    for page in (browser.post(reply_page, {"body": ""}), browser.post(new_thread_page, {"body": "Words"})):
        assert page.status_code == 422
        form = soup(page).select_one("form.compose")
        assert form["action"].partition("#")[2] == "compose"
        place = form.find_parent(id="compose")
        told = place.find(class_="error-summary")
        assert (
            not told.find_previous(class_="composer-about") or told.find_previous(class_="composer-about") not in place
        )
    edit = reverse("post_edit", args=[scene.reply.public_id])
    page = browser.post(edit, {"body": "", "version": "1"})
    form = soup(page).select_one("main form.panel")
    assert form["action"] == f"{edit}#edit"
    assert form.find_parent(id="edit").find(class_="error-summary")


@pytest.mark.parametrize("where", ["thread", "reply page", "edit page"])
def test_whoever_writes_behind_a_disguise_is_told_its_name(sign_in, member, other_member, where):
    thread = factories.ThreadFactory(author=member, disguise=7)
    address = {
        "thread": thread.get_absolute_url(),
        "reply page": reverse("reply", args=[thread.public_id]),
        "edit page": reverse("post_edit", args=[thread.posts.get().public_id]),
    }[where]
    page = sign_in(member).get(address)
    assert f"You write here as {name_for(7)}" in words(page)
    if where != "edit page":
        assert "You write here as" not in words(sign_in(other_member).get(address))


def test_whoever_writes_under_their_own_name_is_not_told_it(sign_in, member, scene):
    assert "You write here as" not in words(sign_in(member).get(scene.thread.get_absolute_url()))


def test_how_words_become_bold_or_a_quotation_is_there_for_those_who_want_to_know(browser, scene, new_thread_page):
    for address in (scene.thread.get_absolute_url(), new_thread_page):
        help_text = soup(browser.get(address)).find("summary", string="How to format, quote and name somebody").parent
        assert not help_text.has_attr("open")
        told = help_text.get_text()
        for sign in ("**bold**", "> their words", "@name", "https://"):
            assert sign in told
