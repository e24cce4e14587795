"""From signing up to signing out, as a person does it."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from members import tasks
from members.models import Member
from tests import factories
from tests.pages import soup, value_of, words

SIGNUP, LOGIN, LOGOUT, RESET = "/accounts/signup/", "/accounts/login/", "/accounts/logout/", "/accounts/password/reset/"
NEWCOMER = {
    "username": "quiet-fox",
    "email": "fox@example.org",
    "password1": "lantern-river-moss",
    "age": "on",
    "health": "on",
}
LINK = re.compile(r"https?://[^/\s]+(/\S+)")

pytestmark = pytest.mark.django_db


def sign_up(visitor, **changes):
    return visitor.post(SIGNUP, NEWCOMER | changes)


def link_in(sent):
    return LINK.findall(sent.body)[0]


def signed_in(client):
    return "_auth_user_id" in client.session


def confirm(visitor, sent):
    page = visitor.get(link_in(sent))
    return visitor.post(soup(page).find("form", action=re.compile("confirm"))["action"], follow=True)


def test_nothing_but_a_pseudonym_an_address_a_password_and_consent_is_asked(visitor):
    asked = {field["name"] for field in soup(visitor.get(SIGNUP)).select("main input[name]")}
    assert asked - {"csrfmiddlewaretoken", "next"} == {"username", "email", "password1", "age", "health"}


def test_a_newcomer_signs_up_confirms_and_signs_in(visitor, mailoutbox):
    answer = sign_up(visitor)
    assert answer.headers["Location"] == reverse("account_email_verification_sent")
    assert not signed_in(visitor)
    (sent,) = mailoutbox
    assert sent.to == ["fox@example.org"]

    # Not before the address is confirmed.
    visitor.post(LOGIN, {"login": "quiet-fox", "password": NEWCOMER["password1"]})
    assert not signed_in(visitor)

    assert confirm(visitor, sent).status_code == 200
    for known_as in ("quiet-fox", "fox@example.org", "FOX@example.org"):
        browser = Client()
        browser.post(LOGIN, {"login": known_as, "password": NEWCOMER["password1"]})
        assert signed_in(browser)
        assert "Hello, quiet-fox" in words(browser.get("/"))


def test_mails_about_the_account_do_not_say_what_the_site_is_about(visitor, member, mailoutbox):
    sign_up(visitor)
    sign_up(Client(), username="other-fox", email=member.email)
    visitor.post(RESET, {"email": member.email})
    visitor.post(RESET, {"email": "nobody@example.org"})
    assert len(mailoutbox) == 4
    for sent in mailoutbox:
        for telling in ("support", "depress", "peer", "forum", "mental", "health"):
            assert telling not in (sent.subject + sent.body).lower()


def test_looking_at_the_confirmation_link_does_not_use_it_up(visitor, mailoutbox):
    sign_up(visitor)
    visitor.get(link_in(mailoutbox[0]))
    assert confirm(visitor, mailoutbox[0]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "JaneSmith"}, "A made-up name keeps you private"),
        ({"username": "07700900123"}, "This looks like a phone number."),
        ({"username": "fox@example.org"}, "Use letters, digits, hyphens and underscores"),
        ({"username": "ab"}, "at least 3"),
        ({"username": "x" * 31}, "at most 30"),
        ({"username": "ALDER"}, "already"),
        ({"email": "nowhere"}, "valid email address"),
        ({"password1": "short"}, "at least 10 characters"),
        ({"password1": "1234567890"}, "too common"),
        ({"password1": "quiet-fox1"}, "too similar"),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_is_kept(visitor, member, changes, sentence):
    page = sign_up(visitor, **changes)
    assert page.status_code == 200
    assert sentence in words(page)
    for name in ("username", "email"):
        assert value_of(page, name) == (NEWCOMER | changes)[name]
    assert Member.objects.count() == 1


def test_a_taken_address_gets_the_same_answer_as_a_free_one(visitor, member, mailoutbox):
    free = sign_up(visitor)
    taken = sign_up(Client(), username="other-fox", email=member.email.upper())
    assert (free.status_code, free.headers["Location"]) == (taken.status_code, taken.headers["Location"])
    assert not Member.objects.filter(username="other-fox").exists()
    # Its owner hears of it by mail, and nobody else does.
    assert mailoutbox[1].to == [member.email]
    assert "other-fox" not in mailoutbox[1].body


def test_an_address_that_was_never_confirmed_can_sign_up_again(visitor, mailoutbox):
    sign_up(visitor)
    again = sign_up(Client(), username="other-fox")
    assert again.headers["Location"] == reverse("account_email_verification_sent")
    assert {tuple(sent.to) for sent in mailoutbox} == {("fox@example.org",)}


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(visitor, member):
    answers = {
        words(visitor.post(LOGIN, {"login": login, "password": "not-the-password"})).replace(login, "")
        for login in ("alder", "nobody-here")
    }
    assert len(answers) == 1


def test_a_new_password_comes_by_mail(visitor, member, mailoutbox):
    known, unknown = (visitor.post(RESET, {"email": address}) for address in (member.email, "nobody@example.org"))
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    to_member = next(sent for sent in mailoutbox if sent.to == [member.email])

    page = visitor.get(link_in(to_member), follow=True)
    new = {"password1": "harbour-lantern-fern", "password2": "harbour-lantern-fern"}
    visitor.post(page.request["PATH_INFO"], new)
    browser = Client()
    browser.post(LOGIN, {"login": "alder", "password": factories.PASSWORD})
    assert not signed_in(browser)
    browser.post(LOGIN, {"login": "alder", "password": "harbour-lantern-fern"})
    assert signed_in(browser)


def test_signing_out_takes_a_press_and_not_a_link(sign_in, member):
    browser = sign_in(member)
    browser.get(LOGOUT)
    assert signed_in(browser)
    browser.post(LOGOUT)
    assert not signed_in(browser)
    assert browser.get(reverse("boards")).status_code == 302


def test_a_closed_account_is_signed_out_everywhere(sign_in, member):
    browser = sign_in(member)
    member.is_active = False
    member.save()
    assert browser.get(reverse("boards")).headers["Location"].startswith(LOGIN)


def test_sessions_that_ended_are_cleared(sign_in, member):
    sign_in(member)
    assert Session.objects.exists()
    Session.objects.update(expire_date=factories.now())
    tasks.purge()
    assert not Session.objects.exists()
    call_command("clearsessions")


def test_too_many_wrong_passwords_make_one_wait(visitor, member):
    for _try in range(12):
        visitor.post(LOGIN, {"login": "alder", "password": "not-the-password"})
    visitor.post(LOGIN, {"login": "alder", "password": factories.PASSWORD})
    assert not signed_in(visitor)
