"""The page that says what is kept: true, plain, and there for everybody."""

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse

from members import consents, retention
from members.models import Member
from tests.pages import soup, words

PRIVACY = reverse("privacy")


def test_everybody_can_read_it_also_while_suspended(visitor, sign_in, member, silenced, db):
    assert visitor.get(PRIVACY).status_code == 200
    assert sign_in(member).get(PRIVACY).status_code == 200


def test_it_is_at_the_foot_of_every_page(visitor, db):
    for page in ("home", "help_now", "guidelines"):
        assert soup(visitor.get(reverse(page))).find("footer").find("a", href=PRIVACY), page


def test_it_says_of_all_that_is_kept_what_why_for_how_long_and_who_sees_it(visitor, db):
    page = soup(visitor.get(PRIVACY))
    assert len(retention.terms()) > 20
    assert page.find("main").find("details")["id"] == "kept-account"
    for term in retention.terms():
        opened = page.find("details", id=f"kept-{term.key}")
        said = [" ".join(part.get_text(" ").split()) for part in opened.find_all(["summary", "dd"])]
        assert said == [" ".join(str(part).split()) for part in (term.what, term.why, term.how_long, term.seen_by)]


def test_what_it_says_has_an_id_of_its_own(visitor, db):
    ids = [tag["id"] for tag in soup(visitor.get(PRIVACY)).find_all(id=True)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("field", ["seen_on", "time_zone"])
def test_what_programs_use_of_the_account_is_named(visitor, db, field):
    assert Member._meta.get_field(field)
    assert {"seen_on": "last day", "time_zone": "time zone"}[field] in words(visitor.get(PRIVACY))


def test_it_names_the_words_that_people_agreed_to_and_how_to_take_that_back(visitor, db):
    said = words(visitor.get(PRIVACY))
    for each in consents.asked():
        assert each.text in said
    assert "You can take your yes back at any time" in said


def test_it_names_who_answers_for_it_and_what_one_can_ask_for(visitor, db):
    page = visitor.get(PRIVACY)
    assert soup(page).find("main").find("a", href=f"mailto:{settings.CONTACT_EMAIL}")
    said = words(page)
    for right in ("take along everything", "put right what is wrong", "deleted", "object", "data protection authority"):
        assert right in said


def test_it_names_the_company_that_carries_mails_where_there_is_one(visitor, db, settings):
    settings.MAIL_PROVIDER = "postmark"
    assert "Mails are sent through Postmark" in words(visitor.get(PRIVACY))
    settings.MAIL_PROVIDER = ""
    assert "Postmark" not in words(visitor.get(PRIVACY))


def test_members_find_there_who_looked_at_what(sign_in, member, visitor):
    assert soup(sign_in(member).get(PRIVACY)).find("a", href=reverse("my_looks"))
    assert not soup(visitor.get(PRIVACY)).find("a", href=reverse("my_looks"))


def test_it_asks_the_database_nothing_of_visitors(visitor, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        visitor.get(PRIVACY)


def test_what_it_names_is_there(db):
    known = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    named = {label for term in retention.terms() for label in term.models}
    assert named <= known


def test_its_title_says_nothing_of_what_the_site_is_about(visitor, db):
    assert soup(visitor.get(PRIVACY)).title.get_text().startswith("Privacy")
