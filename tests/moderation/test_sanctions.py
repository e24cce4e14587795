"""Limits on one member: what they close, what stays open, how they end, and which one comes next."""

import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import get_resolver, reverse

from members.models import Member
from moderation import access
from moderation.models import Appeal, AuditEntry, Decision, Sanction, SanctionKind
from moderation.services import appeals, claims, decisions, notes, sanctions
from supportsite.middleware_members import OPEN_TO_SUSPENDED
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, value_of, words


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def limit(decide, moderator, other_member):
    """Warn `other_member` for a post of theirs and limit their account."""

    def impose(step, *, author=None, action="warn", **form):
        case = factories.flag(factories.PostFactory(author=author or other_member)).case
        answer = decide(moderator, case, action=action, sanction=step, **form)
        assert answer.status_code == 302, words(answer)
        return Decision.objects.filter(case=case).get()

    return impose


def suggested(case):
    return access.suggestion(case, known=True)


# --- imposing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "kind", "hours"),
    [(access.sanction_step(kind, hours), kind, hours) for kind, lengths in access.ladder.STEPS for hours in lengths],
)
def test_every_limit_begins_with_the_decision_and_says_so(limit, sign_in, other_member, step, kind, hours):
    decision = limit(step)
    sanction = Sanction.objects.get()
    assert (sanction.member, sanction.kind, sanction.decision) == (other_member, kind, decision)
    if hours is None:
        assert sanction.ends_at is decision.ends_at is None
    else:
        assert abs(sanction.ends_at - factories.now() - dt.timedelta(hours=hours)) < dt.timedelta(minutes=1)
    page = words(sign_in(other_member).get(reverse("decision", args=[decision.public_id])))
    assert str(sanctions.SENTENCES[kind]) in page
    assert ("It ends by itself." in page) is (hours is not None)
    assert "This is a warning." in page


def test_a_limit_needs_a_rule_and_a_reason_even_where_the_words_are_left(decide, moderator, case):
    page = decide(moderator, case, action="approve", sanction="silenced:24", rule="", reason="")
    assert page.status_code == 422
    assert "A restriction needs the rule it rests on." in words(page)
    assert not Sanction.objects.exists()


@pytest.mark.parametrize("step", ["silenced:25", "banished:24", "suspended", "silenced:-1"])
def test_only_the_limits_that_there_are_can_be_chosen(decide, moderator, case, step):
    assert decide(moderator, case, sanction=step).status_code == 422


def test_moderators_limit_colleagues_and_never_themselves(limit, other_moderator, moderator):
    limit("silenced:24", author=other_moderator)
    assert access.standing_sanction(other_moderator)
    decision = Decision.objects.get()
    with pytest.raises(PermissionDenied):
        sanctions.impose(actor=other_moderator, decision=decision, kind=SanctionKind.SILENCED, hours=1)
    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            case=decision.case,
            decider=other_moderator,
            author=other_moderator,
            action="warn",
            snapshot="",
            source="report",
        )


def test_the_log_has_the_limit_and_not_whose_it_is(limit, other_member):
    limit("silenced:24")
    entry = AuditEntry.objects.get(verb="sanction")
    assert entry.details["kind"] == "silenced"
    assert str(other_member.pk) not in {str(value) for key, value in entry.details.items() if key == "member"}
    assert other_member.username not in str(entry.details)


# --- the ladder -----------------------------------------------------------------------------------------------


def earlier(member, kind, hours, *, ago=30, **more):
    row = factories.SanctionFactory(member=member, kind=kind, **more)
    begin = factories.now() - dt.timedelta(days=ago)
    ends = begin + dt.timedelta(hours=hours) if hours else None
    Sanction.objects.filter(pk=row.pk).update(starts_at=begin, ends_at=ends)
    return row


@pytest.mark.parametrize(
    ("kind", "hours", "following"),
    [
        ("held_first", 720, "silenced:24"),
        ("silenced", 24, "silenced:72"),
        ("silenced", 72, "suspended:24"),
        ("silenced", 168, "suspended:72"),
        ("silenced", 720, "suspended:168"),
        ("suspended", 24, "suspended:72"),
        ("suspended", 72, "suspended:168"),
        ("suspended", 168, "suspended:720"),
        ("suspended", 720, "suspended:0"),
        ("suspended", None, ""),
    ],
)
def test_the_next_step_is_the_one_above_the_last(case, other_member, kind, hours, following):
    earlier(other_member, kind, hours)
    assert suggested(case).step == following


def test_the_case_says_the_last_limit_and_the_next_step_in_words(sign_in, moderator, case, other_member):
    earlier(other_member, "silenced", 24)
    factories.claimed(case, by=moderator)
    page = words(sign_in(moderator).get(reverse("case", args=[case.public_id])))
    month = f"{factories.now() - dt.timedelta(days=30):%B %Y}"
    assert f"Last time: silenced for 24 hours in {month}. The next step would be: 72 hours." in page


def test_nothing_is_chosen_for_the_moderator(sign_in, moderator, case, other_member):
    earlier(other_member, "silenced", 24)
    factories.claimed(case, by=moderator)
    assert value_of(sign_in(moderator).get(reverse("case", args=[case.public_id])), "sanction") in ([], [""])


def test_what_is_more_than_a_year_ago_or_about_reports_does_not_count(case, other_member):
    earlier(other_member, "silenced", 720, ago=400)
    earlier(other_member, "no_flags", 720)
    assert suggested(case).step == ""
    assert "No limit was set on this account lately." in suggested(case).sentence


def test_what_an_appeal_took_back_does_not_count(limit, other_member, other_moderator, case):
    decision = limit("silenced:720")
    factories.withdrawn(decision, by=other_moderator)
    assert suggested(case).step == ""


def test_a_limit_of_a_disguised_author_tells_nothing_beside_their_name_or_elsewhere(limit, moderator, decide, member):
    corridor = factories.ThreadFactory(author=member, disguise=5)
    other = factories.ThreadFactory(author=member, disguise=6)
    decide(moderator, factories.flag(corridor.posts.get()).case, action="warn", sanction="silenced:72")
    for post in (factories.PostFactory(author=member), other.posts.get()):
        assert "No limit was set" in suggested(factories.flag(post).case).sentence
    again = factories.flag(factories.PostFactory(thread=corridor, author=member)).case
    assert "Last time: silenced for 72 hours" in suggested(again).sentence


# --- silenced -------------------------------------------------------------------------------------------------


def test_somebody_silenced_reads_why_where_they_would_write(limit, sign_in, other_member, scene):
    decision = limit("silenced:72")
    browser = sign_in(other_member)
    for address in (
        reverse("reply", args=[scene.thread.public_id]),
        reverse("new_thread", args=[scene.board.slug]),
    ):
        page = browser.get(address)
        assert "You cannot post until" in words(page)
        assert "It tells somebody to pull themselves together." in words(page)
        assert reverse("decision", args=[decision.public_id]) in page.text
    answer = browser.post(reverse("reply", args=[scene.thread.public_id]), {"body": "But I meant well."})
    assert answer.status_code == 409
    assert value_of(answer, "body") == "But I meant well."
    assert browser.get(scene.thread.get_absolute_url()).status_code == 200


def test_a_limit_ends_by_itself(limit, sign_in, other_member, scene):
    limit("silenced:24")
    Sanction.objects.update(ends_at=factories.now() - dt.timedelta(seconds=1))
    assert access.standing_sanction(other_member) is None
    page = sign_in(other_member).get(reverse("reply", args=[scene.thread.public_id]))
    assert "You cannot post until" not in words(page)


# --- suspended ------------------------------------------------------------------------------------------------


@pytest.fixture
def suspended(limit, other_member):
    limit("suspended:72")
    return fresh(other_member)


def test_whoever_is_suspended_reads_until_when_and_what_stays_open(suspended, sign_in, scene):
    page = sign_in(suspended).get(reverse("home"))
    assert page.status_code == 403
    assert "Your account is suspended until" in words(page)
    links = {link["href"] for link in soup(page).select("main a")}
    assert {
        reverse(name) for name in ("help_now", "decisions", "guidelines", "account_email", "account_logout")
    } <= links
    assert page.headers["Cache-Control"] == "private, no-store"


def test_help_the_way_out_ones_account_and_ones_decisions_stay_open(suspended, sign_in):
    browser = sign_in(suspended)
    decision = Decision.objects.get()
    for name in ("help_now", "guidelines", "decisions", "notices", "account_email", "account_logout", "mfa_index"):
        assert browser.get(reverse(name)).status_code == 200, name
    assert browser.get(reverse("leave")).status_code == 302
    assert browser.get(reverse("account_change_password")).status_code == 200
    assert browser.get(reverse("decision", args=[decision.public_id])).status_code == 200
    assert browser.get(reverse("appeal", args=[decision.public_id])).status_code == 200
    sent = browser.post(reverse("appeal", args=[decision.public_id]), {"text": "I did not mean it."})
    assert sent.status_code == 302
    assert browser.post(reverse("account_logout")).status_code == 302


def test_what_came_of_ones_reports_is_still_read(suspended, sign_in, moderator, rule):
    flag = factories.flag(factories.PostFactory(), reporter=suspended)
    factories.decided(flag.case, by=moderator, rule=rule)
    assert "A moderator looked at it and acted." in words(sign_in(suspended).get(reverse("my_reports")))


def test_everything_else_is_closed_and_what_was_written_is_given_back(suspended, sign_in, scene):
    browser = sign_in(suspended)
    for address in (scene.thread.get_absolute_url(), reverse("boards"), reverse("search")):
        assert browser.get(address).status_code == 403
    answer = browser.post(reverse("reply", args=[scene.thread.public_id]), {"body": "One more thing."})
    assert answer.status_code == 403
    assert "One more thing." in answer.text
    assert scene.thread.posts.count() == 2


def test_htmx_leaves_the_page_for_the_one_that_explains(suspended, sign_in, scene):
    answer = sign_in(suspended).get(scene.thread.get_absolute_url(), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, reverse("home"))


def test_a_suspension_ends_by_itself_with_nothing_to_run(suspended, sign_in):
    Member.objects.update(suspended_until=factories.now() - dt.timedelta(seconds=1))
    assert sign_in(suspended).get(reverse("home")).status_code == 200


def test_a_suspension_without_an_end_says_so(limit, sign_in, other_member):
    limit("suspended:0")
    page = words(sign_in(fresh(other_member)).get(reverse("home")))
    assert "It has no end date; you can ask for another look." in page
    assert "9999" not in page


def test_the_mail_about_the_decision_still_comes_and_its_link_works(worker, limit, sign_in, other_member, mailoutbox):
    with worker():
        limit("suspended:72")
    assert [mail.to for mail in mailoutbox] == [[other_member.email]]
    notice = other_member.notices.get()
    answer = sign_in(fresh(other_member)).get(reverse("notice", args=[notice.public_id]))
    assert answer.headers["Location"] == reverse("decision", args=[Decision.objects.get().public_id])


def test_moderators_and_administrators_who_are_suspended_do_not_work_here_meanwhile(limit, sign_in, admin):
    limit("suspended:24", author=admin)
    browser = sign_in(fresh(admin))
    for address in (reverse("queue"), "/admin/", "/curate/"):
        assert browser.get(address).status_code == 403


@pytest.fixture
def suspended_moderator(moderator):
    def suspend(long=dt.timedelta(days=2)):
        moderator.suspended_until = factories.now() + long
        moderator.save()
        return moderator

    return suspend


def test_a_suspended_moderator_reads_no_decisions_about_others(limit, sign_in, suspended_moderator):
    decision = limit("silenced:24")
    address = reverse("decision", args=[decision.public_id])
    assert sign_in(suspended_moderator()).get(address).status_code == 404
    assert sign_in(suspended_moderator(-dt.timedelta(hours=1))).get(address).status_code == 200


def test_what_a_suspended_moderator_decided_a_moment_ago_does_not_take_effect(
    suspended_moderator, moderator, case, rule
):
    factories.claimed(case, by=moderator)
    decisions.decide(moderator=moderator, case=case, version=1, action="hide", reason="Unkind.", rule=rule)
    suspended_moderator()
    factories.let_settle()
    assert not Decision.objects.exists()
    assert (fresh(case).state, fresh(case).claimed_by) == ("open", None)


def test_what_a_suspended_moderator_holds_is_free(suspended_moderator, moderator, other_moderator, case):
    factories.claimed(case, by=moderator)
    assert not claims.claim(moderator=other_moderator, case=case)
    suspended_moderator()
    assert claims.claim(moderator=other_moderator, case=case)


def test_a_suspended_moderator_acts_nowhere_and_is_told_nothing(worker, limit, moderator, other_moderator, case):
    until = factories.now() + dt.timedelta(days=2)
    suspended = factories.MemberFactory(is_moderator=True, suspended_until=until)
    decision = limit("silenced:24")
    with worker():
        notes.add_note(author=moderator, case=case, words=f"@{suspended.username} @{other_moderator.username} Look.")
        appeal = appeals.appeal(author=decision.author, decision=decision, text="No.")
    kinds = {"named_in_case_note", "appeal_made"}
    assert {notice.event.kind for notice in other_moderator.notices.all()} == kinds
    assert not suspended.notices.exists()
    for verb in (
        partial(decisions.decide, moderator=suspended, case=case, version=1, action="hide", reason="Unkind."),
        partial(appeals.judge, moderator=suspended, appeal=appeal, outcome=Appeal.State.UPHELD, answer="No."),
        partial(sanctions.lift, actor=suspended, sanction=Sanction.objects.get(), reason="Enough."),
    ):
        with pytest.raises(PermissionDenied):
            verb()


def test_being_asked_whether_one_is_suspended_costs_nothing(sign_in, member, visitor, django_assert_num_queries):
    browser = sign_in(member)
    browser.get(reverse("guidelines"))
    # who it is, rules
    with django_assert_num_queries(2):
        browser.get(reverse("guidelines"))
    with django_assert_num_queries(0):
        visitor.get(reverse("help_now"))
        browser.get(reverse("help_now"))


def test_what_stays_open_to_the_suspended_are_pages_that_there_are():
    assert set(get_resolver().reverse_dict) >= OPEN_TO_SUSPENDED


def test_the_suspended_still_draw_their_lines_and_publish_nothing_about_themselves(sign_in, member):
    Member.objects.filter(pk=member.pk).update(suspended_until=factories.now() + dt.timedelta(days=2))
    browser = sign_in(member)
    for name in ("settings", "settings_people", "settings_words", "settings_pages", "settings_country", "consents"):
        assert browser.get(reverse(name)).status_code == 200
    browser.post(reverse("settings_profile"), {"about": "Said all the same."})
    assert not fresh(member).about


def test_the_longest_of_several_suspensions_counts(limit, moderator, other_moderator, other_member):
    limit("suspended:24")
    longer = limit("suspended:72")
    until = fresh(other_member).suspended_until
    assert until == longer.sanctions.get().ends_at
    sanctions.lift(actor=other_moderator, sanction=longer.sanctions.get(), reason="Enough.")
    assert fresh(other_member).suspended_until == Sanction.objects.get(lifted_at=None).ends_at < until


# --- ending one early -----------------------------------------------------------------------------------------


def lift(browser, decision, reason="You have been kind since."):
    return browser.post(reverse("lift", args=[decision.public_id]), {"reason": reason}, follow=True)


def test_a_moderator_ends_a_limit_early_with_a_reason_that_the_member_reads(
    worker, limit, sign_in, other_moderator, other_member, mailoutbox
):
    decision = limit("suspended:72")
    with worker():
        page = lift(sign_in(other_moderator), decision)
    assert "Ended. The member is told, with your reason." in words(page)
    browser = sign_in(fresh(other_member))
    assert browser.get(reverse("home")).status_code == 200
    told = words(browser.get(reverse("decision", args=[decision.public_id])))
    assert "A moderator ended it early" in told
    assert "You have been kind since." in told
    assert "A moderator ended a limit on your account early." in words(browser.get(reverse("notices")))
    assert mailoutbox[-1].to == [other_member.email]
    entry = AuditEntry.objects.get(verb="lift-sanction")
    assert (entry.actor, entry.details["reason"]) == (other_moderator, "You have been kind since.")


def test_ending_a_limit_needs_a_reason(limit, sign_in, moderator):
    decision = limit("silenced:72")
    answer = sign_in(moderator).post(reverse("lift", args=[decision.public_id]), {"reason": " "})
    assert answer.status_code == 422
    assert Sanction.objects.get().lifted_at is None


def test_what_has_ended_is_not_ended_again(limit, sign_in, moderator, other_member):
    decision = limit("silenced:72")
    lift(sign_in(moderator), decision)
    assert "It had ended already" in words(lift(sign_in(moderator), decision))
    assert AuditEntry.objects.filter(verb="lift-sanction").count() == 1


@pytest.mark.parametrize(("who", "status"), [("member", 404), ("curator", 404), ("other_member", 404)])
def test_nobody_else_ends_a_limit(request, limit, sign_in, visitor, who, status):
    decision = limit("silenced:72")
    address = reverse("lift", args=[decision.public_id])
    assert sign_in(request.getfixturevalue(who)).post(address, {"reason": "Please."}).status_code == status
    assert visitor.post(address, {"reason": "Please."}).status_code == 302
    assert Sanction.objects.get().lifted_at is None


def test_moderators_do_not_end_their_own(limit, sign_in, other_moderator):
    decision = limit("silenced:72", author=other_moderator)
    address = reverse("lift", args=[decision.public_id])
    assert sign_in(other_moderator).post(address, {"reason": "Please."}).status_code == 403
    assert Sanction.objects.get().lifted_at is None


def test_of_two_who_end_it_at_the_same_instant_one_does(shared_database):
    who = factories.MemberFactory(is_moderator=True)
    case = factories.claimed(factories.flag(factories.PostFactory()).case, by=who)
    decisions.decide(
        moderator=who,
        case=case,
        version=1,
        action="warn",
        reason="Unkind.",
        rule=factories.RuleFactory(),
        sanction=SanctionKind.SUSPENDED,
        sanction_hours=72,
    )
    factories.let_settle()
    sanction = Sanction.objects.get()
    ended = at_once(*[partial(sanctions.lift, actor=who, sanction=sanction, reason="Enough.")] * 3)
    assert sorted(ended) == [False, False, True]
    assert fresh(sanction.member).suspended_until is None
