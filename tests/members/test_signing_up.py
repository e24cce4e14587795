"""Joining: a name that gives nothing away, and what newcomers agree to."""

import pytest
from django.db import IntegrityError
from django.test import Client

from members import access, consents, names
from members.models import Consent, Member, TakenName
from tests import factories
from tests.pages import soup, value_of, words

SIGNUP = "/accounts/signup/"
NEWCOMER = {
    "username": "quiet-fox",
    "email": "fox@example.org",
    "password1": "lantern-river-moss",
    "age": "on",
    "health": "on",
}

pytestmark = pytest.mark.django_db


def sign_up(visitor, **changes):
    return visitor.post(SIGNUP, NEWCOMER | changes)


@pytest.mark.parametrize("look_alike", ["a1der", "aIder", "AL-DER", "a_l_d_e_r", "alder-"[:-1]])
def test_a_name_that_looks_like_somebody_elses_is_refused_kindly(visitor, member, look_alike):
    page = sign_up(visitor, username=look_alike)
    assert "or one that looks much like it" in words(page)
    assert "these are free" in words(page)
    assert value_of(page, "email") == "fox@example.org"
    assert Member.objects.count() == 1


def test_the_name_of_somebody_who_left_is_nobody_elses(visitor):
    TakenName.objects.create(digest=names.digest("old-friend"))
    for again in ("old-friend", "OLD_FRIEND", "o1d-friend"):
        assert "or one that looks much like it" in words(sign_up(Client(), username=again))
    assert not Member.objects.exists()


def test_names_that_would_be_taken_for_the_site_or_for_nobody_are_refused(visitor):
    for name in ("anonymous", "Someone", "moderator-1"):
        sign_up(Client(), username=name)
    assert not Member.objects.exists()


def test_names_that_are_offered_are_free_and_pass_every_rule(visitor, monkeypatch):
    monkeypatch.setattr("members.access.arriving._FIRST_WORDS", ("amber", "quiet"))
    monkeypatch.setattr("members.access.arriving._SECOND_WORDS", ("fox", "owl", "hill", "moth", "bell", "leaf", "kite"))
    factories.MemberFactory(username="quiet_fox")
    offered = {link.get_text() for _n in range(5) for link in soup(visitor.get(SIGNUP)).select(".free-name")}
    assert offered
    assert "quiet-fox" not in offered
    for number, name in enumerate(sorted(offered)):
        sign_up(Client(), username=name, email=f"fox{number}@example.org")
    assert set(Member.objects.values_list("username", flat=True)) == offered | {"quiet_fox"}


def test_every_word_that_names_are_made_of_passes_every_rule():
    for first in access.arriving._FIRST_WORDS:
        for second in access.arriving._SECOND_WORDS:
            Member(username=f"{first}-{second}", email="x@example.org").clean_fields(exclude=["password"])


@pytest.mark.parametrize("missing", ["age", "health"])
def test_nobody_joins_without_agreeing_to_each_thing_by_itself(visitor, missing):
    form = {name: value for name, value in NEWCOMER.items() if name != missing}
    page = visitor.post(SIGNUP, form)
    assert not Member.objects.exists()
    assert soup(page).select_one(f"#id_{missing}.is-invalid")
    assert value_of(page, "username") == "quiet-fox"


def test_what_newcomers_agreed_to_is_kept_with_the_words_and_the_time(visitor, settings):
    settings.MINIMUM_AGE = 21
    page = visitor.get(SIGNUP)
    sign_up(visitor)
    member = Member.objects.get()
    kept = {consent.kind: consent for consent in Consent.objects.filter(member=member)}
    assert set(kept) == {"age", "health"}
    for consent in kept.values():
        assert consents.in_words(consent.kind, consent.text_version) in words(page)
        assert abs((factories.now() - consent.given_at).total_seconds()) < 600
    assert "21 or older" in consents.in_words("age", kept["age"].text_version)
    assert member.agreed == consents.current()
    # The words of then can be read when the operator has asked for another age since.
    settings.MINIMUM_AGE = 18
    assert "21 or older" in consents.in_words("age", kept["age"].text_version)


def test_a_long_passphrase_can_be_pasted(visitor):
    sign_up(visitor, password1="seven slow rivers under a paper moon")
    assert Member.objects.get().check_password("seven slow rivers under a paper moon")
    field = soup(visitor.get(SIGNUP)).find(attrs={"name": "password1"})
    assert "onpaste" not in field.attrs
    assert not field.has_attr("maxlength")
    assert field["autocomplete"] == "new-password"


def test_the_database_refuses_look_alikes_too(member):
    with pytest.raises(IntegrityError, match="looks_like_no_other"):
        factories.MemberFactory(username="a1der")


def test_nobody_joins_where_it_is_closed(visitor, settings):
    settings.SIGN_UP = "closed"
    assert "Joining is paused" in words(visitor.get(SIGNUP))
    sign_up(visitor)
    assert not Member.objects.exists()
    assert "Join with a name" not in words(visitor.get("/accounts/login/"))


def test_a_newcomer_is_shown_around_after_the_first_sign_in(visitor, mailoutbox):
    member = factories.MemberFactory(username="quiet-fox", welcomed_at=None)
    answer = visitor.post("/accounts/login/", {"login": "quiet-fox", "password": factories.PASSWORD})
    assert answer.headers["Location"] == "/welcome/"
    visitor.post("/welcome/enough/")
    member.refresh_from_db()
    assert member.welcomed_at
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": "quiet-fox", "password": factories.PASSWORD})
    assert answer.headers["Location"] == "/"
