"""Coming here, with a keyboard alone, without JavaScript, with a code from an app, with a passkey."""

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.services]

PASSPHRASE = "seven slow rivers"
Arrive = Callable[..., Person]


def _reach(page: Page, there: str) -> None:
    """By Tab alone."""
    for _press in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("there => document.activeElement?.matches(there)", there):
            return
    raise AssertionError(f"The keyboard does not reach {there} on {page.url}.")


def _go(someone: Person, there: str, *, key: str = "Enter") -> None:
    _reach(someone.page, there)
    with someone.page.expect_navigation():
        someone.page.keyboard.press(key)
    someone.look()


def _write(page: Page, name: str, text: str) -> None:
    _reach(page, f"[name={name}]")
    page.keyboard.type(text)


def _confirm(someone: Person, site: Site, address: str) -> None:
    mail = site.wait_for_mail(address, "Please confirm your e-mail address")
    body = mail.get_body(("plain",))
    assert body
    found = re.search(r"https?://\S+", body.get_content())
    assert found
    someone.open(found.group(0))


def test_from_the_door_to_the_boards_with_the_keyboard_alone(site: Site, person: Arrive) -> None:
    newcomer = person(width=1280)
    page = newcomer.page
    newcomer.open("/")
    _go(newcomer, "a[href*='/accounts/signup/']")
    _write(page, "username", "copper-snail")
    _write(page, "email", "snail@example.org")
    _write(page, "password1", PASSPHRASE)
    # What is typed can be looked at, and is hidden again.
    _reach(page, "button.reveal")
    page.keyboard.press("Space")
    assert page.locator("[name=password1]").get_attribute("type") == "text"
    page.keyboard.press("Space")
    assert page.locator("[name=password1]").get_attribute("type") == "password"
    for box in ("age", "health"):
        _reach(page, f"[name={box}]")
        page.keyboard.press("Space")
    _go(newcomer, "main form button[type=submit]")

    _confirm(newcomer, site, "snail@example.org")
    _go(newcomer, "main form button[type=submit]")
    _write(page, "login", "copper-snail")
    _write(page, "password", PASSPHRASE)
    _go(newcomer, "main form button[type=submit]")

    assert newcomer.sees("Welcome, copper-snail")
    _go(newcomer, "a[href='/welcome/country/']")
    _reach(page, "[name=country]")
    page.keyboard.type("Ireland")
    _go(newcomer, ".form-actions button")
    _reach(page, "input[type=radio][name=note_suicide]")
    page.keyboard.press("ArrowRight")
    _go(newcomer, ".form-actions button")
    _reach(page, "[name=quiet_from]")
    page.keyboard.type("1000PM")
    _reach(page, "[name=quiet_until]")
    page.keyboard.type("0800AM")
    _go(newcomer, ".form-actions button")
    _go(newcomer, "button[value=boards]")
    assert newcomer.page.get_by_role("heading", name="Boards", level=1).is_visible()
    newcomer.open("/settings/country/")
    assert page.locator("[name=country]").input_value() == "IE"
    newcomer.open("/news/")
    assert page.locator("[name=quiet_from]").input_value() == "22:00"


def test_joining_the_welcome_and_a_second_step_without_javascript(site: Site, person: Arrive) -> None:
    newcomer = person(javascript=False)
    page = newcomer.page
    newcomer.open("/accounts/signup/")
    assert page.get_by_role("button", name="Show what I type").count() == 0
    page.fill("[name=username]", "plain-teapot")
    page.fill("[name=email]", "teapot@example.org")
    page.fill("[name=password1]", PASSPHRASE)
    page.check("[name=age]")
    # The other box is forgotten; what was written stays.
    newcomer_form = page.locator("main form")
    newcomer_form.evaluate("form => form.noValidate = true")
    newcomer.press("Join")
    assert newcomer.sees("Something needs another look")
    assert page.locator("[name=username]").input_value() == "plain-teapot"
    page.fill("[name=password1]", PASSPHRASE)
    page.check("[name=health]")
    newcomer.press("Join")
    _confirm(newcomer, site, "teapot@example.org")
    newcomer.press("Yes, confirm it")
    newcomer.sign_in("plain-teapot", PASSPHRASE)
    newcomer.follow("Go on")
    page.select_option("[name=country]", "IE")
    newcomer.press("Keep this and go on")
    newcomer.follow("Skip this step")
    newcomer.press("Keep this and go on")
    newcomer.press("See who waits")
    assert urlsplit(page.url).path == "/waiting/"

    newcomer.open("/accounts/2fa/totp/activate/")
    page.fill("[name=password]", PASSPHRASE)
    newcomer.press("Go on")
    secret = page.locator("#authenticator_secret").input_value()
    page.fill("[name=code]", _code_for(secret))
    newcomer.press("Turn it on")
    newcomer.open("/accounts/logout/")
    newcomer.press("Sign out")
    newcomer.sign_in("plain-teapot", PASSPHRASE)
    assert newcomer.sees("One more step")
    page.fill("[name=code]", _code_for(secret, later=1))
    newcomer.press("Sign in")
    newcomer.open("/")
    assert newcomer.sees("Hello, plain-teapot")


def _code_for(secret: str, *, later: int = 0) -> str:
    """Of now, or of the next half minute: a code that was used is not taken again."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + later)))


def test_a_passkey_takes_the_place_of_the_password(site: Site, person: Arrive) -> None:
    someone = person(width=1280)
    page = someone.page
    # Browsers keep passkeys for names of hosts only.
    home = site.url.replace("127.0.0.1", "localhost")
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    someone.open(f"{home}/accounts/login/")
    page.fill("[name=login]", "saltmarsh")
    page.fill("[name=password]", someone.demo_password)
    someone.press("Sign in")
    someone.open(f"{home}/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", someone.demo_password)
    someone.press("Go on")
    page.fill("[name=name]", "My phone")
    page.check("[name=passwordless]")
    someone.press("Add it")
    someone.open(f"{home}/accounts/2fa/webauthn/")
    assert someone.sees("My phone")

    someone.open(f"{home}/accounts/logout/")
    someone.press("Sign out")
    someone.open(f"{home}/accounts/login/")
    someone.press("Sign in with a passkey")
    someone.open(f"{home}/")
    assert someone.sees("Hello, saltmarsh")
