"""The twelve seconds between a decision and its effect."""

import datetime as dt
from functools import partial

import pytest
from django.urls import reverse

from forums.models import Post, Visibility
from forums.services import editing, withdrawing
from moderation.models import BegunDecision, Case, Decision, Flag, PendingDecision, Sanction
from moderation.services import claims, decisions, effects
from moderation.tasks import settle_decision, settle_due
from tests import factories
from tests.at_once import at_once
from tests.pages import value_of, words


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def pending(sign_in, rule, moderator, case):
    """The scene's reply is to be hidden, and its author silenced for a day."""
    factories.claimed(case, by=moderator)
    form = {
        "action": "hide",
        "rule": rule.pk,
        "reason": "It tells somebody to pull themselves together.",
        "private_note": "Second time this week.",
        "sanction": "silenced:24",
        "reports_fair": "yes",
        "version": case.version,
    }
    assert sign_in(moderator).post(reverse("decide", args=[case.public_id]), form).status_code == 302
    return PendingDecision.objects.get()


def undo(browser, case):
    return browser.post(reverse("undo", args=[case.public_id]), follow=True)


def test_for_twelve_seconds_nothing_happens_and_nobody_is_told(pending, scene, other_member, mailoutbox):
    assert decisions.settle_due() == 0
    assert decisions.settle(pending.pk) is None
    assert fresh(scene.reply).visibility == Visibility.VISIBLE
    assert not Decision.objects.exists()
    assert not other_member.notices.exists()
    assert mailoutbox == []


def test_the_queue_says_what_was_decided_and_offers_to_undo_it(
    pending, sign_in, moderator, other_moderator, scene, case
):
    page = sign_in(moderator).get(reverse("queue"))
    assert f"Decided: Hide the post. About “{scene.thread.title}”. Nobody has been told yet." in words(page)
    assert reverse("undo", args=[case.public_id]) in page.text
    assert "Decided: Hide the post" in words(sign_in(moderator).get(reverse("case", args=[case.public_id])))
    assert "Decided: Hide" not in words(sign_in(other_moderator).get(reverse("queue")))
    colleague = sign_in(other_moderator).get(reverse("case", args=[case.public_id]))
    assert "A colleague has just decided this case." in words(colleague)
    assert reverse("undo", args=[case.public_id]) not in colleague.text


def test_what_is_undone_never_happened_and_its_words_are_in_the_form(pending, sign_in, moderator, case, scene, rule):
    browser = sign_in(moderator)
    page = undo(browser, case)
    assert "Undone. Nothing happened and nobody was told." in words(page)
    # Also when the page is opened again.
    for _visit in range(2):
        page = browser.get(reverse("case", args=[case.public_id]))
        assert value_of(page, "action") == ["hide"]
        assert value_of(page, "rule") == [str(rule.pk)]
        assert value_of(page, "reason") == "It tells somebody to pull themselves together."
        assert value_of(page, "private_note") == "Second time this week."
        assert value_of(page, "sanction") == ["silenced:24"]
        assert value_of(page, "reports_fair") == ["yes"]
    factories.let_settle()
    assert fresh(scene.reply).visibility == Visibility.VISIBLE
    assert (fresh(case).state, fresh(case).claimed_by) == ("open", moderator)
    assert not Sanction.objects.exists()


def test_a_colleague_does_not_read_the_words_of_a_decision_that_was_undone(
    pending, sign_in, moderator, other_moderator, case
):
    undo(sign_in(moderator), case)
    Case.objects.update(lease_until=factories.now())
    claims.claim(moderator=other_moderator, case=case)
    page = sign_in(other_moderator).get(reverse("case", args=[case.public_id]))
    assert "Second time this week." not in page.text


def test_after_it_took_effect_undoing_says_that_it_was_too_late(pending, sign_in, moderator, case, scene):
    factories.let_settle()
    assert "It was too late to undo this" in words(undo(sign_in(moderator), case))
    assert fresh(scene.reply).visibility == Visibility.HIDDEN
    assert not BegunDecision.objects.exists()


@pytest.mark.parametrize("who", ["member", "curator", "other_member", "other_moderator"])
def test_nobody_else_undoes_it(pending, request, sign_in, case, scene, who):
    answer = sign_in(request.getfixturevalue(who)).post(reverse("undo", args=[case.public_id]))
    assert answer.status_code == (302 if who == "other_moderator" else 404)
    assert PendingDecision.objects.exists()


def test_a_case_is_not_decided_twice_within_the_twelve_seconds(pending, sign_in, moderator, case, rule):
    form = {"action": "approve", "version": case.version}
    answer = sign_in(moderator).post(reverse("decide", args=[case.public_id]), form)
    assert answer.status_code == 409
    assert "This case was decided a moment ago." in words(answer)


# --- whoever settles it -------------------------------------------------------------------------------------


def test_it_takes_effect_once_however_often_it_is_settled(pending, case, scene):
    PendingDecision.objects.update(settles_at=factories.now())
    settle_decision(pending.pk)
    settle_decision(pending.pk)
    assert settle_due() == 0
    assert Decision.objects.count() == Sanction.objects.count() == 1
    assert fresh(case).state == "decided"


def test_after_an_hour_without_a_worker_the_queue_settles_what_was_left(pending, sign_in, other_moderator, scene):
    PendingDecision.objects.update(settles_at=factories.now() - dt.timedelta(hours=1))
    sign_in(other_moderator).get(reverse("queue"))
    assert fresh(scene.reply).visibility == Visibility.HIDDEN


def test_without_a_broker_the_sweep_settles_it(sign_in, rule, moderator, case, scene, worker, monkeypatch):
    def away(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr("moderation.tasks.settle_decision.apply_async", away)
    factories.claimed(case, by=moderator)
    with worker():
        decisions.decide(
            moderator=moderator, case=case, version=case.version, action="hide", reason="Unkind.", rule=rule
        )
    assert factories.let_settle() == 1
    assert fresh(scene.reply).visibility == Visibility.HIDDEN


def test_a_decision_that_fails_stops_no_other(pending, rule, other_moderator, member, monkeypatch):
    other = factories.flag(factories.PostFactory(author=member)).case
    factories.claimed(other, by=other_moderator)
    decisions.decide(
        moderator=other_moderator, case=other, version=other.version, action="hide", reason="Unkind.", rule=rule
    )
    real = effects.take

    def fails_for_the_first(case, decided, **more):
        real(case, decided, **more)
        if case.pk == pending.case_id:
            raise RuntimeError("the disk is full")

    monkeypatch.setattr(effects, "take", fails_for_the_first)
    PendingDecision.objects.update(settles_at=factories.now())
    assert decisions.settle_due() == 0
    monkeypatch.undo()
    PendingDecision.objects.filter(case=other).update(settles_at=factories.now())
    assert decisions.settle_due() == 1
    # Nothing of the one that failed is there, and it is tried again soon.
    assert not Decision.objects.filter(case=pending.case_id).exists()
    assert not Sanction.objects.exists()
    assert factories.now() < fresh(pending).settles_at <= factories.now() + dt.timedelta(minutes=1)
    assert factories.let_settle() == 1


def test_of_two_that_settle_at_the_same_instant_one_does(shared_database):
    pending = _decided(factories.PostFactory())
    PendingDecision.objects.update(settles_at=factories.now())
    done = at_once(*[partial(decisions.settle, pending.pk)] * 4)
    assert sum(made is not None for made in done) == 1
    assert Decision.objects.count() == 1


def test_of_undoing_and_settling_at_the_same_instant_one_happens(shared_database):
    pending = _decided(factories.PostFactory())
    PendingDecision.objects.update(settles_at=factories.now())
    undone, settled = at_once(
        partial(decisions.undo, moderator=pending.decider, case=pending.case), partial(decisions.settle, pending.pk)
    )
    assert (undone is None) != (settled is None)
    assert Decision.objects.count() == (settled is not None)


def test_of_a_report_and_settling_at_the_same_instant_neither_is_lost(shared_database):
    post = factories.PostFactory()
    pending = _decided(post)
    PendingDecision.objects.update(settles_at=factories.now())
    at_once(partial(factories.flag, post), partial(decisions.settle, pending.pk))
    # Either it is in a new case, or the one that was decided stays open for it.
    first, second = Flag.objects.order_by("id")
    assert (first.judged, second.judged) == ("fair", "")
    assert second.case.state == "open"
    assert not PendingDecision.objects.exists()


def _decided(post):
    who = factories.MemberFactory(is_moderator=True)
    case = factories.claimed(factories.flag(post).case, by=who)
    return decisions.decide(
        moderator=who, case=case, version=1, action="hide", reason="Unkind.", rule=factories.RuleFactory()
    )


# --- what happens meanwhile -----------------------------------------------------------------------------------


@pytest.fixture
def left_as_it_is(pending):
    """It is decided to leave the reply as it is, instead."""
    PendingDecision.objects.update(action="approve", sanction="", sanction_hours=None)
    return fresh(pending)


def came_back(sign_in, moderator, case):
    factories.let_settle()
    page = words(sign_in(moderator).get(reverse("case", args=[case.public_id])))
    assert "Your decision did not take effect." in page
    assert "Second time this week." in page
    assert not Decision.objects.exists()
    assert not Sanction.objects.exists()
    assert fresh(case).state == "open"
    return page


def test_a_report_meanwhile_brings_back_that_it_was_left(left_as_it_is, sign_in, moderator, case, scene, worker):
    factories.flag(scene.reply)
    with worker():
        page = came_back(sign_in, moderator, case)
    assert "Something new arrived before it took effect." in page
    notice = moderator.notices.get()
    assert notice.event.kind == "decision_returned"
    seen = sign_in(moderator).get(reverse("notice", args=[notice.public_id]))
    assert seen.headers["Location"] == reverse("case", args=[case.public_id])
    assert fresh(scene.reply).visibility == Visibility.VISIBLE


@pytest.mark.parametrize("action", ["approve", "edit"])
def test_other_words_meanwhile_bring_back_what_was_about_the_words(shared_database, action):
    author, post = factories.MemberFactory(), factories.PostFactory()
    Post.objects.filter(pk=post.pk).update(author=author)
    pending = _decided(fresh(post))
    PendingDecision.objects.update(action=action, options={"body": "Less."} if action == "edit" else {})
    editing.edit_post(author=author, post=fresh(post), version=1, body="I am sorry for that.")
    factories.let_settle()
    assert (fresh(post).visibility, fresh(post).body) == (Visibility.VISIBLE, "I am sorry for that.")
    assert BegunDecision.objects.get().decider == pending.decider
    assert "Something new arrived" in BegunDecision.objects.get().why


def test_words_taken_back_meanwhile_bring_back_that_they_were_left(
    left_as_it_is, sign_in, moderator, case, scene, other_member
):
    withdrawing.withdraw(author=other_member, post=scene.reply)
    came_back(sign_in, moderator, case)
    assert fresh(scene.reply).visibility == Visibility.WITHDRAWN


@pytest.mark.parametrize("action", ["hide", "remove", "warn"])
@pytest.mark.parametrize("does", ["withdraw", "edit", "there and back"])
def test_an_author_keeps_nobody_from_a_decision_about_them(pending, case, scene, other_member, action, does):
    PendingDecision.objects.update(action=action)
    if does == "edit":
        editing.edit_post(author=other_member, post=scene.reply, version=1, body="Me? Never.")
    else:
        withdrawing.withdraw(author=other_member, post=scene.reply)
    if does == "there and back":
        withdrawing.put_back(author=other_member, post=fresh(scene.reply))
    factories.let_settle()
    assert Decision.objects.get().action == action
    assert Sanction.objects.get().member == other_member
    # Somebody reads what the post says now.
    assert fresh(case).state == ("open" if does == "edit" else "decided")


def test_taking_back_what_is_taken_back_changes_nothing_for_whoever_decides(case, scene, other_member):
    withdrawing.withdraw(author=other_member, post=scene.reply)
    version = fresh(case).version
    assert withdrawing.withdraw(author=other_member, post=fresh(scene.reply)) is False
    assert fresh(case).version == version


def test_a_worry_meanwhile_is_read_although_the_decision_takes_effect(pending, case, scene):
    PendingDecision.objects.update(made_at=factories.now() - dt.timedelta(seconds=12))
    factories.flag(scene.reply, reason=Flag.Reason.WORRIED)
    factories.let_settle()
    assert fresh(scene.reply).visibility == Visibility.HIDDEN
    assert (fresh(case).state, fresh(case).quiet_until, fresh(case).priority) == ("open", None, 1)


def test_what_fails_for_five_minutes_goes_back_to_who_decided(pending, case, moderator, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(effects, "take", fails)
    factories.let_settle()
    assert PendingDecision.objects.exists()
    PendingDecision.objects.update(made_at=factories.now() - dt.timedelta(minutes=6))
    factories.let_settle()
    assert not PendingDecision.objects.exists()
    assert "because of an error" in BegunDecision.objects.get().why
    assert (fresh(case).state, fresh(case).quiet_until, fresh(case).claimed_by) == ("open", None, moderator)


def test_what_is_gone_meanwhile_brings_it_back(pending, sign_in, moderator, case):
    Case.objects.update(subject_id=10**9)
    factories.let_settle()
    assert "is no longer there" in BegunDecision.objects.get().why
    assert not Decision.objects.exists()
    assert sign_in(moderator).get(reverse("case", args=[case.public_id])).status_code == 200


def test_a_decision_of_somebody_who_no_longer_moderates_has_no_effect_and_frees_the_case(
    pending, sign_in, moderator, other_moderator, case, scene, worker
):
    moderator.is_moderator = False
    moderator.save()
    with worker():
        factories.let_settle()
    assert fresh(scene.reply).visibility == Visibility.VISIBLE
    assert not Decision.objects.exists()
    assert fresh(case).claimed_by is None
    assert claims.claim(moderator=other_moderator, case=fresh(case))
    assert "A decision of yours did not take effect" not in words(sign_in(moderator).get(reverse("notices")))


def test_it_can_be_decided_again_after_it_came_back(pending, sign_in, moderator, case, scene):
    undo(sign_in(moderator), case)
    browser = sign_in(moderator)
    page = browser.get(reverse("case", args=[case.public_id]))
    names = ("action", "rule", "sanction", "reports_fair")
    form = {name: value_of(page, name)[0] for name in names}
    form |= {name: value_of(page, name) for name in ("reason", "private_note", "version")}
    assert browser.post(reverse("decide", args=[case.public_id]), form).status_code == 302
    factories.let_settle()
    assert fresh(scene.reply).visibility == Visibility.HIDDEN
    assert not BegunDecision.objects.exists()


def test_the_statement_keeps_the_words_that_were_decided_about(pending, scene, other_member):
    editing.edit_post(author=other_member, post=scene.reply, version=1, body="All friendly now.")
    factories.let_settle()
    assert Decision.objects.get().snapshot == "I know that kind of week."
