"""What every page's look rests on: Bootstrap as published, a strict policy, and no page that needs a database."""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.signals import template_rendered

from supportsite import errors
from supportsite.styleguide import styleguide

ROOT = settings.BASE_DIR
# As getbootstrap.com publishes it for bootstrap.min.css of 5.3.8.
PUBLISHED = "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB"
# Mail programs need their style inside the message.
MAIL = {"notifications/mail_base.html", "notifications/update.html", "notifications/digest.html"}
# Seen only where somebody is signed in.
FOR_MEMBERS = {"components/nav_account.html"}

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a script inside the page": re.compile(r'<script(?![^>]*(?:\ssrc=|type="application/json"))', re.I),
    "a handler in an attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:-][\w:-]+)\s*=", re.I),
    "something from elsewhere": re.compile(
        r"<(?:link|script|img|iframe|source|audio|video|object|embed)\b[^>]*"
        r"(?:src|href|srcset|data|poster)\s*=\s*[\"']?(?:https?:)?//",
        re.I,
    ),
}


def templates() -> Iterator[Path]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if str(path.relative_to(ROOT / "templates")) not in MAIL:
            yield path


def test_bootstrap_is_the_file_that_its_project_published():
    found = finders.find("bootstrap/bootstrap.min.css")
    assert found
    digest = base64.b64encode(hashlib.sha384(Path(found).read_bytes()).digest()).decode()
    assert digest == PUBLISHED


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_carries_what_the_policy_forbids(what):
    offenders = [str(path.relative_to(ROOT)) for path in templates() if FORBIDDEN[what].search(path.read_text())]
    assert offenders == []


@pytest.mark.parametrize(
    ("what", "markup"),
    [
        ("a style attribute", '<p class="a"\n   style="color: red">'),
        ("a style element", "<style>p {}</style>"),
        ("a script inside the page", "<script defer>alert(1)</script>"),
        ("a handler in an attribute", '<a href="#" onclick="go()">'),
        ("something from elsewhere", '<img alt="" src="//cdn.example/a.png">'),
    ],
)
def test_each_rule_notices_what_it_is_for(what, markup):
    assert FORBIDDEN[what].search(markup)


def test_style_sheets_and_scripts_load_nothing_from_elsewhere_and_force_nothing():
    for path in (*ROOT.glob("static/css/*.css"), *ROOT.glob("static/js/*.js")):
        text = re.sub(r"url\(\"data:[^\"]*\"\)", "", path.read_text())
        assert not re.search(r"https?://|url\(\s*[\"']?//", text), path
        assert "!important" not in text, path


def test_every_component_is_in_the_style_guide():
    seen: set[str] = set()

    def note(template, **_kwargs):
        seen.add(template.name)

    request = RequestFactory().get("/styleguide/")
    request.user = AnonymousUser()
    template_rendered.connect(note)
    try:
        assert styleguide(request).status_code == 200
    finally:
        template_rendered.disconnect(note)
    components = {f"components/{path.name}" for path in (ROOT / "templates/components").glob("*.html")}
    assert components - seen == FOR_MEMBERS


def error_pages() -> list[tuple[HttpResponse, int]]:
    request = RequestFactory().get("/threads/1/")
    return [
        (errors.forbidden(request), 403),
        (errors.not_found(request), 404),
        (errors.rate_limited(request), 429),
        (errors.server_error(request), 500),
        (errors.maintenance(request), 503),
        (errors.expired_form(RequestFactory().post("/threads/1/reply/")), 403),
    ]


def test_error_pages_stand_without_a_database_and_keep_help_and_the_way_out():
    # No test here may touch the database, and none of these requests has a session or a user.
    for response, status in error_pages():
        html = response.content.decode()
        assert response.status_code == status
        assert 'href="/help-now/"' in html
        assert 'href="/leave/" data-quick-exit' in html
        assert html.index("data-quick-exit") < html.index('href="#main"') < html.index("<main")
        assert response.headers["Cache-Control"] == "private, no-store"


def test_expired_form_gives_back_what_was_written():
    words = {"title": "The hours", "body": "I could not sleep.\n</textarea><b>So I wrote this.", "password": "secret"}
    html = errors.expired_form(RequestFactory().post("/x/", words)).content.decode()
    assert "I could not sleep." in html
    assert "The hours" in html
    assert "&lt;/textarea&gt;&lt;b&gt;So I wrote this." in html
    assert "secret" not in html


def test_expired_form_leads_back_to_our_pages_only():
    ours, theirs = "http://testserver/boards/nights/new/", "https://elsewhere.example/boards/"
    post = RequestFactory().post
    assert f'href="{ours}"' in errors.expired_form(post("/x/", headers={"referer": ours})).content.decode()
    assert theirs not in errors.expired_form(post("/x/", headers={"referer": theirs})).content.decode()


def test_expired_form_stands_when_the_form_cannot_be_read():
    broken = RequestFactory().generic("POST", "/x/", b"--nope", content_type="multipart/form-data; boundary=")
    assert errors.expired_form(broken).status_code == 403
