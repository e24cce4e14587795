"""Where somebody lets each newcomer in."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from members.models import KnownDevice, Member
from moderation.models import AuditEntry
from notifications.models import Notice
from tests import factories
from tests.members.test_accounts import confirm
from tests.pages import words

SIGNUP, LOGIN = "/accounts/signup/", "/accounts/login/"
DOOR = "/manage/arrivals/"
NEWCOMER = {
    "username": "quiet-fox",
    "email": "fox@example.org",
    "password1": "lantern-river-moss",
    "age": "on",
    "health": "on",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_approval(settings):
    settings.SIGN_UP = "approval"


@pytest.fixture
def newcomer(db):
    return factories.MemberFactory(username="quiet-fox", awaits_approval=True, welcomed_at=None)


def test_from_joining_to_being_let_in(visitor, sign_in, admin, mailoutbox, worker):
    assert "lets each newcomer in" in words(visitor.get(SIGNUP))
    visitor.post(SIGNUP, NEWCOMER)
    with worker():
        confirm(visitor, mailoutbox[0])
    visitor.post(LOGIN, {"login": "quiet-fox", "password": NEWCOMER["password1"]})
    page = visitor.get(reverse("boards"), follow=True)
    assert "Nearly there" in words(page)

    # Administrators hear of it, and the mail says nothing about anybody.
    told = next(sent for sent in mailoutbox if sent.to == [admin.email])
    assert "quiet-fox" not in told.subject + told.body
    browser = sign_in(admin)
    page = browser.get(DOOR)
    assert "quiet-fox" in words(page)
    assert "fox@example.org" not in page.text

    found = Member.objects.get(username="quiet-fox")
    with worker():
        browser.post(f"{DOOR}{found.public_id}/let-in/")
    assert any(sent.to == ["fox@example.org"] and "is open now" in sent.body for sent in mailoutbox)
    assert visitor.get(reverse("boards")).status_code == 200
    assert Notice.objects.filter(recipient=found, event__kind="let_in").exists()
    assert AuditEntry.objects.get().verb == "let-in"


def test_while_they_wait_help_and_the_resources_are_open_and_nothing_else(sign_in, newcomer):
    browser = sign_in(newcomer)
    for name in ("help_now", "library", "guidelines", "waiting_to_join", "account_email"):
        assert browser.get(reverse(name)).status_code == 200, name
    for name in ("home", "boards", "search", "welcome", "settings", "notices"):
        assert browser.get(reverse(name)).headers["Location"] == "/waiting-to-join/", name


def test_nobody_waits_before_their_address_is_confirmed(sign_in, admin, newcomer):
    EmailAddress.objects.filter(user=newcomer).update(verified=False)
    assert "Nobody waits" in words(sign_in(admin).get(DOOR))


def test_whoever_is_not_let_in_hears_why_and_leaves_nothing_behind(
    sign_in, admin, newcomer, mailoutbox, django_capture_on_commit_callbacks
):
    Client().post("/accounts/login/", {"login": newcomer.username, "password": factories.PASSWORD})
    assert UserSession.objects.filter(user=newcomer).exists()
    browser = sign_in(admin)
    address = f"{DOOR}{newcomer.public_id}/turn-away/"
    assert browser.post(address, {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(address, {"reason": "We know you from elsewhere."})
    (sent,) = mailoutbox
    assert sent.to == ["quiet-fox@example.org"]
    assert "We know you from elsewhere." in sent.body
    newcomer.refresh_from_db()
    assert not newcomer.is_active
    assert "quiet-fox" not in str(Member.objects.values()) + str(EmailAddress.objects.values())
    assert "quiet-fox" not in str(AuditEntry.objects.values())
    # Nor where they came from, and with what.
    assert not UserSession.objects.filter(user=newcomer).exists()
    assert not KnownDevice.objects.filter(member=newcomer).exists()
    # Their name is free again, for them or for somebody else.
    factories.MemberFactory(username="quiet-fox")


def test_a_second_answer_changes_nothing(sign_in, admin, newcomer):
    browser = sign_in(admin)
    browser.post(f"{DOOR}{newcomer.public_id}/let-in/")
    assert browser.post(f"{DOOR}{newcomer.public_id}/let-in/").status_code == 404
    assert browser.post(f"{DOOR}{newcomer.public_id}/turn-away/", {"reason": "No."}).status_code == 404
    assert AuditEntry.objects.count() == 1


def test_for_others_the_door_is_not_there(sign_in, member, moderator, curator, newcomer):
    for person in (member, moderator, curator):
        browser = sign_in(person)
        assert browser.get(DOOR).status_code == 404
        for deed in ("let-in", "turn-away"):
            assert browser.post(f"{DOOR}{newcomer.public_id}/{deed}/", {"reason": "x"}).status_code == 404
    newcomer.refresh_from_db()
    assert newcomer.awaits_approval


def test_whoever_is_in_finds_no_waiting_page(sign_in, member):
    assert sign_in(member).get("/waiting-to-join/").headers["Location"] == "/"
