"""The guidelines: read by everybody, written by administrators, every version kept."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from moderation import questions, screening
from moderation.models import AuditEntry, Rule, RuleVersion, Template
from moderation.services import rules
from moderation.services.starter import load_starter_rules, load_starter_templates
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, value_of, words

RULES, NEW, PUBLIC = reverse("manage_rules"), reverse("manage_rule_new"), reverse("guidelines")


@pytest.fixture
def kindness(db):
    return factories.RuleFactory(slug="kindness", title="Be kind", text="No insults. No belittling.", position=0)


def form_of(rule, **changes):
    form = {"title": rule.title, "text": rule.text, "version": rule.version}
    return form | ({"is_active": "on"} if rule.is_active else {}) | changes


def address(name, rule):
    return reverse(name, args=[rule.slug])


@pytest.fixture
def save(sign_in, admin):
    def send(rule, who=None, **changes):
        return sign_in(who or admin).post(address("manage_rule", rule), form_of(rule, **changes), follow=True)

    return send


def test_everybody_reads_the_rules_in_their_order(visitor, kindness):
    factories.RuleFactory(title="Second", position=2)
    factories.RuleFactory(title="First", position=1)
    page = words(visitor.get(PUBLIC))
    assert page.index("Be kind") < page.index("First") < page.index("Second")
    assert "As it reads since" not in page


def test_a_changed_rule_says_since_when_and_its_earlier_words_can_be_read(visitor, save, kindness):
    save(kindness, text="No insults. No threats.")
    page = visitor.get(PUBLIC)
    assert "No threats." in words(page)
    assert "As it reads since" in words(page)
    history = visitor.get(address("guideline", kindness))
    assert soup(history).find("del").get_text(" ", strip=True).find("belittling") >= 0
    assert soup(history).find("ins").get_text(" ", strip=True).find("threats") >= 0


def test_visitors_and_members_are_not_told_who_changed_it(visitor, sign_in, member, save, admin, kindness):
    save(kindness, text="No insults at all.")
    for browser in (visitor, sign_in(member)):
        for page in (PUBLIC, address("guideline", kindness)):
            assert "steward" not in words(browser.get(page))
    assert "by steward" in words(sign_in(admin).get(address("manage_rule", kindness)))


def test_every_version_is_kept_and_logged(save, kindness, admin):
    save(kindness, text="Second words.")
    kindness.refresh_from_db()
    save(kindness, title="Kindness", text="Third words.")
    kept = RuleVersion.objects.filter(rule=kindness).order_by("version").values_list("version", "title", "text")
    assert list(kept) == [
        (1, "Be kind", "No insults. No belittling."),
        (2, "Be kind", "Second words."),
        (3, "Kindness", "Third words."),
    ]
    assert AuditEntry.objects.filter(verb="change-rule", actor=admin).count() == 2


def test_saving_what_stands_there_changes_nothing(save, kindness):
    assert "Nothing was different" in words(save(kindness))
    kindness.refresh_from_db()
    assert kindness.version == 1


def test_of_two_administrators_the_second_is_told_and_loses_nothing(sign_in, save, admin, kindness):
    other = factories.MemberFactory(is_staff=True)
    save(kindness, who=other, text="No insults. No threats.")
    page = save(kindness, text="No insults. No shouting.")
    assert page.status_code == 409
    assert "Somebody else saved a change while this form was open." in words(page)
    assert value_of(page, "text") == "No insults. No shouting."
    assert "threats" in soup(page).find("del").get_text()
    assert "shouting" in soup(page).find("ins").get_text()
    assert Rule.objects.get().text == "No insults. No threats."
    again = save(kindness, text="No insults. No shouting.", version=value_of(page, "version"))
    assert again.status_code == 200
    assert Rule.objects.get().text == "No insults. No shouting."


def test_two_who_save_at_the_same_instant_make_one_version(shared_database):
    rule = factories.RuleFactory()
    admins = factories.MemberFactory.create_batch(2, is_staff=True)

    def change(who, text):
        try:
            return rules.change_rule(actor=who, rule=rule, version=1, title="T", text=text, is_active=True)
        except rules.RuleChangedError:
            return "told"

    outcomes = at_once(partial(change, admins[0], "One"), partial(change, admins[1], "Two"))
    assert sorted(map(str, outcomes)) == ["True", "told"]
    assert Rule.objects.get().version == 2


def test_a_retired_rule_is_read_no_more_and_stays_for_what_rested_on_it(visitor, sign_in, admin, save, kindness):
    save(kindness, is_active="")
    assert "Be kind" not in words(visitor.get(PUBLIC))
    assert "This guideline is retired." in words(visitor.get(address("guideline", kindness)))
    assert "Retired" in words(sign_in(admin).get(RULES))
    kindness.refresh_from_db()
    save(kindness, is_active="on")
    assert "Be kind" in words(visitor.get(PUBLIC))
    assert "In force again" in words(visitor.get(address("guideline", kindness)))


def test_a_new_rule_stands_last_with_an_address_of_its_own(sign_in, admin, kindness):
    browser = sign_in(admin)
    for _time in range(2):
        page = browser.post(NEW, {"title": "Keep people private", "text": "No names."}, follow=True)
        assert "stands last now" in words(page)
    browser.post(NEW, {"title": "New", "text": "An address that is taken."})
    slugs = list(Rule.objects.order_by("position").values_list("slug", flat=True))
    assert slugs == ["kindness", "keep-people-private", "keep-people-private-2", "new-2"]
    assert RuleVersion.objects.filter(rule__slug="keep-people-private", changed_by=admin).exists()


@pytest.mark.parametrize("field", ["title", "text"])
def test_a_rule_needs_a_title_and_words_and_nothing_typed_is_lost(sign_in, admin, field):
    page = sign_in(admin).post(NEW, {"title": "Be kind", "text": "No insults."} | {field: "\u200b "})
    assert page.status_code == 422
    other = {"title": "text", "text": "title"}[field]
    assert value_of(page, other) in ("Be kind", "No insults.")
    assert not Rule.objects.exists()


def test_rules_are_put_in_order(sign_in, admin, visitor, kindness):
    second = factories.RuleFactory(title="Second", position=1)
    page = sign_in(admin).post(address("manage_rule_move", second), {"before": "kindness"}, follow=True)
    assert "stands before" in words(page)
    assert list(Rule.objects.order_by("position").values_list("title", flat=True)) == ["Second", "Be kind"]
    assert AuditEntry.objects.filter(verb="move-rule").count() == 1
    sign_in(admin).post(address("manage_rule_move", second), {"before": "kindness"})
    assert AuditEntry.objects.filter(verb="move-rule").count() == 1


def test_a_neighbour_that_is_gone_moves_nothing(sign_in, admin, kindness):
    page = sign_in(admin).post(address("manage_rule_move", kindness), {"after": "nowhere"}, follow=True)
    assert "nothing was moved" in words(page)


@pytest.mark.parametrize("who", ["member", "moderator", "curator"])
def test_nobody_else_manages_the_rules(request, sign_in, kindness, who):
    person = request.getfixturevalue(who)
    browser = sign_in(person)
    for page in (RULES, NEW, address("manage_rule", kindness)):
        assert browser.get(page).status_code == 404
    for page in (NEW, address("manage_rule", kindness), address("manage_rule_move", kindness)):
        assert browser.post(page, form_of(kindness, text="Anything goes.")).status_code == 404
    with pytest.raises(PermissionDenied):
        rules.change_rule(actor=person, rule=kindness, version=1, title="X", text="Y", is_active=True)
    assert Rule.objects.get().text == kindness.text


def test_the_guidelines_cost_the_same_however_many_there_are(visitor, kindness, django_assert_num_queries):
    with django_assert_num_queries(2):  # rules, their versions
        visitor.get(PUBLIC)
    factories.RuleFactory.create_batch(5)
    with django_assert_num_queries(2):
        visitor.get(PUBLIC)


def test_words_sent_after_the_session_had_ended_are_there_again(visitor, sign_in, admin, kindness):
    visitor.post(address("manage_rule", kindness), form_of(kindness, text="Words not to lose."))
    visitor.force_login(admin)
    assert value_of(visitor.get(address("manage_rule", kindness)), "text") == "Words not to lose."


def test_the_rule_about_personal_data_and_the_question_before_posting_say_the_same(db):
    load_starter_rules()
    (question,) = (questions.question(found) for found in screening.screen("Write to hazel@example.org").asks)
    for said in (Rule.objects.get(slug="privacy").text, question.why):
        assert "better kept to yourself" in said
        assert "your own" in said.lower()


def test_what_the_site_says_of_emergencies_fits_what_moderators_can_do(visitor, db):
    """They can call emergency services; nobody knows where a member is."""
    for name in ("home", "help_now"):
        page = words(visitor.get(reverse(name)))
        assert "Nobody here knows where you are" in page
        assert "can send help" not in page
    load_starter_templates()
    assert Template.objects.filter(text__contains="I called emergency services").exists()
