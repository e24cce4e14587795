"""Going in three ways, coming back in time, and what is done for good."""

import dataclasses
import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import markdown
from forums.disguise import name_for
from forums.models import (
    BoardFollow,
    Bookmark,
    Draft,
    Post,
    PostRevision,
    Reaction,
    ReadMark,
    SearchEntry,
    Thread,
    ThreadFollow,
    Visibility,
)
from forums.services import posts, search, withdrawing
from members import leaving, names, tasks
from members.access import leaving as access
from members.models import Consent, KeywordFilter, Leaving, Member, Mute, TakenName
from members.services import leaving as services
from moderation.models import Case, CaseNote, Decision, Flag, Sanction, Shift
from moderation.services import reports
from notifications.models import Event, Notice, Wishes
from resources.models import Question, Remark, Saved
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, words
from tests.resources import asking, library

KEEP, WORDS, ALL = Leaving.Way.KEEP_WORDS, Leaving.Way.REMOVE_WORDS, Leaving.Way.REMOVE_ALL
DAY = dt.timedelta(days=1)
WAYS = [KEEP, WORDS, ALL]


def goes(member: Member, way: Leaving.Way = WORDS, **when: Any) -> Leaving:
    """Without its own transaction: a test is in one."""
    leave: Any = services.leave
    found: Leaving = leave.__wrapped__(member=member, way=way, **when)
    return found


def leaves(member: Member, way: Leaving.Way = WORDS, **when: Any) -> Leaving:
    found = goes(member, way, **when)
    assert services.go_on(leaving_id=found.pk)
    return found


def is_over(found: Leaving) -> bool:
    """The time to come back is over, and the worker does the rest."""
    found.refresh_from_db()
    return services.finish(leaving_id=found.pk, now=found.due_at + dt.timedelta(hours=1))


def gone(member: Member, way: Leaving.Way = WORDS) -> Leaving:
    found = leaves(member, way)
    assert is_over(found)
    found.refresh_from_db()
    member.refresh_from_db()
    return found


def proved(browser: Client) -> Client:
    assert browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD}).status_code == 302
    return browser


def says(thread, author, text, **more) -> Post:
    made: Post = factories.PostFactory(thread=thread, author=author, body=text, body_html=markdown.render(text), **more)
    return made


# --- the page


def test_the_page_says_what_happens_and_until_when(member, sign_in):
    page = proved(sign_in(member)).get(reverse("leaving"))
    assert page.status_code == 200
    assert {field["value"] for field in soup(page).find_all("input", attrs={"name": "way"})} == {"keep", "words", "all"}
    last = access.last_day_from(member, timezone.now())
    assert f"{last.day} {last:%B %Y}" in words(page)
    assert "Someone who left" in words(page)


def test_nobody_leaves_with_a_session_alone(member, sign_in):
    answer = sign_in(member).post(reverse("leaving"), {"way": "all", "sure": "on"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    member.refresh_from_db()
    assert member.leaves_at is None


@pytest.mark.parametrize("form", [{"way": "all"}, {"sure": "on"}, {"way": "nothing", "sure": "on"}, {}])
def test_a_form_that_is_not_whole_changes_nothing(member, sign_in, form):
    page = proved(sign_in(member)).post(reverse("leaving"), form)
    assert page.status_code == 422
    assert "Nothing was changed yet" in words(page)
    member.refresh_from_db()
    assert member.username == "alder"


def test_whoever_leaves_is_signed_out_everywhere_and_told_how_to_come_back(member, sign_in, worker):
    phone, browser = Client(), proved(sign_in(member))
    phone.post(reverse("account_login"), {"login": "alder", "password": factories.PASSWORD})
    assert phone.get(reverse("your_data")).status_code == 200
    with worker():
        answer = browser.post(reverse("leaving"), {"way": "words", "sure": "on"})
    assert answer["Location"] == reverse("left")
    assert browser.get(reverse("left")).status_code == 200
    assert browser.get(reverse("your_data")).status_code == 302
    assert phone.get(reverse("your_data")).status_code == 302
    assert Session.objects.filter(session_key=phone.session.session_key).count() == 0
    told = mail.outbox[-1]
    assert told.to == [member.email]
    assert "/stay/" in told.body
    assert "alder" not in told.body
    assert "alder" not in told.subject


def test_the_mail_leaves_once(member):
    found = leaves(member)
    assert services.tell(leaving_id=found.pk)
    assert not services.tell(leaving_id=found.pk)
    assert len(mail.outbox) == 1


# --- at once


def test_the_name_is_gone_from_every_page_at_once(member, other_member, scene, sign_in):
    reply = says(scene.thread, member, "Thank you.")
    leaves(member, KEEP)
    page = sign_in(other_member).get(scene.thread.get_absolute_url())
    assert "alder" not in page.text
    assert "Someone who left" in words(page)
    assert reply.body in words(page)
    assert str(member.public_id) not in page.text
    assert "~" not in words(page)


def test_words_that_are_to_go_are_hidden_at_once_and_answers_stay(member, other_member, scene, sign_in):
    leaves(member, WORDS)
    page = sign_in(other_member).get(scene.thread.get_absolute_url(), follow=True)
    assert "It has been a long week." not in page.text
    assert scene.thread.title not in page.text
    assert scene.reply.body in words(page)


def test_a_thread_that_nobody_answered_goes_with_its_opening(member, other_member, sign_in):
    thread = factories.ThreadFactory(author=member)
    leaves(member, WORDS)
    thread.refresh_from_db()
    assert thread.visibility == Visibility.WITHDRAWN
    assert thread.title not in ("", "A quiet thread")


def test_an_anonymous_thread_keeps_the_name_it_has(member, other_member, sign_in):
    thread = factories.ThreadFactory(author=member, disguise=7)
    before = sign_in(other_member).get(thread.get_absolute_url())
    leaves(member, KEEP)
    after = sign_in(other_member).get(thread.get_absolute_url())
    assert "Someone who left" not in words(after), "it would tie the thread to whoever left just then"
    assert soup(before).h1.get_text() == soup(after).h1.get_text()


def test_no_mail_but_that_about_leaving_reaches_them(member, other_member, scene, worker):
    leaves(member, KEEP)
    mail.outbox.clear()
    with worker():
        posts.post_reply(author=other_member, thread=scene.thread, body="Are you still there?")
    assert [message for message in mail.outbox if member.email in message.to] == []


def test_roles_end_at_once(member):
    Member.objects.filter(pk=member.pk).update(is_moderator=True, is_peer_supporter=True)
    factories.MemberFactory(is_staff=True, is_superuser=True)
    member.refresh_from_db()
    found = leaves(member, KEEP)
    services.undo(found=found)
    member.refresh_from_db()
    assert not member.is_moderator
    assert not member.is_peer_supporter


# --- in between


def test_they_sign_in_with_their_address_and_every_page_leads_to_the_way_back(member, sign_in):
    leaves(member)
    browser = Client()
    form = {"login": member.email, "password": factories.PASSWORD}
    answer = browser.post(reverse("account_login"), form, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("leaving")
    assert "You are leaving" in words(answer)
    for page in ("boards", "notices", "news_wishes", "home"):
        assert browser.get(reverse(page))["Location"] == reverse("leaving")
    assert browser.get(reverse("boards"), headers={"HX-Request": "true"}).headers["HX-Redirect"] == reverse("leaving")
    assert browser.get(reverse("your_data")).status_code == 200
    assert browser.get(reverse("help_now")).status_code == 200


def test_the_answer_to_an_appeal_can_be_read_on_the_way_out(member):
    """The page on which they thought about it says so."""
    leaves(member)
    browser = Client()
    browser.post(reverse("account_login"), {"login": member.email, "password": factories.PASSWORD})
    for page in ("decisions", "my_looks"):
        assert browser.get(reverse(page)).status_code == 200, page


def test_nobody_signs_in_by_the_name_that_is_gone(member):
    leaves(member)
    answer = Client().post(reverse("account_login"), {"login": "alder", "password": factories.PASSWORD})
    assert answer.status_code == 200


@pytest.mark.parametrize("way", WAYS)
def test_coming_back_brings_name_and_words_back(member, other_member, scene, sign_in, way):
    Consent.objects.create(member=member, kind="health", text_version="1")
    reply = says(scene.thread, member, "Thank you.")
    sign_in(other_member).get(scene.thread.get_absolute_url())
    before = sign_in(other_member).get(scene.thread.get_absolute_url())
    leaves(member, way)
    browser = sign_in(member)
    answer = browser.post(reverse("leaving_undo"))
    assert answer["Location"] == reverse("home")
    member.refresh_from_db()
    reply.refresh_from_db()
    assert (member.username, member.leaves_at) == ("alder", None)
    assert reply.visibility == Visibility.VISIBLE
    after = sign_in(other_member).get(scene.thread.get_absolute_url())
    assert soup(before).main.get_text() == soup(after).main.get_text()
    assert Consent.objects.get().withdrawn_at is None
    assert not TakenName.objects.exists()


def test_the_link_in_the_mail_brings_them_back_without_signing_in(member, visitor):
    found = leaves(member)
    services.tell(leaving_id=found.pk)
    link = re.search(r"https?://[^/\s]+(/stay/\S+)", str(mail.outbox[-1].body))
    assert link
    page = visitor.get(link[1])
    assert page.status_code == 200
    member.refresh_from_db()
    assert member.leaves_at is not None, "looking changes nothing"
    assert visitor.post(link[1]).status_code == 302
    member.refresh_from_db()
    assert member.username == "alder"
    assert visitor.get(link[1]).status_code == 410


def test_a_link_that_somebody_made_up_leads_nowhere(visitor, member):
    found = leaves(member)
    for token in ("x", found.public_id.hex, access.stay_url(found).split("/")[-2][:-1] + "x"):
        assert visitor.get(reverse("stay", args=[token])).status_code == 410
        assert visitor.post(reverse("stay", args=[token])).status_code == 410
    member.refresh_from_db()
    assert member.leaves_at is not None


def test_what_was_taken_back_before_stays_taken_back(member, scene):
    early = says(scene.thread, member, "Too much")
    withdrawing.withdraw(author=member, post=early)
    found = leaves(member, WORDS)
    services.undo(found=found)
    services.go_on(leaving_id=found.pk)
    early.refresh_from_db()
    scene.opening.refresh_from_db()
    assert early.visibility == Visibility.WITHDRAWN
    assert scene.opening.visibility == Visibility.VISIBLE


def test_what_waited_for_a_moderator_waits_again(member, scene):
    held = says(scene.thread, member, "Something grave", visibility=Visibility.HELD)
    case = factories.flag(held).case
    Case.objects.filter(pk=case.pk).update(folded_at=timezone.now())
    found = leaves(member, WORDS)
    services.undo(found=found)
    services.go_on(leaving_id=found.pk)
    held.refresh_from_db()
    assert held.visibility == Visibility.HELD


def test_words_that_were_hidden_are_not_erased_while_they_can_come_back(member, scene):
    leaves(member, WORDS)
    withdrawing.erase_withdrawn(before=timezone.now() + 10 * DAY)
    scene.opening.refresh_from_db()
    assert scene.opening.body != ""


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London", "America/New_York"])
def test_the_last_day_counts_whole_by_the_members_own_clock(member, zone):
    member.time_zone = zone
    member.save(update_fields=["time_zone"])
    asked = dt.datetime(2026, 3, 10, 23, 30, tzinfo=dt.UTC)
    found = leaves(member, KEEP, now=asked)
    there = zoneinfo.ZoneInfo(zone)
    last = asked.astimezone(there).date() + 21 * DAY
    late = dt.datetime.combine(last, dt.time(23, 59, 59), there)
    assert access.last_day(found) == last
    assert access.can_be_undone(found, late.astimezone(dt.UTC))
    assert services.finish(leaving_id=found.pk, now=late.astimezone(dt.UTC)) is False
    with pytest.raises(access.TooLateError):
        services.undo(found=found, now=late.astimezone(dt.UTC) + dt.timedelta(seconds=1))
    assert services.undo(found=found, now=late.astimezone(dt.UTC))


@pytest.mark.usefixtures("shared_database")
def test_coming_back_and_the_end_at_the_same_time_are_one_of_the_two():
    member = factories.MemberFactory(username="rowanberry")
    factories.ThreadFactory(author=member)
    found = services.leave(member=member, way=WORDS)
    due = timezone.now() - dt.timedelta(hours=1)
    Leaving.objects.filter(pk=found.pk).update(due_at=due)

    def comes_back() -> bool:
        return services.undo(found=found, now=due - dt.timedelta(minutes=1))

    def ends() -> bool:
        return services.finish(leaving_id=found.pk)

    def tried(verb: Callable[[], bool]) -> bool:
        try:
            return verb()
        except access.TooLateError:
            return False

    back, done = at_once(lambda: tried(comes_back), lambda: tried(ends))
    member.refresh_from_db()
    assert back != done
    assert member.is_active is back
    assert (member.username == "rowanberry") is back


@pytest.mark.usefixtures("shared_database")
def test_of_two_last_administrators_one_stays():
    both = [factories.MemberFactory(is_staff=True, is_superuser=True) for _n in range(2)]

    def tried(admin) -> bool:
        try:
            return bool(services.leave(member=admin, way=KEEP))
        except access.CannotLeaveError:
            return False

    assert sorted(at_once(*[lambda admin=admin: tried(admin) for admin in both])) == [False, True]
    assert Member.objects.filter(is_superuser=True, leaves_at=None).count() == 1


# --- hard cases


def test_the_only_administrator_is_told_why_they_cannot_go(admin, sign_in):
    browser = proved(sign_in(admin))
    page = browser.get(reverse("leaving"))
    assert "only administrator" in words(page)
    assert browser.post(reverse("leaving"), {"way": "keep", "sure": "on"}).status_code == 409
    admin.refresh_from_db()
    assert admin.username == "steward"


def test_the_only_curator_can_go_and_administrators_hear_of_it(curator, sign_in, worker):
    boss = factories.MemberFactory(is_staff=True, is_superuser=True)
    browser = proved(sign_in(curator))
    assert "only curator" in words(browser.get(reverse("leaving")))
    with worker():
        browser.post(reverse("leaving"), {"way": "keep", "sure": "on"})
    assert Notice.objects.filter(recipient=boss, event__kind="no_curator").count() == 1
    curator.refresh_from_db()
    assert not curator.is_curator
    assert not curator.groups.exists()


def test_a_curator_who_is_not_alone_goes_quietly(curator, worker):
    factories.CuratorFactory()
    with worker():
        leaves(curator, KEEP)
    assert not Event.objects.filter(kind="no_curator").exists()


def test_a_moderator_gives_back_what_they_held(moderator, scene):
    case = factories.claimed(factories.flag(scene.reply).case, by=moderator)
    Shift.objects.create(moderator=moderator)
    leaves(moderator, KEEP)
    case.refresh_from_db()
    assert case.claimed_by is None
    assert not Shift.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("kind", ["silenced", "suspended", "held_first"])
def test_a_limit_keeps_nobody_from_going(member, sign_in, kind):
    factories.SanctionFactory(member=member, kind=kind)
    member.suspended_until = timezone.now() + DAY if kind == "suspended" else None
    member.save(update_fields=["suspended_until"])
    browser = proved(sign_in(member))
    page = browser.get(reverse("leaving"))
    assert page.status_code == 200
    assert "A limit on your account" in words(page)
    assert browser.post(reverse("leaving"), {"way": "all", "sure": "on"})["Location"] == reverse("left")
    found = Leaving.objects.get()
    services.go_on(leaving_id=found.pk)
    assert is_over(found)
    assert Sanction.objects.filter(member=member).exists(), "what was decided stays"


def test_words_with_an_open_case_wait_for_the_decision_and_go_then(member, moderator, scene, sign_in):
    case = factories.flag(scene.opening).case
    browser = proved(sign_in(member))
    assert "Moderators are looking at something" in words(browser.get(reverse("leaving")))
    found = leaves(member, WORDS)
    assert not is_over(found)
    scene.opening.refresh_from_db()
    assert scene.opening.body != ""
    assert "alder" not in sign_in(moderator).get(reverse("case", args=[case.public_id])).text
    Case.objects.update(state=Case.State.DECIDED, decided_at=timezone.now(), claimed_by=None, lease_until=None)
    assert is_over(found)
    scene.opening.refresh_from_db()
    assert scene.opening.body == ""


def test_while_something_waits_nobody_can_come_back_to_an_empty_account(member, scene, visitor):
    factories.flag(scene.opening)
    found = leaves(member, WORDS)
    assert not is_over(found)
    found.refresh_from_db()
    found.member.refresh_from_db()
    assert not access.can_be_undone(found)
    with pytest.raises(access.TooLateError):
        services.undo(found=found)
    assert visitor.post(reverse("stay", args=[access.stay_url(found).split("/")[-2]])).status_code == 410
    member.refresh_from_db()
    assert not member.is_active


def test_decisions_stay_without_the_name(member, moderator, scene):
    case = factories.decided(factories.flag(scene.opening).case, by=moderator, rule=factories.RuleFactory())
    gone(member, ALL)
    decision = Decision.objects.get(case=case)
    assert decision.author_id == member.pk
    assert names.has_left(decision.author.username)


# --- for good


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_the_account_is_left(member, scene, sign_in, way):
    Member.objects.filter(pk=member.pk).update(
        about="I like rain", pronouns="they", country="GB", time_zone="Europe/Berlin", avatar_seed=5
    )
    factories.DraftFactory(member=member, thread=scene.thread)
    Bookmark.objects.create(member=member, post=scene.reply)
    Reaction.objects.create(member=member, post=scene.reply, kind="heard")
    ReadMark.objects.create(member=member, thread=scene.thread, last_read_number=2)
    BoardFollow.objects.create(member=member, board=scene.board, level="all")
    KeywordFilter.objects.create(member=member, phrase="Winter", folded="winter")
    Mute.objects.create(muter=member, muted=scene.reply.author)
    Wishes.objects.create(member=member)
    gone(member, way)
    for model in (Draft, Bookmark, Reaction, ReadMark, BoardFollow, ThreadFollow, KeywordFilter, Saved, Wishes):
        assert not model.objects.filter(member=member).exists(), model
    assert not Mute.objects.exists()
    assert not EmailAddress.objects.filter(user=member).exists()
    assert (member.email, member.about, member.pronouns, member.country, member.time_zone) == ("", "", "", "", "")
    assert (member.avatar_seed, member.last_login, member.seen_on, member.is_active) == (None, None, None, False)
    assert not member.has_usable_password()
    assert names.has_left(member.username)
    found = Leaving.objects.get()
    assert found.name_before == ""
    assert found.finished_at is not None


def test_the_name_is_nobodys_again(member, other_member):
    gone(member)
    assert TakenName.objects.filter(digest=names.digest("alder")).exists()
    assert names.digest("A1der") == names.digest("alder"), "nor is one that looks like it"
    assert not TakenName.objects.filter(digest__contains="alder").exists()


@pytest.mark.parametrize("way", [WORDS, ALL])
def test_words_are_erased_with_their_earlier_versions_and_what_search_has(member, scene, way):
    PostRevision.objects.create(
        post=scene.opening, version=1, title="Old title", body="A first try", is_public=True, written_at=timezone.now()
    )
    search.index_post(scene.opening)
    gone(member, way)
    scene.opening.refresh_from_db()
    scene.thread.refresh_from_db()
    assert (scene.opening.body, scene.opening.body_html) == ("", "")
    assert (scene.thread.title, scene.thread.title_before) == ("Taken back by its author", "")
    revision = PostRevision.objects.get()
    assert (revision.title, revision.body) == ("", "")
    assert not SearchEntry.objects.filter(post=scene.opening).exists()
    scene.reply.refresh_from_db()
    assert scene.reply.body != ""


def test_words_that_are_kept_stay_and_are_found(member, other_member, scene, sign_in):
    gone(member, KEEP)
    scene.opening.refresh_from_db()
    assert scene.opening.body == "It has been a long week."
    page = sign_in(other_member).get(scene.thread.get_absolute_url())
    assert "Someone who left" in words(page)
    assert "It has been a long week." in words(page)


def test_whoever_did_not_want_to_meet_them_does_not_meet_what_stays(member, scene, sign_in, blocked):
    gone(member, KEEP)
    assert sign_in(blocked).get(scene.thread.get_absolute_url()).status_code == 404


NAMED = (
    "Thank you, @Alder. And alder trees.\n\n> alder wrote:\n>\n> It has been a long week.\n\n"
    "I know. @alder-tree knows too."
)


@pytest.mark.parametrize("way", WAYS)
def test_the_name_goes_from_where_others_called_or_quoted_them(member, other_member, scene, sign_in, way):
    called = says(scene.thread, other_member, NAMED)
    PostRevision.objects.create(post=called, version=1, body=NAMED, is_public=True, written_at=timezone.now())
    draft = factories.DraftFactory(member=other_member, thread=scene.thread, body="@alder are you there?")
    title = factories.ThreadFactory(author=other_member, title="For @alder")
    gone(member, way)
    called.refresh_from_db()
    assert "@Alder" not in called.body
    assert "alder wrote:" not in called.body
    assert "someone who left wrote:" in called.body
    assert "And alder trees." in called.body, "the same word is not the name"
    assert "@alder-tree knows too." in called.body, "somebody else is called like that"
    assert called.body_html == markdown.render(called.body)
    assert PostRevision.objects.get(post=called).body == called.body
    draft.refresh_from_db()
    assert draft.body == "someone who left are you there?"
    title.refresh_from_db()
    assert title.title == "For someone who left"
    assert "alder" not in title.slug
    found = sign_in(other_member).get(reverse("search"), {"q": "@alder"})
    assert "@Alder" not in found.text


def test_what_others_quoted_goes_only_where_everything_goes(member, other_member, scene):
    quoted = says(scene.thread, other_member, NAMED)
    kept = says(scene.thread, other_member, "> birch wrote:\n>\n> It has been a long week.\n\nMe too.")
    gone(member, ALL)
    quoted.refresh_from_db()
    kept.refresh_from_db()
    assert "It has been a long week" not in quoted.body
    assert "(taken out)" in quoted.body
    assert "I know." in quoted.body
    assert "It has been a long week." in kept.body


def test_behind_a_disguise_what_was_quoted_goes_too(member, other_member):
    thread = factories.ThreadFactory(author=member, disguise=7)
    quoted = says(thread, other_member, f"> {name_for(7)} wrote:\n>\n> It has been a long week.\n\nYes.")
    gone(member, ALL)
    quoted.refresh_from_db()
    assert "It has been a long week" not in quoted.body
    assert "Yes." in quoted.body


def test_moderators_keep_what_they_need_without_the_name(member, other_member, moderator, scene):
    post = says(scene.thread, other_member, "Go away, @alder, you fool")
    flag = factories.flag(post)
    note = CaseNote.objects.create(case=flag.case, author=moderator, text="@alder asked for help before.")
    gone(member, WORDS)
    flag.refresh_from_db()
    note.refresh_from_db()
    assert "@alder" not in flag.snapshot
    assert "you fool" in flag.snapshot
    assert note.text == "someone who left asked for help before."


def test_a_report_about_the_member_loses_the_name(member, other_member, moderator):
    flag = reports.flag(reporter=other_member, subject=member, reason=Flag.Reason.ABUSE)
    Flag.objects.filter(pk=flag.pk).update(snapshot="alder\n\nthey")
    is_over(leaves(member, KEEP))
    flag.refresh_from_db()
    assert "alder" not in flag.snapshot


@pytest.mark.parametrize(("way", "left"), [(KEEP, 1), (WORDS, 1), (ALL, 0)])
def test_remarks_to_curators_lose_the_name_or_go(member, curator, way, left):
    with library.unsearched():
        page = library.draft(curator)
    Remark.objects.create(page=page, member=member, kind="correction", text="A year is wrong.")
    gone(member, way)
    assert Remark.objects.filter(member=None).count() == left
    assert not Remark.objects.filter(member=member).exists()


@pytest.mark.parametrize("way", WAYS)
def test_a_question_loses_its_author_and_its_words_where_they_go(member, way):
    question = asking.asked(member, title="May I ask?")
    found = leaves(member, way)
    question.refresh_from_db()
    assert (question.state == Question.State.WITHDRAWN) == (way != KEEP)
    assert is_over(found)
    question.refresh_from_db()
    assert question.author is None
    assert (question.body == "") == (way != KEEP)


def test_a_question_comes_back_where_it_was(member, curator):
    professional = asking.professional()
    question = asking.answered(member, curator, professional)
    held = asking.asked(member, title="Another one")
    found = leaves(member, WORDS)
    services.undo(found=found)
    services.go_on(leaving_id=found.pk)
    question.refresh_from_db()
    held.refresh_from_db()
    assert question.state == Question.State.ANSWERED
    assert held.state == Question.State.HELD


def test_a_professionals_badge_ends_and_their_answers_go_where_their_words_do(member, curator):
    professional = asking.professional()
    question = asking.answered(member, curator, professional)
    gone(professional.member, WORDS)
    professional.refresh_from_db()
    question.refresh_from_db()
    assert professional.ended_at is not None
    assert professional.registration_number == ""
    assert not question.answers.exclude(body="").exists()
    assert question.state == Question.State.OPEN


@pytest.mark.parametrize("fails_at", range(6))
def test_a_worker_that_dies_in_between_is_gone_on_from(member, other_member, scene, monkeypatch, fails_at):
    says(scene.thread, other_member, NAMED)
    found = leaves(member, ALL)
    parts = list(leaving.parts())
    if fails_at >= len(parts):
        pytest.skip("there are fewer parts")

    class DiedError(Exception):
        pass

    def dies(_leaving):
        raise DiedError

    broken = dataclasses.replace(parts[fails_at], finish=dies)
    with monkeypatch.context() as patch:
        patch.setitem(leaving._parts, broken.key, broken)
        with pytest.raises(DiedError):
            is_over(found)
    assert is_over(found)
    assert not is_over(found), "once is enough"
    assert "@Alder" not in Post.objects.get(thread=scene.thread, number=3).body


def test_hiding_goes_on_in_batches(member, scene, monkeypatch):
    monkeypatch.setattr(leaving, "AT_ONCE", 2)
    for n in range(5):
        says(scene.thread, member, f"Word {n}")
    found = goes(member)
    assert not services.go_on(leaving_id=found.pk, batches=1)
    standing = Post.objects.filter(author=member, visibility=Visibility.VISIBLE)
    assert standing.count() == 4
    assert services.go_on(leaving_id=found.pk)
    assert not standing.exists()


def test_the_worker_does_what_is_due(member, scene, worker):
    found = leaves(member, WORDS)
    Leaving.objects.update(due_at=timezone.now() - DAY)
    with worker():
        tasks.look_after_leavings()
    found.refresh_from_db()
    assert found.finished_at is not None


def test_the_worker_catches_up_on_what_was_not_hidden_and_not_mailed(member, scene, worker):
    goes(member)
    with worker():
        tasks.look_after_leavings()
    scene.opening.refresh_from_db()
    assert scene.opening.visibility == Visibility.WITHDRAWN
    assert len(mail.outbox) == 1


def test_the_database_lets_nobody_leave_twice_at_once(member):
    leaves(member)
    with pytest.raises(IntegrityError):
        Leaving.objects.create(member=member, way=KEEP, due_at=timezone.now())


def test_a_host_who_leaves_stops_the_gathering(moderator):
    gathering = factories.GatheringFactory(host=moderator)
    leaves(moderator, KEEP)
    gathering.refresh_from_db()
    assert not gathering.is_active


def test_threads_of_others_are_as_they_were(member, other_member, scene):
    thread = factories.ThreadFactory(author=other_member)
    gone(member, ALL)
    thread.refresh_from_db()
    assert Thread.objects.get(pk=thread.pk).title == thread.title
    assert Post.objects.get(thread=thread).body == "It has been a long week."
