"""Pages for when something did not work, met the way a person meets them."""

from types import ModuleType

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import path, reverse

from supportsite import errors, urls
from tests import factories, pages

SLOW_DOWN = "A short wait, please"


def _breaks(_request: HttpRequest) -> HttpResponse:
    raise ValueError("secret detail 4711")


def _refuses(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only the person who wrote it can do that. Nothing was changed.")


def _refuses_without_a_word(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


class _WithPagesThatFail(ModuleType):
    """The site's own addresses, and a few that go wrong."""

    handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
    urlpatterns = [
        path("breaks/", _breaks),
        path("refuses/", _refuses),
        path("refuses-without-a-word/", _refuses_without_a_word),
        *urls.urlpatterns,
    ]


@pytest.fixture
def trouble(member):
    """The browser of a member, on a site where some addresses go wrong."""
    client = Client(raise_request_exception=False)
    client.force_login(member)
    with override_settings(ROOT_URLCONF=_WithPagesThatFail("trouble")):
        yield client


def test_a_page_that_breaks_says_so_and_gives_nothing_away(trouble):
    page = trouble.get("/breaks/")
    assert page.status_code == 500
    assert "Something broke on our side" in pages.words(page)
    assert "It was not you." in pages.words(page)
    assert "4711" not in page.text
    assert "ValueError" not in page.text


def test_a_refusal_says_why(trouble):
    page = trouble.get("/refuses/")
    assert page.status_code == 403
    assert "Only the person who wrote it can do that. Nothing was changed." in pages.words(page)


def test_a_refusal_without_a_reason_still_says_that_nothing_was_lost(trouble):
    assert "nothing you wrote was lost" in pages.words(trouble.get("/refuses-without-a-word/"))


def test_an_address_with_nothing_at_it_does_not_say_whether_it_is_for_somebody_else(trouble):
    page = trouble.get("/threads/0/")
    assert page.status_code == 404
    assert "may be for somebody else" in pages.words(page)


@pytest.mark.django_db
def test_the_address_of_a_button_opened_as_a_page_says_what_it_is(sign_in, scene, other_member):
    page = sign_in(other_member).get(reverse("react", args=[scene.opening.public_id]))
    assert page.status_code == 405
    assert page.headers["Allow"] == "POST"
    for words in ("a button, not a page", "Nothing was changed", "Get help now", "Leave this site"):
        assert words in page.text


def test_trying_passwords_again_and_again_leads_to_a_short_wait(member):
    client = Client()
    wrong = {"login": member.username, "password": "not this one"}
    answers = [client.post("/accounts/login/", wrong) for _ in range(31)]
    # First the form asks to wait with this account, then the site with everything.
    assert "many tries in a short time" in pages.words(answers[10])
    assert answers[-1].status_code == 429
    assert SLOW_DOWN in pages.words(answers[-1])
    assert pages.soup(answers[-1]).find("a", href="/help-now/")
    right = client.post("/accounts/login/", wrong | {"password": factories.PASSWORD})
    assert right.wsgi_request.user.is_anonymous


@pytest.mark.django_db
def test_asking_for_many_new_passwords_leads_to_a_short_wait():
    client = Client()
    for number in range(21):
        page = client.post("/accounts/password/reset/", {"email": f"somebody{number}@example.org"})
    assert page.status_code == 429
    assert SLOW_DOWN in pages.words(page)
    assert "Your account is as it was." in pages.words(page)


@pytest.fixture
def strict(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    return client


def test_a_form_that_has_expired_gives_the_words_back(strict, scene):
    url = f"/threads/{scene.thread.public_id}/reply/"
    words = "It was </textarea><b>a long</b> night.\nAnd so on."
    page = strict.post(url, {"body": words}, headers={"referer": f"http://testserver{url}"})
    assert page.status_code == 403
    assert pages.soup(page).find("textarea").get_text() == words
    assert not pages.soup(page).select("main b")
    assert pages.soup(page).find("a", string="Open the page again")["href"] == f"http://testserver{url}"
    assert scene.thread.posts.count() == 2


@pytest.mark.parametrize("field", ["title", "body", "note", "reason", "private_note"])
def test_whatever_was_typed_in_a_form_of_ours_is_given_back(strict, field):
    page = strict.post("/updates/read/", {field: "Twenty minutes of words.", "password": "hidden-word"})
    assert page.status_code == 403
    assert "Twenty minutes of words." in pages.soup(page).find("textarea").get_text()
    assert "hidden-word" not in page.text


def test_every_long_field_of_our_forms_is_given_back_by_the_expired_page():
    from django import forms

    from forums.forms import ReplyForm, ThreadForm
    from moderation.forms import DecisionForm, FlagForm

    forms_of_ours = (ReplyForm, ThreadForm, DecisionForm, FlagForm)
    typed = {
        name
        for form in forms_of_ours
        for name, field in form.base_fields.items()
        if isinstance(field.widget, forms.Textarea) or name == "title"
    }
    assert typed
    assert typed <= set(errors.WRITTEN_FIELDS)


def test_the_maintenance_page_needs_nothing_but_its_template():
    html = render_to_string("maintenance.html")
    assert "We are looking after the place" in html
    assert 'href="/help-now/"' in html
    assert 'href="/leave/"' in html


def test_under_maintenance_help_the_way_out_and_health_stay_open_and_nothing_else_is_asked():
    # The database is out of bounds in this test: a question to it would fail here.
    with override_settings(MAINTENANCE=True):
        for closed in ("/", "/boards/", "/resources/", "/accounts/login/", "/curate/", "/nothing/"):
            page = Client().get(closed)
            assert page.status_code == 503, closed
            assert "We are looking after the place" in pages.words(page)
            assert "default-src 'none'" in page.headers["Content-Security-Policy"] or closed == "/curate/"
        assert Client().get("/help-now/?country=GB").status_code == 200
        assert Client().get("/leave/").status_code == 302
        assert Client().get("/healthz").status_code == 200


def test_the_maintenance_page_says_when_to_come_back():
    answer = errors.maintenance(HttpRequest())
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "600"


@pytest.mark.django_db
def test_a_closed_account_is_told_so_and_not_signed_in():
    gone = factories.MemberFactory(is_active=False)
    page = Client().post("/accounts/login/", {"login": gone.username, "password": factories.PASSWORD}, follow=True)
    assert page.request["PATH_INFO"] == "/accounts/inactive/"
    assert page.wsgi_request.user.is_anonymous
