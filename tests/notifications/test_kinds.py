"""The kinds of news: whom each concerns, what it says, and when it is none any more."""

import datetime as dt
import re
from pathlib import Path

import allauth
import pytest
from django.urls import reverse
from django.utils import timezone

from core.notes import ContentNote
from forums.access import LONG_WAIT
from forums.composing import quote
from forums.disguise import name_for
from forums.models import (
    Board,
    BoardFollow,
    Gathering,
    Level,
    Occurrence,
    Post,
    Reaction,
    SupportType,
    Thread,
    ThreadFollow,
    Visibility,
)
from forums.news import NEW_REPLY, NEW_THREAD, REPLIED_TO_YOU
from forums.news_posts import MENTIONED, QUOTED
from forums.news_reactions import REACTED
from forums.news_threads import GATHERING_OPENED, YOURS_WAITS
from forums.quotes import quotations_in
from forums.services import following, gatherings, posts, reading, waiting
from forums.services.visibility import set_visibility
from members.models import Member
from notifications import kinds
from notifications.models import Channel, Event, Notice
from resources.models import ArticlePage
from resources.news import REVIEW_DUE
from resources.services import reviewing
from supportsite import news
from tests import factories
from tests.pages import soup, words
from tests.resources import library

# Wagtail mails its own way.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")
ALL = list(kinds._kinds.values())


def told(kind):
    return sorted(Notice.objects.filter(event__kind=kind.key).values_list("recipient__username", flat=True))


def updates(browser):
    return words(browser.get(reverse("notices")))


# --- all of them -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.key)
def test_a_kind_is_a_members_to_choose_or_follows_the_choice_for_another_or_says_how_far_it_goes(kind):
    if kind.like:
        another = kinds.get(kind.like)
        assert another
        assert another.label
        assert (another.default, another.least) == (kind.default, kind.least)
    else:
        assert kind.label or kind.least != Channel.NOTHING
    assert kind.default in [kind.allowed(channel) for channel in Channel]
    assert len(kind.key) <= (Event._meta.get_field("kind").max_length or 0)
    assert kind.useful_for >= dt.timedelta(hours=1)


def test_mails_at_once_are_for_replies_what_moderators_decide_or_write_ones_account_and_alarms():
    at_once = {kind.key for kind in ALL if kind.default == Channel.MAIL}
    assert at_once == {
        "replied_to_you",
        "decision_about_you",
        "sanction_lifted",
        "appeal_judged",
        "staff_message",
        "crisis_overdue",
        "help_failed",
        "account:new_device",
        "waits_at_the_door",
        "let_in",
        "export_ready",
    }


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.key)
def test_what_is_gone_breaks_no_kind(kind, moderator, curator):
    for reader in (moderator, curator):
        assert set(kind.visible([10**9], reader)) <= {10**9}
        assert not kind.over or kind.over([10**9], reader) == {}
        assert set(kind.lines([])) == set()


# --- a quotation -----------------------------------------------------------------------------------------------


@pytest.fixture
def say(worker, scene):
    """A reply in the scene's thread, with its news spread."""

    def send(author, body, thread=scene.thread, **fields):
        with worker():
            return posts.post_reply(author=author, thread=thread, body=body, **fields)

    return send


WISE = "The mornings are hardest for me, and tea helps a little."


@pytest.fixture
def quoted(scene, other_member):
    """Post 3, by `other_member`, which others may quote."""
    return factories.PostFactory(thread=scene.thread, author=other_member, body=WISE)


def test_whoever_is_quoted_in_an_answer_to_somebody_else_hears_of_it(
    say, sign_in, quoted, newcomer, member, mailoutbox
):
    said = say(newcomer, quote("birch", WISE) + "For me too.", reply_to=1)
    assert told(QUOTED) == ["birch"]
    assert [sent.to for sent in mailoutbox] == [[member.email]]
    browser = sign_in(quoted.author)
    assert f"Somebody quoted you in “{said.thread.title}”." in updates(browser)
    notice = Notice.objects.get(recipient=quoted.author)
    assert browser.get(reverse("notice", args=[notice.public_id])).headers["Location"] == reverse(
        "post", args=[said.public_id]
    )


def test_words_that_were_chosen_from_the_page_are_a_quotation_too(say, quoted, newcomer):
    """Without the marks that stand in what was typed."""
    Post.objects.filter(pk=quoted.pk).update(body="The **mornings** are _hardest_ for me.\n\nAnd tea helps.")
    say(newcomer, "> birch wrote:\n>\n> The mornings are hardest for me.\n\nYes.", reply_to=1)
    assert told(QUOTED) == ["birch"]


@pytest.mark.parametrize(
    "body",
    [
        "> The mornings are hardest for me, and tea helps a little.\n\nYes.",
        "> birch wrote:\n>\n> Something that birch has never said.\n\nYes.",
        "> birch wrote:\n>\n> tea\n\nYes.",
        "birch wrote: The mornings are hardest for me, and tea helps a little.",
        "> birch said\n>\n> The mornings are hardest for me, and tea helps a little.",
        "> nobody-here wrote:\n>\n> The mornings are hardest for me, and tea helps a little.",
        "> alder wrote:\n>\n> The mornings are hardest for me, and tea helps a little.",
    ],
    ids=["no name", "not theirs", "one word", "no quotation", "no such line", "no such member", "somebody else's"],
)
def test_what_only_looks_like_a_quotation_is_no_news(say, quoted, newcomer, body):
    say(newcomer, body, reply_to=1)
    assert told(QUOTED) == []


def test_whoever_is_answered_or_named_too_hears_once(say, quoted, newcomer, other_member):
    say(newcomer, quote("birch", WISE) + "Yes.", reply_to=quoted.number)
    say(newcomer, quote("birch", WISE) + "Yes, @birch.", reply_to=1)
    assert [told(kind) for kind in (QUOTED, REPLIED_TO_YOU, MENTIONED)] == [[], ["alder", "birch"], ["birch"]]
    assert other_member.notices.count() == 2


def test_an_answer_that_names_whom_it_answers_is_an_answer_and_goes_by_mail(say, quoted, newcomer, mailoutbox):
    say(newcomer, "@birch, I hear you. So does @alder.", reply_to=quoted.number)
    assert [told(kind) for kind in (REPLIED_TO_YOU, MENTIONED, NEW_REPLY)] == [["birch"], ["alder"], []]
    assert [mail.to for mail in mailoutbox] == [[quoted.author.email]]


def test_who_wants_to_hear_nothing_of_being_named_still_hears_what_is_said(say, quoted, newcomer, other_member, choose):
    """One post that names and quotes somebody who follows along, too."""
    following.set_thread_level(member=other_member, thread=quoted.thread, level=Level.ALL)
    for kind in (MENTIONED, QUOTED, NEW_REPLY):
        Notice.objects.all().delete()
        say(newcomer, quote("birch", WISE) + "Yes, @birch.", reply_to=1)
        assert list(other_member.notices.values_list("event__kind", flat=True)) == [kind.key]
        choose(other_member, kind, Channel.NOTHING)
    Notice.objects.all().delete()
    say(newcomer, quote("birch", WISE) + "Yes, @birch.", reply_to=1)
    assert not other_member.notices.exists()


def test_whoever_follows_everything_is_told_of_the_quotation_and_not_of_the_post_again(
    say, quoted, newcomer, other_member
):
    ThreadFollow.objects.update_or_create(member=other_member, thread=quoted.thread, defaults={"level": Level.ALL})
    say(newcomer, quote("birch", WISE) + "Yes.", reply_to=1)
    assert list(other_member.notices.values_list("event__kind", flat=True)) == [QUOTED.key]


@pytest.mark.parametrize("why", ["muted", "blocker", "blocked", "quotes themselves"])
def test_a_quotation_is_silent_where_its_author_wants_that_or_a_block_parts_them(
    say, quoted, newcomer, other_member, why
):
    if why == "muted":
        ThreadFollow.objects.filter(member=other_member).update(level=Level.MUTE)
    elif why != "quotes themselves":
        other = "blocked" if why == "blocker" else "blocker"
        factories.BlockFactory(**{why: other_member, other: newcomer})
    say(other_member if why == "quotes themselves" else newcomer, quote("birch", WISE) + "Yes.", reply_to=1)
    assert told(QUOTED) == []


def test_somebody_behind_a_disguise_is_quoted_by_that_name_and_by_no_other(say, other_member, newcomer):
    thread = factories.ThreadFactory(author=other_member, disguise=7, opening=WISE)
    factories.PostFactory(thread=thread, author=newcomer)
    say(newcomer, quote("birch", WISE) + "Yes.", thread=thread, reply_to=2)
    assert told(QUOTED) == []
    say(newcomer, quote(name_for(7), WISE) + "Yes.", thread=thread, reply_to=2)
    assert told(QUOTED) == ["birch"]


def test_of_many_quotations_a_few_are_looked_up():
    body = "\n\n".join(quote(f"name{number}", WISE) + "Yes." for number in range(20))
    assert [one.name for one in quotations_in(body)] == [f"name{number}" for number in range(5)]


# --- a reaction ------------------------------------------------------------------------------------------------


@pytest.fixture
def react(worker):
    def give(member, post, kind=Reaction.Kind.HEARD, *, on=True):
        with worker():
            reading.react(member=member, post=post, kind=kind, on=on)

    return give


def test_the_author_hears_how_somebody_responded_and_neither_who_nor_how_many(
    react, sign_in, scene, member, other_member, newcomer, mailoutbox
):
    react(other_member, scene.opening)
    browser = sign_in(member)
    assert f"Somebody responded with “I hear you” to your words in “{scene.thread.title}”." in updates(browser)
    react(newcomer, scene.opening, Reaction.Kind.ME_TOO)
    page = browser.get(reverse("notices"))
    rows = soup(page).select(".notice-row")
    assert [f"Others responded to your words in “{scene.thread.title}”." in row.get_text() for row in rows] == [True]
    line = rows[0].find("a").get_text().replace(scene.thread.title, "")
    assert not any(character.isdigit() for character in line)
    for name in ("birch", "seedling"):
        assert name not in soup(page).find("main").get_text()
    assert mailoutbox == []


def test_nobody_else_hears_of_a_reaction(react, scene, member, other_member, moderator):
    ThreadFollow.objects.create(member=moderator, thread=scene.thread, level=Level.ALL)
    react(other_member, scene.opening)
    assert told(REACTED) == ["alder"]


def test_a_reaction_that_is_taken_back_is_no_news(worker, react, sign_in, scene, member, other_member):
    react(other_member, scene.opening)
    react(other_member, scene.opening, on=False)
    browser = sign_in(member)
    assert "responded" not in updates(browser)
    # Nor one that was taken back before anybody was told, nor does the taking back tell anything.
    Notice.objects.all().delete()
    with worker():
        for on in (True, False):
            reading.react(member=other_member, post=scene.opening, kind=Reaction.Kind.HEARD, on=on)
    assert told(REACTED) == []


@pytest.mark.parametrize("why", ["muted", "blocker", "blocked", "hidden"])
def test_a_reaction_is_silent_where_its_author_wants_that_or_may_not_see_it(
    react, scene, member, other_member, newcomer, why
):
    if why == "muted":
        ThreadFollow.objects.filter(member=other_member).update(level=Level.MUTE)
    elif why == "hidden":
        Post.objects.filter(pk=scene.reply.pk).update(visibility="hidden")
    else:
        factories.BlockFactory(**{why: other_member, "blocked" if why == "blocker" else "blocker": newcomer})
    react(newcomer, scene.reply)
    assert told(REACTED) == []


@pytest.mark.parametrize("after", ["blocked", "muted"])
def test_a_reaction_is_no_news_any_more_after_a_block_or_a_mute(react, sign_in, scene, member, other_member, after):
    react(other_member, scene.opening)
    browser = sign_in(member)
    if after == "blocked":
        factories.BlockFactory(blocker=member, blocked=other_member)
    else:
        ThreadFollow.objects.filter(member=member).update(level=Level.MUTE)
    assert "responded" not in updates(browser)


def test_what_the_disguised_author_gives_stays_news_whoever_blocked_whom(
    react, sign_in, member, other_member, newcomer
):
    thread = factories.ThreadFactory(author=member, disguise=7)
    reply = factories.PostFactory(thread=thread, author=other_member)
    factories.BlockFactory(blocker=other_member, blocked=member)
    react(member, reply)
    assert told(REACTED) == ["birch"]
    page = sign_in(other_member).get(reverse("notices"))
    assert "Somebody responded with “I hear you”" in words(page)
    assert "alder" not in page.text


def test_a_reaction_by_a_page_is_news_and_its_link_leads_to_the_post(worker, sign_in, scene, member, other_member):
    with worker():
        sign_in(other_member).post(reverse("react", args=[scene.opening.public_id]), {"give": "helped"})
    notice = Notice.objects.get(recipient=member)
    address = sign_in(member).get(reverse("notice", args=[notice.public_id])).headers["Location"]
    assert address == reverse("post", args=[scene.opening.public_id])


# --- one's own thread that waits -------------------------------------------------------------------------------


@pytest.fixture
def long_wait(member):
    long_ago = timezone.now() - LONG_WAIT - dt.timedelta(minutes=5)
    return factories.ThreadFactory(author=member, title="Is anybody awake", created_at=long_ago)


LINE = "Moderators have been told that “Is anybody awake” has no reply yet, so that it is not overlooked."


def test_whose_thread_has_waited_for_long_hears_once_that_moderators_know(
    worker, sign_in, long_wait, member, moderator, mailoutbox
):
    for _beat in range(2):
        with worker():
            waiting.tell_long_waits()
    assert told(YOURS_WAITS) == ["alder"]
    assert LINE in updates(sign_in(member))
    assert mailoutbox == []


def test_that_a_thread_waits_is_no_news_once_somebody_answered(worker, sign_in, long_wait, member, other_member):
    with worker():
        waiting.tell_long_waits()
        posts.post_reply(author=other_member, thread=long_wait, body="I am.")
    assert LINE not in updates(sign_in(member))


def test_a_title_with_a_content_note_is_not_told(worker, sign_in, long_wait, member):
    Thread.objects.update(content_notes=["loss"])
    with worker():
        waiting.tell_long_waits()
    page = updates(sign_in(member))
    assert "a thread of yours has no reply yet. It touches on: Loss." in page
    assert "Is anybody awake" not in page


# --- a gathering -----------------------------------------------------------------------------------------------


@pytest.fixture
def gathering(db):
    """One that opens each evening at seven; `opening()` opens that of a day."""
    return factories.GatheringFactory()


def evening(day):
    return dt.datetime(2026, 3, day, 19, 5, tzinfo=dt.UTC)


@pytest.fixture
def open_on(worker, gathering):
    def on(day):
        with worker():
            assert gatherings.open_due(evening(day)) == 1
        return Occurrence.objects.get(day=dt.date(2026, 3, day)).thread

    return on


def test_a_gathering_is_news_for_who_wrote_the_last_time_and_who_follows_its_board(
    worker, open_on, gathering, sign_in, member, other_member, newcomer, mailoutbox
):
    BoardFollow.objects.create(member=newcomer, board=gathering.board, level=Level.ALL)
    first = open_on(2)
    assert told(GATHERING_OPENED) == ["seedling"]
    with worker():
        posts.post_reply(author=member, thread=first, body="Here.")
    Notice.objects.all().delete()
    second = open_on(3)
    assert told(GATHERING_OPENED) == ["alder", "seedling"]
    # That a thread is new is not told as well, nor anything to its host or to who wrote long ago.
    assert told(NEW_THREAD) == []
    browser = sign_in(member)
    assert f"“{second.title}” is open." in updates(browser)
    Notice.objects.all().delete()
    open_on(4)
    assert told(GATHERING_OPENED) == ["seedling"]
    # But that somebody replied to them.
    assert {address for sent in mailoutbox for address in sent.to} == {gathering.host.email}


@pytest.mark.parametrize("why", ["muted", "blocked"])
def test_a_gathering_is_silent_for_who_muted_its_board_or_is_parted_from_its_host(
    worker, open_on, gathering, member, why
):
    with worker():
        posts.post_reply(author=member, thread=open_on(2), body="Here.")
    if why == "muted":
        BoardFollow.objects.create(member=member, board=gathering.board, level=Level.MUTE)
    else:
        factories.BlockFactory(blocker=gathering.host, blocked=member)
    open_on(3)
    assert told(GATHERING_OPENED) == []


def test_what_a_gathering_touches_on_is_said_instead_of_its_title(open_on, gathering, sign_in, member):
    BoardFollow.objects.create(member=member, board=gathering.board, level=Level.ALL)
    Board.objects.update(content_notes=[ContentNote.LOSS])
    thread = open_on(2)
    page = updates(sign_in(member))
    assert "A gathering is open that touches on: " in page
    assert thread.title not in page


def test_once_a_gathering_is_closed_that_it_opened_is_no_news(open_on, gathering, sign_in, member):
    BoardFollow.objects.create(member=member, board=gathering.board, level=Level.ALL)
    thread = open_on(2)
    browser = sign_in(member)
    assert f"“{thread.title}” is open." in updates(browser)
    gatherings.close_due(evening(4))
    assert thread.title not in updates(browser)


def test_a_gathering_that_a_moderator_has_to_read_first_is_news_when_it_is_shown(
    worker, open_on, gathering, member, moderator
):
    BoardFollow.objects.create(member=member, board=gathering.board, level=Level.ALL)
    Board.objects.update(hold_first="all")
    Gathering.objects.update(host=factories.MemberFactory(is_staff=True))
    thread = open_on(2)
    if thread.visibility == "held":
        assert told(GATHERING_OPENED) == []
        with worker():
            set_visibility(post=thread.posts.get(number=1), visibility=Visibility.VISIBLE)
    assert told(GATHERING_OPENED) == ["alder"]
    assert told(NEW_THREAD) == []


# --- an article that is to be reviewed -------------------------------------------------------------------------


@pytest.fixture
def article(curator):
    with library.unsearched():
        yield library.published(author=factories.CuratorFactory(username="author"), reviewer=curator)


def due_in(days):
    ArticlePage.objects.update(review_by=timezone.localdate() + dt.timedelta(days=days))


def test_curators_hear_once_of_an_article_whose_review_comes_near(worker, sign_in, article, curator, member):
    due_in(60)
    assert reviewing.tell_reviews_due() == 0
    due_in(20)
    for _morning in range(2):
        with worker():
            reviewing.tell_reviews_due()
    assert told(REVIEW_DUE) == ["author", "reader"]
    browser = sign_in(curator)
    assert f"“{article.title}” is to be reviewed by" in updates(browser)
    notice = Notice.objects.get(recipient=curator)
    leads_to = browser.get(reverse("notice", args=[notice.public_id])).headers["Location"]
    assert leads_to == reverse("wagtailadmin_pages:edit", args=[article.pk])


def test_a_review_is_no_news_once_it_was_done_and_the_next_one_is(worker, sign_in, article, curator):
    due_in(20)
    with worker():
        reviewing.tell_reviews_due()
    author = Member.objects.get(username="author")
    article.refresh_from_db()
    article.save_revision(user=author)
    library.approve(library.submit(article, by=author), by=curator)
    assert "is to be reviewed" not in updates(sign_in(curator))
    due_in(3)
    with worker():
        assert reviewing.tell_reviews_due() == 1
    assert told(REVIEW_DUE) == ["author", "author", "reader", "reader"]


def test_who_is_no_curator_any_more_hears_nothing_of_reviews(worker, sign_in, article, curator):
    due_in(20)
    with worker():
        reviewing.tell_reviews_due()
    Member.objects.filter(pk=curator.pk).update(is_curator=False)
    assert "is to be reviewed" not in updates(sign_in(curator))


# --- the safety of an account ----------------------------------------------------------------------------------


def test_a_new_password_is_told_by_allauths_mail_and_on_the_site(worker, sign_in, member, other_member, mailoutbox):
    browser = sign_in(member)
    form = {
        "oldpassword": factories.PASSWORD,
        "password1": "another-horse-battery",
        "password2": "another-horse-battery",
    }
    with worker():
        assert browser.post(reverse("account_change_password"), form).status_code == 302
    assert [sent.to for sent in mailoutbox] == [[member.email]]
    notice = Notice.objects.get()
    assert (notice.recipient, notice.presses) == (member, True)
    browser = sign_in(Member.objects.get(pk=member.pk))
    assert "Your password was changed. If it was not you, choose a new password." in updates(browser)
    leads_to = browser.get(reverse("notice", args=[notice.public_id])).headers["Location"]
    assert leads_to == reverse("account_change_password")
    assert sign_in(other_member).get(reverse("notice", args=[notice.public_id])).status_code == 404


def test_what_happens_to_two_accounts_at_the_same_instant_is_told_to_both(
    worker, sign_in, member, other_member, monkeypatch
):
    monkeypatch.setattr("time.time_ns", lambda: 1_800_000_000_000_000_000)
    with worker():
        for one in (member, other_member):
            assert news.record("account/email/password_changed", one)
    for one in (member, other_member):
        assert "Your password was changed." in updates(sign_in(one))
    assert Notice.objects.count() == 2


def test_every_mail_about_an_accounts_safety_is_told_on_the_site_too():
    """Those of the parts of allauth that are in use, as its code has them."""
    package = Path(allauth.__file__).parent
    sources = [*Path(package, "account").rglob("*.py"), *Path(package, "mfa").rglob("*.py")]
    mailed = re.compile(r'send_notification_mail\(\s*"([^"]+)"')
    sent = {name for source in sources for name in mailed.findall(source.read_text(encoding="utf-8"))}
    # A new browser allauth does not know of.
    assert sent | {news.NEW_DEVICE} == set(news._HAPPENINGS)


# --- what was read where it stands -----------------------------------------------------------------------------


def has_mark(browser):
    return soup(browser.get(reverse("home"))).find(class_="news-dot") is not None


def test_reading_a_thread_puts_out_the_mark_for_what_is_in_it_and_for_nothing_else(
    say, sign_in, scene, member, newcomer, react
):
    BoardFollow.objects.create(member=member, board=scene.board, level=Level.ALL)
    say(newcomer, "For you, @alder.")
    say(newcomer, "And once more.")
    browser = sign_in(member)
    assert has_mark(browser)
    browser.get(scene.thread.get_absolute_url())
    assert not has_mark(browser)
    assert not member.notices.filter(read_at=None).exists()
    # Of another thread, or behind what was read.
    other = factories.ThreadFactory(author=member, board=scene.board)
    say(newcomer, "In another place.", thread=other)
    assert has_mark(browser)
    browser.get(scene.thread.get_absolute_url())
    assert has_mark(browser)
    # What was not shown there, such as who responded, stays news.
    browser.get(other.get_absolute_url())
    react(newcomer, scene.opening)
    say(newcomer, "One more.")
    browser.get(scene.thread.get_absolute_url())
    assert [notice.event.kind for notice in member.notices.filter(read_at=None)] == [REACTED.key]


def test_a_new_thread_that_was_opened_is_no_news(worker, sign_in, scene, member, newcomer):
    BoardFollow.objects.create(member=member, board=scene.board, level=Level.ALL)
    with worker():
        post = posts.start_thread(
            author=newcomer, board=scene.board, title="Hello there", body="Hello.", support_type=SupportType.WIN
        )
    browser = sign_in(member)
    assert has_mark(browser)
    browser.get(post.thread.get_absolute_url())
    assert not has_mark(browser)
