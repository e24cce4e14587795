"""What an author can change about their thread, and what moderators can. Who is told, and what the log keeps."""

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from forums import access
from forums.models import Post, Reaction, Thread
from forums.services import threads
from moderation.models import AuditEntry, Case, Decision
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, titles, value_of, words


def fresh(thread):
    return Thread.objects.get(pk=thread.pk)


def care(thread):
    return reverse("thread_care", args=[thread.public_id])


def closing(thread):
    return reverse("thread_closing", args=[thread.public_id])


@pytest.fixture
def moderate(sign_in, moderator):
    """Send one form of the moderators' page, filled in as the page shows it but for what the test changes."""

    def send(thread, do, who=None, **changes):
        browser = sign_in(who or moderator)
        address = reverse("thread_moderate", args=[thread.public_id])
        page = browser.get(address)
        form = soup(page).find(id=f"do-{do}").find("form")
        filled: dict[str, Any] = {}
        for field in form.find_all(["input", "textarea", "select"]):
            name, kind = field.get("name"), field.get("type")
            if kind in ("radio", "checkbox") and not field.has_attr("checked"):
                continue
            if field.name == "select":
                chosen = field.find("option", selected=True)
                filled[name] = chosen["value"] if chosen else ""
            elif kind == "checkbox":
                filled.setdefault(name, []).append(field["value"])
            else:
                filled[name] = field.text if field.name == "textarea" else field.get("value", "")
        filled[f"{do}-reason"] = "It had grown too fast to follow."
        return browser.post(address, filled | {f"{do}-{name}": value for name, value in changes.items()})

    return send


# --- the author -----------------------------------------------------------------------------------------------


def request_form(**changes):
    return {"support_type": "ideas", "content_notes": ["loss"], "no_reply_needed": "on"} | changes


def test_an_author_changes_what_they_asked_for(sign_in, member, scene):
    browser = sign_in(member)
    assert "Change what you asked for" in words(browser.get(scene.thread.get_absolute_url()))
    answer = browser.post(care(scene.thread), request_form(), follow=True)
    assert "Saved." in words(answer)
    for said in ("Ideas welcome", "Loss"):
        assert said in words(answer)
    thread = fresh(scene.thread)
    assert (thread.support_type, thread.content_notes, thread.no_reply_needed) == ("ideas", ["loss"], True)
    assert value_of(browser.get(care(thread)), "content_notes") == ["loss"]
    assert not AuditEntry.objects.exists()


def test_a_thread_that_needs_no_reply_any_more_stops_waiting(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member)
    assert titles(sign_in(other_member).get(reverse("waiting"))) == [thread.title]
    sign_in(member).post(care(thread), request_form(content_notes=[]))
    assert titles(sign_in(other_member).get(reverse("waiting"))) == []


@pytest.mark.parametrize("who", ["other_member", "moderator", "curator"])
def test_nobody_else_changes_it(request, sign_in, scene, who):
    browser = sign_in(request.getfixturevalue(who))
    assert "Change what you asked for" not in words(browser.get(scene.thread.get_absolute_url()))
    assert browser.get(care(scene.thread)).status_code == 403
    assert browser.post(care(scene.thread), request_form()).status_code == 403
    assert browser.post(closing(scene.thread)).status_code == 403
    thread = fresh(scene.thread)
    assert (thread.support_type, thread.closing_asked_at) == ("listening", None)


def test_who_does_not_see_the_thread_does_not_see_its_pages(sign_in, visitor, blocked, scene):
    for address in (care(scene.thread), closing(scene.thread)):
        assert sign_in(blocked).post(address).status_code == 404
        assert visitor.post(address).headers["Location"].startswith("/accounts/login/")


def test_a_form_with_a_mistake_keeps_what_was_chosen(sign_in, member, scene):
    page = sign_in(member).post(care(scene.thread), request_form(support_type="applause"))
    assert page.status_code == 422
    assert value_of(page, "content_notes") == ["loss"]
    assert fresh(scene.thread).content_notes == []


def test_what_was_chosen_survives_the_end_of_the_session(visitor, member, scene):
    answer = visitor.post(care(scene.thread), request_form())
    assert answer.headers["Location"].startswith("/accounts/login/")
    visitor.force_login(member)
    page = visitor.get(care(scene.thread))
    assert value_of(page, "support_type") == ["ideas"]
    assert value_of(page, "content_notes") == ["loss"]
    assert fresh(scene.thread).support_type == "listening"


# --- asking for it to be closed


def test_asking_to_close_comes_to_the_moderators_one_queue(sign_in, member, moderator, scene):
    page = sign_in(member).post(closing(scene.thread), follow=True)
    assert "Moderators know now." in words(page)
    assert "You asked for this thread to be closed." in words(page)
    case = Case.objects.get()
    assert (case.subject_id, case.priority, case.author) == (scene.opening.pk, 4, member)
    queue = words(sign_in(moderator).get(reverse("queue")))
    assert "Its author asks to close it" in queue
    assert "Noticed by screening" not in queue
    seen = words(sign_in(moderator).get(reverse("case", args=[case.public_id])))
    assert "Its author asked for this thread to be closed to new replies." in seen
    assert "Its author asks for this thread to be closed." in words(
        sign_in(moderator).get(scene.thread.get_absolute_url())
    )


def test_asking_twice_is_asking_once(sign_in, member, scene):
    browser = sign_in(member)
    browser.post(closing(scene.thread))
    page = browser.post(closing(scene.thread), follow=True)
    assert "You have asked already" in words(page)
    case = Case.objects.get()
    assert (case.version, case.signals.count()) == (1, 1)


def test_of_two_clicks_at_the_same_instant_one_asks(shared_database):
    thread = factories.ThreadFactory()
    ask = partial(threads.ask_to_close, author=thread.author, thread=thread)
    assert sorted(at_once(ask, ask, ask)) == [False, False, True]
    assert Case.objects.get().signals.count() == 1


def test_asking_joins_the_case_that_is_open_already(sign_in, member, scene):
    case = factories.flag(scene.opening).case
    sign_in(member).post(closing(scene.thread))
    joined = Case.objects.get()
    assert (joined.pk, joined.version, joined.priority) == (case.pk, case.version + 1, case.priority)


def test_what_was_asked_can_be_taken_back(sign_in, member, moderator, scene):
    browser = sign_in(member)
    browser.post(closing(scene.thread))
    page = browser.post(closing(scene.thread), {"take_back": "1"}, follow=True)
    assert "Your thread stays open." in words(page)
    assert fresh(scene.thread).closing_asked_at is None
    case = factories.claimed(Case.objects.get(), by=moderator)
    form = {"action": "close-as-asked", "version": case.version}
    assert sign_in(moderator).post(reverse("decide", args=[case.public_id]), form).status_code == 422
    assert fresh(scene.thread).state == "open"


def decide(sign_in, moderator, action):
    case = factories.claimed(Case.objects.get(), by=moderator)
    form = {"action": action, "version": case.version}
    answer = sign_in(moderator).post(reverse("decide", args=[case.public_id]), form)
    assert answer.status_code == 302, words(answer)
    factories.let_settle()


def test_a_moderator_closes_it_as_asked_and_nothing_is_held_against_the_author(
    worker, sign_in, member, moderator, scene, mailoutbox
):
    sign_in(member).post(closing(scene.thread))
    with worker():
        decide(sign_in, moderator, "close-as-asked")
    thread = fresh(scene.thread)
    assert (thread.state, thread.closing_asked_at) == ("locked", None)
    news = sign_in(member).get(reverse("notices"))
    assert "is closed to new replies, as you asked." in words(news)
    assert "A moderator made a decision" not in words(news)
    assert mailoutbox == []
    page = words(sign_in(member).get(care(thread)))
    assert "Your thread is closed to new replies." in page
    assert "as the author asked" in page


def test_a_thread_that_is_left_open_can_be_asked_for_again(worker, sign_in, member, moderator, scene):
    browser = sign_in(member)
    browser.post(closing(scene.thread))
    with worker():
        decide(sign_in, moderator, "approve")
    assert fresh(scene.thread).state == "open"
    assert "left it open for now" in words(browser.get(reverse("notices")))
    assert "Moderators know now." in words(browser.post(closing(scene.thread), follow=True))
    assert Case.objects.filter(state="open").count() == 1


def test_nobody_asks_to_close_what_is_closed(sign_in, member):
    thread = factories.ThreadFactory(author=member, state=Thread.State.LOCKED)
    page = sign_in(member).post(closing(thread), follow=True)
    assert "the thread is closed" in words(page)
    assert not Case.objects.exists()


def test_a_script_cannot_fill_the_queue_with_wishes(sign_in, member, scene):
    browser = sign_in(member)
    for _ in range(12):
        page = browser.post(closing(scene.thread), follow=True)
        browser.post(closing(scene.thread), {"take_back": "1"})
    assert "You asked several times this hour." in words(page)


# --- moderators -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["member", "other_member", "curator", "silenced"])
def test_the_moderators_page_is_not_there_for_others(request, sign_in, scene, who):
    browser = sign_in(request.getfixturevalue(who))
    address = reverse("thread_moderate", args=[scene.thread.public_id])
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"do": "state", "state-state": "locked"}).status_code == 404
    assert address not in browser.get(scene.thread.get_absolute_url()).text
    assert fresh(scene.thread).state == "open"


def test_the_page_is_a_few_questions_whatever_the_thread_holds(sign_in, moderator, scene, django_assert_num_queries):
    browser = sign_in(moderator)
    address = reverse("thread_moderate", args=[scene.thread.public_id])
    # who it is; thread, boards, opening post (2), log, cases
    with django_assert_num_queries(7):
        browser.get(address)
    factories.PostFactory.create_batch(30, thread=scene.thread)
    with django_assert_num_queries(7):
        browser.get(address)


# What restricts somebody else's thread.
RESTRICTING = [
    ("state", {"state": "locked"}),
    ("state", {"state": "archived"}),
    ("state", {"state": "slow", "slow_minutes": "30"}),
    ("move", {}),
]


@pytest.fixture
def restrict(moderate, sign_in, moderator, scene):
    """Try to; the page that comes of it, with its status."""

    def attempt(do, changes, who=moderator):
        other = {"board": str(factories.BoardFactory().pk)} if do == "move" else {}
        before = Thread.objects.values("state", "slow_minutes", "board").get(pk=scene.thread.pk)
        answer = moderate(scene.thread, do, who, **changes, **other)
        changed = Thread.objects.values("state", "slow_minutes", "board").get(pk=scene.thread.pk) != before
        assert changed is (answer.status_code == 302)
        return answer

    return attempt


def leads_to(page, case):
    return bool(soup(page).select(f'main a[href="{reverse("case", args=[case.public_id])}"]'))


@pytest.mark.parametrize(("do", "changes"), RESTRICTING)
def test_while_there_is_a_case_a_thread_is_restricted_there(
    sign_in, restrict, moderator, other_moderator, scene, do, changes
):
    case = factories.flag(scene.opening).case
    address = reverse("thread_moderate", args=[scene.thread.public_id])
    assert leads_to(sign_in(moderator).get(address), case)
    refused = restrict(do, changes)
    assert refused.status_code == 409
    assert "What restricts it is decided there, with a rule and a way to appeal. Nothing was changed." in words(refused)
    assert "It had grown too fast to follow." in refused.text
    assert leads_to(refused, case)
    factories.decided(case, by=other_moderator, rule=None, action="approve")
    assert not leads_to(sign_in(moderator).get(address), case)
    assert restrict(do, changes).status_code == 302


def test_a_case_about_a_reply_takes_no_light_hand_away(restrict, scene):
    factories.flag(scene.reply)
    assert restrict(*RESTRICTING[0]).status_code == 302


@pytest.mark.parametrize(("do", "changes"), RESTRICTING)
def test_what_an_appeal_changed_is_not_done_again_without_a_case(
    restrict, moderator, other_moderator, scene, do, changes
):
    case = factories.decided(
        factories.flag(scene.opening).case, by=moderator, rule=factories.RuleFactory(), action="warn"
    )
    factories.withdrawn(Decision.objects.get(), by=other_moderator)
    refused = restrict(do, changes)
    assert refused.status_code == 409
    assert "To restrict it again takes a case of its own" in words(refused)
    assert leads_to(refused, case)


@pytest.mark.parametrize(("do", "changes"), RESTRICTING)
def test_who_reported_a_thread_leaves_it_to_colleagues_if_there_are_any(
    restrict, moderator, other_moderator, scene, do, changes
):
    case = factories.flag(scene.opening, reporter=moderator).case
    factories.decided(case, by=other_moderator, rule=None, action="approve")
    refused = restrict(do, changes)
    assert refused.status_code == 409
    assert "You reported this, so a colleague decides what restricts it." in words(refused)
    type(moderator).objects.filter(pk=other_moderator.pk).update(is_moderator=False)
    assert restrict(do, changes).status_code == 302


def test_other_care_and_what_loosens_stay_on_the_page(moderate, scene):
    Thread.objects.filter(pk=scene.thread.pk).update(state="locked")
    factories.flag(scene.opening)
    assert moderate(scene.thread, "state", state="open").status_code == 302
    assert moderate(scene.thread, "request", support_type="ideas").status_code == 302
    assert moderate(scene.thread, "pin", until=timezone.localdate().isoformat()).status_code == 302


def test_what_its_author_asks_for_is_done_with_a_light_hand(moderate, sign_in, member, scene):
    sign_in(member).post(closing(scene.thread))
    assert Case.objects.filter(state="open").exists()
    assert moderate(scene.thread, "state", state="locked").status_code == 302


def test_nobody_learns_from_the_page_of_a_case_about_themselves(moderate, sign_in, moderator):
    own = factories.ThreadFactory(author=moderator)
    case = factories.flag(own.posts.get()).case
    page = sign_in(moderator).get(reverse("thread_moderate", args=[own.public_id]))
    assert not leads_to(page, case)
    assert moderate(own, "state", state="locked").status_code == 302


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("locked", "is closed to new replies."),
        ("archived", "is archived."),
        ("slow", "is in slow mode"),
    ],
)
def test_a_changed_state_is_logged_and_told_with_its_reason(
    worker, moderate, sign_in, member, moderator, scene, mailoutbox, state, sentence
):
    with worker():
        answer = moderate(scene.thread, "state", state=state, slow_minutes="15")
    assert answer.headers["Location"] == scene.thread.get_absolute_url()
    assert fresh(scene.thread).state == state
    entry = AuditEntry.objects.get(verb__startswith="thread:")
    assert (entry.actor, entry.subject_id) == (moderator, scene.opening.pk)
    assert entry.details["thread"] == scene.thread.pk
    told = words(sign_in(member).get(reverse("notices")))
    assert sentence in told
    assert "It had grown too fast to follow." in told
    assert moderator.username not in told
    assert mailoutbox == []


def test_the_news_leads_to_what_was_done_and_why(worker, moderate, sign_in, member, moderator, scene):
    with worker():
        moderate(scene.thread, "state", state="locked")
    notice = member.notices.get()
    page = sign_in(member).get(reverse("notice", args=[notice.public_id]), follow=True)
    assert page.request["PATH_INFO"] == care(scene.thread)
    for said in (
        "Closed to new replies",
        "It had grown too fast to follow.",
        "Somebody else than the person who decided",
    ):
        assert said in words(page)
    assert moderator.username not in page.text


def test_colleagues_read_who_did_what_and_why(moderate, sign_in, other_moderator, scene):
    moderate(scene.thread, "state", state="locked")
    page = words(sign_in(other_moderator).get(reverse("thread_moderate", args=[scene.thread.public_id])))
    for said in ("Closed to new replies", "keeper", "It had grown too fast to follow."):
        assert said in page


def test_a_moderator_is_not_told_of_what_they_did_themselves(worker, moderate, moderator):
    thread = factories.ThreadFactory(author=moderator)
    with worker():
        moderate(thread, "state", state="locked")
    assert not moderator.notices.exists()


@pytest.mark.parametrize("minutes", ["", "0", "-5", "1441", "soon"])
def test_slow_mode_needs_minutes_of_a_day(moderate, scene, minutes):
    page = moderate(scene.thread, "state", state="slow", slow_minutes=minutes)
    assert page.status_code == 422
    assert value_of(page, "state-slow_minutes") == minutes
    assert value_of(page, "state-reason") == "It had grown too fast to follow."
    assert soup(page).find(id="do-state").has_attr("open")
    assert fresh(scene.thread).state == "open"


def test_slow_mode_asks_people_to_wait_between_two_replies(moderate, sign_in, other_member, member, scene):
    moderate(scene.thread, "state", state="slow", slow_minutes="15")
    assert "15 minutes between two replies" in words(sign_in(member).get(scene.thread.get_absolute_url()))
    page = sign_in(other_member).post(reverse("reply", args=[scene.thread.public_id]), {"body": "And another thing."})
    assert page.status_code == 409
    assert value_of(page, "body") == "And another thing."


@pytest.mark.parametrize("do", ["state", "request", "pin", "move", "merge", "split"])
def test_nothing_is_done_without_a_reason(moderate, scene, do):
    page = moderate(scene.thread, do, reason=" ")
    assert page.status_code == 422
    assert not AuditEntry.objects.exists()


def test_an_unknown_deed_does_nothing(sign_in, moderator, scene):
    address = reverse("thread_moderate", args=[scene.thread.public_id])
    assert sign_in(moderator).post(address, {"do": "burn"}).status_code == 422
    assert sign_in(moderator).post(address).status_code == 422


def test_nobody_replies_or_reacts_in_an_archived_thread(moderate, sign_in, other_member, member):
    thread = factories.ThreadFactory(author=member)
    moderate(thread, "state", state="archived")
    opening = thread.posts.get()
    browser = sign_in(other_member)
    assert browser.post(reverse("reply", args=[thread.public_id]), {"body": "Late."}).status_code == 409
    browser.post(reverse("react", args=[opening.public_id]), {"give": "heard"})
    assert not Reaction.objects.exists()
    page = browser.get(thread.get_absolute_url())
    assert not soup(page).find(class_="reaction")
    assert "Archived" in words(page)
    assert titles(browser.get(reverse("waiting"))) == []


def test_what_was_felt_before_stays_on_an_archived_thread(moderate, sign_in, other_member, scene):
    Reaction.objects.create(post=scene.opening, member=other_member, kind="heard")
    moderate(scene.thread, "state", state="archived")
    sign_in(other_member).post(reverse("react", args=[scene.opening.public_id]), {"take": "heard"})
    assert Reaction.objects.count() == 1


def test_a_closed_thread_is_opened_again(worker, moderate, sign_in, member, scene):
    moderate(scene.thread, "state", state="locked")
    with worker():
        moderate(scene.thread, "state", state="open")
    assert "is open for replies again." in words(sign_in(member).get(reverse("notices")))
    sign_in(member).post(reverse("reply", args=[scene.thread.public_id]), {"body": "Thank you."})
    assert Post.objects.filter(body="Thank you.").exists()


def test_the_same_state_twice_is_done_and_told_once(moderate, scene):
    moderate(scene.thread, "state", state="locked")
    moderate(scene.thread, "state", state="locked")
    assert AuditEntry.objects.count() == 1


def test_closing_settles_what_the_author_asked_for(moderate, sign_in, member, scene):
    sign_in(member).post(closing(scene.thread))
    moderate(scene.thread, "state", state="locked")
    assert fresh(scene.thread).closing_asked_at is None


def test_a_page_from_before_a_colleagues_change_overwrites_nothing(
    moderate, sign_in, moderator, other_moderator, scene
):
    before = access.thread_version(scene.thread)
    moderate(scene.thread, "state", state="locked", who=other_moderator)
    page = moderate(scene.thread, "state", state="slow", slow_minutes="5", version=before)
    assert page.status_code == 409
    assert "Somebody changed this thread meanwhile." in words(page)
    assert value_of(page, "state-reason") == "It had grown too fast to follow."
    assert fresh(scene.thread).state == "locked"
    # The second look is at the thread as it is now.
    assert value_of(page, "state-version") == access.thread_version(fresh(scene.thread))


def test_of_two_moderators_at_the_same_instant_one_is_heard(shared_database):
    thread = factories.ThreadFactory()
    version = access.thread_version(fresh(thread))
    keepers = factories.MemberFactory.create_batch(2, is_moderator=True)

    def change(keeper, state):
        try:
            return threads.set_state(
                actor=keeper, thread=thread, state=state, reason="Now.", version=version, slow_minutes=5
            )
        except access.CannotChangeError:
            return None

    heard = at_once(partial(change, keepers[0], Thread.State.LOCKED), partial(change, keepers[1], Thread.State.SLOW))
    assert sorted(map(bool, heard)) == [False, True]
    assert AuditEntry.objects.count() == 1


def test_services_ask_themselves_who_moderates(member, scene):
    with pytest.raises(PermissionDenied):
        threads.set_state(actor=member, thread=scene.thread, state=Thread.State.LOCKED, reason="x", version="x")
    with pytest.raises(PermissionDenied):
        threads.see_author(actor=member, thread=scene.thread, reason="x")
    with pytest.raises(PermissionDenied):
        threads.ask_to_close(author=scene.reply.author, thread=scene.thread)


def test_a_moderators_words_survive_the_end_of_their_session(visitor, moderator, scene):
    address = reverse("thread_moderate", args=[scene.thread.public_id])
    visitor.post(address, {"do": "state", "state-state": "locked", "state-reason": "A long evening."})
    visitor.force_login(moderator)
    page = visitor.get(address)
    assert value_of(page, "state-reason") == "A long evening."
    assert value_of(page, "state-state") == ["locked"]
    assert fresh(scene.thread).state == "open"


# --- pins


def test_a_pin_ends_by_itself(moderate, sign_in, member, scene):
    day = timezone.localdate() + dt.timedelta(days=7)
    moderate(scene.thread, "pin", until=day.isoformat())
    thread = fresh(scene.thread)
    assert timezone.localtime(thread.pinned_until).date() == day
    board = scene.board.get_absolute_url()
    assert "Pinned" in words(sign_in(member).get(board))
    Thread.objects.update(pinned_until=factories.now() - dt.timedelta(seconds=1))
    assert "Pinned" not in words(sign_in(member).get(board))


def test_a_pin_is_taken_away(moderate, scene):
    Thread.objects.update(pinned_until=factories.now() + dt.timedelta(days=7))
    moderate(scene.thread, "pin", until="")
    assert fresh(scene.thread).pinned_until is None
    assert AuditEntry.objects.get().verb == "thread:unpin"


@pytest.mark.parametrize("days", [-1, 91, 4000])
def test_a_pin_has_an_end_within_ninety_days(moderate, scene, days):
    day = timezone.localdate() + dt.timedelta(days=days)
    page = moderate(scene.thread, "pin", until=day.isoformat())
    assert page.status_code == 422
    assert "Choose a day from today to 90 days ahead." in words(page)


def test_nobody_is_told_of_a_pin(worker, moderate, member, scene):
    with worker():
        moderate(scene.thread, "pin", until=timezone.localdate().isoformat())
    assert fresh(scene.thread).pinned_until
    assert not member.notices.exists()


# --- notes and support type


def test_a_moderator_adds_a_content_note_and_the_author_hears_of_it(worker, moderate, sign_in, member, scene):
    with worker():
        moderate(scene.thread, "request", content_notes=["suicide"])
    assert fresh(scene.thread).content_notes == ["suicide"]
    assert "changed the support type or the content notes" in words(sign_in(member).get(reverse("notices")))
    details = AuditEntry.objects.get().details
    assert (details["before"]["content_notes"], details["after"]["content_notes"]) == ([], ["suicide"])


# --- decisions in a case


def test_a_case_about_a_thread_can_close_it_with_a_statement_of_reasons(worker, sign_in, member, moderator, scene):
    case = factories.claimed(factories.flag(scene.opening).case, by=moderator)
    rule = factories.RuleFactory()
    form = {"action": "lock", "rule": rule.pk, "reason": "It went in circles.", "version": case.version}
    with worker():
        answer = sign_in(moderator).post(reverse("decide", args=[case.public_id]), form)
        factories.let_settle()
    assert answer.status_code == 302
    assert fresh(scene.thread).state == "locked"
    # One thing done is told once.
    assert [notice.event.kind for notice in member.notices.select_related("event")] == ["decision_about_you"]


def test_a_case_about_a_reply_does_not_close_somebody_elses_thread(sign_in, moderator, scene):
    case = factories.claimed(factories.flag(scene.reply).case, by=moderator)
    page = sign_in(moderator).get(reverse("case", args=[case.public_id]))
    offered = [field["value"] for field in soup(page).find_all("input", attrs={"name": "action"})]
    assert offered == ["approve", "edit", "hide", "remove", "warn"]
    assert reverse("thread_moderate", args=[scene.thread.public_id]) in page.text


def test_a_case_about_words_that_were_taken_back_brings_none_of_them_back(sign_in, moderator, scene):
    Post.objects.filter(pk=scene.reply.pk).update(visibility="withdrawn", withdrawn_at=factories.now())
    rule = factories.RuleFactory()

    def decide_to(action):
        case = factories.claimed(factories.flag(scene.reply).case, by=moderator)
        form = {"action": action, "rule": rule.pk, "reason": "It was unkind.", "version": case.version}
        page = sign_in(moderator).get(reverse("case", args=[case.public_id]))
        offered = [field["value"] for field in soup(page).find_all("input", attrs={"name": "action"})]
        assert sign_in(moderator).post(reverse("decide", args=[case.public_id]), form).status_code == 302
        factories.let_settle()
        scene.reply.refresh_from_db()
        return offered, scene.reply.visibility

    assert decide_to("keep") == (["keep", "hide", "remove", "warn"], "withdrawn")
    assert decide_to("hide") == (["keep", "hide", "remove", "warn"], "hidden")
    # To show it again gives it back to its author, who took it back.
    assert decide_to("approve") == (["keep", "approve", "remove", "warn"], "withdrawn")


# --- addresses


@pytest.mark.parametrize("title", ["Care", "Reply", "Moderate", "Author", "Open", "Unread", "Nights", "…", "夜"])
def test_no_title_makes_a_threads_address_that_of_another_page(sign_in, member, other_member, title):
    thread = factories.ThreadFactory(author=member, title=title)
    page = sign_in(other_member).get(thread.get_absolute_url())
    assert page.status_code == 200
    assert soup(page).find(id="post-1")


# --- a moderator's own thread


@pytest.fixture
def own_thread(moderator):
    return factories.ThreadFactory(author=moderator)


@pytest.mark.parametrize(
    ("do", "changes"),
    [
        ("state", {"state": "open"}),
        ("request", {"support_type": "win"}),
        ("pin", {"until": (timezone.localdate() + dt.timedelta(days=2)).isoformat()}),
        ("move", {"board": "another"}),
        ("merge", {"into": "another"}),
    ],
)
def test_where_a_colleague_acted_nobody_decides_about_their_own_thread(
    moderate, own_thread, other_moderator, do, changes
):
    assert moderate(own_thread, "state", other_moderator, state="locked").status_code == 302
    another = factories.ThreadFactory()
    targets = {"board": another.board_id, "into": str(another.public_id)}
    changes = {name: targets[name] if value == "another" else value for name, value in changes.items()}
    before = access.thread_version(fresh(own_thread))
    page = moderate(own_thread, do, **changes)
    assert page.status_code == 409
    assert "So a colleague decides." in words(page)
    assert "It had grown too fast to follow." in page.text
    assert access.thread_version(fresh(own_thread)) == before


def test_nor_do_they_join_another_thread_to_it(moderate, own_thread, other_moderator, scene):
    moderate(own_thread, "state", other_moderator, state="locked")
    page = moderate(scene.thread, "merge", into=str(own_thread.public_id))
    assert page.status_code == 409
    assert fresh(scene.thread).merged_into is None


def test_nor_where_a_colleague_decided(moderate, sign_in, own_thread, other_moderator):
    case = factories.claimed(factories.flag(own_thread.posts.get()).case, by=other_moderator)
    form = {"action": "lock", "version": case.version, "reason": "Because.", "rule": factories.RuleFactory().pk}
    assert sign_in(other_moderator).post(reverse("decide", args=[case.public_id]), form).status_code == 302
    factories.let_settle()
    assert fresh(own_thread).state == "locked"
    assert moderate(own_thread, "state", state="open").status_code == 409
    assert moderate(own_thread, "state", other_moderator, state="open").status_code == 302


def test_where_nobody_else_acted_moderators_look_after_their_own_threads(moderate, own_thread):
    assert moderate(own_thread, "state", state="locked").status_code == 302
    assert moderate(own_thread, "state", state="open").status_code == 302
    assert fresh(own_thread).state == "open"


# --- what the author reads and changes of it


def test_a_reason_for_colleagues_is_not_read_by_the_author(moderate, sign_in, member, moderator, scene):
    until = (timezone.localdate() + dt.timedelta(days=2)).isoformat()
    moderate(scene.thread, "pin", until=until)
    moderate(scene.thread, "state", state="slow", slow_minutes="5")
    page = sign_in(member).get(care(scene.thread))
    assert "Put into slow mode" in words(page)
    assert "Pinned" not in words(page)
    for_colleagues = words(sign_in(moderator).get(reverse("thread_moderate", args=[scene.thread.public_id])))
    assert "Pinned" in for_colleagues


def test_an_author_adds_to_the_notes_of_a_moderator_and_takes_none_away(moderate, sign_in, member, scene):
    moderate(scene.thread, "request", content_notes=["suicide", "loss"])
    browser = sign_in(member)
    page = browser.get(care(scene.thread))
    assert "A moderator added: Loss and Suicide. That stays; you could add others." in words(page)
    browser.post(care(scene.thread), request_form(content_notes=["eating"]))
    assert set(fresh(scene.thread).content_notes) == {"suicide", "loss", "eating"}
    browser.post(care(scene.thread), request_form(content_notes=[]))
    assert set(fresh(scene.thread).content_notes) == {"suicide", "loss"}


def test_what_a_moderator_took_away_again_is_the_authors_choice(moderate, sign_in, member, scene):
    moderate(scene.thread, "request", content_notes=["suicide"])
    moderate(scene.thread, "request", content_notes=["loss"])
    browser = sign_in(member)
    browser.post(care(scene.thread), request_form(content_notes=["suicide"]))
    assert set(fresh(scene.thread).content_notes) == {"suicide", "loss"}
    browser.post(care(scene.thread), request_form(content_notes=[]))
    assert fresh(scene.thread).content_notes == ["loss"]
