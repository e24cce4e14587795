"""Words typed when the session had ended come back after signing in."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from core import unsent
from forums.models import Post, Thread
from tests import factories
from tests.pages import soup, value_of
from tests.supportsite import stage as stages
from tests.supportsite.routes import own_routes
from tests.supportsite.table import TABLE, address

LOGIN = "/accounts/login/"


@pytest.fixture
def reply_page(scene):
    return reverse("reply", args=[scene.thread.public_id])


def sign_in_at(browser, page, who):
    """Sign in on the page that `page` led to, and follow where that leads."""
    address = page.headers["Location"]
    return browser.post(address, {"login": who.username, "password": factories.PASSWORD}, follow=True)


def resend(browser, page, address):
    """Press the button of the form on `page`, with what stands in it."""
    form = soup(page).find("form", action=re.compile(re.escape(address) + "(#|$)"))
    filled = {field["name"]: value_of(page, field["name"]) for field in form.select("[name]:not(button)")}
    return browser.post(address, {name: value for name, value in filled.items() if value})


def test_a_reply_typed_after_the_session_ended_is_posted_once_after_signing_in(
    visitor, other_member, scene, reply_page
):
    typed = "  Half a page,\nwritten slowly."
    page = sign_in_at(visitor, visitor.post(reply_page, {"body": typed, "reply_to": "1"}), other_member)
    assert page.request["PATH_INFO"] == reply_page
    assert value_of(page, "body") == typed
    assert value_of(page, "reply_to") == "1"
    assert not Post.objects.filter(number=3).exists()

    resend(visitor, page, reply_page)
    resend(visitor, page, reply_page)
    made = Post.objects.get(number=3)
    assert (made.body, made.reply_to, made.author) == (typed.strip(), 1, other_member)


def test_a_thread_typed_after_the_session_ended_comes_back_with_every_choice(visitor, member):
    address = reverse("new_thread", args=[factories.BoardFactory().slug])
    typed = {
        "support_type": "ideas",
        "title": "Mornings",
        "body": "How do you begin?",
        "content_notes": ["loss", "eating"],
        "no_reply_needed": "on",
    }
    page = sign_in_at(visitor, visitor.post(address, typed), member)
    assert value_of(page, "title") == "Mornings"
    assert value_of(page, "support_type") == ["ideas"]
    assert sorted(value_of(page, "content_notes")) == ["eating", "loss"]
    assert value_of(page, "no_reply_needed") == ["on"]
    resend(visitor, page, address)
    assert sorted(Thread.objects.get().content_notes) == ["eating", "loss"]


def test_a_report_typed_after_the_session_ended_comes_back(visitor, member, scene):
    address = reverse("flag", args=["post", scene.reply.public_id])
    page = sign_in_at(visitor, visitor.post(address, {"reason": "privacy", "note": "A street name."}), member)
    assert value_of(page, "reason") == ["privacy"]
    assert value_of(page, "note") == "A street name."


def test_another_page_does_not_get_the_words(visitor, other_member, scene, reply_page):
    sign_in_at(visitor, visitor.post(reply_page, {"body": "For one thread only."}), other_member)
    visitor.post(reverse("account_logout"))
    elsewhere = reverse("reply", args=[factories.ThreadFactory().public_id])
    visitor.post(reply_page, {"body": "For one thread only."})
    visitor.force_login(other_member)
    assert value_of(visitor.get(elsewhere), "body") == ""


def test_the_words_are_given_back_once(visitor, other_member, reply_page):
    sign_in_at(visitor, visitor.post(reply_page, {"body": "Once."}), other_member)
    assert value_of(visitor.get(reply_page), "body") == ""


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        (
            "/accounts/password/change/",
            {"oldpassword": "old-secret-words", "password1": "new-secret-words", "password2": "new-secret-words"},
        ),
        ("/accounts/reauthenticate/", {"password": "old-secret-words"}),
        ("/admin/login/", {"username": "steward", "password": "old-secret-words"}),
        ("/updates/read/", {"oldpassword": "old-secret-words", "new_password2": "old-secret-words"}),
    ],
)
def test_passwords_are_never_kept(visitor, db, address, fields):
    visitor.post(address, fields)
    for session in Session.objects.all():
        assert "secret-words" not in str(session.get_decoded())


def test_an_absurd_amount_of_words_is_not_kept(visitor, db, reply_page):
    visitor.post(reply_page, {"body": "x" * 50_000})
    assert not visitor.session.get("unsent")


def test_a_session_without_words_gives_none(rf):
    request = rf.get("/")
    request.session = {}
    assert unsent.take(request) == {}


def test_only_so_many_visitors_from_one_address_leave_words_behind(scene, reply_page, monkeypatch):
    monkeypatch.setattr("supportsite.middleware.KEPT_AN_HOUR", 2)
    pages = [Client().post(reply_page, {"body": "Half a page."}) for _ in range(3)]
    assert [page.status_code for page in pages] == [302, 302, 403]
    assert Session.objects.count() == 2
    assert soup(pages[2]).find("textarea").get_text().strip() == "Half a page."
    assert Client().post(reply_page, {"body": "x"}, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_words_are_not_given_to_whoever_signs_in_much_later(visitor, other_member, reply_page):
    answer = visitor.post(reply_page, {"body": "Only for me."})
    session = visitor.session
    session["unsent"] |= {"at": session["unsent"]["at"] - 3600}
    session.save()
    sign_in_at(visitor, answer, other_member)
    assert value_of(visitor.get(reply_page), "body") == ""


def test_a_decision_sent_after_the_session_ended_comes_back_to_its_case(visitor, moderator, scene):
    case = factories.claimed(factories.flag(scene.reply).case, by=moderator)
    answer = visitor.post(reverse("decide", args=[case.public_id]), {"action": "hide", "reason": "Kindly put."})
    page = sign_in_at(visitor, answer, moderator)
    assert value_of(page, "reason") == "Kindly put."


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(visitor, scene):
    thread = scene.thread.get_absolute_url()
    answer = visitor.post(
        reverse("react", args=[scene.reply.public_id]),
        {"give": "heard"},
        headers={"Referer": f"http://testserver{thread}"},
    )
    assert thread in answer.headers["Location"]


def test_words_go_to_nobody_but_whoever_opened_the_form(sign_in, other_member, member, reply_page):
    browser = sign_in(other_member)
    writer = value_of(browser.get(reply_page), "writer")
    browser.session.flush()
    typed = {"body": "Only for birch.", "writer": writer}
    page = sign_in_at(browser, browser.post(reply_page, typed), member)
    assert page.request["PATH_INFO"] == reply_page
    assert value_of(page, "body") == ""
    assert "Only for birch." not in str(dict(browser.session))

    # Nor afterwards, when the first of them is back.
    browser.post(reverse("account_logout"))
    browser.force_login(other_member)
    assert value_of(browser.get(reply_page), "body") == ""


def test_whoever_opened_the_form_has_the_words_back(sign_in, other_member, reply_page):
    browser = sign_in(other_member)
    opened = browser.get(reply_page)
    browser.session.flush()
    typed = {"body": "Only for birch.", "writer": value_of(opened, "writer"), "seen": value_of(opened, "seen")}
    page = sign_in_at(browser, browser.post(reply_page, typed), other_member)
    assert value_of(page, "body") == "Only for birch."
    resend(browser, page, reply_page)
    assert Post.objects.get(number=3).body == "Only for birch."


def test_another_page_does_not_keep_the_words_of_somebody_else_for_later(sign_in, other_member, member, reply_page):
    browser = sign_in(other_member)
    typed = {"body": "Only for birch.", "writer": value_of(browser.get(reply_page), "writer")}
    browser.session.flush()
    browser.post(reply_page, typed)
    browser.post(LOGIN, {"login": member.username, "password": factories.PASSWORD})
    browser.get(reverse("new_thread", args=[factories.BoardFactory().slug]))
    assert "Only for birch." not in str(dict(browser.session))


def test_a_mark_of_the_writer_tells_nobody_who_they_are(sign_in, other_member, member, reply_page):
    marks = {value_of(sign_in(who).get(reply_page), "writer") for who in (other_member, member)}
    assert len(marks) == 2
    for mark in marks:
        assert len(mark) == 32
        assert "birch" not in mark


def test_a_reply_from_a_page_that_somebody_else_opened_is_not_posted_in_ones_own_name(
    sign_in, other_member, member, reply_page
):
    writer = value_of(sign_in(other_member).get(reply_page), "writer")
    page = sign_in(member).post(reply_page, {"body": "Words of birch.", "writer": writer})
    assert page.status_code == 409
    assert "You are signed in as alder now. Nothing was sent." in page.text
    assert value_of(page, "body") == "Words of birch."
    assert not Post.objects.filter(number=3).exists()


# Wagtail mails reviewers through a function that Django is about to retire.
@pytest.mark.filterwarnings("ignore:get_connection")
def test_every_form_whose_words_are_kept_says_whose_it_is(db, unchanged):
    stage = stages.build()
    factories.claimed(stage.case, by=stage.people["administrator"])
    browser = stage.client_of("administrator")
    keeping = {route.name for route in own_routes() if getattr(route.view, "keeps_words", False)}
    assert {"reply", "new_thread", "flag", "decide"} <= keeping
    for name in sorted(keeping & set(TABLE)):
        page = browser.get(address(name, stage), follow=True)
        forms = [form for form in soup(page).find_all("form", method="post") if form.find("textarea")]
        for form in forms:
            assert form.find("input", attrs={"name": "writer"}), f"{name}: {form.get('action')}"
