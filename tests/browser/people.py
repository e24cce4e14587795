"""People who use the site through a browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

_axe = Axe()
# Pages that axe has seen, with how many messages stood on them: once each is enough.
_looked_at: set[tuple[str, int]] = set()


class Person:
    """Somebody at a screen. Whatever goes wrong in their browser is kept in `troubles`."""

    def __init__(self, page: Page, *, demo_password: str, javascript: bool = True) -> None:
        self.page = page
        self.demo_password = demo_password
        self.javascript = javascript
        self.troubles: list[str] = []
        self._watching = True
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        # A form that needs another look is answered with 422 or 409, which Chromium mentions; and for a page without
        # an icon of its own it looks for one.
        expected = re.search("status of (409|422)", message.text) or message.location["url"].endswith("/favicon.ico")
        # Wagtail saves a page by itself while it is written, and says 400 as long as a field that it needs is empty.
        if urlsplit(self.page.url).path.startswith("/curate/"):
            expected = expected or "status of 400" in message.text
        if self._watching and message.type == "error" and not expected:
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        """M13: nothing is fetched from anywhere else."""
        here = urlsplit(self.page.url).netloc
        there = urlsplit(request.url)
        if here and there.scheme in ("http", "https") and there.netloc != here:
            self.troubles.append(f"{self.page.url} asked {request.url}")

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def press(self, name: str, *, role: Literal["button", "link"] = "button") -> None:
        """Press the button or follow the link called `name`, and look at what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=True).first.click()
        self.look()

    def follow(self, name: str) -> None:
        self.press(name, role="link")

    def look(self, *, again: bool = False) -> None:
        """The page as everybody needs it: axe finds nothing, and help and the way out are there.

        `again`: also where somebody else has looked at this address, because it is another page to this one.
        """
        if urlsplit(self.page.url).path.startswith("/curate/"):
            return  # Wagtail's own pages
        self.page.wait_for_load_state()
        self._look_for_the_ways_out()
        seen = (urlsplit(self.page.url).path, self.page.locator(".error-summary, .messages").count())
        # Axe is a script itself: where none runs, its answer never comes.
        if (seen in _looked_at and not again) or not self.javascript:
            return
        _looked_at.add(seen)
        # Axe puts a style of its own into the page for a moment, which the policy rightly refuses.
        self._watching = False
        # Only colours are others in the dark.
        schemes: dict[Literal["light", "dark"], dict[str, list[str]]]
        schemes = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
        for scheme, rules in schemes.items():
            self.page.emulate_media(color_scheme=scheme)
            found = _axe.run(self.page, options={"resultTypes": ["violations"]} | rules).response["violations"]
            self.troubles += [
                f"{self.page.url} {scheme}: {each['id']} {[node['target'] for node in each['nodes']][:3]}"
                for each in found
            ]
        self._watching = True

    def _look_for_the_ways_out(self) -> None:
        for way in ("Leave this site", "Get help now"):
            if not self.page.get_by_role("link", name=way).first.is_visible():
                self.troubles.append(f"{self.page.url}: no “{way}”")

    def sign_in(self, name: str, password: str | None = None) -> None:
        self.open("/accounts/login/")
        self.page.fill("[name=login]", name)
        self.page.fill("[name=password]", password or self.demo_password)
        self.press("Sign in")

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Without a connection, as in a tunnel: what cannot be fetched then is no trouble."""
        self._watching = False
        self.page.context.set_offline(offline=True)
        yield
        self.page.context.set_offline(offline=False)
        self._watching = True

    def sees(self, text: str) -> bool:
        return self.page.get_by_text(text).first.is_visible()
