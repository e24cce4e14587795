"""Before words are posted: whether somebody is safe, and what is asked about. Nothing is blocked or lost."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse

from forums.models import Board, Draft, Post, Thread
from moderation.asking import SAFE
from moderation.models import Case, Priority, SanctionKind, Signal, Source, WatchedWords
from moderation.screening import ASKS_FOR_HELP, Action
from moderation.services import crisis
from moderation.services import messages as staff_messages
from tests import factories
from tests.pages import anyway, soup, value_of, words

DARK = "Some days I want to die."
GOODBYE = "This is goodbye, everyone. Thank you for reading."
SAFE_QUESTION = "Are you safe right now?"


@pytest.fixture
def browser(sign_in, other_member):
    return sign_in(other_member)


@pytest.fixture
def established(other_member):
    """`other_member` is not new here any more."""
    factories.PostFactory.create_batch(3, author=other_member)
    return other_member


@pytest.fixture
def reply_page(scene):
    return reverse("reply", args=[scene.thread.public_id])


@pytest.fixture
def new_thread_page(scene):
    return reverse("new_thread", args=[scene.board.slug])


def panel(page):
    return soup(page).find(id="before-posting")


def sent(page, **changes):
    """What the composer on `page` sends when its person presses Post."""
    form = soup(page).find(id="before-posting").find_parent("form")
    names = {field["name"] for field in form.select("[name]") if field.name not in ("button", "select")}
    filled = {name: value_of(page, name) for name in names - {"csrfmiddlewaretoken"}}
    return {name: value for name, value in filled.items() if value != ""} | changes


def said(page):
    return " ".join(panel(page).get_text(" ").split())


# --- whether somebody is safe


def test_words_of_danger_are_not_posted_before_their_author_was_asked(browser, reply_page, scene):
    page = browser.post(reply_page, {"body": DARK})
    assert page.status_code == 409
    assert SAFE_QUESTION in said(page)
    assert "nothing is posted yet, and nothing is lost" in said(page)
    assert value_of(page, "body") == DARK
    assert scene.thread.posts.count() == 2
    assert not Case.objects.exists()


def test_sent_again_they_are_posted_and_a_moderator_is_told(browser, reply_page, scene):
    page = browser.post(reply_page, {"body": DARK})
    assert browser.post(reply_page, sent(page)).status_code == 302
    assert scene.thread.posts.get(number=3).visibility == "visible"
    assert Case.objects.get().priority == Priority.CRISIS


def test_the_panel_has_the_focus_and_is_no_alarm(browser, reply_page):
    section = panel(browser.post(reply_page, {"body": DARK}))
    assert section.name == "section"
    assert section.has_attr("autofocus")
    assert section["tabindex"] == "-1"
    assert section["aria-labelledby"] == section.find("h2")["id"]
    assert section.find_parent(attrs={"aria-live": "polite"})
    assert not section.find(role="alert")
    assert "!" not in section.get_text()


def test_the_ways_on_are_to_post_to_write_on_or_to_ask_a_moderator(browser, reply_page):
    page = browser.post(reply_page, {"body": DARK})
    ways = [way.get_text(strip=True) for way in panel(page).select(".before-ways > *")]
    assert ways[:3] == ["Post it as it is", "Go on writing", "Post it and ask a moderator to reach out"]
    assert panel(page).find("a", string="Go on writing")["href"] == "#id_body"
    assert soup(page).find(id="id_body")
    # One button that posts is enough.
    assert not [button for button in soup(page).select("button") if button.get_text(strip=True) == "Post reply"]


def test_dark_feelings_alone_bring_no_panel(browser, reply_page):
    for dark in ("I am so tired and everything is hopeless.", "Nobody would notice. I feel worthless and alone."):
        assert browser.post(reply_page, {"body": dark}).status_code == 302
    assert not Case.objects.exists()


def test_a_thread_is_asked_about_with_its_title_and_all_its_choices_stay(browser, new_thread_page):
    form = {
        "support_type": "experiences",
        "title": "I want to die",
        "body": "It is all too much.",
        "content_notes": ["suicide"],
        "anonymous": "on",
        "no_reply_needed": "on",
    }
    page = browser.post(new_thread_page, form)
    assert SAFE_QUESTION in said(page)
    for name, value in form.items():
        shown = value_of(page, name)
        assert shown in (value, [value]), name
    assert browser.post(new_thread_page, sent(page)).status_code == 302
    thread = Thread.objects.get(title="I want to die")
    assert thread.is_anonymous
    assert thread.no_reply_needed
    signal = Signal.objects.filter(kind="crisis").earliest("id")
    assert signal.snapshot[signal.start : signal.end] == "I want to die"


def test_a_signal_of_the_body_points_at_the_same_words_in_the_snapshot(browser, new_thread_page):
    form = {"support_type": "listening", "title": "  Tonight ", "body": f"\r\n\r\nHello.\r\n\r\n{DARK}"}
    anyway(browser, new_thread_page, form)
    signal = Signal.objects.get(kind="crisis")
    assert signal.snapshot[signal.start : signal.end] == "I want to die"


def test_the_panel_comes_once_however_the_words_change(browser, reply_page, scene):
    page = browser.post(reply_page, {"body": DARK})
    answer = browser.post(reply_page, sent(page, body="I want to die. I wish I was dead."))
    assert answer.status_code == 302
    assert scene.thread.posts.count() == 3


def test_a_goodbye_that_comes_in_after_it_is_told_of_once_more(browser, reply_page, scene):
    page = browser.post(reply_page, {"body": DARK})
    page = browser.post(reply_page, sent(page, body=f"{DARK} {GOODBYE}"))
    assert page.status_code == 409
    assert "A moderator reads them first, soon, because they may mean that you are in danger." in said(page)
    assert browser.post(reply_page, sent(page)).status_code == 302
    assert scene.thread.posts.get(number=3).visibility == "held"


def test_a_goodbye_is_held_and_the_page_says_so_before_and_after(browser, reply_page):
    page = browser.post(reply_page, {"body": GOODBYE})
    assert "If you post them, they are kept." in said(page)
    page = browser.post(reply_page, sent(page), follow=True)
    assert "Your words are kept. A moderator reads them first, soon," in words(page)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("How many paracetamol would it take to kill me?", "they ask about ways to die"),
        ("Just go and kill yourself already.", "they can read as urging somebody to harm themselves"),
    ],
)
def test_each_kind_of_held_words_is_told_its_own_reason(browser, reply_page, body, reason):
    page = browser.post(reply_page, {"body": body})
    assert reason in said(page)
    page = browser.post(reply_page, sent(page), follow=True)
    assert reason in words(page)
    assert Post.objects.latest("pk").visibility == "held"


def test_whoever_urges_somebody_is_not_asked_whether_they_are_safe_first(browser, reply_page):
    page = browser.post(reply_page, {"body": "Just go and kill yourself already."})
    assert panel(page).find("h2").get_text() == "A moderator reads this first"
    assert "somebody to talk to" in said(page)


# --- the lines


def test_the_lines_are_those_of_the_country_that_the_member_chose(browser, reply_page):
    browser.get(reverse("help_now"), {"country": "GB"})
    page = browser.post(reply_page, {"body": DARK})
    assert "Samaritans" in said(page)
    assert panel(page).select_one('a[href="tel:116123"]')
    assert panel(page).select_one('a[href="tel:999"]')
    assert panel(page).find("a", href=reverse("help_now"))


def test_without_a_country_it_is_asked_for_and_the_words_stay(browser, reply_page, scene):
    page = browser.post(reply_page, {"body": DARK, "reply_to": "2"})
    assert "Samaritans" not in said(page)
    codes = [option["value"] for option in panel(page).select("select[name=country] option")]
    assert {"GB", "IE", "US"} <= set(codes)

    page = browser.post(reply_page, sent(page, country="IE", show_lines="1"))
    assert page.status_code == 200
    assert "Pieta" in said(page)
    assert value_of(page, "body") == DARK
    assert value_of(page, "reply_to") == "2"
    assert scene.thread.posts.count() == 2
    assert browser.cookies["country"].value == "IE"
    assert browser.cookies["country"]["httponly"]

    assert browser.post(reply_page, sent(page)).status_code == 302
    assert scene.thread.posts.get(number=3).reply_to == 2


def test_another_country_can_be_chosen_and_none_keeps_the_one_there_is(browser, reply_page):
    browser.get(reverse("help_now"), {"country": "GB"})
    page = browser.post(reply_page, {"body": DARK})
    assert "Pieta" in said(browser.post(reply_page, sent(page, country="IE", show_lines="1")))
    for odd in ("", "ZZ", "x" * 300):
        assert "Pieta" in said(browser.post(reply_page, sent(page, country=odd, show_lines="1")))


def test_lines_for_words_that_speak_of_danger_no_more_post_nothing(browser, reply_page, scene):
    page = browser.post(reply_page, {"body": DARK})
    page = browser.post(reply_page, sent(page, body="I am all right.", country="GB", show_lines="1"))
    assert "Samaritans" in said(page)
    assert scene.thread.posts.count() == 2


def test_questions_come_below_the_lines_and_stay_with_them(browser, reply_page):
    page = browser.post(reply_page, {"body": f"{DARK} Write to me at hazel@example.org."})
    assert said(page).index(SAFE_QUESTION) < said(page).index("hazel@example.org")
    page = browser.post(reply_page, sent(page, country="GB", show_lines="1"))
    assert said(page).index("Samaritans") < said(page).index("hazel@example.org")


# --- a moderator who reaches out


def test_an_author_can_ask_a_moderator_to_reach_out(browser, reply_page, scene):
    page = browser.post(reply_page, {"body": DARK})
    page = browser.post(reply_page, sent(page, reach_out="1"), follow=True)
    assert "A moderator is asked to write to you." in words(page)
    case = Case.objects.get()
    assert case.subject_id == scene.thread.posts.get(number=3).pk
    assert case.signals.filter(kind=ASKS_FOR_HELP, rule="by-author").count() == 1
    assert case.priority == Priority.CRISIS


def test_asking_while_one_writes_needs_no_second_look(browser, reply_page, scene):
    assert browser.post(reply_page, {"body": DARK, "reach_out": "1"}).status_code == 302
    assert Signal.objects.filter(kind=ASKS_FOR_HELP).count() == 1


def test_words_that_nobody_noticed_can_be_posted_with_the_same_wish(browser, reply_page):
    browser.post(reply_page, {"body": "It is a long night.", "reach_out": "1"})
    case = Case.objects.get()
    assert (case.priority, case.source) == (Priority.CRISIS, Source.AUTHOR)


def test_a_moderator_reads_the_wish_in_words(browser, reply_page, sign_in, moderator):
    browser.post(reply_page, {"body": DARK, "reach_out": "1"})
    page = sign_in(moderator).get(reverse("case", args=[Case.objects.get().public_id]))
    assert "reach out" in words(page)
    assert "asks-for-help" not in page.text


def test_a_double_press_posts_once_and_asks_once(browser, reply_page, scene):
    page = browser.post(reply_page, {"body": DARK, "submission": str(uuid4())})
    form = sent(page, reach_out="1")
    first, second = browser.post(reply_page, form), browser.post(reply_page, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert scene.thread.posts.count() == 3
    assert Signal.objects.filter(kind=ASKS_FOR_HELP).count() == 1


def test_somebody_can_ask_without_posting_and_the_draft_is_kept(browser, reply_page, scene, other_member):
    page = browser.post(reply_page, {"body": DARK})
    page = browser.post(reply_page, sent(page, reach_only="1"), follow=True)
    assert "A moderator is asked to write to you." in words(page)
    assert scene.thread.posts.count() == 2
    assert Draft.objects.get(member=other_member).body == DARK
    case = Case.objects.get()
    assert (case.author, case.priority, case.source) == (other_member, Priority.CRISIS, Source.AUTHOR)
    # Nobody was promised that the words would be read.
    assert DARK not in case.signals.get().snapshot


def test_asked_twice_it_stays_one_wish(browser, reply_page):
    for _time in range(2):
        page = browser.post(reply_page, {"body": DARK})
        browser.post(reply_page, sent(page, reach_only="1"))
    assert Signal.objects.count() == 1


def ask_only(browser, reply_page):
    page = browser.post(reply_page, {"body": DARK})
    browser.post(reply_page, sent(page, reach_only="1"))


def test_asked_again_while_the_first_wish_waits_for_a_follow_up_it_is_in_the_queue_again(
    browser, reply_page, moderator
):
    ask_only(browser, reply_page)
    case = factories.claimed(Case.objects.get(), by=moderator)
    crisis.start(moderator=moderator, case=case, version=case.version)
    staff_messages.send(moderator=moderator, case=case, version=case.version, text="Are you safe?")
    before = Case.objects.get()
    assert before.quiet_until
    ask_only(browser, reply_page)
    after = Case.objects.get()
    assert after.quiet_until is None
    assert after.version > before.version
    assert after.due_at <= factories.now() + dt.timedelta(minutes=15)
    assert Signal.objects.filter(case=after, kind=ASKS_FOR_HELP).count() == 2


# --- questions


@pytest.mark.parametrize(
    ("body", "noticed", "quoted"),
    [
        ("Write to me at hazel@example.org.", "an e-mail address", "hazel@example.org"),
        ("Others have it so much worse.", "not so bad", "Others have it so much worse"),
        ("You should stop taking your sertraline.", "stop, start or change a treatment", "stop taking your sertraline"),
        ("Have a look at https://example.org/page", "This is a link", "https://example.org/page"),
    ],
)
def test_a_question_says_what_was_noticed_in_which_words_and_why(browser, reply_page, scene, body, noticed, quoted):
    page = browser.post(reply_page, {"body": body})
    assert page.status_code == 409
    item = panel(page).select_one(".before-items li")
    assert noticed in item.get_text()
    assert quoted.casefold() in item.find("blockquote").get_text().casefold()
    assert SAFE_QUESTION not in said(page)
    assert scene.thread.posts.count() == 2
    assert browser.post(reply_page, sent(page)).status_code == 302
    assert scene.thread.posts.get(number=3).visibility == "visible"


def test_a_question_is_put_once_for_the_same_words(browser, reply_page):
    page = browser.post(reply_page, {"body": "Write to me at hazel@example.org."})
    moved = "First something else. Then: write to me at HAZEL@example.org, please."
    assert browser.post(reply_page, sent(page, body=moved)).status_code == 302


def test_what_comes_in_later_is_asked_about_and_nothing_else(browser, reply_page):
    page = browser.post(reply_page, {"body": "Write to me at hazel@example.org."})
    page = browser.post(reply_page, sent(page, body="Write to me at hazel@example.org or at rue@example.org."))
    assert page.status_code == 409
    assert [quote.get_text() for quote in panel(page).select("blockquote")] == ["rue@example.org"]


def test_a_form_with_marks_that_somebody_made_up_is_asked_all_the_same(browser, reply_page):
    for odd in ("x" * 9000, "held " * 900, "\u202e", SAFE.upper()):
        assert browser.post(reply_page, {"body": DARK, "asked": odd}).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        "My social security number is 536-22-1847.",
        "Here is her address: 14 Orchard Road.",
        "I know where you live and I will find you.",
    ],
)
def test_what_a_moderator_reads_first_says_so_before_and_after(browser, reply_page, established, body):
    page = browser.post(reply_page, {"body": body})
    assert "a moderator reads it before others do" in said(page)
    page = browser.post(reply_page, sent(page), follow=True)
    assert "A moderator reads them first, soon, because" in words(page)
    assert Post.objects.latest("pk").visibility == "held"


def test_promotion_by_a_newcomer_waits_and_by_others_is_asked_about(browser, reply_page, other_member):
    spam = "Double your money now, financial freedom: message me on WhatsApp to get started https://bit.ly/x"
    page = anyway(browser, reply_page, {"body": spam}, follow=True)
    assert "they look like promotion and you are new here" in words(page)
    assert Post.objects.latest("pk").visibility == "held"
    factories.PostFactory.create_batch(3, author=other_member)
    anyway(browser, reply_page, {"body": f"Hello. {spam}"})
    assert Post.objects.latest("pk").visibility == "visible"


def test_a_medical_claim_posted_anyway_opens_a_case(browser, reply_page):
    anyway(browser, reply_page, {"body": "Magnesium cures depression."})
    case = Case.objects.get()
    assert case.priority == Priority.OTHER
    assert {signal.kind for signal in case.signals.all()} == {"medical"}


def test_words_that_were_changed_on_a_question_open_none(browser, reply_page):
    page = browser.post(reply_page, {"body": "Magnesium cures depression."})
    browser.post(reply_page, sent(page, body="I take magnesium and sleep a little better."))
    assert not Case.objects.exists()


def test_watched_words_are_asked_about(browser, reply_page):
    factories.WatchedWordsFactory(label="Lanterns", expression="paper lantern", action=WatchedWords.Action.ASK)
    page = browser.post(reply_page, {"body": "Did you see the Paper Lantern thing?"})
    assert panel(page).find("blockquote").get_text() == "Paper Lantern"
    assert "Lanterns" not in said(page)
    assert browser.post(reply_page, sent(page)).status_code == 302


def test_the_same_long_words_again_within_a_day_are_asked_about(browser, reply_page, established):
    body = (
        "I have been thinking about the garden behind our old house, how the light came in there in the evening. " * 2
    )
    browser.post(reply_page, {"body": body})
    page = browser.post(reply_page, {"body": f"Hello. {body}"})
    assert "nearly the same words" in said(page)


def test_kind_words_may_be_said_again_and_again(browser, reply_page):
    for _time in range(3):
        assert browser.post(reply_page, {"body": "I read this, and I am here with you tonight."}).status_code == 302


def test_what_was_taken_back_and_is_posted_elsewhere_is_no_repetition(browser, reply_page, established):
    body = (
        "I have been thinking about the garden behind our old house, how the light came in there in the evening. " * 2
    )
    browser.post(reply_page, {"body": body})
    browser.post(reverse("post_withdraw", args=[Post.objects.latest("pk").public_id]))
    assert browser.post(reply_page, {"body": body}).status_code == 302


# --- where nobody loses anything


def test_words_of_an_ended_session_are_asked_about_after_signing_in(visitor, other_member, reply_page, scene):
    visitor.post(reply_page, {"body": DARK})
    visitor.force_login(other_member)
    page = visitor.get(reply_page)
    assert value_of(page, "body") == DARK
    assert visitor.post(reply_page, {"body": DARK}).status_code == 409
    assert scene.thread.posts.count() == 2


def test_the_session_may_end_while_the_panel_is_open(browser, sign_in, other_member, reply_page, scene):
    filled = sent(browser.post(reply_page, {"body": DARK}))
    browser.logout()
    browser.post(reply_page, filled)
    browser.force_login(other_member)
    page = browser.get(reply_page)
    again = {name: value_of(page, name) for name in ("body", "asked", "submission")}
    # What was seen before the session ended was seen.
    assert browser.post(reply_page, again).status_code == 302
    assert scene.thread.posts.get(number=3).body == DARK


def test_the_draft_stays_until_it_is_posted(browser, reply_page, scene, other_member):
    saved = browser.post(reverse("save_reply", args=[scene.thread.public_id]), {"body": DARK}).json()
    page = browser.post(reply_page, {"body": DARK, "sequence": saved["sequence"]})
    assert Draft.objects.filter(member=other_member).exists()
    browser.post(reply_page, sent(page))
    assert not Draft.objects.filter(member=other_member).exists()


def test_two_tabs_are_each_asked_and_each_post_their_own(browser, reply_page, scene):
    first = browser.post(reply_page, {"body": DARK, "submission": str(uuid4())})
    second = browser.post(reply_page, {"body": "I wish I was dead.", "submission": str(uuid4())})
    assert (first.status_code, second.status_code) == (409, 409)
    for page in (first, second):
        assert browser.post(reply_page, sent(page)).status_code == 302
    assert list(scene.thread.posts.order_by("number").values_list("body", flat=True))[2:] == [
        DARK,
        "I wish I was dead.",
    ]


def test_a_preview_or_a_phrase_does_not_forget_what_was_asked(browser, reply_page):
    page = browser.post(reply_page, {"body": DARK})
    page = browser.post(reply_page, sent(page, preview="1"))
    again = {name: value_of(page, name) for name in ("body", "asked")}
    assert browser.post(reply_page, again).status_code == 302


def test_whoever_cannot_post_is_told_so_and_not_asked(sign_in, silenced, reply_page):
    page = sign_in(silenced).post(reply_page, {"body": DARK})
    assert panel(page) is None
    assert "You cannot post" in words(page)
    assert value_of(page, "body") == DARK


def test_the_panel_on_an_anonymous_thread_names_nobody(sign_in, member):
    thread = factories.ThreadFactory(author=member, disguise=7)
    page = sign_in(member).post(reverse("reply", args=[thread.public_id]), {"body": DARK})
    assert "alder" not in panel(page).get_text()


def test_answers_of_one_tap_are_never_asked_about(browser, scene):
    page = browser.get(reverse("gentle_thread", args=[scene.thread.public_id]))
    phrase = soup(page).find(attrs={"name": "phrase"})["value"]
    answer = browser.post(reverse("gentle_thread", args=[scene.thread.public_id]), {"phrase": phrase})
    assert answer.status_code == 302


# --- edits


@pytest.fixture
def edit_page(scene):
    return reverse("post_edit", args=[scene.reply.public_id])


def test_an_edit_that_adds_words_of_danger_is_asked_about_and_opens_a_case(browser, edit_page, scene):
    page = browser.post(edit_page, {"body": DARK, "version": "1"})
    assert page.status_code == 409
    assert SAFE_QUESTION in said(page)
    assert value_of(page, "body") == DARK
    scene.reply.refresh_from_db()
    assert scene.reply.body != DARK
    assert browser.post(edit_page, sent(page)).status_code == 302
    assert Case.objects.get().subject_id == scene.reply.pk


def test_an_edit_is_not_asked_about_what_stood_there_before(browser, edit_page, scene):
    Post.objects.filter(pk=scene.reply.pk).update(body=f"{DARK} Write to hazel@example.org, see https://example.org")
    body = f"{DARK} Write to hazel@example.org, see https://example.org. Sorry for the slip."
    assert browser.post(edit_page, {"body": body, "version": "1"}).status_code == 302


def test_the_title_of_an_edit_is_asked_about(sign_in, member, scene):
    browser = sign_in(member)
    address = reverse("post_edit", args=[scene.opening.public_id])
    page = browser.post(address, {"title": "I want to die", "body": scene.opening.body, "version": "1"})
    assert SAFE_QUESTION in said(page)
    assert browser.post(address, sent(page)).status_code == 302
    signal = Signal.objects.get(kind="crisis")
    assert signal.snapshot[signal.start : signal.end] == "I want to die"


def test_an_edit_can_ask_a_moderator_and_choose_a_country(browser, edit_page, scene):
    page = browser.post(edit_page, {"body": DARK, "version": "1"})
    page = browser.post(edit_page, sent(page, country="GB", show_lines="1"))
    assert "Samaritans" in said(page)
    page = browser.post(edit_page, sent(page, reach_out="1"), follow=True)
    assert "A moderator is asked to write to you." in words(page)
    assert Signal.objects.filter(kind=ASKS_FOR_HELP, case__subject_id=scene.reply.pk).count() == 1


def test_a_wish_for_a_moderator_counts_though_the_words_are_the_same(browser, edit_page, scene):
    browser.post(edit_page, {"body": scene.reply.body, "version": "1", "reach_out": "1"})
    assert Signal.objects.filter(kind=ASKS_FOR_HELP).count() == 1


def test_an_edit_that_is_held_says_why(browser, edit_page, scene):
    page = anyway(browser, edit_page, {"body": GOODBYE, "version": "1"}, follow=True)
    assert "because they may mean that you are in danger" in words(page)
    scene.reply.refresh_from_db()
    assert scene.reply.visibility == "held"


# --- whose posts are read first


def test_a_moderators_decision_holds_what_somebody_writes_and_says_so(
    browser, reply_page, new_thread_page, other_member
):
    factories.SanctionFactory(member=other_member, kind=SanctionKind.HELD_FIRST)
    assert "A moderator reads what you post here before others do." in browser.get(reply_page).text
    page = browser.post(reply_page, {"body": "Here with you."}, follow=True)
    assert "By a moderator’s decision" in words(page)
    held = Post.objects.latest("pk")
    assert held.visibility == "held"
    assert Signal.objects.get().rule == "author"
    browser.post(new_thread_page, {"support_type": "listening", "title": "A thread", "body": "Hello."})
    assert Thread.objects.get(title="A thread").visibility == "held"


@pytest.mark.parametrize(("hold_first", "status"), [("never", 409), ("newcomers", 409), ("all", 302)])
def test_whose_posts_are_read_first_is_not_told_by_a_thread_without_a_name(
    browser, new_thread_page, other_member, hold_first, status
):
    """Where everybody's are, it tells nothing."""
    Board.objects.update(hold_first=hold_first)
    factories.SanctionFactory(member=other_member, kind=SanctionKind.HELD_FIRST)
    form = {"support_type": "listening", "title": "A thread", "body": "Hello.", "anonymous": "on"}
    answer = browser.post(new_thread_page, form)
    assert answer.status_code == status
    assert Thread.objects.filter(title="A thread").exists() is (status == 302)
    if status == 409:
        assert "you could post them with your name, or keep them until that time is over" in words(answer)
        assert value_of(answer, "body") == "Hello."
        assert browser.post(new_thread_page, form | {"anonymous": ""}).status_code == 302
    else:
        assert Signal.objects.get().rule == "all"


def test_nor_by_what_they_go_on_writing_in_one_from_before(browser, other_member):
    """What the board asks of everybody counts there, too."""
    thread = factories.ThreadFactory(author=other_member, disguise=7)
    factories.SanctionFactory(member=other_member, kind=SanctionKind.HELD_FIRST)
    reply = reverse("reply", args=[thread.public_id])
    assert "A moderator reads what you post here before others do." not in browser.get(reply).text
    browser.post(reply, {"body": "Here with you."})
    opening = thread.posts.get(number=1)
    edit = reverse("post_edit", args=[opening.public_id])
    browser.post(edit, {"title": thread.title, "body": "Quite something else.", "version": "1"})
    opening.refresh_from_db()
    assert opening.body == "Quite something else."
    assert set(thread.posts.values_list("visibility", flat=True)) == {"visible"}
    assert not Signal.objects.exists()
    thread.board.hold_first = "all"
    thread.board.save()
    browser.post(reply, {"body": "Here again."})
    assert thread.posts.get(number=3).visibility == "held"


def test_a_decision_that_is_over_holds_nothing(browser, reply_page, other_member):
    over = factories.now() - factories.dt.timedelta(minutes=1)
    factories.SanctionFactory(member=other_member, kind=SanctionKind.HELD_FIRST, ends_at=over)
    browser.post(reply_page, {"body": "Here with you."})
    assert Post.objects.latest("pk").visibility == "visible"


# --- while somebody writes


def test_while_writing_the_lines_come_for_words_of_danger_and_nothing_for_others(browser, other_member):
    page = browser.post(reverse("calm"), {"body": DARK})
    assert page.status_code == 200
    assert SAFE_QUESTION in words(page)
    assert "You can write on." in words(page)
    assert not soup(page).find(autofocus=True)
    for body in ("", "Hello.", "You stupid idiot.", "Write to me at hazel@example.org."):
        quiet = browser.post(reverse("calm"), {"body": body})
        assert (quiet.status_code, quiet.content) == (204, b"")


def test_while_writing_nothing_is_kept(browser, django_assert_num_queries):
    with django_assert_num_queries(1):  # who it is
        browser.post(reverse("calm"), {"body": DARK, "title": "Tonight"})
    assert not Case.objects.exists()
    assert not Draft.objects.exists()


def test_what_was_shown_while_writing_is_not_asked_again(browser, reply_page):
    assert browser.post(reply_page, {"body": DARK, "asked": SAFE}).status_code == 302


def test_nobody_asks_without_end_and_nobody_asks_who_is_not_signed_in(browser, visitor, monkeypatch):
    monkeypatch.setattr("forums.views.asking.CALM_LOOKS_AN_HOUR", 1)
    assert [browser.post(reverse("calm"), {"body": DARK}).status_code for _time in range(2)] == [200, 429]
    cache.clear()
    assert visitor.post(reverse("calm"), {"body": DARK}).status_code == 302
    assert browser.get(reverse("calm")).status_code == 405


def test_every_composer_looks_while_one_writes(browser, reply_page, new_thread_page, edit_page, scene):
    for address in (reply_page, new_thread_page, edit_page, scene.thread.get_absolute_url()):
        page = soup(browser.get(address))
        form = page.select_one("form[data-calm]")
        assert form["data-calm"].partition("?")[0] == reverse("calm")
        assert form.select_one("[data-calm-region][aria-live=polite]")
        assert form.select_one("[name=asked]")
        assert page.select_one('script[src$="js/calm.js"]')


def test_no_signal_is_more_than_held(browser, reply_page):
    """Whatever the words are, they are kept."""
    for body in (DARK, GOODBYE, "Just go and kill yourself already.", "I know where you live and I will find you."):
        anyway(browser, reply_page, {"body": body})
        assert Post.objects.latest("pk").body == body
    assert set(Signal.objects.values_list("action", flat=True)) <= set(Action)
