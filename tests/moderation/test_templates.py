"""Words to begin with, as administrators keep them."""

import pytest
from django.urls import reverse

from moderation.models import AuditEntry, Template
from moderation.services.starter import load_starter_templates
from tests import factories
from tests.pages import soup, value_of, words

LIST = reverse("manage_templates")
NEW = reverse("manage_template_new")


@pytest.fixture
def managing(sign_in, admin):
    return sign_in(admin)


def titles(browser):
    return [link.get_text() for link in soup(browser.get(LIST)).select(".manage-row h3 a")]


def changing(browser, template, **changes):
    address = reverse("manage_template", args=[template.pk])
    page = browser.get(address)
    form = {"title": value_of(page, "title"), "text": value_of(page, "text"), "mark": value_of(page, "mark")}
    form |= {"is_active": "on"} if template.is_active else {}
    sent = {name: value for name, value in (form | changes).items() if value is not None}
    return browser.post(address, sent, follow=True)


def test_an_administrator_writes_a_template_and_moderators_find_it(managing, sign_in, claim, moderator, case):
    managing.post(NEW, {"purpose": "reason", "title": "A slip", "text": "It may have been a slip."})
    assert titles(managing) == ["A slip"]
    claim(moderator, case)
    assert "A slip" in words(sign_in(moderator).get(reverse("case", args=[case.public_id])))
    assert AuditEntry.objects.filter(verb="template-add").get().details["text"] == "It may have been a slip."


@pytest.mark.parametrize("missing", ["purpose", "title", "text"])
def test_a_template_needs_all_of_it(managing, missing):
    form = {"purpose": "reason", "title": "A slip", "text": "It may have been a slip."}
    page = managing.post(NEW, form | {missing: ""})
    assert page.status_code == 422
    assert not Template.objects.exists()


def test_a_template_is_changed_and_retired_and_comes_back(managing):
    template = factories.TemplateFactory(title="Old words")
    changing(managing, template, title="New words")
    assert titles(managing) == ["New words"]
    changing(managing, template, is_active=None)
    assert "Not in use" in words(managing.get(LIST))
    template.refresh_from_db()
    assert not template.is_active
    changing(managing, template, is_active="on")
    assert "Not in use" not in words(managing.get(LIST))
    assert AuditEntry.objects.filter(verb="template-change").count() == 3
    template.refresh_from_db()
    assert "Nothing was different" in words(changing(managing, template))


def test_of_two_who_change_a_template_the_second_is_asked(managing):
    template = factories.TemplateFactory(title="Before", text="Before.")
    seen = value_of(managing.get(reverse("manage_template", args=[template.pk])), "mark")
    changing(managing, template, title="First", text="First words.")
    page = changing(managing, template, title="Second", text="Second words.", mark=seen)
    assert page.status_code == 409
    assert "Somebody else changed this template" in words(page)
    assert "First words." in words(page)
    assert value_of(page, "text").strip() == "Second words."
    again = {"title": "Second", "text": "Second words.", "is_active": "on", "mark": value_of(page, "mark")}
    managing.post(reverse("manage_template", args=[template.pk]), again)
    template.refresh_from_db()
    assert template.text == "Second words."


def test_templates_stand_in_the_order_that_administrators_give_them(managing):
    first, second, third = [factories.TemplateFactory(title=name, position=n) for n, name in enumerate("abc")]
    factories.TemplateFactory(title="elsewhere", purpose="contact")
    managing.post(reverse("manage_template_move", args=[third.pk]), {"before": first.pk})
    assert titles(managing)[:3] == ["c", "a", "b"]
    managing.post(reverse("manage_template_move", args=[third.pk]), {"after": second.pk})
    assert titles(managing)[:3] == ["a", "b", "c"]
    page = managing.post(reverse("manage_template_move", args=[third.pk]), {"after": 10**8}, follow=True)
    assert "nothing was moved" in words(page)
    assert AuditEntry.objects.filter(verb="template-move").count() == 2


@pytest.mark.parametrize("who", ["member", "moderator", "curator"])
def test_for_everybody_else_the_pages_are_not_there(request, sign_in, who):
    browser = sign_in(request.getfixturevalue(who))
    template = factories.TemplateFactory()
    for address in (LIST, NEW, reverse("manage_template", args=[template.pk])):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"title": "x"}).status_code in (404, 405)
    assert browser.post(reverse("manage_template_move", args=[template.pk])).status_code == 404


def test_the_starter_set_has_words_for_each_purpose_and_never_overwrites(db):
    count = load_starter_templates()
    assert count == Template.objects.count()
    assert {row.purpose for row in Template.objects.all()} == set(Template.Purpose.values)
    Template.objects.update(text="Our own words.")
    assert load_starter_templates() == 0
    assert set(Template.objects.values_list("text", flat=True)) == {"Our own words."}


def test_the_starter_set_speaks_as_the_site_does(db):
    load_starter_templates()
    for row in Template.objects.all():
        said = row.text.lower()
        assert "!" not in said, row.title
        for never in (
            "committed suicide",
            "it gets better",
            "stay strong",
            "don’t forget",
            "you should",
            "unfortunately",
        ):
            assert never not in said, row.title
