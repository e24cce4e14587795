"""Answers by professionals: written, read by somebody else, shown, sent back, taken back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members.services import block
from moderation.models import AuditEntry
from notifications.models import Notice
from resources.models import Answer, Professional, Question
from resources.services import answering
from tests import factories
from tests.pages import soup, value_of, words
from tests.resources.asking import CHECKS, NEVER, TITLE, answered, asked, handed_in, passed_on, professional

WAITING, DESK = "/questions/answering/", "/questions/desk/answers/"


@pytest.fixture
def doctor(other_member):
    return professional(member=other_member)


@pytest.fixture
def surgery(sign_in, doctor):
    """The professional's browser."""
    return sign_in(doctor.member)


@pytest.fixture
def desk(sign_in, curator):
    return sign_in(curator)


@pytest.fixture
def question(member, curator):
    return passed_on(member, curator)


def at(what, row):
    return reverse(what, args=[row.public_id])


def told(kind, who):
    return Notice.objects.filter(event__kind=kind, recipient=who).exists()


def again(row):
    row.refresh_from_db()
    return row


# --- by professionals


def test_the_whole_way_from_a_question_to_an_answer_that_everybody_reads(
    worker, surgery, desk, question, doctor, curator, member, sign_in, visitor
):
    assert TITLE in surgery.get(WAITING).text
    with worker():
        surgery.post(at("answer_question", question), {"body": NEVER, "version": "0", "hand_in": "1"})
    answer = Answer.objects.get()
    assert (answer.state, answer.field) == ("review", "Clinical psychologist")
    assert told("answer_to_review", curator)
    assert NEVER not in sign_in(member).get(at("question", question)).text
    assert visitor.get(at("question", question)).status_code == 302
    assert NEVER in desk.get(at("review_answer", answer)).text
    with worker():
        shown = desk.post(at("review_answer", answer), {"show": "1", "version": answer.version, "checked": CHECKS})
    assert shown.status_code == 302
    page = visitor.get(at("question", question))
    assert NEVER in page.text
    said = words(page)
    assert f"{doctor.member.username} Verified professional" in said
    assert "Clinical psychologist" in said
    assert "registration with HCPC looked up on" in said
    assert doctor.registration_number not in page.text
    assert told("question_answered", member)
    assert "A professional has answered your question" in words(sign_in(member).get(reverse("notices")))
    assert [entry.verb for entry in AuditEntry.objects.filter(verb__startswith="answer").order_by("pk")] == [
        "answer-hand-in",
        "answer-show",
    ]


def test_only_professionals_come_in(sign_in, question, member, curator, moderator, visitor):
    for other in (member, curator, moderator):
        assert sign_in(other).get(WAITING).status_code == 404
        assert sign_in(other).get(at("answer_question", question)).status_code == 404
        form = {"body": NEVER, "version": "0", "hand_in": "1"}
        assert sign_in(other).post(at("answer_question", question), form).status_code == 404
    assert visitor.get(WAITING).status_code == 302
    assert not Answer.objects.exists()


def test_what_no_curator_has_passed_on_does_not_wait(surgery, member):
    question = asked(member)
    assert TITLE not in surgery.get(WAITING).text
    for what in ("question", "answer_question"):
        assert surgery.get(at(what, question)).status_code == 404


def test_who_asked_without_a_name_is_not_told_to_who_answers(surgery, question, member):
    for address in (WAITING, at("answer_question", question), at("question", question)):
        page = surgery.get(address)
        assert page.status_code == 200
        assert member.username not in page.text


def test_whoever_is_parted_by_a_block_does_not_meet_the_question(worker, member, curator, surgery, doctor):
    block(blocker=member, blocked=doctor.member)
    with worker():
        question = passed_on(member, curator)
    assert not told("question_waits", doctor.member)
    assert TITLE not in surgery.get(WAITING).text
    assert surgery.get(at("answer_question", question)).status_code == 404


def test_nobody_answers_their_own_question(curator, doctor, surgery):
    question = passed_on(doctor.member, curator)
    assert TITLE not in surgery.get(WAITING).text
    assert surgery.get(at("answer_question", question)).status_code == 404


def test_a_draft_is_kept_and_read_by_nobody(surgery, desk, question):
    surgery.post(at("answer_question", question), {"body": "Half an answer.", "version": "0", "save": "1"})
    page = surgery.get(at("answer_question", question))
    assert value_of(page, "body") == "Half an answer."
    assert "What you are at" in words(surgery.get(WAITING))
    assert TITLE not in desk.get(DESK).text
    assert desk.get(at("review_answer", Answer.objects.get())).status_code == 404


def test_two_tabs_do_not_overwrite_each_other(surgery, question):
    surgery.post(at("answer_question", question), {"body": "The first tab.", "version": "0", "save": "1"})
    page = surgery.post(at("answer_question", question), {"body": "The second tab.", "version": "0", "save": "1"})
    assert page.status_code == 409
    assert "The first tab." in page.text
    assert value_of(page, "body") == "The second tab."
    form = {"body": "The second tab.", "version": value_of(page, "version"), "save": "1"}
    assert surgery.post(at("answer_question", question), form).status_code == 302
    assert Answer.objects.get().body == "The second tab."


def test_the_same_answer_sent_twice_is_one_and_told_once(worker, surgery, question, curator):
    form = {"body": NEVER, "version": "0", "hand_in": "1"}
    with worker():
        for _again in range(2):
            assert surgery.post(at("answer_question", question), form).status_code == 302
    assert Answer.objects.count() == 1
    assert Notice.objects.filter(event__kind="answer_to_review", recipient=curator).count() == 1


def test_words_that_waited_for_the_sign_in_are_there_again(visitor, doctor, question):
    visitor.post(at("answer_question", question), {"body": NEVER, "version": "0", "hand_in": "1"})
    visitor.force_login(doctor.member)
    assert value_of(visitor.get(at("answer_question", question)), "body") == NEVER
    assert not Answer.objects.exists()


def test_no_words_are_no_answer(surgery, question):
    assert surgery.post(at("answer_question", question), {"body": " ", "version": "0"}).status_code == 422


def test_there_is_no_private_way_to_who_asked(surgery, question):
    """What can be sent from these pages goes to a curator, or nowhere."""
    page = soup(surgery.get(at("answer_question", question)))
    actions = {form.get("action") for form in page.find("main").find_all("form")}
    assert actions == {at("answer_question", question)}


# --- reading it before it is shown


def test_whoever_wrote_it_does_not_review_it_though_they_are_a_curator(sign_in, question):
    both = factories.CuratorFactory()
    answer = handed_in(question, professional(member=both))
    browser = sign_in(both)
    assert TITLE not in browser.get(DESK).text
    form = {"show": "1", "version": answer.version, "checked": CHECKS}
    assert browser.post(at("review_answer", answer), form).status_code == 404
    with pytest.raises(PermissionDenied):
        answering.show_answer(actor=both, answer=answer, version=answer.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(state="shown", reviewed_by=both, reviewed_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(state="shown")
    assert again(answer).state == "review"


def test_whoever_asked_does_not_review_the_answer_either(sign_in, doctor):
    asker = factories.CuratorFactory()
    answer = handed_in(passed_on(asker, factories.CuratorFactory()), doctor)
    assert sign_in(asker).get(at("review_answer", answer)).status_code == 404
    with pytest.raises(PermissionDenied):
        answering.show_answer(actor=asker, answer=answer, version=answer.version)


def test_each_line_of_the_checklist_is_ticked(desk, question, doctor):
    answer = handed_in(question, doctor)
    page = desk.post(at("review_answer", answer), {"show": "1", "version": answer.version, "checked": CHECKS[:-1]})
    assert page.status_code == 422
    assert again(answer).state == "review"


def test_what_was_changed_meanwhile_is_read_once_more(desk, question, doctor):
    answer = handed_in(question, doctor)
    answering.save_answer(professional=doctor, question=question, body="Other words.", version=1, hand_in=True)
    page = desk.post(at("review_answer", answer), {"show": "1", "version": 1, "checked": CHECKS})
    assert page.status_code == 409
    assert "Other words." in page.text
    assert again(answer).state == "review"


def test_what_is_sent_back_can_be_changed_and_handed_in_again(worker, desk, surgery, question, doctor, curator):
    answer = handed_in(question, doctor)
    assert desk.post(at("review_answer", answer), {"send_back": "1", "back-version": 1}).status_code == 422
    with worker():
        desk.post(
            at("review_answer", answer), {"send_back": "1", "back-version": 1, "back-note": "Say how sure it is."}
        )
    assert told("answer_sent_back", doctor.member)
    page = surgery.get(at("answer_question", question))
    assert "Say how sure it is." in words(page)
    form = {"body": "Better words.", "version": value_of(page, "version"), "hand_in": "1"}
    with worker():
        assert surgery.post(at("answer_question", question), form).status_code == 302
    assert again(answer).state == "review"
    assert "Better words." in desk.get(at("review_answer", answer)).text


def test_a_shown_answer_goes_out_of_sight_when_a_curator_asks_for_a_change(desk, member, curator, doctor, visitor):
    question = answered(member, curator, doctor)
    answer = Answer.objects.get()
    form = {"send_back": "1", "back-version": answer.version, "back-note": "A newer review says otherwise."}
    assert desk.post(at("review_answer", answer), form).status_code == 302
    assert visitor.get(at("question", question)).status_code == 302
    assert again(question).state == "open"


def test_an_answer_is_not_shown_once_the_registration_is_over(desk, question, doctor):
    answer = handed_in(question, doctor)
    Professional.objects.update(check_again_by=timezone.localdate() - dt.timedelta(days=1))
    page = desk.post(at("review_answer", answer), {"show": "1", "version": answer.version, "checked": CHECKS})
    assert page.status_code == 409
    assert "is to be checked again first" in words(page)


# --- taking it back


def test_a_professional_takes_an_answer_back_and_the_question_waits_again(surgery, member, curator, doctor, visitor):
    question = answered(member, curator, doctor)
    answer = Answer.objects.get()
    assert "Take my answer back" in words(surgery.get(at("question", question)))
    assert surgery.get(at("withdraw_answer", answer)).status_code == 200
    assert surgery.post(at("withdraw_answer", answer)).status_code == 302
    assert (again(answer).state, again(question).state) == ("withdrawn", "open")
    assert visitor.get(at("question", question)).status_code == 302
    form = {"body": "Written anew.", "version": answer.version, "hand_in": "1"}
    assert surgery.post(at("answer_question", question), form).status_code == 302
    assert again(answer).state == "review"


def test_with_a_second_answer_the_question_stays_answered(member, curator, doctor):
    question = answered(member, curator, doctor)
    second = professional()
    answer = handed_in(question, second, body="Another view.")
    answering.show_answer(actor=curator, answer=answer, version=answer.version)
    answering.withdraw_answer(author=second.member, answer=answer)
    assert again(question).state == "answered"


def test_nobody_else_takes_it_back(sign_in, member, curator, doctor):
    answered(member, curator, doctor)
    answer = Answer.objects.get()
    for other in (member, curator):
        assert sign_in(other).post(at("withdraw_answer", answer)).status_code == 404
    assert again(answer).state == "shown"


def test_who_may_not_post_hands_in_nothing_and_can_keep_the_words(sign_in, silenced, question):
    professional(member=silenced)
    browser = sign_in(silenced)
    address, typed = at("answer_question", question), {"body": NEVER, "version": "0"}
    page = browser.post(address, typed | {"hand_in": "1"})
    assert page.status_code == 409
    assert "keeps you from posting" in words(page)
    assert value_of(page, "body").strip() == NEVER
    assert browser.post(address, typed | {"save": "1"}).status_code == 302
    assert Answer.objects.get().state == Answer.State.DRAFT


def test_a_professional_cannot_find_out_by_blocking_who_asked_without_a_name(surgery, doctor, member, curator):
    """It would go with a block of whoever asked, and come back with the end of it."""
    hidden = passed_on(member, curator, title="Without a name")
    named = passed_on(member, curator, title="By name", is_anonymous=False)
    block(blocker=doctor.member, blocked=member)
    listed = surgery.get(WAITING).text
    assert "Without a name" in listed
    assert "By name" not in listed
    assert surgery.get(hidden.get_absolute_url()).status_code == 200
    assert surgery.get(at("answer_question", hidden)).status_code == 200
    assert surgery.get(named.get_absolute_url()).status_code == 404


def test_news_of_questions_do_not_tell_it_either(worker, member, curator, doctor):
    block(blocker=doctor.member, blocked=member)
    with worker():
        passed_on(member, curator)
    assert told("question_waits", doctor.member)


def test_an_answer_by_somebody_one_has_blocked_is_not_met(sign_in, member, curator, doctor, newcomer):
    question = answered(member, curator, doctor)
    block(blocker=newcomer, blocked=doctor.member)
    page = sign_in(newcomer).get(at("question", question))
    assert NEVER not in page.text
    assert doctor.member.username not in page.text


def test_reading_a_question_costs_the_same_however_many_answer(
    sign_in, member, curator, newcomer, django_assert_max_num_queries
):
    question = answered(member, curator, professional())
    for _each in range(3):
        answer = handed_in(question, professional())
        answering.show_answer(actor=curator, answer=answer, version=answer.version)
    browser = sign_in(newcomer)
    with django_assert_max_num_queries(3):  # who it is, question, answers
        page = browser.get(at("question", question))
    assert len(soup(page).select(".professional-answer")) == 4
    assert Question.objects.count() == 1
