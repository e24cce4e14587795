"""Who carries the badge: an administrator looked the registration up, and looks again in time."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from moderation.models import AuditEntry
from notifications.models import Notice
from resources.models import Professional
from resources.services import professionals
from resources.tasks import look_after_questions
from tests import factories
from tests.pages import soup, value_of, words
from tests.resources.asking import answered, professional

LIST, NEW = "/manage/professionals/", "/manage/professionals/new/"


@pytest.fixture
def managing(sign_in, admin):
    return sign_in(admin)


@pytest.fixture
def form():
    today = timezone.localdate()
    return {
        "name": "birch",
        "field": "General practitioner",
        "register": "GMC",
        "registration_number": "7654321",
        "checked_on": today.isoformat(),
        "check_again_by": (today + dt.timedelta(days=365)).isoformat(),
    }


def page_of(found):
    return reverse("manage_professional", args=[found.member.public_id])


def overdue(found):
    Professional.objects.filter(pk=found.pk).update(check_again_by=timezone.localdate() - dt.timedelta(days=1))
    found.refresh_from_db()
    return found


def test_an_administrator_gives_the_badge_and_the_log_keeps_it_without_the_number(
    managing, other_member, admin, form, sign_in
):
    assert managing.post(NEW, form).status_code == 302
    found = Professional.objects.get()
    assert (found.member, found.checked_by, found.field) == (other_member, admin, "General practitioner")
    assert "birch" in words(managing.get(LIST))
    entry = AuditEntry.objects.get(verb="professional-add")
    assert entry.actor == admin
    assert entry.details["checked_on"] == form["checked_on"]
    assert form["registration_number"] not in str(entry.details)
    assert sign_in(other_member).get("/questions/answering/").status_code == 200


def test_only_administrators_come_in(sign_in, member, moderator, curator, form):
    found = professional()
    for other in (member, moderator, curator):
        browser = sign_in(other)
        for address in (LIST, NEW, page_of(found)):
            assert browser.get(address).status_code == 404
        assert browser.post(NEW, form).status_code == 404
        assert browser.post(page_of(found), {"end": "1", "end-reason": "x"}).status_code == 404
    assert Professional.objects.get().ended_at is None


def test_nobody_looks_their_own_registration_up(managing, admin, form):
    page = managing.post(NEW, form | {"name": admin.username})
    assert page.status_code == 409
    assert "Another administrator checks your registration" in words(page)
    with pytest.raises(IntegrityError), transaction.atomic():
        professional(member=admin, by=admin)


@pytest.mark.parametrize(
    "missing", ["name", "field", "register", "registration_number", "checked_on", "check_again_by"]
)
def test_what_is_missing_is_said_and_nothing_is_lost(managing, other_member, form, missing):
    page = managing.post(NEW, form | {missing: ""})
    assert page.status_code == 422
    for name in set(form) - {missing}:
        assert value_of(page, name) == form[name]


@pytest.mark.parametrize(("name", "days"), [("checked_on", 1), ("check_again_by", -1), ("check_again_by", 3 * 366)])
def test_days_that_cannot_be_are_refused(managing, other_member, form, name, days):
    day = timezone.localdate() + dt.timedelta(days=days)
    assert managing.post(NEW, form | {name: day.isoformat()}).status_code == 422


def test_a_name_that_nobody_has_and_one_that_is_listed_are_said(managing, form):
    assert managing.post(NEW, form | {"name": "nobody"}).status_code == 422
    found = professional()
    page = managing.post(NEW, form | {"name": found.member.username})
    assert page.status_code == 409
    assert "is on the list already" in words(page)


def test_a_badge_ends_on_its_day_without_anybody_doing_anything(sign_in, member, curator, visitor):
    found = professional()
    question = answered(member, curator, found)
    overdue(found)
    page = words(sign_in(found.member).get("/questions/answering/"))
    assert "Your badge has ended" in page
    answer = reverse("answer_question", args=[question.public_id])
    assert sign_in(found.member).get(answer).status_code == 404
    said = words(visitor.get(reverse("question", args=[question.public_id])))
    assert "Verified when they answered" in said
    assert "Verified professional" not in said


def test_each_night_what_is_overdue_ends_once_and_is_told(worker, admin):
    found, other = overdue(professional()), professional()
    with worker():
        look_after_questions()
        look_after_questions()
    found.refresh_from_db()
    other.refresh_from_db()
    assert found.ended_at
    assert other.ended_at is None
    assert AuditEntry.objects.filter(verb="professional-overdue").count() == 1
    for who in (found.member, admin):
        assert Notice.objects.filter(event__kind="professional_ended", recipient=who).count() == 1


def test_looked_up_again_it_counts_again(managing, admin, form):
    found = overdue(professional())
    professionals.end_overdue()
    page = managing.get(page_of(found))
    assert "The badge has ended" in words(page)
    assert value_of(page, "checked_on") == timezone.localdate().isoformat()
    assert managing.post(page_of(found), form).status_code == 302
    found.refresh_from_db()
    assert found.is_current
    assert found.checked_by == admin
    assert AuditEntry.objects.filter(verb="professional-check").count() == 1


def test_a_badge_is_taken_away_with_a_reason(worker, managing, sign_in):
    found = professional()
    assert managing.post(page_of(found), {"end": "1", "end-reason": ""}).status_code == 422
    with worker():
        managing.post(page_of(found), {"end": "1", "end-reason": "Not in the register any more."})
    found.refresh_from_db()
    assert not found.is_current
    assert AuditEntry.objects.get(verb="professional-end").details["reason"] == "Not in the register any more."
    assert Notice.objects.filter(event__kind="professional_ended", recipient=found.member).exists()
    notice = Notice.objects.get(recipient=found.member)
    led = sign_in(found.member).get(reverse("notice", args=[notice.public_id]), follow=True)
    assert "Your badge has ended" in words(led)
    assert led.status_code == 200


def test_the_number_is_for_administrators_only(managing, visitor, member, curator, sign_in):
    found = professional(registration_number="PYL98765")
    question = answered(member, curator, found)
    assert "PYL98765" in managing.get(page_of(found)).text
    for browser in (visitor, sign_in(member), sign_in(curator), sign_in(found.member)):
        assert "PYL98765" not in browser.get(reverse("question", args=[question.public_id])).text
    assert "PYL98765" not in sign_in(found.member).get("/questions/answering/").text


# --- in threads


@pytest.fixture
def post(sign_in, other_member, member, django_assert_num_queries):
    """The second post of a thread, by `other_member`, as `member` sees it."""
    thread = factories.ThreadFactory()
    factories.PostFactory.create_batch(3, thread=thread, author=other_member)
    browser = sign_in(member)
    browser.get(thread.get_absolute_url())

    def look():
        with django_assert_num_queries(3):  # who it is; thread, posts
            return soup(browser.get(thread.get_absolute_url())).select_one("#post-2 header").get_text(" ")

    return look


def test_the_badge_stands_beside_the_name_in_threads_with_the_field_and_costs_no_query(post, other_member, admin):
    assert "Verified professional" not in post()
    found = professional(member=other_member, by=admin)
    shown = post()
    for said in ("Verified professional", "Clinical psychologist", "What this badge means"):
        assert said in shown
    overdue(found)
    assert "Verified professional" not in post()
    assert "Clinical psychologist" not in post()


def test_a_badge_that_was_taken_away_is_gone_from_threads(post, other_member, admin):
    professionals.end_professional(
        actor=admin, professional=professional(member=other_member, by=admin), reason="Struck off"
    )
    assert "Verified professional" not in post()


def test_behind_a_disguise_nobody_carries_a_badge(sign_in, member, other_member, admin):
    professional(member=other_member, by=admin)
    thread = factories.ThreadFactory(author=other_member, disguise=4)
    shown = words(sign_in(member).get(thread.get_absolute_url()))
    assert "Verified professional" not in shown
    assert "Clinical psychologist" not in shown


def test_what_the_badge_means_is_said_where_it_leads(visitor):
    page = soup(visitor.get(reverse("how_we_check")))
    assert "looked up" in page.select_one("#professionals").find_next("p").get_text()
