"""Asking for another look at a decision, and somebody else's answer."""

import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from forums.models import Visibility
from members.models import Member
from moderation import access
from moderation.access.ladder import STEPS
from moderation.models import Appeal, AuditEntry, Decision, Flag, Sanction, SanctionKind
from moderation.services import appeals, sanctions
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, value_of, words

EVERY_STEP = [access.sanction_step(kind, hours) for kind, lengths in STEPS for hours in lengths]
TEXT = "I wrote it to a friend, who knew how it was meant."


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def decided(decide, moderator, case):
    """The scene's reply is hidden, and its author silenced for three days."""
    decide(moderator, case, sanction="silenced:72")
    return Decision.objects.get()


def address_of(decision):
    return reverse("appeal", args=[decision.public_id])


def judge_address(appeal):
    return reverse("appeal_judge", args=[appeal.public_id])


@pytest.fixture
def appeal(sign_in, decided, other_member):
    answer = sign_in(other_member).post(address_of(decided), {"text": TEXT})
    assert answer.headers["Location"] == reverse("decision", args=[decided.public_id])
    return Appeal.objects.get()


@pytest.fixture
def judge(sign_in):
    def send(who, appeal, outcome, status=302, **form):
        form = {"outcome": outcome, "answer": "I have read it all again."} | form
        answer = sign_in(who).post(judge_address(appeal), form)
        assert answer.status_code == status, words(answer)
        return answer

    return send


# --- asking ---------------------------------------------------------------------------------------------------


def test_the_statement_says_how_to_ask_and_until_when(sign_in, decided, other_member):
    page = sign_in(other_member).get(reverse("decision", args=[decided.public_id]))
    assert address_of(decided) in page.text
    until = timezone.localtime(decided.decided_at + dt.timedelta(days=183))
    assert f"You can ask until {until.day} {until:%B %Y}." in words(page)
    assert "out-of-court dispute settlement" in words(page)


def test_whoever_asked_reads_that_somebody_else_looks_at_it_and_by_when(sign_in, decided, appeal, other_member):
    assert (appeal.author, appeal.decider, appeal.state) == (other_member, decided.decider, "open")
    assert abs(appeal.due_at - factories.now() - dt.timedelta(days=7)) < dt.timedelta(minutes=1)
    page = sign_in(other_member).get(reverse("decision", args=[decided.public_id]))
    assert "Somebody else than the person who decided looks at it by" in words(page)
    assert TEXT in words(page)
    assert address_of(decided) not in page.text


def test_there_is_one_appeal_a_decision(sign_in, decided, appeal, other_member):
    browser = sign_in(other_member)
    assert browser.get(address_of(decided)).status_code == 302
    again = browser.post(address_of(decided), {"text": "And another thing."})
    assert again.status_code == 409
    assert "You asked for another look already." in words(again)
    assert value_of(again, "text") == "And another thing."
    assert Appeal.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001])
def test_an_appeal_has_words_and_not_too_many(sign_in, decided, other_member, text):
    assert sign_in(other_member).post(address_of(decided), {"text": text}).status_code == 422
    assert not Appeal.objects.exists()


def test_after_six_months_it_is_too_late(sign_in, decided, other_member, monkeypatch):
    monkeypatch.setattr("moderation.models.decisions.APPEAL_WINDOW", dt.timedelta(0))
    answer = sign_in(other_member).post(address_of(decided), {"text": TEXT})
    assert answer.status_code == 409
    assert "The time in which this could be appealed against is over." in words(answer)
    page = words(sign_in(other_member).get(reverse("decision", args=[decided.public_id])))
    assert "The six months in which this could be appealed against are over." in page


@pytest.mark.parametrize("who", ["member", "curator", "moderator", "other_moderator", "admin"])
def test_nobody_else_appeals(request, sign_in, visitor, decided, who):
    browser = sign_in(request.getfixturevalue(who))
    assert browser.get(address_of(decided)).status_code == 404
    assert browser.post(address_of(decided), {"text": TEXT}).status_code == 404
    assert visitor.post(address_of(decided), {"text": TEXT}).status_code == 302
    with pytest.raises(PermissionDenied):
        appeals.appeal(author=request.getfixturevalue(who), decision=decided, text=TEXT)
    assert not Appeal.objects.exists()


def test_what_restricted_nothing_is_not_appealed_against(decide, sign_in, moderator, other_member, case):
    decide(moderator, case, action="approve")
    assert sign_in(other_member).get(address_of(Decision.objects.get())).status_code == 404


def test_words_sent_after_the_session_had_ended_come_back(visitor, decided, other_member):
    visitor.post(address_of(decided), {"text": TEXT})
    visitor.force_login(other_member)
    assert value_of(visitor.get(address_of(decided)), "text") == TEXT
    assert not Appeal.objects.exists()


def test_of_two_appeals_at_the_same_instant_one_is_kept(shared_database):
    decision = _decided(factories.PostFactory())

    def ask():
        try:
            return bool(appeals.appeal(author=decision.author, decision=fresh(decision), text=TEXT))
        except access.CannotAppealError:
            return False

    assert sorted(at_once(*[ask] * 3)) == [False, False, True]


def _decided(post):
    who, rule = factories.MemberFactory(is_moderator=True), factories.RuleFactory()
    return factories.decided(factories.flag(post).case, by=who, rule=rule).decisions.get()


# --- who judges -----------------------------------------------------------------------------------------------


def test_colleagues_find_it_on_their_list_the_most_urgent_first(sign_in, appeal, moderator, other_moderator, member):
    second = factories.AppealFactory(
        decision=_decided(factories.PostFactory(author=member)), due_at=factories.now() - dt.timedelta(hours=1)
    )
    page = sign_in(other_moderator).get(reverse("appeals"))
    links = [link["href"] for link in soup(page).select(".notice-row a")]
    assert links == [judge_address(second), judge_address(appeal)]
    assert "Overdue" in words(page)
    assert "by birch" in words(page)
    # Not to who made the decision.
    assert judge_address(appeal) not in sign_in(moderator).get(reverse("appeals")).text


def test_who_decided_and_who_appeals_do_not_judge(sign_in, moderator, appeal, judge):
    assert sign_in(moderator).get(judge_address(appeal)).status_code == 403
    judge(moderator, appeal, "upheld", status=403)
    with pytest.raises(PermissionDenied):
        appeals.judge(moderator=moderator, appeal=appeal, outcome=Appeal.State.UPHELD, answer="No.")
    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.update(judge=moderator, state="upheld", judged_at=factories.now())


def test_a_moderator_who_appeals_does_not_find_it(sign_in, decide, moderator, other_moderator, judge):
    decide(moderator, factories.flag(factories.PostFactory(author=other_moderator)).case)
    own = factories.AppealFactory(decision=Decision.objects.get())
    browser = sign_in(other_moderator)
    assert judge_address(own) not in browser.get(reverse("appeals")).text
    assert browser.get(judge_address(own)).status_code == 404
    judge(other_moderator, own, "withdrawn", status=404)
    with pytest.raises(PermissionDenied):
        appeals.judge(moderator=other_moderator, appeal=own, outcome=Appeal.State.WITHDRAWN, answer="Yes.")


def test_whoever_reported_it_does_not_judge(
    worker, sign_in, decide, judge, scene, moderator, other_moderator, other_member, admin
):
    decide(moderator, factories.flag(scene.reply, reporter=other_moderator).case)
    with worker():
        sign_in(other_member).post(address_of(Decision.objects.get()), {"text": TEXT})
    appeal = Appeal.objects.get()
    browser = sign_in(other_moderator)
    assert browser.get(judge_address(appeal)).status_code == 403
    assert judge_address(appeal) not in browser.get(reverse("appeals")).text
    judge(other_moderator, appeal, "upheld", status=403)
    with pytest.raises(PermissionDenied):
        appeals.judge(moderator=other_moderator, appeal=appeal, outcome=Appeal.State.UPHELD, answer="No.")
    assert not other_moderator.notices.filter(event__kind="appeal_made").exists()
    assert judge_address(appeal) in sign_in(admin).get(reverse("appeals")).text
    assert admin.notices.filter(event__kind="appeal_made").exists()
    judge(admin, appeal, "upheld")


def test_where_nobody_else_could_judge_whoever_reported_it_does(
    worker, sign_in, decide, judge, scene, moderator, other_moderator, other_member
):
    factories.MemberFactory(is_moderator=True, suspended_until=factories.now() + dt.timedelta(days=2))
    decide(moderator, factories.flag(scene.reply, reporter=other_moderator).case)
    with worker():
        sign_in(other_member).post(address_of(Decision.objects.get()), {"text": TEXT})
    appeal = Appeal.objects.get()
    assert judge_address(appeal) in sign_in(other_moderator).get(reverse("appeals")).text
    assert other_moderator.notices.filter(event__kind="appeal_made").exists()
    judge(other_moderator, appeal, "withdrawn")
    assert fresh(appeal).state == "withdrawn"


def test_who_decided_first_is_not_told_of_an_appeal_against_what_took_its_place(
    worker, judge, sign_in, appeal, rule, moderator, other_moderator, other_member, admin
):
    judge(other_moderator, appeal, "changed", **instead(rule))
    made = Decision.objects.latest("id")
    with worker():
        sign_in(other_member).post(address_of(made), {"text": TEXT})
    told = Appeal.objects.get(decision=made)
    for who in (moderator, other_moderator):
        assert not who.notices.filter(event__kind="appeal_made", event__target_id=told.pk).exists()
    assert admin.notices.filter(event__kind="appeal_made", event__target_id=told.pk).exists()


@pytest.mark.parametrize("who", ["member", "other_member", "curator"])
def test_nobody_else_is_told_that_there_are_appeals(request, sign_in, visitor, appeal, who):
    browser = sign_in(request.getfixturevalue(who))
    for address in (reverse("appeals"), judge_address(appeal)):
        assert browser.get(address).status_code == 404
        assert visitor.get(address).status_code == 302
    assert browser.post(judge_address(appeal), {"outcome": "withdrawn", "answer": "Yes."}).status_code == 404
    assert fresh(appeal).state == "open"


def test_where_nobody_else_moderates_the_page_says_so(sign_in, appeal, moderator):
    page = words(sign_in(moderator).get(reverse("appeals")))
    assert "nobody else moderates here" in page
    factories.MemberFactory(is_moderator=True)
    assert "Somebody else judges them." in words(sign_in(moderator).get(reverse("appeals")))


def test_the_judge_reads_both_sides(sign_in, appeal, other_moderator):
    page = words(sign_in(other_moderator).get(judge_address(appeal)))
    for seen in (
        TEXT,
        "Your post was hidden.",
        "It tells somebody to pull themselves together.",
        "Second time this week.",
        "No insults, no belittling",
        "I know that kind of week.",
        "keeper",
    ):
        assert seen in page


def test_a_disguised_author_is_known_to_the_judge_by_their_disguise(decide, sign_in, moderator, other_moderator):
    author = factories.MemberFactory(username="kestrelwing")
    thread = factories.ThreadFactory(author=author, disguise=7)
    decide(moderator, factories.flag(thread.posts.get()).case)
    sign_in(author).post(address_of(Decision.objects.get()), {"text": TEXT})
    browser = sign_in(other_moderator)
    for address in (reverse("appeals"), judge_address(Appeal.objects.get())):
        page = browser.get(address)
        assert page.status_code == 200
        for trace in (author.username, author.email, str(author.public_id)):
            assert trace not in page.text
    assert not AuditEntry.objects.filter(actor=author).exists()


# --- what comes of it -----------------------------------------------------------------------------------------


def test_a_decision_that_stands_changes_nothing(
    judge, sign_in, worker, appeal, decided, scene, other_moderator, other_member
):
    with worker():
        judge(other_moderator, appeal, "upheld")
    assert fresh(scene.reply).visibility == Visibility.HIDDEN
    assert access.standing_sanction(other_member)
    assert Decision.objects.count() == 1
    judged = fresh(appeal)
    assert (judged.state, judged.judge, judged.outcome) == ("upheld", other_moderator, None)
    page = words(sign_in(other_member).get(reverse("decision", args=[decided.public_id])))
    assert "The decision stands." in page
    assert "I have read it all again." in page
    assert other_moderator.username not in page


def test_a_decision_that_is_taken_back_leaves_nothing_of_it(
    judge, sign_in, appeal, decided, scene, other_moderator, other_member, member
):
    judge(other_moderator, appeal, "withdrawn")
    assert "I know that kind of week." in sign_in(member).get(scene.thread.get_absolute_url()).text
    assert access.standing_sanction(other_member) is None
    taken_back = Decision.objects.get(replaces=decided)
    assert (taken_back.action, taken_back.decider, taken_back.statement) == ("withdrawn", other_moderator, "")
    assert fresh(appeal).outcome == taken_back
    page = words(sign_in(other_member).get(reverse("decision", args=[decided.public_id])))
    assert "The decision was taken back." in page
    assert "another look: the decision was withdrawn" in words(sign_in(other_member).get(reverse("decisions")))


def test_the_judge_is_told_what_could_not_be_undone(judge, appeal, decide, scene, moderator, other_moderator):
    decide(moderator, factories.flag(scene.reply).case, action="remove")
    answer = judge(other_moderator, appeal, "withdrawn")
    page = words(answer.client.get(reverse("appeals")))
    assert "What the first decision did could not be undone" in page
    assert fresh(scene.reply).visibility == Visibility.REMOVED
    assert AuditEntry.objects.get(verb="appeal:withdrawn").details["undone"] is False


def test_the_judge_is_not_told_so_where_all_is_undone(judge, appeal, scene, other_moderator):
    page = words(judge(other_moderator, appeal, "withdrawn").client.get(reverse("appeals")))
    assert "The member and the colleague who decided first are told." in page
    assert "could not be undone" not in page
    assert fresh(scene.reply).visibility == Visibility.VISIBLE


def test_a_suspension_ends_when_its_decision_is_taken_back(
    decide, judge, moderator, other_moderator, other_member, case
):
    decide(moderator, case, action="warn", sanction="suspended:0")
    appeal = factories.AppealFactory(decision=Decision.objects.get())
    judge(other_moderator, appeal, "withdrawn")
    assert fresh(other_member).suspended_until is None


def instead(by_rule, **changes):
    return {"action": "warn", "rule": by_rule.pk, "reason": "A hint would have done."} | changes


def test_another_decision_takes_the_place_of_the_first(
    judge, sign_in, appeal, decided, scene, rule, other_moderator, other_member, member
):
    judge(other_moderator, appeal, "changed", **instead(rule))
    assert "I know that kind of week." in sign_in(member).get(scene.thread.get_absolute_url()).text
    assert access.standing_sanction(other_member) is None
    made = Decision.objects.get(replaces=decided)
    assert (made.action, made.decider) == ("warn", other_moderator)
    browser = sign_in(other_member)
    first = browser.get(reverse("decision", args=[decided.public_id]))
    assert reverse("decision", args=[made.public_id]) in first.text
    page = words(browser.get(reverse("decision", args=[made.public_id])))
    assert "This is a warning." in page
    assert "A hint would have done." in page
    assert "Ask for another look" in page


def test_instead_it_can_be_edited_with_another_limit(judge, appeal, scene, rule, other_moderator, other_member):
    form = instead(rule, action="edit", edit_body="I know that week.", sanction="silenced:24")
    judge(other_moderator, appeal, "changed", **form)
    assert (fresh(scene.reply).visibility, fresh(scene.reply).body) == (Visibility.VISIBLE, "I know that week.")
    running = Sanction.objects.filter(member=other_member, lifted_at=None).get()
    assert running.decision == Decision.objects.latest("id")


@pytest.mark.parametrize(
    "more",
    [{"sanction": "suspended:24"}, {"sanction": "silenced:168"}, {"sanction": "suspended:0"}],
)
def test_an_appeal_makes_no_limit_longer_or_graver(judge, appeal, decided, rule, other_moderator, more):
    page = judge(other_moderator, appeal, "changed", status=422, **instead(rule, **more))
    assert "This limit cannot be chosen here." in words(page)
    assert value_of(page, "answer") == "I have read it all again."
    kind, hours = access.read_step(more["sanction"])
    ruling = appeals.Ruling(action="warn", rule=rule, reason="So.", sanction=kind, sanction_hours=hours)
    with pytest.raises(access.CannotJudgeError, match="An appeal makes nothing worse"):
        appeals.judge(
            moderator=other_moderator, appeal=appeal, outcome=Appeal.State.CHANGED, answer="So.", instead=ruling
        )
    assert (fresh(appeal).state, Decision.objects.get()) == ("open", decided)
    assert Sanction.objects.get().lifted_at is None


def offered(page):
    return [option["value"] for option in soup(page).select("select[name=sanction] option")]


def test_only_limits_are_offered_that_are_no_more_than_the_first(sign_in, appeal, other_moderator):
    page = sign_in(other_moderator).get(judge_address(appeal))
    # Silenced for 72 hours; nothing lasts longer, whatever it is.
    assert offered(page) == ["", "silenced:24", "silenced:72"]


def test_instead_of_a_limit_without_end_everything_is_offered(decide, sign_in, moderator, other_moderator, case):
    decide(moderator, case, action="warn", sanction="suspended:0")
    appeal = factories.AppealFactory(decision=Decision.objects.get())
    page = sign_in(other_moderator).get(judge_address(appeal))
    assert offered(page) == ["", *EVERY_STEP]


def test_where_the_first_had_no_limit_none_is_offered(decide, sign_in, judge, moderator, other_moderator, rule, case):
    decide(moderator, case)
    appeal = factories.AppealFactory(decision=Decision.objects.get())
    assert not offered(sign_in(other_moderator).get(judge_address(appeal)))
    judge(other_moderator, appeal, "changed", **instead(rule))
    assert Decision.objects.latest("id").action == "warn"


def let_pass(long):
    Sanction.objects.update(starts_at=F("starts_at") - long, ends_at=F("ends_at") - long)


def test_no_limit_is_offered_that_is_more_than_what_is_left_of_the_first(
    judge, sign_in, appeal, decided, rule, other_moderator
):
    let_pass(dt.timedelta(hours=30))
    assert offered(sign_in(other_moderator).get(judge_address(appeal))) == ["", "silenced:24"]
    judge(other_moderator, appeal, "changed", status=422, **instead(rule, sanction="silenced:72"))
    let_pass(dt.timedelta(hours=50))
    assert not offered(sign_in(other_moderator).get(judge_address(appeal)))


def test_in_the_place_of_a_limit_that_was_ended_early_there_is_none(sign_in, appeal, rule, moderator, other_moderator):
    sanctions.lift(actor=moderator, sanction=Sanction.objects.get(), reason="Enough.")
    assert not offered(sign_in(other_moderator).get(judge_address(appeal)))
    ruling = appeals.Ruling(action="warn", rule=rule, reason="So.", sanction=SanctionKind.SILENCED, sanction_hours=24)
    with pytest.raises(access.CannotJudgeError, match="An appeal makes nothing worse"):
        appeals.judge(
            moderator=other_moderator, appeal=appeal, outcome=Appeal.State.CHANGED, answer="So.", instead=ruling
        )


def test_a_limit_that_takes_the_place_of_another_ends_no_later(judge, appeal, rule, other_moderator):
    first = Sanction.objects.get()
    judge(other_moderator, appeal, "changed", **instead(rule, sanction="silenced:72"))
    made = Decision.objects.latest("id")
    assert made.ends_at == made.sanctions.get().ends_at == first.ends_at


@pytest.fixture
def among_staff(db):
    return factories.BoardFactory(audience="staff")


def test_an_appeal_does_not_move_a_thread_out_of_sight_in_the_place_of_less(
    decide, judge, scene, rule, moderator, other_moderator, among_staff
):
    decide(moderator, factories.flag(scene.opening).case, action="lock")
    appeal = factories.AppealFactory(decision=Decision.objects.get())
    form = instead(rule, action="move", move_board=among_staff.pk)
    page = judge(other_moderator, appeal, "changed", status=409, **form)
    assert "That is more than was decided first." in words(page)
    assert (fresh(scene.thread).board, fresh(scene.thread).state) == (scene.board, "locked")
    judge(other_moderator, appeal, "changed", **form | {"move_board": factories.BoardFactory().pk})
    assert fresh(scene.thread).state == "open"


def test_a_move_out_of_sight_is_as_much_as_hiding(decide, judge, scene, rule, moderator, other_moderator, among_staff):
    decide(moderator, factories.flag(scene.opening).case, action="move", move_board=among_staff.pk)
    appeal = factories.AppealFactory(decision=Decision.objects.get())
    judge(other_moderator, appeal, "changed", **instead(rule, action="hide"))
    assert (fresh(scene.thread).board, fresh(scene.thread).visibility) == (scene.board, Visibility.HIDDEN)


def test_under_a_disguise_nothing_is_offered_that_would_name_its_author(decide, sign_in, moderator, other_moderator):
    thread = factories.ThreadFactory(disguise=7)
    decide(moderator, factories.flag(thread.posts.get()).case, action="warn", sanction="suspended:0")
    appeal = factories.AppealFactory(decision=Decision.objects.get())
    found = offered(sign_in(other_moderator).get(judge_address(appeal)))
    assert "silenced:24" in found
    assert not [step for step in found if step.startswith("held_first")]
    ruling = appeals.Ruling(
        action="warn", rule=factories.RuleFactory(), reason="So.", sanction=SanctionKind.HELD_FIRST, sanction_hours=168
    )
    with pytest.raises(access.CannotJudgeError, match="tell whose it is"):
        appeals.judge(
            moderator=other_moderator, appeal=appeal, outcome=Appeal.State.CHANGED, answer="So.", instead=ruling
        )


def test_an_appeal_makes_no_removal_of_what_was_hidden(judge, sign_in, appeal, scene, rule, other_moderator):
    page = sign_in(other_moderator).get(judge_address(appeal))
    assert not soup(page).find("input", attrs={"name": "action", "value": "remove"})
    judge(other_moderator, appeal, "changed", status=422, **instead(rule, action="remove"))
    assert fresh(scene.reply).visibility == Visibility.HIDDEN


def test_who_decided_first_does_not_judge_what_took_its_place(
    judge, sign_in, appeal, rule, moderator, other_moderator, other_member
):
    judge(other_moderator, appeal, "changed", **instead(rule))
    made = Decision.objects.latest("id")
    sign_in(other_member).post(address_of(made), {"text": TEXT})
    second = Appeal.objects.get(decision=made)
    for who in (moderator, other_moderator):
        assert sign_in(who).get(judge_address(second)).status_code == 403
        assert str(second.public_id) not in sign_in(who).get(reverse("appeals")).text
    third = factories.MemberFactory(is_moderator=True)
    assert sign_in(third).get(judge_address(second)).status_code == 200


@pytest.mark.parametrize(
    "missing",
    [{"action": ""}, {"rule": ""}, {"reason": ""}, {"action": "approve"}, {"action": "edit"}, {"answer": ""}],
)
def test_another_decision_needs_all_that_a_decision_needs(judge, appeal, scene, rule, other_moderator, missing):
    page = judge(other_moderator, appeal, "changed", status=422, **instead(rule, **missing))
    assert value_of(page, "answer") == missing.get("answer", "I have read it all again.")
    assert fresh(appeal).state == "open"
    assert fresh(scene.reply).visibility == Visibility.HIDDEN


def test_what_cannot_be_done_instead_changes_nothing(judge, appeal, scene, rule, other_moderator, decided):
    form = instead(rule, action="edit", edit_body="I know that kind of week.")
    page = judge(other_moderator, appeal, "changed", status=409, **form)
    assert "These are the words that stand there." in words(page)
    assert fresh(scene.reply).visibility == Visibility.HIDDEN
    assert Sanction.objects.get().lifted_at is None
    assert Decision.objects.get() == decided
    assert fresh(appeal).state == "open"


def test_what_is_written_for_another_outcome_is_not_used(judge, appeal, rule, other_moderator):
    judge(other_moderator, appeal, "upheld", action="nonsense", rule="7777777", sanction="forever")
    assert fresh(appeal).state == "upheld"


def test_where_the_words_are_gone_the_limit_ends_nevertheless(judge, appeal, decided, other_moderator, other_member):
    decided.case.__class__.objects.update(subject_id=10**9)
    judge(other_moderator, appeal, "withdrawn")
    assert access.standing_sanction(other_member) is None


def test_everybody_whom_it_concerns_is_told_and_by_mail_only_who_asked(
    worker, judge, appeal, moderator, other_moderator, member, other_member, mailoutbox, sign_in
):
    reporter = Flag.objects.get().reporter
    with worker():
        judge(other_moderator, appeal, "withdrawn")
    # The thread's author hears of the reply that is there again.
    mails = [mail for mail in mailoutbox if mail.to != [member.email]]
    assert [mail.to for mail in mails] == [[other_member.email]]
    assert "appeal" not in str(mails[0].message()).lower()
    for who, sentence in (
        (other_member, "Somebody else has looked at the decision you asked about."),
        (moderator, "A colleague has judged an appeal against a decision of yours."),
        (reporter, "somebody looked again at something you reported, and decided otherwise."),
    ):
        browser = sign_in(who)
        assert sentence in words(browser.get(reverse("notices")))
        assert who
        notice = who.notices.latest("id")
        assert browser.get(reverse("notice", args=[notice.public_id]), follow=True).status_code == 200


def test_reporters_are_not_told_of_an_appeal_that_changed_nothing(worker, judge, appeal, other_moderator):
    with worker():
        judge(other_moderator, appeal, "upheld")
    told = {notice.event.kind for notice in Member.objects.get(flags__isnull=False).notices.all()}
    assert "report_changed" not in told


def test_moderators_are_told_of_an_appeal_but_not_who_decided(
    worker, sign_in, decided, moderator, other_moderator, other_member
):
    with worker():
        sign_in(other_member).post(address_of(decided), {"text": TEXT})
    notice = other_moderator.notices.get(event__kind="appeal_made")
    answer = sign_in(other_moderator).get(reverse("notice", args=[notice.public_id]))
    assert answer.headers["Location"] == judge_address(Appeal.objects.get())
    assert not moderator.notices.filter(event__kind="appeal_made").exists()


def test_an_appeal_is_judged_once_and_the_words_of_the_second_judge_are_not_lost(
    judge, appeal, admin, other_moderator, scene
):
    judge(other_moderator, appeal, "upheld")
    page = judge(admin, appeal, "withdrawn", status=409, answer="He is right.")
    assert "A colleague has judged this appeal meanwhile." in words(page)
    assert "He is right." in page.text
    assert fresh(scene.reply).visibility == Visibility.HIDDEN


def test_of_two_judges_at_the_same_instant_one_wins(shared_database):
    appeal = factories.AppealFactory(decision=_decided(factories.PostFactory()))
    judges = factories.MemberFactory.create_batch(2, is_moderator=True)

    def judge(who):
        try:
            appeals.judge(moderator=who, appeal=appeal, outcome=Appeal.State.WITHDRAWN, answer="Yes.")
        except access.CannotJudgeError as error:
            return str(error)
        return "judged"

    said = at_once(*[partial(judge, who) for who in judges])
    assert sorted(said)[1] == "judged"
    assert "A colleague has judged this appeal meanwhile." in sorted(said)[0]
    assert Decision.objects.filter(replaces__isnull=False).count() == 1


def test_an_appeal_and_its_outcome_are_in_the_log(judge, appeal, other_moderator):
    judge(other_moderator, appeal, "withdrawn")
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-3:] == ["appeal", "lift-sanction", "appeal:withdrawn"]


def test_the_list_costs_the_same_whatever_its_length(sign_in, appeal, other_moderator, django_assert_num_queries):
    browser = sign_in(other_moderator)
    browser.get(reverse("appeals"))
    # who it is; appeals; what they are about is called; one's own that wait for others
    with django_assert_num_queries(4):
        browser.get(reverse("appeals"))
    for _number in range(3):
        factories.AppealFactory(decision=_decided(factories.PostFactory()))
    with django_assert_num_queries(4):
        browser.get(reverse("appeals"))


# --- the member's list ----------------------------------------------------------------------------------------


def test_a_member_finds_what_was_decided_about_them_and_nobody_elses(
    sign_in, decided, other_member, member, other_moderator
):
    page = sign_in(other_member).get(reverse("decisions"))
    assert reverse("decision", args=[decided.public_id]) in page.text
    assert "No insults, no belittling" in words(page)
    for who in (member, other_moderator):
        assert "Nothing was decided about you" in words(sign_in(who).get(reverse("decisions")))
    assert reverse("decisions") in sign_in(member).get(reverse("settings")).text


def test_what_was_left_as_it_is_is_not_on_the_list(decide, sign_in, moderator, other_member, case):
    decide(moderator, case, action="approve")
    assert "Nothing was decided about you" in words(sign_in(other_member).get(reverse("decisions")))


def test_the_rule_is_shown_as_it_read_then(sign_in, decided, other_member, admin, rule):
    from moderation.services import rules

    page = reverse("decision", args=[decided.public_id])
    assert "What everybody agreed to." in words(sign_in(other_member).get(page))
    rules.change_rule(actor=admin, rule=fresh(rule), version=1, title="Be gentle", text="Another text.", is_active=True)
    seen = words(sign_in(other_member).get(page))
    assert "What everybody agreed to." in seen
    assert "Be gentle" not in seen
