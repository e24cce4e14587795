"""What is on every page and in every answer: help, the way out, a strict policy, nothing from elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.csp import CSP

from supportsite.settings import ADMIN_CSP, SECURE_CSP
from tests import pages
from tests.supportsite.stage import ROLES
from tests.supportsite.table import PAGE, PUBLIC, TABLE, address

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

FOCUSABLE = "a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]"
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src"}
NOT_PAGES = {
    "avatar",
    "draft_who",
    "figures_csv",
    "healthz",
    "news_mark",
    "queue_news",
    "readyz",
    "mfa_view_recovery_codes",
    "transparency_csv",
}
# What search engines may find.
FOUND = {"how_we_check", "library", "wagtail_serve"}
CURATING = ("/curate/", "/curate/pages/", "/curate/account/", "/curate/reports/workflow/")
ADMINISTRATION = ("/admin/", "/admin/members/member/")


@dataclass(frozen=True)
class Seen:
    role: str
    name: str
    answer: Any

    @cached_property
    def soup(self) -> BeautifulSoup:
        found: BeautifulSoup = pages.soup(self.answer)
        return found

    def __str__(self) -> str:
        return f"{self.name} as {self.role} sees it"


@pytest.fixture(scope="module")
def seen(stage) -> list[Seen]:
    """Every page of the site, as each role that may open it sees it, and the pages for when something went wrong."""
    return [*_opened(stage), *_gone_wrong(stage)]


def _opened(stage) -> Iterator[Seen]:
    for role in ROLES:
        client = stage.client_of(role)
        for name, row in TABLE.items():
            # Members of all kinds see the same accounts pages; one of them is enough.
            usual = role in ("visitor", "concerned", "administrator")
            if row.get[role] == PAGE and name not in NOT_PAGES and (usual or "_" not in name):
                yield Seen(role, name, client.get(address(name, stage)))


def _gone_wrong(stage) -> Iterator[Seen]:
    for role in ("visitor", "member"):
        client = Client(enforce_csrf_checks=True)
        if role == "member":
            client.force_login(stage.people["member"])
        yield Seen(role, "an address with nothing at it", client.get("/nothing/"))
        yield Seen(role, "a form that has expired", client.post(address("reply", stage), {"body": "Words."}))


def test_there_are_pages_to_look_at(seen):
    assert len(seen) > 60
    assert {page.name for page in seen if page.role == "visitor"} >= {"home", "help_now", "wagtail_serve"}
    assert {page.answer.status_code for page in seen} == {200, 403, 404}


def test_get_help_now_and_leave_this_site_are_on_every_page(seen):
    for page in seen:
        strip = page.soup.select_one("nav.strip")
        assert strip, page
        assert strip.select_one('a[href="/help-now/"]').get_text(strip=True) == "Get help now", page
        assert strip.select_one('a[href="/leave/"][data-quick-exit]').get_text(strip=True) == "Leave this site", page


def test_leaving_is_the_first_thing_the_tab_key_reaches_on_every_page(seen):
    for page in seen:
        first = page.soup.body.select_one(FOCUSABLE)
        assert first.get("href") == "/leave/", page
        assert not page.soup.select('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])'), page


def test_the_script_that_leaves_is_there_before_the_page_has_arrived(seen):
    for page in seen:
        first = page.soup.head.find("script")
        assert first["src"].endswith("js/quick_exit.js"), page
        assert not first.has_attr("defer"), page


def test_no_page_loads_anything_from_elsewhere(seen):
    for page in seen:
        for tag, attribute in LOADED.items():
            for element in page.soup.find_all(tag):
                place = urlsplit(element.get(attribute, ""))
                assert not place.netloc, f"{page} loads {element}"


def test_forms_are_sent_nowhere_else(seen):
    for page in seen:
        for form in page.soup.find_all("form"):
            assert not urlsplit(form.get("action", "")).netloc, f"{page} sends {form}"


def test_every_form_that_changes_something_carries_its_token(seen):
    for page in seen:
        for form in page.soup.find_all("form", method=re.compile("post", re.I)):
            assert form.find("input", attrs={"name": "csrfmiddlewaretoken"}), f"{page}: {form.get('action')}"


def test_scripts_and_styles_come_in_files_only(seen):
    for page in seen:
        for script in page.soup.find_all("script"):
            assert script.get("src") or script.get("type") == "application/json", f"{page} has {script}"
        assert not page.soup.find_all("style"), page
        for element in page.soup.find_all(True):
            scripted = [name for name in element.attrs if name == "style" or name.startswith("on")]
            assert not scripted, f"{page} has {scripted} on {element.name}"


def test_every_page_has_one_heading_of_the_first_rank_a_language_and_a_title(seen):
    for page in seen:
        assert len(page.soup.find_all("h1")) == 1, page
        assert page.soup.html["lang"] == "en-gb", page
        assert page.soup.title.get_text(strip=True).endswith("Alongside"), page


def test_no_id_is_given_twice(seen):
    for page in seen:
        ids = [element["id"] for element in page.soup.find_all(id=True)]
        assert len(ids) == len(set(ids)), f"{page}: {sorted({one for one in ids if ids.count(one) > 1})}"


# --- headers


def _policy(answer: Any) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: values for name, _space, values in (part.partition(" ") for part in parts)}


def test_the_policy_of_our_own_pages_is_strict(seen):
    for page in seen:
        policy = _policy(page.answer)
        assert "unsafe" not in page.answer.headers["Content-Security-Policy"], page
        assert policy["default-src"] == "'none'", page
        assert re.fullmatch(r"'self'( 'nonce-[\w+/=-]+')?", policy["script-src"]), page
        assert policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'", page
        assert policy["base-uri"] == policy["frame-ancestors"] == "'none'", page
        assert not re.search(r"https?:|\*", page.answer.headers["Content-Security-Policy"]), page


def test_administration_pages_are_looser_and_nothing_else_is(stage, unchanged):
    client = stage.client_of("administrator")
    for path in (*CURATING, *ADMINISTRATION):
        answered = client.get(path)
        assert answered.status_code == 200, path
        policy = _policy(answered)
        assert "'unsafe-inline'" in policy["script-src"], path
        assert "'unsafe-eval'" not in policy["script-src"], path
        assert not re.search(r"https?:|\*", answered.headers["Content-Security-Policy"]), path
    assert "unsafe" not in client.get("/resources/").headers["Content-Security-Policy"]


def test_the_looser_policy_is_the_strict_one_but_for_what_administration_pages_need():
    strict: dict[str, object] = dict(SECURE_CSP)
    assert {name for name, values in ADMIN_CSP.items() if strict.get(name) != values} == {
        "script-src",
        "style-src",
        "img-src",
        "frame-src",
        "frame-ancestors",
        "worker-src",
    }
    assert str(CSP.UNSAFE_EVAL) not in str(ADMIN_CSP)


def test_nobody_keeps_a_copy_of_a_members_page(seen, stage, unchanged):
    for page in seen:
        if page.role != "visitor":
            assert page.answer.headers["Cache-Control"] == "private, no-store", page
    client = stage.client_of("concerned")
    for name, row in TABLE.items():
        if row.get["visitor"] != PAGE:
            assert client.get(address(name, stage)).headers["Cache-Control"] == "private, no-store", name


def test_nobody_keeps_a_copy_of_a_form_with_a_visitors_token(stage, unchanged):
    for name in ("account_login", "account_signup", "account_reset_password"):
        kept = Client().get(address(name, stage)).headers["Cache-Control"]
        assert "no-store" in kept or "private" in kept, name


def test_search_engines_find_the_resources_and_nothing_else(seen, stage, unchanged):
    for page in seen:
        if page.name in FOUND:
            assert "X-Robots-Tag" not in page.answer.headers, page
            assert page.soup.find("meta", attrs={"name": "robots"})["content"] == "index", page
        else:
            assert page.answer.headers["X-Robots-Tag"] == "noindex", page
    client = stage.client_of("administrator")
    for path in (*CURATING, *ADMINISTRATION, "/healthz", "/readyz", "/leave/"):
        assert client.get(path).headers["X-Robots-Tag"] == "noindex", path


def test_every_answer_tells_browsers_to_keep_to_themselves(seen, stage, unchanged):
    answers = [(str(page), page.answer) for page in seen]
    client = stage.client_of("administrator")
    others = (*CURATING, *ADMINISTRATION, "/healthz", "/readyz", "/leave/", address("first_unread", stage))
    answers += [(path, client.get(path)) for path in others]
    for what, answered in answers:
        headers = answered.headers
        assert headers["Referrer-Policy"] == "same-origin", what
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", what
        assert headers["X-Content-Type-Options"] == "nosniff", what
        assert headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), what
        assert "camera=()" in headers["Permissions-Policy"], what
        assert "geolocation=()" in headers["Permissions-Policy"], what
        assert "Content-Security-Policy" in headers, what


def test_leaving_forgets_what_the_browser_kept_and_says_nothing_of_where_one_was():
    answered = Client().get("/leave/")
    assert answered.status_code == 302
    assert answered.headers["Clear-Site-Data"] == '"cache"'
    assert answered.headers["Cache-Control"] == "no-store"
    assert answered.headers["Referrer-Policy"] == "same-origin"


def test_visitors_get_no_cookie_before_they_do_anything(stage, unchanged):
    for name in ("home", "guidelines", "help_now", "wagtail_serve"):
        assert name in PUBLIC
        assert not Client().get(address(name, stage)).cookies, name
