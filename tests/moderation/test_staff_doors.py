"""What staff see that others cannot: for a reason, in the log, and told to whoever it was about."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib import admin as django_admin
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from forums.services import threads
from members.models import Block, KeywordFilter, Member
from moderation import access
from moderation.models import AuditEntry, Case, Look
from moderation.services import doors
from resources.services import asking as questions
from tests import factories
from tests.pages import soup, words
from tests.resources import asking

LOOKS = reverse("staff_looks")
MINE = reverse("my_looks")
Door = Look.Door


@pytest.fixture
def proven(sign_in):
    """A browser whose member has just said once more who they are."""

    def browser_of(person):
        browser = sign_in(person)
        browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
        return browser

    return browser_of


@pytest.fixture
def desk(proven, admin):
    return proven(admin)


@pytest.fixture
def ask(desk):
    def post(name, door="address", reason="They wrote to us and cannot sign in.", **more):
        return desk.post(LOOKS, {"name": name, "door": door, "reason": reason, **more}, follow=True)

    return post


def told(browser):
    return words(browser.get(MINE))


# --- whose they are ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["member", "moderator", "curator"])
def test_for_everybody_but_administrators_there_is_no_such_page(proven, request, member, who):
    browser = proven(request.getfixturevalue(who))
    assert browser.get(LOOKS).status_code == 404
    sent = {"name": member.username, "door": "address", "reason": "I want to know."}
    assert browser.post(LOOKS, sent).status_code == 404
    assert not AuditEntry.objects.filter(verb__startswith="see-").exists()


def test_visitors_are_asked_to_sign_in(visitor):
    assert visitor.get(LOOKS).headers["Location"].startswith("/accounts/login/")


def test_administrators_prove_who_they_are_before_the_form_and_before_what_it_shows(sign_in, admin, member):
    browser = sign_in(admin)
    look = doors.look(actor=admin, name=member.username, door=Door.ADDRESS, reason="They asked.")
    assert look is not None
    for address in (LOOKS, reverse("staff_look", args=[look.pk])):
        assert browser.get(address).headers["Location"].startswith(reverse("account_reauthenticate"))
    sent = browser.post(LOOKS, {"name": member.username, "door": "address", "reason": "They asked."})
    assert sent.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert Look.objects.count() == 1


def test_what_somebody_asked_for_is_shown_to_nobody_else_and_for_an_hour(proven, ask, desk, member, other_moderator):
    page = ask(member.username)
    address = page.request["PATH_INFO"]
    assert member.email in page.text
    other_moderator.is_staff = True
    other_moderator.save(update_fields=["is_staff"])
    assert proven(other_moderator).get(address).status_code == 404
    Look.objects.update(looked_at=timezone.now() - access.looks.LOOK_LASTS)
    assert desk.get(address).status_code == 404


# --- what they show ---------------------------------------------------------------------------------------------


def test_an_address_is_shown_and_nothing_else(ask, member):
    KeywordFilter.objects.create(member=member, phrase="porridge", folded="porridge")
    page = ask(member.username.upper())
    assert page.status_code == 200
    assert member.email in page.text
    assert "porridge" not in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_the_address_of_the_page_names_nobody(ask, member):
    path = ask(member.username).request["PATH_INFO"]
    assert str(member.public_id) not in path
    assert member.username not in path


def test_where_somebody_is_signed_in_is_shown(ask, member):
    UserSession.objects.create(
        user=member, ip="203.0.113.9", user_agent="Old Phone", session_key="x" * 32, last_seen_at=timezone.now()
    )
    page = ask(member.username, "sessions")
    assert "203.0.113.9" in page.text
    assert "Old Phone" in page.text
    assert "x" * 32 not in page.text
    assert member.email not in page.text


def test_filters_are_shown_and_never_whom_somebody_blocked(ask, member, other_member):
    KeywordFilter.objects.create(member=member, phrase="porridge", folded="porridge")
    Block.objects.create(blocker=member, blocked=other_member)
    page = ask(member.username, "filters")
    assert "porridge" in page.text
    assert other_member.username not in page.text


def test_a_name_that_nobody_has_is_answered_kindly_and_kept_without_what_was_typed(ask):
    page = ask("no-such-name")
    assert page.status_code == 422
    assert "Nobody is called that" in words(page)
    entry = AuditEntry.objects.get(verb="see-address")
    assert entry.subject_id is None
    assert "no-such-name" not in str(entry.details)
    assert not Look.objects.exists()


# --- the reason -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_without_a_reason_nothing_is_shown(ask, member, reason):
    page = ask(member.username, reason=reason)
    assert page.status_code == 422
    assert member.email not in page.text
    assert not Look.objects.exists()


@pytest.mark.parametrize("door", ["author", "asker", "versions", "password", ""])
def test_no_other_door_is_opened_there(ask, member, door):
    assert ask(member.username, door).status_code == 422
    assert not Look.objects.exists()


@pytest.mark.parametrize("door", access.DOORS_OF_ADMINS)
def test_every_look_goes_to_the_log_in_words(ask, desk, admin, member, door):
    ask(member.username, door.value)
    entry = AuditEntry.objects.get(verb=f"see-{door}")
    assert (entry.actor, entry.subject_kind, entry.subject_id) == (admin, "profile", member.pk)
    assert entry.details["reason"] == "They wrote to us and cannot sign in."
    assert f"see-{door}" in words(desk.get(reverse("log")))


def test_nothing_is_seen_when_it_cannot_be_kept(admin, member, monkeypatch):
    def refused(**_fields):
        raise IntegrityError

    monkeypatch.setattr(Look.objects, "create", refused)
    with pytest.raises(IntegrityError), transaction.atomic():
        doors.look(actor=admin, name=member.username, door=Door.ADDRESS, reason="They asked.")
    assert not AuditEntry.objects.filter(verb="see-address").exists()


# --- told to whoever it was about -------------------------------------------------------------------------------


def test_the_member_reads_what_was_seen_and_why_and_not_by_whom(ask, sign_in, admin, member, other_member):
    ask(member.username)
    said = told(sign_in(member))
    assert "An administrator saw your e-mail address." in said
    assert "They wrote to us and cannot sign in." in said
    assert admin.username not in said
    assert "Nothing stands here" in told(sign_in(other_member))


def test_the_author_behind_a_name_is_told_that_somebody_looked(sign_in, member, moderator):
    thread = factories.ThreadFactory(author=member, disguise=7, title="The long corridor")
    threads.see_author(actor=moderator, thread=thread, reason="They wrote of tonight.")
    said = told(sign_in(member))
    assert "where you are known by another name" in said
    assert "The long corridor" in said
    assert "They wrote of tonight." in said
    assert moderator.username not in said


def test_who_asked_without_a_name_is_told_that_somebody_looked(sign_in, member, moderator):
    question = asking.asked(member, title="About sleep")
    questions.see_asker(actor=moderator, question=question, reason="It spoke of danger.")
    said = told(sign_in(member))
    assert "without a name" in said
    assert "It spoke of danger." in said


def test_the_log_does_not_tell_whose_thread_it_was(member, moderator):
    thread = factories.ThreadFactory(author=member, disguise=7)
    threads.see_author(actor=moderator, thread=thread, reason="Why.")
    entry = AuditEntry.objects.get(verb="see-author")
    assert entry.subject_kind == "post"
    assert set(entry.details) == {"thread", "reason"}


def test_a_moderator_who_reads_earlier_versions_is_noted_once_a_day(sign_in, member, moderator):
    post = factories.PostFactory(author=member)
    for _ in range(2):
        doors.note_versions(actor=moderator, author=member, post=post)
    assert Look.objects.filter(member=member, door=Door.VERSIONS).count() == 1
    assert "It was part of deciding" in told(sign_in(member))


def test_nothing_is_told_while_a_case_about_them_is_open(ask, sign_in, member):
    case = factories.flag(factories.PostFactory(author=member)).case
    ask(member.username)
    browser = sign_in(member)
    assert "Nothing stands here" in told(browser)
    Case.objects.filter(pk=case.pk).update(state=Case.State.DECIDED, decided_at=timezone.now())
    assert "An administrator saw your e-mail address." in told(browser)


def test_a_case_about_somebody_else_holds_nothing_back(ask, sign_in, member):
    factories.flag(factories.PostFactory())
    ask(member.username)
    assert "An administrator saw your e-mail address." in told(sign_in(member))


def test_what_a_law_keeps_back_is_told_when_its_day_has_come(ask, sign_in, member):
    day = timezone.localdate() + dt.timedelta(days=30)
    ask(member.username, withheld_until=day.isoformat(), withheld_because="Order 12 of the district court")
    browser = sign_in(member)
    assert "Nothing stands here" in told(browser)
    assert AuditEntry.objects.get(verb="see-address").details == {
        "reason": "They wrote to us and cannot sign in.",
        "withheld_until": day.isoformat(),
        "withheld_because": "Order 12 of the district court",
    }
    Look.objects.update(withheld_until=timezone.localdate())
    said = told(browser)
    assert "An administrator saw your e-mail address." in said
    assert "district court" not in said


@pytest.mark.parametrize(("days", "because"), [(30, ""), (None, "A law"), (0, "A law"), (-1, "A law"), (366, "A law")])
def test_nobody_is_kept_from_knowing_without_a_law_and_a_day(ask, member, days, because):
    until = "" if days is None else (timezone.localdate() + dt.timedelta(days=days)).isoformat()
    page = ask(member.username, withheld_until=until, withheld_because=because)
    assert page.status_code == 422
    assert not Look.objects.exists()


def test_no_service_keeps_it_back_for_longer_than_a_year_or_without_saying_why(admin, member):
    far = timezone.localdate() + dt.timedelta(days=3000)
    with pytest.raises(ValueError, match="address"):
        doors.look(actor=admin, name=member.username, door=Door.ADDRESS, reason="x", withheld_until=far)
    look = doors.look(
        actor=admin, name=member.username, door=Door.ADDRESS, reason="x", withheld_until=far, withheld_because="A law"
    )
    assert look is not None
    assert look.withheld_until == timezone.localdate() + doors.WITHHELD_AT_MOST


def test_the_page_costs_the_same_for_one_look_and_for_many(sign_in, admin, member, django_assert_num_queries):
    browser = sign_in(member)
    for many in (1, 30):
        for _ in range(many):
            doors.look(actor=admin, name=member.username, door=Door.MAILS, reason="They asked.")
        # who it is, looks, the mark in the header
        with django_assert_num_queries(2):
            browser.get(MINE)
    assert soup(browser.get(MINE)).find("a", rel="next")


# --- the administration -----------------------------------------------------------------------------------------


def test_the_administration_shows_no_model_that_holds_something_private():
    shown = {model._meta.label for model in django_admin.site._registry}
    private = {
        "account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession", "sessions.Session", "members.Block",
        "members.KeywordFilter", "members.Mute", "members.Consent", "members.Export", "members.Leaving",
        "forums.Post", "forums.Thread", "forums.Draft", "forums.Bookmark", "moderation.AuditEntry", "moderation.Look",
        "moderation.Case", "notifications.Notice", "resources.Question",
    }  # fmt: skip
    assert shown & private == set()
    fields = set(django_admin.site.get_model_admin(Member).fields or ())
    assert "username" in fields
    assert not {"email", "country", "time_zone", "seen_on", "last_login", "about"} & fields


def test_nobody_but_who_may_do_everything_makes_administrators(sign_in, admin, member):
    address = reverse("admin:members_member_change", args=[member.pk])
    sign_in(admin).post(address, {"is_staff": "on", "is_peer_supporter": "on"})
    member.refresh_from_db()
    assert (member.is_staff, member.is_peer_supporter) == (True, True)
    assert AuditEntry.objects.get(verb="change-roles").details == {
        "member": member.pk,
        "is_staff": True,
        "is_peer_supporter": True,
    }
    helper = factories.MemberFactory(is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["change_member", "view_member"]))
    own = reverse("admin:members_member_change", args=[helper.pk])
    sign_in(helper).post(own, {"is_superuser": "on", "is_moderator": "on"})
    helper.refresh_from_db()
    assert (helper.is_superuser, helper.is_moderator) == (False, True)


def test_nobody_is_renamed_or_added_there(sign_in, admin, member):
    browser = sign_in(admin)
    browser.post(reverse("admin:members_member_change", args=[member.pk]), {"username": "somebody-else"})
    assert Member.objects.get(pk=member.pk).username == member.username
    assert browser.get(reverse("admin:members_member_add")).status_code == 403
