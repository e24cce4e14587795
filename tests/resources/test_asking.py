"""Questions to professionals: asking, what a curator does with them, who reads them, taking them back."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from moderation.models import AuditEntry, Case, Priority, Signal, Template
from moderation.services.claims import claim
from moderation.services.decisions import decide
from notifications.models import Notice
from resources.models import Answer, Question, Topic
from resources.services import asking as services
from tests import factories
from tests.at_once import at_once
from tests.pages import anyway, soup, value_of, words
from tests.resources.asking import BODY, FORM, TITLE, answered, asked, handed_in, passed_on, professional

ASK, MINE, DESK = "/questions/ask/", "/questions/mine/", "/questions/desk/"
DARK, GOODBYE = "Some days I want to die.", "This is goodbye, everyone. Thank you for reading."


@pytest.fixture
def browser(sign_in, member):
    return sign_in(member)


@pytest.fixture
def desk(sign_in, curator):
    return sign_in(curator)


def at(question, what="question"):
    return reverse(what, args=[question.public_id])


def told(kind, who):
    return Notice.objects.filter(event__kind=kind, recipient=who).exists()


# --- asking


def test_a_question_is_held_until_a_curator_has_read_it(browser, member, other_member, curator, sign_in, visitor):
    answer = browser.post(ASK, FORM | {"is_anonymous": "on"}, follow=True)
    assert "A curator reads it first" in words(answer)
    question = Question.objects.get()
    assert (question.state, question.author, question.is_anonymous) == ("held", member, True)
    assert browser.get(at(question)).status_code == 200
    assert sign_in(curator).get(at(question)).status_code == 200
    assert sign_in(other_member).get(at(question)).status_code == 404
    assert visitor.get(at(question)).headers["Location"].startswith("/accounts/login/")
    assert TITLE not in sign_in(other_member).get("/questions/").text


def test_the_page_says_that_it_is_not_for_emergencies_and_where_help_is(browser):
    page = browser.get(ASK)
    said = words(page)
    assert "Not for emergencies" in said
    assert "An answer takes days" in said
    assert "Professionals never write to you in private" in said
    assert soup(page).select_one('main a[href="/help-now/"]')


def test_the_name_is_hidden_unless_its_author_wants_it(browser):
    assert value_of(browser.get(ASK), "is_anonymous") == ["on"]
    browser.post(ASK, FORM)
    assert not Question.objects.get().is_anonymous


@pytest.mark.parametrize("missing", ["topic", "title", "body"])
def test_what_is_missing_is_said_and_nothing_is_lost(browser, missing):
    page = browser.post(ASK, FORM | {missing: "  "})
    assert page.status_code == 422
    for name in set(FORM) - {missing}:
        assert value_of(page, name) in (FORM[name], [FORM[name]])
    assert not Question.objects.exists()


def test_the_same_form_sent_twice_is_one_question(browser):
    mark = str(uuid4())
    for _again in range(2):
        assert browser.post(ASK, FORM | {"submission": mark}).status_code == 302
    assert Question.objects.count() == 1
    changed = browser.post(ASK, FORM | {"submission": mark, "body": "Something else."})
    assert changed.status_code == 409
    assert value_of(changed, "body") == "Something else."
    assert value_of(changed, "submission") != mark


def test_two_clicks_at_the_same_instant_are_one_question(shared_database):
    author, mark = factories.MemberFactory(), uuid4()
    first, second = at_once(lambda: asked(author, submission=mark).pk, lambda: asked(author, submission=mark).pk)
    assert first == second


def test_three_a_day_are_the_most_and_the_words_stay(browser, member):
    for _each in range(3):
        asked(member)
    page = browser.post(ASK, FORM)
    assert page.status_code == 409
    assert "You have asked three questions within a day" in words(page)
    assert value_of(page, "body") == BODY
    Question.objects.update(asked_at=timezone.now() - dt.timedelta(days=1, minutes=1))
    assert browser.post(ASK, FORM).status_code == 302


def test_who_may_not_post_may_not_ask_and_can_keep_the_words(sign_in, silenced):
    browser = sign_in(silenced)
    page = browser.post(ASK, FORM)
    assert page.status_code == 409
    assert value_of(page, "body") == BODY
    assert not Question.objects.exists()
    browser.post(ASK, FORM | {"save": "1"})
    assert value_of(browser.get(ASK), "body") == BODY


def test_words_that_waited_for_the_sign_in_are_there_again(visitor, member):
    visitor.post(ASK, FORM)
    visitor.force_login(member)
    page = visitor.get(ASK)
    assert (value_of(page, "title"), value_of(page, "body")) == (TITLE, BODY)
    assert value_of(page, "is_anonymous") == []
    assert not Question.objects.exists()


def test_a_form_that_somebody_else_opened_sends_nothing(sign_in, member, other_member):
    mark = value_of(sign_in(other_member).get(ASK), "writer")
    page = sign_in(member).post(ASK, FORM | {"writer": mark})
    assert page.status_code == 409
    assert not Question.objects.exists()


def test_a_draft_is_kept_for_its_author_alone_and_is_gone_once_it_is_sent(browser, sign_in, curator):
    browser.post(ASK, {"topic": "", "title": "Half a thought", "body": "", "save": "1"})
    browser.post(ASK, {"topic": "", "title": "Half a thought", "body": "and more", "save": "1"})
    draft = Question.objects.get(state="draft")
    assert value_of(browser.get(ASK), "body") == "and more"
    assert "Half a thought" in words(browser.get(MINE))
    assert "Half a thought" not in sign_in(curator).get(DESK).text
    for reader in (browser, sign_in(curator)):
        assert reader.get(at(draft)).status_code == 404
    browser.post(ASK, FORM)
    assert [question.state for question in Question.objects.all()] == ["held"]


def test_a_draft_can_be_deleted(browser):
    browser.post(ASK, FORM | {"save": "1"})
    browser.post(reverse("delete_question_draft"))
    assert not Question.objects.exists()


# --- words of danger


def test_words_of_danger_bring_the_calm_panel_and_nothing_is_sent(browser):
    page = browser.post(ASK, FORM | {"body": DARK})
    assert page.status_code == 409
    assert "Are you safe right now?" in words(page)
    assert value_of(page, "body") == DARK
    assert not Question.objects.exists()
    assert not Case.objects.exists()


def test_sent_again_a_moderator_sees_it_at_once_and_not_who_asked(browser, member, moderator, sign_in):
    anyway(browser, ASK, FORM | {"body": DARK, "is_anonymous": "on"})
    case = Case.objects.get()
    assert (case.subject_kind, case.priority, case.author) == ("question", Priority.CRISIS, member)
    signal = Signal.objects.filter(kind="crisis").first()
    assert signal
    assert signal.snapshot[signal.start : signal.end] == "I want to die"
    page = sign_in(moderator).get(reverse("case", args=[case.public_id]))
    assert page.status_code == 200
    assert "Somebody who asks without a name" in words(page)
    assert member.username not in page.text
    assert member.username not in sign_in(moderator).get(reverse("queue")).text


def test_a_moderator_learns_who_asked_only_with_a_reason_that_is_logged(
    browser, member, moderator, sign_in, other_member
):
    question = asked(member)
    door = at(question, "question_author")
    keeper = sign_in(moderator)
    assert member.username not in keeper.get(door).text
    assert keeper.post(door, {"reason": ""}).status_code == 422
    assert member.username in keeper.post(door, {"reason": "In danger, to write to them."}).text
    entry = AuditEntry.objects.get(verb="see-asker")
    assert (entry.actor, entry.details["reason"]) == (moderator, "In danger, to write to them.")
    for other in (sign_in(other_member), browser):
        assert other.get(door).status_code == 404


def test_asking_for_a_moderator_opens_a_case_also_without_sending(browser, member):
    browser.post(ASK, FORM | {"body": DARK, "reach_only": "1"})
    assert Question.objects.get().state == "draft"
    assert Case.objects.get().subject_kind == "profile"


def test_what_a_moderator_has_to_read_first_is_not_passed_on_before(browser, desk, curator, moderator):
    anyway(browser, ASK, FORM | {"body": GOODBYE})
    question = Question.objects.get()
    assert "makes a moderator look first" in words(desk.get(at(question, "decide_question")))
    form = {"accept": "1", "version": question.version, "topic": question.topic}
    page = desk.post(at(question, "decide_question"), form)
    assert page.status_code == 409
    assert "A moderator looks at this question first" in words(page)
    _decided(Case.objects.get(), moderator, "approve")
    assert desk.post(at(question, "decide_question"), form).status_code == 302
    question.refresh_from_db()
    assert (question.state, question.decided_by) == ("open", curator)


def test_asking_about_a_dose_is_what_this_is_for(browser):
    asked_about = "My doctor gave me 20 mg of fluoxetine. Should I take 40 mg instead? When does it begin to work?"
    assert browser.post(ASK, FORM | {"body": asked_about}).status_code == 302


def test_a_phone_number_is_asked_about_because_the_answer_is_public(browser):
    page = browser.post(ASK, FORM | {"body": "You can call me on 07700 900123 about this."})
    assert page.status_code == 409
    assert "This looks like a phone number" in words(page)


def _decided(case, moderator, action):
    assert claim(moderator=moderator, case=case)
    case.refresh_from_db()
    rule = factories.RuleFactory() if action == "remove" else None
    decide(moderator=moderator, case=case, version=case.version, action=action, reason="Told.", rule=rule)
    factories.let_settle()


def test_a_removed_question_is_out_of_sight_and_comes_back_after_an_appeal(
    member, curator, moderator, other_moderator, visitor, sign_in
):
    question = answered(member, curator, professional())
    case = factories.flag(question).case
    _decided(case, moderator, "remove")
    assert visitor.get(at(question)).status_code == 302
    assert "A moderator took this question out of sight" in words(sign_in(member).get(at(question)))
    factories.withdrawn(case.decisions.get(), by=other_moderator)
    assert visitor.get(at(question)).status_code == 200


# --- the curators' desk


def test_the_desk_is_there_for_curators_only(sign_in, member, moderator, desk):
    question = asked(member)
    for address in (DESK, reverse("answers_desk"), reverse("waiting_desk"), at(question, "decide_question")):
        assert desk.get(address).status_code == 200
        for other in (member, moderator):
            assert sign_in(other).get(address).status_code == 404


def test_curators_hear_of_a_question_and_see_who_asked(worker, member, other_member, curator, desk):
    with worker():
        question = asked(member)
    assert told("question_asked", curator)
    assert not told("question_asked", other_member)
    assert member.username in desk.get(at(question, "decide_question")).text
    assert "A new question to professionals waits" in words(desk.get(reverse("notices")))


def test_a_curators_own_question_is_for_another_curator(sign_in, curator):
    question = asked(curator)
    browser = sign_in(curator)
    assert TITLE not in browser.get(DESK).text
    form = {"accept": "1", "version": question.version, "topic": question.topic}
    assert browser.post(at(question, "decide_question"), form).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(decided_by=curator)


def test_a_question_that_fits_is_passed_on_with_its_topic_set_right(worker, desk, member, curator):
    professional_ = professional()
    question = asked(member)
    form = {"accept": "1", "version": question.version, "topic": "professional-help"}
    with worker():
        assert desk.post(at(question, "decide_question"), form).status_code == 302
    question.refresh_from_db()
    assert (question.state, question.topic, question.decided_by) == ("open", "professional-help", curator)
    assert told("question_waits", professional_.member)
    assert AuditEntry.objects.get(verb="question-accept").actor == curator


def test_of_two_curators_at_once_the_second_looks_again(desk, member, curator):
    question = asked(member)
    services.decline_question(actor=factories.CuratorFactory(), question=question, version=1, answer="It is kind.")
    page = desk.post(
        at(question, "decide_question"),
        {"decline": "1", "version": 1, "decline-answer": "My words.", "decline-version": 1},
    )
    assert page.status_code == 409
    question.refresh_from_db()
    assert question.answer_to_author == "It is kind."


def test_a_question_that_does_not_fit_gets_kind_words_that_its_author_alone_reads(
    worker, desk, browser, member, other_member, curator, sign_in
):
    template = Template.objects.create(purpose="decline", title="Urgent", text="Please talk to somebody today.")
    question = asked(member)
    page = desk.post(
        at(question, "decide_question"), {"add_template": "1", "template": template.pk, "decline-answer": "Hello."}
    )
    assert value_of(page, "decline-answer") == "Hello.\n\nPlease talk to somebody today."
    form = {"decline": "1", "decline-answer": "Hello. See your doctor today.", "decline-version": question.version}
    with worker():
        assert desk.post(at(question, "decide_question"), form).status_code == 302
    assert told("question_declined", member)
    assert "See your doctor today." in words(browser.get(at(question)))
    assert "A curator has written to you about your question" in words(browser.get(reverse("notices")))
    assert sign_in(other_member).get(at(question)).status_code == 404


def test_no_words_no_decline(desk, member):
    question = asked(member)
    form = {"decline": "1", "decline-answer": " ", "decline-version": question.version}
    assert desk.post(at(question, "decide_question"), form).status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(state="declined")


def test_nothing_is_open_that_no_curator_has_read(member):
    question = asked(member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(state="answered")


def test_the_titles_of_news_tell_nothing(worker, member, curator, mailoutbox):
    with worker():
        question = passed_on(member, curator)
        services.decline_question(actor=curator, question=question, version=question.version, answer="Kindly, no.")
    assert TITLE not in "".join(mail.subject + str(mail.body) for mail in mailoutbox)


# --- what everybody reads


@pytest.mark.parametrize("anonymous", [True, False])
def test_an_answered_question_is_open_to_everybody_and_its_author_is_not(
    anonymous, member, other_member, curator, visitor, sign_in
):
    question = answered(member, curator, professional(), is_anonymous=anonymous)
    for address in (at(question), "/questions/"):
        outside, inside = visitor.get(address), sign_in(other_member).get(address)
        assert TITLE in outside.text
        assert member.username not in outside.text
        assert (member.username in inside.text) == (not anonymous and address != "/questions/")
    assert outside.headers["X-Robots-Tag"] == "noindex"


def test_a_block_parts_the_two_here_too_but_does_not_tell_who_asked(member, blocked, curator, sign_in):
    named = answered(member, curator, professional(), is_anonymous=False, title="By name")
    hidden = answered(member, curator, professional(), title="Without a name")
    for reader, other in ((sign_in(blocked), 404), (sign_in(member), 200)):
        assert reader.get(at(named)).status_code == other
        assert reader.get(at(hidden)).status_code == 200
    listed = sign_in(blocked).get("/questions/").text
    assert "By name" not in listed
    assert "Without a name" in listed


def test_the_list_is_sorted_by_topic_and_ends(member, curator, visitor):
    who = professional()
    answered(member, curator, who, topic=Topic.BODY, title="About sleep")
    answered(factories.MemberFactory(), curator, who, topic=Topic.ASKING, title="About asking")
    page = visitor.get("/questions/?topic=asking")
    assert "About asking" in page.text
    assert "About sleep" not in page.text
    assert "These are all." in words(page)
    assert visitor.get("/questions/?topic=nonsense&after=nonsense").status_code == 200


def test_a_long_list_costs_the_same_and_every_question_is_met_once(
    member, curator, visitor, django_assert_max_num_queries
):
    Question.objects.bulk_create(
        Question(
            author=member, topic=Topic.BODY, title=f"Question {n}.", body="Why?", body_html="<p>Why?</p>",
            state="answered", decided_by=curator, decided_at=timezone.now(),
        )
        for n in range(45)
    )  # fmt: skip
    address, seen = "/questions/?topic=body-and-mind", []
    while address:
        with django_assert_max_num_queries(1):  # the page of rows
            page = visitor.get(address)
        seen += [link.get_text() for link in soup(page).select(".search-hit h2 a")]
        following = soup(page).select_one('a[rel="next"]')
        address = f"/questions/{following['href']}" if following else ""
    assert seen == [f"Question {n}." for n in range(44, -1, -1)]


def test_malicious_words_are_harmless(browser, member, curator, visitor):
    body = "<script>alert(1)</script> [press](javascript:alert(1)) <img src=x onerror=alert(1)>"
    page = visitor.get(at(answered(member, curator, professional(), body=body)))
    main = soup(page).find("main")
    assert not main.find("img")
    assert not [script for script in main.find_all("script") if "alert" in script.get_text()]
    assert not [link for link in main.find_all("a") if link["href"].startswith("javascript")]


# --- taking it back


@pytest.mark.parametrize("state", ["held", "open", "answered"])
def test_its_author_takes_it_back_at_any_time(state, member, curator, visitor, browser):
    make = {"held": lambda: asked(member), "open": lambda: passed_on(member, curator)}
    question = make.get(state, lambda: answered(member, curator, professional()))()
    assert browser.get(at(question, "withdraw_question")).status_code == 200
    assert browser.post(at(question, "withdraw_question")).status_code == 302
    assert visitor.get(at(question)).status_code == 302
    assert "You took this question back" in words(browser.get(at(question)))
    assert browser.post(at(question, "withdraw_question")).status_code == 302


def test_nobody_else_takes_it_back(member, curator, other_member, sign_in):
    question = answered(member, curator, professional())
    assert sign_in(other_member).post(at(question, "withdraw_question")).status_code == 403
    held = asked(member)
    assert sign_in(other_member).post(at(held, "withdraw_question")).status_code == 404


def test_its_words_are_erased_after_a_month_unless_a_case_is_open(member, curator):
    gone, kept = answered(member, curator, professional()), asked(member, body="Kept for a case.")
    factories.flag(kept)
    for question in (gone, kept):
        services.withdraw_question(author=member, question=question)
    assert services.erase_withdrawn() == 0
    Question.objects.update(withdrawn_at=timezone.now() - dt.timedelta(days=31))
    assert services.erase_withdrawn() == 1
    assert services.erase_withdrawn() == 0
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.body, gone.title, Answer.objects.get().body) == ("", "", "")
    assert kept.body == "Kept for a case."


def test_an_answer_to_a_question_that_was_taken_back_is_kept_from_being_shown(member, curator, desk):
    question = passed_on(member, curator)
    answer = handed_in(question, professional())
    services.withdraw_question(author=member, question=question)
    assert "No answer waits for you" in words(desk.get(reverse("answers_desk")))
    form = {"show": "1", "version": answer.version, "checked": ["general", "sure", "help", "plain", "private"]}
    page = desk.post(reverse("review_answer", args=[answer.public_id]), form)
    assert page.status_code == 409
    answer.refresh_from_db()
    assert answer.state == "review"


def test_a_question_that_everybody_reads_can_be_reported_and_ones_own_cannot(member, other_member, curator, sign_in):
    question = answered(member, curator, professional())
    report = reverse("flag", args=["question", question.public_id])
    page = sign_in(other_member).get(at(question))
    assert soup(page).find("a", href=report)
    assert "Report this question" in words(sign_in(other_member).get(report))
    assert sign_in(member).get(report).status_code == 404


def test_a_draft_with_marks_that_no_database_keeps_is_kept_without_them(browser, member):
    page = browser.post("/questions/ask/", {"save": "1", "title": "a\0b", "body": "c\0d", "topic": "body-and-mind"})
    assert page.status_code == 302
    assert Question.objects.get(author=member).body == "cd"
