"""Agreeing again when the words change, and what is open before somebody has."""

from typing import Any

import pytest
from django.urls import reverse

from members import access, consents, services
from members.models import Consent, Member
from tests import factories
from tests.pages import soup, value_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def unasked(db):
    """Somebody who joined before anybody was asked."""
    return factories.MemberFactory(username="early-bird", agreed="")


def test_whoever_was_never_asked_is_asked_before_the_next_page_and_goes_on_there(sign_in, unasked):
    browser = sign_in(unasked)
    answer = browser.get("/waiting/?after=1")
    assert answer.headers["Location"] == "/agree/?next=%2Fwaiting%2F%3Fafter%3D1"
    page = browser.get(answer.headers["Location"])
    assert "Nobody asked you when you joined" in words(page)

    refused = browser.post("/agree/", {"age": "on", "next": "/waiting/?after=1"})
    assert refused.status_code == 422
    assert value_of(refused, "next") == "/waiting/?after=1"
    assert not Consent.objects.filter(member=unasked).exists()

    answer = browser.post("/agree/", {"age": "on", "health": "on", "next": "/waiting/?after=1"})
    assert answer.headers["Location"] == "/waiting/?after=1"
    assert browser.get("/waiting/").status_code == 200
    assert set(Consent.objects.filter(member=unasked).values_list("kind", flat=True)) == {"age", "health"}


def test_new_words_are_asked_of_everybody_and_only_those(sign_in, member, monkeypatch):
    services.agree(member=member, kinds=list(Consent.Kind))
    texts: Any = {kind: dict(each) for kind, each in consents.TEXTS.items()}
    texts[Consent.Kind.HEALTH]["2027-01"] = "I agree to other words."
    monkeypatch.setattr(consents, "TEXTS", texts)
    browser = sign_in(member)
    page = browser.get(reverse("boards"), follow=True)
    assert "have changed" in words(page)
    assert "I agree to other words." in words(page)
    assert [box["name"] for box in soup(page).select("main input[type=checkbox]")] == ["health"]
    browser.post("/agree/", {"health": "on"})
    assert browser.get(reverse("boards")).status_code == 200
    # What was said earlier stays as it was said.
    assert Consent.objects.filter(member=member, kind="health").count() == 2


def test_another_age_is_asked_of_everybody(sign_in, member, settings):
    services.agree(member=member, kinds=list(Consent.Kind))
    settings.MINIMUM_AGE = 21
    assert "21 or older" in words(sign_in(member).get("/", follow=True))


def test_agreeing_twice_is_agreeing_once(member):
    assert services.agree(member=member, kinds=list(Consent.Kind)) is True
    assert services.agree(member=member, kinds=list(Consent.Kind)) is False
    assert member.consents.count() == 2


def test_consent_that_is_taken_back_is_asked_again_and_its_row_stays(sign_in, member):
    services.agree(member=member, kinds=list(Consent.Kind))
    assert services.withdraw_consent(member=member) is True
    assert services.withdraw_consent(member=member) is False
    member.refresh_from_db()
    assert access.lacks_consent(member)
    assert {consent.withdrawn_at is None for consent in member.consents.all()} == {False}
    services.agree(member=member, kinds=list(Consent.Kind))
    assert member.consents.count() == 4


def test_words_typed_before_one_was_asked_are_not_lost(sign_in, unasked, scene):
    address = reverse("reply", args=[scene.thread.public_id])
    answer = sign_in(unasked).post(address, {"body": "I know this one."})
    assert answer.headers["Location"].startswith("/agree/?next=")
    assert scene.thread.posts.count() == 2
    browser = sign_in(unasked)
    browser.post(address, {"body": "I know this one."})
    after = browser.post("/agree/", {"age": "on", "health": "on", "next": address})
    assert value_of(browser.get(after.headers["Location"]), "body") == "I know this one."


def test_help_the_account_and_what_visitors_read_stay_open(sign_in, unasked):
    browser = sign_in(unasked)
    for name in (
        "help_now",
        "guidelines",
        "library",
        "account_email",
        "mfa_index",
        "usersessions_list",
        "account_logout",
    ):
        assert browser.get(reverse(name)).status_code == 200, name
    for name in ("home", "boards", "notices", "welcome", "settings"):
        assert browser.get(reverse(name)).headers["Location"].startswith("/agree/"), name


def test_no_other_site_is_led_to_after_agreeing(sign_in, unasked):
    answer = sign_in(unasked).post("/agree/", {"age": "on", "health": "on", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"


def test_a_part_of_a_page_leads_the_whole_page_there(sign_in, unasked):
    answer = sign_in(unasked).get(reverse("boards"), headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/agree/")


def test_what_one_agreed_to_can_be_read_again_with_the_way_to_take_it_back(sign_in, member, other_member):
    services.agree(member=member, kinds=list(Consent.Kind))
    page = sign_in(member).get(reverse("consents"))
    for asked in consents.asked():
        assert asked.text in words(page)
    assert "means leaving" in words(page)
    assert "Nothing yet" in words(sign_in(other_member).get(reverse("consents")))


def test_nobody_goes_in_circles_who_said_yes_to_everything(sign_in, unasked):
    services.agree(member=unasked, kinds=list(Consent.Kind))
    Member.objects.filter(pk=unasked.pk).update(agreed="")
    assert sign_in(unasked).get("/boards/", follow=True).redirect_chain[-1][0] == "/boards/"


def test_whether_somebody_agreed_costs_no_query(member, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not access.lacks_consent(member)
