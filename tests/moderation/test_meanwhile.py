"""What comes in during the twelve seconds: nothing that nobody has read is shown or closed, and no limit is escaped."""

import datetime as dt
from functools import partial
from threading import Event

import pytest
from django.db import transaction
from django.urls import reverse

from forums.models import Post, Thread, Visibility
from forums.services import editing, withdrawing
from members.models import Member
from moderation import access
from moderation.models import Appeal, BegunDecision, Case, Decision, Flag, PendingDecision, Sanction, SanctionKind
from moderation.services import appeals, claims, decisions, effects, shifts
from tests import factories
from tests.at_once import at_once, until_somebody_waits
from tests.pages import value_of, words

THREAT = "I will find you and I will kill you."
LIMIT = {"sanction": SanctionKind.SILENCED, "sanction_hours": 24}


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def decided(db):
    """Decide about a post that was reported, a moment ago."""
    return decide


def decide(post, action="warn", *, by=None, rule=None, **more):
    who = by or factories.MemberFactory(is_moderator=True)
    case = fresh(factories.claimed(factories.flag(fresh(post)).case, by=who))
    return decisions.decide(
        moderator=who,
        case=case,
        version=case.version,
        action=action,
        reason="Unkind.",
        rule=rule or factories.RuleFactory(),
        **more,
    )


def edit(post, body):
    post = Post.objects.select_related("thread__board", "author").get(pk=post.pk)
    title = post.thread.title
    assert editing.edit_post(author=post.author, post=post, version=post.version, body=body, title=title)


def decide_again(case, action="warn"):
    case = fresh(case)
    decisions.decide(
        moderator=case.claimed_by,
        case=case,
        version=case.version,
        action=action,
        reason="I read it again.",
        rule=factories.RuleFactory(),
    )
    factories.let_settle()


# --- other words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "options"),
    [
        ("warn", {}),
        ("lock", {}),
        ("slow", {"minutes": 30}),
        ("notes", {"notes": ["loss"]}),
        ("move", {"wider": True}),
    ],
)
def test_nothing_that_is_decided_shows_words_that_nobody_has_read(decided, scene, action, options):
    if action == "move":
        options = options | {"board": str(factories.BoardFactory().pk)}
    pending = decided(scene.opening, action, options=options)
    edit(scene.opening, THREAT)
    factories.let_settle()
    assert (fresh(scene.opening).visibility, fresh(scene.opening).body) == (Visibility.HELD, THREAT)
    assert fresh(scene.thread).visibility == Visibility.HELD
    made = Decision.objects.get()
    assert made.action == action
    assert THREAT not in made.snapshot
    # It is still in the hands of who decided, and nothing about it is quiet.
    case = fresh(pending.case)
    assert (case.state, case.claimed_by, case.quiet_until) == ("open", pending.decider, None)
    # Read, it is shown.
    decide_again(case)
    assert fresh(scene.opening).visibility == Visibility.VISIBLE
    assert fresh(case).state == "decided"


def test_a_number_that_tells_who_somebody_is_is_not_shown_by_a_warning(decided, scene):
    decided(scene.reply, "warn")
    edit(scene.reply, "His passport number is 123-45-6789, social security number 123-45-6789.")
    factories.let_settle()
    assert fresh(scene.reply).visibility == Visibility.HELD


def test_the_statement_is_about_the_words_that_were_read_and_says_so(decided, sign_in, scene, other_member):
    decided(scene.reply, "warn")
    edit(scene.reply, THREAT)
    factories.let_settle()
    page = words(sign_in(other_member).get(reverse("decision", args=[Decision.objects.get().public_id])))
    assert "It is about your words as they were. A moderator reads what you have changed since." in page
    assert Decision.objects.get().snapshot == "I know that kind of week."


def test_whoever_decided_is_told_that_there_is_something_new(decided, sign_in, worker, moderator, scene):
    decided(scene.reply, "hide", by=moderator)
    edit(scene.reply, "And another thing.")
    with worker():
        factories.let_settle()
    assert fresh(scene.reply).visibility == Visibility.HIDDEN
    browser = sign_in(moderator)
    assert "A decision of yours took effect. Something new is in the case" in words(browser.get(reverse("notices")))
    notice = moderator.notices.get(event__kind="decision_returned")
    answer = browser.get(reverse("notice", args=[notice.public_id]))
    assert answer.headers["Location"] == reverse("case", args=[Case.objects.get().public_id])


def test_words_that_nobody_has_read_are_not_shown_by_taking_the_decision_back_either(decided, scene, other_moderator):
    decided(scene.reply, "hide")
    edit(scene.reply, THREAT)
    factories.let_settle()
    factories.withdrawn(Decision.objects.get(), by=other_moderator)
    assert fresh(scene.reply).visibility == Visibility.HELD
    assert Case.objects.get().state == "open"


def test_what_waits_in_another_case_is_not_shown_by_what_an_appeal_decides_instead(
    decided, scene, other_moderator, rule
):
    decided(scene.opening, "slow", options={"minutes": 30})
    factories.let_settle()
    appeal = factories.AppealFactory(decision=Decision.objects.get())
    edit(scene.opening, THREAT)
    ruling = appeals.Ruling(action="notes", rule=rule, reason="That is enough.", options={"notes": ["loss"]})
    appeals.judge(moderator=other_moderator, appeal=appeal, outcome=Appeal.State.CHANGED, answer="Yes.", instead=ruling)
    assert fresh(scene.thread).content_notes == ["loss"]
    assert fresh(scene.opening).visibility == Visibility.HELD


def test_taking_an_opening_post_back_is_no_change_of_its_words(decided, scene, member):
    pending = decided(scene.opening, "hide")
    withdrawing.withdraw(author=member, post=scene.opening)
    factories.let_settle()
    assert fresh(pending.case).state == "decided"
    assert Decision.objects.get().snapshot.startswith(scene.thread.title)


# --- reports --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [each for each in Flag.Reason if each != Flag.Reason.OTHER])
def test_a_report_that_nobody_has_read_is_not_closed_or_judged_with_the_others(decided, worker, sign_in, scene, reason):
    pending = decided(scene.reply, "hide")
    first = Flag.objects.get()
    second = factories.flag(scene.reply, reason=reason)
    with worker():
        factories.let_settle()
    assert fresh(scene.reply).visibility == Visibility.HIDDEN
    assert (fresh(pending.case).state, fresh(pending.case).quiet_until) == ("open", None)
    assert (fresh(first).judged, fresh(second).judged) == ("fair", "")
    assert told(first)
    assert not told(second)
    assert "Looked at A moderator looked at it and acted." in words(sign_in(first.reporter).get(reverse("my_reports")))
    assert "Waits A moderator will look at it." in words(sign_in(second.reporter).get(reverse("my_reports")))
    with worker():
        decide_again(pending.case)
    assert (fresh(first).judged, fresh(second).judged) == ("fair", "fair")
    assert told(second)
    assert [flag.reporter and flag.reporter.notices.count() for flag in (first, second)] == [1, 1]


def told(flag):
    return flag.reporter.notices.filter(event__kind="report_decided").exists()


def test_what_reports_folded_meanwhile_stays_folded(decided, scene):
    PendingDecision.objects.filter(pk=decided(scene.reply, "warn").pk).update(made_at=factories.now())
    for _reporter in range(3):
        factories.flag(scene.reply, reporter=factories.MemberFactory(joined_at=factories.now() - dt.timedelta(days=30)))
    assert fresh(scene.reply).visibility == Visibility.FOLDED
    factories.let_settle()
    assert Decision.objects.get().action == "warn"
    assert fresh(scene.reply).visibility == Visibility.FOLDED
    assert Case.objects.get().state == "open"


# --- no limit is escaped --------------------------------------------------------------------------------------


def statement(sign_in, decision):
    return words(sign_in(decision.author).get(reverse("decision", args=[decision.public_id])))


def test_a_limit_beside_leaving_it_begins_also_when_it_was_taken_back(decided, sign_in, scene, other_member):
    pending = decided(scene.reply, "approve", **LIMIT)
    withdrawing.withdraw(author=other_member, post=scene.reply)
    factories.let_settle()
    assert access.standing_sanction(other_member)
    made = Decision.objects.get()
    assert (made.action, fresh(pending.case).state) == ("keep", "decided")
    assert "You can read and react, and not write." in statement(sign_in, made)
    assert fresh(scene.reply).visibility == Visibility.WITHDRAWN


def test_a_limit_beside_leaving_it_begins_also_when_it_says_something_else(decided, scene, other_member):
    pending = decided(scene.reply, "approve", **LIMIT)
    edit(scene.reply, THREAT)
    factories.let_settle()
    assert access.standing_sanction(other_member)
    assert (Decision.objects.get().action, fresh(pending.case).state) == ("keep", "open")
    assert fresh(scene.reply).visibility == Visibility.HELD
    assert access.left_as_it_is(fresh(scene.reply), snapshot=THREAT, reason=Flag.Reason.ABUSE) is None


@pytest.fixture
def in_part(decided, worker, moderator, rule, member):
    """A thread that nobody answered is to be closed, and its author silenced; they take it back meanwhile."""
    opening = factories.ThreadFactory(author=member).posts.get()
    pending = decided(opening, "lock", by=moderator, rule=rule, private_note="Third time.", **LIMIT)
    withdrawing.withdraw(author=member, post=opening)
    with worker():
        factories.let_settle()
    return pending


def test_a_limit_begins_also_where_nothing_can_be_done_to_the_words(in_part, sign_in, member):
    assert access.standing_sanction(member)
    thread = Thread.objects.get()
    assert thread.state == Thread.State.OPEN
    made = Decision.objects.get()
    assert made.action == "keep"
    told = statement(sign_in, made)
    assert "Nothing was done to what you wrote." in told
    assert "closed to new replies" not in told


def test_the_rest_of_the_decision_is_given_back_with_its_words(in_part, sign_in, moderator, rule, member):
    browser = sign_in(moderator)
    assert "A decision of yours took effect in part." in words(browser.get(reverse("notices")))
    page = browser.get(reverse("case", args=[in_part.case.public_id]))
    assert "Your decision took effect in part: the limit on the account has begun." in words(page)
    assert value_of(page, "private_note") == "Third time."
    assert value_of(page, "rule") == [str(rule.pk)]
    # The limit is not set twice by sending it again.
    assert value_of(page, "sanction") in ([], [""])
    withdrawing.put_back(author=member, post=Post.objects.get())
    decide_again(in_part.case, "lock")
    assert Thread.objects.get().state == Thread.State.LOCKED
    assert Sanction.objects.count() == 1
    assert fresh(in_part.case).state == "decided"


def test_an_edit_that_does_not_fit_any_more_keeps_nobody_from_a_limit(decided, scene, other_member):
    pending = decided(scene.reply, "edit", options={"body": "Less."}, **LIMIT)
    edit(scene.reply, "Something else.")
    factories.let_settle()
    assert access.standing_sanction(other_member)
    assert fresh(scene.reply).body == "Something else."
    assert Decision.objects.get().action == "keep"
    assert BegunDecision.objects.get().fields["edit_body"] == "Less."
    assert fresh(pending.case).state == "open"


def test_without_a_limit_what_cannot_be_done_is_given_back_as_a_whole(decided, member):
    opening = factories.ThreadFactory(author=member).posts.get()
    decided(opening, "lock")
    withdrawing.withdraw(author=member, post=opening)
    factories.let_settle()
    assert not Decision.objects.exists()
    assert "this cannot be done any more" in BegunDecision.objects.get().why


@pytest.mark.parametrize(
    ("action", "options"), [("lock", {}), ("slow", {"minutes": 30}), ("notes", {"notes": ["loss"]})]
)
def test_a_thread_that_stands_is_treated_also_without_its_first_post(decided, scene, member, action, options):
    decided(scene.opening, action, options=options)
    withdrawing.withdraw(author=member, post=scene.opening)
    factories.let_settle()
    assert Decision.objects.get().action == action
    thread = fresh(scene.thread)
    assert (thread.state, thread.content_notes) != (Thread.State.OPEN, [])
    assert fresh(scene.opening).visibility == Visibility.WITHDRAWN
    assert fresh(Case.objects.get()).state == "decided"


def test_no_limit_tells_who_wrote_under_a_disguise(decided):
    opening = factories.ThreadFactory(disguise=7).posts.get()
    with pytest.raises(access.CannotDecideError, match="tell whose it is"):
        decided(opening, "warn", sanction=SanctionKind.HELD_FIRST, sanction_hours=168)
    assert not PendingDecision.objects.exists()


# --- giving a case back at the same instant -------------------------------------------------------------------


def _give_back_while_it_is_decided(give_back):
    """`give_back` waits for a decision that is on its way, and begins with what it saw before. What it says."""
    who = factories.MemberFactory(is_moderator=True)
    shifts.start(moderator=who)
    case = factories.claimed(factories.flag(factories.PostFactory()).case, by=who)

    decided = Event()

    def decides():
        with transaction.atomic():
            decisions.decide(
                moderator=who, case=case, version=1, action="hide", reason="Unkind.", rule=factories.RuleFactory()
            )
            # Not yet committed, until giving it back has come to where it has to wait for that.
            decided.set()
            until_somebody_waits()

    def gives_back():
        decided.wait(timeout=20)
        return give_back(who, case)

    return at_once(decides, gives_back)[1]


@pytest.mark.parametrize("verb", ["release", "decline", "shift's end"])
def test_a_case_that_is_being_decided_is_not_given_back(shared_database, verb):
    does = {
        "release": lambda who, case: claims.release(moderator=who, case=case),
        "decline": lambda who, case: claims.decline(moderator=who, case=case),
        "shift's end": lambda who, case: shifts.end(moderator=who),
    }
    _give_back_while_it_is_decided(does[verb])
    pending = PendingDecision.objects.get()
    assert pending.case.claimed_by == pending.decider
    # Undoing gives it back to who decided.
    assert decisions.undo(moderator=pending.decider, case=pending.case)
    assert fresh(pending.case).claimed_by == pending.decider


def test_a_decision_that_comes_back_finds_who_made_it(decided, scene):
    pending = decided(scene.reply, "hide")
    Case.objects.update(claimed_by=None, lease_until=None)
    assert decisions.undo(moderator=pending.decider, case=pending.case)
    assert fresh(pending.case).claimed_by == pending.decider
    assert fresh(pending.case).lease_until > factories.now()


def test_a_decision_that_comes_back_takes_the_case_from_no_colleague(decided, scene, other_moderator):
    pending = decided(scene.reply, "hide")
    Case.objects.update(claimed_by=other_moderator, lease_until=factories.now() + dt.timedelta(minutes=9))
    Member.objects.filter(pk=pending.decider_id).update(is_moderator=False)
    factories.let_settle()
    assert BegunDecision.objects.get().decider == pending.decider
    assert fresh(pending.case).claimed_by == other_moderator


def test_what_can_be_neither_done_nor_given_back_stops_no_other(decided, sign_in, scene, other_moderator, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("the disk is full")

    stuck, other = decided(scene.opening, "hide"), decided(scene.reply, "hide")
    PendingDecision.objects.update(settles_at=factories.now())
    late = {
        "made_at": factories.now() - dt.timedelta(minutes=6),
        "settles_at": factories.now() - dt.timedelta(minutes=5),
    }
    PendingDecision.objects.filter(pk=stuck.pk).update(**late)
    real = effects.take
    monkeypatch.setattr(
        effects,
        "take",
        lambda case, *args, **more: (fails if case.pk == stuck.case_id else real)(case, *args, **more),
    )
    monkeypatch.setattr(decisions, "_give_back", fails)
    assert sign_in(other_moderator).get(reverse("queue")).status_code == 200
    assert Decision.objects.get().case_id == other.case_id
    # It is tried again in a minute.
    assert fresh(stuck).settles_at > factories.now()


def test_of_releasing_and_deciding_at_the_same_instant_neither_leaves_a_case_without_hands(shared_database):
    who, rule = factories.MemberFactory(is_moderator=True), factories.RuleFactory()
    case = factories.claimed(factories.flag(factories.PostFactory()).case, by=who)

    def decides():
        try:
            return decisions.decide(moderator=who, case=case, version=1, action="hide", reason="Unkind.", rule=rule)
        except access.CannotDecideError:
            return None

    pending, released = at_once(decides, partial(claims.release, moderator=who, case=case))
    assert (pending is None) == released
    assert (fresh(case).claimed_by is None) == released
