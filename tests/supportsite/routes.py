"""Every address that the site answers, from its URL configuration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve

# The pages of Wagtail and of Django's administration: other people's, behind one rule for the whole prefix.
STAFF = {"/curate/": "curator", "/admin/": "administrator"}

# One value that fits each kind of place in an address; whether there is such an object does not matter to the rule.
_SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "1", "uuid": "00000000-0000-7000-8000-000000000000"}
_REGEX_SAMPLES = {
    r"(?P<pk>\d+)": "1",
    r"(?P<revision_id_a>live|earliest|\d+)": "earliest",
    r"(?P<revision_id_b>live|latest|\d+)": "latest",
    r"\.\.\.": "...",
    "(?P<url>.*)": "nothing/here/",
    ".*": "nothing-here",
}


@dataclass(frozen=True)
class Route:
    pattern: str
    name: str
    view: Any

    @property
    def staff_prefix(self) -> str:
        return next((prefix for prefix in STAFF if f"/{self.pattern}".startswith(prefix)), "")

    @property
    def sample(self) -> str:
        """An address that leads here or, where an earlier pattern is wider, at least into the same part."""
        path = self.pattern
        for regex, value in _REGEX_SAMPLES.items():
            path = path.replace(regex, value)
        path = re.sub(r"\(\?P<app_label>([a-z]+)[^)]*\)", r"\1", path)
        path = re.sub(r"<(?:(\w+):)?\w+>", lambda found: _SAMPLES[found[1] or "str"], path)
        path = "/" + re.sub(r"[\^$]", "", path)
        resolve(path)
        return path


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern)
        elif isinstance(entry, URLPattern):
            yield Route(pattern, entry.name or "", entry.callback)


def all_routes() -> list[Route]:
    return list(_walk(get_resolver()))


def own_routes() -> list[Route]:
    """Ours and those of the accounts: each is thought about by itself."""
    return [route for route in all_routes() if not route.staff_prefix]


def staff_routes() -> list[Route]:
    return [route for route in all_routes() if route.staff_prefix]
