import datetime as dt
from functools import partial

import pytest
from django.db import transaction
from django.urls import reverse

from forums.models import Post, Thread
from members.models import Member
from moderation import screening
from moderation.access import CannotDecideError
from moderation.models import AuditEntry, Case, Decision, Flag, Priority, Source
from moderation.services import cases, claims, decisions, reports
from tests import factories
from tests.at_once import at_once
from tests.pages import anyway, post, soup, value_of, words


def fresh(case):
    return Case.objects.get(pk=case.pk)


# --- claiming ------------------------------------------------------------------------------------------------


def test_a_claimed_case_can_be_decided_by_its_moderator_and_read_by_colleagues(
    claim, sign_in, moderator, other_moderator, case
):
    page = claim(moderator, case)
    assert "For twelve seconds you can undo it." in words(page)
    seen_by_colleague = words(sign_in(other_moderator).get(reverse("case", args=[case.public_id])))
    assert "A colleague has claimed this case. You can read along." in seen_by_colleague
    assert "For twelve seconds you can undo it." not in seen_by_colleague
    assert "keeper has this case until" in seen_by_colleague


def test_a_colleague_cannot_claim_what_is_claimed(claim, moderator, other_moderator, case):
    claim(moderator, case)
    assert "This case is not free" in words(claim(other_moderator, case))
    assert fresh(case).claimed_by == moderator


def test_a_claim_ends_by_itself_and_then_a_colleague_may_take_over(claim, moderator, other_moderator, case):
    claim(moderator, case)
    assert fresh(case).lease_until - factories.now() <= dt.timedelta(minutes=30)
    Case.objects.update(lease_until=factories.now() - dt.timedelta(seconds=1))
    claim(other_moderator, case)
    assert fresh(case).claimed_by == other_moderator


def test_claiming_again_renews_ones_own_claim(claim, moderator, case):
    claim(moderator, case)
    soon = factories.now() + dt.timedelta(minutes=1)
    Case.objects.update(lease_until=soon)
    claim(moderator, case)
    assert fresh(case).lease_until > soon


def test_a_moderators_own_words_are_a_colleagues_case(claim, decide, moderator, other_moderator):
    case = factories.flag(factories.PostFactory(author=moderator)).case
    assert claim(moderator, case).status_code == 404
    assert fresh(case).claimed_by is None
    assert decide(other_moderator, case).status_code == 302


def test_a_moderator_never_reads_who_reported_them(sign_in, moderator, other_moderator):
    case = factories.flag(factories.PostFactory(author=moderator)).case
    address = reverse("case", args=[case.public_id])
    assert sign_in(moderator).get(address).status_code == 404
    assert "Nothing waits" in words(sign_in(moderator).get(reverse("queue")))
    assert sign_in(other_moderator).get(address).status_code == 200


def test_a_case_that_nobody_claimed_cannot_be_decided(sign_in, moderator, case, rule):
    form = {"action": "hide", "rule": rule.pk, "reason": "Unkind.", "version": case.version}
    answer = sign_in(moderator).post(reverse("decide", args=[case.public_id]), form)
    assert answer.status_code == 409
    assert "Claim the case first" in words(answer)
    assert not Decision.objects.exists()


def test_a_new_report_is_read_before_the_decision(decide, moderator, case, scene):
    factories.flag(scene.reply)
    page = decide(moderator, case)
    assert page.status_code == 409
    assert "Something new arrived in this case." in words(page)
    assert decide(moderator, fresh(case)).status_code == 302


def test_a_hidden_reply_no_longer_answers_its_thread(decide, moderator, case, scene):
    decide(moderator, case)
    scene.thread.refresh_from_db()
    assert scene.thread.answered_at is None


def test_a_decided_case_cannot_be_claimed(claim, decide, moderator, other_moderator, case):
    decide(moderator, case)
    assert "This case is not free" in words(claim(other_moderator, case))


def test_of_moderators_who_claim_at_the_same_instant_one_wins(shared_database):
    case = factories.flag(factories.PostFactory()).case
    moderators = factories.MemberFactory.create_batch(4, is_moderator=True)
    won = at_once(*[partial(claims.claim, moderator=who, case=case) for who in moderators])
    assert sorted(won) == [False, False, False, True]
    assert fresh(case).claimed_by == moderators[won.index(True)]


def test_of_two_windows_that_decide_at_the_same_instant_one_is_heard(shared_database):
    who = factories.MemberFactory(is_moderator=True)
    case = factories.claimed(factories.flag(factories.PostFactory()).case, by=who)
    rule = factories.RuleFactory()

    def hide():
        try:
            decisions.decide(moderator=who, case=case, version=1, action="hide", reason="Unkind.", rule=rule)
        except CannotDecideError as error:
            return str(error)
        return "heard"

    answers = at_once(*[hide] * 3)
    assert sorted(answers)[2] == "heard"
    assert answers.count("heard") == 1
    assert factories.let_settle() == 1
    assert Decision.objects.count() == 1


def send_decision(browser, case, rule, reason, *, claim_first=False):
    if claim_first:
        browser.post(reverse("claim", args=[case.public_id]))
    form = {"action": "hide", "rule": rule.pk, "reason": reason, "private_note": f"{reason} (note)", "version": 1}
    return browser.post(reverse("decide", args=[case.public_id]), form)


def refused(page, reason):
    """The page says that nothing came of it, and gives back what was written."""
    assert page.status_code == 409
    kept = [area.get_text().strip() for area in soup(page).select(".error-summary textarea[readonly]")]
    assert kept == [reason, f"{reason} (note)"]
    return words(page)


def test_of_two_moderators_who_decide_as_a_claim_runs_out_one_is_heard_and_the_other_told(shared_database, sign_in):
    moderators = factories.MemberFactory.create_batch(2, is_moderator=True)
    case = factories.claimed(factories.flag(factories.PostFactory()).case, by=moderators[0])
    Case.objects.update(lease_until=factories.now() - dt.timedelta(seconds=1))
    browsers, rule = [sign_in(who) for who in moderators], factories.RuleFactory()
    answers = at_once(
        partial(send_decision, browsers[0], case, rule, "The first."),
        partial(send_decision, browsers[1], case, rule, "The second.", claim_first=True),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    won = 0 if answers[0].status_code == 302 else 1
    said = refused(answers[1 - won], ["The first.", "The second."][1 - won])
    assert "A colleague has claimed this case meanwhile. Your decision was not used." in said
    assert factories.let_settle() == 1
    made = Decision.objects.get()
    assert (made.decider, made.reason) == (moderators[won], ["The first.", "The second."][won])


def test_a_claim_that_ran_out_while_somebody_wrote_is_still_theirs(claim, sign_in, moderator, case, rule):
    claim(moderator, case)
    Case.objects.update(lease_until=factories.now() - dt.timedelta(minutes=9))
    assert send_decision(sign_in(moderator), case, rule, "Unkind.").status_code == 302
    assert factories.let_settle() == 1


def test_whoever_comes_late_reads_what_happened_and_has_their_words(
    claim, sign_in, moderator, other_moderator, case, rule
):
    claim(moderator, case)
    Case.objects.update(lease_until=factories.now() - dt.timedelta(minutes=9))
    assert send_decision(sign_in(other_moderator), case, rule, "Unkind.", claim_first=True).status_code == 302
    late = refused(send_decision(sign_in(moderator), case, rule, "Too late."), "Too late.")
    assert "A colleague has claimed this case meanwhile. Your decision was not used." in late
    assert "A colleague has just decided this case." in late
    factories.let_settle()
    later = refused(send_decision(sign_in(moderator), case, rule, "Later."), "Later.")
    assert "Somebody has decided this case meanwhile. Your decision was not used." in later
    assert Decision.objects.get().decider == other_moderator


# --- deciding ------------------------------------------------------------------------------------------------


def test_hidden_words_fold_into_a_tombstone_for_everybody(
    decide, sign_in, moderator, member, other_member, case, scene
):
    assert decide(moderator, case).headers["Location"] == reverse("queue")
    for reader in (member, other_member, moderator):
        page = sign_in(reader).get(scene.thread.get_absolute_url())
        assert "A moderator hid this post." in post(page, 2).get_text()
        assert "I know that kind of week." not in page.text
    assert Post.objects.get(pk=scene.reply.pk).body == "I know that kind of week."


def test_a_hidden_opening_post_takes_its_thread_along(decide, sign_in, moderator, member, other_member, scene):
    decide(moderator, factories.flag(scene.opening).case)
    assert sign_in(other_member).get(scene.thread.get_absolute_url()).status_code == 404
    for reader in (member, moderator):
        assert "A moderator hid this post." in sign_in(reader).get(scene.thread.get_absolute_url()).text


def test_what_was_left_as_it_is_stays(decide, sign_in, moderator, member, case, scene):
    assert decide(moderator, case, action="approve", rule="", reason="").status_code == 302
    assert "I know that kind of week." in sign_in(member).get(scene.thread.get_absolute_url()).text


@pytest.mark.parametrize(("action", "shown"), [("approve", True), ("keep", False)])
def test_hidden_words_are_shown_again_only_when_a_later_decision_says_so(
    decide, sign_in, moderator, member, case, scene, action, shown
):
    decide(moderator, case)
    decide(moderator, factories.flag(scene.reply).case, action=action)
    assert ("I know that kind of week." in sign_in(member).get(scene.thread.get_absolute_url()).text) is shown


def test_nobody_reports_words_that_are_hidden_already(decide, sign_in, moderator, member, case, scene):
    decide(moderator, case)
    address = reverse("flag", args=["post", scene.reply.public_id])
    assert sign_in(member).post(address, {"reason": "abuse"}).status_code == 404


def test_hidden_words_that_were_approved_are_read(decide, sign_in, moderator, member, case, scene):
    decide(moderator, case)
    decide(moderator, factories.flag(scene.reply).case, action="approve")
    assert "I know that kind of week." in sign_in(member).get(scene.thread.get_absolute_url()).text


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"rule": ""}, "A restriction needs the rule it rests on."),
        ({"rule": "999999"}, "Select a valid choice."),
        ({"reason": ""}, "The author reads this."),
        ({"reason": " \n "}, "The author reads this."),
        ({"action": ""}, "This field is required."),
        ({"action": "banish"}, "has changed or is no longer there"),
    ],
)
def test_a_restriction_needs_a_rule_and_a_reason(claim, decide, moderator, case, scene, missing, sentence):
    claim(moderator, case)
    page = decide(moderator, case, **missing)
    assert page.status_code == 422
    assert sentence in words(page)
    assert value_of(page, "private_note") == "Second time this week."
    assert not Decision.objects.exists()
    assert Post.objects.get(pk=scene.reply.pk).visibility == "visible"


def test_a_retired_rule_is_no_longer_a_ground(decide, moderator, case):
    retired = factories.RuleFactory(is_active=False)
    assert decide(moderator, case, rule=retired.pk).status_code == 422


def test_something_new_in_the_case_asks_for_another_look_and_keeps_the_words(claim, decide, moderator, case, scene):
    claim(moderator, case)
    seen = fresh(case)
    factories.flag(scene.reply, reason=Flag.Reason.DANGER)
    page = decide(moderator, seen)
    assert page.status_code == 409
    assert "Something new arrived in this case. Please look again" in words(page)
    assert value_of(page, "reason") == "It tells somebody to pull themselves together."
    assert value_of(page, "private_note") == "Second time this week."
    assert value_of(page, "action") == ["hide"]
    assert value_of(page, "rule")
    # The second attempt is about the case as it is now.
    assert value_of(page, "version") == str(fresh(case).version)
    assert decide(moderator, seen, version=value_of(page, "version")).status_code == 302


def test_a_colleagues_claim_is_respected_and_the_words_are_not_lost(claim, decide, moderator, other_moderator, case):
    claim(other_moderator, case)
    page = decide(moderator, case)
    assert page.status_code == 409
    assert "A colleague has claimed this case meanwhile. Your decision was not used." in words(page)
    assert "It tells somebody to pull themselves together." in page.text
    assert not Decision.objects.exists()


def test_a_case_that_is_decided_already_says_so_and_the_words_are_not_lost(decide, moderator, other_moderator, case):
    decide(other_moderator, case, action="approve")
    page = decide(moderator, case)
    assert page.status_code == 409
    assert "Somebody has decided this case meanwhile. Your decision was not used." in words(page)
    assert "It tells somebody to pull themselves together." in page.text
    assert Decision.objects.count() == 1


def test_a_case_about_words_that_are_gone_says_so(claim, decide, moderator, case):
    Case.objects.update(subject_id=10**9)
    claim(moderator, case)
    page = decide(moderator, fresh(case))
    assert page.status_code == 422
    assert "What this case is about has changed or is no longer there." in words(page)


def test_a_decision_that_fails_half_way_leaves_nothing_behind(moderator, case, rule, scene, monkeypatch):
    def falls_over(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("notifications.services.record", falls_over)
    factories.claimed(case, by=moderator)
    decisions.decide(moderator=moderator, case=case, version=1, action="hide", reason="Unkind.", rule=rule)
    assert factories.let_settle() == 0
    assert Post.objects.get(pk=scene.reply.pk).visibility == "visible"
    assert not Decision.objects.exists()
    assert fresh(case).state == "open"


def test_a_restriction_without_a_rule_is_refused_below_the_form_too(moderator, case):
    factories.claimed(case, by=moderator)
    with pytest.raises(CannotDecideError, match="needs the rule"):
        decisions.decide(moderator=moderator, case=case, version=1, action="hide", reason="Unkind.")


def test_claims_and_decisions_are_in_the_log(claim, decide, moderator, case, scene):
    claim(moderator, case)
    decide(moderator, case)
    entries = AuditEntry.objects.filter(actor=moderator).order_by("id")
    assert [entry.verb for entry in entries if entry.verb != "see-case"] == ["claim", "decide:hide"]
    decided = entries.get(verb="decide:hide")
    assert (decided.subject_kind, decided.subject_id) == ("post", scene.reply.pk)


# --- what people are told -------------------------------------------------------------------------------------


@pytest.fixture
def decided(worker, decide, moderator, case, rule):
    with worker():
        decide(moderator, case)
    return Decision.objects.get()


def test_the_author_reads_what_was_done_which_rule_why_and_how_to_appeal(sign_in, decided, other_member):
    page = words(sign_in(other_member).get(reverse("decision", args=[decided.public_id])))
    for seen in (
        "Your post was hidden.",
        "Until a moderator changes it.",
        "No insults, no belittling",
        "It tells somebody to pull themselves together.",
        "a report by a member",
        "No machine decides here.",
        "Ask for another look",
        "I know that kind of week.",
    ):
        assert seen in page


def test_the_author_is_never_told_who_reported_or_what_moderators_noted(sign_in, decided, other_member):
    reporter = Flag.objects.get().reporter
    assert reporter
    browser = sign_in(other_member)
    for name, arguments in (("decision", [decided.public_id]), ("notices", []), ("my_reports", [])):
        page = browser.get(reverse(name, args=arguments)).text
        assert reporter.username not in page
        assert "Second time this week." not in page


def test_words_noticed_by_screening_say_so(decide, sign_in, moderator, member, other_member):
    thread = factories.ThreadFactory(author=member)
    anyway(sign_in(other_member), reverse("reply", args=[thread.public_id]), {"body": "I want to die."})
    decide(moderator, Case.objects.get())
    page = sign_in(other_member).get(reverse("decision", args=[Decision.objects.get().public_id]))
    assert "automatic screening" in words(page)
    assert "A person decided." in words(page)


def test_a_statement_is_for_its_author_and_for_moderators(sign_in, visitor, decided, member, other_moderator, curator):
    address = reverse("decision", args=[decided.public_id])
    reporter = Flag.objects.get().reporter
    for reader in (member, curator, reporter):
        assert sign_in(reader).get(address).status_code == 404
    assert sign_in(other_moderator).get(address).status_code == 200
    assert visitor.get(address).status_code == 302


def test_a_decision_that_restricts_nothing_has_no_statement(decide, sign_in, moderator, other_member, case):
    decide(moderator, case, action="approve")
    address = reverse("decision", args=[Decision.objects.get().public_id])
    assert sign_in(other_member).get(address).status_code == 404


def test_author_and_reporter_are_told_and_nobody_else(decided, mailoutbox, other_member):
    told = {notice.recipient: notice.event.kind for notice in other_member.notices.model.objects.all()}
    assert told == {other_member: "decision_about_you", Flag.objects.get().reporter: "report_decided"}
    # Reporters find the outcome on the site; only who was restricted gets a mail.
    assert [mail.to for mail in mailoutbox] == [[other_member.email]]


def test_the_authors_notice_leads_to_the_statement(sign_in, decided, other_member):
    notice = other_member.notices.get()
    answer = sign_in(other_member).get(reverse("notice", args=[notice.public_id]))
    assert answer.headers["Location"] == reverse("decision", args=[decided.public_id])


def test_nobody_is_told_when_nothing_was_restricted_but_the_reporter(
    worker, decide, moderator, case, other_member, mailoutbox
):
    with worker():
        decide(moderator, case, action="approve")
    assert not other_member.notices.exists()
    assert Member.objects.get(flags__isnull=False).notices.get().event.kind == "report_decided"
    assert mailoutbox == []


def test_a_hidden_reply_is_no_longer_news(worker, decide, sign_in, moderator, member, other_member):
    thread = factories.ThreadFactory(author=member)
    with worker():
        sign_in(other_member).post(reverse("reply", args=[thread.public_id]), {"body": "I see that quite differently."})
    decide(moderator, factories.flag(Post.objects.get(thread=thread, number=2)).case)
    assert "Somebody replied" not in words(sign_in(member).get(reverse("notices")))


def test_guidelines_are_public_and_show_what_is_in_force(visitor, rule):
    factories.RuleFactory(title="An old rule", is_active=False)
    page = visitor.get(reverse("guidelines"))
    assert page.status_code == 200
    assert "No insults, no belittling" in words(page)
    assert "An old rule" not in words(page)


def test_a_hidden_thread_is_not_on_lists(decide, sign_in, moderator, newcomer, scene):
    lonely = factories.ThreadFactory(board=scene.board, title="To be hidden")
    decide(moderator, factories.flag(lonely.posts.get()).case)
    for address in (scene.board.get_absolute_url(), reverse("waiting"), reverse("home")):
        assert "To be hidden" not in sign_in(newcomer).get(address).text
    assert Thread.objects.get(pk=lonely.pk).visibility == "hidden"


@pytest.mark.parametrize(
    ("found", "flagged", "source", "by_machine"),
    [
        ((screening.read_first("newcomer"),), False, "moderator", False),
        ((screening.asks_for_help(),), False, "author", False),
        ((screening.read_first("newcomer"),), True, "report", False),
    ],
)
def test_what_nobody_found_by_machine_does_not_say_so(scene, moderator, rule, found, flagged, source, by_machine):
    with transaction.atomic():
        cases.open_for_signals(subject=scene.reply, verdict=screening.Verdict(found))
    if flagged:
        factories.flag(scene.reply)
    factories.decided(Case.objects.get(), by=moderator, rule=rule)
    made = Decision.objects.get()
    assert (made.source, made.found_by_machine) == (source, by_machine)


def test_what_was_reported_after_screening_noticed_it_says_both(scene, moderator, rule):
    with transaction.atomic():
        cases.open_for_signals(subject=scene.reply, verdict=screening.screen("I want to die."))
    factories.flag(scene.reply)
    factories.decided(Case.objects.get(), by=moderator, rule=rule)
    made = Decision.objects.get()
    assert (made.source, made.found_by_machine) == ("report", True)


@pytest.mark.parametrize("source", ["author", "moderator", "automation"])
def test_what_others_reported_came_through_them_whatever_began_the_case(scene, moderator, rule, source):
    with transaction.atomic():
        case = cases.open_or_join(subject=scene.reply, priority=Priority.ABUSE, source=Source(source))
    factories.flag(scene.reply)
    factories.decided(case, by=moderator, rule=rule)
    assert Decision.objects.get().source == "report"


def test_what_somebody_outside_reported_after_its_decider_came_through_them(scene, moderator, rule):
    case = factories.flag(scene.reply, reporter=moderator).case
    reports.report_from_outside(subject=scene.reply, address="/", reason=Flag.Reason.ABUSE, why="It is unkind.")
    factories.decided(case, by=moderator, rule=rule)
    assert Decision.objects.get().source == "outside"


def test_a_moderator_who_reported_it_leaves_it_to_a_colleague(
    claim, decide, sign_in, scene, moderator, other_moderator
):
    case = factories.flag(scene.reply, reporter=moderator).case
    page = sign_in(moderator).get(reverse("case", args=[case.public_id]))
    assert "You reported this, so a colleague decides." in words(page)
    assert not soup(page).find("form", action=reverse("claim", args=[case.public_id]))
    claim(moderator, case)
    assert Case.objects.get().claimed_by is None
    assert claims.take_next(moderator=moderator) is None
    answer = decide(moderator, case)
    assert answer.status_code == 409
    assert "You reported this, so a colleague decides." in words(answer)
    Case.objects.update(claimed_by=None, lease_until=None)
    assert claims.take_next(moderator=other_moderator) == case


def test_the_only_moderator_decides_what_they_reported_and_it_is_said(
    claim, decide, sign_in, scene, moderator, other_member, member
):
    case = factories.flag(scene.reply, reporter=moderator).case
    gone = factories.MemberFactory(is_moderator=True, is_active=False)
    away = factories.MemberFactory(is_moderator=True, suspended_until=factories.now() + dt.timedelta(days=2))
    assert claims.take_next(moderator=moderator) == case
    page = words(claim(moderator, case))
    assert "You reported this yourself. Nobody else here could decide it, so you can" in page
    assert decide(moderator, fresh(case)).status_code == 302
    made = Decision.objects.get()
    assert (made.decider, made.source) == (moderator, "moderator")
    statement = words(sign_in(other_member).get(reverse("decision", args=[made.public_id])))
    assert "noticed through a moderator's own reading" in statement.replace("’", "'")
    assert "report" not in statement.partition("noticed through")[2][:60]
    assert AuditEntry.objects.get(verb="decide:hide").details["own_report"] is True
    # It says nothing of how good their eye is.
    assert Flag.objects.get().judged == ""
    assert not {gone, away} & {made.decider}


def test_what_others_reported_too_came_through_a_report(decide, scene, moderator):
    case = factories.flag(scene.reply, reporter=moderator).case
    factories.flag(scene.reply)
    decide(moderator, fresh(case))
    assert Decision.objects.get().source == "report"
    assert AuditEntry.objects.get(verb="decide:hide").details["own_report"] is True
    assert sorted(Flag.objects.values_list("judged", flat=True)) == ["", "fair"]


def test_where_all_moderators_reported_it_one_of_them_decides(decide, scene, moderator, other_moderator):
    case = factories.flag(scene.reply, reporter=moderator).case
    factories.flag(scene.reply, reporter=other_moderator)
    assert decide(other_moderator, fresh(case)).status_code == 302
    assert Decision.objects.get().decider == other_moderator


def test_nobody_judges_the_only_colleague_whom_they_reported(claim, decide, moderator, other_moderator):
    case = factories.flag(factories.PostFactory(author=other_moderator), reporter=moderator).case
    assert claims.take_next(moderator=moderator) is None
    claim(moderator, case)
    assert fresh(case).claimed_by is None
    assert decide(moderator, case).status_code == 409
    assert claims.take_next(moderator=other_moderator) is None
    third = factories.MemberFactory(is_moderator=True)
    Case.objects.update(claimed_by=None, lease_until=None)
    assert claims.take_next(moderator=third) == case


def test_a_colleague_who_began_to_moderate_meanwhile_decides(claim, decide, scene, moderator):
    case = factories.flag(scene.reply, reporter=moderator).case
    claim(moderator, case)
    factories.MemberFactory(is_moderator=True)
    answer = decide(moderator, fresh(case))
    assert answer.status_code == 409
    assert "You reported this, so a colleague decides." in words(answer)


def test_the_only_moderator_never_decides_about_their_own_words(claim, decide, moderator, member):
    case = factories.flag(factories.PostFactory(author=moderator), reporter=member).case
    assert claims.take_next(moderator=moderator) is None
    assert claim(moderator, case).status_code == 404
    assert fresh(case).claimed_by is None
