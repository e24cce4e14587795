"""A thread posted without one's name: nothing that others can open ties it to the person, staff included (M1).

The author does everything that can be done in it; then others walk every address of the site.
"""

import dataclasses
import datetime as dt
from collections import deque
from types import SimpleNamespace
from urllib.parse import urldefrag, urlsplit
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from forums.disguise import name_for
from forums.models import Level, Post, Thread, ThreadFollow
from forums.news import NEW_REPLY
from forums.services import following
from moderation.models import AuditEntry, Case
from moderation.services import crisis, decisions, messages
from notifications.models import Channel, Choice, Notice
from tests import factories
from tests.pages import same_but_for_secrets, soup, titles, words
from tests.supportsite import stage as stages
from tests.supportsite.table import TABLE, address

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

NUMBER = 987654321
ELSEWHERE = ("/leave/", "/admin/", "/curate/", "/static/", "/accounts/", "/resources/", "/help-now/")
WHO = ("other", "follower", "moderator", "curator", "administrator", "visitor")
# What one's own account is, asks nothing of anybody's words.
ACCOUNTS = ("account_", "mfa_", "usersessions_")
ADDRESSES = [name for name in TABLE if not name.startswith(ACCOUNTS)]


@pytest.fixture
def author(db):
    return factories.MemberFactory(username="kestrelwing", pk=NUMBER)


def traces(author):
    return [author.username, author.email, str(author.public_id), author.public_id.hex, str(NUMBER)]


@pytest.fixture
def hidden(author, worker, sign_in, mailoutbox):
    """Everything that an author does in an anonymous thread, and everything that happens to them there."""
    stage = stages.build()
    other, follower = factories.MemberFactory(username="finchling"), factories.MemberFactory(username="reedbed")
    blocker = factories.BlockFactory(blocked=author).blocker
    people = {**stage.people, "other": other, "follower": follower, "blocker": blocker, "author": author}
    browser = sign_in(author)
    with worker():
        thread = begin(browser, stage.board, "The long corridor", "Nobody here knows that it is me.")
        elsewhere = begin(browser, stage.board, "Another corridor", "Nor here.")
        following.set_thread_level(member=follower, thread=thread, level=Level.ALL)
        Choice.objects.create(member=follower, kind=NEW_REPLY.key, channel=Channel.MAIL)
        for who in (other, blocker):
            write(sign_in(who), thread, f"I read this, says {who.username}. @reedbed, do you know it too?")
        write(browser, thread, "Thank you for reading, @finchling.")
        write(browser, thread, "And once more, to one of you.", reply_to=2)
        for post in thread.posts.filter(author=other):
            assert browser.post(reverse("react", args=[post.public_id]), {"give": "heard"}).status_code == 302
            assert browser.post(reverse("post_thank", args=[post.public_id]), {"on": "1"}).status_code == 302
        for who in (other, stage.people["moderator"]):
            keep(sign_in(who), thread)
        edit(browser, thread)
        browser.post(reverse("thread_care", args=[thread.public_id]), {"support_type": "ideas"})
        browser.post(reverse("thread_closing", args=[thread.public_id]))
        cases = [factories.flag(thread.posts.get(number=number), reporter=other).case for number in (1, 4)]
        decision = decide(stage.people["moderator"], elsewhere)
        appeal, message = answer_moderators(browser, stage.people["moderator"], decision, cases[0])
    stage = dataclasses.replace(
        stage,
        thread=thread,
        anonymous=thread,
        opening=thread.posts.get(number=1),
        reply=thread.posts.get(number=4),
        case=cases[0],
        decision=decision,
        appeal=appeal,
        message=message,
    )
    return SimpleNamespace(
        stage=stage, thread=thread, elsewhere=elsewhere, people=people, cases=cases, name=name_for(thread.disguise)
    )


def begin(browser, board, title, body):
    form = {"support_type": "listening", "title": title, "body": body, "anonymous": "on", "submission": uuid4()}
    assert browser.post(reverse("new_thread", args=[board.slug]), form).status_code == 302
    return Thread.objects.get(title=title)


def write(browser, thread, body, **more):
    form = {"body": body, "submission": uuid4()} | more
    assert browser.post(reverse("reply", args=[thread.public_id]), form).status_code == 302


def keep(browser, thread):
    """What readers do with the author's words."""
    post = thread.posts.get(number=1)
    browser.post(reverse("react", args=[post.public_id]), {"give": "me_too"})
    browser.post(reverse("post_bookmark", args=[post.public_id]), {"on": "1"})
    browser.post(reverse("reply", args=[thread.public_id]), {"body": "Begun and not posted.", "save": "1"})


def edit(browser, thread):
    """Some hours after they were posted, so that the change is public; and taken back, and put back again."""
    Post.objects.filter(thread=thread).update(created_at=factories.now() - dt.timedelta(hours=3))
    first, second = (thread.posts.get(number=number) for number in (1, 5))
    form = {"title": thread.title, "body": "Nobody here knows me.", "version": first.version}
    assert browser.post(reverse("post_edit", args=[first.public_id]), form).status_code == 302
    assert browser.post(reverse("post_withdraw", args=[second.public_id])).status_code == 302
    assert browser.post(reverse("post_put_back", args=[second.public_id])).status_code == 302


def decide(moderator, thread):
    case = factories.claimed(factories.flag(thread.posts.get(number=1)).case, by=moderator)
    decisions.decide(
        moderator=moderator,
        case=case,
        version=case.version,
        action="hide",
        rule=factories.RuleFactory(),
        reason="It named a place.",
    )
    factories.let_settle()
    return case.decisions.get()


def answer_moderators(browser, moderator, decision, case):
    """The author asks for another look at a decision, and answers what a moderator wrote to them."""
    asked = browser.post(reverse("appeal", args=[decision.public_id]), {"text": "It names no place."})
    assert asked.status_code == 302
    factories.claimed(case, by=moderator)
    case.refresh_from_db()
    crisis.start(moderator=moderator, case=case, version=case.version)
    message = messages.send(moderator=moderator, case=case, version=case.version, text="Are you safe?")
    assert browser.post(reverse("staff_message", args=[message.public_id]), {"text": "I am."}).status_code == 302
    message.refresh_from_db()
    return decision.appeal, message


def walk(browser, stage):
    """Every address of the site, and every link on its pages."""
    to_see, seen = deque(address(name, stage) for name in ADDRESSES), set()
    to_see.extend(reverse("search") + query for query in ("?q=corridor", "?q=reading", "?q=kestrelwing", "?q=finch"))
    while to_see:
        here = to_see.popleft()
        if here in seen:
            continue
        seen.add(here)
        page = browser.get(here)
        yield here, page
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        for link in soup(page).find_all("a", href=True):
            parts = urlsplit(urldefrag(link["href"]).url)
            path = parts._replace(path=parts.path or urlsplit(here).path).geturl()
            if not parts.netloc and not path.startswith(ELSEWHERE):
                to_see.append(path)


def knock(browser, stage):
    """Every address by POST, as an empty form. Nothing of it stays."""
    for name in ADDRESSES:
        before = transaction.savepoint_create()
        for headers in ({}, {"HX-Request": "true"}):
            yield f"POST {name}", browser.post(address(name, stage), headers=headers)
        transaction.savepoint_rollback(before)


def said(page):
    return f"{page.text if not page.streaming else ''} {dict(page.headers)} {page.cookies}"


def browser_for(who, hidden, sign_in, visitor):
    return visitor if who == "visitor" else sign_in(hidden.people[who])


@pytest.mark.thorough
@pytest.mark.parametrize("who", WHO)
def test_no_address_of_the_site_tells_who_wrote_it(hidden, author, sign_in, visitor, who):
    browser = browser_for(who, hidden, sign_in, visitor)
    browser.raise_request_exception = False
    # Searched for by name, people read the name that they typed.
    found = [trace for trace in traces(author) if trace != author.username]
    seen = set()
    for visited in (walk(browser, hidden.stage), knock(browser, hidden.stage)):
        for where, page in visited:
            assert page.status_code < 500, where
            for trace in found if "kestrelwing" in where else traces(author):
                assert trace not in said(page), f"{where} tells {who} {trace}"
            if page.status_code == 200:
                seen.add(where)
    if who != "visitor":
        assert hidden.thread.get_absolute_url() in seen
        assert len(seen) > 40


def test_searching_for_the_author_by_name_finds_nothing(hidden, sign_in):
    for who in ("other", "moderator"):
        page = sign_in(hidden.people[who]).get(reverse("search") + "?q=kestrelwing")
        assert "corridor" not in page.text


def test_no_mail_tells_who_wrote_it(hidden, author, mailoutbox):
    told = {to for mail in mailoutbox for to in mail.to}
    assert hidden.people["follower"].email in told
    for mail in mailoutbox:
        if mail.to != [author.email]:
            message = str(mail.message())
            assert not [trace for trace in traces(author) if trace in message], message


def test_the_log_ties_nobody_to_it(hidden, author):
    assert not AuditEntry.objects.filter(actor=author).exists()
    for entry in AuditEntry.objects.all():
        assert not [trace for trace in traces(author) if trace in str(entry.details)]


def test_the_author_is_one_person_in_the_thread_and_another_elsewhere(hidden, sign_in, author):
    page = sign_in(hidden.people["other"]).get(hidden.thread.get_absolute_url())
    names = {number: soup(page).find(id=f"post-{number}").find(class_="post-author").get_text() for number in (1, 4, 5)}
    assert set(names.values()) == {hidden.name}
    avatars = {soup(page).find(id=f"post-{n}").find(class_="avatar")["src"] for n in (1, 4, 5)}
    assert len(avatars) == 1
    assert name_for(hidden.elsewhere.disguise) != hidden.name
    # They read it themselves under the same name.
    own = sign_in(author).get(hidden.thread.get_absolute_url())
    assert soup(own).find(id="post-4").find(class_="post-author").get_text() == hidden.name


def test_an_author_has_another_name_in_each_of_many_threads(author, sign_in):
    board = factories.BoardFactory()
    browser = sign_in(author)
    used = {begin(browser, board, f"Corridor number {number}", "Here.").disguise for number in range(10)}
    assert len(used) == 10
    assert None not in used


def test_no_badge_narrows_it_down(sign_in, member, worker):
    keeper = factories.MemberFactory(is_moderator=True, is_curator=True)
    thread = factories.ThreadFactory(author=keeper, disguise=3)
    page = sign_in(member).get(thread.get_absolute_url())
    assert "badge-accent" not in page.text


# --- a block must not tell ----------------------------------------------------------------------------------


def pages_of(browser, hidden):
    """What a reader may compare from one day to the next."""
    addresses = [
        hidden.thread.get_absolute_url(),
        hidden.stage.board.get_absolute_url(),
        reverse("waiting"),
        reverse("search") + "?q=corridor",
        reverse("reply", args=[hidden.thread.public_id]) + "?to=4&quote=1",
        reverse("post_history", args=[hidden.thread.posts.get(number=1).public_id]),
        reverse("bookmarks"),
        reverse("notices"),
    ]
    return [same_but_for_secrets(browser.get(where)) for where in addresses]


@pytest.mark.parametrize("direction", ["the reader blocks", "the reader is blocked"])
def test_a_block_changes_nothing_about_an_anonymous_thread(hidden, author, sign_in, direction):
    reader = hidden.people["other"]
    waiting = factories.ThreadFactory(board=hidden.stage.board, author=author, disguise=4242, title="A third corridor")
    past = factories.now() - dt.timedelta(days=3)
    Thread.objects.update(created_at=past, last_post_at=past)
    Notice.objects.update(created_at=past)
    browser = sign_in(reader)
    pages_of(browser, hidden)
    before = pages_of(browser, hidden)
    assert waiting.title in before[2]
    # Reactions of the author on the reader's own words are among what stays.
    assert f"{hidden.name}" in before[0]
    pair = {"blocker": reader, "blocked": author}
    if direction == "the reader is blocked":
        pair = {"blocker": author, "blocked": reader}
    factories.BlockFactory(**pair)
    assert pages_of(browser, hidden) == before


def test_after_a_block_both_still_hear_of_the_thread_as_before(hidden, author, sign_in, worker, mailoutbox):
    follower = hidden.people["follower"]
    factories.BlockFactory(blocker=follower, blocked=author)
    # Having read the earlier ones.
    follower.notices.update(read_at=factories.now())
    mailoutbox.clear()
    with worker():
        write(sign_in(author), hidden.thread, "A few days later.")
    assert [follower.email] in [mail.to for mail in mailoutbox]
    assert "The long corridor" in words(sign_in(follower).get(reverse("notices")))


def test_under_their_own_name_the_same_two_do_not_meet(hidden, author, sign_in):
    named = factories.ThreadFactory(author=author, board=hidden.stage.board, title="With my name")
    assert sign_in(hidden.people["blocker"]).get(named.get_absolute_url()).status_code == 404
    assert named.title not in titles(sign_in(hidden.people["blocker"]).get(hidden.stage.board.get_absolute_url()))


# --- what moderators see --------------------------------------------------------------------------------------


def test_moderators_work_with_the_disguise(hidden, author, sign_in):
    browser = sign_in(hidden.people["moderator"])
    queue = words(browser.get(reverse("queue")))
    assert f"by {hidden.name}" in queue
    for case in hidden.cases:
        page = words(browser.get(reverse("case", args=[case.public_id])))
        assert f"written by {hidden.name}" in page
        assert "The author is anonymous here, to moderators as well." in page
        # What was decided about the other thread would say that both are by one person.
        assert "Earlier decisions" not in page
    door = reverse("thread_author", args=[hidden.thread.public_id])
    assert door in browser.get(reverse("case", args=[hidden.cases[0].public_id])).text


def test_decisions_about_the_same_thread_belong_together(hidden, sign_in):
    moderator = hidden.people["moderator"]
    decide_on = factories.flag(hidden.thread.posts.get(number=5)).case
    decisions.decide(
        moderator=moderator,
        case=factories.claimed(decide_on, by=moderator),
        version=decide_on.version,
        action="hide",
        rule=factories.RuleFactory(title="Be kind"),
        reason="It was unkind.",
    )
    factories.let_settle()
    page = words(sign_in(moderator).get(reverse("case", args=[hidden.cases[0].public_id])))
    assert "Earlier decisions" in page
    assert "Be kind" in page
    assert "It named a place." not in page


def test_beside_the_name_nothing_is_told_of_anonymous_threads(hidden, author, sign_in):
    moderator = hidden.people["moderator"]
    named = factories.flag(factories.PostFactory(author=author)).case
    page = words(sign_in(moderator).get(reverse("case", args=[named.public_id])))
    assert f"written by {author.username}" in page
    assert "Earlier decisions" not in page


def test_others_are_named_in_cases_about_their_replies(hidden, sign_in):
    case = factories.flag(hidden.thread.posts.get(number=2)).case
    page = sign_in(hidden.people["moderator"]).get(reverse("case", args=[case.public_id]))
    assert "written by finchling" in words(page)
    assert reverse("thread_author", args=[hidden.thread.public_id]) not in page.text


def test_an_author_who_asked_for_closing_stays_unknown(hidden, sign_in, author):
    case = Case.objects.get(signals__kind="closing-asked")
    page = sign_in(hidden.people["moderator"]).get(reverse("case", args=[case.public_id]))
    assert "Its author asked for this thread to be closed" in words(page)
    assert author.username not in page.text


def test_where_the_words_are_gone_nobody_is_named(author, sign_in, moderator):
    factories.flag(factories.ThreadFactory(author=author, disguise=5).posts.get())
    Case.objects.update(subject_id=10**9)
    browser = sign_in(moderator)
    for where in (reverse("queue"), reverse("case", args=[Case.objects.get().public_id])):
        assert author.username not in browser.get(where).text


# --- the door -------------------------------------------------------------------------------------------------


@pytest.fixture
def door(author):
    thread = factories.ThreadFactory(author=author, disguise=77, title="The long corridor")
    return reverse("thread_author", args=[thread.public_id])


def test_a_name_is_shown_once_for_a_reason_that_goes_to_the_log(sign_in, moderator, author, door):
    browser = sign_in(moderator)
    asked = browser.get(door)
    assert author.username not in asked.text
    assert "only with a reason" in words(asked)
    answer = browser.post(door, {"reason": "They wrote that they are in danger tonight."})
    assert author.username in words(answer)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.get()
    opening = Post.objects.get(thread__title="The long corridor")
    assert (entry.actor, entry.verb, entry.subject_kind, entry.subject_id) == (
        moderator,
        "see-author",
        "post",
        opening.pk,
    )
    assert entry.details["reason"] == "They wrote that they are in danger tonight."
    assert author.username not in str(entry.details)
    assert author.username not in browser.get(door).text


def test_every_look_is_logged(sign_in, moderator, door):
    for _ in range(2):
        sign_in(moderator).post(door, {"reason": "Again."})
    assert AuditEntry.objects.filter(verb="see-author").count() == 2


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_without_a_reason_the_name_stays_hidden(sign_in, moderator, author, door, reason):
    page = sign_in(moderator).post(door, {"reason": reason})
    assert page.status_code == 422
    assert author.username not in page.text
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("who", ["member", "curator", "author"])
def test_the_door_is_not_there_for_others(request, sign_in, door, who):
    browser = sign_in(request.getfixturevalue(who))
    assert browser.get(door).status_code == 404
    assert browser.post(door, {"reason": "Curious."}).status_code == 404
    assert not AuditEntry.objects.exists()


def test_there_is_no_door_where_nobody_is_disguised(sign_in, moderator, scene):
    door = reverse("thread_author", args=[scene.thread.public_id])
    assert sign_in(moderator).get(door).status_code == 404
    assert sign_in(moderator).post(door, {"reason": "Curious."}).status_code == 404


def test_a_reason_survives_the_end_of_the_session_and_nothing_is_shown_before_it_is_sent_again(
    visitor, moderator, author, door
):
    visitor.post(door, {"reason": "They asked me to write to them."})
    visitor.force_login(moderator)
    page = visitor.get(door)
    assert "They asked me to write to them." in page.text
    assert author.username not in page.text
    assert not AuditEntry.objects.exists()


def test_the_log_and_the_administration_pages_tie_nobody_to_it(hidden, author, admin, sign_in):
    assert sign_in(admin).get("/admin/moderation/auditentry/").status_code == 404
    page = sign_in(admin).get("/moderation/log/")
    assert page.status_code == 200
    assert author.username not in page.text
    assert sign_in(admin).get("/admin/forums/thread/").status_code == 404


def test_a_follow_is_nobody_elses_business(hidden, author):
    assert ThreadFollow.objects.filter(member=author, thread=hidden.thread).exists()
