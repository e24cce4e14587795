"""What was decided and logged stays as it was: the database itself says so."""

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from moderation.models import AuditEntry, Case, Decision, Rule, Signal
from moderation.services import decisions
from moderation.services.starter import load_starter_rules
from tests import factories


@pytest.fixture
def decision(case, moderator, rule):
    factories.claimed(case, by=moderator)
    decisions.decide(moderator=moderator, case=case, version=1, action="hide", reason="Unkind.", rule=rule)
    factories.let_settle()
    return case.decisions.get()


def refused(verb):
    with pytest.raises(Error), transaction.atomic():
        verb()


@pytest.mark.parametrize("model", [Decision, AuditEntry])
def test_nothing_in_the_record_can_be_changed_or_deleted(decision, model):
    rows = model.objects.all()
    before = list(rows.order_by("id").values())
    assert before
    name = "reason" if model is Decision else "verb"
    refused(lambda: rows.update(**{name: "Something nicer"}))
    refused(rows.delete)
    refused(lambda: rows.first().delete())
    refused(lambda: connection.cursor().execute(f"DELETE FROM {model._meta.db_table}"))
    assert list(rows.order_by("id").values()) == before


def test_a_member_who_is_part_of_the_record_cannot_be_deleted(decision, other_member, moderator):
    for somebody in (other_member, moderator):
        with pytest.raises(ProtectedError):
            somebody.delete()


def decision_row(case, **changes):
    row = {
        "case": case,
        "decider": factories.MemberFactory(is_moderator=True),
        "author": case.author,
        "action": "hide",
        "rule": factories.RuleFactory(),
        "statement": "Your post was hidden.",
        "reason": "Unkind.",
        "snapshot": "x",
        "source": "report",
    }
    return Decision.objects.create(**{**row, **changes})


def test_a_decision_has_another_decider_than_author(case):
    decision_row(case)
    with pytest.raises(IntegrityError, match="decision_not_about_oneself"):
        decision_row(case, decider=case.author)


def test_a_restriction_rests_on_a_rule(case):
    decision_row(case, rule=None, statement="")
    with pytest.raises(IntegrityError, match="decision_restriction_has_rule"):
        decision_row(case, rule=None)


def test_there_is_one_open_case_about_a_subject(case):
    with pytest.raises(IntegrityError, match="case_one_open"):
        Case.objects.create(
            subject_kind=case.subject_kind,
            subject_id=case.subject_id,
            author=case.author,
            priority=4,
            due_at=factories.now(),
        )


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"lease_until": factories.now()}, "case_claim_has_lease"),
        ({"state": "decided"}, "case_decided_has_time"),
        ({"decided_at": factories.now()}, "case_decided_has_time"),
    ],
)
def test_a_case_cannot_contradict_itself(case, wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Case.objects.update(**wrong)


def test_a_signal_points_forwards(case):
    with pytest.raises(IntegrityError, match="signal_span_forward"):
        Signal.objects.create(case=case, kind="crisis", rule="x", severity=1, start=5, end=4, snapshot="x")


def test_starter_rules_come_once_and_edits_stay(db):
    assert load_starter_rules() == Rule.objects.count() > 0
    Rule.objects.update(text="Ours now.")
    assert load_starter_rules() == 0
    assert set(Rule.objects.values_list("text", flat=True)) == {"Ours now."}
