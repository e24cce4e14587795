"""A second step to sign in, proving once more who one is, and another e-mail address."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from members.models import AddressChange
from notifications.models import Notice
from resources.services.starter import prepare_library
from supportsite.middleware_arriving import STAFF_NAMES, STAFF_PAGES
from tests import factories
from tests.pages import soup, value_of, words
from tests.supportsite.routes import all_routes
from tests.supportsite.table import TABLE

LOGIN, AGAIN = "/accounts/login/", "/accounts/reauthenticate/"
EMAIL = "/accounts/email/"

pytestmark = pytest.mark.django_db


def browser_of(member):
    browser = Client()
    browser.post(LOGIN, {"login": member.username, "password": factories.PASSWORD})
    return browser


def proven(member):
    """Signed in, and asked once more just now."""
    browser = browser_of(member)
    browser.post(AGAIN, {"password": factories.PASSWORD})
    return browser


def code_for(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def with_app(member):
    secret = totp.generate_totp_secret()
    Authenticator.objects.create(
        user=member, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
    )
    return secret


# --- codes


def test_setting_up_a_code_from_an_app_gives_codes_for_when_the_phone_is_gone(member):
    browser = proven(member)
    page = browser.get(reverse("mfa_activate_totp"))
    secret = soup(page).find(id="authenticator_secret")["value"]
    browser.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    kinds = set(Authenticator.objects.filter(user=member).values_list("type", flat=True))
    assert kinds == {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}
    page = browser.get(reverse("mfa_view_recovery_codes"))
    assert page.status_code == 200
    assert re.search(r"[0-9a-f]{8}", words(page))


def test_with_a_code_from_an_app_a_password_alone_lets_nobody_in(member):
    secret = with_app(member)
    browser = browser_of(member)
    assert "_auth_user_id" not in browser.session
    page = browser.get("/accounts/2fa/authenticate/")
    assert "One more step" in words(page)
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in browser.session
    browser.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert "_auth_user_id" in browser.session


def test_guessing_codes_ends_after_a_few(member):
    secret = with_app(member)
    browser = browser_of(member)
    for number in range(6):
        browser.post("/accounts/2fa/authenticate/", {"code": f"00000{number}"})
    browser.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert "_auth_user_id" not in browser.session


# --- staff


@pytest.fixture
def insists(settings):
    settings.STAFF_SECOND_FACTOR = True


def test_pages_of_staff_open_once_there_is_a_second_step(insists, sign_in, moderator, curator, admin):
    prepare_library()
    pages = {moderator: "/moderation/", curator: "/curate/", admin: "/admin/"}
    for person, page in pages.items():
        browser = sign_in(person)
        assert browser.get(page).headers["Location"] == reverse("second_factor"), page
        assert browser.get("/boards/").status_code == 200
        assert "Set up a second step" in words(browser.get(reverse("second_factor")))
        with_app(person)
        assert browser.get(page).status_code == 200, page


def test_recovery_codes_alone_are_no_second_step(insists, sign_in, moderator):
    Authenticator.objects.create(user=moderator, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert sign_in(moderator).get("/moderation/").status_code == 302


def test_members_are_not_told_of_pages_that_are_not_there_for_them(insists, sign_in, member):
    browser = sign_in(member)
    for page in ("/moderation/", "/admin/", "/curate/", "/manage/"):
        assert browser.get(page).status_code == 404


def test_every_page_that_only_staff_may_open_asks_for_it():
    """A new page of staff stands under one of the addresses that ask, or is named where they are."""
    roles = ("moderator", "curator", "administrator")
    staffs = {
        name
        for name, row in TABLE.items()
        for answers in (row.get, row.post)
        if answers["member"] == answers["concerned"] == "404"
        and any(answers[role] not in ("404", "405") for role in roles)
    }
    assert len(staffs) > 40
    unasked = {
        route.name
        for route in all_routes()
        if route.name in staffs and not f"/{route.pattern}".startswith(STAFF_PAGES) and route.name not in STAFF_NAMES
    }
    assert unasked == set()


# --- proving once more who one is


def test_an_address_is_changed_only_by_who_proves_once_more_who_they_are(member):
    browser = browser_of(member)
    answer = browser.post(EMAIL, {"action_add": "", "email": "new@example.org"})
    assert answer.headers["Location"].startswith(AGAIN)
    assert not AddressChange.objects.exists()
    # What the form had brought goes on once they have.
    browser.post(answer.headers["Location"], {"password": factories.PASSWORD, "next": EMAIL})
    assert AddressChange.objects.get().to == "new@example.org"


# --- another address


def asks_for(browser, email="new@example.org"):
    browser.post(EMAIL, {"action_add": "", "email": email})


def link_to(address, mailoutbox):
    sent = [mail for mail in mailoutbox if mail.to == [address]][-1]
    return re.findall(r"https?://[^/\s]+(/\S+)", sent.body)[0]


def new_says_yes(browser, mailoutbox):
    page = browser.get(link_to("new@example.org", mailoutbox))
    return browser.post(soup(page).find("form", action=re.compile("confirm"))["action"], follow=True)


def old_says(word, member, mailoutbox):
    # On another device, where nobody is signed in.
    return Client().post(link_to(member.email, mailoutbox), {word: ""})


@pytest.mark.parametrize("first", ["new", "old"])
def test_another_address_is_theirs_once_both_mailboxes_said_so(member, mailoutbox, first):
    browser, before = proven(member), member.email
    asks_for(browser)
    assert {tuple(sent.to) for sent in mailoutbox} == {("new@example.org",), (before,)}
    if first == "new":
        assert "your earlier address" in words(new_says_yes(browser, mailoutbox))
    else:
        assert "the link that went to the new address" in words(old_says("yes", member, mailoutbox))
    member.refresh_from_db()
    assert member.email == before
    assert EmailAddress.objects.get(user=member, verified=True).email == before
    if first == "new":
        assert "Your address is changed" in words(old_says("yes", member, mailoutbox))
    else:
        new_says_yes(browser, mailoutbox)
    member.refresh_from_db()
    assert member.email == "new@example.org"
    assert [(a.email, a.verified, a.primary) for a in EmailAddress.objects.filter(user=member)] == [
        ("new@example.org", True, True)
    ]
    assert not AddressChange.objects.exists()
    # The earlier one hears of it.
    assert any(sent.to == [before] and "was changed" in sent.body for sent in mailoutbox)


def test_the_earlier_mailbox_can_say_no(member, mailoutbox):
    browser = proven(member)
    asks_for(browser)
    assert "stays as it is" in words(old_says("no", member, mailoutbox))
    assert not EmailAddress.objects.filter(email="new@example.org").exists()
    assert browser.get(link_to("new@example.org", mailoutbox)).status_code == 200
    member.refresh_from_db()
    assert member.email != "new@example.org"


def test_looking_at_the_link_says_nothing_yet(member, mailoutbox):
    asks_for(proven(member))
    link = link_to(member.email, mailoutbox)
    assert Client().get(link).status_code == 200
    assert AddressChange.objects.get().old_agreed_at is None


def test_a_yes_to_one_address_is_none_to_the_next(member, mailoutbox):
    browser = proven(member)
    asks_for(browser, "first@example.org")
    first = link_to(member.email, mailoutbox)
    Client().post(first, {"yes": ""})
    asks_for(browser)
    assert Client().get(first).status_code == 404
    assert "your earlier address" in words(new_says_yes(browser, mailoutbox))
    member.refresh_from_db()
    assert member.email != "new@example.org"


def test_a_member_may_keep_the_address_they_have(member, mailoutbox):
    browser = proven(member)
    asks_for(browser)
    page = browser.get(EMAIL)
    assert "new@example.org" in words(page)
    browser.post(reverse("stop_email"))
    assert not AddressChange.objects.exists()
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [member.email]


@pytest.mark.parametrize("pending", [False, True])
def test_the_mailbox_of_an_account_is_not_removed_so_that_the_next_one_needs_nobody(member, mailoutbox, pending):
    browser = proven(member)
    if pending:
        asks_for(browser)
    browser.post(EMAIL, {"action_remove": "", "email": member.email})
    assert EmailAddress.objects.filter(user=member, email=member.email, verified=True, primary=True).exists()
    if not pending:
        asks_for(browser)
    new_says_yes(browser, mailoutbox)
    member.refresh_from_db()
    assert member.email != "new@example.org"


def test_an_address_that_somebody_else_got_meanwhile_is_not_taken_from_them(member, mailoutbox):
    browser = proven(member)
    asks_for(browser)
    new_says_yes(browser, mailoutbox)
    factories.MemberFactory(email="new@example.org")
    assert "Your address is changed" not in words(old_says("yes", member, mailoutbox))
    member.refresh_from_db()
    assert member.email != "new@example.org"


def test_a_made_up_link_is_a_calm_page(visitor):
    page = visitor.get("/accounts/email/agree/made-up/")
    assert page.status_code == 404
    assert "no longer works" in words(page)


def test_changes_of_the_account_are_news(member, mailoutbox, worker):
    browser = proven(member)
    asks_for(browser)
    new_says_yes(browser, mailoutbox)
    with worker():
        old_says("yes", member, mailoutbox)
    assert Notice.objects.filter(recipient=member, event__kind="account:email_changed").exists()
    assert value_of(browser.get(EMAIL), "email") == ""
