"""Where people join by invitation."""

import datetime as dt

import pytest
from django.test import Client

from members import services
from members.models import Invitation, Member
from moderation.models import AuditEntry
from tests import factories
from tests.pages import soup, words

SIGNUP = "/accounts/signup/"
MANAGE = "/manage/invitations/"
NEWCOMER = {
    "username": "quiet-fox",
    "email": "fox@example.org",
    "password1": "lantern-river-moss",
    "age": "on",
    "health": "on",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_invitation(settings):
    settings.SIGN_UP = "invitation"


@pytest.fixture
def secret(admin):
    return services.invite(actor=admin, remark="from the clinic", days=7)[1]


def test_without_an_invitation_nobody_joins(visitor):
    assert "By invitation" in words(visitor.get(SIGNUP))
    visitor.post(SIGNUP, NEWCOMER)
    assert not Member.objects.exists()


def test_its_bearer_joins_once(visitor, secret):
    answer = visitor.get(f"/join/{secret}/")
    # The secret does not stay in the address bar, nor in what the next page is told.
    assert answer.headers["Location"] == SIGNUP
    visitor.post(SIGNUP, NEWCOMER)
    joined = Member.objects.get(username="quiet-fox")
    assert Invitation.objects.get().used_by == joined

    for browser in (visitor, Client()):
        assert browser.get(f"/join/{secret}/").status_code == 404
        browser.post(SIGNUP, NEWCOMER | {"username": "other-owl", "email": "owl@example.org"})
    assert not Member.objects.filter(username="other-owl").exists()


def test_a_form_that_needs_another_look_does_not_use_it_up(visitor, secret):
    visitor.get(f"/join/{secret}/")
    visitor.post(SIGNUP, NEWCOMER | {"password1": "short"})
    visitor.post(SIGNUP, NEWCOMER)
    assert Member.objects.filter(username="quiet-fox").exists()


def test_an_address_that_has_an_account_does_not_use_it_up(visitor, secret, member):
    visitor.get(f"/join/{secret}/")
    visitor.post(SIGNUP, NEWCOMER | {"email": member.email})
    assert Invitation.objects.get().used_at is None


def test_one_that_is_over_or_made_up_lets_nobody_in(visitor, secret):
    Invitation.objects.update(expires_at=factories.now() - dt.timedelta(seconds=1))
    for link in (secret, "made-up"):
        page = visitor.get(f"/join/{link}/")
        assert page.status_code == 404
        assert "no longer works" in words(page)


def test_one_that_ends_while_the_form_is_filled_in_lets_nobody_in(visitor, secret):
    visitor.get(f"/join/{secret}/")
    Invitation.objects.update(expires_at=factories.now() - dt.timedelta(seconds=1))
    visitor.post(SIGNUP, NEWCOMER)
    assert not Member.objects.filter(username="quiet-fox").exists()


def test_administrators_make_them_see_the_link_once_and_take_them_back(sign_in, admin, visitor):
    browser = sign_in(admin)
    page = browser.post(MANAGE, {"remark": "from the clinic", "days": "3"}, follow=True)
    link = soup(page).find(id="made-link")["value"]
    made = Invitation.objects.get()
    assert dt.timedelta(days=2) < made.expires_at - factories.now() <= dt.timedelta(days=3)
    again = browser.get(MANAGE)
    assert link not in again.text
    assert "from the clinic" in words(again)
    # Only a digest is kept, and the log knows nothing of it either.
    secret = link.rstrip("/").rpartition("/")[2]
    assert secret not in str(Invitation.objects.values()) + str(AuditEntry.objects.values())
    assert visitor.get(f"/join/{secret}/").status_code == 302

    browser.post(f"{MANAGE}{made.pk}/revoke/")
    assert visitor.get(f"/join/{secret}/").status_code == 404
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == ["invite", "invite-revoke"]


def test_one_that_was_used_stays_in_the_list(sign_in, admin, member, secret):
    services.join(member=member, invitation=secret)
    made = Invitation.objects.get()
    sign_in(admin).post(f"{MANAGE}{made.pk}/revoke/")
    assert Invitation.objects.filter(used_by=member).exists()


def test_for_others_the_pages_are_not_there(sign_in, member, moderator, curator, secret):
    made = Invitation.objects.get()
    for person in (member, moderator, curator):
        browser = sign_in(person)
        assert browser.get(MANAGE).status_code == 404
        assert browser.post(MANAGE, {"days": "3"}).status_code == 404
        assert browser.post(f"{MANAGE}{made.pk}/revoke/").status_code == 404
    assert Invitation.objects.count() == 1


def test_whoever_was_invited_needs_nobodys_approval(visitor, settings, secret):
    settings.SIGN_UP = "approval"
    visitor.get(f"/join/{secret}/")
    visitor.post(SIGNUP, NEWCOMER)
    assert Member.objects.get(username="quiet-fox").awaits_approval is False
