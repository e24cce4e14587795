"""Looking after somebody in danger (T5): each step once, in order, and never without a clock."""

import datetime as dt
from functools import partial

import pytest
from django.urls import reverse

from forums.models import Draft, Post, Visibility
from moderation import access
from moderation.models import AuditEntry, Case, CrisisStep, Decision, Flag, Priority, StaffMessage, Template
from moderation.services import claims, crisis
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, value_of, words

Step = CrisisStep.Step


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def worried(scene):
    """A case about the scene's reply: somebody is worried."""
    return factories.flag(scene.reply, reason=Flag.Reason.WORRIED).case


@pytest.fixture
def started(worried, sign_in, moderator):
    factories.claimed(worried, by=moderator)
    answer = sign_in(moderator).post(reverse("crisis_start", args=[worried.public_id]), {"version": worried.version})
    assert answer.status_code == 302
    return fresh(worried)


@pytest.fixture
def step(sign_in, moderator):
    """Write down a step of the case, with the form that its page shows."""

    def take(case, which, note="", who=moderator, status=302):
        now = fresh(case)
        form = {"step": which.value, "note": note, "version": now.version}
        answer = sign_in(who).post(reverse("crisis_step", args=[case.public_id]), form)
        assert answer.status_code == status, words(answer)
        return answer

    return take


@pytest.fixture
def send(sign_in, moderator):
    def write(case, text="You wrote that it is too much. Are you safe?", status=302, **form):
        form = {"text": text, "version": fresh(case).version} | form
        answer = sign_in(moderator).post(reverse("crisis_contact", args=[case.public_id]), form)
        assert answer.status_code == status, words(answer)
        return answer

    return write


def page_of(browser, case):
    return browser.get(reverse("case", args=[case.public_id]))


def is_in_queue(sign_in, who, case):
    return str(case.public_id) in sign_in(who).get(reverse("queue")).text


def is_about(moment, **later):
    return abs(moment - factories.now() - dt.timedelta(**later)) < dt.timedelta(minutes=1)


def waited(case, **long):
    """So much time has gone by since each step."""
    for row in CrisisStep.objects.filter(case=case):
        CrisisStep.objects.filter(pk=row.pk).update(at=row.at - dt.timedelta(**long))
    row = fresh(case)
    Case.objects.filter(pk=case.pk).update(
        due_at=row.due_at - dt.timedelta(**long),
        quiet_until=row.quiet_until - dt.timedelta(**long) if row.quiet_until else None,
    )


# --- starting -------------------------------------------------------------------------------------------------


def test_starting_is_the_first_step_and_the_contact_is_due_at_once(started, moderator):
    first = CrisisStep.objects.get()
    assert (first.step, first.by) == (Step.CLAIMED, moderator)
    assert is_about(started.due_at, minutes=15)
    assert started.quiet_until is None


def test_the_steps_can_be_started_for_any_case_and_raise_it(sign_in, moderator, scene):
    case = factories.flag(scene.reply, reason=Flag.Reason.SPAM).case
    factories.claimed(case, by=moderator)
    browser = sign_in(moderator)
    assert "Start the crisis steps" in words(page_of(browser, case))
    browser.post(reverse("crisis_start", args=[case.public_id]), {"version": case.version})
    assert fresh(case).priority == Priority.CRISIS
    page = words(page_of(browser, case))
    assert "Case: Crisis" in page
    assert "Start the crisis steps" not in page


def test_starting_twice_starts_once(started, sign_in, moderator):
    form = {"version": started.version}
    assert sign_in(moderator).post(reverse("crisis_start", args=[started.public_id]), form).status_code == 302
    assert CrisisStep.objects.count() == 1


@pytest.mark.parametrize("version", ["", "0", "99"])
def test_what_arrived_is_read_before_the_steps_start(worried, sign_in, moderator, version):
    factories.claimed(worried, by=moderator)
    browser = sign_in(moderator)
    page = browser.post(reverse("crisis_start", args=[worried.public_id]), {"version": version}, follow=True)
    assert "Something new arrived in this case." in words(page)
    assert not CrisisStep.objects.exists()


# --- each step ------------------------------------------------------------------------------------------------


def test_the_whole_way(started, step, sign_in, moderator, other_moderator):
    step(started, Step.CONTACTED, note="Wrote to them.")
    assert is_about(fresh(started).quiet_until, hours=24)
    assert not is_in_queue(sign_in, other_moderator, started)
    waited(started, hours=25)
    assert is_in_queue(sign_in, other_moderator, started)
    assert "Overdue" in words(sign_in(other_moderator).get(reverse("queue")))
    step(started, Step.FOLLOW_UP_DAY)
    # Seven days after the contact.
    assert is_about(fresh(started).quiet_until, days=6, hours=-1)
    waited(started, days=7)
    step(started, Step.FOLLOW_UP_WEEK)
    assert fresh(started).quiet_until is None
    assert is_about(fresh(started).due_at, minutes=15)
    step(started, Step.CLOSED)
    page = words(page_of(sign_in(moderator), started))
    for seen in ("Claimed", "Contacted", "Follow-up after 24 hours", "Follow-up after 7 days", "Closed", "keeper"):
        assert seen in page
    assert "Wrote to them." in page
    assert AuditEntry.objects.filter(verb__startswith="crisis:").count() == 5


def test_the_steps_leave_the_case_to_be_decided(started, step, decide, moderator, sign_in):
    step(started, Step.CLOSED, note="A line of a song.")
    assert fresh(started).state == "open"
    assert decide(moderator, fresh(started), action="approve").status_code == 302
    assert fresh(started).state == "decided"


def test_closing_early_needs_a_word_why(started, step):
    page = step(started, Step.CLOSED, note=" ", status=409)
    assert "Say in the note why the steps end here." in words(page)
    assert access.is_under_way(started)
    step(started, Step.CLOSED, note="It was a line of a song.")
    assert not access.is_under_way(started)


def test_emergency_services_are_called_only_where_that_is_needed(started, step):
    step(started, Step.EMERGENCY, note="Called 112 with what they told us.")
    # Whoever is in danger still hears from us.
    assert fresh(started).quiet_until is None
    step(started, Step.CONTACTED)
    assert is_about(fresh(started).quiet_until, hours=24)
    assert Step.EMERGENCY not in access.next_steps(access.taken_in(started))


@pytest.mark.parametrize("too_early", [Step.FOLLOW_UP_DAY, Step.FOLLOW_UP_WEEK])
def test_a_step_that_is_not_its_turn_is_refused_and_its_note_kept(started, step, too_early):
    page = step(started, too_early, note="They sleep again.", status=409)
    assert "It is not the time of this step yet." in words(page)
    assert value_of(page, "note") == "They sleep again."
    assert CrisisStep.objects.count() == 1


def test_a_step_is_taken_once(started, step):
    step(started, Step.CONTACTED)
    step(started, Step.CONTACTED, note="Again.")
    assert CrisisStep.objects.filter(step=Step.CONTACTED).get().note == ""


def test_a_step_that_is_none_is_no_step(started, sign_in, moderator):
    form = {"step": "9", "version": started.version}
    answer = sign_in(moderator).post(reverse("crisis_step", args=[started.public_id]), form)
    assert answer.status_code == 422


def test_of_two_windows_that_take_a_step_at_the_same_instant_one_does(shared_database):
    who = factories.MemberFactory(is_moderator=True)
    case = factories.claimed(factories.flag(factories.PostFactory()).case, by=who)
    crisis.start(moderator=who, case=case, version=1)
    take = partial(crisis.take_step, moderator=who, case=case, version=1, step=Step.CONTACTED)
    assert sorted(at_once(*[take] * 3)) == [False, False, True]


@pytest.mark.parametrize("verb", ["crisis_start", "crisis_step", "crisis_rest", "crisis_contact", "crisis_aftercare"])
@pytest.mark.parametrize("who", ["member", "other_member", "curator"])
def test_nobody_else_is_told_that_there_are_steps(request, started, sign_in, visitor, verb, who):
    address = reverse(verb, args=[started.public_id])
    form = {"version": started.version, "step": "2", "text": "Hello."}
    assert sign_in(request.getfixturevalue(who)).post(address, form).status_code == 404
    assert visitor.post(address, form).status_code == 302
    assert (CrisisStep.objects.count(), StaffMessage.objects.count()) == (1, 0)


def test_a_colleague_who_does_not_hold_the_case_takes_no_step(started, step, other_moderator, sign_in):
    page = step(started, Step.CONTACTED, who=other_moderator, status=409)
    assert "A colleague has claimed this case meanwhile." in words(page)
    assert CrisisStep.objects.count() == 1


def test_a_colleague_follows_up_on_another_day(started, step, moderator, other_moderator):
    step(started, Step.CONTACTED)
    waited(started, hours=25)
    Case.objects.update(lease_until=factories.now())
    assert claims.claim(moderator=other_moderator, case=fresh(started))
    step(started, Step.FOLLOW_UP_DAY, who=other_moderator)
    assert CrisisStep.objects.get(step=Step.FOLLOW_UP_DAY).by == other_moderator


def test_moderators_do_not_look_after_their_own_case(sign_in, moderator):
    case = factories.flag(factories.PostFactory(author=moderator)).case
    for verb in ("crisis_start", "crisis_step", "crisis_contact"):
        assert sign_in(moderator).post(reverse(verb, args=[case.public_id])).status_code == 404


# --- deciding meanwhile ---------------------------------------------------------------------------------------


def test_words_with_methods_are_hidden_at_once_and_the_steps_go_on(started, step, decide, moderator, scene, sign_in):
    step(started, Step.CONTACTED)
    assert decide(moderator, fresh(started), action="hide").status_code == 302
    assert fresh(scene.reply).visibility == Visibility.HIDDEN
    case = fresh(started)
    assert case.state == "open"
    assert is_about(case.quiet_until, hours=24)
    page = words(page_of(sign_in(moderator), case))
    assert "the case stays open until they are closed" in page
    waited(case, hours=25)
    step(case, Step.FOLLOW_UP_DAY)


def test_a_reporter_is_told_once_of_a_case_that_goes_on_after_a_decision(
    started, step, decide, sign_in, moderator, worker
):
    with worker():
        decide(moderator, fresh(started), action="hide")
        step(started, Step.CLOSED, note="Their sister is with them.")
        decide(moderator, fresh(started), action="keep")
    assert Decision.objects.count() == 2
    reporter = Flag.objects.get().reporter
    assert reporter
    assert reporter.notices.count() == 1
    assert "A moderator looked at it and acted." in words(sign_in(reporter).get(reverse("my_reports")))


# --- what arrives ---------------------------------------------------------------------------------------------


def test_a_report_brings_the_case_back_and_it_is_put_away_again_when_it_was_read(
    started, step, sign_in, moderator, other_moderator, scene
):
    step(started, Step.CONTACTED)
    factories.flag(scene.reply, reason=Flag.Reason.WORRIED)
    assert is_in_queue(sign_in, other_moderator, started)
    assert is_about(fresh(started).due_at, minutes=15)
    form = {"version": fresh(started).version}
    assert sign_in(moderator).post(reverse("crisis_rest", args=[started.public_id]), form).status_code == 302
    case = fresh(started)
    assert is_about(case.quiet_until, hours=24)
    assert case.due_at > case.quiet_until
    assert not is_in_queue(sign_in, other_moderator, started)


def test_what_is_due_now_is_not_put_away(started, sign_in, moderator):
    form = {"version": started.version}
    page = sign_in(moderator).post(reverse("crisis_rest", args=[started.public_id]), form, follow=True)
    assert "The next step is due now, so the case stays in the queue." in words(page)
    assert fresh(started).quiet_until is None


# --- contact --------------------------------------------------------------------------------------------------


def test_the_first_message_is_the_contact(started, send, sign_in, moderator):
    send(started)
    assert CrisisStep.objects.filter(step=Step.CONTACTED).exists()
    page = words(page_of(sign_in(moderator), started))
    assert "You wrote that it is too much. Are you safe?" in page
    assert "No answer yet." in page
    send(started, text="I am here again.")
    assert StaffMessage.objects.count() == 2
    assert CrisisStep.objects.filter(step=Step.CONTACTED).count() == 1


def test_a_double_click_sends_once(started, send):
    mark = "0190b2d4-0000-7000-8000-000000000001"
    send(started, submission=mark)
    send(started, submission=mark)
    assert StaffMessage.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_a_message_has_words_and_not_too_many(started, send, text):
    send(started, text=text, status=422)
    assert not StaffMessage.objects.exists()


def test_what_somebody_says_again_is_heard_while_the_case_is_in_the_queue(started, sign_in, moderator):
    """The steps have begun, and the contact is due: no step is waited for."""
    reporter = Flag.objects.get().reporter
    address = reverse("flag", args=["post", Post.objects.get(pk=started.subject_id).public_id])
    browser = sign_in(reporter)
    form = {"reason": "worried", "note": "She wrote to me that she is on the bridge."}
    for _time in range(2):
        assert browser.post(address, form).status_code == 302
    assert Flag.objects.get().note == "She wrote to me that she is on the bridge."
    assert fresh(started).version == started.version + 2
    assert "on the bridge" in words(page_of(sign_in(moderator), started))


def test_before_the_steps_are_started_nobody_is_written_to(worried, send, moderator):
    factories.claimed(worried, by=moderator)
    page = send(worried, status=409)
    assert "Start the crisis steps first." in words(page)
    assert not StaffMessage.objects.exists()


def test_a_template_gives_words_to_begin_with_without_javascript(started, sign_in, moderator):
    template = Template.objects.create(purpose="contact", title="First words", text="We read what you wrote.")
    retired = Template.objects.create(purpose="contact", title="Old", text="Old words.", is_active=False)
    browser = sign_in(moderator)
    page = page_of(browser, started)
    assert "First words" in page.text
    assert "Old words." not in page.text
    form = {"text": "Dear you,", "version": started.version, "add_template": "1"}
    address = reverse("crisis_contact", args=[started.public_id])
    assert value_of(browser.post(address, form | {"template": template.pk}), "text") == (
        "Dear you,\n\nWe read what you wrote."
    )
    assert value_of(browser.post(address, form | {"template": retired.pk}), "text") == "Dear you,"
    assert not StaffMessage.objects.exists()


def test_the_log_says_that_there_was_a_message_and_not_what_it_said(started, send):
    send(started)
    entry = AuditEntry.objects.get(verb="message")
    assert "too much" not in str(entry.details)


# --- the others in the thread ---------------------------------------------------------------------------------


def test_aftercare_begins_a_reply_in_the_thread(started, sign_in, moderator, scene):
    template = Template.objects.create(purpose="aftercare", title="For all", text="This was a hard thread to read.")
    browser = sign_in(moderator)
    assert "For all" in page_of(browser, started).text
    address = reverse("crisis_aftercare", args=[started.public_id])
    for _press in range(2):
        page = browser.post(address, {"template": template.pk}, follow=True)
        assert value_of(page, "body") == "This was a hard thread to read."
    assert Draft.objects.get().thread == scene.thread
    assert scene.thread.posts.count() == 2


def test_words_that_were_begun_there_stay(started, sign_in, moderator, scene):
    factories.DraftFactory(member=moderator, thread=scene.thread, body="I was about to say")
    template = Template.objects.create(purpose="aftercare", title="For all", text="This was hard.")
    sign_in(moderator).post(reverse("crisis_aftercare", args=[started.public_id]), {"template": template.pk})
    assert Draft.objects.get().body == "I was about to say\n\nThis was hard."


def test_in_a_closed_thread_there_is_no_aftercare(started, sign_in, moderator, scene):
    scene.thread.state = "locked"
    scene.thread.save()
    template = Template.objects.create(purpose="aftercare", title="For all", text="This was hard.")
    address = reverse("crisis_aftercare", args=[started.public_id])
    page = sign_in(moderator).post(address, {"template": template.pk}, follow=True)
    assert "Nobody can write there any more" in words(page)
    assert not Draft.objects.exists()


def test_every_field_on_the_page_has_an_id_of_its_own(started, sign_in, moderator):
    page = page_of(sign_in(moderator), started)
    ids = [found["id"] for found in soup(page).find_all(id=True)]
    assert len(ids) == len(set(ids))
