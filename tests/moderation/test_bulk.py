"""Spam by the heap: several cases with one rule and one reason, each decided by itself."""

import pytest
from django.urls import reverse

from forums.models import Post
from moderation.models import Case, Decision, Flag, PendingDecision
from moderation.services import claims
from tests import factories
from tests.pages import soup, value_of, words

SPAM = reverse("spam")


@pytest.fixture
def heap(db):
    return [factories.flag(factories.PostFactory(), reason=Flag.Reason.SPAM).case for _number in range(3)]


@pytest.fixture
def confirm(sign_in, rule):
    """Tick `cases`, and send the form of the page that asks for rule and reason."""

    def send(who, cases, **changes):
        browser = sign_in(who)
        page = browser.post(SPAM, {"case": [case.public_id for case in cases]})
        form = {field["name"]: field["value"] for field in soup(page).select(".spam-decision input[name^=version]")}
        form["case"] = [field["value"] for field in soup(page).select(".spam-decision input[name=case]")]
        answer = {"decide": "1", "rule": rule.pk, "reason": "It advertises a shop."}
        return browser.post(SPAM, form | answer | changes, follow=True)

    return send


def hidden():
    return Post.objects.exclude(visibility="visible").count()


def test_ticked_cases_are_shown_once_more_before_anything_happens(sign_in, moderator, heap):
    browser = sign_in(moderator)
    queue = soup(browser.get(reverse("queue")))
    assert len(queue.select("input[type=checkbox][name=case]")) == 3
    page = browser.post(SPAM, {"case": [case.public_id for case in heap[:2]]})
    assert len(soup(page).select(".case-row")) == 2
    assert "Remove all 2 and tell their authors" in words(page)
    assert not PendingDecision.objects.exists()


def test_each_is_decided_with_its_own_twelve_seconds_and_its_own_statement(confirm, moderator, heap):
    page = confirm(moderator, heap)
    assert "3 cases were decided." in words(page)
    assert hidden() == 0
    assert PendingDecision.objects.filter(decider=moderator).count() == 3
    factories.let_settle()
    assert hidden() == 3
    assert {decision.case_id for decision in Decision.objects.all()} == {case.pk for case in heap}
    assert set(Decision.objects.values_list("reason", flat=True)) == {"It advertises a shop."}
    assert set(Flag.objects.values_list("judged", flat=True)) == {"fair"}


def test_all_are_undone_within_the_twelve_seconds(confirm, sign_in, moderator, heap):
    confirm(moderator, heap)
    browser = sign_in(moderator)
    assert "Undo all" in words(browser.get(reverse("queue")))
    assert "3 decisions were undone." in words(browser.post(reverse("undo_all"), follow=True))
    factories.let_settle()
    assert hidden() == 0
    assert not Decision.objects.exists()
    assert "It was too late" in words(browser.post(reverse("undo_all"), follow=True))


def test_nobody_undoes_a_colleagues_decisions(confirm, sign_in, moderator, other_moderator, heap):
    confirm(moderator, heap)
    sign_in(other_moderator).post(reverse("undo_all"))
    assert PendingDecision.objects.count() == 3


def test_what_cannot_be_decided_is_told_and_the_rest_is_done(confirm, sign_in, rule, moderator, other_moderator, heap):
    browser = sign_in(moderator)
    page = soup(browser.post(SPAM, {"case": [case.public_id for case in heap]}))
    form = {field["name"]: field["value"] for field in page.select(".spam-decision input[name^=version]")}
    taken, changed, free = heap
    claims.claim(moderator=other_moderator, case=taken)
    factories.flag(Post.objects.get(pk=changed.subject_id), reason=Flag.Reason.SPAM)
    form |= {"case": [case.public_id for case in heap], "decide": "1", "rule": rule.pk, "reason": "A shop."}
    answer = browser.post(SPAM, form)
    said = words(answer)
    assert "Something new arrived in this case." in said
    assert [row.case_id for row in PendingDecision.objects.all()] == [free.pk]
    # What was not decided is not left in anybody's hands.
    changed.refresh_from_db()
    taken.refresh_from_db()
    assert (changed.claimed_by, taken.claimed_by) == (None, other_moderator)


def test_graver_cases_and_cases_that_nobody_called_spam_are_decided_one_by_one(sign_in, moderator, case, heap):
    other = factories.flag(factories.PostFactory(), reason=Flag.Reason.OTHER).case
    about_me = factories.flag(factories.PostFactory(author=moderator), reason=Flag.Reason.SPAM).case
    browser = sign_in(moderator)
    ticked = {"case": [case.public_id, other.public_id, about_me.public_id, heap[0].public_id, "nonsense"]}
    assert len(soup(browser.post(SPAM, ticked)).select(".case-row")) == 1
    page = browser.post(SPAM, {"case": [case.public_id, about_me.public_id]}, follow=True)
    assert "Tick the cases that are spam first." in words(page)


@pytest.mark.parametrize("missing", ["rule", "reason"])
def test_a_rule_and_a_reason_are_needed_for_heaps_too(confirm, moderator, heap, missing):
    page = confirm(moderator, heap, **{missing: ""})
    assert page.status_code == 422
    assert not PendingDecision.objects.exists()
    assert len(soup(page).select(".case-row")) == 3


def test_heaps_are_moderators_alone(sign_in, member, visitor, heap):
    for address in (SPAM, reverse("undo_all")):
        assert sign_in(member).post(address, {"case": [heap[0].public_id]}).status_code == 404
        assert visitor.post(address).status_code == 302
    assert not Case.objects.exclude(claimed_by=None).exists()


def test_a_template_begins_the_reason_also_without_javascript(sign_in, moderator, heap):
    template = factories.TemplateFactory(text="This place has no offers.")
    form = {"case": [heap[0].public_id], "add_template": "1", "template": template.pk, "reason": "Hello."}
    page = sign_in(moderator).post(SPAM, form)
    assert value_of(page, "reason") == "Hello.\n\nThis place has no offers."
    assert not PendingDecision.objects.exists()
