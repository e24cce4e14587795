"""What stands in a digest: what is new and calm and for its reader, and in plain words unless they chose otherwise."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from core.notes import ContentNote
from forums.access import digests as forum_digests
from forums.models import Level, Post, ReadMark, Thread, Visibility
from forums.news import NEW_REPLY, NEW_THREAD, REPLIED_TO_YOU
from forums.news_posts import MENTIONED
from forums.services import following, gatherings
from members.models import Block, Member
from moderation.models import Case, Priority
from notifications import asking, digest_news, digests, services
from notifications.models import Delivery, Digest, Notice, Wishes
from resources.models import ArticlePage
from tests import factories
from tests.notifications.digests import digest_of, mail_of, notice, wants_digest, words_of
from tests.pages import soup
from tests.resources import library

pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

ANSWERED = "Somebody answered you."
FOLLOWED = "There are new words in a thread that you follow."
WAITING = "Somebody is waiting for a first reply."


@pytest.fixture
def reader(member):
    wants_digest(member)
    return member


@pytest.fixture
def told(reader):
    """They chose contents in mails."""
    Wishes.objects.update(content_in_mail=True)
    return reader


@pytest.fixture
def answer(reader, other_member):
    """A reply to a thread of the reader, which they have not read."""
    thread = factories.ThreadFactory(author=reader, title="The rain again", board__title="Night watch")
    ReadMark.objects.create(member=reader, thread=thread, last_read_number=1)
    post = factories.PostFactory(thread=thread, author=other_member)
    notice(reader, REPLIED_TO_YOU, post.pk, group_id=thread.pk)
    return post


@pytest.fixture
def followed(reader, other_member):
    """A thread that the reader follows, with words that they have not read."""
    thread = factories.ThreadFactory(author=other_member, title="Small walks", board__title="Mornings")
    ReadMark.objects.create(member=reader, thread=thread, last_read_number=1)
    following.set_thread_level(member=reader, thread=thread, level=Level.ALL)
    factories.PostFactory(thread=thread)
    return thread


@pytest.fixture
def waiting(reader):
    """A thread that waits, where the reader wrote before, to one that asked for the same."""
    board = factories.BoardFactory(title="Evenings")
    earlier = factories.ThreadFactory(board=board)
    factories.PostFactory(thread=earlier, author=reader)
    return factories.ThreadFactory(board=board, title="Nobody here tonight")


@pytest.fixture
def gathering(db):
    return factories.GatheringFactory(title="Tea at seven", board__title="Hearth")


@pytest.fixture
def article(db):
    with library.unsearched():
        return library.published(author=factories.CuratorFactory(), reviewer=factories.CuratorFactory())


# --- all of it ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("answer", "followed", "waiting", "gathering", "article")
def test_a_full_digest_has_five_parts_and_asks_four_queries(told, django_assert_num_queries):
    digest = digest_of(told)
    mail_of(digest)  # gatherings and articles are asked for once in some minutes, for everybody
    with django_assert_num_queries(4):  # notices, their lines; followed, waiting
        mail = mail_of(digest)
    html = soup(mail.alternatives[0])
    assert [title.text for title in html.select("h2")] == [
        "For you", "Threads you follow", "Your words could help", "When people meet", "Something to read",
    ]  # fmt: skip


@pytest.mark.usefixtures("answer", "followed", "waiting", "gathering", "article")
def test_a_digest_for_who_wants_no_contents_in_mails_asks_even_less(reader, django_assert_num_queries):
    digest = digest_of(reader)
    mail_of(digest)
    with django_assert_num_queries(3):  # notices, followed, waiting
        mail_of(digest)


@pytest.mark.usefixtures("answer", "followed", "waiting", "gathering", "article")
def test_making_and_sending_a_full_digest_asks_six_queries(reader, mailoutbox, django_assert_num_queries):
    mail_of(digest_of(reader))
    digest = Digest.objects.get()
    with django_assert_num_queries(8):  # savepoint; digest, member and wishes; the three; begun; release; sent
        assert services.send_digest(digest.pk)
    assert mailoutbox[-1].to == [reader.email]


def test_many_of_everything_cost_no_query_more(reader, answer, followed, waiting, django_assert_num_queries):
    digest = digest_of(reader)
    mail_of(digest)
    for _another in range(8):
        post = factories.PostFactory(thread=answer.thread)
        notice(reader, REPLIED_TO_YOU, post.pk, group_id=answer.thread_id)
        factories.ThreadFactory(board=waiting.board)
        other = factories.ThreadFactory()
        factories.PostFactory(thread=other)
        following.set_thread_level(member=reader, thread=other, level=Level.ALL)
    with django_assert_num_queries(3):
        mail_of(digest)


def test_who_does_not_want_contents_in_mails_reads_none(reader, answer, followed, waiting, gathering, article):
    mail = mail_of(digest_of(reader))
    everything = mail.subject + mail.body + mail.alternatives[0].content + str(mail.message())
    for line in (ANSWERED, FOLLOWED, WAITING, "A gathering opens:", "A short article that somebody checked."):
        assert line in mail.body
    secrets = [
        "rain", "Night watch", "Small walks", "Mornings", "Nobody here", "Evenings", "Tea at", "Hearth", article.title,
        article.slug, answer.thread.slug, gathering.board.slug, answer.author.username, reader.username, "depress",
    ]  # fmt: skip
    assert [secret for secret in secrets if secret.lower() in everything.lower().replace(reader.email, "")] == []


def test_who_wants_contents_in_mails_reads_titles_and_still_no_names(
    told, answer, followed, waiting, gathering, article
):
    body = mail_of(digest_of(told)).body
    for words in (
        "Somebody replied in “The rain again”.",
        "There are new words in “Small walks”.",
        "“Nobody here tonight” waits for a first reply. It asks for: Just listening.",
        "“Tea at seven” opens: ",
        article.title,
    ):
        assert words in body
    assert answer.author.username not in body
    assert waiting.author.username not in body


def test_it_can_be_turned_off_with_one_click(reader, answer):
    mail = mail_of(digest_of(reader))
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    off = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert off in mail.body
    assert mail.subject == "Your digest"


@pytest.mark.usefixtures("gathering", "article")
def test_a_gathering_and_an_article_alone_are_no_reason_to_write(reader):
    assert words_of(reader) == ""


# --- for you ------------------------------------------------------------------------------------------------------


def _mail(state, reason=""):
    return Delivery.objects.create(notice=Notice.objects.get(), channel="email", state=state, reason=reason)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda post, me: Notice.objects.update(read_at=factories.now()),
        lambda post, me: Notice.objects.update(in_digest=False),
        lambda post, me: _mail("sent"),
        lambda post, me: _mail("waiting"),
        lambda post, me: type(post).objects.filter(pk=post.pk).update(visibility="hidden"),
        lambda post, me: type(post).objects.filter(pk=post.pk).update(visibility="held"),
        lambda post, me: factories.BlockFactory(blocker=me, blocked=post.author),
        lambda post, me: factories.BlockFactory(blocked=me, blocker=post.author),
        lambda post, me: post.thread.board._meta.model.objects.update(audience="staff"),
        lambda post, me: ReadMark.objects.update(last_read_number=2),
        lambda post, me: following.set_thread_level(member=me, thread=post.thread, level=Level.MUTE),
        lambda post, me: Notice.objects.update(created_at=factories.now() - dt.timedelta(days=3)),
    ],
    ids=[
        "read", "on-the-site-only", "mailed", "mail-waits", "hidden", "held", "blocked", "blocked-by", "board-closed",
        "read-in-its-place", "muted", "told-before",
    ],
)  # fmt: skip
def test_what_is_no_news_any_more_is_left_out(reader, answer, meanwhile):
    assert ANSWERED in words_of(reader)
    meanwhile(answer, reader)
    assert ANSWERED not in words_of(reader)


@pytest.mark.parametrize("reason", ["too_late", "too_many", "refused", "broken"])
def test_what_a_mail_should_have_told_and_did_not_is_in_the_digest(reader, answer, reason):
    Notice.objects.update(in_digest=False)
    _mail("skipped", reason)
    assert ANSWERED in words_of(reader)


@pytest.mark.parametrize("choice", ["folded_notes", "hidden_notes"])
def test_nobody_opens_a_fold_by_looking_into_their_mail(told, answer, followed, waiting, choice):
    for thread in (followed, waiting):
        Thread.objects.filter(pk=thread.pk).update(content_notes=[ContentNote.LOSS])
    # Replies to one's own thread are always told.
    Thread.objects.filter(pk=answer.thread_id).update(author=answer.author)
    type(answer.thread.board).objects.filter(pk=answer.thread.board_id).update(content_notes=[ContentNote.LOSS])
    assert "Small walks" in words_of(told)
    told.folded_notes, told.hidden_notes = [], []
    setattr(told, choice, [ContentNote.LOSS])
    told.save()
    assert words_of(told) == ""
    told.refresh_from_db()
    assert getattr(told, choice) == [ContentNote.LOSS]


def test_replies_in_one_thread_are_one_line(told, answer):
    first = Notice.objects.get()
    newest = notice(told, MENTIONED, factories.PostFactory(thread=answer.thread).pk, group_id=answer.thread_id)
    post = factories.PostFactory(thread=answer.thread)
    newest = notice(told, REPLIED_TO_YOU, post.pk, group_id=answer.thread_id)
    body = words_of(told)
    assert body.count("There are replies in “The rain again”.") == 1
    assert str(newest.public_id) in body
    assert str(first.public_id) not in body


def test_a_thread_is_told_of_once(told, answer):
    following.set_thread_level(member=told, thread=answer.thread, level=Level.ALL)
    assert words_of(told).count("The rain again") == 1


def test_plain_lines_that_say_the_same_are_one_and_lead_to_the_page_that_tells_them_apart(reader, answer):
    other = factories.PostFactory(thread__author=reader)
    notice(reader, REPLIED_TO_YOU, other.pk, group_id=other.thread_id)
    digest = digest_of(reader)
    body = mail_of(digest).body
    assert body.count(ANSWERED) == 1
    assert f"{reverse('digest', args=[digest.public_id])}#news" in body


def test_more_than_fits_says_where_the_rest_is(reader):
    for _one in range(9):
        thread = factories.ThreadFactory()
        notice(reader, NEW_THREAD, thread.pk, group_id=None)
    digest = digest_of(reader)
    mail = mail_of(digest)
    assert "There is more on the site:" in mail.body
    (filled,) = digests.gather(reader, digest.since)
    assert len(filled.items) == filled.section.most == 7


# --- threads one follows ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda thread, me: ReadMark.objects.filter(thread=thread).update(last_read_number=2),
        lambda thread, me: following.set_thread_level(member=me, thread=thread, level=Level.REPLIES),
        lambda thread, me: following.set_thread_level(member=me, thread=thread, level=Level.MUTE),
        lambda thread, me: thread.posts.filter(number=2).update(author=me),
        lambda thread, me: thread.posts.filter(number=2).update(visibility="held"),
        lambda thread, me: factories.BlockFactory(blocker=me, blocked=thread.posts.get(number=2).author),
        lambda thread, me: factories.BlockFactory(blocker=thread.author, blocked=me),
        lambda thread, me: thread.posts.update(created_at=factories.now() - dt.timedelta(days=2)),
        lambda thread, me: Thread.objects.filter(pk=thread.pk).update(visibility=Visibility.HIDDEN),
    ],
    ids=[
        "read", "replies-only", "muted", "own-words", "held", "words-of-somebody-blocked", "blocked-by-its-author",
        "told-before", "hidden",
    ],
)  # fmt: skip
def test_a_followed_thread_without_news_is_left_out(reader, followed, meanwhile):
    assert FOLLOWED in words_of(reader)
    meanwhile(followed, reader)
    assert FOLLOWED not in words_of(reader)


def test_words_that_a_mail_told_of_are_left_out_of_followed_threads(reader, followed):
    post = followed.posts.get(number=2)
    mailed = notice(reader, NEW_REPLY, post.pk, group_id=followed.pk, in_digest=False)
    Delivery.objects.create(notice=mailed, channel="email", state="sent")
    assert words_of(reader) == ""
    factories.PostFactory(thread=followed)
    assert FOLLOWED in words_of(reader)


# --- somebody waits -----------------------------------------------------------------------------------------------


def _case(thread, **fields):
    case = factories.flag(thread.posts.get(number=1)).case
    Case.objects.filter(pk=case.pk).update(**fields)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda thread, me: factories.PostFactory(thread=thread),
        lambda thread, me: Thread.objects.filter(pk=thread.pk).update(board=factories.BoardFactory()),
        lambda thread, me: Thread.objects.filter(pk=thread.pk).update(support_type="ideas"),
        lambda thread, me: Thread.objects.filter(pk=thread.pk).update(visibility=Visibility.HELD),
        lambda thread, me: Thread.objects.filter(pk=thread.pk).update(no_reply_needed=True),
        lambda thread, me: Thread.objects.filter(pk=thread.pk).update(state="locked"),
        lambda thread, me: Thread.objects.filter(pk=thread.pk).update(author=me),
        lambda thread, me: factories.BlockFactory(blocker=me, blocked=thread.author),
        lambda thread, me: factories.BlockFactory(blocker=thread.author, blocked=me),
        lambda thread, me: ReadMark.objects.create(member=me, thread=thread, last_read_number=1),
        lambda thread, me: following.set_board_level(member=me, board=thread.board, level=Level.MUTE),
        lambda thread, me: _case(thread),
        lambda thread, me: _case(thread, priority=Priority.CRISIS, state="decided", decided_at=factories.now()),
        lambda thread, me: _case(factories.ThreadFactory(author=thread.author), priority=Priority.CRISIS),
        lambda thread, me: factories.SanctionFactory(member=me),
    ],
    ids=[
        "answered", "another-board", "another-wish", "held", "no-reply-needed", "locked", "own", "blocked",
        "blocked-by", "opened-before", "muted-board", "reported", "was-a-crisis", "author-in-a-crisis", "silenced",
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_moderator", [False, True])
def test_nobody_is_sent_where_their_words_would_not_help(reader, waiting, meanwhile, is_moderator):
    reader.is_moderator = is_moderator
    reader.save()
    assert WAITING in words_of(reader)
    meanwhile(waiting, reader)
    assert WAITING not in words_of(reader)


def test_a_thread_that_waited_before_the_last_digest_was_in_it(reader, waiting):
    Thread.objects.filter(pk=waiting.pk).update(created_at=factories.now() - dt.timedelta(days=2))
    assert WAITING not in words_of(reader)
    assert WAITING in words_of(reader, days=7)


def test_readers_are_led_to_different_threads(waiting, reader):
    threads = [waiting, *factories.ThreadFactory.create_batch(5, board=waiting.board)]
    earlier = factories.ThreadFactory(board=waiting.board)
    factories.PostFactory(thread=earlier)
    led_to = set()
    for helper in factories.MemberFactory.create_batch(6):
        factories.PostFactory(thread=earlier, author=helper)
        wants_digest(helper, content_in_mail=True)
        body = words_of(helper)
        led_to |= {thread.pk for thread in threads if str(thread.public_id) in body}
        assert body.count("waits for a first reply") == 2
    assert led_to == {thread.pk for thread in threads}


# --- what comes along ---------------------------------------------------------------------------------------------


def test_a_gathering_is_told_in_the_readers_own_time(told, answer, gathering):
    told.time_zone = "Asia/Tokyo"
    told.save()
    body = words_of(told)
    # Seven in the evening in London.
    assert ", 04:00, your time." in body or ", 03:00, your time." in body
    told.time_zone = ""
    told.save()
    assert ", 19:00, London time." in words_of(told)


def test_what_is_asked_once_for_all_tells_nobody_of_a_gathering_that_somebody_they_blocked_has_opened(
    reader, other_member, gathering
):
    """Its next one has another host, and the one who opened this one is no moderator any more."""
    assert gatherings.open_due(factories.now()) == 1
    former = gathering.host
    type(gathering).objects.update(host=factories.MemberFactory(is_staff=True))
    Member.objects.filter(pk=former.pk).update(is_moderator=False, is_staff=False)
    factories.BlockFactory(blocker=reader, blocked=former)
    (open_now,) = forum_digests.gatherings_for(other_member, 1)
    assert open_now.url
    (to_come,) = forum_digests.gatherings_for(reader, 1)
    assert not to_come.url


def test_a_gathering_on_a_board_that_the_reader_folds_is_left_out(told, answer, gathering):
    gathering.board.content_notes = [ContentNote.LOSS]
    gathering.board.save()
    assert "Tea at seven" in words_of(told)
    told.folded_notes = [ContentNote.LOSS]
    told.save()
    assert "Tea at seven" not in words_of(told)


@pytest.mark.parametrize("change", [{"review_by": dt.date(2020, 1, 1)}, {"review_by": None}, {"live": False}], ids=str)
def test_an_article_that_is_past_its_date_or_taken_away_is_not_recommended(told, answer, article, change):
    ArticlePage.objects.update(**change)
    assert "Something to read" not in words_of(told)


@pytest.mark.parametrize("every", [1, 7, 28])
def test_all_articles_come_by_before_one_comes_again_or_nearly(told, answer, every):
    author, reviewer = factories.CuratorFactory.create_batch(2)
    titles = [f"Article {number}" for number in range(7)]
    with library.unsearched():
        for title in titles:
            library.published(author=author, reviewer=reviewer, title=title)
    (section,) = [section for section in digests._sections.values() if section.key == "article"]
    start = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    shown = [section.items(told, start + dt.timedelta(days=every * day), 1)[0].line for day in range(9)]
    assert set(shown) == set(titles)


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_page_of_a_digest_tells_what_its_mail_did_not(reader, answer, followed, sign_in):
    page = soup(sign_in(reader).get(reverse("digest", args=[digest_of(reader).public_id])))
    links = {link.text: link["href"] for link in page.select("main section a")}
    assert links["Somebody replied in “The rain again”."] == reverse("notice", args=[Notice.objects.get().public_id])
    assert links["There are new words in “Small walks”."] == reverse("first_unread", args=[followed.public_id])
    assert page.title.text.startswith("Your digest")


def test_the_page_of_a_digest_that_was_read_says_so(reader, answer, sign_in):
    digest = digest_of(reader)
    ReadMark.objects.update(last_read_number=2)
    page = sign_in(reader).get(reverse("digest", args=[digest.public_id]))
    assert "Nothing of it is new any more" in page.content.decode()


def test_a_digest_is_its_members_alone(reader, answer, other_member, moderator, visitor, sign_in):
    address = reverse("digest", args=[digest_of(reader).public_id])
    assert sign_in(other_member).get(address).status_code == 404
    assert sign_in(moderator).get(address).status_code == 404
    assert visitor.get(address).status_code == 302


# --- asked once for all -------------------------------------------------------------------------------------------


def test_a_query_that_was_built_for_somebody_else_answers_as_if_it_was_built_for_this_reader(
    reader, answer, followed, waiting, moderator, other_member, newcomer
):
    Thread.objects.filter(pk=followed.pk).update(content_notes=[ContentNote.LOSS])
    factories.BlockFactory(blocker=newcomer, blocked=followed.author)
    newcomer.hidden_notes = [ContentNote.LOSS]
    newcomer.save()
    since = factories.now() - dt.timedelta(days=1)
    builds: list[tuple[asking.Build, dict[str, Any]]] = [
        (digest_news._untold, {"as_query": digest_news._as_query()}),
        (forum_digests._followed, {"limit": 6, "told_by": ("new_reply",)}),
        (forum_digests._waiting, {}),
    ]
    people = [reader, moderator, other_member, newcomer, followed.author, answer.author, waiting.author]
    for one in people:
        following.set_thread_level(member=one, thread=followed, level=Level.ALL)
    for build, constants in builds:
        expected = {one: list(build(digests.calm(one), since, **constants)) for one in people}
        found = {one: asking.ask(build, digests.calm(one), since, **constants) for one in people}
        assert found == expected
        assert any(expected.values())


def test_a_query_that_depends_on_more_of_a_reader_than_it_is_built_for_fails(reader):
    def by_name(reader, since):
        return Thread.objects.filter(author=reader, title=reader.username).values_list("pk")

    with pytest.raises(RuntimeError, match="ask the database nothing"):
        asking.ask(by_name, reader, factories.now())


def test_a_query_whose_rules_ask_the_database_before_it_is_written_fails_and_answers_nobody(reader, answer):
    """For everybody it would be the answer of somebody whom nobody has ever blocked."""
    factories.BlockFactory(blocker=reader, blocked=answer.author)

    def eagerly(reader, since):
        parted = list(Block.objects.ids_around(reader))
        return Post.objects.filter(thread__author=reader).exclude(author__in=parted).values_list("pk")

    for _again in range(2):
        with pytest.raises(RuntimeError, match="ask the database nothing"):
            asking.ask(eagerly, reader, factories.now())


def test_a_query_about_a_time_that_was_made_from_the_one_that_differs_fails(reader):
    def a_little_before(reader, since):
        return Thread.objects.filter(author=reader, created_at__gt=since - dt.timedelta(minutes=1)).values_list("pk")

    with pytest.raises(ValueError, match="cannot be asked"):
        asking.ask(a_little_before, reader, factories.now())


# --- parts --------------------------------------------------------------------------------------------------------


def test_a_part_of_the_digest_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        digests.register(next(iter(digests._sections.values())))
