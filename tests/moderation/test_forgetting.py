"""What is kept of members' words, and for how long."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from moderation.models import APPEAL_WINDOW, Appeal, Case, Decision, Flag, OutsideReport, StaffMessage
from moderation.services import forgetting
from tests import factories
from tests.pages import words

LONG_AGO = APPEAL_WINDOW + dt.timedelta(days=1)


@pytest.fixture
def old(case, rule, moderator):
    """The case as one that was decided so long ago that nobody can appeal any more."""
    return _decided(case, rule=rule, by=moderator, ago=LONG_AGO)


def _decided(case, *, rule, by, ago):
    at = factories.now() - ago
    Decision.objects.create(
        case=case,
        decider=by,
        author=case.author,
        action="edit",
        options={"after": "Softer words."},
        rule=rule,
        statement="A moderator edited your post.",
        reason="It named somebody.",
        snapshot="I know that kind of week.",
        source=case.source,
        decided_at=at,
    )
    Case.objects.filter(pk=case.pk).update(state=Case.State.DECIDED, decided_at=at, opened_at=at)
    return case


def test_after_the_time_for_an_appeal_the_words_are_gone_and_the_reasons_stay(old, sign_in, other_member, moderator):
    forgetting.erase_words()
    decision = Decision.objects.get()
    assert (decision.snapshot, decision.options, decision.reason) == ("", {}, "It named somebody.")
    assert Flag.objects.get().snapshot == ""
    page = sign_in(other_member).get(reverse("decision", args=[decision.public_id]))
    assert "They were erased, because the time for an appeal is over." in words(page)
    assert "It named somebody." in words(page)
    case_page = sign_in(moderator).get(reverse("case", args=[old.public_id]))
    assert case_page.status_code == 200
    assert forgetting.erase_words() == 0


def test_while_somebody_can_appeal_the_words_are_kept(case, rule, moderator):
    _decided(case, rule=rule, by=moderator, ago=APPEAL_WINDOW - dt.timedelta(days=1))
    assert forgetting.erase_words() == 0
    assert Decision.objects.get().snapshot == "I know that kind of week."


def test_while_an_appeal_waits_the_words_are_kept(old, other_member):
    decision = Decision.objects.get()
    Appeal.objects.create(
        decision=decision,
        author=decision.author,
        decider=decision.decider,
        text="I meant it well.",
        due_at=factories.now(),
    )
    assert forgetting.erase_words() == 0
    assert Decision.objects.get().snapshot == "I know that kind of week."


def test_an_open_case_keeps_its_words_however_old_it_is(case):
    Case.objects.update(opened_at=factories.now() - LONG_AGO, due_at=factories.now() - LONG_AGO)
    assert forgetting.erase_words() == 0
    assert Flag.objects.get().snapshot == "I know that kind of week."


def test_who_reported_without_an_account_is_forgotten_with_the_words(case, rule, moderator):
    report = OutsideReport.objects.create(
        name="Robin", email="robin@example.net", address="/t/1/", why="It names my sister.", in_good_faith=True
    )
    Flag.objects.create(case=case, outside=report, reason="privacy", snapshot="My sister is called Wren.")
    _decided(case, rule=rule, by=moderator, ago=LONG_AGO)
    forgetting.erase_words()
    report.refresh_from_db()
    assert (report.name, report.email, report.why) == ("", "", "It names my sister.")


def test_what_they_wrote_in_an_appeal_and_to_moderators_is_erased_too(
    old, sign_in, other_member, other_moderator, moderator
):
    decision, long_ago = Decision.objects.get(), factories.now() - LONG_AGO
    appeal = Appeal.objects.create(
        decision=decision,
        author=other_member,
        decider=decision.decider,
        text="I meant my sister well.",
        due_at=long_ago,
        state=Appeal.State.UPHELD,
        judge=other_moderator,
        judged_at=long_ago,
        answer="It stands.",
    )
    sent = StaffMessage.objects.create(
        case=old,
        member=other_member,
        sent_by=moderator,
        text="How are you?",
        answer="Like my sister was.",
        answered_at=long_ago,
    )
    forgetting.erase_words()
    appeal.refresh_from_db()
    sent.refresh_from_db()
    assert (appeal.text, appeal.answer) == ("", "It stands.")
    assert (sent.text, sent.answer) == ("How are you?", "")
    third = factories.MemberFactory(is_moderator=True)
    for who, address, said in (
        (other_member, reverse("decision", args=[decision.public_id]), "These words were erased"),
        (third, reverse("appeal_judge", args=[appeal.public_id]), "These words were erased"),
        (other_member, reverse("staff_message", args=[sent.public_id]), "It was erased"),
        (third, reverse("case", args=[old.public_id]), "It was erased"),
    ):
        page = words(sign_in(who).get(address))
        assert said in page
        assert "sister" not in page


@pytest.mark.parametrize(
    "changes",
    [{"reason": "Another."}, {"snapshot": "Another."}, {"snapshot": "", "options": {}, "statement": "Another."}],
)
def test_nothing_else_of_an_old_decision_can_be_changed(old, changes):
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Decision.objects.update(**changes)


def test_the_words_of_a_young_decision_cannot_be_erased(case, rule, moderator):
    _decided(case, rule=rule, by=moderator, ago=dt.timedelta(days=1))
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Decision.objects.update(snapshot="", options={})
