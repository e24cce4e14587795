"""Browsers in which somebody signed in before, and those in which nobody did."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from members import devices
from members.models import KnownDevice
from notifications.models import Notice
from tests import factories
from tests.pages import soup, words

LOGIN, LOGOUT, SESSIONS = "/accounts/login/", "/accounts/logout/", "/accounts/sessions/"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"

pytestmark = pytest.mark.django_db


def signs_in(browser, name="alder", **how):
    return browser.post(LOGIN, {"login": name, "password": factories.PASSWORD}, **how)


def told(member):
    return Notice.objects.filter(recipient=member, event__kind="account:new_device").count()


def test_a_browser_that_was_not_used_before_is_news_once_by_mail_and_on_the_site(member, worker, mailoutbox):
    phone = Client(REMOTE_ADDR="203.0.113.9")
    with worker():
        signs_in(phone)
    assert told(member) == 1
    (sent,) = mailoutbox
    assert sent.to == [member.email]
    assert "another browser" in sent.body
    # No address, and no guess where that is.
    assert "203.0.113.9" not in sent.body
    with worker():
        phone.post(LOGOUT)
        signs_in(phone)
    assert told(member) == 1
    with worker():
        signs_in(Client())
    assert told(member) == 2


def test_the_first_sign_in_of_a_newcomer_is_no_news(worker):
    newcomer = factories.MemberFactory(username="alder", welcomed_at=None)
    with worker():
        signs_in(Client())
    assert told(newcomer) == 0
    with worker():
        signs_in(Client())
    assert told(newcomer) == 1


def test_the_cookie_lets_nobody_in_and_says_nothing(member, other_member):
    browser = Client()
    signs_in(browser)
    cookie = browser.cookies[devices.cookie_name()]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert str(member.pk) not in cookie.value
    kept = KnownDevice.objects.get()
    assert cookie.value not in kept.digest
    # Of two people who share a browser nobody can read that they do.
    browser.post(LOGOUT)
    signs_in(browser, other_member.username)
    assert browser.cookies[devices.cookie_name()].value == cookie.value
    assert KnownDevice.objects.values("digest").distinct().count() == 2
    thief = Client()
    thief.cookies[devices.cookie_name()] = cookie.value
    assert thief.get("/boards/").status_code == 302


def test_a_cookie_that_somebody_made_up_is_given_anew_where_it_is_none(member):
    browser = Client()
    browser.cookies[devices.cookie_name()] = "<script>" + "x" * 5000
    signs_in(browser)
    assert "<" not in browser.cookies[devices.cookie_name()].value
    assert len(browser.cookies[devices.cookie_name()].value) < 64


def test_in_production_only_this_host_may_set_it_over_tls(settings, rf):
    settings.COOKIE_PREFIX, settings.LOCAL = "__Host-", False
    from django.http import HttpResponse

    response = HttpResponse()
    devices.keep(response, "secret")
    cookie = response.cookies["__Host-device"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_one_browser_is_signed_out_and_the_others_are_not(member):
    here, phone, elsewhere = Client(), Client(), Client()
    signs_in(here)
    signs_in(phone, headers={"User-Agent": PHONE})
    signs_in(elsewhere)
    page = here.get(SESSIONS)
    assert "Firefox on Android" in words(page)
    lost = UserSession.objects.get(user_agent=PHONE)
    form = next(form for form in soup(page).find_all("form") if form["action"].endswith(f"/{lost.pk}/end/"))
    here.post(form["action"])
    assert phone.get("/boards/").status_code == 302
    assert here.get("/boards/").status_code == elsewhere.get("/boards/").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(member, other_member, sign_in):
    signs_in(Client())
    session = UserSession.objects.get()
    assert sign_in(other_member).post(f"{SESSIONS}{session.pk}/end/").status_code == 404
    assert UserSession.objects.filter(pk=session.pk).exists()


def test_everywhere_else_is_signed_out_at_once(member):
    here, phone = Client(), Client()
    signs_in(here)
    signs_in(phone)
    here.post(SESSIONS)
    assert phone.get("/boards/").status_code == 302
    assert here.get("/boards/").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (PHONE, "Firefox on Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("curl/8.0", "a browser that does not say its name"),
        ("", "a browser that does not say its name"),
    ],
)
def test_browsers_are_named_in_plain_words(user_agent, name):
    assert devices.in_words(user_agent) == name
