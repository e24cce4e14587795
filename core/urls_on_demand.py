"""Addresses whose views are loaded when somebody first opens one of them.

Curators' pages are a seventh of what a web process would hold, and most processes never show one. In any other process
they are there from the start: tasks write mails that lead to them.
"""

import sys
from importlib import import_module
from typing import Any

from django.urls import URLResolver, clear_url_caches
from django.urls.resolvers import RoutePattern
from django.utils.datastructures import MultiValueDict

_waiting: set[str] = set()


def wait_for(urlconf: str) -> None:
    """From here on, in this process, until it is loaded, if it is not yet. Before any address is looked for."""
    if urlconf not in sys.modules:
        _waiting.add(urlconf)


def load(urlconf: str) -> None:
    """So that its addresses can be reversed. Takes a second the first time."""
    if urlconf in _waiting:
        import_module(urlconf)
        _waiting.discard(urlconf)
        # What addresses there are is kept for all of them together.
        clear_url_caches()


class OnDemand(URLResolver):
    """In place of `path(route, include(urlconf))`, for a URLconf without a namespace."""

    def __init__(self, route: str, urlconf: str) -> None:
        super().__init__(RoutePattern(route), urlconf)

    def resolve(self, path: str) -> Any:
        if self.pattern.match(path):
            load(str(self.urlconf_name))
        return super().resolve(path)

    @property
    def _is_awaited(self) -> bool:
        return self.urlconf_name in _waiting

    def _populate(self) -> None:
        if not self._is_awaited:
            super()._populate()

    @property
    def reverse_dict(self) -> MultiValueDict[str, Any]:
        return MultiValueDict() if self._is_awaited else super().reverse_dict

    @property
    def namespace_dict(self) -> dict[str, Any]:
        return {} if self._is_awaited else super().namespace_dict

    @property
    def app_dict(self) -> dict[str, list[str]]:
        return {} if self._is_awaited else super().app_dict
