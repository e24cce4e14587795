"""The token that the forms of a page carry."""

from collections.abc import Callable

import pytest
from django.middleware import csrf
from django.test import Client, RequestFactory
from django.urls import reverse

from core.tokens import page_token


def asked(secret: str = ""):
    request = RequestFactory().get("/")
    if secret:
        request.META["CSRF_COOKIE"] = secret
    return request


def is_of(token: str, secret: str) -> bool:
    """As Django's middleware looks at it."""
    matches: Callable[[str, str], bool] = getattr(csrf, "_does_token_match")  # noqa: B009 - its stubs leave it out
    return matches(token, secret)


def test_it_is_one_of_djangos():
    secret = csrf._get_new_csrf_string()
    token = page_token(asked(secret))
    assert len(token) == csrf.CSRF_TOKEN_LENGTH
    assert is_of(token, secret)
    assert not is_of(token, csrf._get_new_csrf_string())


def test_each_letter_can_be_anywhere_in_it_and_no_two_are_the_same():
    """Otherwise the size of a packed page could tell of it (the BREACH attack)."""
    tokens = [page_token(asked("a" * csrf.CSRF_SECRET_LENGTH)) for _again in range(2000)]
    assert len(set(tokens)) == len(tokens)
    for place in zip(*tokens, strict=True):
        assert set(place) == set(csrf.CSRF_ALLOWED_CHARS)


def test_a_browser_without_a_secret_gets_one():
    request = asked()
    token = page_token(request)
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]
    assert is_of(token, request.META["CSRF_COOKIE"])


@pytest.mark.django_db
def test_its_cookie_is_sent_once_and_its_forms_are_taken(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    assert client.get(reverse("boards")).cookies["csrftoken"].value
    request = asked(client.cookies["csrftoken"].value)
    assert page_token(request)
    assert "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
    sent = client.post(reverse("mark_all_read"), {"csrfmiddlewaretoken": page_token(request)})
    assert sent.status_code in (200, 302)
    assert client.post(reverse("mark_all_read"), {"csrfmiddlewaretoken": "a" * 64}).status_code == 403
