"""Words typed when the session had ended come back after signing in."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from core import unsent
from forums.models import Post, Thread
from tests import factories
from tests.pages import soup, value_of

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
    form = soup(page).find("form", action=address)
    filled = {field["name"]: value_of(page, field["name"]) for field in form.select("[name]")}
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
