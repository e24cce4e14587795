"""What goes over the wire with every answer: nothing that others could keep, follow or send along (M13)."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.supportsite.stage import Stage
from tests.supportsite.table import TABLE, address

pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

# What a page may use: passkeys, and films that fill the screen.
USED = {"fullscreen", "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get"}
ASKS_NOBODY = {"leave", "healthz", "help_now"}
# Pictures by number, the same for everybody: a browser keeps them, and they tell of nobody.
OF_NOBODY = {"avatar"}
# What passes nothing on about where somebody was.
SILENT = ("same-origin", "no-referrer")


@pytest.fixture
def in_production(settings) -> None:
    """Cookies as settings has them there."""
    settings.LOCAL, settings.COOKIE_PREFIX = False, "__Host-"
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def every_answer(stage: Stage, role: str) -> Iterator[tuple[str, HttpResponseBase]]:
    """By GET and by POST, from every address that the site has; nothing of one is left for the next."""
    for name in TABLE:
        for method in ("get", "post"):
            client = stage.client_of(role)
            before = transaction.savepoint_create()
            yield f"{method.upper()} {name}", getattr(client, method)(address(name, stage), secure=True)
            transaction.savepoint_rollback(before)


@pytest.mark.thorough
@pytest.mark.parametrize("role", ["visitor", "concerned"])
def test_every_answer_keeps_to_itself_and_so_does_every_cookie(role, stage, unchanged, in_production):
    wrong, cookies = [], set()
    for what, answer in every_answer(stage, role):
        headers = answer.headers
        cookies |= set(answer.cookies)
        wrong += [
            f"{what}: {why}"
            for why, is_so in (
                ("is sent along", headers.get("Referrer-Policy") not in SILENT),
                ("opens to others", headers.get("Cross-Origin-Opener-Policy") != "same-origin"),
                ("lies in others’ pages", headers.get("Cross-Origin-Resource-Policy") != "same-origin"),
                ("looks addresses up", headers.get("X-DNS-Prefetch-Control") != "off"),
                ("may use more", not _uses_little(headers.get("Permissions-Policy", ""))),
                ("is kept", role != "visitor" and not _is_kept_by_nobody(what, headers.get("Cache-Control", ""))),
                ("has a loose cookie", not all(map(_is_tight, answer.cookies.values()))),
            )
            if is_so
        ]
    assert not wrong, "\n".join(wrong)
    if role == "concerned":
        assert {"__Host-session", "__Host-csrf"} <= cookies


def _uses_little(policy: str) -> bool:
    rules = dict(rule.split("=", 1) for rule in policy.split(", ") if rule)
    allowed = {name for name, who in rules.items() if who != "()"}
    return (
        {"camera", "microphone", "geolocation"} <= set(rules)
        and allowed == USED
        and set(rules.values())
        <= {
            "()",
            "(self)",
        }
    )


def _is_kept_by_nobody(what: str, said: str) -> bool:
    name = what.split()[1]
    # The page that leaves and the check of the process ask for nobody's session.
    return said == "private, no-store" or name in OF_NOBODY or ("no-store" in said and name in ASKS_NOBODY)


def _is_tight(cookie) -> bool:
    named = cookie.key.startswith("__Host-") and cookie["path"] == "/" and not cookie["domain"]
    return bool(named and cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax")


def test_what_pages_may_use_is_closed_but_for_passkeys_and_films():
    assert _uses_little(Client().get("/healthz").headers["Permissions-Policy"])


@pytest.mark.parametrize("where", ["/", "/nothing-here/", "/leave/", "/healthz"])
def test_nobody_finds_it_by_a_search_engine(db, where):
    assert Client().get(where).headers["X-Robots-Tag"] == "noindex"


def test_the_page_that_says_the_site_is_looked_after_is_found_by_no_search_engine(settings):
    settings.MAINTENANCE = True
    assert Client().get("/").headers["X-Robots-Tag"] == "noindex"


def test_signing_out_makes_the_browser_forget_pages_and_words(sign_in, member):
    browser = sign_in(member)
    assert "Clear-Site-Data" not in browser.get(reverse("home")).headers
    out = browser.post(reverse("account_logout"))
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    # Not cookies: that would reach the operator's other sites on the same domain.
    assert "cookies" not in out.headers["Clear-Site-Data"]
    assert "Clear-Site-Data" not in browser.get(reverse("home")).headers


def test_a_new_password_signs_out_and_forgets_as_well(sign_in, member):
    browser = sign_in(member)
    words = {"oldpassword": factories.PASSWORD, "password1": "four-lamps-in-a-row", "password2": "four-lamps-in-a-row"}
    changed = browser.post(reverse("account_change_password"), words)
    assert changed.status_code == 302
    assert changed.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_what_somebody_was_told_is_in_no_cookie(sign_in, member):
    out = sign_in(member).post(reverse("account_logout"))
    assert "messages" not in out.cookies


def test_a_sign_out_page_that_is_only_opened_forgets_nothing(sign_in, member):
    assert "Clear-Site-Data" not in sign_in(member).get(reverse("account_logout")).headers
